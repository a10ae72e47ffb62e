"""Every program of the bench over the same pages: what it cost and what it read."""

import glob
import json
import os
import shutil
import subprocess
import sys
from itertools import groupby

import measure

HERE = os.path.dirname(os.path.abspath(__file__))
# material-audit's exit codes that come with a written report: everything examined, or something not.
REPORTED = (0, 3)


class Run:
    """The pages of one bench run and where its programs may write."""

    def __init__(self, root, pages, binary):
        self.root, self.pages, self.binary = root, pages, binary
        self.documents = {}
        for i, page in enumerate(pages):
            self.documents.setdefault(self.path(page), []).append(i)

    def path(self, page):
        return os.path.join(self.root, page.notice, "submissions", page.packet, page.file)

    def scratch(self, name):
        folder = os.path.join(self.root, "scratch", name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        return folder


def worker(run, peer, jobs, threads="1"):
    """A Python peer: one process a job over every jobs-th page."""
    folder = run.scratch(peer)
    shares, lists = [list(range(i, len(run.pages), jobs)) for i in range(jobs)], []
    for n, share in enumerate(shares):
        with open(os.path.join(folder, f"{n}.in.json"), "w", encoding="utf-8") as f:
            json.dump([[run.path(run.pages[i]), run.pages[i].number] for i in share], f)
        lists.append([sys.executable, os.path.join(HERE, "worker.py"), peer, threads] + [os.path.join(folder, f"{n}.{end}.json") for end in ("in", "out")])
    cost = measure.workers(lists)
    texts = [[] for _ in run.pages]
    said = [json.load(open(line[-1], encoding="utf-8")) for line in lists]
    for share, part in zip(shares, said):
        for i, text in zip(share, part["texts"]):
            texts[i] = text
    total = {key: sum(part[key] for part in said) for key in ("loading", "drawing", "reading")}
    if peer == "pdfium":
        return {**cost, "loading": total["loading"], "cpu": total["drawing"]}, None
    return {**cost, "loading": total["loading"], "drawing": total["drawing"], "cpu": total["reading"]}, texts


def unbound(run, peer, _):
    """A Python peer as it comes: one process that takes the threads it wants."""
    return worker(run, peer, 1, "own")


def poppler(run, _, jobs):
    """pdftoppm at 200 dpi, one process a document, pictures as they leave the renderer."""
    folder = run.scratch("poppler")
    lists = [["pdftoppm", "-r", "200", path, os.path.join(folder, str(n))] for n, path in enumerate(run.documents)]
    return measure.commands(lists, jobs), None


def tesseract(run, _, jobs):
    """OCRmyPDF with Tesseract's chi_sim, one process a document, one thread each."""
    folder = run.scratch("tesseract")
    bin_folder = os.path.dirname(sys.executable)
    env = {"OMP_THREAD_LIMIT": "1", "PATH": bin_folder + os.pathsep + os.environ["PATH"]}
    side = lambda n: os.path.join(folder, f"{n}.txt")
    lists = [[os.path.join(bin_folder, "ocrmypdf"), "-l", "chi_sim", "--output-type", "pdf", "--jobs", "1", "-q", "--sidecar", side(n), path, os.path.join(folder, f"{n}.pdf")] for n, path in enumerate(run.documents)]
    cost = measure.commands(lists, jobs, env=env)
    cost["loading"] = 0.0
    texts = [[] for _ in run.pages]
    for n, numbers in enumerate(run.documents.values()):
        with open(side(n), encoding="utf-8") as f:
            for i, text in zip(numbers, f.read().split("\f")):
                texts[i] = text.split("\n")
    return cost, texts


def audit(run, _, jobs):
    """material-audit: reads, judges and writes the reports, one run a notice, nothing cached; loading its models is part of the cost."""
    folder = run.scratch("audit")
    notices = [notice for notice, _ in groupby(sorted(p.notice for p in run.pages))]
    out = lambda notice: os.path.join(folder, notice)
    lists = [[run.binary, "audit", os.path.join(run.root, n, "submissions"), "--rules", n, "--roster", os.path.join(run.root, n, "roster.csv"), "--out", out(n), "--no-cache", "--offline", "--jobs", str(jobs)] for n in notices]
    cost = measure.commands(lists, 1, REPORTED)
    read = {}
    for path in glob.glob(os.path.join(folder, "*", "facts.jsonl")):
        notice = os.path.basename(os.path.dirname(path))
        with open(path, encoding="utf-8") as f:
            for page in map(json.loads, f):
                read[notice, page["applicant"], page["file"], page["page"]] = [line["text"] for line in page["lines"]]
    return cost, [read[p.notice, p.packet, p.file, p.number] for p in run.pages]


# name in the table, how it runs, its name among the workers
ALL = [
    ("material-audit", audit, None),
    ("RapidOCR 1.4.4, defaults", worker, "rapidocr-1"),
    ("RapidOCR 3.10.0, defaults", worker, "rapidocr-3"),
    ("RapidOCR 1.4.4, as it comes", unbound, "rapidocr-1"),
    ("RapidOCR 3.10.0, as it comes", unbound, "rapidocr-3"),
    ("same models, RapidOCR at 960", worker, "same-models-960"),
    ("OCRmyPDF, Tesseract chi_sim", tesseract, None),
    ("pypdfium2, pictures only", worker, "pdfium"),
    ("pdftoppm, pictures only", poppler, None),
]


def unavailable(how):
    """Why a program can't run here, or None."""
    if how is poppler and not shutil.which("pdftoppm"):
        return "pdftoppm is not installed (Debian: poppler-utils)"
    if how is tesseract:
        if not shutil.which("tesseract") and os.geteuid() == 0 and shutil.which("apt-get"):
            subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "tesseract-ocr", "tesseract-ocr-chi-sim"], capture_output=True, check=False)
        if not shutil.which("tesseract"):
            return "tesseract is not installed (Debian: tesseract-ocr tesseract-ocr-chi-sim)"
        if "chi_sim" not in subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False).stdout:
            return "Tesseract's chi_sim is not installed (Debian: tesseract-ocr-chi-sim)"
    return None
