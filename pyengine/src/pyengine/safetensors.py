"""safetensors: named arrays in one file, which can hold numbers but no program.

    8 bytes   the length of the header, an unsigned little-endian integer
    header    JSON: each tensor's dtype, shape and data_offsets [begin, end], in bytes from the end
              of the header; under "__metadata__" any text by name; padded with spaces to 8 bytes
    data      the tensors' numbers, little-endian, row-major, one tensor after the other

The format is Hugging Face's, https://github.com/huggingface/safetensors. What is written here is
what that library writes, byte for byte (metadata apart, which it shuffles). What is read here may
come from anyone: nothing in it is believed before it is checked.

    >>> data = to_bytes({"w": np.ones((2, 2), np.float32)}, {"step": "10"})
    >>> tensors, metadata = from_bytes(data)
    >>> tensors["w"].tolist(), metadata
    ([[1.0, 1.0], [1.0, 1.0]], {'step': '10'})
"""

import json
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from reprlib import Repr
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from pyengine.errors import EngineTypeError, EngineValueError
from pyengine.files import parse_json, write_atomically

Array = NDArray[Any]
Bytes = bytes | bytearray | memoryview  # JavaScript hands over the last

# The largest alignment first: in this order tensors are written, so that each begins at a multiple
# of its own item size. NumPy's name for a dtype is its kind and its size in bytes.
DTYPES = {
    "U64": "u8",
    "I64": "i8",
    "F64": "f8",
    "F32": "f4",
    "U32": "u4",
    "I32": "i4",
    "F16": "f2",
    "U16": "u2",
    "I16": "i2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "b1",
}
CODES = {kind: code for code, kind in DTYPES.items()}
READABLE = {**DTYPES, "BF16": "u2", "BOOL": "u1"}  # as what the bytes are read; see _numbers
MAX_HEADER = 100_000_000  # bytes, the library's limit
MAX_DIMENSIONS = 64  # NumPy's limit

_repr = Repr()
_repr.maxstring = 80
_shorten = _repr.repr  # for what stands in a file and may be of any length


class _Entry(NamedTuple):
    """What the header says of one tensor."""

    name: str
    code: str
    shape: tuple[int, ...]
    begin: int
    end: int


def save_safetensors(
    path: str | os.PathLike[str],
    tensors: Mapping[str, Array],
    metadata: Mapping[str, str] = {},
) -> None:
    """Write arrays to a file, all or nothing.

    The file is replaced in one instant, after its successor is safe on disk: whenever the process
    dies, there is the old file or the new one. (Killed in the middle, it leaves `.NAME.….tmp`
    beside them, which may be deleted.)

    Args:
        path: where; an existing file is replaced, a symbolic link is followed.
        tensors: arrays by name, of any shape: floats of 16 to 64 bits, integers, booleans.
        metadata: any text by name.

    Raises:
        EngineTypeError: something that is no such array, a name or a text that is no string.
        EngineValueError: a name that cannot be written, or a header above 100 MB.
        OSError: the file cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_safetensors(f"{folder}/model.safetensors", {"b": np.arange(3)})
    ...     os.listdir(folder)
    ['model.safetensors']
    """
    write_atomically(path, _pieces(tensors, metadata, "save_safetensors"))


def load_safetensors(path: str | os.PathLike[str]) -> tuple[dict[str, Array], dict[str, str]]:
    """Read the arrays and the metadata of a file.

    Args:
        path: a file in the format, from whatever source.

    Returns:
        The tensors by name, in their order in the file, each an array of its own that may be
        changed; BF16 as float32, which holds it exactly. And the metadata, empty if there is none.

    Raises:
        EngineValueError: the file breaks a rule of the format, or holds a dtype NumPy lacks.
        OSError: the file cannot be read.

    Source: https://github.com/huggingface/safetensors#format.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_safetensors(f"{folder}/model.safetensors", {"b": np.arange(3)})
    ...     load_safetensors(f"{folder}/model.safetensors")
    ({'b': array([0, 1, 2])}, {})
    """
    return _read(Path(path).read_bytes(), f"load_safetensors({os.fspath(path)!r})")


