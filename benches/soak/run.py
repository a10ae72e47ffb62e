"""Thousands of pages in one run with hostile files among them, in one command: makes them, audits them, counts.

    python3 benches/soak/run.py --pages 10000 --seed 1 [--binary target/release/material-audit] [--jobs 2] [--keep DIR]

Every page is another person's and is read by itself (no file, picture or text occurs twice), but carries few lines, so that 10,000 take an hour of two
cores instead of three. Prints pages and CPU-seconds, memory of the parent and of the largest child by tenths of the run, and what became of every page;
exits 1 where a page is not accounted for, a hostile file left no mark, or memory grew. Needs fixtures/generate/requirements.txt and its fonts.
"""

import argparse
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

import pikepdf
from PIL import Image, ImageDraw

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "fixtures", "generate"))

import fonts  # noqa: E402
import hostile  # noqa: E402

NOTICE = "yangquan-bigdata-2024"
PAGES_A_PACKET = 40
# A4 at 100 dpi.
SIZE = (827, 1169)
TITLES = ["继续教育证书", "荣誉证书", "聘书", "学历证书", "获奖证书", "专利证书", "公示证明", "业绩证明"]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN = "承志安宁书怀景明思远清和若谷云帆嘉言永年长庚向晚星野"
# The parent may hold this much more at the end than after a tenth of the run, in MB per 1,000 pages.
GROWTH = 12


def page(rng, font):
    """A short paper of an invented person; no two are alike."""
    image = Image.new("L", SIZE, rng.randrange(236, 256))
    draw = ImageDraw.Draw(image)
    name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, 2))
    year = rng.randrange(2012, 2024)
    draw.text((300 + rng.randrange(-40, 40), 150), rng.choice(TITLES), 20, font(36))
    lines = [f"{name}同志：", f"编号{rng.randrange(10**9, 10**10)}，准予登记。", f"{year}年{rng.randrange(1, 13)}月{rng.randrange(1, 29)}日"]
    for i, line in enumerate(lines):
        draw.text((140, 300 + 60 * i), line, 30, font(24))
    for _ in range(40):
        draw.point((rng.randrange(SIZE[0]), rng.randrange(SIZE[1])), rng.randrange(160))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def bound(pages):
    """One PDF of scans."""
    pdf = pikepdf.new()
    for data in pages:
        image = pikepdf.Stream(pdf, data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=SIZE[0], Height=SIZE[1], BitsPerComponent=8, ColorSpace=pikepdf.Name.DeviceGray, Filter=pikepdf.Name.DCTDecode)
        leaf = pdf.add_blank_page(page_size=(595, 842))
        leaf.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=pdf.make_indirect(image)))
        leaf.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def make(folder, pages, share, seed):
    """The batch; gives the hostile files as (packet, file)."""
    from functools import lru_cache

    from PIL import ImageFont

    path, index = fonts.FILES["zenhei"]
    font = lru_cache(None)(lambda size: ImageFont.truetype(fonts.ROOT + path, size, index=index))
    rng, marked, owed = random.Random(seed), [], 0.0
    for number in range(-(-pages // PAGES_A_PACKET)):
        packet = os.path.join(folder, f"{number:04}")
        os.makedirs(packet)
        count = min(PAGES_A_PACKET, pages - number * PAGES_A_PACKET)
        scans = [page(rng, font) for _ in range(count)]
        half = bound(scans[: count // 2 or 1])
        for name, data in (("甲册.pdf", half), ("乙册.pdf", bound(scans[count // 2 or 1 :]))):
            if data and (name == "甲册.pdf" or count > 1):
                with open(os.path.join(packet, name), "wb") as f:
                    f.write(data)
        owed += count * share
        while owed >= 1:
            owed -= 1
            marked.append((f"{number:04}", hostile.write(packet, len(marked), rng, half)))
    return marked


def resident(pid):
    """Resident memory of a process, in bytes, and its children."""
    try:
        with open(f"/proc/{pid}/statm") as f:
            own = int(f.read().split()[1]) * resource.getpagesize()
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            return own, [int(c) for c in f.read().split()]
    except (OSError, IndexError):
        return 0, []


def children_of(pid):
    """All processes that any thread of `pid` started."""
    found = set()
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as f:
                found.update(int(c) for c in f.read().split())
    except OSError:
        pass
    return found


def watch(process):
    """Samples (seconds, parent bytes, largest child bytes) until the process ends."""
    samples, start = [], time.monotonic()
    while process.poll() is None:
        parent, _ = resident(process.pid)
        largest = max((resident(c)[0] for c in children_of(process.pid)), default=0)
        samples.append((time.monotonic() - start, parent, largest))
        time.sleep(0.5)
    return samples


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hostile", type=float, default=0.01, help="hostile files per page")
    parser.add_argument("--binary", default=os.path.join(ROOT, "target", "release", "material-audit"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", help="a folder that keeps batch and report")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        base = asked.keep or scratch
        batch, out = os.path.join(base, "batch"), os.path.join(base, "report")
        marked = make(batch, asked.pages, asked.hostile, asked.seed)
        began = time.monotonic()
        command = [asked.binary, "audit", batch, "--rules", NOTICE, "--as-of", "2024-12-01", "--no-cache", "--offline", "--jobs", str(asked.jobs), "--out", out]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        samples = watch(process)
        wall, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        sys.exit(report(asked, marked, out, process.returncode, samples, wall, used.ru_utime + used.ru_stime))


def report(asked, marked, out, code, samples, wall, cpu):
    with open(os.path.join(out, "run.json"), encoding="utf-8") as f:
        run = json.load(f)
    pages = run["pages"]
    print(f"exit {code}; {run['packets']} packets, {pages} pages, {len(marked)} hostile files; {wall:.0f} s, {cpu:.0f} CPU-s, {cpu / max(pages, 1):.3f} a page")
    examined = run["pages_examined"]
    accounted = sum(examined.values())
    print(f"read {examined['whole']}, read in part {examined['in_part']}, unreadable {examined['unreadable']}: {accounted} of {pages}; {len(run['not_examined'])} lines of what was not examined")
    noted = {(n["applicant"], n["file"]) for n in run["not_examined"]}
    silent = [m for m in marked if m not in noted]
    print(f"hostile files that left no mark: {silent or 'none'}")
    tenths = [[s for s in samples if i <= 10 * s[0] / max(wall, 1e-9) < i + 1] for i in range(10)]
    peaks = [(max(s[1] for s in t) / 1e6, max(s[2] for s in t) / 1e6) for t in tenths if t]
    print("MB by tenths of the run, parent / largest child: " + ", ".join(f"{p:.0f}/{c:.0f}" for p, c in peaks))
    grew = peaks[-1][0] - peaks[0][0] if len(peaks) > 1 else 0.0
    flat = grew <= GROWTH * pages / 1000
    return 0 if code == 3 and accounted == pages >= asked.pages and not silent and flat else 1


if __name__ == "__main__":
    main()
