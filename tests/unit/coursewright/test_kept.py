"""A course kept in memory: one lesson is built again, and never what another page would need."""

import hashlib
import re

import halves
import pytest

from coursewright.language.course import load_course
from coursewright.language.diagnostics import CourseError
from coursewright.live.kept import KeptCourse, News
from coursewright.publish.runtime import Runtime

NOTHING = News([], {}, {})
SHEET = "lessons/__demos.md"
DEMOS = """\
def double(x: float) -> float:
    return 2 * x

def ready(x: float) -> str:
    return open({file!r}).read()
"""
TASK = """\
teach_back:
  prompt: What is a half?
  follow_up: And a quarter?
  model_answer: It is one of two equal parts.
  rubric: [{id: parts, points: 10, criterion: Two equal parts., look_for: [equal parts]}]
"""
MORE = """\
- demo:
          id: more
          title: More
          run: sums:double
          try: Move it.
          controls:
            x: {number: [0, 9], start: 1, label: A number}
      - callout:\
"""


@pytest.fixture
def kept(folder, tmp_path):
    """A course of two lessons, the second of which links to a section of the first."""
    listed = (folder / "course.yml").read_text()
    (folder / "course.yml").write_text(listed.replace("[one]", "[one, two]"))
    first = (folder / "lessons" / "one.yml").read_text()
    second = first.replace("id: one", "id: two").replace("comes next", "is [it](one.md#first)")
    (folder / "lessons" / "two.yml").write_text(second)
    (folder / "demos" / "sums.py").write_text(DEMOS.format(file=str(tmp_path / "ready")))
    (tmp_path / "runtime").mkdir()
    course = KeptCourse(load_course(folder), Runtime(tmp_path / "runtime", 0))
    yield course
    course.close()


@pytest.fixture
def save(folder, kept):
    """Replaces a piece of a lesson and tells the kept course."""

    def replaced(old: str, new: str, name: str = "one") -> News | None:
        file = folder / "lessons" / f"{name}.yml"
        text = file.read_text()
        assert text.count(old) == 1
        file.write_text(text.replace(old, new))
        return kept.renew([file])

    return replaced


def paths(news: News) -> list[str]:
    return [page.path for page in news.pages]


def test_a_saved_lesson_is_the_only_page_built_again(save, kept):
    news = save("Twice is more.", "Thrice is more.")
    assert paths(news) == ["lessons/one.md"]
    assert "Thrice is more." in news.pages[0].markdown
    assert (news.texts, list(news.copies)) == ({}, ["lessons/one/one.ipynb"])


def test_what_is_built_again_is_what_a_whole_build_makes(save, kept, folder):
    save("Twice is more.", r"Its square is $\sqrt{2}$, and {= 1 + 1 =}.")
    whole = KeptCourse(load_course(folder), kept.runtime)
    whole.close()
    assert kept.site == whole.site


def test_a_new_formula_brings_its_styles(save):
    news = save("Twice is more.", r"It is $\sqrt{2}$.")
    assert list(news.texts) == ["assets/coursewright/formulas.css"]


def test_a_demo_that_is_changed_is_run(save):
    news = save(
        "start: 2, label: A number}\n          expect: result == 4", "start: 3, label: A number}"
    )
    assert "6" in news.pages[0].markdown
    assert "check.md" in paths(news)  # which tries the first demo of the course


def test_a_demo_with_other_stops_brings_their_frames(save):
    news = save("slider: [0, 10]", "slider: [0, 12]")
    (path, file), notebook = news.copies.items()
    assert notebook[0] == "lessons/one/one.ipynb"
    assert f'data-frames="../../{path}"' in news.pages[0].markdown
    assert '["x",[0,1,2,3,4,5,6,7,8,9,10,11,12]]' in file.read_text()


def test_another_task_to_explain_brings_its_rubric(folder, tmp_path):
    file = folder / "lessons" / "one.yml"
    file.write_text(file.read_text() + TASK)
    (tmp_path / "runtime").mkdir()
    course = KeptCourse(load_course(folder), Runtime(tmp_path / "runtime", 0))
    file.write_text(file.read_text().replace("What is a half?", "Explain a half."))
    news = course.renew([file])
    course.close()
    ((path, text),) = news.texts.items()
    assert path == "assets/teachback/one.json"
    assert '"prompt":"Explain a half."' in text
    assert f'data-sha="{hashlib.sha256(text.encode()).hexdigest()}"' in news.pages[0].markdown


@pytest.fixture
def taught(folder, tmp_path):
    """A course kept in memory whose lesson is graded by example sentences; and their file."""
    lesson, file = folder / "lessons" / "one.yml", folder / "explanations" / "one.yml"
    lesson.write_text(lesson.read_text() + halves.TASK)
    file.parent.mkdir()
    file.write_text(halves.sentences())
    (tmp_path / "runtime").mkdir()
    course = KeptCourse(load_course(folder), Runtime(tmp_path / "runtime", 0))
    yield course, file
    course.close()


