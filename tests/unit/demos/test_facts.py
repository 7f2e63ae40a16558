"""What the lessons state of runs: each function measures what its name says."""

import pytest

from demos import facts, micro

pytestmark = pytest.mark.usefixtures("recorded")

FRANCE = "the capital of France is"


def test_the_chance_of_all_capitals_is_that_of_the_eight_cities_together() -> None:
    cities = ["Paris", "Rome", "Madrid", "Tokyo", "Cairo", "Nairobi", "Lima", "Oslo"]
    believed = micro.next_word(micro.checkpoint(10), micro.encode(FRANCE))
    together = sum(believed[city] for city in cities)
    assert facts.chance_of_capitals("France", 10) == pytest.approx(together)


def test_frequent_words_are_the_first_thing_a_model_expects() -> None:
    untrained, early = (facts.chance_of_frequent(FRANCE, percent) for percent in (0, 1))
    assert untrained == pytest.approx(5 / facts.words_known(), rel=0.3)
    assert early > 2 * untrained


def test_work_grows_with_steps_and_faster_with_width() -> None:
    assert facts.work(32, 500) == 2 * facts.work(32, 250)
    assert facts.work(64, 250) > 2 * facts.work(32, 250)


def test_five_losses_of_the_sentence_fall_and_one_grows() -> None:
    assert [facts.fallen(place) > 0 for place in range(6)] == [True] * 4 + [False, True]


def test_a_product_too_small_for_32_bits_is_0() -> None:
    assert facts.product(0.5, 4) == 1 / 16
    assert facts.product(0.3, 100) == 0


@pytest.mark.parametrize(("lr", "ends"), [(0.01, "crawls"), (1.01, "diverges")])
def test_a_descent_ends_as_its_demo_says(lr: float, ends: str) -> None:
    assert facts.descent_ends(lr) == ends


def test_a_walk_ends_as_its_demo_says() -> None:
    assert facts.walk_ends("Adam", "upper right", "tilted valley") == "bounces"


def test_what_a_run_loses_without_a_part_of_its_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts.schedules, "STEPS", 20)
    facts.trained.cache_clear()
    *_, last = facts.schedules.train(peak=0.01)
    without, whole = last.losses["without decay"], last.losses["your schedule"]
    assert facts.higher_without("decay", 0.01) == without - whole
    facts.trained.cache_clear()
