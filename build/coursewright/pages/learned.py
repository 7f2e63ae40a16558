"""What a lesson's example sentences teach: trained once, and kept as long as they are the same."""

from dataclasses import dataclass

from teachback.doubts import doubts
from teachback.learned import Learned
from teachback.learning import Examples, Said, learn

from ..cache import Cache, digest
from ..language.diagnostics import Path
from ..language.explanations import Explanations
from ..program import grading


@dataclass(frozen=True)
class Taught:
    """What sentences teach, and which of them cannot be told apart: where they stand, and why."""

    learned: Learned
    doubts: list[tuple[Path, str]]


def taught(given: Explanations, cache: Cache) -> Taught:
    """Train on sentences; it takes some seconds, and none if it is in the cache."""
    key = digest("learned", grading(), given.model_dump())
    kept = cache.get(key)
    if kept is None:
        examples = examples_of(given)
        kept = {"table": learn(examples).as_table(), "doubts": doubts(examples)}
        cache.put(key, kept)
    return Taught(
        Learned.from_table(kept["table"]), [(tuple(at), told) for at, told in kept["doubts"]]
    )


def examples_of(given: Explanations) -> Examples:
    """Sentences as the grader takes them."""
    criteria = {
        idea: Said(*map(tuple, (each.met, each.partly, each.missed, each.contradicts)))
        for idea, each in given.criteria.items()
    }
    misconceptions = {
        idea: Said(tuple(each.says), (), tuple(each.rejects))
        for idea, each in given.misconceptions.items()
    }
    return Examples(criteria, misconceptions, tuple(given.other))
