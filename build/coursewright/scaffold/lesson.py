"""A lesson to begin with, and its line in `course.yml`.

A line is put in; the file is not written anew, so that its comments and its layout stay.
"""

import os
import re
from pathlib import Path
from typing import Any

import yaml

from ..language.diagnostics import CourseError, shown
from ..language.files import read
from .files import ID, RefusedError, filled, words_of, write_new
from .yaml_text import scalar

NAV = re.compile(r"(?P<lead>\s*- +)(?:[^#]*: +)?(?P<name>lessons/[a-z0-9-]+\.md)\s*(#.*)?")


def new_lesson(course: Path, name: str) -> None:
    """Write a lesson of a course and list it."""
    if not re.fullmatch(ID, name):
        message = f"expected lower-case words joined by '-', got {name!r}"
        raise RefusedError(message)
    listed = lessons_of(course)
    if name in listed:
        raise RefusedError(f"the course has a lesson {name!r} already")
    file = course / "lessons" / f"{name}.yml"
    text = with_lesson(course / "course.yml", name)
    write_new({file: filled("lesson.yml", {"name": name, "title": scalar(words_of(name))})})
    print(os.fspath(file))
    put(course / "course.yml", text)
    list_page(course, name)


def list_lesson(course: Path, name: str) -> None:
    """List a lesson in `course.yml` if it is not, and its page in the site's menu."""
    if name not in lessons_of(course):
        put(course / "course.yml", with_lesson(course / "course.yml", name))
        list_page(course, name)


def lessons_of(course: Path) -> list[str]:
    """The lessons that `course.yml` lists; raises `CourseError` if it cannot be read."""
    file = course / "course.yml"
    if not file.is_file():
        message = (
            f"expected a course in {course}, found no course.yml; name its folder: --course DIR"
        )
        raise RefusedError(message)
    source = read(shown(file), file.read_bytes())
    if source.problems:
        raise CourseError(source.problems)
    found = source.data.get("lessons") if isinstance(source.data, dict) else None
    if not isinstance(found, list) or not found:
        raise RefusedError(f"expected `lessons:` with a list in {shown(file)}, found none")
    return found


def with_lesson(file: Path, name: str) -> str:
    """The text of `course.yml` with one more lesson at the end of its list."""
    text = text_of(file)
    before: Any = yaml.load(text, Loader=yaml.BaseLoader)
    try:
        after = inserted(text, name)
        data: Any = yaml.load(after, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, IndexError):
        data = None
    if data != {**before, "lessons": [*before["lessons"], name]}:
        raise RefusedError(f"cannot see where the list in {shown(file)} ends; add `- {name}` to it")
    return after


def inserted(text: str, name: str) -> str:
    """A text of YAML with a name after the last of `lessons`, written like the others."""
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    (lessons,) = (value for key, value in root.value if key.value == "lessons")
    last = lessons.value[-1]
    lines = text.splitlines(keepends=True)
    line = lines[last.end_mark.line]
    if lessons.flow_style:
        at = last.end_mark.column
        lines[last.end_mark.line] = f"{line[:at]}, {name}{line[at:]}"
        return "".join(lines)
    dash = lines[last.start_mark.line].rindex("-", 0, last.start_mark.column)
    lead = lines[last.start_mark.line][:dash]
    return with_line(lines, last.end_mark.line, f"{lead}- {name}")


def with_line(lines: list[str], after: int, new: str) -> str:
    """The text of lines with a new one after another, ended as that is."""
    bare = lines[after].rstrip("\r\n")
    end = lines[after][len(bare) :] or "\n"
    return "".join([*lines[:after], bare, end, new, end, *lines[after + 1 :]])


def list_page(course: Path, name: str) -> None:
    """Put a lesson's page into the menu of the `mkdocs.yml` beside the course, or say how."""
    file = course.parent / "mkdocs.yml"
    page = f"lessons/{name}.md"
    if not file.is_file():
        return
    try:
        lines = text_of(file).splitlines(keepends=True)
    except UnicodeDecodeError:
        lines = []
    entries = [NAV.fullmatch(line.rstrip("\r\n")) for line in lines]
    found = {i: entry for i, entry in enumerate(entries) if entry}
    if any(entry["name"] == page for entry in found.values()):
        return
    if not found:
        print(f"  to do: add `- {page}` to `nav:` in {os.fspath(file)}")
        return
    last = max(found)
    put(file, with_line(lines, last, found[last]["lead"] + page))


def text_of(file: Path) -> str:
    """A file's text with its own line ends."""
    return file.read_bytes().decode("utf-8")


def put(file: Path, text: str) -> None:
    """Write a file that is there, and say so."""
    try:
        file.write_bytes(text.encode())
    except OSError as error:
        raise RefusedError(f"cannot write {file}: {error.strerror}") from None
    print(f"{os.fspath(file)} (a line added)")
