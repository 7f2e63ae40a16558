"""Explaining a lesson back: the rubric that is compiled, what is told of it, who else may grade."""

import hashlib
import html
import json
import re
import subprocess
import sys

import halves
import pytest
from pydantic import TypeAdapter, ValidationError

import teachback
from coursewright import runner
from coursewright.assets import browser_folder
from coursewright.language.course import load_course
from coursewright.language.diagnostics import CourseError
from coursewright.language.grader import Grader
from coursewright.pages import learned
from coursewright.pages.teachback import plain_text
from coursewright.publish.checklist import checklist
from coursewright.publish.lessons import render_lessons
from coursewright.publish.policy import policy
from coursewright.publish.wheels import course_wheel

TASK = """\
teach_back:
  prompt: Explain the **loss** $-\\log p$ & its <sub>value</sub>.
  follow_up: And at {= 2 + 2 =}?
  model_answer: |
    The loss looks at the chance of the right word.

    It is minus the logarithm.
  rubric:
    - id: chance
      points: 6
      criterion: It looks at the *chance*.
      look_for: [chance of the right word]
      contradicts: [counts words]
      examples: {met: "It asks for the chance of the right word."}
    - {id: log, points: 4, criterion: It is a logarithm., look_for: [minus the logarithm]}
  misconceptions:
    - {id: counts, says: It **counts** words., look_for: [counts words], instead: It does not.}
    - {id: time, says: It takes time.}
"""
GRADER = (
    "grader: {url: 'https://grader.example.org/x/', operator: The <school>, passes_to: A & B}\n"
)


@pytest.fixture
def lesson(folder):
    """The file of a lesson that is explained back."""
    file = folder / "lessons" / "one.yml"
    file.write_text(file.read_text() + TASK)
    return file


@pytest.fixture
def rendered(folder, lesson):
    """Renders the course: the page's HTML, and the rubric as it is published."""

    def render():
        lessons = render_lessons(load_course(folder), runtime_bytes=0)
        ((path, text),) = lessons.texts.items()
        assert path == "assets/teachback/one.json"
        return lessons.pages[0].markdown, text

    return render


@pytest.fixture
def rendered_rubric(folder):
    """Renders the course: the one rubric, as it is published."""

    def render():
        texts = render_lessons(load_course(folder), runtime_bytes=0).texts
        (text,) = (each for path, each in texts.items() if "teachback" in path)
        return text

    return render


def attribute(page, name):
    return html.unescape(re.search(rf'<cw-teach-back[^>]* {name}="([^"]*)"', page)[1])


def test_a_rubric_is_compiled_with_its_texts_as_plain_text(rendered):
    _, text = rendered()
    rubric = teachback.Rubric.from_json(text)
    assert (rubric.course, rubric.lesson) == ("tiny", "one")
    assert rubric.prompt == r"Explain the loss -\log p & its value."
    assert rubric.follow_up == "And at 4?"
    assert (
        rubric.model_answer
        == "The loss looks at the chance of the right word.\nIt is minus the logarithm."
    )
    chance, log = rubric.criteria
    assert (chance.criterion, chance.points) == ("It looks at the chance.", 6)
    assert chance.examples == {"met": "It asks for the chance of the right word."}
    assert (chance.contradicts, log.contradicts) == (("counts words",), ())
    counts, time = rubric.misconceptions
    assert (counts.says, counts.instead) == ("It counts words.", "It does not.")
    assert (time.look_for, time.instead) == ((), "")


def test_the_lesson_s_prose_is_in_it_and_nothing_else_of_the_page(rendered):
    said = teachback.Rubric.from_json(rendered()[1]).lesson_text
    assert said.split("\n")[:2] == ["What comes next?", "The loss is 0.69 at one half."]
    assert "And x^2 is a formula." in said
    assert "Twice is more." in said
    assert "Move it." not in said
    assert "chance" not in said


def test_what_the_quiz_and_the_cards_say_must_not_be_copied_either(lesson, rendered_rubric):
    quiz = "[{ask: Is it **late**?, options: [{text: Yes, correct: true, why: It is night.}, "
    quiz += "{text: No, why: It is not day.}, {text: Both, why: It is never both.}]}]"
    cards = "[{front: When is noon?, back: At twelve.}]"
    lesson.write_text(f"{lesson.read_text()}quiz: {quiz}\nflashcards: {cards}\n")
    said = teachback.Rubric.from_json(rendered_rubric()).lesson_text.split("\n")
    asked = {"Is it **late**?", "It is night.", "It is not day.", "When is noon?", "At twelve."}
    assert asked <= set(said)


