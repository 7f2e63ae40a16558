"""Runs that are judged: as many pictures as promised, and verdicts that hold for what was run."""

from typing import Any

import pytest

from demos.validation import run

CHART = "application/vnd.vegalite.v6+json"
DISPLAYS = "application/vnd.nudge.displays+json"


def test_a_run_starts_too_short_to_tell_and_ends_after_its_last_step() -> None:
    shown = [*run(text=100, width=8, steps=60)]
    assert shown[0].verdict == "too short to tell"
    assert repr(shown[0]).startswith("4.0")
    assert repr(shown[-1]).splitlines()[0].split(". ")[0].endswith("after 60 steps")
    assert len(shown) == 30


@pytest.mark.parametrize("seed", [1, 2])
def test_a_few_sentences_are_learned_by_heart(seed: int) -> None:
    *_, last = run(text=10, width=16, lr=0.03, steps=120, seed=seed)
    assert last.verdict == "overfitting"
    assert last.training < 0.5 < last.lowest + 0.2 < last.validation


def test_a_model_too_small_or_too_slow_underfits() -> None:
    for width, lr in ((4, 0.01), (16, 0.0003)):
        *_, last = run(text=500, width=width, lr=lr, steps=60)
        assert last.verdict == "underfitting"
        assert min(last.training, last.validation) > 1.5


def test_a_picture_holds_both_losses_and_the_evidence() -> None:
    *_, last = run(text=100, width=8, steps=60)
    _, chart, table = last._repr_mimebundle_()[DISPLAYS]
    drawn: dict[str, Any] = chart[CHART]["datasets"]
    assert drawn["line 2"][-1] == {"x": 60.0, "y": pytest.approx(last.training, rel=1e-5)}
    assert drawn["line 3"][-1] == {"x": 60.0, "y": pytest.approx(last.validation, rel=1e-5)}
    assert "evidence" in table["text/plain"]
    assert "suggestion" in table["text/plain"]
