"""Accuracy over a fresh batch, in one command: generates, audits, scores.

    python3 benches/accuracy/run.py --packets 60 --seed 1001 [--binary target/release/material-audit] [--keep DIR]

Needs the packages of fixtures/generate/requirements.txt and the Debian fonts named there. Packets of even seeds are for tuning, of odd seeds for reporting.
"""

import argparse
import os
import subprocess
import sys
import tempfile

from labels import packets
from score import show

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# A day after every notice's last: what is dated later than this lies in the future.
AS_OF = "2024-12-01"


def audit(binary, batch, out, jobs):
    for notice in sorted(n for n in os.listdir(batch) if os.path.isdir(os.path.join(batch, n))):
        if os.path.exists(os.path.join(out, notice, "run.json")):
            continue
        folder = os.path.join(batch, notice)
        command = [binary, "audit", os.path.join(folder, "submissions"), "--rules", notice, "--roster", os.path.join(folder, "roster.csv"), "--as-of", AS_OF, "--jobs", str(jobs), "--out", os.path.join(out, notice)]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # 3: a report with something not examined.
        if done.returncode not in (0, 3):
            sys.exit(f"{notice}: exit {done.returncode}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packets", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1001)
    parser.add_argument("--binary", default=os.path.join(ROOT, "target", "release", "material-audit"))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", help="a folder that keeps the batch and the reports; a second run goes on from what is there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        base = asked.keep or scratch
        batch, out = os.path.join(base, "batch"), os.path.join(base, "reports")
        if not os.path.exists(os.path.join(batch, "batch.csv")):
            subprocess.run([sys.executable, os.path.join(ROOT, "fixtures", "generate", "batch.py"), "--out", batch, "--packets", str(asked.packets), "--seed", str(asked.seed)], check=True)
        audit(asked.binary, batch, out, asked.jobs)
        report(packets(batch, out))


def report(all_packets):
    halves = {"tuning (even seeds)": [k for k in all_packets if k.seed % 2 == 0], "reporting (odd seeds)": [k for k in all_packets if k.seed % 2]}
    told = []
    for title, some in halves.items():
        told += show(title, some)
    for profile in sorted({k.profile for k in all_packets}):
        show(profile, [k for k in all_packets if k.profile == profile], by_check=False)
    print()
    for what, check, k, line in sorted(told, key=lambda t: (t[0], t[1], t[2].seed)):
        print(f"{what} | {check} | {k.profile} | {k.notice} {k.folder} | {line}")


if __name__ == "__main__":
    main()
