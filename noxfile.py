"""Every task of the project: `python3 noxfile.py -s NAME`, with nothing installed but Python.

Run as a script, this file makes one environment (`.nox/dev`) from the hash-pinned list in
`build/locks/dev.txt` and runs nox inside it; it is made again only when the list changes. All
sessions share it, so a newcomer waits for one installation; `parity` adds PyTorch in its own.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
DEV = ROOT / ".nox" / "dev"
LOCKS = ROOT / "build" / "locks"
BROWSER = ROOT / "build" / "browser"
KERNELS = ROOT / "pyengine" / "kernels"
PARTS = [ROOT / "pyengine", ROOT / "teachback"]  # packages of their own
WINDOWS = os.name == "nt"


def python_of(environment: Path) -> Path:
    """Path of an environment's Python."""
    return environment / ("Scripts/python.exe" if WINDOWS else "bin/python")


def digest(*files: Path) -> str:
    """SHA-256 over files' contents: what an installation was made from."""
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def say(message: str) -> None:
    """Tell the reader of the terminal what is going on."""
    print(f"nudge > {message}", file=sys.stderr, flush=True)


@contextmanager
def patience(doing: str, every: float = 15) -> Iterator[None]:
    """Say now and then that something silent is still going on: a slow line is not a hang."""
    done, started = threading.Event(), time.monotonic()

    def remind() -> None:
        while not done.wait(every):
            say(f"… still {doing} ({time.monotonic() - started:.0f} s)")

    thread = threading.Thread(target=remind, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def bootstrap(arguments: list[str]) -> int:
    """Make the shared environment if its lock changed, then run this file in it."""
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever has an older one must be told)
        say(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
        return 1
    projects = [folder / "pyproject.toml" for folder in (ROOT, *PARTS)]
    wanted = digest(LOCKS / "dev.txt", *projects) + sys.version.split()[0]
    stamp = DEV / "made-from"
    if not stamp.exists() or stamp.read_text() != wanted:
        make_environment(wanted, stamp)
    return subprocess.call([str(python_of(DEV)), str(ROOT / "noxfile.py"), *arguments])


def make_environment(wanted: str, stamp: Path) -> None:
    """Install the pinned tools and our packages (editable) into a fresh environment."""
    started = time.monotonic()
    say(f"making the environment in {DEV.relative_to(ROOT)} (once, about a minute)")
    shutil.rmtree(DEV, ignore_errors=True)
    try:
        subprocess.check_call([sys.executable, "-m", "venv", str(DEV)])
        pip = [str(python_of(DEV)), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
        ours = [word for folder in (ROOT, *PARTS) for word in ("-e", str(folder))]
        with patience("installing"):
            subprocess.check_call([*pip, "--require-hashes", "-r", str(LOCKS / "dev.txt")])
            subprocess.check_call([*pip, "--no-deps", "--no-build-isolation", *ours])
    except subprocess.CalledProcessError as error:
        say(f"could not make the environment: {' '.join(map(str, error.cmd[:5]))} … failed.")
        say("What it printed stands above. If it is `ensurepip`: install python3-venv. If it is")
        say(
            "the network: pip needs to reach a package index once. Then run the same command again."
        )
        raise SystemExit(1) from None
    stamp.write_text(wanted)
    say(f"environment ready in {time.monotonic() - started:.0f} s")


if __name__ == "__main__" and Path(sys.prefix).resolve() != DEV.resolve():
    sys.exit(bootstrap(sys.argv[1:]))

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["test"]
nox.needs_version = ">=2025.5"


def node_and_npm(session: nox.Session) -> tuple[str, list[str]]:
    """Node 20 or newer from the machine, or from PyPI where there is none; and its npm."""
    from coursewright.node import NodeNotFoundError, find_node, npm_command

    try:
        node = find_node()
    except NodeNotFoundError:
        say("no Node 20 or newer here: taking it from PyPI (once, about 60 MB)")
        pip = [sys.executable, "-m", "pip", "install", "-q", "--require-hashes"]
        with patience("fetching Node"):
            session.run(*pip, "-r", str(LOCKS / "node.txt"))
        node = find_node()
    return str(node), npm_command(node)


def prepare(session: nox.Session) -> str:
    """Node, npm packages, the browser bundle, kernels: each made only if its sources changed."""
    node, npm = node_and_npm(session)
    session.env["NUDGE_NODE"] = node
    lock = BROWSER / "package-lock.json"
    make(
        session,
        BROWSER / "node_modules",
        digest(lock),
        "fetching the npm packages",
        [*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
    )
    parts = [file for part in ("src", "styles") for file in sorted((BROWSER / part).rglob("*.*"))]
    wanted = digest(lock, *sorted(BROWSER.glob("*.mjs")), *parts)
    make(session, BROWSER / "dist", wanted, "bundling the browser side", [node, "esbuild.mjs"])
    compile_kernels(session)
    return node


def compile_kernels(session: nox.Session) -> None:
    """The engine's kernels, for every machine and for browsers."""
    program = ROOT / "build" / "kernels.py"
    made = ROOT / "pyengine" / "src" / "pyengine" / "kernels" / "lib"
    wanted = digest(program, *sorted(KERNELS.iterdir()), LOCKS / "dev.txt")
    make(session, made, wanted, "compiling the kernels", [sys.executable, str(program)])


def make(session: nox.Session, made: Path, wanted: str, doing: str, command: list[str]) -> None:
    """Run `command` in the browser folder unless `made` already comes from these sources."""
    stamp = made / ".made-from"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(doing)
    with session.chdir(BROWSER), patience(doing):
        session.run(*command, external=True)
    stamp.write_text(wanted)


def browsers(session: nox.Session, *names: str) -> None:
    """Find the browsers the tests drive, or get them (Playwright's builds, else apt)."""
    session.run("python", str(ROOT / "tests" / "browsers.py"), *names)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say how long a group of checks took; pytest says it of its own."""
    started = time.monotonic()
    yield
    say(f"{what}: {time.monotonic() - started:.0f} s")


@contextmanager
def beside(session: nox.Session, *command: str) -> Iterator[None]:
    """Run a command beside what the block does; then show what it printed, and fail if it did."""
    environment = {**os.environ, **{key: value for key, value in session.env.items() if value}}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            yield
        finally:
            with patience(f"running {' '.join(command)}", 60):
                code = process.wait()
            said.seek(0)
            shutil.copyfileobj(said, sys.stdout.buffer)
            sys.stdout.flush()
    if code:
        session.error(f"{' '.join(command)} failed, see above")


@nox.session
def serve(session: nox.Session) -> None:
    """Build the site, serve it on 127.0.0.1:8000, rebuild and reload on every change."""
    prepare(session)
    session.run("coursewright", "serve", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Write the whole static site to `site/`."""
    prepare(session)
    session.run("mkdocs", "build", "--strict", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Format, lint and type checks of the Python and the TypeScript."""
    prepare(session)
    check(session)


def check(session: nox.Session) -> None:
    """The checks of `lint`, also the first step of `test`."""
    python = ["build", "course", "pyengine", "teachback", "tests", "noxfile.py"]
    session.run("ruff", "format", "--check", *python, "docs")
    session.run("ruff", "check", *python)
    session.run(
        "mypy",
        "build/coursewright",
        "build/kernels.py",
        "build/reading.py",
        "build/wheel_contents.py",
        "pyengine/src",
        "teachback/src",
        "course/demos",
        "noxfile.py",
    )
    for folder in ("runtime", "data"):  # apart: modules of the same name stand in both
        session.run("mypy", *map(str, sorted((ROOT / "build" / folder).glob("*.py"))))
    _, npm = node_and_npm(session)
    with session.chdir(BROWSER):
        session.run(*npm, "run", "--silent", "check", external=True)


@nox.session
def test(session: nox.Session) -> None:
    """Everything a change must pass: lint, TypeScript's and Python's tests, real browsers."""
    prepare(session)
    if not session.posargs:
        with timed("lint and types"):
            check(session)
        _, npm = node_and_npm(session)
        with timed("the browser side's unit tests"), session.chdir(BROWSER):
            session.run(*npm, "test", "--silent", external=True)
    browsers(session, "chromium", "firefox", "webkit")
    if session.posargs:
        session.run("pytest", "--ignore=tests/parity", *session.posargs)
        return
    with beside(session, "pytest", "--color=yes", "tests/e2e"):  # which mostly waits for one core
        session.run("pytest", "--ignore=tests/parity", "--ignore=tests/e2e")


@contextmanager
def a_stand_in() -> Iterator[None]:
    """What speaks as a model's endpoint does, on 127.0.0.1:8786, and understands nothing."""
    process = subprocess.Popen([sys.executable, str(ROOT / "tests" / "standin.py")])
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@nox.session
def grader(session: nox.Session) -> None:
    """Serve the grader on 127.0.0.1:8787 before a stand-in for a model; `teachback/grader.toml`."""
    if not any((ROOT / "site" / "assets" / "teachback").glob("*.json")):
        say("there are no rubrics yet: building the site")
        prepare(session)
        session.run("mkdocs", "build", "--strict")
    env = {"TEACHBACK_SPENT": str(ROOT / ".nox" / "teachback-spent.sqlite3")}
    settings = str(ROOT / "teachback" / "grader.toml")
    with a_stand_in():
        say("a real endpoint: change the line `model = ` in teachback/grader.toml; Ctrl+C ends it")
        serving = ["python", "-m", "teachback", "serve", "--config", settings]
        session.run(*serving, *session.posargs, env=env, success_codes=[0, 130])


@nox.session
def reading(session: nox.Session) -> None:
    """Print the reading grade of every lesson and part; fail if a lesson's is above 9."""
    session.run(sys.executable, str(ROOT / "build" / "reading.py"))


@nox.session
def audit(session: nox.Session) -> None:
    """Lighthouse on two pages; every page before axe-core and more, `-- axe` or `-- lighthouse`."""
    prepare(session)
    browsers(session, "chromium")
    with tempfile.TemporaryDirectory() as folder:
        session.run("mkdocs", "build", "--strict", "--quiet", "--site-dir", folder)
        program = str(ROOT / "tests" / "audit.py")
        session.run(sys.executable, program, "--site", folder, *session.posargs)


@nox.session
def data(session: nox.Session) -> None:
    """Make the texts models are trained on by the recipes of `course/data`, into the cache."""
    session.run(sys.executable, str(ROOT / "build" / "data" / "fetch.py"), *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """`bench -- NAME` measures ours and the peer in one run; prints and writes `.bench/`."""
    prepare(session)
    browsers(session, "chromium")
    env = {"OPENBLAS_CORETYPE": None, "OPENBLAS_L2_SIZE": None}  # measure the machine's own kernel
    session.run("python", "tests/bench/run.py", *session.posargs, env=env)


@nox.session(venv_backend="venv", reuse_venv=True)
def parity(session: nox.Session) -> None:
    """The engine against live PyTorch, number for number."""
    with patience("installing PyTorch and what the tests need"):
        session.install("--require-hashes", "-r", str(LOCKS / "parity.txt"))
        session.install("torch==2.13.0")  # the CPU build, where the index offers one
        session.install("--no-deps", "--no-build-isolation", "-e", "pyengine")
    session.run("pytest", "tests/parity", *session.posargs)


@nox.session(venv_backend="venv", reuse_venv=True)
def pyodide_build(session: nox.Session) -> None:
    """On Python 3.12 or newer: compare our runtime with what pyodide-build makes of it."""
    if sys.version_info < (3, 12):
        session.error("pyodide-build reads this Pyodide's lock file only on Python 3.12 or newer")
    node = prepare(session)
    session.install("pyodide-build==0.39.2", "pyodide-lock[wheel]==0.2.1")
    coursewright = str(python_of(DEV).with_name("coursewright"))
    folder = session.run(coursewright, "runtime", silent=True, external=True)
    program = str(ROOT / "build" / "runtime" / "with_pyodide_build.py")
    session.run("python", program, "--runtime", str(folder).strip(), "--node", node)


@nox.session
def lock(session: nox.Session) -> None:
    """Resolve `build/locks/*.txt` anew from pyproject.toml (newest allowed versions)."""
    session.run(sys.executable, "-m", "pip", "install", "-q", "uv")
    uv = ["uv", "pip", "compile", "pyproject.toml", "--universal", "--generate-hashes"]
    quiet = ["--python-version=3.11", "--no-header", "--no-annotate", "--upgrade", "-q"]
    quiet.append("--no-emit-package=teachback")  # it comes from its folder
    session.run(*uv, *quiet, "--group=dev", "-o", str(LOCKS / "dev.txt"))
    session.run(*uv, *quiet, "--group=dev", "--group=parity", "-o", str(LOCKS / "parity.txt"))
    session.run(*uv[:3], *uv[4:], *quiet, "--group=node", "-o", str(LOCKS / "node.txt"))


if __name__ == "__main__":
    os.environ["PATH"] = str(python_of(DEV).parent) + os.pathsep + os.environ["PATH"]
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # Material's notice on MkDocs 2, which we pin away from
    # nox reports uv missing, which reads like an error; nothing here needs it.
    logging.getLogger("nox").addFilter(lambda record: not record.getMessage().startswith("uv "))
    nox.main()
