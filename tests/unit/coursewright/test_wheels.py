"""The wheels of a course: what is in them, and that the cache gives back only what was kept."""

import csv
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from coursewright.cache import kept_folder
from coursewright.language.course import Course
from coursewright.language.imports import missing_imports
from coursewright.publish.wheels import course_wheel, package_wheel

PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "Tiny-Engine"
version = "1.0"

[tool.hatch.build.targets.wheel]
packages = ["tiny"]
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The source folder of a package."""
    folder = tmp_path / "package"
    (folder / "tiny").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "tiny" / "__init__.py").write_text("ONE = 1\n")
    (folder / "tiny" / "weights.csv").write_text("1\n")
    return folder


def written(demos: Path, **files: str) -> Path:
    """Write modules into a folder of demos."""
    for name, text in files.items():
        (demos / f"{name}.py").write_text(text)
    return demos


def test_the_course_wheel_holds_the_whole_demos_folder(course: Course, tmp_path: Path) -> None:
    demos = course.folder / "demos"
    for name in ("sub/__pycache__", ".ipynb_checkpoints", "data"):
        (demos / name).mkdir(parents=True)
    for name in ("sub/__init__.py", "sub/deep.py", "data/a,b.json"):
        (demos / name).write_text("1")
    for name in ("sub/__pycache__/deep.pyc", "old.pyc", ".hidden", ".ipynb_checkpoints/sums.py"):
        (demos / name).write_text("not this")
    with zipfile.ZipFile(course_wheel(course, tmp_path / "cache")) as archive:
        names = set(archive.namelist())
        record = archive.read("course-0.dist-info/RECORD").decode()
    assert {name for name in names if name.startswith("demos/")} == {
        "demos/__init__.py",
        "demos/sums.py",
        "demos/sub/__init__.py",
        "demos/sub/deep.py",
        "demos/data/a,b.json",
    }
    assert {row[0] for row in csv.reader(io.StringIO(record))} == names


def test_a_demo_in_the_wheel_finds_its_data_and_its_submodule(
    course: Course, tmp_path: Path
) -> None:
    demos = course.folder / "demos"
    (demos / "sub").mkdir()
    (demos / "sub" / "deep.py").write_text("FACTOR = 2\n")
    (demos / "d.json").write_text("[21]")
    (demos / "reads.py").write_text(
        "import json\nfrom pathlib import Path\nfrom demos.sub.deep import FACTOR\n"
        "def f():\n"
        "    return FACTOR * json.loads(Path(__file__).with_name('d.json').read_text())[0]\n"
    )
    with zipfile.ZipFile(course_wheel(course, tmp_path / "cache")) as archive:
        archive.extractall(tmp_path / "site-packages")
    code = "from coursewright.runner import run; print(run('reads:f', '{}'))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=tmp_path / "site-packages",
        capture_output=True,
        text=True,
    )
    assert '"text/plain": "42"' in done.stdout, done.stderr


def test_a_change_to_a_demo_s_data_makes_another_course_wheel(
    course: Course, tmp_path: Path
) -> None:
    data = course.folder / "demos" / "d.json"
    data.write_text("1")
    first = course_wheel(course, tmp_path / "cache")
    data.write_text("2")
    assert course_wheel(course, tmp_path / "cache") != first


def test_a_course_wheel_that_was_tampered_with_is_not_used(course: Course, tmp_path: Path) -> None:
    file = course_wheel(course, tmp_path / "cache")
    good = file.read_bytes()
    file.write_bytes(b"EVIL")
    assert course_wheel(course, tmp_path / "cache").read_bytes() == good


def test_a_package_wheel_is_kept_and_made_again_if_it_is_damaged(
    package: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first = package_wheel(package, tmp_path / "cache")
    good, made = first.read_bytes(), first.stat().st_mtime_ns
    assert package_wheel(package, tmp_path / "cache").stat().st_mtime_ns == made
    assert capfd.readouterr().err == ""
    first.write_bytes(b"EVIL")
    assert package_wheel(package, tmp_path / "cache").read_bytes() == good
    assert "is damaged or was tampered with: making it again" in capfd.readouterr().err


def test_a_package_wheel_follows_the_package_s_data(package: Path, tmp_path: Path) -> None:
    package_wheel(package, tmp_path / "cache")
    (package / "tiny" / "weights.csv").write_text("2\n")
    with zipfile.ZipFile(package_wheel(package, tmp_path / "cache")) as archive:
        assert archive.read("tiny/weights.csv") == b"2\n"


def test_of_two_builds_at_once_the_second_takes_what_the_first_kept(tmp_path: Path) -> None:
    def make(folder: Path) -> None:
        folder.mkdir()
        (folder / "a").write_text("1")

    def make_late(folder: Path) -> None:
        kept_folder(tmp_path, "key", make)  # another build, while this one is at work
        make(folder)

    kept = kept_folder(tmp_path, "key", make_late)
    assert (kept / "a").read_text() == "1"
    assert list(tmp_path.iterdir()) == [kept]


def test_a_module_the_browser_will_not_have_is_found(tmp_path: Path) -> None:
    demos = written(tmp_path, one="import math\nimport json, pydantic.types\n")
    assert missing_imports(demos, set()) == [(demos / "one.py", 2, 14, "pydantic")]


def test_an_import_inside_a_function_or_a_subfolder_is_found_as_well(tmp_path: Path) -> None:
    demos = written(tmp_path, one="def f():\n    from yaml import load\n")
    (demos / "sub").mkdir()
    written(demos / "sub", two="import yaml\n")
    assert missing_imports(demos, set()) == [
        (demos / "one.py", 2, 5, "yaml"),
        (demos / "sub" / "two.py", 1, 8, "yaml"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "import os.path\nfrom collections.abc import Callable",
        "from __future__ import annotations",
        "import numpy as np\nfrom numpy.linalg import norm",
        "import tiny.sub\nfrom tiny import ONE",
        "import demos.two\nfrom demos import two\nfrom . import two\nfrom .two import f",
        "import coursewright.runner\nfrom coursewright.runner import run",
        "from coursewright import runner",
        "try:\n    import torch\nexcept ImportError:\n    torch = None",
        "try:\n    import torch\nexcept (OSError, ModuleNotFoundError):\n    torch = None",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch",
        "import typing\nif typing.TYPE_CHECKING:\n    import torch",
        "import (",
    ],
)
def test_what_the_browser_has_or_may_lack_is_not_reported(text: str, tmp_path: Path) -> None:
    assert missing_imports(written(tmp_path, one=text, two="def f(): pass"), {"tiny"}) == []


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("import coursewright.pages.charts", "coursewright.pages.charts"),
        ("from coursewright.pages import charts", "coursewright.pages"),
        ("import two", "two"),  # demos are a package: it is demos.two, at build and in the page
        ("try:\n    import torch\nexcept ValueError:\n    pass", "torch"),
        ("try:\n    pass\nexcept ImportError:\n    import torch", "torch"),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    import torch", "torch"),
    ],
)
def test_what_only_the_build_has_is_reported(text: str, module: str, tmp_path: Path) -> None:
    found = missing_imports(written(tmp_path, one=text, two=""), set())
    assert [name for *_, name in found] == [module]
