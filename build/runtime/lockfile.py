"""pyodide-lock.json for a site: Pyodide's own list of packages, cut down to ours.

Pyodide reads it to turn `loadPackage("course")` into wheels: which file, which hash, what else
must be loaded first, and which `import` belongs to which package. Pyodide's full lock file names
350 packages on a CDN; a page of ours may load only what the site itself serves.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from failure import RuntimeFailure
from pins import Pins
from wheels import Wheel, normalized

Entry = dict[str, Any]


def upstream_entry(pins: Pins, file_name: str, data: bytes) -> Entry:
    """Return Pyodide's entry for a wheel of its own, with the hash of what we made of it.

    Names are spelled in one way there, and in several where other packages depend on them.
    """
    found = pins.packages.items()
    name, entry = next((name, each) for name, each in found if each["file_name"] == file_name)
    depends = [normalized(each) for each in entry["depends"]]
    return {**entry, "name": name, "depends": depends, "sha256": sha256(data).hexdigest()}


def own_entry(wheel: Wheel, data: bytes, available: set[str]) -> Entry:
    """Return the entry for a wheel of ours; `available` are the names of all packages served."""
    return {
        "name": wheel.name,
        "version": wheel.version,
        "file_name": wheel.file_name,
        "install_dir": "site",
        "sha256": sha256(data).hexdigest(),
        "package_type": "package",
        "imports": wheel.imports,
        "depends": _depends(wheel, available),
        "unvendored_tests": False,
    }


def _depends(wheel: Wheel, available: set[str]) -> list[str]:
    """Return the served packages this one needs; a need that nothing serves stops the build.

    A requirement with a marker (an extra, another platform) counts only if it is served.
    """
    needs = [requirement for requirement in wheel.requirements if not requirement.extra]
    missing = {need.name for need in needs if not need.conditional} - available
    if missing:
        raise RuntimeFailure(
            f"{wheel.file_name} requires {', '.join(sorted(missing))}, which the site does not "
            f"serve (it serves {', '.join(sorted(available))}): pass its wheel with --wheel, "
            "or make the requirement an extra"
        )
    return sorted({need.name for need in needs} & available)


def in_load_order(entries: Sequence[Entry]) -> list[Entry]:
    """Sort so that each package comes after those it depends on; ties keep their order."""
    waiting, ordered = list(entries), list[Entry]()
    while waiting:
        done = {entry["name"] for entry in ordered}
        ready = next((entry for entry in waiting if done.issuperset(entry["depends"])), None)
        if ready is None:
            names = ", ".join(sorted(entry["name"] for entry in waiting))
            raise RuntimeFailure(f"these wheels require each other in a circle: {names}")
        waiting.remove(ready)
        ordered.append(ready)
    return ordered


def lock_json(info: Mapping[str, str], entries: Sequence[Entry]) -> bytes:
    """Write the lock file: compact, sorted, one final newline."""
    packages = {entry["name"]: entry for entry in entries}
    text = json.dumps({"info": info, "packages": packages}, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"
