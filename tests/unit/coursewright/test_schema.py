"""The JSON Schema that editors get says what the lesson language says."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from coursewright.cli import main
from coursewright.language.blocks import Block
from coursewright.language.explanations import Explanations
from coursewright.language.load import load
from coursewright.language.nodes import variants
from coursewright.language.spec import CourseSpec, Lesson
from coursewright.language.syntax import Loader

ROOT = Path(__file__).parents[3]
LESSONS = [*ROOT.glob("course/lessons/*.yml"), *ROOT.glob("tests/e2e/*/course/lessons/*.yml")]

EXPLANATIONS = [*ROOT.glob("course/explanations/*.yml")]
COURSES = [ROOT / "course/course.yml", *ROOT.glob("tests/e2e/*/course/course.yml")]


@pytest.fixture
def validator(capsys):
    """What an editor does with the schema that the command prints."""

    def of(kind: str) -> Draft202012Validator:
        assert main(["schema", kind]) == 0
        schema = json.loads(capsys.readouterr().out)
        Draft202012Validator.check_schema(schema)
        return Draft202012Validator(schema)

    return of


@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_lessons_that_hold_are_valid(validator, file):
    model, source = load(Lesson, file, file.name)
    assert (model is not None, source.problems) == (True, [])
    # As an editor reads it: with YAML's own guesses of types.
    assert list(validator("lesson").iter_errors(yaml.load(file.read_text(), Loader))) == []


@pytest.mark.parametrize("file", COURSES, ids=lambda file: file.parent.parent.name)
def test_courses_that_hold_are_valid(validator, file):
    assert load(CourseSpec, file, file.name)[1].problems == []
    assert list(validator("course").iter_errors(yaml.load(file.read_text(), Loader))) == []


@pytest.mark.parametrize("file", EXPLANATIONS, ids=lambda file: file.stem)
def test_example_sentences_that_hold_are_valid_and_too_few_are_not(validator, file):
    assert load(Explanations, file, file.name)[1].problems == []
    given = yaml.load(file.read_text(), Loader)
    assert list(validator("explanations").iter_errors(given)) == []
    assert not validator("explanations").is_valid({**given, "other": given["other"][:19]})


def test_text_may_look_like_something_else(validator):
    lesson = yaml.load(LESSONS[0].read_text(), Loader)
    for title in (1984, True, 12.5):
        assert validator("lesson").is_valid({**lesson, "title": title})


@pytest.mark.parametrize(
    "change", [{"titel": "x"}, {"minutes": "many"}, {"sections": []}, {"id": "Not An Id"}]
)
def test_what_the_language_refuses_an_editor_marks_too(validator, change):
    lesson = yaml.load(LESSONS[0].read_text(), Loader)
    assert not validator("lesson").is_valid({**lesson, **change})


def test_every_block_is_described(validator):
    schema = validator("lesson").schema
    described = {name: definition["description"] for name, definition in schema["$defs"].items()}
    for key, cls in variants(Block).items():
        assert described[cls.__name__], key
