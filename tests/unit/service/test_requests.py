"""What a request may hold, and how a wrong one is told: stable codes, and nothing echoed."""

import json
from dataclasses import replace

import pytest
from serving_grader import ORIGIN, grader

from teachback.service.grading import MOST_BYTES, MOST_CHARACTERS
from teachback.service.problems import ProblemError
from teachback.service.rubrics import LOOK_EVERY, Rubrics


@pytest.fixture(scope="module")
def service(endpoint, rubrics, tmp_path_factory):
    """One service for all of these."""
    spent = tmp_path_factory.mktemp("requests") / "spent.sqlite3"
    model = {"base_url": endpoint.url, "name": "good"}
    with grader({"rubrics": rubrics, "spent": spent, "model": model}) as running:
        yield running


def test_an_unknown_lesson_is_told(service, body):
    for other in ({"lesson": "no-such"}, {"course": "another"}):
        got = service.post(body | other)
        assert (got.status_code, got.json()["code"]) == (404, "unknown_lesson")


def test_a_rubric_of_another_day_is_told(service, body):
    got = service.post(body | {"rubric_sha": "0" * 64})
    assert (got.status_code, got.json()["code"]) == (409, "stale_rubric")


def test_every_problem_says_that_the_page_can_grade_by_itself(service, body):
    got = service.post(body | {"lesson": "no-such"})
    assert got.headers["content-type"] == "application/problem+json"
    assert got.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "code": "unknown_lesson",
        "detail": "there is no rubric for this course and lesson",
        "fallback": "offline",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer": None},
        {"answer": 7},
        {"answer": ["x"]},
        {"answer": "x" * (MOST_CHARACTERS + 1)},
        {"answer": "\ufdfa" * MOST_CHARACTERS},
        {"rubric_sha": "abc"},
        {"rubric_sha": "A" * 64},
        {"lesson": ""},
        {"lesson": "x" * 101},
        {"course": 1},
        {"rubric": {"criteria": []}},
        {"prompt": "Say hello"},
        {"model": "gpt"},
    ],
)
def test_wrong_fields_are_refused_and_not_echoed(service, endpoint, body, wrong):
    before = len(endpoint.asked)
    got = service.post(body | wrong)
    assert (got.status_code, got.json()["code"]) == (422, "bad_request")
    assert "xxx" not in got.text
    assert "Say hello" not in got.text
    assert len(endpoint.asked) == before


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]x", b"\xff\xfe", b'{"answer": "\\ud800"}', b"[" * 40_000, b'{"a": 1e999999}x'],
)
def test_what_is_not_json_is_told(service, content):
    headers = {"Origin": ORIGIN, "Content-Type": "application/json"}
    got = service.client.post("/v1/grade", content=content, headers=headers)
    assert (got.status_code, got.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("character", ["a", "ж", "字", "😀", '"', "\n", "\u0001"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_four_thousand_characters_of_any_script_fit(service, body, character, ascii_only):
    text = json.dumps(body | {"answer": character * MOST_CHARACTERS}, ensure_ascii=ascii_only)
    headers = {"Origin": ORIGIN, "Content-Type": "application/json"}
    got = service.client.post("/v1/grade", content=text.encode(), headers=headers)
    assert got.status_code == 200


def test_too_many_bytes_are_refused_with_and_without_a_length(service):
    headers = {"Origin": ORIGIN, "Content-Type": "application/json"}
    long = b" " * (MOST_BYTES + 1)
    for content in (long, iter([long[:1000], long[1000:]])):
        got = service.client.post("/v1/grade", content=content, headers=headers)
        assert (got.status_code, got.json()["code"]) == (413, "too_large")
        assert got.headers["connection"] == "close"


def test_a_site_built_again_is_taken_up_and_half_a_build_is_not(rubric, tmp_path):
    file, now = tmp_path / "one.json", [0.0]
    file.write_text(rubric.to_json())
    rubrics = Rubrics(tmp_path, clock=lambda: now[0])
    newer = replace(rubric, prompt="Explain the loop once more.")
    for text in (newer.to_json(), "{half a fi"):
        file.write_text(text)
        now[0] += LOOK_EVERY
        assert rubrics.find(newer.course, newer.lesson, newer.sha) == (newer, newer.sha)
    with pytest.raises(ProblemError, match="stale_rubric"):
        rubrics.find(rubric.course, rubric.lesson, rubric.sha)
