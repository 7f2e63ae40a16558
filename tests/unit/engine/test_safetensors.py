"""safetensors: what is written, what is read back, what is refused, and what a crash leaves."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pyengine import EngineTypeError, EngineValueError
from pyengine import safetensors as module
from pyengine.files import parse_json, write_atomically
from pyengine.safetensors import (
    DTYPES,
    from_bytes,
    load_safetensors,
    save_safetensors,
    to_bytes,
)

EMSCRIPTEN = sys.platform == "emscripten"

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
names = words.filter(lambda name: name != "__metadata__")
kinds = st.sampled_from([order + kind for kind in DTYPES.values() for order in "<>"])
shapes = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
tensors_by_name = st.dictionaries(names, kinds.flatmap(lambda kind: arrays(kind, shapes)))


def file_of(header: Any, data: bytes = b"") -> bytes:
    """A file with this header, well-formed or not."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def entry(dtype: Any = "F32", shape: Any = (2,), data_offsets: Any = (0, 8)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": data_offsets}


# Writing and reading back


def test_a_file_is_the_librarys_byte_for_byte() -> None:
    tensors = {
        "b": np.array([1.0, -2.0], np.float32),
        "é\n": np.array([True, False]),
        "a": np.array([1, 2, 3], np.int16),
        "c": np.array(7, np.int64),
    }
    assert to_bytes(tensors, {"format": "pt"}) == (
        b"\x00\x01\x00\x00\x00\x00\x00\x00"
        b'{"__metadata__":{"format":"pt"},'
        b'"c":{"dtype":"I64","shape":[],"data_offsets":[0,8]},'
        b'"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},'
        b'"a":{"dtype":"I16","shape":[3],"data_offsets":[16,22]},'
        b'"\xc3\xa9\\n":{"dtype":"BOOL","shape":[2],"data_offsets":[22,24]}}    '
        b"\x07\x00\x00\x00\x00\x00\x00\x00"
        b"\x00\x00\x80\x3f\x00\x00\x00\xc0"
        b"\x01\x00\x02\x00\x03\x00"
        b"\x01\x00"
    )


@given(tensors_by_name, st.dictionaries(words, words))
@settings(deadline=None)
def test_what_is_written_comes_back(tensors: dict[str, Any], metadata: dict[str, str]) -> None:
    found, found_metadata = from_bytes(to_bytes(tensors, metadata))
    assert found_metadata == metadata
    assert found.keys() == tensors.keys()
    for name, tensor in tensors.items():
        assert found[name].dtype == tensor.dtype.newbyteorder("=")
        assert found[name].dtype.isnative
        assert found[name].shape == tensor.shape
        assert found[name].tobytes() == tensor.astype(found[name].dtype).tobytes()  # nan as well


@given(tensors_by_name)
@settings(deadline=None)
def test_every_tensor_begins_at_a_multiple_of_its_item_size(tensors: dict[str, Any]) -> None:
    data = to_bytes(tensors)
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    assert size % 8 == 0
    for name, tensor in tensors.items():
        assert header[name]["data_offsets"][0] % tensor.itemsize == 0


def test_the_same_content_gives_the_same_bytes_in_whatever_order_it_comes() -> None:
    tensors = {"a": np.ones(2), "b": np.zeros(3, np.float32), "c": np.ones(1)}
    metadata = {"x": "1", "y": "2"}
    backwards = dict(reversed(tensors.items())), dict(reversed(metadata.items()))
    assert to_bytes(*backwards) == to_bytes(tensors, metadata)


@pytest.mark.parametrize(
    "view",
    [
        np.arange(12).reshape(3, 4).T,
        np.arange(12)[::-2],
        np.broadcast_to(np.float32(3), (2, 2)),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    ],
    ids=["transposed", "backwards", "broadcast", "Fortran order"],
)
def test_views_are_written_in_row_major_order(view: Any) -> None:
    assert from_bytes(to_bytes({"w": view}))[0]["w"].tolist() == view.tolist()


