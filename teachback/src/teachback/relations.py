"""Two quantities that go together: `low probability -> high loss`.

Each word of direction belongs to the nearest quantity in its clause that has none yet. The relation
holds if both are as the phrase has them or both the other way; one alone contradicts it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .reading import Sentence, Token
from .vocabulary import loosely

APART = 6  # words between a quantity and its direction


@dataclass(frozen=True)
class Quantity:
    """Something that is high (+1) or low (-1)."""

    ideas: frozenset[str]
    sign: int


@dataclass(frozen=True)
class Hit:
    """Where a phrase, or a part of it, was found: how much, and whether the answer denies it."""

    worth: float
    tokens: tuple[Token, ...]
    denied: bool = False


NOTHING = Hit(0.0, ())


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
            if any(token.copied or token.listed or token.reported for token in hit.tokens):
                continue
            if not best.worth or (best.denied and not flipped):
                best = hit
    return best


def directions(
    relation: tuple[Quantity, Quantity], unit: Sentence
) -> dict[int, tuple[int, tuple[Token, ...]]]:
    """The sign each quantity has in a sentence: each direction goes to the nearest free one."""
    where = [(i, n) for n, each in enumerate(relation) for i in unit.where(loosely(each.ideas))]
    signs = {
        i: sign
        for name, sign in (("up", 1), ("down", -1))
        for i in unit.where(loosely(frozenset([name])))
    }
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
