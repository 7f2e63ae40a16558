"""The whole program, with the real Pyodide: what it writes, all or nothing."""

import json
import os
from hashlib import sha256
from pathlib import Path

from unit.runtime.support import NO_NODE, contents, make_wheel, run_program, save

from output import read_folder
from pins import CORE


def test_the_folder_keeps_the_contract_with_the_page(runtime: Path) -> None:
    manifest = json.loads((runtime / "manifest.json").read_text())
    files = manifest["files"]
    wheels = [f["name"] for f in files[5:]]
    assert manifest["pyodide"] == "314.0.3"
    assert manifest["packages"] == ["numpy", "pyengine", "course"]
    assert manifest["imports"] == ["numpy", "pyengine"]
    assert [f["name"] for f in files[:5]] == [*CORE, "pyodide-lock.json"]
    assert [name.split("-")[0] for name in wheels] == manifest["packages"]
    assert manifest["bytes"] == sum(f["bytes"] for f in files)
    assert {f["url"] for f in files} | {"manifest.json"} == set(contents(runtime))
    for f in files:
        data = (runtime / f["url"]).read_bytes()
        assert (len(data), sha256(data).hexdigest()) == (f["bytes"], f["sha256"])
        assert f["url"].endswith(".bin")
        assert "gz" not in f["url"].split(".")  # Apache looks at every extension


def test_what_a_visitor_downloads_stays_under_ten_and_a_half_megabytes(runtime: Path) -> None:
    assert json.loads((runtime / "manifest.json").read_text())["bytes"] < 10_500_000


def test_the_lock_file_names_only_what_is_served(runtime: Path) -> None:
    files = read_folder(runtime)
    lock = json.loads(files["pyodide-lock.json"])
    depends = {name: entry["depends"] for name, entry in lock["packages"].items()}
    assert depends == {"numpy": [], "pyengine": ["numpy"], "course": ["pyengine"]}
    for entry in lock["packages"].values():
        assert entry["sha256"] == sha256(files[entry["file_name"]]).hexdigest()


def test_a_source_that_does_not_compile_is_named_and_the_old_folder_stays(
    cache: Path, tmp_path: Path
) -> None:
    out = tmp_path / "site" / "runtime"
    assert run_program("assemble.py", "--out", out, "--cache", cache).returncode == 0
    before = contents(out)
    wrong = make_wheel("pyengine", {"pyengine/ops.py": "x = 1\ndef f(:\n"})
    wheel = save(wrong, tmp_path)
    done = run_program("assemble.py", "--out", out, "--cache", cache, "--compile", wheel)
    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [
        "assemble.py: pyengine-1.0-py3-none-any.whl: pyengine/ops.py:2: invalid syntax"
    ]
    assert contents(out) == before
    assert [path.name for path in out.parent.iterdir()] == ["runtime"]


def test_a_missing_node_is_named_with_what_to_do(cache: Path, tmp_path: Path) -> None:
    fresh = make_wheel(
        "pyengine", {"pyengine/ops.py": f"# never compiled: {os.urandom(9).hex()}\n"}
    )
    arguments = ["--out", tmp_path / "out", "--cache", cache, "--node", NO_NODE]
    done = run_program("assemble.py", *arguments, "--compile", save(fresh, tmp_path))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"assemble.py: cannot start Node.js as '{NO_NODE}': No such file or directory. "
        "Running Pyodide here takes Node.js 20 or newer: install it, or name it with --node"
    )


def test_a_failure_is_words_and_exit_code_1_and_writes_nothing(tmp_path: Path) -> None:
    out, cache, empty = tmp_path / "out", tmp_path / "cache", tmp_path / "index"
    arguments = ["--out", out, "--cache", cache]
    done = run_program("assemble.py", *arguments, NUDGE_PYODIDE_SOURCE=str(empty))
    assert done.returncode == 1
    first, second, *_ = done.stderr.splitlines()
    assert first == f"no luck with {empty}: pyodide.mjs: No such file or directory"
    assert second == (
        "assemble.py: cannot fetch 5 of the 5 files of Pyodide 314.0.3 (16.32 MB), "
        f"which are not in the cache {cache}."
    )
    assert "Traceback" not in done.stderr
    assert not out.exists()
    assert not cache.exists()


def test_the_second_opinion_says_what_it_needs(runtime: Path) -> None:
    done = run_program("with_pyodide_build.py", "--runtime", runtime)
    if done.returncode == 0:
        assert "pyodide-build agrees with" in done.stderr  # it is installed here
    else:
        expected = "With Python 3.12 or newer: pip install pyodide-build 'pyodide-lock[wheel]'\n"
        assert done.stderr.endswith(expected)
