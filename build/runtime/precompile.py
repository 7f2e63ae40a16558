"""Compile Python sources to .pyc, so that the browser does not compile on every visit.

One Pyodide is booted per set of sources: what an interpreter did before leaves traces in the
bytes it writes (which strings it shares), and the same sources must always come out the same.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from failure import say
from node import HERE, Pyodide
from wheels import Wheel, unzipped, zipped

# "replace": each .py becomes a .pyc in its place (smaller, but no source in tracebacks).
# "beside": the .py stays and __pycache__ is filled, so tracebacks and inspect show the source.
# "zip": the .py stays with its .pyc next to it; in a zip, Python does not look for __pycache__.
Layout = Literal["replace", "beside", "zip"]

# Whatever decides the bytes of a .pyc besides its source and Pyodide.
MAKERS = tuple(
    HERE / name
    for name in ("boot.mjs", "precompile.mjs", "compile_sources.py", "precompile.py", "wheels.py")
)


@dataclass(frozen=True)
class Compiler:
    """Pyodide, as a compiler."""

    pyodide: Pyodide

    def compile(self, wheel: Wheel, layout: Layout) -> Wheel:
        """Return the wheel with every Python file in it compiled."""
        sources = {name: data for name, data in wheel.members.items() if name.endswith(".py")}
        compiled = self.compile_files(wheel.file_name, sources, layout)
        kept = wheel.members
        if layout == "replace":
            kept = {name: data for name, data in kept.items() if name not in sources}
        return wheel.with_members({**kept, **compiled})

    def compile_files(
        self, label: str, sources: Mapping[str, bytes], layout: Layout, where: str = ""
    ) -> dict[str, bytes]:
        """Return the .pyc files of some sources; `where` they get installed, if not as packages."""
        say(f"{label}: compiling {len(sources)} files with Pyodide under Node")
        packed = zipped(sources, zipfile.ZIP_STORED)
        places = [where] if where else []
        return unzipped(self.pyodide.run(label, "precompile.mjs", packed, layout, *places))


def is_compiled(name: str) -> bool:
    """Say whether a file of a wheel is compiled Python."""
    return name.endswith(".pyc")
