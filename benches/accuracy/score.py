"""Counts over a set of packets: checks, pages, seals, dates, colour; and the tables that show them."""

import math
import unicodedata
from collections import Counter, defaultdict

from labels import OF_COLOUR, answers

# Strokes between the ends of a range that nobody tells apart in print; a long dash reads as 一.
DASHES = dict.fromkeys(map(ord, "-－—–―─～~〜一"), "-")


def wilson(hits, n, z=1.96):
    """The 95 % interval of a share, in per cent."""
    if not n:
        return None
    p, q = hits / n, z * z / n
    middle, half = (p + q / 2) / (1 + q), z * math.sqrt(p * (1 - p) / n + q / (4 * n)) / (1 + q)
    return 100 * (middle - half), 100 * (middle + half)


def share(hits, n):
    if not n:
        return "-"
    low, high = wilson(hits, n)
    return f"{100 * hits / n:5.1f} [{low:.0f}-{high:.0f}]"


def checks(packets):
    """check: planted, found, undecided, missed, true and false certain findings; and lines telling the misses."""
    table, told = defaultdict(Counter), []
    for k in packets:
        for p in (p for p in k.rows if p.verdict == "defect"):
            said = {f["verdict"] for f in k.findings if answers(f, p)}
            what = "found" if "defect" in said else "undecided" if "review" in said else "missed"
            table[p.check]["planted"] += 1
            table[p.check][what] += 1
            if what != "found":
                told.append((what, p.check, k, f"{p.file} p{p.page} {p.material}: {p.note}"))
        for p in (p for p in k.rows if p.verdict == "review"):
            said = {f["verdict"] for f in k.findings if answers(f, p)}
            what = "left" if "review" in said else "certain" if "defect" in said else "silent"
            table[p.check][f"review-{what}"] += 1
            if what != "left":
                told.append((f"review row: {what}", p.check, k, f"{p.file} p{p.page} {p.material}: {p.note}"))
        for f in (f for f in k.findings if f["verdict"] == "defect"):
            fair = any(p.verdict != "review" and answers(f, p) for p in k.rows)
            table[f["check"]]["true" if fair else "false"] += 1
            if not fair:
                told.append(("false", f["check"], k, f"{f['file']} p{f['page']} {f['material']}: {f['message']}"))
    return table, told


def overlap(a, b):
    w, h = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]), min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / (a[2] * a[3] + b[2] * b[3] - w * h)


def unreadable(k):
    return {(p.file, p.page) for p in k.rows if p.check == "scan-quality"}


def seals(packets):
    """On colour scans: fresh seals by their boxes, and what was said of places without one."""
    n, told = Counter(), []
    for k in packets:
        bad = unreadable(k)
        for key, page in k.pages.items():
            seen = k.facts.get(key)
            if page["mode"] != "colour" or seen is None or key in bad:
                continue
            fresh = [s["box"] for s in seen["seals"] if s["colour"] == "red"]
            owed = [s["box"] for s in page["seals"] if s["fresh"] and s["shape"] != "square"]
            # A copy printed in red can't be told from a fresh seal by anybody, a person's chop is asked for nowhere: neither owed nor wrong.
            allowed = [s["box"] for s in page["seals"] if s["colour"] == "red" and (not s["fresh"] or s["shape"] == "square")]
            n["owed"] += len(owed)
            for box in owed:
                hit = any(overlap(box, s) >= 0.3 for s in fresh)
                n["found"] += hit
                if not hit:
                    told.append(("seal not seen", "seals", k, f"{key[0]} p{key[1]} {page['material']} {box}"))
            for s in fresh:
                if any(overlap(s, box) >= 0.3 for box in owed):
                    n["right"] += 1
                elif not any(overlap(s, box) >= 0.3 for box in allowed):
                    n["wrong"] += 1
                    told.append(("no seal there", "seals", k, f"{key[0]} p{key[1]} {page['material']} {s}"))
    return n, told


def plain(text):
    return "".join(unicodedata.normalize("NFKC", text).translate(DASHES).split())