def test_what_was_read_may_be_changed() -> None:
    data = to_bytes({"w": np.zeros(2), "n": np.zeros(()), "b": np.zeros(1, bool)})
    first, second = from_bytes(data)[0], from_bytes(data)[0]
    for name in first:
        first[name][...] = 1
        assert not second[name].any()


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_kind_of_bytes_can_be_read(kind: Any) -> None:
    tensors, metadata = from_bytes(kind(to_bytes({"w": np.ones(2)}, {"a": "é"})))
    assert (tensors["w"].tolist(), metadata) == ([1, 1], {"a": "é"})


def test_tensors_come_in_the_order_of_the_file() -> None:
    header = {"z": entry(data_offsets=(8, 16)), "m": entry(), "a": entry("U8", (0,), (8, 8))}
    assert list(from_bytes(file_of(header, bytes(16)))[0]) == ["m", "a", "z"]


@pytest.mark.parametrize("shape", [(), (1,), (5,)])
def test_bfloat16_is_widened_to_float32_exactly(shape: tuple[int, ...]) -> None:
    halves = [0x3F80, 0xC000, 0x0001, 0x7F80, 0x7FC0]  # 1, −2, the smallest, inf, nan
    count = int(np.prod(shape))
    header = {"w": entry("BF16", shape, (0, 2 * count))}
    data = b"".join(half.to_bytes(2, "little") for half in halves[:count])
    w = from_bytes(file_of(header, data))[0]["w"]
    assert isinstance(w, np.ndarray)  # a NumPy scalar could not be changed in place
    assert (w.dtype, w.shape) == (np.float32, shape)
    np.testing.assert_array_equal(
        w.ravel(), [1.0, -2.0, 2.0**-133, np.inf, np.nan][:count], strict=False
    )


def test_a_boolean_is_true_or_false_whatever_byte_stands_in_the_file() -> None:
    (b,) = from_bytes(file_of({"b": entry("BOOL", (3,), (0, 3))}, b"\x00\x01\x02"))[0].values()
    assert b.view(np.uint8).tolist() == [0, 1, 1]


def test_a_header_without_padding_can_be_read() -> None:
    header = b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    assert len(header) % 8
    (w,) = from_bytes(file_of(header, np.float32([1, 2]).tobytes()))[0].values()
    assert w.tolist() == [1, 2]


def test_what_a_newer_writer_says_besides_of_a_tensor_is_passed_over() -> None:
    assert from_bytes(file_of({"w": {**entry(), "checksum": 1}}, bytes(8)))[0]["w"].shape == (2,)


# Refusals


def reading(header: Any, data: bytes = b"") -> Callable[[], object]:
    return lambda: from_bytes(file_of(header, data))


