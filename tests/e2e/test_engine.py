"""The engine's unit tests pass in the readers' Python too: Pyodide, and NumPy without a BLAS."""

import gzip
import json
import re
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from shutil import copy

import pytest
from packaging.requirements import Requirement
from serving import served

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests" / "unit" / "engine"
FOUND_BY_NAME = ("pytest", "hypothesis")
OPTIONS = ["tests/unit/engine", "-q", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
PAGE = """async ({ runtime, project, options }) => {
  const worker = new Worker("engine.mjs", { type: "module" });
  worker.postMessage({ runtime, project, options });
  return new Promise((done) => (worker.onmessage = ({ data }) => done(data)));
}"""


def with_needs(name: str) -> set[str]:
    """The distributions that importing one needs here, itself included."""
    found = {name}
    for line in metadata.requires(name) or []:
        need = Requirement(line)
        if need.marker is None or need.marker.evaluate({"extra": ""}):
            found |= with_needs(need.name)
    return found


def files_of(name: str) -> Iterator[tuple[Path, str]]:
    """The files of an installed pure-Python distribution, and their names within it."""
    for file in metadata.files(name) or []:
        if file.suffix != ".pyc" and ".." not in file.parts:
            yield Path(file.locate()), f"packages/{file}"


def project_files() -> Iterator[tuple[Path, str]]:
    """What the tests need: themselves, the engine's sources and README, the configuration."""
    for folder in (TESTS, ROOT / "pyengine"):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file, file.relative_to(ROOT).as_posix()
    cases = [f"tests/parity/{file.name}" for file in (ROOT / "tests/parity").glob("*cases.py")]
    for name in (
        "pyproject.toml",
        "tests/conftest.py",
        "tests/refusing.py",
        "tests/counts.json",
        *cases,
    ):
        yield ROOT / name, name
    for distribution in sorted(set().union(*map(with_needs, FOUND_BY_NAME))):
        yield from files_of(distribution)


@pytest.fixture
def bench(site: Path, tmp_path: Path) -> Path:
    """A folder to be served: the site's runtime under its own names, the tests, and a page."""
    runtime = site / "assets" / "runtime"
    (tmp_path / "runtime").mkdir()
    for entry in json.loads((runtime / "manifest.json").read_text())["files"]:
        data = (runtime / entry["url"]).read_bytes()
        (tmp_path / "runtime" / entry["name"]).write_bytes(gzip.decompress(data))
    with zipfile.ZipFile(tmp_path / "project.zip", "w") as archive:
        for file, name in project_files():
            archive.write(file, name)
    (tmp_path / "index.html").write_text("<!doctype html><title>Tests</title>")
    copy(Path(__file__).with_name("engine.mjs"), tmp_path)
    return tmp_path


def test_the_engines_unit_tests_pass_in_the_browser(chromium, bench):
    page = chromium.new_page()
    with served(bench) as address:
        page.goto(address)
        urls = {"runtime": f"{address}runtime/", "project": f"{address}project.zip"}
        result = page.evaluate(PAGE, {**urls, "options": OPTIONS})
    page.close()
    print(result["output"][-4000:])
    assert result["code"] == 0
    passed = int(re.search(r"(\d+) passed", result["output"])[1])
    assert passed > 300
