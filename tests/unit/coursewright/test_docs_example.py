"""What "Writing a lesson" shows can be copied, and works."""

import re
from pathlib import Path
from textwrap import indent

from coursewright.baking.bake import bake
from coursewright.baking.kitchen import Kitchen
from coursewright.cache import Cache
from coursewright.language.course import load_course

PAGE = Path(__file__).parents[3] / "docs" / "authors.md"


def test_the_lesson_of_the_authors_page_has_no_problems(folder, tmp_path):
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
    course = load_course(folder)
    with Kitchen(course, Cache(tmp_path / "bake")) as kitchen:
        baked = bake(course.lessons[0], course, kitchen)
    course.raise_problems()
    assert "4.00 apples of fruit" in str(baked.displays)
