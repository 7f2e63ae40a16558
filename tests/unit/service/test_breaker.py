"""An endpoint that fails again and again is left alone for a while, then tried by one request."""

import asyncio

import pytest

from teachback.service.breaker import Breaker
from teachback.service.model import ModelGrader
from teachback.service.settings import ModelSettings


@pytest.fixture
def now() -> list[float]:
    """A clock that a test moves."""
    return [100.0]


@pytest.fixture
def breaker(now) -> Breaker:
    """Opens at three failures, for sixty seconds."""
    return Breaker(3, 60, clock=lambda: now[0])


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        assert breaker.enter()
        breaker.failure()


def test_failures_in_a_row_open_it(breaker):
    fail(breaker, 2)
    assert breaker.state == "closed"
    fail(breaker, 1)
    assert (breaker.state, breaker.enter()) == ("open", False)


def test_a_success_between_failures_starts_the_count_anew(breaker):
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.state == "closed"


def test_after_its_rest_one_may_try_and_success_closes_it(breaker, now):
    fail(breaker, 3)
    now[0] += 59.9
    assert not breaker.enter()
    now[0] += 0.2
    assert [breaker.enter(), breaker.enter()] == [True, False]
    breaker.succeeded()
    assert (breaker.state, breaker.enter()) == ("closed", True)


def test_a_failed_try_opens_it_for_another_rest(breaker, now):
    fail(breaker, 3)
    now[0] += 60
    assert breaker.enter()
    breaker.failure()
    assert not breaker.enter()
    now[0] += 60
    assert breaker.enter()


def test_who_leaves_while_trying_lets_another_try(breaker, now):
    fail(breaker, 3)
    now[0] += 60
    assert breaker.enter()
    breaker.gave_up()
    assert breaker.enter()


def test_the_endpoint_is_not_asked_while_it_rests_and_asked_once_after(
    endpoint, rubric, answer, now
):
    model = ModelSettings(base_url=endpoint.url, name="401,401,good", failures=2)
    grader = ModelGrader(model, clock=lambda: now[0])
    before = len(endpoint.asked)

    async def story() -> list[str]:
        kinds = [(await grader.grade(rubric, answer)).graded_by for _ in range(4)]
        now[0] += model.rest_seconds
        kinds.append((await grader.grade(rubric, answer)).graded_by)
        await grader.asker.close()
        return [each.kind for each in kinds]

    assert asyncio.run(story()) == ["checklist"] * 4 + ["model"]
    assert len(endpoint.asked) == before + 3


def test_words_that_cannot_be_read_are_no_failure_of_the_endpoint(endpoint, rubric, answer):
    grader = ModelGrader(ModelSettings(base_url=endpoint.url, name="prose", failures=1))
    assert grader.grade_now(rubric, answer).graded_by.kind == "checklist"
    grader.close_now()
    assert grader.breaker.state == "closed"
