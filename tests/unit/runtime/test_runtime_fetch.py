"""Fetching: two sources, one cache, and nothing believed without its hash."""

import dataclasses
import socket
import threading
from hashlib import sha256
from pathlib import Path

import pytest
from unit.runtime.support import Web, make_wheel, save

import sources
from failure import RuntimeFailure
from fetch import fetch
from pins import CORE, Pins
from store import Store

Files = dict[str, bytes]


def put_in_index(index: Path, upstream: Files) -> None:
    """Give pip a wheel that carries the files, as open-webui does."""
    texts = {f"box/pyodide/{name}": data.decode() for name, data in upstream.items()}
    save(make_wheel("nudge_test_box", texts), index)


def kept(store: Store) -> list[str]:
    """Everything in the cache, leftovers included."""
    return sorted(path.name for path in store.root.rglob("*") if path.is_file())


def test_files_come_from_the_cdn_and_then_from_the_cache(
    pins: Pins, store: Store, upstream: Files, web: Web
) -> None:
    web.files = upstream
    assert fetch(pins, store) == upstream
    assert web.asked == list(CORE)
    assert fetch(pins, store) == upstream
    assert web.asked == list(CORE)
    assert kept(store) == sorted(file.sha256 for file in pins.files)


def test_a_cdn_that_fails_is_asked_once_and_the_wheel_is_used(
    pins: Pins, store: Store, upstream: Files, web: Web, own_network: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    web.status = 503
    put_in_index(own_network, upstream)
    assert fetch(pins, store) == upstream
    assert web.asked == ["pyodide.mjs"]
    assert capsys.readouterr().err.splitlines()[:3] == [
        f"no luck with {web.url}: pyodide.mjs: HTTP 503 Service Unavailable",
        "downloading nudge-test-box==1.0 with pip (0.00 MB, kept only while unpacking)",
        "pyodide.mjs  0.00 MB  from nudge-test-box==1.0 from your pip index",
    ]
    assert kept(store) == sorted(file.sha256 for file in pins.files)


def test_what_the_cdn_gave_before_it_failed_is_not_fetched_again(
    pins: Pins, store: Store, upstream: Files, web: Web, own_network: Path
) -> None:
    first = {"pyodide.mjs": upstream["pyodide.mjs"]}
    web.files = first
    put_in_index(own_network, {name: upstream[name] for name in CORE if name not in first})
    assert fetch(pins, store) == upstream
    assert web.asked == ["pyodide.mjs", "pyodide.asm.mjs"]


def test_a_connection_that_breaks_off_is_a_failed_source_not_a_forged_file(
    pins: Pins, store: Store, upstream: Files, web: Web, own_network: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    web.files, web.promised_more = {"pyodide.mjs": b"half"}, 4
    put_in_index(own_network, upstream)
    assert fetch(pins, store) == upstream
    assert "pyodide.mjs: the connection ended after 4 bytes" in capsys.readouterr().err


def test_a_network_that_never_answers_fails_over_in_seconds(
    pins: Pins, store: Store, upstream: Files, own_network: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(sources, "CONNECT_SECONDS", 0.2)
    put_in_index(own_network, upstream)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert fetch(dataclasses.replace(pins, cdn=url), store) == upstream
    assert f"no luck with {url}: no answer within 0.2 s" in capsys.readouterr().err


def test_offline_with_an_empty_cache_says_what_each_source_said(
    pins: Pins, store: Store, web: Web
) -> None:
    web.status = 502
    with pytest.raises(RuntimeFailure) as caught:
        fetch(pins, store)
    assert str(caught.value).splitlines() == [
        "cannot fetch 4 of the 4 files of Pyodide 1.2.3 (0.00 MB), "
        f"which are not in the cache {store.root}.",
        f"  {web.url}: pyodide.mjs: HTTP 502 Bad Gateway",
        "  nudge-test-box==1.0 from your pip index: ERROR: Could not find a version that "
        "satisfies the requirement nudge-test-box==1.0 (from versions: none)",
        "Go online once, or configure pip with a mirror that has nudge-test-box==1.0, "
        "or set NUDGE_PYODIDE_SOURCE to a folder that holds the files",
    ]


def test_a_tampered_source_is_an_error_and_nothing_of_it_is_kept(
    pins: Pins, store: Store, upstream: Files, web: Web
) -> None:
    forged = b"alert(1)"
    web.files = {**upstream, "pyodide.mjs": forged}
    with pytest.raises(RuntimeFailure) as caught:
        fetch(pins, store)
    good = pins.files[0]
    assert str(caught.value) == (
        f"pyodide.mjs from {web.url} is not the pinned file: "
        f"expected sha256 {good.sha256} ({good.size} bytes), "
        f"got {sha256(forged).hexdigest()} (8 bytes). It was not kept. Do not use this source; "
        "set NUDGE_PYODIDE_SOURCE to cdn, pypi or a folder with the official files"
    )
    assert not store.root.exists()


def test_a_tampered_wheel_is_an_error_too(
    pins: Pins, store: Store, upstream: Files, own_network: Path
) -> None:
    put_in_index(own_network, {**upstream, "python_stdlib.zip": b"?"})
    expected = (
        r"^python_stdlib\.zip from nudge-test-box==1\.0 from your pip index is not the pinned"
    )
    with pytest.raises(RuntimeFailure, match=expected):
        fetch(pins, store, {"NUDGE_PYODIDE_SOURCE": "pypi"})


def test_a_source_that_sends_too_much_is_cut_off(
    pins: Pins, store: Store, upstream: Files, web: Web
) -> None:
    good = pins.files[0]
    web.files = {**upstream, "pyodide.mjs": upstream["pyodide.mjs"] * 100}
    with pytest.raises(RuntimeFailure, match=rf" \({good.size + 1} bytes\)\. It was not kept"):
        fetch(pins, store)


def test_a_tampered_cache_is_fetched_again_and_repaired(
    pins: Pins, store: Store, upstream: Files, web: Web, capsys: pytest.CaptureFixture[str]
) -> None:
    web.files = upstream
    fetch(pins, store)
    good = pins.files[2]
    (store.root / "fetched" / good.sha256).write_bytes(b"forged")
    capsys.readouterr()
    assert fetch(pins, store) == upstream
    assert capsys.readouterr().err.splitlines() == [
        f"pyodide.asm.wasm in the cache {store.root} is damaged or was tampered with "
        f"(expected sha256 {good.sha256}, got {sha256(b'forged').hexdigest()}): fetching it again",
        f"pyodide.asm.wasm  0.00 MB  from {web.url}",
    ]
    assert (store.root / "fetched" / good.sha256).read_bytes() == upstream["pyodide.asm.wasm"]


def test_a_folder_can_be_the_only_source(
    pins: Pins, store: Store, upstream: Files, web: Web, tmp_path: Path
) -> None:
    for name, data in upstream.items():
        (tmp_path / name).write_bytes(data)
    assert fetch(pins, store, {"NUDGE_PYODIDE_SOURCE": str(tmp_path)}) == upstream
    assert web.asked == []


def test_a_folder_that_lacks_a_file_is_named(pins: Pins, store: Store, tmp_path: Path) -> None:
    with pytest.raises(RuntimeFailure) as caught:
        fetch(pins, store, {"NUDGE_PYODIDE_SOURCE": str(tmp_path)})
    assert f"  {tmp_path}: pyodide.mjs: No such file or directory\n" in str(caught.value)


def test_a_source_nobody_knows_is_an_error(pins: Pins, store: Store) -> None:
    with pytest.raises(RuntimeFailure) as caught:
        fetch(pins, store, {"NUDGE_PYODIDE_SOURCE": "/no/such"})
    expected = "NUDGE_PYODIDE_SOURCE=/no/such: expected cdn, pypi or the path of an existing folder"
    assert str(caught.value) == expected


def test_runs_at_the_same_time_share_a_cache(
    pins: Pins, store: Store, upstream: Files, web: Web
) -> None:
    web.files = upstream
    results: list[Files] = []
    runs = [threading.Thread(target=lambda: results.append(fetch(pins, store))) for _ in range(8)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert results == [upstream] * 8
    assert kept(store) == sorted(file.sha256 for file in pins.files)


def test_what_was_made_is_made_again_when_it_was_tampered_with(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[bytes] = []

    def make() -> bytes:
        made.append(b"made")
        return made[-1]

    assert [store.made(["inputs"], make) for _ in range(3)] == [b"made"] * 3
    (path,) = (store.root / "made").iterdir()
    path.write_bytes(path.read_bytes() + b"more")
    assert store.made(["inputs"], make) == b"made"
    assert len(made) == 2
    assert capsys.readouterr().err == f"{path} is damaged or was tampered with: making it again\n"
