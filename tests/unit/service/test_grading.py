"""A fair request gets a result: from the model, its quotes checked and its score computed."""

import json

import pytest

from teachback import Result, Rubric
from teachback.service.model import ModelGrader
from teachback.service.settings import ModelSettings


def test_a_model_labels_and_code_scores(serve, ask):
    got = ask(serve()).json()
    assert {each["id"]: each["verdict"] for each in got["criteria"]} == {
        "forward": "met",
        "loss": "met",
        "backward": "met",
        "optimize": "met",
        "generalize": "missed",
    }
    assert got["score"] == 8
    assert got["out_of"] == 10
    assert got["graded_by"]["kind"] == "model"
    assert got["graded_by"]["name"] == "good"


def test_quotes_are_the_learners_words_as_they_stand(serve, ask, answer):
    got = ask(serve()).json()
    quotes = [each["quote"] for each in got["criteria"] if each["verdict"] == "met"]
    assert len(quotes) == 4
    assert all(quote in answer for quote in quotes)


def test_a_result_has_the_fields_of_the_offline_result_and_no_other(serve, ask, rubric):
    from teachback import grade

    got, offline = ask(serve()).json(), json.loads(json.dumps(grade(rubric, "Hm.").as_dict()))
    assert list(got) == list(offline)
    assert list(got["criteria"][0]) == list(offline["criteria"][0])
    assert list(got["graded_by"]) == list(offline["graded_by"])


@pytest.mark.parametrize("answer", ["", ":", "Thought process:", "....", "Let me explain:"])
def test_hollow_answers_score_nothing_and_nobody_is_asked(serve, ask, endpoint, answer):
    before = len(endpoint.asked)
    got = ask(serve(), answer).json()
    assert got["score"] == 0
    assert got["graded_by"]["kind"] == "checklist"
    assert len(endpoint.asked) == before


def test_the_model_is_told_no_points_and_no_score_is_asked_of_it(serve, ask, endpoint):
    ask(serve())
    asked = endpoint.asked[-1]
    rubric = asked["messages"][1]["content"]
    assert "points" not in rubric
    schema = asked["response_format"]["json_schema"]["schema"]
    label = schema["properties"]["criteria"]["items"]
    assert list(label["properties"]) == ["id", "quote", "reason", "verdict"]
    assert "score" not in json.dumps(schema)


def test_the_schema_names_the_ids_and_allows_nothing_else(serve, ask, endpoint, rubric):
    ask(serve())
    format_ = endpoint.asked[-1]["response_format"]["json_schema"]
    label = format_["schema"]["properties"]["criteria"]["items"]
    assert format_["strict"] is True
    assert label["properties"]["id"]["enum"] == rubric.criterion_ids()
    assert label["properties"]["quote"]["maxLength"] == 300
    assert label["additionalProperties"] is False
    assert format_["schema"]["additionalProperties"] is False


def test_each_request_has_a_tag_of_its_own(serve, ask, endpoint):
    service = serve()
    tags = set()
    for n in range(3):
        ask(service, f"The model gives every next word a probability, {n} times.")
        user = endpoint.asked[-1]["messages"][1]["content"]
        tags.add(user.partition("<answer-")[2].partition(">")[0])
    assert len(tags) == 3


def test_what_nobody_sees_is_not_sent(serve, ask, endpoint):
    ask(serve(), "The model\u200b gives\u202e every\x07 word a\U000e0041 probability.")
    user = endpoint.asked[-1]["messages"][1]["content"]
    assert "The model gives every word a probability." in user


def test_the_same_explanation_is_asked_about_once(serve, ask, endpoint):
    service, before = serve(), len(endpoint.asked)
    first, second = ask(service).json(), ask(service).json()
    assert first == second
    assert len(endpoint.asked) == before + 1
    assert '"cached": true' in service.log


def test_nothing_is_kept_if_the_operator_says_so(serve, ask, endpoint):
    service, before = serve(limits={"cache_seconds": 0}), len(endpoint.asked)
    ask(service)
    ask(service)
    assert len(endpoint.asked) == before + 2


def test_a_checklists_result_is_not_kept_in_place_of_the_models(serve, ask):
    service = serve("prose,prose,good")
    assert ask(service).json()["graded_by"]["kind"] == "checklist"
    assert ask(service).json()["graded_by"]["kind"] == "model"


def test_an_operator_can_compare_models_without_a_server(endpoint, rubric: Rubric, answer: str):
    grader = ModelGrader(ModelSettings(base_url=endpoint.url, name="good"))
    results = [grader.grade_now(rubric, answer) for _ in range(2)]
    grader.close_now()
    assert all(isinstance(each, Result) for each in results)
    assert [each.score for each in results] == [8, 8]
