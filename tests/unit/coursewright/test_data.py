"""Files that a course makes for its demos at build."""

import zipfile

import pytest

from coursewright.baking.bake import bake
from coursewright.baking.kitchen import Kitchen
from coursewright.cache import bake_cache
from coursewright.language.course import load_course
from coursewright.publish.data import ready_course

MAKER = """\
from pathlib import Path


def numbers() -> bytes:
    with Path({log!r}).open("a") as file:
        file.write("made\\n")
    return bytes([0, 1, 2, 255])
"""
READER = """\
from course_data import read


def double(x: float) -> list:
    return [*read("numbers.bin"), 2 * x]
"""


@pytest.fixture
def log(folder, tmp_path):
    """Gives the course a file that its demo reads; returns where each making of it is noted."""
    log = tmp_path / "log"
    (folder / "demos" / "makers.py").write_text(MAKER.format(log=str(log)))
    (folder / "demos" / "sums.py").write_text(READER)
    with (folder / "course.yml").open("a") as file:
        file.write("data: {numbers.bin: makers:numbers}\n")
    return log


def test_a_demo_reads_what_another_made_at_build(folder, log):
    course = ready_course(folder)
    (lesson,) = course.lessons
    with Kitchen(course, bake_cache()) as kitchen:
        baked = bake(lesson, course, kitchen)
    (displays,) = baked.displays.values()
    assert displays == [{"text/plain": "[0, 1, 2, 255, 4.0]"}]


def test_it_is_made_once_until_its_maker_changes(folder, log):
    first, again = ready_course(folder), ready_course(folder)
    assert log.read_text() == "made\n"
    assert first.data == again.data
    (folder / "demos" / "sums.py").write_text(READER + "\n# another demo's change\n")
    ready_course(folder)
    assert log.read_text() == "made\n"
    maker = folder / "demos" / "makers.py"
    maker.write_text(maker.read_text().replace("255", "254"))
    assert ready_course(folder).data != first.data
    assert log.read_text() == "made\nmade\n"


def test_readers_get_it_as_a_wheel(folder, log):
    (wheel,) = ready_course(folder).wheels()
    assert wheel.modules == {"course_data"}
    with zipfile.ZipFile(wheel.file) as archive:
        assert archive.read("course_data/numbers.bin") == bytes([0, 1, 2, 255])


def test_reading_a_course_makes_nothing(folder, log):
    load_course(folder)
    assert not log.exists()
