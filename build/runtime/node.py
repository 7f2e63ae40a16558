"""Run Pyodide under Node.js: a folder with its files, one script, one result."""

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from failure import RuntimeFailure

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Pyodide:
    """A Pyodide that can be booted any number of times; each run is a fresh interpreter."""

    node: str
    files: Mapping[str, bytes]  # what Node boots from, by the name Pyodide asks for

    def run(self, label: str, script: str, *arguments: str | bytes) -> bytes:
        """Run `node script <folder> <result> <arguments>` and return what it wrote to <result>.

        Bytes among the arguments reach the script as the path of a file that holds them.
        """
        with tempfile.TemporaryDirectory(prefix="nudge-runtime-") as folder:
            place = Path(folder)
            for name, data in self.files.items():
                (place / name).write_bytes(data)
            spelled = [_spelled(place / f"input-{i}", one) for i, one in enumerate(arguments)]
            result = place / "result"
            run_node(self.node, label, [str(HERE / script), folder, str(result), *spelled])
            return result.read_bytes()


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


def _spelled(path: Path, argument: str | bytes) -> str:
    if isinstance(argument, str):
        return argument
    path.write_bytes(argument)
    return str(path)
