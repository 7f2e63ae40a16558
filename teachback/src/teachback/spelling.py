"""Slips of the pen: an unknown word that is one or two letters off a known one counts as that.

Known words are found through what is left when one letter is taken out, so that a look-up costs
as many steps as the word has letters (the idea of SymSpell).
"""

from __future__ import annotations

from collections.abc import Iterable

from .text import words

SHORTEST = 6  # letters; shorter words have too many neighbours
LONG = 8  # from here on two slips are forgiven
LONGEST = 24
ORDINARY = words(
    "assets became become before behind better bottle bought bridge bright broken brother "
    "building butter castle centre chance cheese circle closer coarse coding coffee common "
    "compute computed computer cooking corner correcting counted counter country couple "
    "course cousin danger decide dinner doctor doubler drawer driven driver during eating "
    "effort either enough events examine examiner expects factor factory family father "
    "feeling figure finger flower follow forest forget fourth friend garage garden gentler "
    "ground guitar hardly hundred insist jacket kettle kitchen larder leaned learner "
    "leather lesson letter listen little living logic lovely makers making manner marked "
    "market matter meaning meanings middle minute mirror moment morning mother nearly "
    "needle newer nobody notice number office optimize orange parent people person "
    "phrasings picture planet player pocket predicting prefer pretty prison propagating "
    "question rather reader really reason recipe recorded remember retain return sampler "
    "school scored season second server settings shower silver simple simply singer single "
    "sister slider smooth smoothed spring steady street string strong student summer supper "
    "teacher teaches theatre theory things thirty though thread throughput ticket trained "
    "trainee trainer travel twelve twenty unless valley valves waiter walked walking wanted "
    "wants winter wonder wording worked worker working writer yellow"
)
"""Words of every day that stand close to words of the field, and mean what they say."""


class Spelling:
    """Corrects words to the nearest of a vocabulary."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = frozenset(known)
        self.found: dict[str, list[str]] = {}
        for word in sorted(self.known):
            if SHORTEST <= len(word) <= LONGEST:
                for left in shortened(word):
                    self.found.setdefault(left, []).append(word)

    def corrected(self, word: str) -> str:
        """The known word that was meant, or the word as it is."""
        if word in self.known or word in ORDINARY or not SHORTEST <= len(word) <= LONGEST:
            return word
        close = {each for left in shortened(word) for each in self.found.get(left, ())}
        near = [(slips(word, each), each) for each in close if each[0] == word[0]]
        allowed = 2 if len(word) >= LONG else 1
        best = min(near, default=(LONGEST, word))
        return best[1] if best[0] <= allowed else word


def shortened(word: str) -> set[str]:
    """The word itself, and the word with each of its letters taken out."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def slips(one: str, other: str) -> int:
    """How many letters were added, left out, changed or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                row[-1] = min(row[-1], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
