"""What "Writing a lesson" shows can be copied and works, every piece of it."""

import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
import yaml
from tiny import COURSE, LESSON

import teachback
from coursewright.cli import main
from coursewright.language.course import load_course
from coursewright.language.spec import CourseSpec
from coursewright.publish.frames import report
from coursewright.publish.lessons import render_lessons
from coursewright.testing.page import described
from coursewright.words import english
from pyengine import Trainer

PAGE = Path(__file__).parents[3] / "docs" / "authors.md"
FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"(?:^    .*\n)+", re.MULTILINE)
ROW = re.compile(r"^\| `(x: \{.*\})` \|", re.MULTILINE)
FILLED = {"low": "0", "high": "10", "…": "A label"}


def snippets(page: Path) -> list[str]:
    """Every piece of code that a page shows, between fences or indented."""
    text = page.read_text()
    return [*FENCED.findall(text), *map(dedent, INDENTED.findall(FENCED.sub("", text)))]


def snippet(start: str) -> str:
    """The piece of the page that begins with some words."""
    (found,) = [each for each in snippets(PAGE) if each.startswith(start)]
    return found


@pytest.fixture
def guide(folder):
    """The course that the page shows, where `main` is called."""
    engine = str(PAGE.parents[1] / "pyengine")
    settings = snippet("# course/course.yml").replace("../pyengine", engine)
    (folder / "course.yml").write_text(settings)
    (folder / "lessons" / "one.yml").unlink()
    blocks = indent(snippet("- steps:"), "      ")
    (folder / "lessons" / "first.yml").write_text(snippet("id: first") + blocks + snippet("quiz:"))
    (folder / "images").mkdir()
    (folder / "images" / "curve.svg").write_text("<svg/>")
    (folder / "demos" / "numbers.py").write_text(snippet("# demos/numbers.py"))
    return folder


def the_lesson(guide, capsys):
    lessons = render_lessons(load_course(guide), runtime_bytes=0)
    assert re.search(r"4\.00.{,80}apples", lessons.pages[0].markdown)
    assert report(lessons.frames) == snippet("Demos that").rstrip("\n")


def the_sentences(guide, capsys):
    """All that is wrong with them is how few a page has room for."""
    (guide / "explanations").mkdir()
    (guide / "explanations" / "first.yml").write_text(snippet("criteria:"))
    assert main(["check"]) == 1
    said = capsys.readouterr().err.partition("\n")[2].splitlines()
    fewest = [
        re.search(r": expected at least (\d+) sentences, got \d+; ", line)[1] for line in said
    ]
    about = re.findall(r"^ *(\w+): +#.*?(\d+)", snippet("criteria:"), re.MULTILINE)
    kinds = [re.search(r"(\w+): expected", line)[1] for line in said]
    assert dict(zip(kinds, fewest, strict=True)) == dict(about)


def the_folder(guide, capsys):
    names = re.findall(r"^  (\S+)", snippet("course/\n"), re.MULTILINE)
    assert len(names) == 3
    assert [name for name in names if not [*guide.glob(name.replace("NAME", "*"))]] == []


def the_settings(guide, capsys):
    every = re.sub(r"^# (?!course/)", "", snippet("# course/course.yml"), flags=re.MULTILINE)
    spec = CourseSpec.model_validate(yaml.safe_load(every))
    assert (spec.wheels, spec.pyodide, spec.claims) != ([], [], [])
    assert spec.concepts["loss"].words == ["loss", "cross-entropy"]


def a_wrong_step(guide, capsys):
    assert edited(guide, "step: 1,", "step: 0,", capsys) == snippet("course/lessons/first.yml:22")


def a_slip(guide, capsys):
    said = edited(guide, "title: A first lesson", "title: Step 1: how wrong", capsys)
    assert said.split() == snippet("course/lessons/first.yml:2:8").split()


def edited(guide: Path, old: str, new: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What `check` says of the page's lesson with a piece replaced, without the count."""
    file = guide / "lessons" / "first.yml"
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))
    assert main(["check"]) == 1
    return capsys.readouterr().err.partition("\n")[2]


def the_report(guide, capsys):
    shown = [form(line) for line in snippet("In Python").splitlines()]
    head, fine, browser, failed, problem, end = shown
    there = {"browser": "Chrome/1", "versions": {"python": "3.14.2", "pyodide": "314.0"}}
    assert form(f"In {described(there, 1.0)}:") == browser
    assert main(["test"]) == 0
    assert [form(line) for line in capsys.readouterr().out.splitlines()][:2] == [head, fine]
    file = guide / "lessons" / "first.yml"
    file.write_text(file.read_text().replace("twice == 4", "twice == 5"))
    assert main(["test"]) == 1
    said = [form(line) for line in capsys.readouterr().out.splitlines()]
    assert [said[0], said[1], said[-1]] == [head, failed, end]
    assert said[2].split()[0] == problem.split()[0]


def form(line: str) -> str:
    """A line with each number as 0, and single spaces."""
    return re.sub(r" +", " ", re.sub(r"\d+(\.\d+)*", "0", line))


