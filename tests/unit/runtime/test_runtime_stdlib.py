"""The standard library as served: Pyodide's own files, and .pyc files of those a page loads."""

import io
import zipfile
from pathlib import Path

import pytest
from unit.runtime.support import RUNTIME

from output import read_folder
from pins import STDLIB, read_pins
from store import Store
from wheels import unzipped

UNCHECKED_HASH = (0b01).to_bytes(4, "little")  # PEP 552


@pytest.fixture(scope="module")
def served(runtime: Path) -> bytes:
    return read_folder(runtime)[STDLIB]


@pytest.fixture(scope="module")
def compiled(served: bytes) -> dict[str, bytes]:
    return {name: data for name, data in unzipped(served).items() if name.endswith(".pyc")}


def test_every_file_of_pyodides_is_there_unchanged(
    served: bytes, compiled: dict[str, bytes], cache: Path
) -> None:
    pins = read_pins(RUNTIME / "runtime.lock.json")
    original = Store(cache).fetched(next(file for file in pins.files if file.name == STDLIB))
    assert original
    rest = {name: data for name, data in unzipped(served).items() if name not in compiled}
    assert rest == unzipped(original)
    assert {name[:-1] for name in compiled} <= rest.keys()


def test_what_pages_load_is_compiled_and_nothing_else(compiled: dict[str, bytes]) -> None:
    loaded = {"json/__init__.pyc", "asyncio/tasks.pyc", "_pyodide/_base.pyc", "secrets.pyc"}
    assert loaded <= compiled.keys()
    assert not {"statistics.pyc", "unittest/mock.pyc", "encodings/cp1250.pyc"} & compiled.keys()


def test_compiled_files_are_for_one_python_and_trusted_unchecked(
    compiled: dict[str, bytes],
) -> None:
    assert {data[:4] for data in compiled.values()} == {(3627).to_bytes(2, "little") + b"\r\n"}
    assert {data[4:8] for data in compiled.values()} == {UNCHECKED_HASH}


def test_it_is_stored_for_gzip_to_see_it_whole_and_holds_no_trace_of_this_machine(
    served: bytes,
) -> None:
    with zipfile.ZipFile(io.BytesIO(served)) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
