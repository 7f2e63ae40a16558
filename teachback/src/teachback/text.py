"""Text as graders compare it: folded, with a way back to the characters as they stand.

Folding makes equal what looks or reads equal: compatibility forms (NFKC), case, white space, curly
quotes; it drops what nobody sees. Every folded character remembers where it came from, so that a
match found in the folded text can be shown in the learner's own words.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST_MARKS = 8  # on one letter; sorting longer runs would take more than linear time
MOST_MORE = 3  # characters that one may stand for beside itself; U+FDFA would stand for eighteen
PLAIN = str.maketrans("‘’‚‛′´`“”„‟″«»–—−‐‑‒―", "'''''''\"\"\"\"\"\"\"-------")
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
ASCII = {
    each: " " if each.isspace() else each.lower() if each.isprintable() else ""
    for each in map(chr, range(128))
}
ABBREVIATIONS = frozenset(["e.g", "i.e", "vs", "etc", "cf", "approx", "resp", "fig", "eq"])


def words(text: str) -> frozenset[str]:
    """A set of words, written as a line of text."""
    return frozenset(text.split())


def phrases(text: str) -> list[str]:
    """A list of phrases, written as text with semicolons."""
    return [each.strip() for each in text.replace("\n", " ").split(";")]


@dataclass(frozen=True)
class Folded:
    """A folded text; character `i` of it came from the original at `starts[i]`."""

    text: str
    starts: list[int]
    length: int  # of the original

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where folded characters `start` to `end` stand in the original text."""
        last = self.starts[end - 1]
        after = bisect_left(self.starts, last + 1)
        return self.starts[start], self.starts[after] if after < len(self.starts) else self.length


def fold(text: str) -> Folded:
    """NFKC, case folded, white space as single spaces, nothing invisible, plain quotes."""
    out: list[str] = []
    starts: list[int] = []
    for start, cluster in clusters(text):
        for character in folded_cluster(cluster):
            if character == " " and (not out or out[-1] == " "):
                continue
            out.append(character)
            starts.append(start)
    if out and out[-1] == " ":
        out.pop()
        starts.pop()
    return Folded("".join(out), starts, len(text))


def clusters(text: str) -> Iterator[tuple[int, str]]:
    """Each character with the marks that follow it, and where it begins."""
    if text.isascii():
        yield from enumerate(text)
        return
    start, marks = 0, 0
    for i in range(1, len(text) + 1):
        joined = i < len(text) and unicodedata.combining(text[i]) and marks < MOST_MARKS
        marks = marks + 1 if joined else 0
        if not joined:
            yield start, text[start:i]
            start = i


@lru_cache(maxsize=4096)
def folded_cluster(cluster: str) -> str:
    """What is left of one character."""
    if cluster in ASCII:
        return ASCII[cluster]
    flat = unicodedata.normalize("NFKC", cluster)[: len(cluster) + MOST_MORE]
    flat = flat.translate(PLAIN).casefold()
    seen = [" " if each.isspace() else each for each in flat if is_seen(each)]
    return unicodedata.normalize("NFC", "".join(seen))


def is_seen(character: str) -> bool:
    """Whether a character leaves a trace on the page."""
    if character.isspace():
        return True
    variation = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Co")
    return not (hidden or variation or character in UNSEEN)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends: at `.` `!` `?` `;`, a blank line, or a list's item."""
    found, start = [], 0
    for i, character in enumerate(text):
        if ends_sentence(text, i, character):
            if text[start:i].strip():
                found.append((start, i + 1))
            start = i + 1
    if text[start:].strip():
        found.append((start, len(text)))
    return found


def numbered(line: str) -> bool:
    """Whether a line begins as an item of a numbered list does: `2. `, `2) `."""
    digits = len(line) - len(line.lstrip("0123456789"))
    return digits in (1, 2) and line[digits : digits + 1] in (".", ")")


def ends_sentence(text: str, i: int, character: str) -> bool:
    """Whether a sentence is over after the character at `i`."""
    after = text[i + 1 : i + 4]
    if character in "!?;。！？\x1e":
        return True
    if character == "\n":
        rest = text[i + 1 : i + 8].lstrip(" \t")
        return rest[:1] in ("\n", "-", "*", "•", "#", ">", "|", "`", "{", "") or numbered(rest)
    if character != ".":
        return False
    word = text[max(0, i - 12) : i].split()[-1:] or [""]
    if word[0].lower().lstrip("(") in ABBREVIATIONS:
        return False
    return not after or after[0].isspace() or (after[0].isalpha() and len(word[0]) > 2)
