#!/usr/bin/env python3
"""Writes src/check/support/shapes.txt: how the characters of GB 2312 look in print.

A line a character: the character, then 16 letters, its shape's coordinates from A (-1) to Y (1), M being 0. A shape is the
character drawn in three typefaces (Noto Serif CJK, Noto Sans CJK, AR PL UKai), blurred as a 150 dpi scan would, their sum
less the average of all characters, on the 16 axes along which characters differ most. The cosine of two shapes says how
alike the characters look.

    python3 tools/shapes.py     # Debian: fonts-noto-cjk fonts-arphic-ukai; pip: numpy pillow
"""
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = [
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/arphic/ukai.ttc", 0),
]
SIDE, SIZE, BLUR, AXES, LEVELS = 40, 34, 1.6, 16, 12


def characters():
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                yield bytes([high, low]).decode("gb2312")
            except UnicodeDecodeError:
                pass


def drawn(char, font):
    picture = Image.new("L", (SIDE, SIDE), 0)
    draw = ImageDraw.Draw(picture)
    x0, y0, x1, y1 = draw.textbbox((0, 0), char, font=font)
    draw.text(((SIDE - (x1 - x0)) / 2 - x0, (SIDE - (y1 - y0)) / 2 - y0), char, fill=255, font=font)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(BLUR)), np.float64).ravel()


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def main():
    chars = list(characters())
    total = np.zeros((len(chars), SIDE * SIDE))
    for path, index in FONTS:
        font = ImageFont.truetype(path, SIZE, index=index)
        rows = np.stack([drawn(c, font) for c in chars])
        total += unit(rows - rows.mean(1, keepdims=True))
    total = unit(total - total.mean(0, keepdims=True))
    _, axes = np.linalg.eigh(total.T @ total)
    shapes = total @ axes[:, -AXES:]
    levels = np.rint(shapes / np.abs(shapes).max() * LEVELS).astype(int)
    lines = [c + "".join(chr(ord("M") + v) for v in row) for c, row in zip(chars, levels)]
    target = Path(__file__).parent.parent / "src/check/support/shapes.txt"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
