"""Packages of a course: wheels beside it and packages of Pyodide, and what is wrong with them."""

import json
import sys
import zipfile
from pathlib import Path

import pytest

from coursewright.baking.bake import bake
from coursewright.baking.keys import Keys
from coursewright.baking.kitchen import Kitchen
from coursewright.cache import Cache
from coursewright.language.course import load_course
from coursewright.language.packages import other_versions
from coursewright.language.pyodide import Package, pyodide_packages, with_dependencies
from coursewright.live.watched import brought
from coursewright.publish.lessons import render_lessons
from coursewright.publish.wheels import course_wheel

FRUIT = "fruit_salad-1.0-py3-none-any.whl"
FILES = {
    "fruits/__init__.py": "from pathlib import Path\n"
    "WORDS = Path(__file__).with_name('words.txt').read_text()\n",
    "fruits/words.txt": "apple",
}


@pytest.fixture
def add(folder):
    """Adds lines to `course.yml`; returns the course's folder."""

    def write(*lines: str) -> Path:
        with (folder / "course.yml").open("a") as file:
            file.write("".join(f"{line}\n" for line in lines))
        return folder

    return write


@pytest.fixture
def wheel(folder):
    """Writes a wheel into the course's folder."""

    def write(file: str = FRUIT, *, requires=(), files=FILES, name: str = "") -> Path:
        said, version = file.split("-")[:2] if file.count("-") > 1 else ("x", "1")
        lines = [f"Name: {name or said}", f"Version: {version}"]
        about = "\n".join([*lines, *(f"Requires-Dist: {each}" for each in requires), ""])
        with zipfile.ZipFile(folder / file, "w") as archive:
            for path, text in {**files, f"{said}-{version}.dist-info/METADATA": about}.items():
                archive.writestr(path, text)
        return folder / file

    return write


def test_demos_import_a_wheel_and_it_reads_the_files_beside_its_modules(add, wheel, folder):
    wheel()
    add(f"wheels: [{FRUIT}]")
    code = "import fruits\n\ndef double(x: float):\n    return [fruits.WORDS, 2 * x]\n"
    (folder / "demos" / "sums.py").write_text(code)
    lesson = folder / "lessons" / "one.yml"
    lesson.write_text(lesson.read_text().replace("result == 4", "result[0] == 'apple'"))
    course = load_course(folder)
    with Kitchen(course, Cache(folder / "cache")) as kitchen:
        bake(course.lessons[0], course, kitchen)
    course.raise_problems()


def test_another_content_of_a_wheel_runs_its_demos_again(add, wheel, folder):
    job = {"kind": "demo", "target": "sums:double", "arguments": {}, "expect": ""}
    wheel()
    course = load_course(add(f"wheels: [{FRUIT}]"))
    before = Keys(course).of(job)
    assert Keys(course).of(job) == before
    wheel(files={**FILES, "fruits/words.txt": "pear"})
    assert Keys(course).of(job) != before


def test_another_content_of_a_wheel_renders_its_lessons_again(add, wheel, folder):
    wheel()
    add(f"wheels: [{FRUIT}]")
    (folder / "demos" / "sums.py").write_text(
        "import fruits\n\ndef double(x: float):\n    return fruits.WORDS\n"
    )
    lesson = folder / "lessons" / "one.yml"
    lesson.write_text(lesson.read_text().replace("result == 4", "len(result) > 3"))
    pages = []
    for word in ("apple", "pear", "pear"):
        wheel(files={**FILES, "fruits/words.txt": word})
        pages.append(render_lessons(load_course(folder), 0).pages[0].markdown)
    assert "&#x27;apple&#x27;" in pages[0]
    assert "&#x27;pear&#x27;" in pages[1]
    assert pages[2] == pages[1]


def test_serving_watches_a_courses_package_folders_and_wheels(add):
    folder = add("packages: [../green]", "wheels: [../vendor/fruit.whl]", "pyodide: [six]")
    top = folder.resolve().parent
    assert brought(folder) == [top / "green", top / "vendor" / "fruit.whl"]


