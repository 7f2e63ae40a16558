"""An answer as the checklist reads it: words with the ideas they carry, and how they are said.

Every word knows which sentence and clause it stands in, whether a negation reaches it, whether it
only tells what other people think, and whether it was copied. All of it is found in one walk from
left to right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from .lexicon import (
    AMOUNTS,
    BREAKS,
    HINDER,
    LINKS,
    NEGATORS,
    NOT_NEGATING,
    OTHERS,
    PASSED_OVER,
    PRONOUNS,
    SUPPOSE,
    TURNS,
    UNTRUE,
    VERBS,
)
from .stems import stem
from .text import fold, sentences, words
from .vocabulary import Vocabulary

TOKEN = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*|[^\w\s]")
MATH = frozenset("√%*×=←η∂")
FEWEST_WORDS = 4
LEAST_FUNCTION = 0.26  # the share of words like "the" and "is" that tells a sentence from a list
LEAST_WITH_VERB = 0.2
LIST_ITEM = 3.5  # words between commas, on average, in what is only a list
LIST_ITEM_WITH_VERB = 2.4
TAKEN_BACK = 14  # words in which what was said is taken back
CALLED = 4  # words in which a statement is called wrong before it is made
WRONG = re.compile(r"(?:not true|(?:wrong|false|untrue|incorrect|myth|a myth|nonsense)) [:,.\-–—]")
IT = r"(?:it|this|that|these|those|the above|what i (?:just )?(?:said|wrote|told you))"
TAKES_BACK = re.compile(
    rf"(?:but |and |of course |sadly |sorry |actually |well |no )*(?:"
    rf"(?:none|nothing|not a word|not one word|no part) of (?:all )?{IT}"
    rf" (?:is|was|are|were) (?:\w+ )?(?:true|right|correct|so|real|the case)"
    rf"|(?:all|everything|every word|most) (?:of )?(?:{IT} |i (?:just )?(?:said|wrote) |above )"
    rf"(?:is|was|are|were) (?:\w+ )?(?:wrong|false|nonsense|untrue|rubbish|lies|made up)"
    rf"|(?:forget|ignore|scrap|strike) (?:all |everything |all of )?{IT}$"
    rf"|i (?:just )?made (?:all )?(?:of )?{IT} (?:all )?up)"
)
SUBJECT = 5  # words in which a sentence names what it speaks of
ROW = 4  # terms in a row are a list
NAMING = words("there it we you this they first")
TERM = 4  # words, at most, in a term
CUTS = words("and or then plus & with versus vs not")


@dataclass(slots=True)
class Token:
    """One word of an answer."""

    text: str
    start: int
    end: int
    sentence: int
    written: str = ""  # `text` without its slips mended
    ideas: frozenset[str] = frozenset()
    clause: int = 0
    denied: bool = False
    reported: bool = False
    copied: bool = False
    listed: bool = False


@dataclass
class Sentence:
    """Some words that belong together, where each idea stands, and whether they state."""

    tokens: list[Token]
    states: bool
    places: dict[str, list[int]] = field(default_factory=dict)
    found: dict[frozenset[str], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for i, token in enumerate(self.tokens):
            for idea in token.ideas:
                self.places.setdefault(idea, []).append(i)

    def where(self, names: frozenset[str]) -> list[int]:
        """Where words stand that carry one of some ideas; worked out once."""
        found = self.found.get(names)
        if found is None:
            there = names & self.places.keys()
            found = sorted({i for name in there for i in self.places[name]}) if there else []
            self.found[names] = found
        return found


def read(answer: str, known: Vocabulary) -> list[Sentence]:
    """Read an answer; its positions are those of the original text."""
    tokens = tokens_of(answer)
    spelt = [known.spelling.corrected(token.text) for token in tokens]
    for i, token in enumerate(tokens):
        token.text = spelt[i]
    give_ideas(tokens, known)
    mark_scopes(tokens)
    groups: dict[int, list[Token]] = {}
    for token in tokens:
        groups.setdefault(token.sentence, []).append(token)
    return meant([Sentence(group, states(group)) for group in groups.values()])


def meant(given: list[Sentence]) -> list[Sentence]:
    """The sentences that are not taken back: by the next one, or all of them by the last."""
    backs = [i for i, each in enumerate(given) if takes_back(each.tokens)]
    if backs and backs[-1] == len(given) - 1:
        return []
    gone = {each for i in backs for each in (i - 1, i)}
    return [each for i, each in enumerate(given) if i not in gone]


def takes_back(tokens: list[Token]) -> bool:
    """Whether a sentence says that what stands before it is not so."""
    said = " ".join(each.text for each in tokens[:TAKEN_BACK] if each.text[0].isalnum())
    return bool(TAKES_BACK.match(said))


def tokens_of(answer: str) -> list[Token]:
    """Cut an answer into words and signs."""
    there = fold(answer)
    ends = [end for _, end in sentences(answer)]
    tokens, at = [], 0
    for match in TOKEN.finditer(there.text):
        start, end = there.original(match.start(), match.end())
        while at < len(ends) - 1 and start >= ends[at]:
            at += 1
        tokens.append(Token(match[0], start, end, at, match[0]))
    return tokens


def give_ideas(tokens: list[Token], known: Vocabulary) -> None:
    """Note which ideas each word carries, alone or as the first of a turn of speech."""
    stems = [stem(token.text) for token in tokens]
    for i, token in enumerate(tokens):
        ideas = {"=" + stems[i], *known.carries.get(stems[i], ())}
        if "-" in token.text[1:]:
            for part in token.text.split("-"):
                ideas |= {"=" + stem(part), *known.carries.get(stem(part), ())}
        for turn, idea in known.turns.get(stems[i], ()):
            if tuple(stems[i : i + len(turn)]) == turn:
                ideas.add(idea)
        token.ideas = frozenset(ideas)


def mark_scopes(tokens: list[Token]) -> None:
    """Number the clauses, and mark the words that a negation or `people think` reaches."""
    clause, denied, reported = 0, False, False
    for i, token in enumerate(tokens):
        word, last = token.text, tokens[i - 1].text if i else ""
        if i and token.sentence != tokens[i - 1].sentence:
            clause, denied, reported = clause + 1, False, False
        elif word in BREAKS or not (word[0].isalnum() or word in MATH or word in "'\"-+"):
            clause, denied = clause + 1, False
        if word in TURNS:
            reported = False
        following = tokens[i + 1].text if i + 1 < len(tokens) else ""
        if negates(last, word, following) or kept_from(tokens, i):
            denied = True
        if word in SUPPOSE and any(each.text in OTHERS for each in tokens[max(0, i - 3) : i]):
            reported = True
        token.clause, token.denied, token.reported = clause, denied, reported
    undo_double(tokens)


def mark_lists(tokens: list[Token]) -> None:
    """Mark terms that stand in a row, `loss, small steps, the chain rule and noise`."""
    row: list[list[Token]] = []
    item: list[Token] = []
    for token in tokens:
        item.append(token)
        if token.text in CUTS or token.text in ",;:/|+.→\n":
            row = kept_row(row, item)
            item = []
    kept_row(row, item)


def kept_row(row: list[list[Token]], item: list[Token]) -> list[list[Token]]:
    """The row with one item more, marked once it is long; none if the item is no mere term."""
    spoken = [token.text for token in item if token.text[0].isalnum() and token.text not in CUTS]
    if spoken[:1] and spoken[0] in NAMING and spoken[1:2] and spoken[1] in VERBS:
        spoken = spoken[2:]  # `there is the loss`, `it has small steps`: terms all the same
    if len(spoken) > TERM or not VERBS.isdisjoint(spoken):
        return []
    row = [*row[-ROW:], item] if spoken else row
    if len(row) >= ROW:
        for each in row:
            for token in each:
                token.listed = True
    return row


def negates(before: str, word: str, following: str) -> bool:
    """Whether a word turns what follows into its opposite."""
    if (before, word) in (("instead", "of"), ("rather", "than"), ("as", "if")):
        return True
    amount = word == "nothing" and before in AMOUNTS
    return word in NEGATORS and not amount and f"{word} {following}" not in NOT_NEGATING


def kept_from(tokens: list[Token], i: int) -> bool:
    """Whether a `from` ends `keeps it from`, `stops them from`, …"""
    near = tokens[max(0, i - 4) : i]
    return tokens[i].text == "from" and any(stem(each.text) in HINDER for each in near)


def undo_double(tokens: list[Token]) -> None:
    """`Without X it would not Y` states that X lets it Y; `it is a myth that` denies all."""
    groups: dict[int, list[Token]] = {}
    for token in tokens:
        groups.setdefault(token.sentence, []).append(token)
    for group in groups.values():
        said = [token.text for token in group]
        text = " ".join(said)
        called_wrong = WRONG.match(" ".join(each.text for each in group[:CALLED]))
        if called_wrong or any(untrue in text for untrue in UNTRUE):
            for token in group:
                token.reported = True
        if "without" in said and {"would", "wouldn't", "couldn't", "could", "can't"} & set(said):
            for token in group:
                token.denied = False


def states(tokens: list[Token]) -> bool:
    """Whether words make a statement, and are no list of terms."""
    spoken = [token.text for token in tokens if token.text[0].isalnum()]
    if len(set(spoken)) < FEWEST_WORDS:
        return False
    small = sum(word in PASSED_OVER for word in spoken)
    cuts = 1 + sum(token.text in ",/|;:" for token in tokens)
    item = LIST_ITEM if VERBS.isdisjoint(spoken) else LIST_ITEM_WITH_VERB
    is_list = cuts > 3 and len(spoken) / cuts < item
    formula = any(token.text in "=←" for token in tokens)
    least = LEAST_FUNCTION if VERBS.isdisjoint(spoken) else LEAST_WITH_VERB
    return not is_list and (formula or small / len(spoken) >= least)


def joined(alone: list[Sentence]) -> list[Sentence]:
    """Each sentence, and those that begin with a pronoun once more, behind what it stands for.

    Only the first words of the sentence before are lent: a whole one might lend too much.
    """
    pairs = [
        Sentence(first.tokens[:SUBJECT] + second.tokens, True)
        for first, second in pairwise(alone)
        if first.states and second.states and points_back(second.tokens)
    ]
    return alone + pairs


def points_back(tokens: list[Token]) -> bool:
    """Whether a sentence begins with `it`, `then they`, `and this`, …"""
    first = [token.text for token in tokens[:2]]
    return first[0] in PRONOUNS or (first[0] in LINKS and first[-1] in PRONOUNS)
