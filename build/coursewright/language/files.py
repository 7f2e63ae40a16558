"""From a YAML file's bytes to its source, whatever the bytes are."""

import yaml

from .complaints import complaint
from .reader import CONTROL, Reader
from .slips import Keys
from .source import Place, Source, pasted
from .syntax import mended

LARGEST = 250_000  # bytes; no lesson has so many


def read(file: str, raw: bytes, keys: Keys = frozenset()) -> Source:
    """Read a YAML file that may hold `keys`. Problems are collected in the source, never raised."""
    source = Source(file, "")
    if len(raw) > LARGEST:
        message = f"expected at most {LARGEST:,} bytes, got {len(raw):,}"
        source.add(Place(1, 1), "", message, "Is this the right file?")
        return source
    try:
        source.text = with_plain_ends(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        message = f"expected UTF-8 text, got byte 0x{raw[error.start]:02x}"
        source.add(Place(line, 1), "", message, "Save the file as UTF-8.")
        return source
    unfit = CONTROL.search(source.text)
    if unfit:
        report_character(source, unfit.start())
        return source
    try:
        Reader(source).read()
    except yaml.YAMLError:
        return read_mended(source, keys)
    return source


def with_plain_ends(text: str) -> str:
    """A text whose lines end as on Unix, whichever system wrote it."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def report_character(source: Source, at: int) -> None:
    """Note a character that no text may hold."""
    before = source.text[:at]
    place = Place(before.count("\n") + 1, at - before.rfind("\n"))
    message = f"found the control character U+{ord(source.text[at]):04X}"
    source.add(place, "", message, "Remove it; many editors do not show it.")


def read_mended(broken: Source, keys: Keys) -> Source:
    """Report slips against YAML's own syntax, and go on with the text as it was meant."""
    text, slips, left = mended(broken.text, keys)
    widths = {slip.line + 1: len(broken.line(slip.line + 1)) + 1 for slip in slips}
    source = Source(broken.file, text, widths=widths)
    for slip in slips:
        place = Place(slip.line + 1, slip.column + 1)
        source.add(place, "", slip.message, pasted(slip.instead))
    if text.count("\n") != broken.text.count("\n"):  # places would be wrong
        return source
    if left is None:
        Reader(source).read()
    else:
        line, column, message, fix = complaint(left, text)
        source.add(Place(line, column), "", message, fix)
    return source
