"""Files that a stranger might hand in, each made anew from a seed: what they do to a reader is in their names."""

import functools
import io
import os
import struct
import zlib

import pikepdf


def _pdf(*bodies, trailer="/Root 1 0 R"):
    """A file of numbered objects with a right index."""
    out, at = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        at.append(len(out))
        out += b"%d 0 obj\n" % number + (body if isinstance(body, bytes) else body.encode()) + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % a for a in at)
    return bytes(out) + f"trailer<</Size {len(bodies) + 1}{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()


def _stream(data, entries=""):
    packed = zlib.compress(data, 9)
    return f"<</Length {len(packed)}/Filter/FlateDecode{entries}>>stream\n".encode() + packed + b"\nendstream"


CATALOGUE = "<</Type/Catalog/Pages 2 0 R>>"
PAGES = "<</Type/Pages/Kids[3 0 R]/Count 1>>"


@functools.cache
def _spaces():
    """Three GiB of them, packed."""
    packer, piece = zlib.compressobj(9), b" " * (16 << 20)
    return b"".join(packer.compress(piece) for _ in range(192)) + packer.flush()


def content_bomb(rng, _sound):
    bomb = f"<</Length {len(_spaces())}/Filter/FlateDecode>>stream\n".encode() + _spaces() + b"\nendstream"
    return ".pdf", _pdf(CATALOGUE, PAGES, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents[4 0 R 5 0 R]>>", bomb, _stream(b"0 0 9 9 re f %% %d" % rng.randrange(9999)))


def image_bomb(rng, _sound):
    image = _stream(b"\0" * (64 << 20), "/Type/XObject/Subtype/Image/Width 40000/Height 40000/BitsPerComponent 8/ColorSpace/DeviceGray")
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R/N {rng.randrange(9999)}>>"
    return ".pdf", _pdf(CATALOGUE, PAGES, page, _stream(b"595 0 0 842 0 0 cm /I Do"), image)


def page_loop(rng, _sound):
    return ".pdf", _pdf(CATALOGUE, f"<</Type/Pages/Kids[3 0 R 2 0 R]/Count {rng.randrange(2, 9999)}>>", "<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 7>>")


def million_pages(rng, _sound):
    kids = "".join(f" {4 + i % 10} 0 R" for i in range(1000))
    inner = [f"<</Type/Pages/Parent 2 0 R/Count 1000/Kids[{'14 0 R ' * 1000}]/N {rng.randrange(9999)}>>" for _ in range(10)]
    return ".pdf", _pdf(CATALOGUE, f"<</Type/Pages/Count 1000000/Kids[{kids}]>>", "null", *inner, "<</Type/Page/MediaBox[0 0 595 842]>>")


def self_calling_form(rng, _sound):
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</F 5 0 R>>>>/Contents 4 0 R>>"
    return ".pdf", _pdf(CATALOGUE, PAGES, page, _stream(b"/F Do %% %d" % rng.randrange(9999)), _stream(b"/F Do /F Do", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>"))


def locked(rng, sound):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sound)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user=f"u{rng.random()}", owner="o"))
    return ".pdf", out.getvalue()


def truncated(rng, sound):
    return ".pdf", sound[: rng.randrange(len(sound) // 10, len(sound))]


def noise(rng, _sound):
    return ".pdf", rng.randbytes(20_000)


def giant_png(rng, _sound):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    side = rng.randrange(30_000, 60_000)
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return ".png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * (32 << 20), 9)) + chunk(b"IEND", b"")


def cut_jpeg(rng, sound):
    with pikepdf.open(io.BytesIO(sound)) as pdf:
        data = next(iter(pdf.pages[0].images.values())).read_raw_bytes()
    return ".jpg", data[: rng.randrange(200, len(data) // 2)]


KINDS = [content_bomb, image_bomb, page_loop, million_pages, self_calling_form, locked, truncated, noise, giant_png, cut_jpeg]


def write(folder, number, rng, sound):
    """One hostile file of the next kind; `sound` is a whole PDF of scans. Gives its name."""
    kind = KINDS[number % len(KINDS)]
    ending, data = kind(rng, sound)
    name = f"{kind.__name__}-{number}{ending}"
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)
    return name