def to_bytes(tensors: Mapping[str, Array], metadata: Mapping[str, str] = {}) -> bytes:
    """Return what `save_safetensors` would write. Takes and raises what it does.

    >>> to_bytes({})
    b'\\x08\\x00\\x00\\x00\\x00\\x00\\x00\\x00{}      '
    """
    return b"".join(_pieces(tensors, metadata, "to_bytes"))


def from_bytes(data: Bytes) -> tuple[dict[str, Array], dict[str, str]]:
    """Return what `load_safetensors` would from a file of these bytes. Raises what it does.

    >>> from_bytes(to_bytes({"b": np.float16([0.5])}))
    ({'b': array([0.5], dtype=float16)}, {})
    """
    return _read(data, "from_bytes")


def _pieces(
    tensors: Mapping[str, Array], metadata: Mapping[str, str], where: str
) -> Iterator[bytes]:
    """Yield the file: the header's length, the header, and the numbers of each tensor."""
    ranks = list(DTYPES)
    codes = {name: _code(name, tensor, where) for name, tensor in tensors.items()}
    names = sorted(codes, key=lambda name: (ranks.index(codes[name]), name))
    header: dict[str, Any] = {"__metadata__": _texts(metadata, where)} if metadata else {}
    end = 0
    for name in names:
        begin, end = end, end + tensors[name].nbytes
        shape = tensors[name].shape
        header[name] = {"dtype": codes[name], "shape": shape, "data_offsets": [begin, end]}
    text = _json(header, where)
    yield len(text).to_bytes(8, "little")
    yield text
    for name in names:
        yield tensors[name].astype("<" + DTYPES[codes[name]], copy=False).tobytes()


def _code(name: str, tensor: Array, where: str) -> str:
    """Check one tensor that is to be written; return the format's name of its dtype."""
    if not isinstance(name, str):
        raise EngineTypeError(where, "names that are strings", f"{name!r}")
    if name == "__metadata__":
        expected = "names other than the one the format keeps for itself"
        raise EngineValueError(where, expected, f"{name!r}")
    if not isinstance(tensor, np.ndarray):
        expected = f"tensor {name!r} to be a NumPy array"
        raise EngineTypeError(where, expected, type(tensor).__name__)
    code = CODES.get(tensor.dtype.str[1:])
    if code is None:
        expected = f"tensor {name!r} to hold floats of 16 to 64 bits, integers or booleans"
        raise EngineTypeError(where, expected, f"dtype {tensor.dtype}")
    return code


def _texts(metadata: Mapping[str, str], where: str) -> dict[str, str]:
    for name, text in metadata.items():
        if not (isinstance(name, str) and isinstance(text, str)):
            fix = "Other things can be written as text with json.dumps."
            raise EngineTypeError(where, "metadata of strings", f"{name!r}: {text!r}", fix)
    return dict(sorted(metadata.items()))  # the same content gives the same bytes


def _json(header: Mapping[str, Any], where: str) -> bytes:
    """Write the header as the library does, padded so that the data begins at a multiple of 8."""
    try:
        text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        got = f"{error.object[error.start]!r}"
        raise EngineValueError(where, "names and metadata that UTF-8 can hold", got) from None
    text += b" " * (-len(text) % 8)
    if len(text) > MAX_HEADER:
        expected = f"names and metadata of at most {MAX_HEADER:,} bytes"
        raise EngineValueError(where, expected, f"{len(text):,}", "Save long data as a tensor.")
    return text


def _read(data: Bytes, where: str) -> tuple[dict[str, Array], dict[str, str]]:
    header, start = _header(data, where)
    metadata = header.pop("__metadata__", {})
    if not (isinstance(metadata, dict) and all(isinstance(t, str) for t in metadata.values())):
        raise EngineValueError(where, "metadata of strings", _shorten(metadata))
    entries = [_entry(name, info, where) for name, info in header.items()]
    entries.sort(key=lambda entry: (entry.begin, entry.end))
    _check_layout(entries, len(data) - start, where)
    return {entry.name: _numbers(data, start, entry, where) for entry in entries}, metadata