def test_the_courses_wheel_requires_the_others_and_what_they_depend_on(add, wheel, tmp_path):
    wheel()
    course = load_course(add(f"wheels: [{FRUIT}]", "pyodide: [python-dateutil]"))
    with zipfile.ZipFile(course_wheel(course, tmp_path / "cache")) as archive:
        about = archive.read("course-0.dist-info/METADATA").decode().splitlines()
    assert [line for line in about if line.startswith("Requires-Dist")] == [
        "Requires-Dist: numpy",
        "Requires-Dist: fruit-salad",
        "Requires-Dist: python-dateutil",
        "Requires-Dist: six",
    ]


NATIVE = "fruit_salad-1.0-cp313-cp313-win_amd64.whl"
BUILD = "fruit_salad-1.0-2-py3-none-any.whl"


@pytest.mark.parametrize(
    ("made", "listed", "told"),
    [
        ({}, "gone.whl", "expected a wheel at course/gone.whl, found none"),
        (
            {"file": "fruit.whl"},
            "fruit.whl",
            "expected a wheel's file name such as name-1.0-py3-none-any.whl, got fruit.whl",
        ),
        (
            {"file": NATIVE},
            NATIVE,
            f"expected a wheel of Python alone (py3-none-any), got {NATIVE}",
        ),
        (
            {"file": BUILD},
            BUILD,
            f"expected a wheel without a build tag, which Pyodide takes, got {BUILD}",
        ),
        (
            {"files": {"other-2.dist-info/METADATA": ""}},
            FRUIT,
            "expected one .dist-info/METADATA in it, found 2",
        ),
        (
            {"name": "veg"},
            FRUIT,
            "expected the package 'fruit-salad' in it by its file's name, got 'veg'",
        ),
        (
            {"requires": ["veg = 1"]},
            FRUIT,
            "expected a requirement that can be read, got 'veg = 1'",
        ),
        (
            {"requires": ["veg"]},
            FRUIT,
            "the package 'fruit-salad' needs 'veg', which the course does not have\n"
            "    Add its wheel to `wheels`.",
        ),
        (
            {"requires": ["Scikit_Learn>1"]},
            FRUIT,
            "the package 'fruit-salad' needs 'scikit-learn', which the course does not have\n"
            "    Add `scikit-learn` to `pyodide`.",
        ),
    ],
)
def test_a_wheel_that_no_page_could_load_is_told(add, wheel, said, made, listed, told):
    wheel(**made)
    assert said(add(f"wheels: [{listed}]")) == [f"course/course.yml:7:10  wheels[0]: {told}"]


def test_a_file_that_is_no_zip_is_told(add, wheel, said):
    wheel().write_bytes(b"no zip")
    assert said(add(f"wheels: [{FRUIT}]")) == [
        "course/course.yml:7:10  wheels[0]: "
        "expected a wheel, which is a zip file: File is not a zip file"
    ]


def test_a_wheel_with_a_damaged_file_is_told(add, wheel, said):
    file = wheel()
    file.write_bytes(file.read_bytes().replace(b"apple", b"appel"))
    assert said(add(f"wheels: [{FRUIT}]")) == [
        "course/course.yml:7:10  wheels[0]: expected a wheel that can be unpacked: "
        "fruits/words.txt in it is damaged\n    Get it again."
    ]


def test_what_a_wheel_needs_may_be_another_wheel_numpy_or_nothing_in_a_browser(add, wheel, said):
    wheel(requires=["veg>=1", "numpy", "colorama; sys_platform == 'win32'", "mypy; extra == 'x'"])
    wheel("veg-1.0-py2.py3-none-any.whl", files={"veg.py": ""})
    assert said(add(f"wheels: [{FRUIT}, veg-1.0-py2.py3-none-any.whl]")) == []


