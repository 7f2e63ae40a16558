"""What the tests of build/runtime build with: small wheels, pins, a local web server, a Pyodide.

Nothing here is a mock: files come over sockets and pip, and Python runs in Pyodide under Node.
"""

import http.server
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

NO_NODE = "/nowhere/node"
RUNTIME = Path(__file__).parents[3] / "build" / "runtime"
sys.path.insert(0, str(RUNTIME))  # the programs there are scripts, which import their neighbours

from pins import PinnedFile  # noqa: E402
from wheels import Wheel, pack  # noqa: E402

ENGINE = '''\
"""A stand-in for the engine."""

import numpy as np


def loss(p: float) -> float:
    if not 0 < p <= 1:
        raise ValueError(f"p must be in (0, 1], got {p}")  # the line a traceback must show
    return float(-np.log(p))
'''


def make_wheel(
    name: str, files: Mapping[str, str], requires: Sequence[str] = (), version: str = "1.0"
) -> Wheel:
    """Make a pure-Python wheel as a build backend would."""
    info = f"{name}-{version}.dist-info"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    needs = "".join(f"Requires-Dist: {need}\n" for need in requires)
    members = {path: text.encode() for path, text in files.items()}
    members[f"{info}/METADATA"] = (head + needs).encode()
    members[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return Wheel(f"{name}-{version}-py3-none-any.whl", members)


def save(wheel: Wheel, folder: Path) -> Path:
    """Write a wheel into a folder and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / wheel.file_name
    path.write_bytes(pack(wheel))
    return path


def pin(name: str, data: bytes) -> PinnedFile:
    return PinnedFile(name, len(data), sha256(data).hexdigest())


def run_program(program: str, *arguments: object, **environ: str) -> Any:
    """Run one of the programs in build/runtime as a user does."""
    env = {**os.environ, **environ}
    command = command_of(program, *arguments)
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def command_of(program: str, *arguments: object) -> list[str]:
    return [sys.executable, str(RUNTIME / program), *map(str, arguments)]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@dataclass(frozen=True)
class Running:
    """`assemble.py` at work in the background, writing to `out`."""

    out: Path
    process: subprocess.Popen[str]

    def finish(self) -> str:
        """Wait for it and return what it said."""
        _, said = self.process.communicate()
        assert self.process.returncode == 0, said
        return said


class Web:
    """A web server's settings: it serves `files`, unless `status` is something else than 200."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.status = 200
        self.promised_more = 0  # bytes it announces but does not send
        self.asked: list[str] = []
        self.url = ""

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        self.asked.append(request.path.strip("/"))
        found = self.asked[-1] in self.files
        body = self.files[self.asked[-1]] if found and self.status == 200 else b""
        request.send_response(self.status if found or self.status != 200 else 404)
        request.send_header("Content-Length", str(len(body) + self.promised_more))
        request.end_headers()
        request.wfile.write(body)


class Interpreter:
    """A running Pyodide, fed one snippet per line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, code: str) -> Any:
        """Run Python and return the value of its last expression, by way of JSON."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(code) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["value"]
