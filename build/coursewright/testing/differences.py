"""Whether what the browser's Python gave is what readers see in the page, up to rounding.

The two have other mathematical libraries and add numbers up in another order.
"""

import json
import math
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from ..language.blocks import CLOSE

NOTHING = 1e-12  # a number this small is rounding where 0 is meant
NUMBER = re.compile(r"(\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
LONGEST = 80  # characters of a text that are shown


def difference(here: Any, there: Any, within: float = CLOSE) -> str:
    """The first difference between two pieces of JSON data, in words; "" if there is none.

    >>> difference([{"text/plain": "0.30000000000000004"}], [{"text/plain": "0.3"}])
    ''
    >>> difference([{"text/plain": "linux"}], [{"text/plain": "emscripten"}])
    'expected `linux` as the page shows, got `emscripten` ([0].text/plain)'
    """
    return next(differences(here, there, within, ""), "")


def differences(here: Any, there: Any, within: float, at: str) -> Iterator[str]:
    """All differences, that of the plain text first: it is what one reads."""
    if isinstance(here, dict) and isinstance(there, dict):
        for key in sorted(here.keys() | there.keys(), key=lambda key: (key != "text/plain", key)):
            yield from differences(here.get(key), there.get(key), within, f"{at}.{key}")
    elif isinstance(here, list) and isinstance(there, list):
        for i, (one, other) in enumerate(zip_longest(here, there)):
            yield from differences(one, other, within, f"{at}[{i}]")
    elif not same(here, there, within):
        place = f" ({at.removeprefix('.')})" if at else ""
        one, other = told(here, there, within)
        yield f"expected {one} as the page shows, got {other}{place}"


def same(here: Any, there: Any, within: float) -> bool:
    """Whether two values are the same, numbers up to rounding, also those in texts."""
    if isinstance(here, str) and isinstance(there, str):
        one, other = NUMBER.split(here), NUMBER.split(there)
        return one[::2] == other[::2] and all(
            close(*pair, within) for pair in zip(one[1::2], other[1::2], strict=True)
        )
    if isinstance(here, bool) or isinstance(there, bool):
        return here is there
    if isinstance(here, int | float) and isinstance(there, int | float):
        return close(here, there, within)
    return bool(here == there)


def close(here: float | str, there: float | str, within: float) -> bool:
    """Whether two numbers, or digits in a text, are the same up to rounding."""
    return math.isclose(float(here), float(there), rel_tol=within, abs_tol=NOTHING)


def told(here: Any, there: Any, within: float) -> tuple[str, str]:
    """Two values that differ, as a message shows them; of texts the first line that does."""
    if isinstance(here, str) and isinstance(there, str):
        pairs = zip_longest(here.splitlines(), there.splitlines(), fillvalue="")
        here, there = next((pair for pair in pairs if not same(*pair, within)), (here, there))
    return shown(here), shown(there)


def shown(value: Any) -> str:
    """A value in a message, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value)
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return "nothing" if value is None else f"`{cut}`"
