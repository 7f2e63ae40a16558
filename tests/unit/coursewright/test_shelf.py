"""Bodies of pages are kept by what they rest on: all of it makes one anew, and nothing else."""

from pathlib import Path

import pytest

from coursewright.cache import bake_cache
from coursewright.language.course import load_course
from coursewright.pages.render import Renderer
from coursewright.publish.lessons import render_lessons

LESSON = """\
id: {name}
title: {name}
summary: About {name}.
minutes: 1
sections:
  - id: {name}-part
    title: Part
    blocks:
      - text: |
          It is {{= 1 + 1 =}}, as in [there](#{name}-part){link}, and $x$.
      - demo:
          id: {name}-demo
          title: A demo
          run: {name}:half
          try: Move it.
          controls:
            x: {{slider: [0, 1000], step: 1, start: 2, label: A number}}
"""
HALF = "def half(x: float) -> float:\n    return x / 2\n"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two lessons, of which `two` links into `one`."""
    monkeypatch.setenv("NUDGE_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "course"
    (folder / "lessons").mkdir(parents=True)
    (folder / "demos").mkdir()
    (folder / "course.yml").write_text("id: c\ntitle: C\nlessons: [one, two]\n")
    for name, link in (("one", ""), ("two", " and [here](one.md#one-part)")):
        text = LESSON.format(name=name, link=link)
        (folder / "lessons" / f"{name}.yml").write_text(text)
        (folder / "demos" / f"{name}.py").write_text(HALF)
    return folder


@pytest.fixture
def rendered(course, monkeypatch):
    """Builds the course and says which lessons were rendered, and their pages."""

    def build(runtime_bytes=0):
        made = []
        body = Renderer.body
        with monkeypatch.context() as patch:
            patch.setattr(
                Renderer, "body", lambda *given: made.append(given[1].spec.id) or body(*given)
            )
            lessons = render_lessons(load_course(course), runtime_bytes)
        return made, lessons

    return build


def change(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_an_unchanged_lesson_is_not_rendered_again_and_its_page_is_the_same(rendered):
    first, page = rendered()
    again, same = rendered()
    assert (first, again) == (["one", "two"], [])
    assert same == page


def test_a_changed_lesson_is_rendered_alone(rendered, course):
    rendered()
    change(course / "lessons" / "one.yml", "Move it.", "Drag it.")
    made, lessons = rendered()
    assert made == ["one"]
    assert "Drag it." in lessons.pages[0].markdown


def test_a_changed_demo_module_renders_the_lessons_that_show_it(rendered, course):
    rendered()
    change(course / "demos" / "two.py", "x / 2", "x / 4")
    made, lessons = rendered()
    assert made == ["two"]
    assert "<pre>0.5</pre>" in lessons.pages[1].markdown


def test_a_setting_of_the_course_renders_them_all(rendered, course):
    rendered()
    file = course / "course.yml"
    file.write_text(file.read_text() + "concepts:\n  a: {color: loss, words: [b]}\n")
    assert rendered()[0] == ["one", "two"]


def test_a_link_into_a_lesson_is_looked_up_again_when_that_lesson_changed(rendered, course):
    rendered()
    change(course / "lessons" / "one.yml", "title: one", "title: The first")
    assert rendered()[0] == ["one"]
    change(course / "lessons" / "one.yml", "one-part", "other")
    with pytest.raises(Exception, match=r"expected an id on one\.md, got '#one-part'"):
        rendered()


def test_another_size_of_the_runtime_or_place_in_the_course_renders_nothing(rendered, course):
    rendered(1)
    change(course / "course.yml", "[one, two]", "[two, one]")
    made, lessons = rendered(23_456)
    assert made == []
    assert 'data-bytes="23456"' in lessons.pages[0].markdown
    assert "Lesson 1 of 2" in lessons.pages[0].markdown
    assert lessons.pages[0].title == "two"


def test_a_lesson_with_a_problem_is_looked_at_each_time(rendered, course):
    change(course / "lessons" / "two.yml", "$x$", "$\\frac{1$")
    for _ in range(2):
        with pytest.raises(Exception, match="cannot read the formula"):
            rendered()
    change(course / "lessons" / "two.yml", "$\\frac{1$", "$x$")
    assert rendered()[0] == ["two"]


@pytest.mark.parametrize("harm", [Path.unlink, lambda file: file.write_text("damaged")])
def test_a_lesson_whose_frames_were_lost_is_rendered_again(rendered, course, harm):
    for name in ("one", "two"):
        change(course / "lessons" / f"{name}.yml", "[0, 1000]", "[0, 10]")
    _, lessons = rendered()
    (frames,) = lessons.frames["two"]
    file = bake_cache().folder / frames.file
    content = file.read_bytes()
    assert rendered() == ([], lessons)
    harm(file)
    assert rendered() == (["two"], lessons)
    assert file.read_bytes() == content


def test_a_page_made_while_its_demo_was_saved_is_not_kept(rendered, course):
    _, page = rendered()
    file = course / "demos" / "two.py"
    saves = f"\nfrom pathlib import Path\nPath({str(file)!r}).write_text({HALF!r} + '# later')\n"
    file.write_text(HALF + saves)
    rendered()
    file.write_text(HALF + saves)
    assert rendered()[0] == ["two"]
    file.write_text(HALF)
    assert rendered() == ([], page)


def test_an_image_of_another_size_makes_its_lesson_anew(rendered, course):
    drawing, lesson = course / "images" / "dot.svg", course / "lessons" / "one.yml"
    drawing.parent.mkdir()
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"/>')
    change(lesson, ", and $x$.", ", and ![a dot](dot.svg).")
    _, first = rendered()
    assert rendered()[0] == []
    change(drawing, 'width="4"', 'width="8"')
    again, second = rendered()
    assert again == ["one"]
    shown = ["".join(lessons.pages[0].parts).partition("<img ")[2] for lessons in (first, second)]
    assert 'width="4"' in shown[0].partition(">")[0]
    assert 'width="8"' in shown[1].partition(">")[0]
