"""A demo at every stop of its controls, as one file for the page: the worker's side of it.

The file is `{"controls": [[name, [stop, ...]], ...], "frames": [...], "shared": [...]}`, a frame
for each combination of stops, the last control's changing fastest. What stands in several places is
in `shared` once; `{"": 3}` stands for the one of that number, in those that come after it as well.
"""

import gzip
import json
import time
from collections.abc import Callable
from itertools import product
from typing import Any

from .. import runner

MOST_BYTES = 100_000  # of a file, compressed as servers do
MOST_SECONDS = 20.0  # for all stops of a demo: builds are to stay quick
LONG = 40  # characters of JSON that are worth a reference

written = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


def frames(job: dict[str, Any]) -> dict[str, Any]:
    """Run a demo at every stop: how many bytes the file has, and its text unless it is too large.

    With them, what it shows when it is called `first`, with its start values. It is not `steady` if
    it shows something else when called again. If it raises, that ends the job, with the stop; and
    so does taking too long, with nothing but that it is `slow`.
    """
    values, found, steady, started = Values(), [], True, time.monotonic()
    first = displays_at(job["start"], job)
    for stop in product(*job["controls"].values()):
        arguments = dict(zip(job["controls"], stop, strict=True))
        try:
            displays = displays_at(arguments, job)
        except BaseException as error:
            return {"error": runner.described(error), "at": arguments}
        steady = steady and (arguments != job["start"] or displays == first)
        found.append(values.place(displays))
        if time.monotonic() - started > MOST_SECONDS:
            return {"slow": True}
    text = written({"controls": [*job["controls"].items()], **values.packed(found)})
    size = len(gzip.compress(text.encode(), mtime=0))
    kept = text if size <= MOST_BYTES else ""
    return {"first": first, "steady": steady, "bytes": size, "text": kept}


def displays_at(arguments: dict[str, Any], job: dict[str, Any]) -> list[dict[str, Any]]:
    """What a demo shows for some arguments."""
    return runner.call(job["target"], arguments, code=job.get("code"))[1]


class Values:
    """JSON values, each kept once: a list or a mapping holds the places of what is in it."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.values: list[Any] = []
        self.lengths: list[int] = []  # of the whole value as JSON
        self.uses: list[int] = []  # in how many others it is, and how many frames it is
        self.numbers: dict[int, int] = {}  # of those that are shared, by place
        self.shared: list[Any] = []

    def place(self, value: Any) -> int:
        """Where a value is."""
        held = mapped(value, self.place)
        text = written(held)
        place = self.places.setdefault(text, len(self.values))
        if place == len(self.values):
            inside = held.values() if isinstance(held, dict) else held
            places = list(inside) if isinstance(held, dict | list) else []
            self.values.append(held)
            self.lengths.append(len(text) + sum(self.lengths[each] for each in places))
            self.uses.append(0)
            for each in places:
                self.uses[each] += 1
        return place

    def packed(self, found: list[int]) -> dict[str, Any]:
        """The values at some places, and what they share."""
        for place in found:
            self.uses[place] += 1
        return {"frames": [self.reference(place) for place in found], "shared": self.shared}

    def reference(self, place: int) -> Any:
        """A value as it stands in another: whole, or as the number of what is shared."""
        value = self.values[place]
        repeated = self.uses[place] > 1 and self.lengths[place] >= LONG
        # What looks like a reference must not stand where one may.
        looks_like_one = isinstance(value, dict) and value.keys() == {""}
        if not (repeated or looks_like_one):
            return mapped(value, self.reference)
        if place not in self.numbers:
            whole = mapped(value, self.reference)
            self.numbers[place] = len(self.shared)
            self.shared.append(whole)
        return {"": self.numbers[place]}


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """A value with everything that is in it changed."""
    if isinstance(value, dict):
        return {key: change(item) for key, item in value.items()}
    return [change(item) for item in value] if isinstance(value, list) else value
