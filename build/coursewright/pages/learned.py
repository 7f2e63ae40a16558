"""What a lesson's example sentences teach: trained once, and kept as long as they are the same."""

from teachback.learned import Learned
from teachback.learning import Examples, Said, learn

from ..cache import Cache, digest
from ..language.explanations import Explanations
from ..program import grading


def learned(given: Explanations, cache: Cache) -> Learned:
    """What sentences teach; training takes a second or two, and none if it is in the cache."""
    key = digest("learned", grading(), given.model_dump())
    table = cache.get(key)
    if table is None:
        table = learn(examples_of(given)).as_table()
        cache.put(key, table)
    return Learned.from_table(table)


def examples_of(given: Explanations) -> Examples:
    """Sentences as the grader takes them."""
    criteria = {
        idea: Said(tuple(each.met), tuple(each.partly), tuple(each.missed))
        for idea, each in given.criteria.items()
    }
    misconceptions = {
        idea: Said(tuple(each.says), (), tuple(each.rejects))
        for idea, each in given.misconceptions.items()
    }
    return Examples(criteria, misconceptions, tuple(given.other))
