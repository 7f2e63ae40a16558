"""How the reports of a run are kept in its checkpoints: as arrays, which give every float back.

JSON, in which the rest is kept, has no nan and no infinity.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

ALWAYS = ("step", "loss", "lr", "grad_norm", "tokens_per_second")
NOW_AND_THEN = "validation_loss"
DUE = "validated"  # the places of the reports that have it


def as_arrays(reports: Iterable[Any]) -> dict[str, Array]:
    """Turn reports into arrays by name, (N,) each; what was validated is (M,). None of no report.

    >>> from pyengine.train import Report
    >>> reports = [Report(0, 4.2, None, 0.1, 1.5, 9.0), Report(1, 4.1, 4.3, 0.1, 1.4, 9.5)]
    >>> [Report(**each) for each in as_fields(as_arrays(reports))] == reports
    True
    """
    rows = list(reports)
    arrays = {name: np.array([getattr(row, name) for row in rows]) for name in ALWAYS}
    due = [i for i, row in enumerate(rows) if getattr(row, NOW_AND_THEN) is not None]
    arrays[DUE] = np.array(due)
    arrays[NOW_AND_THEN] = np.array([getattr(rows[i], NOW_AND_THEN) for i in due])
    return {name: array for name, array in arrays.items() if array.size}


def as_fields(arrays: Mapping[str, Array]) -> Iterator[dict[str, Any]]:
    """Turn such arrays back into the fields of each report."""
    found = {name: array.tolist() for name, array in arrays.items()}
    held_out = dict(zip(found.get(DUE, []), found.get(NOW_AND_THEN, []), strict=True))
    for i in range(len(found.get("step", []))):
        yield {name: found[name][i] for name in ALWAYS} | {NOW_AND_THEN: held_out.get(i)}
