"""What the author's server watches: everything its site is made from."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from watchfiles import Change, watch

from ..language.files import read

PULSE = 200  # milliseconds
QUIET = ("__pycache__", ".git", "node_modules", "dist", ".nox")


def changes(watched: Callable[[], list[Path]]) -> Iterator[list[Path]]:
    """The files of each change, until Ctrl+C; an empty list where nothing changed for a while.

    What is watched may change with them.
    """
    while True:
        roots = watched()
        wanted = functools.partial(worth_it, roots)
        idle: dict[str, Any] = {"rust_timeout": PULSE, "yield_on_timeout": True}
        for found in watch(*roots, watch_filter=wanted, raise_interrupt=False, **idle):
            yield sorted({Path(path) for _, path in found})
            if found and watched() != roots:
                break
        else:
            return


def worth_it(roots: list[Path], _: Change, path: str) -> bool:
    """Whether a change of this file can change the site; where the project lies says nothing."""
    file = Path(path)
    root = next((root for root in roots if file.is_relative_to(root)), file.parent)
    parts = file.relative_to(root).parts
    return not any(part in QUIET or part.startswith(".") for part in parts)


def brought(folder: Path) -> list[Path]:
    """A course's package folders and wheels, also while something else in `course.yml` is wrong."""
    file = folder / "course.yml"
    data = read(str(file), file.read_bytes()).data if file.is_file() else None
    lists = [data.get(key) for key in ("packages", "wheels")] if isinstance(data, dict) else []
    names = [name for each in lists if isinstance(each, list) for name in each]
    return [(folder / name).resolve() for name in names if isinstance(name, str)]