ALL_READABLE = "U64, I64, F64, F32, U32, I32, F16, U16, I16, I8, U8, BOOL, BF16"
REFUSED_READING: dict[str, Callable[[], object]] = {
    "a safetensors file, which begins with 8 bytes for the length of its header; got 3 bytes.": (
        lambda: from_bytes(b"abc")
    ),
    "a header of at most 100,000,000 bytes; got 100,000,001. This is no safetensors file.": (
        lambda: from_bytes((100_000_001).to_bytes(8, "little"))
    ),
    "a header of 9 bytes; got a file that ends after 8. Is the file cut short?": (
        lambda: from_bytes((9).to_bytes(8, "little") + b"{       ")
    ),
    "a header in JSON; got Expecting value: line 1 column 6 (char 5).": reading(b'{"a":}'),
    "a header in JSON; got 'utf-8' codec can't decode byte 0xff in position 2: "
    "invalid start byte.": reading(b'{"\xff":1}'),
    "a header in JSON; got 'w' twice.": reading(
        b'{"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"w":0}'
    ),
    "a header in JSON; got 'shape' twice.": reading(b'{"w":{"shape":[0],"shape":[0]}}'),
    "a header that begins with {; got [1].": reading([1]),
    "a header that begins with {; got {}.": reading(b" {}"),
    "metadata of strings; got {'step': 1}.": reading({"__metadata__": {"step": 1}}),
    "metadata of strings; got ['step'].": reading({"__metadata__": ["step"]}),
    "tensor 'w' to have dtype, shape and data_offsets; got {'dtype': 'F32'}.": reading(
        {"w": {"dtype": "F32"}}
    ),
    "tensor 'w' to have dtype, shape and data_offsets; got 1.": reading({"w": 1}),
    f"tensor 'w' to have one of the dtypes {ALL_READABLE}; got 'F8_E4M3'.": reading(
        {"w": entry("F8_E4M3")}
    ),
    f"tensor 'w' to have one of the dtypes {ALL_READABLE}; got ['F32'].": reading(
        {"w": entry(["F32"])}
    ),
    "tensor 'w' to have a shape of at most 64 whole numbers; got [-1].": reading(
        {"w": entry(shape=[-1])}
    ),
    "tensor 'w' to have a shape of at most 64 whole numbers; got [2.0].": reading(
        {"w": entry(shape=[2.0])}
    ),
    "tensor 'w' to have a shape of at most 64 whole numbers; got [True].": reading(
        {"w": entry(shape=[True])}
    ),
    "tensor 'w' to have a shape of at most 64 whole numbers; got 2.": reading(
        {"w": entry(shape=2)}
    ),
    "tensor 'w' to have a shape of at most 64 whole numbers; got [1, 1, 1, 1, 1, 1, ...].": reading(
        {"w": entry(shape=[1] * 65)}
    ),
    "tensor 'w' to have data_offsets [begin, end]; got [0, 4, 8].": reading(
        {"w": entry(data_offsets=[0, 4, 8])}
    ),
    "tensor 'w' to have data_offsets [begin, end]; got [-8, 0].": reading(
        {"w": entry(data_offsets=[-8, 0])}
    ),
    "tensor 'w' to begin at byte 0 of the data, where the last one ended; got byte 8. "
    "Tensors may not overlap or leave holes.": reading(
        {"w": entry(data_offsets=[8, 16])}, bytes(16)
    ),
    "tensor 'v' to begin at byte 8 of the data, where the last one ended; got byte 4. "
    "Tensors may not overlap or leave holes.": reading(
        {"w": entry(), "v": entry(data_offsets=[4, 12])}, bytes(12)
    ),
    "tensor 'w', F32 of shape (3,), to take 12 bytes; got 8.": reading(
        {"w": entry(shape=[3])}, bytes(8)
    ),
    "tensor 'w', F32 of shape (2,), to take 8 bytes; got -8.": reading(
        {"v": entry(), "w": entry(data_offsets=[8, 0])}, bytes(8)
    ),
    "8 bytes of data; got 7. Is the file cut short?": reading({"w": entry()}, bytes(7)),
    "8 bytes of data; got 9. Nothing may follow the last tensor.": reading(
        {"w": entry()}, bytes(9)
    ),
    "tensor 'w' to have a shape that NumPy can hold; got [0, 10000000000000000000].": reading(
        {"w": entry(shape=[0, 10**19], data_offsets=[0, 0])}
    ),
    "tensor 'w' to have a shape that NumPy can hold; got [4294967296, 4294967296, 0].": reading(
        {"w": entry(shape=[2**32, 2**32, 0], data_offsets=[0, 0])}
    ),
}


@pytest.mark.parametrize("message", REFUSED_READING)
def test_reading_refuses_with_an_explanation(message: str) -> None:
    with pytest.raises(EngineValueError) as caught:
        REFUSED_READING[message]()
    assert str(caught.value) == f"from_bytes: expected {message}"


def test_a_refusal_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"")
    with pytest.raises(EngineValueError) as caught:
        load_safetensors(path)
    assert str(caught.value).startswith(f"load_safetensors({str(path)!r}): expected a safetensors")


