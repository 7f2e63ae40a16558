"""safetensors against Hugging Face's library: what both write, read and refuse."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors
import safetensors.numpy
import safetensors.torch
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pyengine import EngineValueError
from pyengine.safetensors import (
    DTYPES,
    READABLE,
    from_bytes,
    load_safetensors,
    save_safetensors,
    to_bytes,
)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
names = words.filter(lambda name: name != "__metadata__")
shapes = array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)
kinds = st.sampled_from([*DTYPES.values(), ">f4", ">i8", ">u2"])
tensors_by_name = st.dictionaries(names, kinds.flatmap(lambda kind: arrays(kind, shapes)))
many = settings(deadline=None, max_examples=200)


def header_and_data(file: bytes) -> tuple[int, dict[str, Any], bytes]:
    size = int.from_bytes(file[:8], "little")
    return size, json.loads(file[8 : 8 + size]), file[8 + size :]


def assert_same(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert ours.keys() == theirs.keys()
    for name in ours:
        assert (ours[name].dtype, ours[name].shape) == (theirs[name].dtype, theirs[name].shape)
        assert ours[name].tobytes() == theirs[name].tobytes()


@given(tensors_by_name, st.dictionaries(words, words, min_size=1, max_size=1) | st.none())
@many
def test_both_write_the_same_bytes(tensors: dict[str, Any], metadata: dict[str, str]) -> None:
    assert to_bytes(tensors, metadata or {}) == safetensors.numpy.save(tensors, metadata)


@given(tensors_by_name, st.dictionaries(words, words, min_size=2))
@many
def test_of_several_metadata_only_the_order_differs(
    tensors: dict[str, Any], metadata: dict[str, str]
) -> None:
    theirs = safetensors.numpy.save(tensors, metadata)
    assert header_and_data(to_bytes(tensors, metadata)) == header_and_data(theirs)


@given(tensors_by_name, st.dictionaries(words, words))
@many
def test_each_reads_what_the_other_writes(tensors: dict[str, Any], metadata: Any) -> None:
    theirs = safetensors.numpy.load(to_bytes(tensors, metadata))
    # Neither tensors nor metadata: given {} for the metadata, the library writes broken JSON.
    ours, found = from_bytes(safetensors.numpy.save(tensors, metadata or None))
    assert_same(ours, theirs)
    assert found == metadata


def test_files_go_both_ways(tmp_path: Path) -> None:
    tensors = {"wte": np.random.default_rng(0).normal(size=(65, 16)), "mask": np.tri(4, dtype=bool)}
    save_safetensors(tmp_path / "ours", tensors, {"format": "pt"})
    safetensors.numpy.save_file(tensors, tmp_path / "theirs", {"format": "pt"})
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()
    assert_same(load_safetensors(tmp_path / "theirs")[0], tensors)
    with safetensors.safe_open(tmp_path / "ours", "pt") as file:
        assert file.metadata() == {"format": "pt"}
        assert file.get_tensor("wte").numpy().tobytes() == tensors["wte"].tobytes()


def test_every_bfloat16_becomes_the_float32_that_pytorch_makes_of_it() -> None:
    halves = torch.arange(2**16, dtype=torch.int32).to(torch.uint16).view(torch.bfloat16)
    tensors = {"all": halves.reshape(256, 256), "one": halves[5].clone()}
    ours, _ = from_bytes(safetensors.torch.save(tensors))
    for name, tensor in tensors.items():
        theirs = tensor.float().numpy()
        assert ours[name].shape == theirs.shape
        np.testing.assert_array_equal(ours[name], theirs)


def test_pytorch_reads_every_dtype_we_write() -> None:
    tensors = {code: np.ones((2, 3), kind) for code, kind in DTYPES.items()}
    theirs = safetensors.torch.load(to_bytes(tensors))
    assert_same({code: tensor.numpy() for code, tensor in theirs.items()}, tensors)


# Files that may be wrong


def refused_by(read: Any, file: bytes) -> str:
    """What a reader has against a file; nothing if it takes it."""
    try:
        read(file)
    except (EngineValueError, safetensors.SafetensorError) as error:
        return str(error)
    return ""


def assert_same_verdict(file: bytes) -> None:
    ours = refused_by(from_bytes, file)
    assume("twice" not in ours)  # the format forbids it, the library takes the last
    assume("dtypes" not in ours)  # those that NumPy lacks
    assume("a shape that NumPy can hold" not in ours)  # [0, 2⁶³]
    theirs = refused_by(safetensors.deserialize, file)
    assert bool(ours) == bool(theirs), (ours, theirs)
    if not ours:
        found, _ = from_bytes(file)
        expected = dict(safetensors.deserialize(file))
        assert found.keys() == expected.keys()
        for name, view in expected.items():
            assert found[name].shape == tuple(view["shape"])
            if view["dtype"] in DTYPES and view["dtype"] != "BOOL":
                assert found[name].tobytes() == bytes(view["data"])


WHOLE = to_bytes(
    {"w": np.arange(6.0).reshape(2, 3), "half": np.float16([1, 2]), "none": np.zeros((0, 2))},
    {"format": "pt"},
)
counts = st.integers(-1, 4) | st.sampled_from([2**32, 2**63, 2**64, 2**70, 1.0, True, None, "1"])
entries = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from([*READABLE, "F31", 1]),
        "shape": st.lists(counts, max_size=3),
        "data_offsets": st.lists(counts | st.sampled_from([8, 12, 16]), min_size=1, max_size=3),
    },
    optional={"extra": counts},
)
likely = st.sampled_from([("U8", [4], 4), ("F32", [], 4), ("BF16", [2, 1], 4), ("F64", [0], 0)])


@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=3)
)
@many
def test_both_have_the_same_verdict_on_changed_bytes(changes: list[tuple[int, int]]) -> None:
    file = bytearray(WHOLE)
    for place, byte in changes:
        file[place] = byte
    assert_same_verdict(bytes(file))


@given(st.dictionaries(st.sampled_from("abcd"), entries), st.integers(0, 16))
@many
def test_both_have_the_same_verdict_on_invented_headers(header: Any, size: int) -> None:
    text = json.dumps(header).encode()
    assert_same_verdict(len(text).to_bytes(8, "little") + text + bytes(size))


@given(st.lists(likely, min_size=1, max_size=4), st.integers(-4, 4), st.data())
@many
def test_both_have_the_same_verdict_on_shifted_offsets(
    tensors: list[Any], extra: int, data: st.DataObject
) -> None:
    header, end = {}, 0
    for i in data.draw(st.permutations(range(len(tensors)))):
        dtype, shape, size = tensors[i]
        begin, end = end, end + size
        shift = data.draw(st.sampled_from([0, 0, 0, 4, -4]))
        header[str(i)] = {"dtype": dtype, "shape": shape, "data_offsets": [begin + shift, end]}
    text = json.dumps(header).encode()
    assert_same_verdict(len(text).to_bytes(8, "little") + text + bytes(max(0, end + extra)))


TENSOR = '"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}'
VAST = '"w":{"dtype":"F32","shape":[0,1099511627776,1099511627776],"data_offsets":[0,0]}'


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        (f" {{{TENSOR}}}", "a header that begins with {"),
        (f"{{{TENSOR},{TENSOR}}}", "'w' twice"),
        ('{"__metadata__":null}', "metadata of strings"),
        ('{"w":["F32",[0],[0,0]]}', "to have dtype, shape and data_offsets"),
        (f"{{{VAST}}}", "to have a shape that NumPy can hold"),
    ],
)
def test_we_refuse_some_files_that_the_library_lets_pass(header: str, ours: str) -> None:
    file = len(header).to_bytes(8, "little") + header.encode()
    assert refused_by(safetensors.deserialize, file) == ""
    assert ours in refused_by(from_bytes, file)
