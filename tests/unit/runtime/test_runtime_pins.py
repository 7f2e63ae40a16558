"""The lock file: the committed one is sound, and a wrong one says everything that is wrong."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from unit.runtime.support import RUNTIME

from failure import RuntimeFailure
from pins import CORE, read_pins

COMMITTED = RUNTIME / "runtime.lock.json"


def failure_of(data: Any, tmp_path: Path) -> str:
    """What `read_pins` says about this content, without the path in front of each line."""
    path = tmp_path / "runtime.lock.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    with pytest.raises(RuntimeFailure) as caught:
        read_pins(path)
    return str(caught.value).replace(str(path), "lock")


@pytest.fixture
def lock() -> Any:
    return copy.deepcopy(json.loads(COMMITTED.read_text()))


def test_the_committed_lock_pins_pyodide_and_numpy() -> None:
    pins = read_pins(COMMITTED)
    assert pins.pyodide in pins.cdn
    assert pins.python == "3.14"
    assert [file.name for file in pins.files[:4]] == list(CORE)
    assert [wheel.name.split("-")[:2] for wheel in pins.wheels] == [["numpy", "2.4.3"]]


def test_numpys_hash_is_the_one_in_pyodides_own_lock_file() -> None:
    pins = read_pins(COMMITTED)
    assert pins.packages["numpy"]["sha256"] == pins.wheels[0].sha256


def test_a_hash_that_pyodides_lock_file_contradicts_is_an_error(lock: Any, tmp_path: Path) -> None:
    name, real, other = lock["files"][4]["name"], lock["files"][4]["sha256"], "a" * 64
    lock["files"][4]["sha256"] = other
    expected = f"lock: {name}: sha256 is {other}, but pyodide-lock says {real}"
    assert failure_of(lock, tmp_path) == expected


def test_all_problems_of_a_lock_are_reported_at_once(lock: Any, tmp_path: Path) -> None:
    lock["files"][0]["name"] = "../pyodide.mjs"
    lock["files"][1]["sha256"] = "ABC"
    lock["files"].append(lock["files"][2])
    assert failure_of(lock, tmp_path).splitlines() == [
        "lock: files: pyodide.mjs is missing",
        "lock: files: pyodide.asm.wasm stands twice",
        "lock: files: '../pyodide.mjs': expected a plain file name",
        "lock: pyodide.asm.mjs: sha256: expected 64 lowercase hex digits, got 'ABC'",
    ]


def test_a_lock_without_sources_names_the_missing_key(lock: Any, tmp_path: Path) -> None:
    del lock["sources"]
    expected = "lock: expected the keys of runtime.lock.json: KeyError('sources')"
    assert failure_of(lock, tmp_path) == expected


def test_a_lock_that_is_not_json_says_where(tmp_path: Path) -> None:
    expected = "lock is not JSON: Expecting value: line 2 column 1 (char 1)"
    assert failure_of("\n}", tmp_path) == expected


def test_a_lock_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RuntimeFailure, match=r"^cannot read .*none\.json: No such file"):
        read_pins(tmp_path / "none.json")


def test_the_lock_file_beside_is_the_one_pyodide_published(lock: Any, tmp_path: Path) -> None:
    lock["pyodide-lock"]["sha256"] = "b" * 64
    real = json.loads(COMMITTED.read_text())["pyodide-lock"]["sha256"]
    path = tmp_path / "runtime.lock.json"
    path.write_text(json.dumps(lock))
    with pytest.raises(RuntimeFailure) as caught:
        read_pins(path)
    assert str(caught.value) == (
        f"pyodide-lock.json is not the pinned file: expected sha256 {'b' * 64}, got {real}"
    )


def test_chosen_packages_bring_what_they_depend_on_and_leave_the_digest() -> None:
    pins = read_pins(COMMITTED)
    more = pins.with_packages(["pydantic", "numpy", "python_dateutil"])
    assert sorted(set(more.packages) - set(pins.packages)) == [
        "annotated-types",
        "pydantic",
        "pydantic-core",
        "python-dateutil",
        "six",
        "typing-extensions",
        "typing-inspection",
    ]
    assert [file.sha256 for file in more.chosen] == [
        more.table[name]["sha256"] for name in sorted(set(more.packages) - {"numpy"})
    ]
    assert more.digest == pins.digest


def test_a_package_that_pyodide_does_not_have_is_named() -> None:
    with pytest.raises(RuntimeFailure, match=r"^Pyodide 314\.0\.3 has no package 'simpy'$"):
        read_pins(COMMITTED).with_packages(["simpy"])
