"""What surely stands on a drawn page: the audited fields, noted while the generator draws them.

Counted are only fields that some check reads, printed in a place of their own (a cell, a line `label：value`, a cover's row): the applicant's name,
identity number, titles, the unit beside its label, dates in time columns, spans of publicity, and the heading a material is known by. Not counted:
running text, handwriting, units in the columns of a table, and the lines at a text's foot where unit and day stand under the seal.
"""

from accuracy import plain
from sheet import Sheet

# A page's heading: its largest letters, in its upper part.
HEADING_POINTS, HEADING_PART = 16, 0.45


class Noted(Sheet):
    """A sheet that remembers its printed text: (whole text, its lines, size, top, anchor, text of the cell to its left) for each cell and each line outside one."""

    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.notes, self._within, self._left = [], None, (None, "")

    def text(self, x, y, s, size=12, font=None, anchor="l", **kw):
        if self._within is None:
            self.notes.append((s, [s], size, y, anchor, ""))
        else:
            self._within.append((s, size, y))
        super().text(x, y, s, size, font, anchor, **kw)

    def cell(self, x, y, w, h, s, *args, **kw):
        self._within = []
        super().cell(x, y, w, h, s, *args, **kw)
        lines, self._within = self._within, None
        beside = self._left[1] if self._left[0] == (x, y) else ""
        self._left = ((x + w, y), s)
        self.notes.append((s, [line for line, _, _ in lines], lines[0][1], y, "cell", beside))

    def para(self, x, y, *args, **kw):
        self._within = []
        below = super().para(x, y, *args, **kw)
        self._within = None
        return below


def fields(sheet, person, first):
    """The audited fields of a drawn page: (kind, text), one a printed line."""
    values = {plain(person[key]): kind for key, kind in (("name", "name"), ("id", "number"), ("unit", "unit"), ("level", "title"), ("title", "title")) if person[key] != "无"}
    values |= {plain(d): "date" for d in sheet.dates}
    spans = [plain(f"{a}至{b}") for a, b in person.get("publicity", ())]
    found = []
    for whole, lines, _, _, anchor, beside in sheet.notes:
        text = plain(whole)
        if anchor == "cell" and values.get(text) == "unit" and "单位" not in beside or "作者" in whole:
            continue
        if text in values and anchor != "r":
            found += [(values[text], plain(line)) for line in lines]
        elif anchor == "cell" and any(text.startswith(span) for span in spans):
            found += [("publicity", plain(line)) for line in lines]
        elif anchor != "cell" and "：" in whole:
            found += [(kind, value) for value, kind in values.items() if f":{value}" in text]
    if first:
        heads = [n for n in sheet.notes if n[2] >= HEADING_POINTS and n[3] < HEADING_PART * sheet.size[1]]
        largest = max((n[2] for n in heads), default=0)
        found += [("heading", plain(n[0])) for n in heads if n[2] == largest]
    return [(kind, text) for kind, text in found if len(text) >= 2]
