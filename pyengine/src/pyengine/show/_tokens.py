"""A strip of tokens: how a text is cut up, with a number under each piece."""

import math
from collections.abc import Sequence
from numbers import Integral

from pyengine.errors import EngineValueError, ShapeError
from pyengine.show._display import ELEMENTS, TEXT, Display, Node, classes, number, visible

_MOST = 500  # pages build at most 5,000 nodes
_SHADES = 9  # steps from blank to full, each a class of its own


def tokens(
    texts: Sequence[str],
    values: Sequence[float] | None = None,
    *,
    name: str = "",
    concept: str = "loss",
    shaded: bool = True,
    limit: float | None = None,
    digits: int = 2,
) -> Display:
    r"""Show tokens as boxes in a row, white space made visible, with a number under each.

    Args:
        texts: the tokens in order; the row ends after a token that ends with a line break.
        values: one number per token, such as its loss or its id; nan where there is none.
        name: what the numbers are, with their unit.
        concept: whose colour the boxes have: prob, loss, grad, rate, valid or soft.
        shaded: whether a box is the stronger, the farther its number is from 0.
        limit: the distance from 0 that has the full shade; otherwise the largest there is.
        digits: decimals of numbers that are not whole.

    Raises:
        ShapeError: no tokens, more than 500, or not as many values as tokens.
        EngineValueError: a limit that is not above 0.

    >>> tokens(["The", " cat", "\n"], [3.25, 5.5, 0.75], name="loss (nats)")
    The (3.25) ␣cat (5.50) ⏎ (0.75)
    """
    if not 0 < len(texts) <= _MOST:
        fix = "Show a part of the text."
        raise ShapeError("tokens", f"1 to {_MOST} tokens", f"{len(texts):,}", fix)
    if values is not None and len(values) != len(texts):
        got = f"{len(texts)} tokens and {len(values)} values"
        raise ShapeError("tokens", "one value per token", got)
    if limit is not None and not limit > 0:
        raise EngineValueError("tokens", "limit to be above 0", f"{limit}")
    given = [math.nan] * len(texts) if values is None else list(values)
    shown = [visible(text) for text in texts]
    numbers = [_written(value, digits) for value in given]
    shades = _shades(given, limit) if shaded else [0] * len(texts)
    boxes: list[Node] = []
    for i, text in enumerate(texts):
        boxes.append(_box(shown[i], numbers[i], shades[i]))
        if text.endswith("\n"):
            boxes.append(["li", {"class": "token-break", "aria-hidden": "true"}])
    where = "Under each token, and as its shade" if any(shades) else "Under each token"
    key: list[Node] = [["p", {"class": "tokens-key"}, f"{where}: {name}"]] if name else []
    tree: Node = ["div", {}, *key, ["ol", classes("tokens", concept), *boxes]]
    said = [f"{t} ({n})" if n else t for t, n in zip(shown, numbers, strict=True)]
    return Display({TEXT: " ".join(said), ELEMENTS: tree})


def _written(value: float, digits: int) -> str:
    if math.isnan(value):
        return ""
    return number(value, 0 if isinstance(value, Integral) else digits)


def _shades(values: Sequence[float], limit: float | None) -> list[int]:
    """How strong each box is, from 0 to 9."""
    sizes = [0.0 if math.isnan(value) else abs(float(value)) for value in values]
    full = limit or max((size for size in sizes if size < math.inf), default=0.0) or 1.0
    return [round(_SHADES * min(1.0, size / full)) for size in sizes]


def _box(text: str, written: str, shade: int) -> Node:
    look = f"token token-{shade}" if shade else "token"
    words: list[Node] = [["span", {"class": "token-text"}, text]]
    if written:
        words.append(["span", {"class": "token-number"}, written])
    return ["li", {"class": look}, *words]
