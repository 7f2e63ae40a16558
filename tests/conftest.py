"""Shared by all tests: how long each group took, how many tests there are, and a built site."""

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
COUNTS = TESTS / "counts.json"
SECONDS: dict[str, float] = defaultdict(float)
RAN: dict[str, int] = defaultdict(int)


def group_of(path: Path) -> str:
    """The group a test file belongs to: the folder below `tests/`."""
    return path.relative_to(TESTS).parts[0]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-counts` writes down how many tests there are now."""
    parser.addoption("--update-counts", action="store_true", help="write tests/counts.json")


def pytest_collection_finish(session: pytest.Session) -> None:
    """A full run must find every test it is known to have, so that no folder is skipped unseen."""
    found: dict[str, int] = defaultdict(int)
    for item in session.items:
        found[group_of(item.path)] += 1
    known = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    if session.config.getoption("--update-counts"):
        counts = {group: n for group, n in known.items() if (TESTS / group).is_dir()} | found
        COUNTS.write_text(json.dumps(dict(sorted(counts.items())), indent=2) + "\n")
        return
    whole = groups_run_whole(list(session.config.invocation_params.args), set(known) | set(found))
    expected = {group: known.get(group) for group in whole}
    collected = {group: found.get(group) for group in whole}
    if collected != expected:
        raise pytest.UsageError(
            f"expected {expected} tests, collected {collected}. If you added or removed tests, run "
            "`python3 noxfile.py -s test -- --update-counts --collect-only -q` "
            "(and `-s parity` with the same options)."
        )


def groups_run_whole(arguments: list[str], groups: set[str]) -> set[str]:
    """The groups of which these arguments of pytest ask for every test."""
    ignored = {Path(a.partition("=")[2]).name for a in arguments if a.startswith("--ignore=")}
    asked = [a for a in arguments if not a.startswith("--ignore=")]
    if not asked:
        return groups - ignored
    named = {group for group in groups if asked == [f"tests/{group}"]}
    return named  # any other argument may narrow the run


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    """Add a test's time, fixtures included, to its group's."""
    started = time.monotonic()
    result = yield
    SECONDS[group_of(item.path)] += time.monotonic() - started
    RAN[group_of(item.path)] += 1
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print each group's time."""
    for group, seconds in SECONDS.items():
        terminalreporter.write_line(f"{group}: {RAN[group]} tests in {seconds:.1f} s")


def mkdocs(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Run `mkdocs build` in a folder as an author would."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="session")
def build() -> "Callable[..., subprocess.CompletedProcess[str]]":
    """`mkdocs build`, to be run in a folder."""
    return mkdocs


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own site, built once."""
    folder = tmp_path_factory.mktemp("site")
    built = mkdocs(ROOT, "--site-dir", str(folder))
    assert built.returncode == 0, built.stderr
    return folder
