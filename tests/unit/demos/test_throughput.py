"""Throughput: real passes, timed; and words that follow from the times, whatever they are."""

import json

import pytest

from demos import throughput as demo
from demos.throughput import ROUNDS, SIZES, throughput


def test_every_size_is_timed_in_every_round(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    real = demo.flat_gradient
    monkeypatch.setattr(
        demo, "flat_gradient", lambda model, x, y: (seen.append(len(x)), real(model, x, y))[1]
    )
    result = throughput(1)
    assert seen == [*SIZES] * ROUNDS
    assert min(result.rates) > 0
    json.dumps(result._repr_mimebundle_(), allow_nan=False)


def test_rates_and_words_follow_from_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that takes 8 ms for a pass, and 1 ms more for each sequence."""
    now = [0.0]

    def compute(model: object, inputs: list[int], targets: object) -> None:
        now[0] += 0.008 + 0.001 * len(inputs)

    monkeypatch.setattr(demo, "flat_gradient", compute)
    monkeypatch.setattr(demo, "perf_counter", lambda: now[0])
    result = throughput(1)
    assert result.rates == pytest.approx([16 * B / (0.008 + 0.001 * B) for B in SIZES])
    assert result.enough == 32
    assert repr(result).splitlines()[0] == (
        "8 × as many tokens per second in batches of 64 as one sequence at a time. 32 will do: "
        "batches of 32 reach 90 % of the best rate. Measured on the computer that made this page; "
        "press the button to measure yours."
    )
