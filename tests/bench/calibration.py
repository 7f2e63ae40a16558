"""`bench -- calibration`: the constants of `teachback.verdicts`, fitted again.

The value is what comes out now, beside it the one in use. The rows `left out` are of the tuned
half, each prompt graded by constants fitted on the other prompts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gold
import grader
from gold import calibration, measures
from run import row

from teachback import grade, verdicts


def rows() -> list[dict[str, Any]]:
    """Each constant, and what the calibration is worth on prompts it has not seen."""
    found = [
        row(
            f"calibration/{name}.{part or 'bias'}",
            [value],
            "",
            [getattr(verdicts, name)[part]],
            None,
        )
        for name, line in calibration.lines().items()
        for part, value in line.items()
    ]
    results = left_out()
    kappa, ranks = measures.kappa(measures.scores(results)), measures.rank_violations(results)
    return [
        *found,
        row("calibration/left out/kappa", [kappa], "", None, grader.LEAST_KAPPA, least=True),
        row("calibration/left out/rank", [ranks], "share", None, grader.MOST_VIOLATIONS),
    ]


def left_out() -> list[measures.Graded]:
    """The tuned half, each prompt graded by what was fitted on the others."""
    results = []
    for name in sorted({each.rubric for each in gold.answers("tuned")}):
        with using(calibration.lines(without=name)):
            results += measures.graded(
                [each for each in gold.answers("tuned") if each.rubric == name], grade
            )
    return results


@contextmanager
def using(lines: dict[str, calibration.Line]) -> Iterator[None]:
    """Other constants for a while."""
    before = {name: getattr(verdicts, name) for name in lines}
    for name, line in lines.items():
        setattr(verdicts, name, line)
    yield
    for name, line in before.items():
        setattr(verdicts, name, line)
