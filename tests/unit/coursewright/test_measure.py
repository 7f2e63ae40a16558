"""How large images are: from files that real programs wrote, cut short, and damaged."""

import base64

import pytest

from coursewright.pages.measure import size_of

# Each is 3 pixels wide and 2 high, as its encoder wrote it.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAC0lEQVR4nGNgQAcAABIAAaVPB7QAAAAASUVORK5CYII="
GIF = "R0lGODdhAwACAIAAAAAAAAAAACwAAAAAAwACAAACAoRRADs="


def svg(attributes: str) -> bytes:
    return f'<?xml version="1.0"?>\n<svg {attributes}><path d="M0 0h3"/></svg>'.encode()


def box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def riff(kind: bytes, content: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + len(content).to_bytes(4, "little") + content


SIZES = b"\0\0\0\3\0\0\0\2"
EXIF = b"\xff\xe1\0\6\xff\xc0\0\0"  # looks like a frame's header, and is inside another segment
FRAME = b"\xff\xc2\0\x0b\x08\0\2\0\3\1\1\x11\0"
FILES = {
    "PNG": base64.b64decode(PNG),
    "GIF": base64.b64decode(GIF),
    "JPEG": b"\xff\xd8\xff\xe0\0\4\0\0" + EXIF + FRAME + b"\xff\xd9",
    "WebP, lossy": riff(b"VP8 ", b"\0\0\0\x9d\x01\x2a\3\0\2\0"),
    "WebP, lossless": riff(b"VP8L", b"\x2f" + (2 | 1 << 14).to_bytes(4, "little")),
    "WebP, extended": riff(b"VP8X", b"\0\0\0\0\2\0\0\1\0\0"),
    "AVIF": box(b"ftyp", b"avif\0\0\0\0") + box(b"meta", box(b"ispe", b"\0\0\0\0" + SIZES)),
    "SVG": svg('width="3" height="2px" viewBox="0 0 30 20"'),
    "SVG without its own": svg('viewBox="0 0 3 2"'),
    "SVG as wide as there is room": svg("width='100%' viewBox='0,0,3,2'"),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_an_image_says_how_large_it_is(content):
    assert size_of(content) == (3, 2)


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_whatever_is_cut_off_gives_a_size_or_none(content):
    assert {size_of(content[:end]) for end in range(len(content))} <= {None, (3, 2)}


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", svg(""), svg('viewBox="0 0 a b"'), svg('viewBox="0 0 0 0"'), svg('width="9"')],
)
def test_what_tells_no_size_has_none(content):
    assert size_of(content) is None