def the_commands(guide, capsys):
    for line in snippet("coursewright export").splitlines():
        words = line.partition("#")[0].replace("LESSON", "first").split()
        if words[1] == "import":
            shutil.copy("notebooks/first.ipynb", words[-1])
        assert main(words[1:]) == 0, capsys.readouterr().err
    assert (guide / "lessons" / "notes.yml").is_file()


def the_other_builder(guide, capsys):
    project = tomllib.loads(snippet("[project]"))["project"]
    assert project["theme"] == {"font": False}  # tests/site builds with it


def a_run_goes_on(guide, capsys):
    """A run that was kept after its third picture goes on with the same fourth."""
    names: dict[str, Any] = {}
    exec(snippet("# demos/training.py"), names)
    whole = [chart for chart, _ in zip(names["train"](0.01), range(4), strict=False)]
    made: list[Trainer] = []
    first = names["train"](0.01, resume=lambda run: made.append(run) or run)
    for _ in range(3):
        next(first)
    kept = made[0].checkpoint()

    def resume(run: Trainer) -> Trainer:
        run.restore(kept)
        return run

    fourth = next(names["train"](0.01, resume=resume))
    assert fourth._repr_mimebundle_() == whole[3]._repr_mimebundle_()


def the_words(guide, capsys):
    """What is translated there is right, and its beginning is what the command prints."""
    assert snippet("coursewright words").startswith("coursewright words > course/words/de.json")
    assert main(["words"]) == 0
    printed = capsys.readouterr().out
    (guide / "words").mkdir()
    with (guide / "course.yml").open("a") as course:
        course.write("words: words/de.json\n")
    for text, missing in ((printed, 0), (snippet('{\n  "quiz'), len(english()) - 3)):
        (guide / "words" / "de.json").write_text(text, encoding="utf-8")
        notes = [note.message.split()[3] for note in load_course(guide).notes]
        assert notes == ([str(missing)] if missing else [])


CHECKS: dict[str, Callable[[Path, pytest.CaptureFixture[str]], None]] = {
    "course/\n": the_folder,
    "# course/course.yml": the_settings,
    "course/lessons/first.yml:22": a_wrong_step,
    "In Python": the_report,
    "course/lessons/first.yml:2:8": a_slip,
    "id: first": the_lesson,
    "- steps:": the_lesson,
    "quiz:": the_lesson,
    "criteria:": the_sentences,
    "# demos/numbers.py": the_lesson,
    "# demos/training.py": a_run_goes_on,
    "Demos that": the_lesson,
    "coursewright words": the_words,
    '{\n  "quiz': the_words,
    "coursewright export": the_commands,
    "[project]": the_other_builder,
}


def test_every_piece_of_the_page_is_looked_at():
    looked_at = [[start for start in CHECKS if each.startswith(start)] for each in snippets(PAGE)]
    assert sorted(start for found in looked_at for start in found) == sorted(CHECKS)
    assert [len(found) for found in looked_at] == [1] * len(looked_at)


@pytest.mark.parametrize("check", dict.fromkeys(CHECKS.values()), ids=lambda check: check.__name__)
def test_what_the_page_shows_is_so(check, guide, capsys):
    check(guide, capsys)


def test_every_control_of_the_table_can_be_copied(folder):
    rows = ROW.findall(PAGE.read_text())
    assert len(rows) == PAGE.read_text().count("\n| `x: {")
    demo = LESSON[LESSON.index("      - demo:") : LESSON.index("      - callout:")]
    shown, control = "", re.compile(r"x: \{.*\}")
    for i, row in enumerate(rows):
        filled = re.sub(r"\b(low|high)\b|…", lambda word: FILLED[word[0]], row)
        own = re.sub(r"run: .*", "code: 'def show(x): return x'", demo)
        own = own.replace("id: doubler", f"id: demo-{i}").replace(
            "          expect: result == 4\n", ""
        )
        shown += control.sub(lambda _, filled=filled: filled, own)
    (folder / "course.yml").write_text(COURSE)
    (folder / "lessons" / "one.yml").write_text(LESSON.replace(demo, shown))
    load_course(folder)


SAID = {
    "small step downhill": "It goes downhill in small steps.",
    "memorize|by_heart text": "It has learnt the text by heart.",
    "not change the weights": "The backward pass does not change the weights.",
    "low probability -> high loss": "A low probability gives a high loss.",
    "average cancels noise + chip does many at_once": (
        "The average cancels the noise. And a chip can do many of them at once."
    ),
    "guesses the next word (partly)": "The model guesses the next word.",
}


@pytest.mark.parametrize("phrase", SAID)
def test_every_phrase_of_the_table_finds_what_it_says(phrase):
    rows = re.findall(r"^\| `(.*)` \| .* \|$", PAGE.read_text().partition("| you write")[2], re.M)
    phrases = [row.replace("\\|", "|") for row in rows[: len(SAID)]]
    assert phrases == list(SAID)
    rubric = teachback.Rubric("c", "l", "p", (teachback.Criterion("a", 10, "A.", (phrase,)),))
    verdict = teachback.grade(rubric, SAID[phrase]).criteria[0].verdict
    assert verdict == ("partly" if phrase.endswith("(partly)") else "met")
    assert teachback.grade(rubric, "The cat sat on the mat.").criteria[0].verdict == "missed"
