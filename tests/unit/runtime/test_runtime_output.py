"""The folder that is served: named by content, written whole, never over anything else."""

import gzip
import json
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from failure import RuntimeFailure
from output import Asset, check_replaceable, gzipped, manifest, read_folder, write_folder


def assets(text: str = "export const a = 1;") -> list[Asset]:
    wheel = Asset("demo-1.0-py3-none-any.whl", gzipped(b"a wheel"))
    return [Asset("pyodide.mjs", gzipped(text.encode())), wheel]


def write(out: Path, text: str = "export const a = 1;") -> None:
    write_folder(out, assets(text), manifest("1.2.3", ["demo"], ["demo"], assets(text)))


def test_a_url_names_the_transferred_bytes() -> None:
    zipped, wheel = assets()
    assert zipped.url == f"pyodide-{sha256(zipped.data).hexdigest()[:8]}.mjs.bin"
    assert wheel.url == f"demo-1.0-py3-none-any-{sha256(wheel.data).hexdigest()[:8]}.whl.bin"


def test_gzip_names_no_time_and_no_system() -> None:
    data = gzipped(b"text" * 99)
    assert data[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    assert gzip.decompress(data) == b"text" * 99


def test_the_manifest_says_what_a_page_needs() -> None:
    zipped, wheel = assets()
    content = json.loads(manifest("1.2.3", ["a-demo"], ["demo"], [zipped, wheel]))
    assert len(content.pop("build")) == 64
    assert content == {
        "pyodide": "1.2.3",
        "packages": ["a-demo"],
        "imports": ["demo"],
        "bytes": len(zipped.data) + len(wheel.data),
        "files": [
            {"name": "pyodide.mjs", "url": zipped.url, "bytes": len(zipped.data),
             "sha256": zipped.sha256},
            {"name": wheel.name, "url": wheel.url, "bytes": len(wheel.data),
             "sha256": wheel.sha256},
        ],
    }  # fmt: skip


def test_the_build_changes_with_any_byte() -> None:
    builds = {json.loads(manifest("1", [], [], assets(text)))["build"] for text in ("a", "b", "a")}
    assert len(builds) == 2


def test_a_folder_is_replaced_whole_and_leaves_nothing_beside(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "runtime"
    write(out, "old")
    (out / "left-over.txt").write_text("")
    check_replaceable(out)
    write(out, "new")
    assert read_folder(out) == {"pyodide.mjs": b"new", "demo-1.0-py3-none-any.whl": b"a wheel"}
    assert not (out / "left-over.txt").exists()
    assert [path.name for path in out.parent.iterdir()] == ["runtime"]


def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(RuntimeFailure) as caught:
        check_replaceable(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} is not empty and holds no runtime (no manifest.json): "
        "it would be replaced whole, so name another folder with --out"
    )
    with pytest.raises(RuntimeFailure, match=r"thesis\.tex is a file: name a folder with --out$"):
        check_replaceable(tmp_path / "thesis.tex")


def test_runs_at_the_same_time_leave_one_whole_folder(tmp_path: Path) -> None:
    out = tmp_path / "site" / "runtime"
    runs = [threading.Thread(target=write, args=(out, f"run {i}")) for i in range(6)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert read_folder(out)["pyodide.mjs"].startswith(b"run ")
    assert len(list(out.iterdir())) == 3
    assert [path.name for path in out.parent.iterdir()] == ["runtime"]