def test_the_page_says_which_rubric_it_is_about_and_where_it_is(rendered):
    page, text = rendered()
    assert attribute(page, "data-sha") == hashlib.sha256(text.encode()).hexdigest()
    assert attribute(page, "data-rubric") == "../../assets/teachback/one.json"
    assert (attribute(page, "data-course"), attribute(page, "data-lesson")) == ("tiny", "one")
    assert "data-grader" not in page


def test_an_unchanged_lesson_has_the_same_rubric_from_the_shelf(rendered):
    assert rendered() == rendered()


def test_who_else_grades_stands_on_the_page_and_in_its_policy_alone(folder, rendered):
    file = folder / "course.yml"
    file.write_text(file.read_text() + GRADER)
    page, _ = rendered()
    assert attribute(page, "data-grader") == "https://grader.example.org/x/v1/grade"
    assert attribute(page, "data-operator") == "The <school>"
    assert attribute(page, "data-passes-to") == "A & B"
    endpoint = load_course(folder).spec.grader.endpoint
    said = policy([], connect=[endpoint])
    assert "; connect-src 'self' https://grader.example.org/x/v1/grade; " in said
    assert "connect-src 'self';" in policy([])


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://grader.example.org", "https://grader.example.org/v1/grade"),
        ("http://localhost:8000/", "http://localhost:8000/v1/grade"),
        ("http://[::1]:1/a/b", "http://[::1]:1/a/b/v1/grade"),
    ],
)
def test_a_grader_answers_below_its_address(url, endpoint):
    assert Grader(url=url, operator="x").endpoint == endpoint


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.org", "http://localhost.example.org", "ftp://example.org", "example.org"),
        *("https://a.org/?x=1", "https://a.org/#x", "https://me@a.org", "https://a.org 'unsafe'"),
        *("https://a.org;img-src", "https://*.org", "https://a.org,b.org", 'https://a.org"', ""),
    ],
)
def test_an_address_that_could_mean_more_is_refused(url):
    with pytest.raises(ValidationError):
        TypeAdapter(Grader).validate_python({"url": url, "operator": "x"})


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("criteria[0].examples.met", "38:23  teach_back.rubric[0].examples.met"),
        ("criteria.log.look_for[0]", "39:70  teach_back.rubric[1].look_for[0]"),
        ("misconceptions.counts", "41:7  teach_back.misconceptions[0]"),
        ("model_answer", "28:17  teach_back.model_answer"),
        ("", "26:3  teach_back"),
    ],
)
def test_what_the_grader_says_of_a_rubric_is_told_at_its_line(
    folder, lesson, monkeypatch, path, told
):
    monkeypatch.setattr(teachback, "problems", lambda rubric: [(path, f"not so: {rubric.lesson}")])
    for _ in range(2):  # a lesson with a problem is not kept
        with pytest.raises(CourseError) as caught:
            render_lessons(load_course(folder), runtime_bytes=0)
        assert [str(each) for each in caught.value.diagnostics] == [
            f"course/lessons/one.yml:{told}: not so: one"
        ]


def test_a_grader_that_looks_at_no_rubric_is_no_problem(rendered, monkeypatch):
    monkeypatch.delattr(teachback, "problems", raising=False)
    assert rendered()[1]


def test_plain_text_has_a_line_for_each_paragraph_and_formulas_as_latex():
    formula = (
        '<span class="katex">x<annotation encoding="x">p &lt; 1</annotation></span><!--/katex-->'
    )
    assert plain_text(f"<ul><li>a <em>b</em></li><li>c</li></ul><p>{formula} d</p>") == (
        "a b\nc\np < 1 d"
    )


def test_readers_get_what_grades_and_nothing_that_needs_a_server(course, tmp_path):
    files = checklist()
    assert {"teachback/__init__.py", "teachback/rubric.py", "teachback/result.py"} <= files.keys()
    code = (
        "import sys; before = set(sys.modules); import teachback; "
        "print(sorted({n.partition('.')[0] for n in set(sys.modules) - before} "
        "- set(sys.stdlib_module_names)))"
    )
    for name, raw in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(raw)
    assert imported(tmp_path, code) == "['teachback']\n"


