"""A batch's labels and a run's words, and how one answers the other; the same reading as tests/cli/accuracy.rs."""

import csv
import json
import os
from collections import namedtuple

# Checks about the packet or a volume as a whole: any page of the packet is a fair place.
OF_PACKET = {"missing-material", "unexpected-material", "material-order", "catalogue-mismatch", "page-numbering", "assessment-years", "continuing-education"}
# Checks about one document: any of its pages is a fair place.
OF_DOCUMENT = {"wrong-person", "text-length", "anonymity", "publicity-period", "page-count", "similarity-rate", "entry-order", "duplicate-page", "shared-page"}
# Checks whose certain answer needs colour.
OF_COLOUR = {"missing-seal", "photo-not-colour", "photo-background"}

Planted = namedtuple("Planted", "folder check verdict file page material note")
Packet = namedtuple("Packet", "folder notice profile seed planted rows pages findings facts")


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def answers(f, p):
    """Whether a finding is at the place of a planted row and of its check."""
    if f["check"] != p.check:
        return False
    on_page = (f["file"] or "") == p.file and f["page"] == p.page
    of_material = (f["material"] or "") == p.material
    if p.check == "missing-material":
        return of_material or not p.material or p.verdict == "also"
    if p.check in OF_PACKET:
        return True
    if p.check in OF_DOCUMENT:
        return on_page or ((f["file"] or "") == p.file and of_material)
    return on_page or (p.verdict == "also" and p.page is None)


def packets(batch, out):
    """Every packet of a batch with what is owed and what was said."""
    said, seen = {}, {}
    for notice in sorted(os.listdir(out)):
        for f in lines(os.path.join(out, notice, "findings.jsonl")):
            said.setdefault((notice, f["applicant"]), []).append(f)
        for f in lines(os.path.join(out, notice, "facts.jsonl")):
            seen.setdefault((notice, f["applicant"]), {})[f["file"], f["page"]] = f
    all_packets = []
    for row in rows(os.path.join(batch, "batch.csv")):
        key = (row["notice"], row["folder"])
        base = os.path.join(batch, row["notice"])
        owed = [Planted(row["folder"], r["check"], r["verdict"], r["file"], int(r["page"]) if r["page"] else None, r["material"], r["note"]) for r in rows(os.path.join(base, "expected", row["folder"] + ".csv"))]
        pages = {(r["file"], int(r["page"])): dict(r, seals=json.loads(r["seals"]), dates=json.loads(r["dates"])) for r in rows(os.path.join(base, "pages", row["folder"] + ".csv"))}
        all_packets.append(Packet(row["folder"], row["notice"], row["profile"], int(row["seed"]), row["planted"], owed, pages, said.get(key, []), seen.get(key, {})))
    return all_packets
