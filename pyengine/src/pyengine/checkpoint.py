"""Checkpoints: all that a training run is at one step, so that it can go on from there.

A checkpoint is one safetensors file. Its tensors are grouped by the beginning of their names, up
to a dot: "model.transformer.wte.weight", "optimizer.0.exp_avg". Everything else (the step, the
configuration, the state of the random generators) is `about`, kept as JSON in the file's metadata.
Numbers come back exactly as they were, ints and floats as well as arrays, so a run that is resumed
takes the very steps it would have taken.

    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> data = to_bytes({"model.w": np.ones(2)}, {"step": 3, "rng": rng.bit_generator.state})
    >>> checkpoint = from_bytes(data)
    >>> checkpoint.part("model"), checkpoint.about["step"]
    ({'w': array([1., 1.])}, 3)
    >>> resumed = np.random.default_rng()
    >>> resumed.bit_generator.state = checkpoint.about["rng"]
    >>> resumed.random() == rng.random()
    True
"""

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from pyengine import safetensors
from pyengine.errors import EngineTypeError, EngineValueError, named_shape
from pyengine.files import MAX_DEPTH, parse_json

Array = NDArray[Any]

FORMAT = "pyengine.checkpoint"
VERSION = "1"


class Parameter(Protocol):
    """An object that holds an array which training may change."""

    data: Any


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What was saved.

    Args:
        tensors: all arrays by their full names.
        about: everything else.

    >>> import numpy as np
    >>> checkpoint = Checkpoint({"model.w": np.zeros(1), "optimizer.0.exp_avg": np.ones(1)}, {})
    >>> checkpoint.part("optimizer")
    {'0.exp_avg': array([1.])}
    """

    tensors: dict[str, Array]
    about: dict[str, Any]

    def part(self, name: str) -> dict[str, Array]:
        """Return the arrays whose names begin with `name` and a dot, without these.

        Empty if nothing was saved under that name: an optimizer without momentum has no arrays.

        >>> import numpy as np
        >>> Checkpoint({"model.h.0.w": np.zeros(1)}, {}).part("model.h")
        {'0.w': array([0.])}
        """
        start = name + "."
        return {k.removeprefix(start): a for k, a in self.tensors.items() if k.startswith(start)}


def save_checkpoint(
    path: str | os.PathLike[str], tensors: Mapping[str, Array], about: dict[str, Any]
) -> None:
    """Write a checkpoint to a file, all or nothing, as `save_safetensors` does.

    Args:
        path: where; an existing file is replaced in one instant.
        tensors: arrays by name, the name of their group and a dot first.
        about: what else the run needs: None, booleans, ints, finite floats, strings, lists, and
            dicts by string.

    Raises:
        EngineTypeError: `about` holds something else, or `tensors` what is no array.
        EngineValueError: `about` holds nan or inf, which JSON has no words for, or itself.
        OSError: the file cannot be written.

    >>> import tempfile
    >>> import numpy as np
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(f"{folder}/last.safetensors", {"model.w": np.ones(2)}, {"lr": 0.1})
    ...     os.listdir(folder)
    ['last.safetensors']
    """
    safetensors.save_safetensors(path, tensors, _metadata(about, "save_checkpoint"))


def load_checkpoint(path: str | os.PathLike[str]) -> Checkpoint:
    """Read a checkpoint from a file.

    Args:
        path: a file that `save_checkpoint` wrote.

    Returns:
        The checkpoint; its arrays may be changed.

    Raises:
        EngineValueError: the file is damaged, no checkpoint, or of another version.
        OSError: the file cannot be read.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(f"{folder}/last.safetensors", {}, {"step": 7, "lr": 0.1})
    ...     load_checkpoint(f"{folder}/last.safetensors").about
    {'step': 7, 'lr': 0.1}
    """
    where = f"load_checkpoint({os.fspath(path)!r})"
    return _checkpoint(*safetensors.load_safetensors(path), where)


def to_bytes(tensors: Mapping[str, Array], about: dict[str, Any]) -> bytes:
    """Return what `save_checkpoint` would write. Takes and raises what it does.

    >>> len(to_bytes({}, {"step": 1}))
    96
    """
    return safetensors.to_bytes(tensors, _metadata(about, "to_bytes"))


def from_bytes(data: safetensors.Bytes) -> Checkpoint:
    """Return what `load_checkpoint` would from a file of these bytes. Raises what it does.

    >>> from_bytes(to_bytes({}, {"step": 1})).about
    {'step': 1}
    """
    return _checkpoint(*safetensors.from_bytes(data), "from_bytes")


def load_into(
    parameters: Mapping[str, Parameter],
    arrays: Mapping[str, Array],
    dimensions: Mapping[str, Sequence[str]] = {},
) -> None:
    """Give parameters copies of the arrays of the same names; all of them, or none.

    Args:
        parameters: what to fill, each with its array as `.data`.
        arrays: exactly one for each parameter, of its shape and dtype.
        dimensions: the names of a parameter's dimensions, such as ("V", "C"), for the message.

    Raises:
        EngineValueError: something does not fit. The message lists all that does not.

    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> w = SimpleNamespace(data=np.zeros(2))
    >>> load_into({"w": w}, {"w": np.array([1.0, 2.0])})
    >>> w.data
    array([1., 2.])
    """
    problems = []
    for name in [*parameters, *(name for name in arrays if name not in parameters)]:
        problem = _misfit(parameters.get(name), arrays.get(name), dimensions.get(name))
        if problem:
            problems.append(f"\n  {name}: {problem}")
    if problems:
        expected = "one array for each parameter, of its shape and dtype"
        got = f"{len(problems)} that do not fit, so nothing was loaded:{''.join(problems)}"
        raise EngineValueError("load_into", expected, got)
    for name, parameter in parameters.items():
        parameter.data = arrays[name].copy()  # assigned, so that a Tensor notices


def _misfit(parameter: Parameter | None, array: Array | None, names: Sequence[str] | None) -> str:
    """Say why this array cannot become this parameter; nothing if it can."""
    if parameter is None:
        return "unexpected, there is no such parameter"
    if array is None:
        return "missing"
    data = parameter.data
    if data.shape != array.shape:
        shape = named_shape(names, data.shape) if names else f"{data.shape}"
        return f"expected shape {shape}, got {array.shape}"
    # A cast would change numbers, and with them every step that follows.
    return "" if data.dtype == array.dtype else f"expected dtype {data.dtype}, got {array.dtype}"


def _metadata(about: dict[str, Any], where: str) -> dict[str, str]:
    if not isinstance(about, dict):
        raise EngineTypeError(where, "about to be a dict", type(about).__name__)
    _check_json(about, "about", where)
    return {"format": FORMAT, "version": VERSION, "about": json.dumps(about)}


def _check_json(thing: object, place: str, where: str, depth: int = 1) -> None:
    """Raise unless JSON gives this back as it is. A tuple would come back as a list."""
    if depth > MAX_DEPTH:
        expected = f"about nested at most {depth - 1} deep"
        raise EngineValueError(where, expected, "more", "Does it contain itself?")
    if isinstance(thing, dict):
        for key, value in thing.items():
            if not isinstance(key, str):
                raise EngineTypeError(where, f"the keys of {place} to be strings", f"{key!r}")
            _check_json(value, f"{place}[{key!r}]", where, depth + 1)
    elif isinstance(thing, list):
        for i, value in enumerate(thing):
            _check_json(value, f"{place}[{i}]", where, depth + 1)
    elif isinstance(thing, float) and not math.isfinite(thing):
        fix = "Write None for a number that is not known."
        raise EngineValueError(where, f"{place} to be finite", f"{thing}", fix)
    elif not (thing is None or isinstance(thing, bool | int | float | str)):
        expected = f"{place} to be None, a bool, int, float, string, list or dict"
        fix = "For NumPy's numbers and arrays, use .item() or .tolist(); for tuples, list(...)."
        raise EngineTypeError(where, expected, type(thing).__name__, fix)


def _checkpoint(tensors: dict[str, Array], metadata: Mapping[str, str], where: str) -> Checkpoint:
    if metadata.get("format") != FORMAT:
        fix = "Read plain weights with load_safetensors."
        got = f"{metadata.get('format')!r}"
        raise EngineValueError(where, f"a checkpoint, of format {FORMAT!r}", got, fix)
    if metadata.get("version") != VERSION:
        fix = "If it is a newer one, update pyengine."
        got = f"{metadata.get('version')!r}"
        raise EngineValueError(where, f"a checkpoint of version {VERSION!r}", got, fix)
    try:
        about = parse_json(metadata.get("about", ""))
    except ValueError as error:
        raise EngineValueError(where, "about in JSON", f"{error}") from None
    if not isinstance(about, dict):
        raise EngineValueError(where, "about to be a dict", type(about).__name__)
    return Checkpoint(tensors, about)