def test_a_message_stays_short_however_long_what_the_file_says() -> None:
    name, shape = "n" * 100_000, [10**4000] * 64
    for header in ({name: entry(shape=shape)}, {name: entry("x" * 100_000)}, {name: [name] * 9}):
        with pytest.raises(EngineValueError) as caught:
            from_bytes(file_of(header))
        assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "header",
    [b"[" * 200_000, b'{"w":' * 200_000, b'{"w":{"shape":[' + b"9" * 5000 + b"]}}", b"", b"NaN"],
    ids=["lists in lists", "objects in objects", "a number of 5,000 digits", "nothing", "nan"],
)
def test_no_header_can_do_more_than_be_refused(header: bytes) -> None:
    with pytest.raises(EngineValueError, match="expected a header"):
        from_bytes(file_of(header))


@given(st.text('\\"[]{}a'))
@settings(deadline=None)
def test_brackets_may_nest_100_deep_whatever_stands_in_strings(text: str) -> None:
    deep = "[" * 99 + json.dumps({text: text}) + "]" * 99
    assert parse_json(deep) == json.loads(deep)
    with pytest.raises(ValueError, match="brackets nested more than 100 deep"):
        parse_json(f"[{deep}]")


WHOLE = to_bytes(
    {"w": np.arange(6.0).reshape(2, 3), "half": np.float16([1, 2]), "b": np.array(True)},
    {"format": "pt"},
)


def test_a_file_cut_short_anywhere_is_refused() -> None:
    for length in range(len(WHOLE)):
        with pytest.raises(EngineValueError, match="expected"):
            from_bytes(WHOLE[:length])


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
@settings(deadline=None, max_examples=200)
def test_a_byte_changed_anywhere_is_refused_or_read_but_nothing_else(place: int, byte: int) -> None:
    changed = bytearray(WHOLE)
    changed[place] = byte
    try:
        tensors, _ = from_bytes(bytes(changed))
    except EngineValueError:
        assert place < len(WHOLE) - 53  # the data itself may be anything
    else:
        assert sum(tensor.nbytes for tensor in tensors.values()) == 53


UNWRITABLE: dict[str, tuple[dict[Any, Any], dict[Any, Any], type[Exception]]] = {
    "names that are strings; got 0.": ({0: np.ones(1)}, {}, EngineTypeError),
    "names other than the one the format keeps for itself; got '__metadata__'.": (
        {"__metadata__": np.ones(1)},
        {},
        EngineValueError,
    ),
    "tensor 'w' to be a NumPy array; got list.": ({"w": [1.0]}, {}, EngineTypeError),
    "tensor 'w' to hold floats of 16 to 64 bits, integers or booleans; got dtype complex128.": (
        {"w": np.ones(1, complex)},
        {},
        EngineTypeError,
    ),
    "tensor 'w' to hold floats of 16 to 64 bits, integers or booleans; got dtype object.": (
        {"w": np.array([None])},
        {},
        EngineTypeError,
    ),
    "metadata of strings; got 'step': 1. Other things can be written as text with json.dumps.": (
        {},
        {"step": 1},
        EngineTypeError,
    ),
    r"names and metadata that UTF-8 can hold; got '\ud800'.": (
        {"w\ud800": np.ones(1)},
        {},
        EngineValueError,
    ),
}


@pytest.mark.parametrize("message", UNWRITABLE)
def test_writing_refuses_with_an_explanation_and_writes_nothing(
    message: str, tmp_path: Path
) -> None:
    tensors, metadata, error = UNWRITABLE[message]
    with pytest.raises(error) as caught:
        to_bytes(tensors, metadata)
    assert str(caught.value) == f"to_bytes: expected {message}"
    with pytest.raises(error) as caught:
        save_safetensors(tmp_path / "model.safetensors", tensors, metadata)
    assert str(caught.value) == f"save_safetensors: expected {message}"
    assert list(tmp_path.iterdir()) == []


def test_a_header_too_long_to_be_read_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_HEADER", 1000)
    assert from_bytes(to_bytes({}, {"log": "x" * 900}))[1] == {"log": "x" * 900}
    with pytest.raises(EngineValueError) as caught:
        to_bytes({}, {"log": "x" * 1000})
    assert str(caught.value) == (
        "to_bytes: expected names and metadata of at most 1,000 bytes; got 1,032. "
        "Save long data as a tensor."
    )


# Files


