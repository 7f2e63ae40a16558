"""A task to explain that example sentences teach to grade, for tests: what a half is."""

from itertools import product

import yaml

TASK = """\
teach_back:
  prompt: Explain what a half is.
  follow_up: And a quarter?
  model_answer: A half is one of two parts of the same size.
  rubric: [{id: parts, points: 10, criterion: A half is one of two equal parts.}]
  misconceptions: [{id: third, says: A half is one of three equal parts.}]
"""
OPENINGS = ("A half is", "One half is", "By a half I mean", "half =", "What they call a half is")
EQUAL = (
    "one of two equal parts",
    "one piece of a thing that was cut into two of the same size",
    "either of two parts that are alike in size",
    "what each gets if two people share alike",
)
UNEQUAL = ("one of two parts, however large", "a part of any size")
THIRD = ("one of three equal parts", "a third of the whole")
NO_THIRD = ("not one of three equal parts", "no third")
PEOPLE = ("My sister", "A nurse", "The neighbour", "Our teacher", "He")
DEEDS = ("reads on the train", "bakes bread", "likes the rain", "waits at the window")

KNOWN = "It is one of two parts that are of equal size."
NOT_SO = "It is one of three equal parts, so a third of the whole."


def sentences() -> str:
    """The example sentences, as an explanations file."""
    parts = {"met": said(OPENINGS, EQUAL), "missed": said(OPENINGS, UNEQUAL)}
    third = {"says": said(OPENINGS, THIRD), "rejects": said(OPENINGS, NO_THIRD)}
    told = {"criteria": {"parts": parts}, "misconceptions": {"third": third}}
    return yaml.safe_dump({**told, "other": said(PEOPLE, DEEDS)}, sort_keys=False)


def said(*parts: tuple[str, ...]) -> list[str]:
    """Every way to put one of each together."""
    return [f"{' '.join(each)}." for each in product(*parts)]
