"""Wheels: equal contents are equal bytes, what is in one is read right, NumPy is trimmed right."""

import base64
import csv
import io
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from unit.runtime.support import make_wheel, save

from failure import RuntimeFailure
from trim import trim_numpy, trim_ours
from wheels import Requirement, Wheel, open_wheel, pack, read_wheel

FILES = {"demo/__init__.py": "x = 1\n", "demo/data.json": "{}", "single.py": "y = 2\n"}


def test_equal_contents_are_equal_bytes_whatever_their_order() -> None:
    one = make_wheel("demo", FILES)
    other = one.with_members(dict(reversed(list(one.members.items()))))
    assert pack(one) == pack(other)
    assert pack(open_wheel(one.file_name, pack(one))) == pack(one)


def test_a_packed_wheel_holds_no_trace_of_this_machine() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(make_wheel("demo", FILES)))) as archive:
        entries = archive.infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(entry.create_system, entry.external_attr >> 16) for entry in entries} == {
        (3, 0o100644)
    }


def test_record_lists_every_file_with_its_hash_and_size() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(make_wheel("demo", FILES)))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    record = files.pop("demo-1.0.dist-info/RECORD")
    rows = list(csv.reader(io.StringIO(record.decode())))
    assert rows.pop() == ["demo-1.0.dist-info/RECORD", "", ""]
    for name, digest, size in rows:
        padded = digest.removeprefix("sha256=") + "="
        assert base64.urlsafe_b64decode(padded) == sha256(files[name]).digest()
        assert int(size) == len(files[name])
    assert [row[0] for row in rows] == sorted(files)


def test_a_wheel_knows_its_name_version_and_imports() -> None:
    wheel = make_wheel("My_Demo", FILES, version="2.5")
    assert (wheel.name, wheel.version) == ("my-demo", "2.5")
    assert wheel.imports == ["demo", "single"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("numpy", Requirement("numpy", False, False)),
        ("numpy>=2,<3", Requirement("numpy", False, False)),
        ("Ruamel.YAML[jinja2] (>=0.18)", Requirement("ruamel-yaml", False, False)),
        ("torch; extra == 'gpu'", Requirement("torch", True, True)),
        ('tzdata; sys_platform == "win32"', Requirement("tzdata", True, False)),
    ],
)
def test_requirements_are_read_as_their_authors_write_them(
    line: str, expected: Requirement
) -> None:
    assert make_wheel("demo", {}, [line]).requirements == [expected]


def test_what_is_not_a_wheel_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "demo-1.0-py3-none-any.whl"
    path.write_bytes(b"no zip")
    with pytest.raises(RuntimeFailure) as caught:
        read_wheel(path)
    assert str(caught.value) == "demo-1.0-py3-none-any.whl is not a wheel: File is not a zip file"
    with pytest.raises(
        RuntimeFailure, match=r"notes\.txt: expected the path of a wheel \(\.whl\)$"
    ):
        read_wheel(tmp_path / "notes.txt")
    with pytest.raises(RuntimeFailure, match=r"^cannot read the wheel .*none\.whl: No such file"):
        read_wheel(tmp_path / "none.whl")


def test_a_zip_without_metadata_is_no_wheel() -> None:
    with pytest.raises(RuntimeFailure) as caught:
        pack(Wheel("demo.whl", {"demo.py": b""}))
    expected = "demo.whl: expected one .dist-info/METADATA in it, found 0"
    assert str(caught.value) == expected


def test_numpy_keeps_what_runs_and_its_licences(tmp_path: Path) -> None:
    kept = ["numpy/__init__.py", "numpy/ma/core.py", "numpy/testing/__init__.py", "numpy/fft/_x.so"]
    dropped = [
        "numpy/__init__.pyi", "numpy/f2py/rules.py", "numpy/_core/include/numpy/arrayobject.h",
        "numpy/linalg/lapack_lite.cpython-314-wasm32-emscripten.so", "numpy/lib/tests/test_io.py",
        "numpy/random/lib/libnpyrandom.a", "numpy/conftest.py", "numpy/py.typed",
    ]  # fmt: skip
    info = ["METADATA", "WHEEL", "licenses/LICENSE.txt"]
    files = dict.fromkeys([*kept, *dropped], "")
    files |= {f"numpy-1.0.dist-info/{name}": "" for name in ("entry_points.txt", *info[2:])}
    trimmed = trim_numpy(read_wheel(save(make_wheel("numpy", files), tmp_path)))
    expected = [*kept, "numpy/f2py/__init__.py", *(f"numpy-1.0.dist-info/{name}" for name in info)]
    assert sorted(trimmed.members) == sorted(expected)


def test_ours_leave_libraries_for_other_machines_behind(tmp_path: Path) -> None:
    files = {"ours/lib/linux.lib": "machine code", "ours/lib/simd.wasm": "module"}
    trimmed = trim_ours(read_wheel(save(make_wheel("ours", files), tmp_path)))
    assert "ours/lib/simd.wasm" in trimmed.members
    assert not [name for name in trimmed.members if name.endswith(".lib")]
