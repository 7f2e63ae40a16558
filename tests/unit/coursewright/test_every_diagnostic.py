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
# Where authors' diagnostics are made. Of the other modules only what they raise and report counts.
WHOLE = ("baking", "language")
TELLING = ("pages", "publish", "exports", "scaffold", "cache.py", "node.py")
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


ALL = [case for file in sorted(CASES.glob("*.txt")) for case in read_cases(file.read_text())]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_what_is_said_is_exactly_this(case, folder, capsys):
    for name, old, new in case.edits:
        edit(folder / name, old, new)
    assert main(["check", str(folder)]) == 1
    said = capsys.readouterr().err.replace(str(folder.parent), "…")
    assert said.partition("\n")[2].strip("\n") == case.told


def edit(file: Path, old: str, new: str) -> None:
    """Replace lines of a file that stand there once; without any, write all of it."""
    if not old:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(new)
        return
    text = file.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new))


def test_no_two_cases_have_the_same_name():
    assert len({case.name for case in ALL}) == len(ALL)


def test_every_text_an_author_can_be_told_is_in_a_case():
    told = "\n".join(case.told for case in ALL)
    untold = [f"{place}: {text!r}" for place, text in templates() if not is_in(text, told)]
    assert untold == [], "each needs a case in tests/unit/coursewright/told"


def templates() -> Iterator[tuple[str, str]]:
    """Every text in the package that may reach an author, with its place; {} for what varies."""
    files = [file for part in WHOLE for file in sorted((GENERATOR / part).glob("*.py"))]
    for file in files:
        tree = ast.parse(file.read_text())
        for node in texts_in(tree):
            text = template(node)
            if WORDS.search(text):
                yield f"{file.relative_to(GENERATOR)}:{node.lineno}", text


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


def is_in(text: str, told: str) -> bool:
    """Whether a template is part of what is said in a case."""
    return bool(re.search("(.|\n)*?".join(map(re.escape, text.split("{}"))), told))
