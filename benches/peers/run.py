"""The peer bench, one command:

    python3 benches/peers/run.py [--pages 60] [--seed 1] [--binary target/release/material-audit] [--out target/peers.json]

Installs the pinned peers into target/peers-venv, draws the pages, runs every program over them on one thread and on all cores, prints the table
and writes the figures. Needs Python 3.11 or later on Linux, the fonts named in fixtures/generate/requirements.txt and a release build.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
VENV = os.path.join(ROOT, "target", "peers-venv")
PINS = os.path.join(HERE, "requirements.txt")


def prepared():
    """The virtual environment's Python, with the pinned packages in it."""
    python, stamp = os.path.join(VENV, "bin", "python"), os.path.join(VENV, "requirements.txt")
    with open(PINS, encoding="utf-8") as f:
        wanted = f.read()
    if not os.path.exists(stamp) or open(stamp, encoding="utf-8").read() != wanted:
        print(f"installing the peers into {os.path.relpath(VENV)}", file=sys.stderr)
        venv.create(VENV, clear=True, with_pip=True)
        # Every package is in the list: without their own demands two peers don't bring two builds of OpenCV.
        subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "-r", PINS], check=True)
        with open(stamp, "w", encoding="utf-8") as f:
            f.write(wanted)
    return python


def options():
    parser = argparse.ArgumentParser(description="Runs material-audit and what a user would pick instead over the same pages.")
    parser.add_argument("--pages", type=int, default=60, help="about how many pages (whole packets)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--binary", default=os.path.join(ROOT, "target", "release", "material-audit"))
    parser.add_argument("--out", default=os.path.join(ROOT, "target", "peers.json"))
    parser.add_argument("--only", nargs="*", default=[], help="programs whose name contains one of these words; material-audit always runs")
    parser.add_argument("--keep", help="draw the pages into this folder and leave them there")
    return parser.parse_args()


def bench(args, root):
    import accuracy
    import pages
    import peers
    import table

    cores = os.cpu_count()
    made = pages.make(args.seed, args.pages, root)
    print(f"{len(made)} pages of {len({(p.notice, p.packet) for p in made})} packets over {len({p.notice for p in made})} notices", file=sys.stderr)
    run = peers.Run(root, made, os.path.abspath(args.binary))
    results = {}
    for name, how, peer in peers.ALL:
        if args.only and how is not peers.audit and not any(word in name for word in args.only):
            continue
        if why := peers.unavailable(how):
            print(f"skipped: {name}: {why}", file=sys.stderr)
            continue
        results[name] = {}
        for mode, jobs in (("one", 1), ("all", cores)):
            if mode == "one" and how is peers.unbound:
                continue
            print(f"{name}, {jobs} at a time", file=sys.stderr)
            cost, texts = how(run, peer, jobs)
            results[name][mode] = cost if texts is None else {**cost, "accuracy": accuracy.of(made, texts)}
    print(table.text(results, len(made), cores))
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    with open(args.out, "w", encoding="utf-8") as f:
        json.dump({"pages": len(made), "seed": args.seed, "cores": cores, "results": results}, f, ensure_ascii=False, indent=1)


def main():
    args = options()
    if not os.access(args.binary, os.X_OK):
        sys.exit(f"no program at {args.binary}: run `cargo build --release` first, or name it with --binary")
    if sys.prefix != VENV:
        sys.exit(subprocess.run([prepared(), "-B", os.path.abspath(__file__), *sys.argv[1:]], check=False).returncode)
    if args.keep:
        bench(args, args.keep)
    else:
        with tempfile.TemporaryDirectory() as root:
            bench(args, root)


if __name__ == "__main__":
    main()
