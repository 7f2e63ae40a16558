"""Example sentences that cannot be told apart are found, and named."""

from dataclasses import replace

import gold
import pytest

from teachback import problems
from teachback.doubts import doubts
from teachback.learning import Examples, learn

LOSS = gold.examples("loss")
DIRECTION = LOSS.criteria["direction"]


def with_direction(**lists: tuple[str, ...]) -> Examples:
    """The sentences on the loss, some lists of one criterion replaced."""
    return replace(LOSS, criteria={**LOSS.criteria, "direction": replace(DIRECTION, **lists)})


def test_sentences_in_order_give_no_doubts():
    assert doubts(LOSS) == []


def test_lists_that_are_mixed_up_are_told_with_sentences_that_look_out_of_place():
    right, wrong = DIRECTION.right, DIRECTION.wrong
    mixed = with_direction(
        right=tuple((wrong if i % 2 else right)[i] for i in range(len(wrong))),
        wrong=tuple((right if i % 2 else wrong)[i] for i in range(len(wrong))),
    )
    ((path, told),) = doubts(mixed)
    assert path == ("criteria", "direction")
    assert "under `met` that can be told from those under `missed`" in told
    assert any(repr(text) in told for text in mixed.criteria["direction"].right)


def test_few_sentences_give_no_doubts_as_halves_of_them_teach_little():
    assert doubts(with_direction(right=DIRECTION.wrong[:20], wrong=DIRECTION.right[:10])) == []


@pytest.mark.parametrize("key", ["criteria", "misconceptions"])
def test_lists_that_were_swapped_are_told_as_the_idea_s_own_words_are_not_known(key: str):
    ideas = getattr(LOSS, key)
    first = next(iter(ideas))
    said = ideas[first]
    swapped = {**ideas, first: replace(said, right=said.wrong, wrong=said.right, opposite=())}
    rubric = replace(gold.rubric("loss"), learned=learn(replace(LOSS, **{key: swapped})))
    assert f"{key}[0]" in dict(problems(rubric))
