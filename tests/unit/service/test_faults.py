"""Whatever an endpoint does, the learner gets a result in time, and is told who graded."""

import time

import pytest

MODEL_ANSWERS_YET = [
    "fenced",
    "no-schema",
    "no-bounds",
    "reasoning",
    "silent-usage",
    "no-tokens",
    "less-than-no-tokens",
    "absurd-tokens",
]
FIRST_FAULTS = [
    "429",
    "500",
    "503",
    "truncated",
    "wrong-schema",
    "prose",
    "partial",
    "shut",
    "bare-list",
]
FAULTS = {
    "429": "not available",
    "429-later": "not available",
    "500": "not available",
    "503": "not available",
    "400": "not available",
    "401": "not available",
    "404": "not available",
    "redirect": "not available",
    "bare-list": "could not be read",
    "html": "could not be read",
    "huge": "could not be read",
    "no-choices": "could not be read",
    "packed": "could not be read",
    "partial": "could not be read",
    "prose": "could not be read",
    "truncated": "could not be read",
    "wrong-schema": "could not be read",
    "empty": "declined",
    "filtered": "declined",
    "no-content": "declined",
    "refusal": "declined",
    "shut": "could not be reached",
    "drip": "did not answer in time",
    "hang": "did not answer in time",
}
FORMS = {"no-bounds": 1, "no-schema": 2, "fenced": 3}  # how often each refuses before it answers


@pytest.mark.parametrize(("habit", "says"), FAULTS.items())
def test_a_fault_leaves_the_checklists_result_which_says_so(serve, ask, habit, says):
    service = serve(habit, model={"total_seconds": 1.5, "read_seconds": 1})
    started = time.monotonic()
    response = ask(service)
    assert time.monotonic() - started < 1.5 + 3  # the checklist, on a busy machine
    got = response.json()
    assert response.status_code == 200
    assert got["graded_by"]["kind"] == "checklist"
    assert says in got["graded_by"]["note"]
    assert "checklist" in got["graded_by"]["note"]
    assert len(got["criteria"]) == 5


@pytest.mark.parametrize(("form", "refusals"), FORMS.items())
@pytest.mark.parametrize(("habit", "says"), FAULTS.items())
def test_a_fault_after_stepping_down_leaves_a_result_too(
    serve, ask, endpoint, form, refusals, habit, says
):
    patience = 1 if says == "did not answer in time" else 5
    habits = ",".join([form] * refusals + [habit])
    before = len(endpoint.asked)
    got = ask(serve(habits, model={"total_seconds": patience}))
    assert got.status_code == 200
    assert got.json()["graded_by"]["kind"] == "checklist"
    assert says in got.json()["graded_by"]["note"]
    assert len(endpoint.asked) > before + refusals


@pytest.mark.parametrize("habit", MODEL_ANSWERS_YET)
def test_an_endpoint_that_knows_less_is_asked_in_its_own_way(serve, ask, habit):
    got = ask(serve(habit)).json()
    assert got["graded_by"]["kind"] == "model"
    assert got["score"] == 8


@pytest.mark.parametrize("habit", FIRST_FAULTS)
def test_one_fault_is_made_good_by_asking_again(serve, ask, endpoint, habit):
    before = len(endpoint.asked)
    got = ask(serve(f"{habit},good")).json()
    assert got["graded_by"]["kind"] == "model"
    assert len(endpoint.asked) == before + 2


@pytest.mark.parametrize("habit", ["401", "404", "redirect", "429-later", "huge", "html"])
def test_what_asking_again_cannot_help_is_asked_once(serve, ask, endpoint, habit):
    before = len(endpoint.asked)
    ask(serve(f"{habit},good"))
    assert len(endpoint.asked) == before + 1


def test_a_form_that_works_is_remembered(serve, ask, endpoint):
    service, before = serve("no-schema"), len(endpoint.asked)
    ask(service)
    assert len(endpoint.asked) == before + 3  # bounded, strict, object
    ask(service, "The model gives every possible word a probability, I think.")
    assert len(endpoint.asked) == before + 4
    assert endpoint.asked[-1]["response_format"] == {"type": "json_object"}


def test_a_repair_says_what_was_wrong_and_gives_more_room(serve, ask, endpoint):
    ask(serve("truncated,good"))
    first, second = endpoint.asked[-2:]
    assert "not a complete JSON object" in second["messages"][-1]["content"]
    assert second["max_tokens"] == 2 * first["max_tokens"]


def test_redirects_are_not_followed_and_take_no_key_along(serve, ask, endpoint):
    ask(serve("redirect", model={"api_key": "sk-somewhere-else"}))
    assert {"elsewhere": "reached"} not in endpoint.headers


def test_an_endpoint_that_is_not_there_is_no_error(serve, ask):
    got = ask(serve(model={"base_url": "http://127.0.0.1:9/v1"})).json()
    assert "could not be reached" in got["graded_by"]["note"]


def test_five_megabytes_are_not_read(serve, ask):
    from standin import said

    service = serve("huge", model={"reply_bytes": 2000})
    assert '"trouble": "too large"' in (ask(service), service.log)[1]
    assert len(str(said(""))) < 2000