def test_a_course_that_explains_nothing_back_carries_no_checklist(folder, lesson, tmp_path):
    carries = b"teachback/checklist.py" in course_wheel(load_course(folder), tmp_path).read_bytes()
    lesson.write_text(lesson.read_text().replace(TASK, ""))
    lacks = b"teachback/" not in course_wheel(load_course(folder), tmp_path).read_bytes()
    assert (carries, lacks) == (True, True)


def test_the_runner_grades_as_the_page_asks_it_to(rendered):
    given = {"rubric": rendered()[1], "answer": "It looks at the chance of the right word."}
    (display,) = json.loads(runner.run("@grade", json.dumps(given)))["displays"]
    result = display[runner.GRADE]
    assert [each["id"] for each in result["criteria"]] == ["chance", "log"]
    assert (result["out_of"], result["graded_by"]["kind"]) == (10, "checklist")


@pytest.fixture
def taught(folder):
    """The file of example sentences of a lesson whose rubric has no phrases."""
    lesson, file = folder / "lessons" / "one.yml", folder / "explanations" / "one.yml"
    lesson.write_text(lesson.read_text() + halves.TASK)
    file.parent.mkdir()
    file.write_text(halves.sentences())
    return file


def graded(rubric: str, answer: str) -> tuple[str, list[str]]:
    """The verdict on the one criterion, and the misconceptions, as the page is told them."""
    given = json.dumps({"rubric": rubric, "answer": answer})
    (display,) = json.loads(runner.run("@grade", given))["displays"]
    (criterion,) = display[runner.GRADE]["criteria"]
    return criterion["verdict"], [each["id"] for each in display[runner.GRADE]["misconceptions"]]


def test_the_runner_grades_by_what_example_sentences_teach(taught, rendered_rubric):
    rubric = rendered_rubric()
    assert list(teachback.Rubric.from_json(rubric).learned.weights) == ["parts", "third", ""]
    assert graded(rubric, halves.KNOWN) == ("met", [])
    assert graded(rubric, halves.NOT_SO) == ("missed", ["third"])


def test_sentences_are_learnt_from_once_as_long_as_they_are_the_same(
    folder, taught, rendered_rubric, monkeypatch
):
    times, lesson = [], folder / "lessons" / "one.yml"
    learn = learned.learn
    monkeypatch.setattr(learned, "learn", lambda given: times.append(1) or learn(given))
    first = rendered_rubric()
    lesson.write_text(lesson.read_text().replace("And a quarter?", "And an eighth?"))
    second = rendered_rubric()
    assert (len(times), first == second) == (1, False)
    taught.write_text(taught.read_text().replace("bakes bread", "bakes cakes"))
    assert rendered_rubric() != second
    assert len(times) == 2


def test_a_rubric_with_phrases_and_example_sentences_is_graded_by_these(
    folder, taught, rendered_rubric
):
    lesson = folder / "lessons" / "one.yml"
    lesson.write_text(lesson.read_text().replace("equal parts.}", "equal parts., look_for: [of]}"))
    assert graded(rendered_rubric(), halves.KNOWN) == ("met", [])


def test_a_rubric_that_is_none_is_an_error_in_words():
    said = json.loads(runner.run("@grade", '{"rubric": "{}", "answer": "a"}'))["error"]
    assert said["type"] == "RubricError"
    assert said["message"].startswith("expected a rubric as JSON")


def test_the_page_s_scores_are_python_s():
    file = browser_folder() / "test" / "teachback-scores.json"  # which its own tests compute again
    for case in json.loads(file.read_text()):
        ids = {str(i): points for i, points in enumerate(case["points"])}
        criteria = tuple(teachback.Criterion(id, points, "x") for id, points in ids.items())
        verdicts = dict(zip(ids, case["verdicts"], strict=True))
        rubric = teachback.Rubric("c", "l", "p", criteria)
        assert teachback.score(rubric, verdicts, case["misconceptions"]) == case["score"]


def imported(place, code):
    """What a program prints that sees nothing but the standard library and one folder."""
    command = [
        sys.executable,
        "-S",
        "-I",
        "-c",
        f"import sys; sys.path.insert(0, {str(place)!r}); {code}",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