def test_a_file_can_be_saved_loaded_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    for value in (1.0, 2.0):
        save_safetensors(path, {"w": np.array(value)}, {"format": "np"})
        tensors, metadata = load_safetensors(str(path))
        assert (tensors["w"].item(), metadata) == (value, {"format": "np"})
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError("no space left"), KeyboardInterrupt()], ids=repr)
def test_the_old_file_survives_what_interrupts_writing(
    error: BaseException, tmp_path: Path
) -> None:
    def pieces() -> Iterator[bytes]:
        yield bytes(1_000_000)
        raise error

    path = tmp_path / "old"
    path.write_bytes(b"old")
    with pytest.raises(type(error)):
        write_atomically(path, pieces())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_content_is_on_disk_before_it_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seen = tmp_path / "new", []
    fsync = os.fsync

    def spy(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        sizes = sorted(file.stat().st_size for file in tmp_path.iterdir())
        seen.append(("folder" if is_folder else "file", sizes, path.exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", spy)
    write_atomically(path, [b"12", b"3"])
    assert seen[0] == ("file", [3], False)
    assert seen[1:] == [("folder", [3], True)] or os.name == "nt"


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for a privilege to link")
def test_a_symbolic_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "real")
    write_atomically(tmp_path / "link", [b"new"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "disk" / "real").read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_file_gets_the_permissions_any_new_file_gets(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_atomically(tmp_path / "ours", [b""])
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


VERSION_OF_FILE = """
import os, signal, sys
import numpy as np
from pyengine import safetensors

path, version = sys.argv[1], int(sys.argv[2])

def save(version):
    tensors = {f"w{i}": np.full(20_000, version) for i in range(4)}
    safetensors.save_safetensors(path, tensors, {"version": str(version)})

def saved():
    tensors, metadata = safetensors.load_safetensors(path)
    (version,) = {int(metadata["version"]), *np.unique(list(tensors.values()))}
    return int(version)
"""
OVERWRITES_FOR_EVER = """
while True:
    version += 1
    save(version)
    print(version, flush=True)
"""
DIES_AT_EVERY_CALL = """
# Whatever changes the disk is a C function: dying before each of them tries every state there is.
def die_at(call):
    def count(frame, event, function):
        nonlocal call
        call -= event == "c_call"
        if call == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.setprofile(count)

save(version)
status = None
while status != 0:
    version += 1
    child = os.fork()
    if not child:
        die_at(version)
        save(version)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(version, saved(), status)
"""


@pytest.mark.skipif(EMSCRIPTEN, reason="no processes")
def test_a_process_killed_while_overwriting_loses_nothing(tmp_path: Path) -> None:
    path, reported = tmp_path / "model.safetensors", 0
    for kill in range(4):
        command = [sys.executable, "-c", VERSION_OF_FILE + OVERWRITES_FOR_EVER, path, reported]
        with subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            lines = [process.stdout.readline() for _ in range(1 + kill)]
            process.kill()
            lines += process.stdout.readlines()
        reported = int(lines[-1])
        tensors, metadata = load_safetensors(path)
        assert int(metadata["version"]) in (reported, reported + 1)
        for tensor in tensors.values():
            assert (tensor == int(metadata["version"])).all()
        reported = int(metadata["version"])


@pytest.mark.skipif(EMSCRIPTEN or not hasattr(os, "fork"), reason="no fork")
def test_a_process_killed_at_any_call_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    command = [sys.executable, "-c", VERSION_OF_FILE + DIES_AT_EVERY_CALL, str(path), "0"]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    runs = [tuple(map(int, line.split())) for line in out.splitlines()]
    assert len(runs) > 50
    before = 0
    for version, saved, status in runs:
        assert saved in ((before, version) if status else (version,))
        before = saved
    outcomes = [saved == version for version, saved, _ in runs]
    assert outcomes == sorted(outcomes)  # up to one call the old file, from there on the new
    assert outcomes.count(True) > 3
    left = {file.stat().st_size for file in tmp_path.iterdir() if file != path}
    assert len(left) > 3  # some died in the middle of the file
