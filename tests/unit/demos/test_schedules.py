"""The schedules: their shapes, and runs of one model that differ in nothing but the rate."""

import math

import pytest

from demos import schedules
from demos.schedules import plot, schedule, train, verdict


@pytest.mark.parametrize("kind", ["cosine", "WSD"])
def test_a_schedule_climbs_to_its_peak_and_ends_at_its_minimum(kind: str) -> None:
    rate = schedule(kind, 0.01, warmup=10, minimum=20, steps=200)
    assert [rate(step) for step in (0, 10, 20)] == pytest.approx([0, 0.005, 0.01])
    assert max(map(rate, range(201))) == 0.01
    assert rate(200) == pytest.approx(0.002)


def test_wsd_stays_at_its_peak_until_the_last_fifth() -> None:
    rate = schedule("WSD", 0.01, warmup=0, minimum=0, steps=100)
    assert {rate(step) for step in range(81)} == {0.01}
    assert rate(90) == pytest.approx(0.005)


def test_the_plot_says_where_the_peak_is_and_where_it_ends() -> None:
    assert repr(plot()).splitlines()[0] == (
        "0.0006 highest learning rate. Reached after 20 of 1,000 steps; the last step is at "
        "0.00006."
    )
    assert repr(plot("constant", warmup=0)).splitlines()[0] == (
        "0.0006 highest learning rate. From the first step on; it never falls, whatever rate at "
        "the end is asked for."
    )


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "STEPS", 20)


@pytest.mark.usefixtures("short")
def test_runs_are_the_same_but_for_what_is_left_out() -> None:
    bare, constant = ([*train(kind, warmup=0)] for kind in ("constant", "cosine"))
    assert [*bare[-1].losses] == ["your schedule"]
    assert [*constant[-1].losses] == ["your schedule", "without decay"]
    assert constant[-1].losses["without decay"] == bare[-1].losses["your schedule"]
    assert len(bare) == 2


@pytest.mark.usefixtures("short")
def test_until_the_decay_begins_it_makes_no_difference() -> None:
    first, *_, last = train("WSD", warmup=20)  # warm for 4 steps, and falling after 16
    assert first.losses["without decay"] == first.losses["your schedule"]
    assert first.losses["without warm-up"] != first.losses["your schedule"]
    assert last.losses["without decay"] != last.losses["your schedule"]


@pytest.mark.parametrize(
    ("more", "judged"),
    [
        ((0.3, 0.1), "pays off"),
        ((0.3, 0.01), "makes little difference"),
        ((-0.04, 0.01), "makes little difference"),
        ((0.3, -0.1), "costs something"),
    ],
)
def test_the_verdict_follows_from_what_is_lost_without(
    more: tuple[float, float], judged: str
) -> None:
    without = {"without warm-up": 1 + more[0], "without decay": 1 + more[1]}
    found, words = verdict({"your schedule": 1.0, **without})
    assert found == judged
    assert ("lower without decay" in words) == (more[1] < 0)


@pytest.mark.usefixtures("short")
def test_a_run_is_drawn_by_its_own_losses() -> None:
    *_, last = train("constant", warmup=0)
    figure = repr(last).splitlines()[0]
    assert figure.startswith(f"{last.losses['your schedule']:.2f} validation loss after 20 steps.")
    assert math.log(56) * 1.2 > last.losses["your schedule"] > 0.7