def stands(date, lines):
    """Whether a date is among a page's lines: in one, or broken over the lines of a narrow cell."""
    if any(date in line for line in lines):
        return True
    begins = [i for i in range(3, len(date)) if any(line.endswith(date[:i]) for line in lines)]
    return any(_goes_on(date[i:], lines) for i in begins)


def _goes_on(rest, lines):
    if any(line.startswith(rest) for line in lines):
        return True
    return any(rest.startswith(line) and _goes_on(rest[len(line) :], lines) for line in set(lines) if line)


def dates(packets):
    n, told = Counter(), []
    for k in packets:
        bad = unreadable(k)
        for key, page in k.pages.items():
            if not page["dates"] or key in bad or key not in k.facts:
                continue
            read = [plain(line["text"]) for line in k.facts[key]["lines"]]
            for date in page["dates"]:
                n["all"] += 1
                hit = stands(plain(date), read)
                n["read"] += hit
                if not hit:
                    told.append(("date not read", "dates", k, f"{key[0]} p{key[1]} {page['material']}: {date}"))
    return n, told


def pages(packets):
    n, told = Counter(), []
    for k in packets:
        for key, page in k.pages.items():
            fair = [page["material"], *page["also_material"].split(";")]
            seen = k.facts.get(key, {}).get("material") or ""
            n["all"] += 1
            n["right"] += seen in fair
            if seen not in fair:
                told.append(("material", "pages", k, f"{key[0]} p{key[1]}: {page['material']} taken for {seen or 'nothing'}"))
        n["reviews"] += sum(f["verdict"] == "review" for f in k.findings)
    return n, told


def colour(packets):
    """Certain findings that need colour on pages without any."""
    return [("certain without colour", f["check"], k, f"{f['file']} p{f['page']}: {f['message']}") for k in packets for f in k.findings if f["verdict"] == "defect" and f["check"] in OF_COLOUR and k.pages.get((f["file"], f["page"]), {}).get("mode") in ("grey", "bilevel")]


def show(title, packets, by_check=True):
    """Prints the tables of some packets; returns the lines that tell every miss."""
    table, told = checks(packets)
    print(f"\n== {title}: {len(packets)} packets, {sum(len(k.pages) for k in packets)} pages")
    if by_check:
        print(f"{'check':22}{'planted':>8}{'found':>7}{'undec':>7}{'missed':>7}{'false':>7}  {'precision':>16}{'recall':>16}{'undecided':>16}   review rows left/certain/silent")
        for check in sorted(table):
            c = table[check]
            print(f"{check:22}{c['planted']:8}{c['found']:7}{c['undecided']:7}{c['missed']:7}{c['false']:7}  {share(c['true'], c['true'] + c['false']):>16}{share(c['found'], c['planted']):>16}{share(c['undecided'], c['planted']):>16}   {c['review-left']}/{c['review-certain']}/{c['review-silent']}")
    c = sum(table.values(), Counter())
    print(f"{'all':22}{c['planted']:8}{c['found']:7}{c['undecided']:7}{c['missed']:7}{c['false']:7}  {share(c['true'], c['true'] + c['false']):>16}{share(c['found'], c['planted']):>16}{share(c['undecided'], c['planted']):>16}   {c['review-left']}/{c['review-certain']}/{c['review-silent']}")
    (s, seals_told), (t, dates_told), (n, pages_told), pale = seals(packets), dates(packets), pages(packets), colour(packets)
    print(f"page to material {share(n['right'], n['all'])} of {n['all']}; reviews per 100 pages {100 * n['reviews'] / max(1, n['all']):.1f}; certain findings that need colour on colourless pages: {len(pale)}")
    print(f"fresh seals on colour scans: recall {share(s['found'], s['owed'])} of {s['owed']}, precision {share(s['right'], s['right'] + s['wrong'])} of {s['right'] + s['wrong']}; dates read exactly {share(t['read'], t['all'])} of {t['all']}")
    return told + seals_told + dates_told + pages_told + pale
