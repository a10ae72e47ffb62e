"""Character accuracy of the audited fields: the same measure for every program."""

import re
import unicodedata

import numpy as np


def plain(text):
    """Text as compared: compatibility forms folded, no white space, one dash."""
    return re.sub(r"[‐‑‒–—―－~～]", "-", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))


def distance(field, text):
    """Edit distance between a field and the part of the text that comes closest to it."""
    if field in text:
        return 0
    row = np.arange(len(field) + 1)
    best, letters = row[-1], np.array(list(field))
    steps = np.arange(len(field) + 1)
    for char in text:
        over = np.empty_like(row)
        over[0] = 0
        over[1:] = np.minimum(row[:-1] + (letters != char), row[1:] + 1)
        # A letter of the field left out costs one more than the cell before it.
        row = np.minimum.accumulate(over - steps) + steps
        best = min(best, row[-1])
    return int(best)


def of(pages, texts):
    """`pages`: per page the (kind, text) fields; `texts`: per page the lines read. Accuracy per kind and over all, and what was read wrong."""
    length, wrong, missed = {}, {}, []
    for page, lines in zip(pages, texts):
        text = plain("".join(lines))
        for kind, field in page.fields:
            off = min(distance(field, text), len(field))
            length[kind] = length.get(kind, 0) + len(field)
            wrong[kind] = wrong.get(kind, 0) + off
            if off:
                missed.append([f"{page.packet}/{page.file}", page.number, kind, field, off])
    kinds = {kind: 1 - wrong[kind] / length[kind] for kind in sorted(length)}
    return {"all": 1 - sum(wrong.values()) / sum(length.values()), "kinds": kinds, "missed": missed}
