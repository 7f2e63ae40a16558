"""How large an image is, from its first bytes: a page keeps the room for it before it is there.

Each format has its own place for two numbers; what cannot be read has no size, and none is written.
"""

import re
import struct
from collections.abc import Iterator

SVG = re.compile(rb"<svg\b[^>]*>")
LENGTH = re.compile(r"(\d+(?:\.\d+)?)(?:px)?")
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # of JPEG: where a picture's size stands

Size = tuple[int, int]


def size_of(content: bytes) -> Size | None:
    """Width and height of an image in pixels, or None where they cannot be read."""
    try:
        found = read(content)
    except (struct.error, IndexError, ValueError):
        return None
    return found if found and min(found) > 0 else None


def read(content: bytes) -> Size | None:
    """The size as the format tells it."""
    if content.startswith(b"\x89PNG"):
        return struct.unpack(">II", content[16:24])
    if content.startswith((b"GIF87a", b"GIF89a")):
        return struct.unpack("<HH", content[6:10])
    if content.startswith(b"\xff\xd8"):
        return next(jpeg_frames(content), None)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return webp(content)
    if content[4:8] == b"ftyp":
        at = content.index(b"ispe")  # the first is that of the whole picture
        return struct.unpack(">II", content[at + 8 : at + 16])
    return svg(content)


def jpeg_frames(content: bytes) -> Iterator[Size]:
    """The size in each frame header; segments tell their own length."""
    at = 2
    while content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            yield width, height
        at += 2 + length


def webp(content: bytes) -> Size | None:
    """The size of a WebP picture: lossy, lossless, or extended."""
    if content[12:16] == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if content[12:16] == b"VP8L":
        (bits,) = struct.unpack("<I", content[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if content[12:16] == b"VP8X":
        low_width, high_width, low_height, high_height = struct.unpack("<HBHB", content[24:30])
        return (high_width << 16) + low_width + 1, (high_height << 16) + low_height + 1
    return None


def svg(content: bytes) -> Size | None:
    """The size of a drawing: its own in pixels, else that of its view box."""
    head = SVG.search(content)
    tag = head[0].decode("utf-8", "replace") if head else ""
    given = dict(re.findall(r"""\s(width|height|viewBox)\s*=\s*["']([^"']*)""", tag))
    sides = [LENGTH.fullmatch(given.get(name, "")) for name in ("width", "height")]
    if sides[0] and sides[1]:
        return round(float(sides[0][1])), round(float(sides[1][1]))
    box = re.split(r"[\s,]+", given.get("viewBox", "").strip())
    return (round(float(box[2])), round(float(box[3]))) if len(box) == 4 else None
