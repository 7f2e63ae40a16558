"""Teacher forcing: one pass gives all signals; on its own, one wrong word leads to others."""

import json
from typing import Any

import numpy as np
import pytest

from demos import micro, teacher_forcing
from demos.teacher_forcing import SAYABLE, STOP, cut, drawn, drift, fits, signals, write
from pyengine import cross_entropy

pytestmark = pytest.mark.usefixtures("recorded")

MAT = "the cat sat on the mat"


def test_six_words_give_six_signals_and_the_full_stop_is_the_sixth() -> None:
    result = signals(MAT, 100)
    assert result.true == ["cat", "sat", "on", "the", "mat", "."]
    assert len(result.losses) == 6


def test_with_the_full_stop_before_it_the_first_word_is_a_signal_instead() -> None:
    assert signals(MAT, 100, "before").true == MAT.split()


def test_each_loss_is_that_of_a_guess_made_from_the_words_before_alone() -> None:
    seen = micro.encode(MAT)
    model = micro.checkpoint(50)
    for i, loss in enumerate(signals(MAT, 50).losses):
        alone = model([seen[: i + 1]]).data[0, -1]
        assert loss == pytest.approx(cross_entropy(alone, [*seen, STOP][i + 1]), abs=1e-4)


def test_a_wrong_guess_does_not_go_in() -> None:
    result = signals(MAT, 100)
    assert result.guesses[4] in {"red", "blue", "green", "yellow"}  # in this world things have one
    assert result.losses[4] > 6
    assert result.guesses[5] == "."  # as it sees "mat", and not its own guess
    wrong = sum(guess != word for guess, word in zip(result.guesses, result.true, strict=True))
    assert result.wrong == wrong
    assert f"wrong at {wrong} of 6 places" in repr(result)


def test_the_mask_shows_a_position_itself_and_what_is_before_it() -> None:
    chart = signals(MAT, 0)._repr_mimebundle_()["application/vnd.nudge.displays+json"][1]
    cells = chart["application/vnd.vegalite.v6+json"]["datasets"]["cells"]
    assert all((cell["size"] == 1) == (cell["column"] <= cell["row"]) for cell in cells)
    json.dumps(chart, allow_nan=False)


@pytest.fixture
def written() -> Any:
    return write(micro.checkpoint(100), sentences=2, slip=3)


def test_the_forced_word_is_one_that_the_model_would_not_write(written: Any) -> None:
    model = micro.checkpoint(100)
    for first, _ in written[:5]:
        p = micro.next_word(model, [STOP, *first[:2]])
        assert p[micro.VOCABULARY[first[2]]] < 0.001


def test_up_to_the_slip_it_writes_what_it_writes_when_left_alone(written: Any) -> None:
    alone = write(micro.checkpoint(100), sentences=1)
    assert [first[:2] for first, _ in written] == [sentence[:2] for (sentence,) in alone]


def test_one_wrong_word_leads_to_others_until_the_sentence_ends() -> None:
    result = drift(100, 3)
    assert result.alone > 0.9
    assert result.rest < 0.25
    assert result.following > 0.9
    assert result.verdict == "one error leads to others"
    assert "[" in repr(result).splitlines()[-1]


def test_a_model_that_is_hardly_trained_errs_of_its_own_accord() -> None:
    assert drift(10, 3).alone < drift(50, 3).alone - 0.1


def test_a_sentence_fits_if_another_word_or_none_makes_it_sayable() -> None:
    def fit(sentence: str) -> bool:
        return fits(tuple(micro.encode(sentence)), 3)

    assert fit("the cat Oslo on the red mat.")  # sat
    assert fit("the cat the sat on the red mat.")
    assert not fit("the cat Oslo is Paris.")
    assert tuple(micro.encode("the cat sat on the red mat.")) in SAYABLE


def test_words_are_drawn_as_often_as_they_are_likely() -> None:
    p = np.tile([0.0, 0.2, 0.8, 0.0], (4000, 1))
    shares = np.bincount(drawn(p, np.random.default_rng(0))[:, 0], minlength=4) / 4000
    assert shares == pytest.approx([0, 0.2, 0.8, 0], abs=0.02)


def test_a_text_is_cut_behind_full_stops() -> None:
    assert cut([5, STOP, 6, 7, STOP, 8], 2) == [(5, STOP), (6, 7, STOP)]
    assert cut([5, STOP, 6], 2) == [(5, STOP), (6,)]


def test_the_share_that_recovers_decides_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teacher_forcing, "fits", lambda sentence, slip: True)
    assert drift(100, 3).verdict == "it recovers at once"
