"""What dividing a batch costs: one machine's run against parts and their merge, in CPU-seconds.

    python3 benches/shards/run.py SUBMISSIONS --rules ID --shards 7 [--binary target/release/material-audit] [--jobs 2] [--home DIR] [--cold SECONDS]

Reads every page once (the whole batch in one run, without a cache at first), then runs the whole and all parts from that cache, and merges. What parts cost
more is what they take beyond the whole from the cache, and the models loaded by each part's children, which a run from the cache does not start; that is
measured on a batch of one blank page (so it holds a page's reading, too). Fails where the merged report differs by a byte, or over 3 % of the first run's
CPU time. `--home` keeps the cache; with `--cold`, the CPU-seconds of an earlier first run over it, that run is left out.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile

from PIL import Image

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MODELS = os.environ.get("MATERIAL_AUDIT_HOME") or os.path.join(os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share"), "material-audit")
MOST = 0.03


def cpu(home, command):
    """CPU-seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "MATERIAL_AUDIT_HOME": home})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        sys.exit(done.stderr.decode())
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def files(folder):
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, folder)] = f.read()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("submissions")
    parser.add_argument("--rules", required=True)
    parser.add_argument("--shards", type=int, default=7)
    parser.add_argument("--binary", default=os.path.join(ROOT, "target", "release", "material-audit"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--home")
    parser.add_argument("--cold", type=float)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = asked.home or os.path.join(scratch, "home")
        os.makedirs(home, exist_ok=True)
        if not os.path.exists(os.path.join(home, "models")):
            os.symlink(os.path.join(MODELS, "models"), os.path.join(home, "models"))
        out = lambda name: os.path.join(scratch, name)  # noqa: E731
        audit = lambda batch, to, *more: cpu(home, [asked.binary, "audit", batch, "--rules", asked.rules, "--as-of", "2024-12-01", "--offline", "--jobs", str(asked.jobs), "--out", to, *more])  # noqa: E731

        cold = asked.cold or audit(asked.submissions, out("cold"))
        whole = audit(asked.submissions, out("whole"))
        blank = out("blank")
        os.makedirs(os.path.join(blank, "one"))
        Image.new("L", (827, 1169), 250).save(os.path.join(blank, "one", "1.png"))
        load = audit(blank, out("blank-cold"), "--no-cache")
        audit(blank, out("blank-first"))
        load -= audit(blank, out("blank-warm"))

        parts = [out(f"part-{k}") for k in range(1, asked.shards + 1)]
        each = [audit(asked.submissions, part, "--shard", f"{k}/{asked.shards}") for k, part in enumerate(parts, 1)]
        merge = cpu(home, [asked.binary, "merge", *parts, "--out", out("merged")])
        if files(out("merged")) != files(out("whole")):
            sys.exit("the merged report differs")
        with open(os.path.join(out("whole"), "run.json"), encoding="utf-8") as f:
            pages = json.load(f)["pages"]
        loads = (asked.shards - 1) * asked.jobs * load
        more = sum(each) + merge - whole + loads
        print(f"{pages} pages, {asked.shards} parts, {asked.jobs} children each")
        print(f"first run {cold:.1f} CPU-s; from the cache: whole {whole:.2f}, parts {sum(each):.2f} together, merge {merge:.2f}; a child's start {load:.2f}")
        print(f"parts cost {more:.1f} CPU-s more ({loads:.1f} of them for models): {more / cold:.2%} of the first run")
        return 0 if more <= MOST * cold else 1


if __name__ == "__main__":
    sys.exit(main())
