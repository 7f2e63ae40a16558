"""The phrases of a rubric, and how an answer is searched for them.

    small steps downhill              all of these ideas, near each other, in any order
    memorize|by_heart                 either will do; `_` joins the words of one turn of speech
    not change the weights            the idea after `not` must be denied
    low probability -> high loss      one thing follows another: the other way round contradicts it
    chain rule + each parameter       two ideas, which may stand apart; one alone is half
    guesses the next word (partly)    is worth half

Small words (`the`, `of`, …) are passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from .lexicon import NEGATORS, PASSED_OVER
from .reading import Sentence
from .relations import NOTHING, Hit, Quantity, related
from .vocabulary import Vocabulary, loosely, vocabulary

ANCHORS = 12  # places of the rarest idea that are tried, so that time stays linear
REACH = 9  # words between two ideas of a phrase, and some more for each further one
CLOSE = 0  # the same, where an answer is said to be wrong: that must be sure
REACH_EACH = 3
PART = 0.75  # of the ideas of a phrase of four or more is half a phrase
LONG = 3
LOOSELY, STRICT = 0.5, 0.7  # of the words found that must carry their idea closely
SURE = 0.7  # of the words found of a part must carry their idea closely
WORD = re.compile(r"[^\s,;.:!?()\"“”]+")


@dataclass(frozen=True)
class Element:
    """One idea of a phrase: any of `ideas` will do; `denied` if it must be."""

    ideas: frozenset[str]
    denied: bool = False
    names: frozenset[str] = frozenset()  # of the ideas, and of what carries them loosely


@dataclass(frozen=True)
class Phrase:
    """A compiled phrase: ideas to be found together, or a relation of two quantities."""

    text: str
    parts: tuple[tuple[Element, ...], ...]
    relation: tuple[Quantity, Quantity] | None = None
    half: bool = False


@lru_cache(maxsize=4096)
def compiled(text: str, own: tuple[str, ...]) -> Phrase:
    """Read a phrase."""
    known = vocabulary(own)
    half = text.rstrip().endswith("(partly)")
    plain = text.lower().replace("(partly)", "").replace("’", "'")
    if "->" in plain:
        cause, _, effect = plain.partition("->")
        return Phrase(text, (), (quantity(cause, known), quantity(effect, known)), half)
    parts = tuple(elements(part, known) for part in re.split(r"\s\+\s", plain))
    return Phrase(text, tuple(part for part in parts if part), None, half)


def turns_in(phrases: Iterable[str]) -> tuple[str, ...]:
    """The words a rubric's phrases use: what spelling is corrected to, and own turns of speech."""
    found = {
        each
        for phrase in phrases
        for word in WORD.findall(phrase.lower())
        for each in word.split("|")
    }
    return tuple(sorted(each for each in found if each[:1].isalnum() and each not in PASSED_OVER))


def elements(part: str, known: Vocabulary) -> tuple[Element, ...]:
    """The ideas of a phrase, each with whether it stands after a `not`."""
    found: list[Element] = []
    denied = False
    for word in WORD.findall(part):
        if set(word.split("|")) <= NEGATORS:
            denied = True
        elif word not in PASSED_OVER or "|" in word:
            ideas = frozenset().union(*(known.asked(each) for each in word.split("|")))
            found.append(Element(ideas, denied, loosely(ideas)))
            denied = False
    return tuple(found)


def quantity(part: str, known: Vocabulary) -> Quantity:
    """`low probability` as a quantity and its sign."""
    sign, ideas = 0, frozenset[str]()
    for word in WORD.findall(part):
        carried = frozenset().union(*(known.asked(each) for each in word.split("|")))
        if carried & {"up", "down"} and not sign:
            sign = 1 if "up" in carried else -1
        elif word not in PASSED_OVER:
            ideas |= carried
    return Quantity(ideas - {"up", "down"}, sign or 1)


def find(phrase: Phrase, units: list[Sentence], strict: bool = False) -> Hit:
    """The best place of a phrase in an answer; `strict` wants its words closer together."""
    if phrase.relation:
        return related(phrase.relation, units, 0.5 if phrase.half else 1.0)
    best = [
        max((look(part, unit, strict) for unit in units), key=rank, default=NOTHING)
        for part in phrase.parts
    ]
    if not best:
        return NOTHING
    telling = len(best) == 1 or any(
        hit.worth and not hit.denied and len(part) > 1
        for hit, part in zip(best, phrase.parts, strict=True)
    )
    worth = sum(hit.worth for hit in best if not hit.denied) / len(best) if telling else 0.0
    tokens = tuple(token for hit in best if not hit.denied for token in hit.tokens)
    if not tokens:
        return max(best, key=lambda hit: hit.worth)
    return Hit(settled(worth, phrase.half), tokens)


def settled(worth: float, half: bool) -> float:
    """Nothing, half or whole."""
    level = 1.0 if worth > 0.99 else 0.5 if worth >= 0.25 else 0.0
    return min(level, 0.5) if half else level


def rank(hit: Hit) -> tuple[float, bool]:
    """Statements before denials, more before less."""
    return (0.0 if hit.denied else hit.worth, hit.denied)


def look(part: tuple[Element, ...], unit: Sentence, strict: bool = False) -> Hit:
    """The best place in one sentence for ideas that belong together."""
    if not unit.states:
        return NOTHING
    places = [unit.where(each.names) for each in part]
    there = [each for each in places if each]
    if len(there) < max(1, len(part) * PART):
        return NOTHING
    reach = (CLOSE if strict else REACH) + REACH_EACH * len(part)
    rarest = min(there, key=len)
    found = (gather(places, anchor, reach) for anchor in rarest[:ANCHORS])
    hits = [judged(part, each, unit, STRICT if strict else LOOSELY) for each in found]
    return max(hits, key=rank)


def gather(places: list[list[int]], anchor: int, reach: int) -> list[int | None]:
    """For each idea the place nearest to an anchor, if one is within reach."""
    found: list[int | None] = [None] * len(places)
    used: set[int] = set()
    for n in sorted(range(len(places)), key=lambda n: len(places[n])):  # one word serves one idea
        each = places[n]
        at = bisect_left(each, anchor)
        near = [i for i in each[max(0, at - 3) : at + 3] if i not in used]
        best = min(near, key=lambda i: abs(i - anchor), default=None)
        if best is not None and abs(best - anchor) <= reach:
            found[n] = best
            used.add(best)
    return found


def judged(part: tuple[Element, ...], found: list[int | None], unit: Sentence, sure: float) -> Hit:
    """What the gathered ideas are worth."""
    pairs = [(each, unit.tokens[i]) for each, i in zip(part, found, strict=True) if i is not None]
    share = len(pairs) / len(part)
    close = sum(not each.ideas.isdisjoint(token.ideas) for each, token in pairs)
    if close < len(pairs) * (sure if share == 1 else SURE):
        return NOTHING
    worth = 1.0 if share == 1 else 0.5 if len(part) >= LONG and share >= PART else 0.0
    own = [token for _, token in pairs if not (token.copied or token.listed)]
    if not worth or len(own) * 2 < len(pairs):
        return NOTHING
    wants_denial = any(each.denied for each in part)
    if wants_denial:
        wrong = any(each.denied and not token.denied for each, token in pairs)
        wrong = wrong or not any(each.denied for each, _ in pairs)
    else:
        wrong = any(token.denied for _, token in pairs)
    wrong = wrong or any(token.reported for _, token in pairs)
    return Hit(worth, tuple(token for _, token in pairs), wrong)