def _header(data: Bytes, where: str) -> tuple[dict[str, Any], int]:
    """Return the header, and the byte at which the data begins."""
    if len(data) < 8:
        expected = "a safetensors file, which begins with 8 bytes for the length of its header"
        raise EngineValueError(where, expected, f"{len(data)} bytes")
    size = int.from_bytes(data[:8], "little")
    if size > MAX_HEADER:
        fix = "This is no safetensors file."
        raise EngineValueError(where, f"a header of at most {MAX_HEADER:,} bytes", f"{size:,}", fix)
    if size > len(data) - 8:
        got = f"a file that ends after {len(data) - 8}"
        raise EngineValueError(where, f"a header of {size} bytes", got, "Is the file cut short?")
    try:
        header = parse_json(bytes(data[8 : 8 + size]).decode())
    except ValueError as error:  # not UTF-8 or not JSON
        raise EngineValueError(where, "a header in JSON", f"{error}") from None
    if data[8:9] != b"{":
        raise EngineValueError(where, "a header that begins with {", _shorten(header))
    return header, 8 + size


def _entry(name: str, info: Any, where: str) -> _Entry:
    """Check the form of what the header says of one tensor; what it means is checked later."""

    def refuse(expected: str, got: Any) -> NoReturn:
        tensor = f"tensor {_shorten(name)}"
        raise EngineValueError(where, f"{tensor} to have {expected}", _shorten(got))

    if not (isinstance(info, dict) and {"dtype", "shape", "data_offsets"} <= set(info)):
        refuse("dtype, shape and data_offsets", info)
    code, shape, offsets = info["dtype"], info["shape"], info["data_offsets"]
    if not (isinstance(code, str) and code in READABLE):
        refuse(f"one of the dtypes {', '.join(READABLE)}", code)
    if not (_are_counts(shape) and len(shape) <= MAX_DIMENSIONS):
        refuse(f"a shape of at most {MAX_DIMENSIONS} whole numbers", shape)
    if not (_are_counts(offsets) and len(offsets) == 2):
        refuse("data_offsets [begin, end]", offsets)
    return _Entry(name, code, tuple(shape), *offsets)


def _are_counts(things: Any) -> bool:
    """Whether this is a list of unsigned 64-bit integers. (True is an int to Python only.)"""
    return isinstance(things, list) and all(type(n) is int and 0 <= n < 2**64 for n in things)


def _check_layout(entries: list[_Entry], size: int, where: str) -> None:
    """Raise unless the tensors, in their order in the file, cover its data exactly once."""
    end = 0
    for entry in entries:
        tensor = f"tensor {_shorten(entry.name)}"
        if entry.begin != end:
            expected = f"{tensor} to begin at byte {end} of the data, where the last one ended"
            fix = "Tensors may not overlap or leave holes."
            raise EngineValueError(where, expected, f"byte {entry.begin}", fix)
        takes = math.prod(entry.shape) * np.dtype(READABLE[entry.code]).itemsize
        if entry.end - entry.begin != takes:
            holds = f"{entry.code} of shape {_shorten(entry.shape)}"
            expected = f"{tensor}, {holds}, to take {takes} bytes"
            raise EngineValueError(where, expected, f"{entry.end - entry.begin}")
        end = entry.end
    if end != size:
        fix = "Is the file cut short?" if size < end else "Nothing may follow the last tensor."
        raise EngineValueError(where, f"{end} bytes of data", f"{size}", fix)


def _numbers(data: Bytes, start: int, entry: _Entry, where: str) -> Array:
    """Copy one tensor out of the file."""
    try:
        kind = "<" + READABLE[entry.code]
        raw: Array = np.ndarray(entry.shape, kind, data, start + entry.begin)
    except ValueError:  # [0, 10¹⁹] takes no bytes, yet NumPy cannot hold it
        expected = f"tensor {_shorten(entry.name)} to have a shape that NumPy can hold"
        raise EngineValueError(where, expected, _shorten(list(entry.shape))) from None
    if entry.code == "BF16":  # NumPy has none: it is the upper half of a float32
        return np.asarray(raw.astype(np.uint32) << 16).view(np.float32)
    if entry.code == "BOOL":
        return np.asarray(raw != 0)  # subtle: the file may hold a 2, a NumPy boolean must not
    return raw.astype(DTYPES[entry.code])
