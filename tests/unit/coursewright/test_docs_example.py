"""What "Writing a lesson" shows can be copied, and works."""

import re
from pathlib import Path
from textwrap import indent

from coursewright.language.course import load_course
from coursewright.publish.frames import report
from coursewright.publish.lessons import render_lessons

PAGE = Path(__file__).parents[3] / "docs" / "authors.md"


def test_the_lesson_of_the_authors_page_has_no_problems(folder):
    text = PAGE.read_text()
    lesson = re.search(r"```yaml\n(id: first .*?)```", text, re.DOTALL)
    demo = re.search(r"```python\n# demos/numbers\.py\n(.*?)```", text, re.DOTALL)
    settings = re.search(r"```yaml\n# course/course\.yml\n(.*?)```", text, re.DOTALL)
    engine = str(PAGE.parents[1] / "pyengine")
    (folder / "course.yml").write_text(settings[1].replace("../pyengine", engine))
    (folder / "lessons" / "one.yml").unlink()
    blocks = re.search(r"```yaml\n(- steps:.*?)```", text, re.DOTALL)
    end = re.search(r"```yaml\n(quiz:.*?)```", text, re.DOTALL)
    more = indent(blocks[1], "      ") + end[1]
    (folder / "lessons" / "first.yml").write_text(lesson[1] + more)
    (folder / "images").mkdir()
    (folder / "images" / "curve.svg").write_text("<svg/>")
    (folder / "demos" / "numbers.py").write_text(demo[1])
    lessons = render_lessons(load_course(folder), runtime_bytes=0)
    assert re.search(r"4\.00.{,80}apples", lessons.pages[0].markdown)
    told = re.search(r"```text\n(Demos that .*?)\n```", text, re.DOTALL)
    assert report(lessons.frames) == told[1]
