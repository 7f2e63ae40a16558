"""Fixtures for the tests of build/runtime. Pyodide is fetched once, into the user's cache."""

import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from unit.runtime.support import (
    ENGINE,
    Interpreter,
    Running,
    Web,
    command_of,
    make_wheel,
    pin,
    run_program,
    save,
)

from assemble import default_cache
from output import read_folder
from pins import CORE, Pins
from store import Store


@pytest.fixture(autouse=True)
def own_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep the user's pip settings and proxies out: pip finds only what a test puts in here."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("NUDGE_PYODIDE_SOURCE", raising=False)
    (tmp_path / "index").mkdir()
    return tmp_path / "index"


@pytest.fixture
def upstream() -> dict[str, bytes]:
    """A Pyodide of a few bytes, for tests that only move files about."""
    return {name: f"the contents of {name}".encode() * 9 for name in CORE}


@pytest.fixture
def pins(upstream: dict[str, bytes], web: Web) -> Pins:
    """Pins for `upstream`, with a CDN on this machine and a wheel that no index has."""
    return Pins(
        pyodide="1.2.3",
        cdn=web.url,
        requirement="nudge-test-box==1.0",
        folder="box/pyodide/",
        requirement_size=1000,
        files=tuple(pin(name, data) for name, data in upstream.items()),
        info={"python": "3.14.0"},
        table={},
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty cache."""
    return Store(tmp_path / "cache")


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server on this machine."""
    web = Web()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.answer(self)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = 32  # a connection that finds the queue full is tried again after 1 s

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        web.url = f"http://127.0.0.1:{server.server_address[1]}/"
        yield web
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def cache() -> Path:
    """The cache that is shared with real builds."""
    return Path(os.environ.get("NUDGE_CACHE") or default_cache())


@pytest.fixture(scope="session")
def own_wheels(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The arguments for an engine that is compiled and a course that is not."""
    folder = tmp_path_factory.mktemp("wheels")
    files = {"demos/__init__.py": "", "demos/calculator.py": "from pyengine import loss\n"}
    needs = ["numpy>=2", "torch; extra == 'gpu'"]
    engine = save(make_wheel("pyengine", {"pyengine/__init__.py": ENGINE}, needs), folder)
    course = save(make_wheel("course", files, ["pyengine"]), folder)
    return ["--compile", str(engine), "--wheel", str(course), "--import", "pyengine"]


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory, cache: Path, own_wheels: list[str]) -> Path:
    """A real runtime folder, with NumPy, the stand-in engine and a course."""
    out = tmp_path_factory.mktemp("site") / "runtime"
    done = run_program("assemble.py", "--out", out, "--cache", cache, *own_wheels)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def compiled_again(
    runtime: Path, tmp_path_factory: pytest.TempPathFactory, cache: Path, own_wheels: list[str]
) -> Iterator[Running]:
    """Another `runtime`, made in the background from a cache that has only the downloads."""
    folder = tmp_path_factory.mktemp("again")
    shutil.copytree(cache / "fetched", folder / "cache" / "fetched")
    out, own = folder / "runtime", folder / "cache"
    command = command_of("assemble.py", "--out", out, "--cache", own, *own_wheels)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        yield Running(out, process)
        process.kill()


@pytest.fixture(scope="session", autouse=True)
def start_early(request: pytest.FixtureRequest) -> None:
    """Let `compiled_again`, which takes longest, work while the other tests run."""
    if any("compiled_again" in item.fixturenames for item in request.session.items):
        request.getfixturevalue("compiled_again")


@pytest.fixture(scope="session")
def pyodide(runtime: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interpreter]:
    """Pyodide booted from the runtime folder as a page does, after `loadPackage("course")`.

    As on a reader's second visit, it starts from a snapshot of a first one's memory.
    """
    folder = tmp_path_factory.mktemp("pyodide")
    for name, data in read_folder(runtime).items():
        (folder / name).write_bytes(data)
    script = str(Path(__file__).with_name("interpreter.mjs"))
    command = [os.environ.get("NUDGE_NODE", "node"), script, str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8") as process:
        yield Interpreter(process)
