"""A lesson as a Jupyter notebook whose cells run as they are.

The file is plain JSON (nbformat 4.5), written as Jupyter writes it and the same in every build. A
cell's id comes from what is in it, so that a change elsewhere leaves it alone.
"""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..cache import digest
from ..language.blocks import Block, CellBlock, Demo, DemoBlock, Exercise, ExerciseBlock
from ..language.imports import imports_of
from ..language.packages import package_modules, project_name
from ..language.signatures import arguments_of
from ..runner import MOST_STEPS
from .markdown import Writer, anchor, folded, plain
from .selected import Cooked

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
BROWSERS_OWN = {"demos", "js", "pyodide", "coursewright"}

SETUP = """\
# Run this cell first. The demos come from the course's folder.{installing}
import sys
from pathlib import Path

course = Path({course})  # as seen from this notebook
if not (course / "demos").is_dir():
    raise FileNotFoundError(
        f"expected the course's folder, with `demos` in it, at {{course.resolve()}}; "
        "set `course` to where it is"
    )
sys.path.insert(0, str(course.resolve()))"""
INSTALLING = """ They import what this installs:
#     pip install {names}"""


@dataclass
class Cells:
    """Cells in order, no two with the same id."""

    found: list[dict[str, Any]] = field(default_factory=list)

    def markdown(self, text: str) -> None:
        """Add prose."""
        self.add("markdown", text, {})

    def code(self, text: str) -> None:
        """Add Python, with no output yet."""
        self.add("code", text, {"execution_count": None, "outputs": []})

    def add(self, kind: str, text: str, more: dict[str, Any]) -> None:
        """Add a cell; equal ones are told apart by counting."""
        source = text.strip("\n")
        same = sum(
            cell["cell_type"] == kind and "".join(cell["source"]) == source for cell in self.found
        )
        name = digest(kind, source, same)[:12]
        lines = source.splitlines(keepends=True)
        self.found.append({"cell_type": kind, "id": name, "metadata": {}, "source": lines, **more})


def notebook(cooked: Cooked, folder: Path) -> str:
    """A lesson as the text of a notebook that will lie in a folder."""
    cells, write = Cells(), Writer(cooked, related(cooked.course.folder / "images", folder))
    cells.markdown(opening(cooked))
    cells.code(setup(cooked, folder))
    for s, section in enumerate(cooked.spec.sections):
        cells.markdown(f"## {anchor(section.id)}{plain(section.title)}")
        for b, block in enumerate(section.blocks):
            add_block(block, ("sections", s, "blocks", b), cells, write)
    for text in write.review():
        cells.markdown(text)
    whole = {"cells": cells.found, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def add_block(block: Block, path: tuple[str | int, ...], cells: Cells, write: Writer) -> None:
    """Add the cells of a block: code for what runs, Markdown for all else."""
    match block:
        case DemoBlock(demo=demo):
            cells.markdown(f"### {anchor(demo.id)}{plain(demo.title)}\n\n{plain(demo.try_)}")
            cells.code(call(demo, write.cooked))
        case CellBlock(cell=cell):
            cells.code(cell.code)
        case ExerciseBlock(exercise=exercise):
            add_exercise(exercise, (*path, "exercise"), cells, write)
        case _:
            cells.markdown(write.block(block, path))


def add_exercise(
    exercise: Exercise, path: tuple[str | int, ...], cells: Cells, write: Writer
) -> None:
    """Add an exercise: the task, where to begin, and help that is folded."""
    ask = write.prose(exercise.ask, (*path, "ask"))
    wanted = [
        f"* `{check.call}` gives `{check.gives}`" for check in exercise.checks if not check.hidden
    ]
    cells.markdown("\n\n".join([f"{anchor(exercise.id)}**Write it.** {ask}", "\n".join(wanted)]))
    cells.code(exercise.starter)
    hints = [
        folded(f"Hint {i + 1}", write.line(hint, (*path, "hints", i)))
        for i, hint in enumerate(exercise.hints)
    ]
    solution = exercise.solution.strip("\n")
    cells.markdown("\n\n".join([*hints, folded("Solution", f"```python\n{solution}\n```")]))


def call(demo: Demo, cooked: Cooked) -> str:
    """The call of a demo with the start values of its controls."""
    function = cooked.course.function(demo.target)
    assert function is not None  # the checks came first
    module, _, name = demo.target.partition(":")
    values = arguments_of(demo, function).items()
    arguments = ", ".join(f"{parameter}={value!r}" for parameter, value in values)
    first = demo.code.strip("\n") if demo.code else f"from demos.{module} import {name}"
    run = f"{name}({arguments})"
    if function.streams:  # it may never end: what the page shows is its last step, too
        first = f"from itertools import islice\n\n{first}"
        run = f"*_, last = islice({run}, {demo.steps or MOST_STEPS})\nlast"
    return f"{first}\n\n{run}"


def opening(cooked: Cooked) -> str:
    """What a reader wants to know first."""
    spec = cooked.spec
    parts = [f"# {anchor('lesson')}{plain(spec.title)}", plain(spec.summary)]
    parts.append(f"*{plain(cooked.course.spec.title)}* · {spec.minutes} minutes")
    if spec.objectives:
        goals = "\n".join(f"* {plain(goal)}" for goal in spec.objectives)
        parts.append(f"After this you can\n\n{goals}")
    return "\n\n".join(parts)


def setup(cooked: Cooked, folder: Path) -> str:
    """The first code cell: what has to be installed, and where the demos are."""
    names = " ".join(needed(cooked, folder))
    installing = INSTALLING.format(names=names) if names else ""
    place = json.dumps(related(cooked.course.folder, folder), ensure_ascii=False)
    return SETUP.format(installing=installing, course=place)


def needed(cooked: Cooked, folder: Path) -> list[str]:
    """What pip has to install for the course's demos: its packages by place, others by name."""
    own, wheels = cooked.course.package_folders(), cooked.course.wheels()
    names = {module: each.name for each in cooked.course.pyodide() for module in each.modules}
    imported = {
        module.partition(".")[0]
        for file in sorted((cooked.course.folder / "demos").rglob("*.py"))
        for _, module in imports_of(file)
    }
    brought = {*sys.stdlib_module_names, *package_modules(own), *BROWSERS_OWN}
    brought = brought.union(*(wheel.modules for wheel in wheels))
    places = [(project_name(package), package) for package in own]
    places += [(wheel.name, wheel.file) for wheel in wheels]
    return [
        *sorted({names.get(module, module) for module in imported - brought}),
        *(local(related(place, folder)) for _, place in sorted(places)),
    ]


def local(path: str) -> str:
    """A folder as pip tells it from a name on an index."""
    return path if path.startswith((".", "/")) or ":" in path else f"./{path}"


def related(place: Path, folder: Path) -> str:
    """A place as seen from a folder; whole where no relative path leads there."""
    try:
        return Path(os.path.relpath(place.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return place.resolve().as_posix()
