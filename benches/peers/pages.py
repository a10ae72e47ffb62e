"""The pages of a run: whole packets of several notices, drawn by the fixture generator for fresh applicants, all colour at 200 dpi.

Nothing is written into `fixtures/`; what is made is a pure function of the seed, the number of pages and the generator.
"""

import json
import os
import sys
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "fixtures", "generate"))
sys.dont_write_bytecode = True

import build  # noqa: E402
import numpy as np  # noqa: E402
import packet as generator  # noqa: E402
from applicants import renewed  # noqa: E402
from notes import Noted, fields  # noqa: E402

DPI, QUALITY = 200, 75
MODULES = [
    (build.packets_yangcheng, build.packets_yangcheng.ALL),
    (build.packets_xinzhou, build.packets_xinzhou.ALL),
    (build.packets_changzhi, build.packets_changzhi.ALL + build.packets_changzhi_more.ALL),
    (build.packets_yangquan, build.packets_yangquan.ALL + build.packets_yangquan_more.ALL),
    (build.packets_jiaxing, build.packets_jiaxing.ALL),
]


@dataclass
class Page:
    """One page of a made PDF and the audited fields on it."""

    notice: str
    packet: str
    file: str
    number: int
    fields: list


def _as_colour_scans(packet, scanner):
    """Every leaf in PDFs, scanned in colour at one resolution; digital photos that are files of their own are left out."""
    packet.files = [(name if kind == "pdf" else name.rsplit(".", 1)[0] + ".pdf", "pdf", leaves) for name, kind, leaves, *_ in packet.files if kind != "raw"]
    packet.mode, packet.quality, packet.scanner = "colour", QUALITY, scanner
    for _, _, leaves in packet.files:
        for leaf in leaves:
            leaf.mode, leaf.dpi, leaf.vector = None, DPI, False
            leaf.scan_options.pop("coarse", None)
            leaf.scan_options.pop("scanner", None)


def _count(packet):
    return sum(len(leaves) for _, _, leaves in packet.files)


def _chosen(seed, wanted, root):
    """Whole packets, of as many notices as fit into the wanted number of pages: one of each notice in turn."""
    rng = np.random.default_rng(seed)
    queues = []
    for module, makers in MODULES:
        person = renewed(rng)
        for name in {m.__module__ for m in makers} | {module.__name__}:
            if hasattr(sys.modules[name], "person"):
                sys.modules[name].person = person
        queues.append([makers[i] for i in rng.permutation(len(makers))])
    packets, total = [], 0
    while any(queues) and total < wanted:
        before = total
        for queue in queues:
            for make in list(queue):
                packet, person, _ = make(root)
                _as_colour_scans(packet, ("flatbed", "feeder")[int(rng.integers(2))])
                if total and total + _count(packet) > wanted * 1.1:
                    continue
                queue.remove(make)
                packets.append((packet, person))
                total += _count(packet)
                break
        if total == before:
            break
    return packets


def _roster_row(packet, p):
    archive = p["archive"] or ("未代理" if p["employer"] == "非公有制" else "")
    return [packet.folder, p["name"], p["unit"], p["level"], p["route"], p["employer"], p["id"], p["title_from"] or "", p["channel"], p["edu"].removeprefix("大学"), p["where"], archive]


def make(seed, wanted, root):
    """Writes the packets under `root`/<notice>/submissions and a roster beside them; returns their pages, in order."""
    paint = generator.Leaf.paint

    def painted(leaf, packet):
        leaf.drawn = paint(leaf, packet)
        return leaf.drawn

    generator.Sheet, generator.Leaf.paint = Noted, painted
    pages, rosters = [], {}
    for packet, person in _chosen(seed, wanted, root):
        packet.write()
        rosters.setdefault(packet.notice, []).append(_roster_row(packet, person))
        for name, _, leaves in packet.files:
            for number, leaf in enumerate(leaves, 1):
                found = fields(leaf.drawn, leaf.person or person, leaf.first)
                pages.append(Page(packet.notice, packet.folder, name, number, found))
                leaf.drawn = None
    for notice, rows in rosters.items():
        generator.write_csv(os.path.join(root, notice, "roster.csv"), build.ROSTER, rows, "utf-8-sig")
    return pages


if __name__ == "__main__":
    made = make(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    with open(os.path.join(sys.argv[3], "pages.json"), "w", encoding="utf-8") as f:
        json.dump([vars(p) for p in made], f, ensure_ascii=False)
