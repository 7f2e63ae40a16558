"""Displays made of text: one big figure, and tables."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from pyengine.errors import ShapeError
from pyengine.show._display import ELEMENTS, TEXT, Display, Node, classes, number

Cell = str | float


def figure(
    name: str,
    value: Cell,
    *,
    unit: str = "",
    verdict: str = "",
    words: str = "",
    concept: str = "loss",
    digits: int = 2,
) -> Display:
    """Show one number, large, with its meaning in words.

    Args:
        name: what it is, such as "loss".
        value: the number, written with `digits` decimals, or text to show as it is.
        unit: what it is counted in, such as "nats".
        verdict: the one word that judges it; set in bold.
        words: what it means, following the verdict.
        concept: whose colour it has: prob, loss, grad, rate, valid or soft.
        digits: decimals of the value.

    >>> figure("loss", 0.693, unit="nats", verdict="unsure", words="as surprised as by a coin")
    0.69 nats of loss. Unsure: as surprised as by a coin.
    """
    big = value if isinstance(value, str) else number(value, digits)
    what = f"{unit} of {name}." if unit else f"{name}."
    judged = capital(verdict) + (":" if words else ".") if verdict else ""
    meaning = words if verdict else capital(words)
    meaning += "." if meaning and meaning[-1] not in ".!?" else ""
    said: list[Node] = [f"{what} " if judged or meaning else what]
    if judged:
        said.append(["strong", {}, judged])
    if meaning:
        said.append(f" {meaning}" if judged else meaning)
    tree: Node = [
        "div",
        {"class": "figure"},
        ["strong", classes("figure-value", concept), big],
        ["span", {"class": "figure-words"}, *said],
    ]
    text = " ".join(part for part in (big, what, judged, meaning) if part)
    return Display({TEXT: text, ELEMENTS: tree})


def table(
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    caption: str = "",
    concepts: Mapping[str, str] | None = None,
    digits: int = 2,
) -> Display:
    """Show a table. Whole numbers stay whole, others get `digits` decimals, text stays as it is.

    Args:
        headers: one per column.
        rows: each with one cell per column.
        caption: what the table shows, as a sentence.
        concepts: header → concept, for columns in that concept's colour.
        digits: decimals of numbers that are not whole.

    Raises:
        ShapeError: a row with more or fewer cells than there are headers.

    >>> table(["probability", "loss"], [[0.9, 0.10536], [0.5, 0.69315]])
    probability  loss
    0.90         0.11
    0.50         0.69
    """
    for i, row in enumerate(rows):
        if len(row) != len(headers):
            expected = f"{len(headers)} cells in every row, one per header"
            raise ShapeError("table", expected, f"{len(row)} in row {i}")
    written = [[_write(cell, digits) for cell in row] for row in rows]
    tree = table_tree(headers, written, caption, concepts or {})
    return Display({TEXT: _as_text(headers, written, caption), ELEMENTS: tree})


def table_tree(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    caption: str = "",
    concepts: Mapping[str, str] | None = None,
) -> Node:
    """Return the elements of a table whose cells are written already."""
    looks = [classes("", (concepts or {}).get(header, "")) for header in headers]
    head: Node = ["thead", {}, ["tr", {}, *(["th", {"scope": "col"}, h] for h in headers)]]
    body: list[Node] = [["tr", {}, *_cells(row, looks)] for row in rows]
    title: list[Node] = [["caption", {}, caption]] if caption else []
    return ["table", {"class": "data"}, *title, head, ["tbody", {}, *body]]


def _cells(row: Sequence[str], looks: Sequence[dict[str, str]]) -> list[Node]:
    return [["td", dict(look), cell] for look, cell in zip(looks, row, strict=True)]


def _write(cell: Cell, digits: int) -> str:
    if isinstance(cell, str):
        return cell
    return number(cell, 0 if isinstance(cell, int) else digits)


def _as_text(headers: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    lines = [headers, *rows]
    widths = [max(len(cell) for cell in column) for column in zip_longest(*lines, fillvalue="")]
    aligned = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    return "\n".join([caption, *aligned] if caption else aligned)


def capital(words: str) -> str:
    """Start with a capital, unless the first word is a symbol such as w₁."""
    return words[:1].upper() + words[1:] if words.split(" ")[0].isalpha() else words
