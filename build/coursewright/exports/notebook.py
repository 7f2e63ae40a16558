"""A lesson as a Jupyter notebook whose cells run as they are.

The file is plain JSON (nbformat 4.5), written as Jupyter writes it and the same in every build. A
cell's id comes from what is in it, so that a change elsewhere leaves it alone.
"""

import base64
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..cache import digest
from ..language.blocks import Block, CellBlock, Demo, DemoBlock, Exercise, ExerciseBlock
from ..language.signatures import arguments_of
from ..runner import MOST_STEPS
from .carried import Carrier, literal
from .markdown import ATTACHMENT, Writer, anchor, attached_name, folded, plain
from .selected import Cooked

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

KINDS = {"jpg": "jpeg", "svg": "svg+xml"}  # of images whose kind is not called as their suffix
ATTACHED = re.compile(rf"\({ATTACHMENT}([^()\s]+)\)")

INSTALL = """\
import importlib.util
import subprocess
import sys

needs = {needs}
missing = {{needs[module] for module in needs if importlib.util.find_spec(module) is None}}
if missing:
    subprocess.run([sys.executable, "-m", "pip", "install", *sorted(missing)], check=True)"""
WRITE = '''\
import base64
import importlib
import sys
import tempfile
from pathlib import Path

course = Path(tempfile.mkdtemp())  # the next cells put the demos there
sys.path.insert(0, str(course))


def write(name, content):
    """Write a file of the demos; what was imported of them is forgotten, so changes count."""
    raw = content if isinstance(content, bytes) else content.removeprefix("\\n").encode()
    (course / name).parent.mkdir(parents=True, exist_ok=True)
    (course / name).write_bytes(raw)
    for module in [each for each in sys.modules if each.partition(".")[0] == "demos"]:
        del sys.modules[module]
    importlib.invalidate_caches()'''


@dataclass
class Cells:
    """Cells in order, no two with the same id; those that show images carry them."""

    attachments: dict[str, Path]
    found: list[dict[str, Any]] = field(default_factory=list)

    def markdown(self, text: str) -> None:
        """Add prose."""
        shown = {name: self.attachments.get(name) for name in ATTACHED.findall(text)}
        carried = {name: attached(file) for name, file in shown.items() if file}
        self.add("markdown", text, {"attachments": carried} if carried else {})

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


def notebook(cooked: Cooked, carrier: Carrier) -> str:
    """A lesson as the text of a notebook that needs nothing beside it."""
    images = {attached_name(name): file for name, file in cooked.course.images.items()}
    cells, write = Cells(images), Writer(cooked, carrier.address)
    cells.markdown(opening(cooked))
    files = carrier.files(cooked.spec)
    told = (cooked.course.words("notebook.first"), carrier.note)
    if first := setup(carrier.needed(cooked.spec, files), files, told):
        cells.code(first)
    for name, raw in files.items():
        cells.code(f"write({name!r}, {literal(raw)})")
    for s, section in enumerate(cooked.spec.sections):
        cells.markdown(f"## {anchor(section.id)}{plain(section.title)}")
        for b, block in enumerate(section.blocks):
            add_block(block, ("sections", s, "blocks", b), cells, write)
    for text in write.review():
        cells.markdown(text)
    whole = {"cells": cells.found, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def attached(file: Path) -> dict[str, str]:
    """An image as a notebook carries it."""
    suffix = file.suffix[1:].lower()
    return {f"image/{KINDS.get(suffix, suffix)}": base64.b64encode(file.read_bytes()).decode()}


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
    words = write.words
    ask = write.prose(exercise.ask, (*path, "ask"))
    wanted = [
        f"* {words('exercise.gives', call=f'`{check.call}`', value=f'`{check.gives}`')}"
        for check in exercise.checks
        if not check.hidden
    ]
    cells.markdown(
        "\n\n".join(
            [f"{anchor(exercise.id)}**{words('page.write-it')}.** {ask}", "\n".join(wanted)]
        )
    )
    cells.code(exercise.starter)
    hints = [
        folded(words("page.hint", hint=i + 1), write.line(hint, (*path, "hints", i)))
        for i, hint in enumerate(exercise.hints)
    ]
    solution = exercise.solution.strip("\n")
    shown = folded(words("page.solution"), f"```python\n{solution}\n```")
    cells.markdown("\n\n".join([*hints, shown]))


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
    spec, words = cooked.spec, cooked.course.words
    parts = [f"# {anchor('lesson')}{plain(spec.title)}", plain(spec.summary)]
    minutes = words("page.minutes", count=spec.minutes)
    parts.append(f"*{plain(cooked.course.spec.title)}* · {minutes}")
    if spec.objectives:
        goals = "\n".join(f"* {plain(goal)}" for goal in spec.objectives)
        parts.append(f"{words('page.after')}\n\n{goals}")
    return "\n\n".join(parts)


def setup(needs: dict[str, str], files: dict[str, bytes], told: tuple[str, str]) -> str:
    """The first code cell: installs what is imported, and makes room for the demos; or nothing.

    It is told what it is, and what a reader must do before.
    """
    first, note = told
    parts = []
    if needs:
        needed = json.dumps(needs, ensure_ascii=False, indent=4)
        wheels = any(package.endswith(".whl") for package in needs.values())
        parts += [f"# {note}"] if note and wheels else []
        parts.append(INSTALL.format(needs=needed))
    parts += [WRITE] if files else []
    return "\n".join([f"# {first}", *parts]) if parts else ""
