"""Every diagnostic's exact text: what an author wrote, and what `coursewright check` says of it.

The cases stand in `told/*.txt`. Each begins with `# ` and its name; then come edits of the course
in `conftest.py` (`@ file`, the lines that go with `-`, the lines that come with `+`), then what is
said. The last tests find every text of the package that is in no case.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from coursewright.assets import GENERATOR
from coursewright.cli import main

CASES = Path(__file__).parent / "told"
# These have cases too: of files that are no text, and of demos at all their stops.
BESIDE = [Path(__file__).parent / f"test_{name}.py" for name in ("packages", "frames", "markers")]
# Where authors' diagnostics are made. Of the other modules only what they raise and report counts.
WHOLE = ("baking", "language")
TELLING = ("pages",)
OWN = ("Chart", "Formula", "Link")
WORDS = re.compile(r"[a-zA-Z`'}]{2,}[,:;]? [a-zA-Z`'{]")


@dataclass(frozen=True)
class Case:
    """Edits of a course, and what is said of it then."""

    name: str
    edits: tuple[tuple[str, str, str], ...]
    told: str


def read_cases(text: str) -> Iterator[Case]:
    """The cases of a file."""
    for part in re.split(r"^# ", text, flags=re.MULTILINE)[1:]:
        name, _, rest = part.partition("\n")
        edits: list[tuple[str, str, str]] = []
        lines = rest.strip("\n").split("\n")
        while lines and lines[0][:1] in ("@", "-", "+"):
            sign, line = lines[0][0], lines.pop(0)[2:]
            if sign == "@":
                edits.append((line, "", ""))
            else:
                file, old, new = edits[-1]
                text = f"{line}\n"
                edits[-1] = (file, old + text, new) if sign == "-" else (file, old, new + text)
        yield Case(name, tuple(edits), "\n".join(lines).strip("\n"))


# Cases of bytes that no text file should hold.
BYTES = [
    Case(
        "a lesson in Latin-1",
        (("lessons/one.yml", "", "id: one\ntitle: caf\udce9\n"),),
        "course/lessons/one.yml:2:1  expected UTF-8 text, got byte 0xe9\n"
        "    Save the file as UTF-8.",
    ),
    Case(
        "a demo in Latin-1",
        (("demos/sums.py", "", "def double(x):\n    return '\udce9'\n"),),
        "course/demos/sums.py:2:13  Python syntax: expected UTF-8 text, got byte 0xe9; save the "
        "file as UTF-8",
    ),
    Case(
        "a lesson that is a folder",
        (("lessons/one.yml", "", ""), ("lessons/one.yml/inside", "", "x")),
        "course/lessons/one.yml:1:1  cannot read this file: Is a directory",
    ),
    Case(
        "a control character",
        (("lessons/one.yml", "", "id: one\ntitle: One\x07\n"),),
        "course/lessons/one.yml:2:11  found the control character U+0007\n"
        "    Remove it; many editors do not show it.",
    ),
    Case(
        "a demo nested very deeply",
        (("demos/sums.py", "", f"y = x{'.x' * 100_000}\n\n\ndef double(x):\n    return 2 * x\n"),),
        "course/demos/sums.py:1:1  Python syntax: nested too deeply",
    ),
    Case(
        "a file that is no lesson",
        (("lessons/one.yml", "", "x" * 250_001),),
        "course/lessons/one.yml:1:1  expected at most 250,000 bytes, got 250,001\n"
        "    Is this the right file?",
    ),
    Case(
        "a number of more digits than Python reads",
        (("lessons/one.yml", "minutes: 3", f"minutes: {'1' * 5000}"),),
        f"course/lessons/one.yml:4:10  minutes: expected a whole number of fewer digits, got "
        f"'{'1' * 59}…'",
    ),
]
# Texts that no course in a file can bring about here, and where they are tested.
ELSEWHERE = {
    "took longer than {} seconds": "test_a_demo_that_hangs_is_told, with less time",
    "::error file={},line={},col={}::{}": "test_what_is_wrong_can_be_told_to_github",
    "{} problem{} in the course": "the first line of all, which is left out here",
    "found more problems than are told here": "test_of_very_many_problems_the_first_are_told",
    "Mend these first.": "the same",
    "It has: {}.": "test_a_misspelt_package_of_pyodide_is_told_with_the_right_name_or_all",
    "note: readers get {} {}, here it is {}; `coursewright test --browser` tells whether that "
    "matters": "test_a_package_in_another_version_here_is_noted",
    "called again it shows something else": "test_frames.py, in a regular expression",
    "English stands for {} of {} keys, which are not here: {}": "test_keys_that_are_missing_are_"
    "noted_and_stay_english",
    "Reading lessons": "what a progress bar is called",
    "import {}": "what the cache's keys look at, and nobody reads",
    "import {}.{}": "the same",
    "from {} import *": "what processes import before the first job",
    "Python was not ready within {} seconds": "test_a_process_that_does_not_get_ready_is_not_"
    "waited_for",
}
ALL = BYTES + [
    case for file in sorted(CASES.glob("*.txt")) for case in read_cases(file.read_text())
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for all cases: most run the same demo."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_what_is_said_is_exactly_this(case, folder, kept, monkeypatch, capsys):
    monkeypatch.setenv("NUDGE_CACHE", str(kept))
    for name, old, new in case.edits:
        edit(folder / name, old, new)
    assert main(["check", str(folder)]) == 1
    said = capsys.readouterr().err.replace(str(folder.parent), "…")
    assert said.partition("\n")[2].strip("\n") == case.told


def test_of_very_many_problems_the_first_are_told(folder, capsys):
    edit(folder / "lessons" / "one.yml", "minutes: 3\n", "minutes: 3\nx: 1\n" * 300)
    assert main(["check", str(folder)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("201 problems in the course:")
    assert "  found more problems than are told here\n    Mend these first.\n" in said


def edit(file: Path, old: str, new: str) -> None:
    """Replace lines of a file that stand there once; without any, write all of it, or remove it."""
    if not old and not new:
        file.unlink()
        return
    if not old:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(new.encode("utf-8", "surrogateescape"))
        return
    text = file.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new))


def test_no_two_cases_have_the_same_name():
    assert len({case.name for case in ALL}) == len(ALL)


def test_every_text_an_author_can_be_told_is_in_a_case():
    beside = [ast.parse(file.read_text()) for file in BESIDE]
    told = [case.told for case in ALL]
    told += [template(node) for tree in beside for node in texts_in(tree)]
    untold = [
        f"{place}: {text!r}"
        for place, text in templates()
        if text not in ELSEWHERE and not is_in(text, told)
    ]
    assert untold == [], "each needs a case in tests/unit/coursewright/told"


def templates() -> Iterator[tuple[str, str]]:
    """Every text in the package that may reach an author, with its place; {} for what varies."""
    for file in sorted(GENERATOR.rglob("*.py")):
        part = file.relative_to(GENERATOR).parts[0]
        tree = ast.parse(file.read_text())
        roots = [tree] if part in WHOLE else telling(tree) if part in TELLING else []
        for node in (node for root in roots for node in texts_in(root)):
            text = template(node)
            if WORDS.search(text):
                yield f"{file.relative_to(GENERATOR)}:{node.lineno}", text


def telling(tree: ast.Module) -> Iterator[ast.AST]:
    """What a module raises as an error of its own, and what it reports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            if ast.unparse(node.exc.func).removesuffix("Error") in OWN:
                yield node
        elif isinstance(node, ast.Call):
            if ast.unparse(node.func).endswith("source.report"):
                yield node
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("message", "fix"):
            yield node


def texts_in(node: ast.AST) -> Iterator[ast.expr]:
    """Every string and f-string that is no docstring, no annotation and no regular expression."""
    if isinstance(node, ast.JoinedStr) or is_text(node):
        yield node
        return
    if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
        return
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Expr) and is_text(child.value)):
            yield from texts_in(child)


def is_text(node: ast.AST) -> bool:
    """Whether a node is a string."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def template(node: ast.expr) -> str:
    """A string as it is written, with {} for each value in it."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(part.value if is_text(part) else "{}" for part in node.values)


def is_in(text: str, told: list[str]) -> bool:
    """Whether a template is part of what is said in a case."""
    parts = text.split("{}")
    likely = (each for each in told if all(part in each for part in parts))
    pattern = re.compile(".*?".join(map(re.escape, parts)), re.DOTALL)
    return any(pattern.search(each) for each in likely)