def test_a_package_stands_once(add, wheel, said):
    wheel("six-9.0-py3-none-any.whl")
    added = add("wheels: [six-9.0-py3-none-any.whl]", "pyodide: [python-dateutil]")
    assert said(added) == [
        "course/course.yml:7:10  wheels[0]: expected one package 'six' in the course, got a second "
        "one\n    Remove one of the two."
    ]


def test_a_misspelt_package_of_pyodide_is_told_with_the_right_name_or_all(add, said, folder):
    one, other = said(add("pyodide: [simpy, qqqq]"))
    assert one == (
        "course/course.yml:7:11  pyodide[0]: expected a package of Pyodide, got 'simpy'\n"
        "    did you mean 'sympy'?"
    )
    assert other.startswith("course/course.yml:7:18  pyodide[1]: expected a package of Pyodide,")
    assert "It has: affine, aiohappyeyeballs," in other
    assert "scipy-tests" not in other


def test_a_package_that_is_not_installed_here_is_told_with_the_version_readers_get(add, said):
    assert said(add("pyodide: [zengl]")) == [
        "course/course.yml:7:11  pyodide[0]: expected 'zengl' to be installed here too, where "
        "demos run at build, found none\n"
        f"    Run `pip install zengl=={pyodide_packages()['zengl'].version}`, "
        "the version readers get."
    ]


def test_a_package_in_another_version_here_is_noted(add):
    course = load_course(add("pyodide: [python-dateutil]"))
    theirs = pyodide_packages()["python-dateutil"].version
    assert any(
        note.startswith(f"note: readers get python-dateutil {theirs}, here it is ")
        for note in other_versions(course.spec)
    )


def test_an_import_that_pyodide_could_serve_is_told_with_what_to_add(folder, said):
    (folder / "demos" / "sums.py").write_text("import sklearn\n\ndef double(x: float): return x\n")
    (told,) = said(folder)
    assert told.endswith("\n    Add `scikit-learn` to `pyodide` in course.yml.")


def test_modules_of_listed_packages_may_be_imported_by_demos_and_claims(add, wheel, said, folder):
    wheel()
    add(f"wheels: [{FRUIT}]", "pyodide: [python-dateutil]")
    (folder / "demos" / "sums.py").write_text(
        "import dateutil, fruits, six\n\ndef double(x: float): return 2 * x\n"
    )
    file = folder / "course.yml"
    file.write_text(file.read_text().replace("claims: [math]", "claims: [fruits, dateutil]"))
    assert said(folder) == []


def test_dependencies_are_followed_whatever_their_names_spelling():
    table = {
        "a": Package("a", "1", frozenset({"a"}), ("b-c",)),
        "b-c": Package("b-c", "1", frozenset({"bc"}), ("a", "lib")),
    }
    assert [each.name for each in with_dependencies(["A"], table)] == ["a", "b-c"]


def test_no_package_of_pyodide_is_imported_by_reading_the_table():
    before = set(sys.modules)
    assert len(pyodide_packages()) > 250
    assert {"sympy", "scipy"} & (set(sys.modules) - before) == set()


def test_notebooks_install_wheels_and_packages_by_their_names(add, wheel, folder):
    file = wheel()
    add(f"wheels: [{FRUIT}]", "pyodide: [python-dateutil]")
    (folder / "demos" / "sums.py").write_text(
        "import dateutil\nimport fruits\n\ndef double(x: float) -> float:\n    return 2 * x\n"
    )
    files = render_lessons(load_course(folder), 0, "https://example.org").files
    assert files[f"assets/python/{FRUIT}"] == file
    cells = json.loads(files["lessons/one/one.ipynb"].read_text())["cells"]
    first = "".join(cells[1]["source"])
    assert '"dateutil": "python-dateutil",' in first
    assert f'"fruits": "https://example.org/assets/python/{FRUIT}"' in first
    beside = render_lessons(load_course(folder), 0, "").files["lessons/one/one.ipynb"].read_text()
    assert f"Before that put {FRUIT} beside this notebook" in beside
