"""`python3 noxfile.py -s bench -- NAME`: run a benchmark, print its table, keep it in `.bench/`.

A benchmark is a module here with a function `rows()`. It measures both sides in one run and
interleaved, since these figures only mean something beside each other. A missed bar is shown, never
an error: a benchmark tells, it does not judge.
"""

import importlib
import json
import sys
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent)]


def row(
    name: str,
    runs: list[float],
    unit: str,
    against: list[float] | None,
    bar: float | None,
    peer_name: str = "",
    least: bool = False,
) -> dict[str, Any]:
    """One figure: the median of its runs, and its ratio to the peer's median (or itself).

    The bar is the largest ratio that is good or, with `least`, the smallest.
    """
    value, peer = median(runs), median(against) if against else None
    ratio = value / peer if peer else value
    met = None if bar is None else (ratio >= bar if least else ratio <= bar)
    figures = {"value": value, "unit": unit, "against": peer, "ratio": ratio}
    about = {"peer": peer_name or None, "runs": len(runs), "bar": bar, "met": met}
    return {"name": name, **figures, **about}


def show(rows: list[dict[str, Any]]) -> None:
    """Print rows as a table."""
    heads = ("name", "value", "unit", "against", "peer", "ratio", "runs", "bar", "met")
    cells = [heads, *(tuple(written(line[head]) for head in heads) for line in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(heads))]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))


def written(value: Any) -> str:
    """A cell's text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
    return "–" if value is None else str(value)


def main(arguments: list[str]) -> int:
    """Run the named benchmarks; what follows the first `--option` is for them to read."""
    modules = {file.stem: file.read_text() for file in HERE.glob("*.py") if file.stem != "run"}
    known = sorted(name for name, text in modules.items() if "\ndef rows(" in text)
    cut = next((i for i, each in enumerate(arguments) if each.startswith("--")), len(arguments))
    names = [name.replace("-", "_") for name in arguments[:cut]]
    options = arguments[cut:]
    if not names or set(names) - set(known):
        print(f"expected names of benchmarks, got {names or 'none'}; known: {', '.join(known)}")
        return 1
    for name in names:
        measure = importlib.import_module(name).rows
        rows = measure(options) if options else measure()
        show(rows)
        folder = ROOT / ".bench"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(rows, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.modules["run"] = sys.modules["__main__"]  # benchmarks say `from run import row`
    sys.exit(main(sys.argv[1:]))
