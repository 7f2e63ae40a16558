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
from dataclasses import dataclass
from functools import lru_cache

from .lexicon import FUNCTION, NEGATORS
from .reading import Sentence, Token, Vocabulary, vocabulary

ANCHORS = 12  # places of the rarest idea that are tried, so that time stays linear
REACH = 9  # words between two ideas of a phrase, and some more for each further one
REACH_EACH = 3
PART = 0.6  # of a long phrase's ideas is half a phrase
LONG = 3
APART = 6  # words between a quantity and its direction
WORD = re.compile(r"[^\s,;.:!?()\"“”]+")


@dataclass(frozen=True)
class Element:
    """One idea of a phrase: any of `ideas` will do; `denied` if it must be."""

    ideas: frozenset[str]
    denied: bool = False


@dataclass(frozen=True)
class Quantity:
    """Something that is high (+1) or low (-1)."""

    ideas: frozenset[str]
    sign: int


@dataclass(frozen=True)
class Phrase:
    """A compiled phrase: ideas to be found together, or a relation of two quantities."""

    text: str
    parts: tuple[tuple[Element, ...], ...]
    relation: tuple[Quantity, Quantity] | None = None
    half: bool = False


@dataclass(frozen=True)
class Hit:
    """Where a phrase, or a part of it, was found: how much, and whether the answer denies it."""

    worth: float
    tokens: tuple[Token, ...]
    denied: bool = False


NOTHING = Hit(0.0, ())


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


def turns_in(phrases: list[str]) -> tuple[str, ...]:
    """The words a rubric's phrases use: what spelling is corrected to, and own turns of speech."""
    found = {
        each
        for phrase in phrases
        for word in WORD.findall(phrase.lower())
        for each in word.split("|")
    }
    return tuple(sorted(each for each in found if each[:1].isalnum() and each not in FUNCTION))


def elements(part: str, known: Vocabulary) -> tuple[Element, ...]:
    """The ideas of a phrase, each with whether it stands after a `not`."""
    found: list[Element] = []
    denied = False
    for word in WORD.findall(part):
        if word in NEGATORS:
            denied = True
        elif word not in FUNCTION or "|" in word:
            ideas = frozenset().union(*(known.carried(each) for each in word.split("|")))
            found.append(Element(ideas, denied))
            denied = False
    return tuple(found)


def quantity(part: str, known: Vocabulary) -> Quantity:
    """`low probability` as a quantity and its sign."""
    sign, ideas = 0, frozenset[str]()
    for word in WORD.findall(part):
        carried = frozenset().union(*(known.carried(each) for each in word.split("|")))
        if carried & {"up", "down"} and not sign:
            sign = 1 if "up" in carried else -1
        elif word not in FUNCTION:
            ideas |= carried
    return Quantity(ideas - {"up", "down"}, sign or 1)


def find(phrase: Phrase, units: list[Sentence]) -> Hit:
    """The best place of a phrase in an answer."""
    if phrase.relation:
        return related(phrase.relation, units, 0.5 if phrase.half else 1.0)
    best = [
        max((look(part, unit) for unit in units), key=rank, default=NOTHING)
        for part in phrase.parts
    ]
    if not best:
        return NOTHING
    worth = sum(hit.worth for hit in best if not hit.denied) / len(best)
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


def look(part: tuple[Element, ...], unit: Sentence) -> Hit:
    """The best place in one sentence for ideas that belong together."""
    if not unit.states:
        return NOTHING
    places = [
        sorted({i for idea in each.ideas for i in unit.places.get(idea, ())}) for each in part
    ]
    there = [each for each in places if each]
    if len(there) < max(1, len(part) * PART):
        return NOTHING
    reach = REACH + REACH_EACH * len(part)
    rarest = min(there, key=len)
    hits = [judged(part, gather(places, anchor, reach), unit) for anchor in rarest[:ANCHORS]]
    return max(hits, key=rank)


def gather(places: list[list[int]], anchor: int, reach: int) -> list[int | None]:
    """For each idea the place nearest to an anchor, if one is within reach."""
    found: list[int | None] = []
    for each in places:
        at = bisect_left(each, anchor)
        near = min(each[max(0, at - 1) : at + 1], key=lambda i: abs(i - anchor), default=None)
        found.append(near if near is not None and abs(near - anchor) <= reach else None)
    return found


def judged(part: tuple[Element, ...], found: list[int | None], unit: Sentence) -> Hit:
    """What the gathered ideas are worth."""
    pairs = [(each, unit.tokens[i]) for each, i in zip(part, found, strict=True) if i is not None]
    share = len(pairs) / len(part)
    worth = 1.0 if share == 1 else 0.5 if len(part) >= LONG and share >= PART else 0.0
    own = [token for _, token in pairs if not token.copied]
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


def related(relation: tuple[Quantity, Quantity], units: list[Sentence], worth: float) -> Hit:
    """Whether an answer says that two quantities go together as a phrase has it."""
    best = NOTHING
    for unit in units:
        if not unit.states:
            continue
        signs = directions(relation, unit)
        first, second = signs.get(0), signs.get(1)
        if first and second:
            flipped = first[0] * second[0] != relation[0].sign * relation[1].sign
            hit = Hit(worth, first[1] + second[1], flipped)
            if any(token.copied or token.reported for token in hit.tokens):
                continue
            if not best.worth or (best.denied and not flipped):
                best = hit
    return best


def directions(
    relation: tuple[Quantity, Quantity], unit: Sentence
) -> dict[int, tuple[int, tuple[Token, ...]]]:
    """The sign each quantity has in a sentence: each direction goes to the nearest free one."""
    where = [
        (i, n)
        for n, each in enumerate(relation)
        for idea in each.ideas
        for i in unit.places.get(idea, ())
    ]
    signs = {i: sign for name, sign in (("up", 1), ("down", -1)) for i in unit.places.get(name, ())}
    close = sorted(
        (gap(unit.tokens, i, j), i, j, n)
        for j, n in set(where)
        for i in range(j - APART, j + APART + 1)
        if i in signs
    )
    found: dict[int, tuple[int, tuple[Token, ...]]] = {}
    used: set[int] = set()
    for distance, i, j, n in close:
        if distance <= 2 * APART and n not in found and i not in used:
            token = unit.tokens[i]
            sign = -signs[i] if token.denied and not unit.tokens[j].denied else signs[i]
            found[n] = (sign, (token, unit.tokens[j]))
            used.add(i)
    return found


def gap(tokens: list[Token], i: int, j: int) -> float:
    """How far a direction stands from a quantity; another clause counts as far."""
    other = 0 if tokens[i].clause == tokens[j].clause else APART
    return abs(i - j) + other + (0.5 if i > j else 0)
