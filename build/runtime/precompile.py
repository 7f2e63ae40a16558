"""Put compiled .pyc files into a wheel, so that the browser does not compile on every visit.

One Pyodide is booted per wheel: what an interpreter did before leaves traces in the bytes it
writes (which strings it shares), and the same wheel must always come out as the same bytes.
"""

import io
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from failure import RuntimeFailure, say
from wheels import Wheel, zipped

# "replace": each .py becomes a .pyc in its place (smaller, but no source in tracebacks).
# "beside": the .py stays and __pycache__ is filled, so tracebacks and inspect show the source.
Layout = Literal["replace", "beside"]

HERE = Path(__file__).parent
SCRIPTS = (HERE / "precompile.mjs", HERE / "compile_sources.py")


@dataclass(frozen=True)
class Compiler:
    """Pyodide under Node."""

    node: str
    pyodide: Mapping[str, bytes]  # the files Node boots from, by name

    def compile(self, wheel: Wheel, layout: Layout) -> Wheel:
        """Return the wheel with every Python file in it compiled."""
        sources = {name: data for name, data in wheel.members.items() if name.endswith(".py")}
        say(f"{wheel.file_name}: compiling {len(sources)} files with Pyodide under Node")
        compiled = self._run(wheel.file_name, sources, layout)
        kept = wheel.members
        if layout == "replace":
            kept = {name: data for name, data in kept.items() if name not in sources}
        return wheel.with_members({**kept, **compiled})

    def _run(self, label: str, sources: Mapping[str, bytes], layout: Layout) -> dict[str, bytes]:
        with tempfile.TemporaryDirectory(prefix="nudge-runtime-") as folder:
            place = Path(folder)
            for name, data in self.pyodide.items():
                (place / name).write_bytes(data)
            (place / "sources.zip").write_bytes(zipped(sources, zipfile.ZIP_STORED))
            paths = [str(place / "sources.zip"), str(place / "compiled.zip")]
            run_node(self.node, label, [str(SCRIPTS[0]), folder, *paths, layout])
            return _unzipped((place / "compiled.zip").read_bytes())


def run_node(node: str, label: str, arguments: Sequence[str]) -> None:
    """Run a script under Node; what it says on stderr is the message when it fails."""
    try:
        result = subprocess.run(
            [node, *arguments], capture_output=True, text=True, encoding="utf-8", check=False
        )
    except OSError as error:
        raise RuntimeFailure(
            f"cannot start Node.js as {node!r}: {error.strerror}. Running Pyodide here takes "
            "Node.js 20 or newer: install it, or name it with --node"
        ) from error
    if result.returncode:
        raise RuntimeFailure(f"{label}: {result.stderr.strip() or 'Node.js failed silently'}")


def is_compiled(name: str) -> bool:
    """Say whether a file of a wheel is compiled Python."""
    return name.endswith(".pyc")


def _unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
