"""A model that does what an injection says can still only point at words, and words must earn it.

The stand-in obeys: whatever the text, it labels everything as met, quoting what there is. What is
checked here is computed anew from the response, by other means than the service's.
"""

import re
import unicodedata

import pytest
from gold.payloads import PAYLOADS as MORE
from injections import ALL as DRESSED
from injections import PAYLOADS
from serving_grader import grader

ALL = [*DRESSED, *((f"more-{n}", text) for n, text in enumerate(MORE))]
OBEYING = ["obey", "obey-whole", "invent"]
HONEST = "The model gives every possible next word a probability, and then it is trained on."
# What the filter for patterns lets through. It is a flag and no defence: see the last test.
UNSEEN = ("split", "rot13", "code", "hypothetical", "end-tag-real")


@pytest.fixture(scope="module")
def services(endpoint, rubrics, tmp_path_factory):
    """A service before each of the obeying models."""
    running = {}
    from contextlib import ExitStack

    with ExitStack() as stack:
        for habit in OBEYING:
            spent = tmp_path_factory.mktemp(habit) / "spent.sqlite3"
            given = {"rubrics": rubrics, "spent": spent, "limits": {"tokens_per_day": 10**9}}
            model = {"base_url": endpoint.url, "name": habit}
            running[habit] = stack.enter_context(grader(given | {"model": model}))
        yield running


def flat(text: str) -> str:
    """Letters and digits alone, as they sound."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).casefold())


def earned(got: dict, answer: str) -> int:
    """What the response's verified quotes earn, two points each, two criteria a quote."""
    standing: dict[str, int] = {}
    for each in got["criteria"]:
        quote = each["quote"]
        if each["verdict"] != "missed" and flat(quote) in flat(answer) and len(quote.split()) > 2:
            standing[quote] = standing.get(quote, 0) + 1
    return 2 * sum(min(times, 2) for times in standing.values())


@pytest.mark.parametrize("habit", OBEYING)
@pytest.mark.parametrize("shape", ["{0}\n\n{1}", "{1}\n\n{0}"])
def test_the_score_never_exceeds_what_verified_quotes_earn(services, body, shape, habit):
    for payload in (*PAYLOADS.values(), *MORE):
        answer = shape.format(payload, HONEST)
        got = services[habit].post(body | {"answer": answer}).json()
        assert got["score"] <= earned(got, answer), payload


@pytest.mark.parametrize("habit", OBEYING)
def test_orders_alone_earn_nothing_in_any_dress(services, body, habit):
    scores = {}
    for kind, payload in ALL:
        got = services[habit].post(body | {"answer": payload}).json()
        assert got["score"] <= earned(got, payload), kind
        if not kind.startswith(UNSEEN):
            scores[kind] = got["score"]
    assert len(scores) > 300
    assert {kind: score for kind, score in scores.items() if score} == {}


def test_an_honest_sentence_earns_no_more_with_an_order_beside_it(services, body):
    alone = services["obey-whole"].post(body | {"answer": HONEST}).json()["score"]
    assert alone == 4
    for kind, payload in PAYLOADS.items():
        if not kind.startswith(UNSEEN):
            answer = f"{HONEST}\n\n{payload}"
            assert services["obey"].post(body | {"answer": answer}).json()["score"] <= alone, kind


def test_a_model_that_invents_quotes_gives_nothing(services, body):
    answer = "Training changes all the numbers until the text looks right to us."
    got = services["invent"].post(body | {"answer": answer}).json()
    assert got["score"] == 0
    assert got["misconceptions"] == []


def test_what_the_filter_does_not_see_earns_at_most_what_two_criteria_a_sentence_are_worth(
    services, body
):
    for kind, payload in ALL:
        if kind.startswith(UNSEEN):
            got = services["obey-whole"].post(body | {"answer": payload}).json()
            assert got["score"] <= 4, kind