def test_saved_example_sentences_bring_another_rubric_and_the_page_that_names_it(taught):
    course, file = taught
    file.write_text(file.read_text().replace("bakes bread", "bakes cakes"))
    news = course.renew([file, file.parent.parent / "lessons" / "one.yml"])
    (text,) = news.texts.values()
    assert paths(news) == ["lessons/one.md"]
    assert f'data-sha="{hashlib.sha256(text.encode()).hexdigest()}"' in news.pages[0].markdown


def test_what_is_wrong_with_example_sentences_is_told_and_the_next_save_mends_it(taught):
    course, file = taught
    text = file.read_text()
    file.write_text(text.replace("  parts:", "  part:"))
    with pytest.raises(CourseError, match=r"explanations/one\.yml:2:3  criteria\.part: expected a"):
        course.renew([file])
    file.write_text(text)
    assert course.renew([file]) == NOTHING


def test_example_sentences_that_are_removed_ask_for_a_whole_build(taught):
    course, file = taught
    file.unlink()
    assert course.renew([file]) is None


def test_a_demo_that_comes_is_on_the_contact_sheet(save):
    news = save("- callout:", MORE)
    assert SHEET in paths(news)
    assert 'href="../one/#more">More</a>' in news.pages[-1].markdown


def test_an_unchanged_file_is_nothing_new(kept, folder):
    assert kept.renew([folder / "lessons" / "one.yml"]) == NOTHING


def test_what_is_wrong_is_told_and_the_next_save_mends_it(save, kept):
    with pytest.raises(CourseError) as refused:
        save("minutes: 3", "minutes: three")
    (problem,) = refused.value.diagnostics
    assert str(problem) == (
        "course/lessons/one.yml:4:10  minutes: expected a whole number, got 'three'"
    )
    assert save("minutes: three", "minutes: 3") == NOTHING


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("What comes next?", "See [it](two.md#nowhere).", "expected an id on two.md"),
        ("run: sums:double", "run: sums:treble", "expected a function 'treble'"),
        ("expect: result == 4", "expect: result == 5", "expected `result == 5` to hold"),
        ("-log(0.5)", "-log(0)", "cannot compute `-log(0)`"),
        ("id: one", "id: eins", "expected the file's name 'one'"),
        (
            "run: sums:double",
            "code: import pandas",
            "imports `pandas`, which the reader's browser will not have",
        ),
        ("    title: The first concept", "    title: [", "expected a closing ], found none"),
    ],
)
def test_a_lesson_read_again_is_checked_as_all_are(save, old, new, message):
    with pytest.raises(CourseError, match=re.escape(message)):
        save(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: One lesson", "title: Another title"),
        ("id: first", "id: second"),
        ("minutes: 3\n", f"minutes: 3\n{TASK}"),  # for which readers' Python needs a checklist
    ],
    ids=["title", "id that is gone", "a first task to explain"],
)
def test_what_other_pages_show_or_link_to_asks_for_a_whole_build(save, old, new):
    assert save(old, new) is None


@pytest.mark.parametrize(
    "name",
    [
        *("course.yml", "demos/sums.py", "lessons/three.yml", "lessons/deep/one.yml"),
        *("explanations/three.yml", "explanations/deep/one.yml"),
    ],
)
def test_everything_but_a_known_lesson_asks_for_a_whole_build(kept, folder, name):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).touch()
    assert kept.renew([folder / "lessons" / "one.yml", folder / name]) is None


def test_a_lesson_that_is_removed_asks_for_a_whole_build(kept, folder):
    (folder / "lessons" / "one.yml").unlink()
    assert kept.renew([folder / "lessons" / "one.yml"]) is None


def test_what_an_editor_leaves_beside_lessons_does_not_matter(kept, folder):
    assert kept.renew([folder / "lessons" / "4913", folder / "lessons" / "one.yml~"]) == NOTHING


def test_what_failed_is_run_again_although_nothing_of_it_has_changed(save, folder, tmp_path, kept):
    with pytest.raises(CourseError, match="FileNotFoundError"):
        save("sums:double", "sums:ready")
    (tmp_path / "ready").write_text("4")
    with pytest.raises(CourseError, match=r"expected `result == 4` to hold .* got '4'"):
        kept.renew([folder / "lessons" / "one.yml"])


def test_code_that_no_lesson_has_any_more_is_forgotten(kept, save):
    def inline():
        return [name for name in kept.course.modules if name.startswith("inline_")]

    def code(number):
        return f"code: |\n            def half(x: float):\n                return 2 * x  # {number}"

    for name in ("one", "two"):
        save("run: sums:double", code(2), name)
    (shared,) = inline()
    save(code(2), code(3))
    assert len(inline()) == 2
    save(code(3), code(4))
    assert len(inline()) == 2
    assert shared in inline()  # the other lesson has it
    save(code(4), "run: sums:double")
    assert inline() == [shared]
