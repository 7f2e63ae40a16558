"""The rubrics of a built course. When the site is built again, the new ones are taken up."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from ..rubric import Rubric, RubricError
from .problems import ProblemError

LOOK_EVERY = 2.0  # seconds
LOG = logging.getLogger("teachback")


class Rubrics:
    """The rubrics in a folder, by course and lesson. Raises `RubricError` if there are none."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder, self.clock = folder, clock
        self.looked, self.seen = clock(), stamps(folder)
        self.known = load(folder)

    def find(self, course: str, lesson: str, sha: str) -> tuple[Rubric, str]:
        """A lesson's rubric and its hash. Raises `ProblemError` if it is not the one meant."""
        found = self.known.get((course, lesson))
        if (found is None or found[1] != sha) and self.renewed():
            found = self.known.get((course, lesson))
        if found is None:
            raise ProblemError("unknown_lesson", "there is no rubric for this course and lesson")
        if found[1] != sha:
            raise ProblemError("stale_rubric", "the rubric is another one now: reload the page")
        return found

    def renewed(self) -> bool:
        """Read the folder again if its files have changed; now and then, not at every request."""
        if self.clock() < self.looked + LOOK_EVERY:
            return False
        self.looked = self.clock()
        seen = stamps(self.folder)
        if seen == self.seen:
            return False
        try:
            self.known = load(self.folder)
        except RubricError as error:  # half a build, perhaps: the old ones serve on
            LOG.warning("rubrics not renewed", extra={"told": {"why": str(error)}})
            return False
        self.seen = seen
        LOG.info("rubrics renewed", extra={"told": {"lessons": len(self.known)}})
        return True


def load(folder: Path) -> dict[tuple[str, str], tuple[Rubric, str]]:
    """Read every rubric of a folder. Raises `RubricError`."""
    known = {}
    for file in sorted(folder.glob("*.json")):
        try:
            rubric = Rubric.from_json(file.read_text(encoding="utf-8"))
        except (RubricError, OSError, UnicodeDecodeError) as error:
            raise RubricError(f"{file}: {error}") from None
        known[rubric.course, rubric.lesson] = rubric, rubric.sha
    if not known:
        raise RubricError(f"{folder}: expected rubrics (*.json), found none; build the site first")
    return known


def stamps(folder: Path) -> set[tuple[str, int, int]]:
    """What tells that files have changed."""
    found = set()
    for file in folder.glob("*.json"):
        try:
            stat = file.stat()
        except OSError:
            continue
        found.add((file.name, stat.st_mtime_ns, stat.st_size))
    return found
