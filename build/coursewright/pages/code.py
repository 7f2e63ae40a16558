"""Cells and exercises: code with what it gave, to be edited and run where there is a script."""

import json
from html import escape

from ..baking.code import as_data
from ..language.blocks import Check, CodeCell, Exercise
from ..language.diagnostics import Path
from .demos import output
from .here import RUNTIME_BYTES, Here
from .html import code_html, label, written
from .questions import folded


def cell_html(cell: CodeCell, path: Path, here: Here) -> str:
    """A cell with its baked output."""
    at = (*path, "code")
    outputs = "".join(output(bundle, at, here) for bundle in here.baked.displays.get(path, []))
    attributes = {"class": "cw-cell", "id": cell.id, **place(here)}
    return (
        f"<cw-cell{written(attributes)}>{code_html(cell.code)}"
        f'<div class="cw-outputs">{outputs}</div>'
        f'<div class="cw-foot"><p class="cw-status"></p></div></cw-cell>'
    )


def exercise_html(exercise: Exercise, path: Path, here: Here) -> str:
    """An exercise: what to write, where to begin, hints one by one, and the solution folded."""
    hints = "".join(
        folded(
            here.words("page.hint", hint=i + 1),
            f"<p>{here.line_html(hint, (*path, 'hints', i))}</p>",
        )
        for i, hint in enumerate(exercise.hints)
    )
    starter, right = code_html(exercise.starter), code_html(exercise.solution)
    solution = folded(here.words("page.solution"), right)
    says = "".join(
        f"<li>{here.line_html(wrong.says, (*path, 'wrong', i, 'says'))}</li>"
        for i, wrong in enumerate(exercise.wrong)
    )
    wrong = [[check["got"] for check in outcome] for outcome in here.baked.wrong.get(path, [])]
    checks = [{**as_data(check), "hidden": check.hidden} for check in exercise.checks]
    attributes = {
        "class": "cw-exercise cw-question",
        "id": exercise.id,
        "data-checks": json.dumps(checks),
        "data-wrong": json.dumps(wrong),
        **place(here),
    }
    shown = "".join(
        f"<li>{gives(check, here)}</li>" for check in exercise.checks if not check.hidden
    )
    return (
        f"<cw-exercise{written(attributes)}>{label(here.words('page.write-it'))}"
        f'<div class="cw-ask">{here.prose_html(exercise.ask, (*path, "ask"))}'
        f'<ul class="cw-wanted">{shown}</ul></div>'
        f'{starter}<ul class="cw-says" hidden>{says}</ul>'
        f'<div class="cw-outputs"></div><div class="cw-foot"><p class="cw-status"></p></div>'
        f'<div class="cw-help">{hints}{solution}</div></cw-exercise>'
    )


def gives(check: Check, here: Here) -> str:
    """What a check's call is to give."""
    call, value = (f"<code>{escape(code)}</code>" for code in (check.call, check.gives))
    return here.words.html("exercise.gives", call=call, value=value)


def place(here: Here) -> dict[str, str]:
    """Attributes by which the page's script finds Python, and what belongs together."""
    return {
        **here.belongs,
        "data-runtime": "../../assets/runtime/",
        "data-bytes": RUNTIME_BYTES,
    }
