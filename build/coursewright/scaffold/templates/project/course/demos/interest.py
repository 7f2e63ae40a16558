"""Compound interest: interest is paid on the interest of the years before.

Only the standard library is used. A page also has NumPy, and the packages that `course.yml` names.
"""

from dataclasses import dataclass
from typing import Any


def balance(amount: float, rate: float, years: int) -> float:
    """Compute what an amount has grown to, at a rate in percent a year."""
    return float(amount * (1 + rate / 100) ** years)


def doubling(rate: float) -> int:
    """Count the years in which an amount doubles: a demo that returns a plain number."""
    years = 0
    while balance(1, rate, years) < 2:
        years += 1
    return years


def growth(rate: float, years: int) -> "Growth":
    """Let 100 grow year by year: a demo that returns something to look at."""
    return Growth([balance(100, rate, year) for year in range(years + 1)])


@dataclass
class Growth:
    """Balances by year, which show themselves as a chart, as in Jupyter."""

    balances: list[float]

    @property
    def last(self) -> float:
        """The balance at the end, for `expect` in the lesson."""
        return self.balances[-1]

    def __repr__(self) -> str:
        return f"100 has grown to {self.last:.2f} after {len(self.balances) - 1} years"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        rows = [{"year": year, "balance": value} for year, value in enumerate(self.balances)]
        chart = {
            "description": repr(self),
            "data": {"values": rows},
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "year", "type": "quantitative"},
                "y": {"field": "balance", "type": "quantitative"},
            },
        }
        return {"text/plain": repr(self), "application/vnd.vegalite.v6+json": chart}
