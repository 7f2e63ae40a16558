"""The way back from Hugging Face: a GPT-2 that `transformers` saved becomes our GPT.

GPT-2 has options that our GPT lacks, and a folder may come from anyone. So nothing is computed
with before all of it has been checked, and all that is wrong is told at once.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from reprlib import repr as shorten
from typing import Any, TypeVar

import numpy as np

from pyengine.errors import EngineError, EngineValueError
from pyengine.export.huggingface import (
    ACTIVATIONS,
    ARCHITECTURE,
    DROPOUTS,
    END_OF_TEXT,
    INDEX,
    TRANSPOSED,
    check_tokenizer,
    tensor_shapes,
)
from pyengine.files import parse_json
from pyengine.gpt import GPT, GPTConfig
from pyengine.safetensors import Array, load_safetensors
from pyengine.tokenizer import BPETokenizer, Tokenizer, load_tokenizer
from pyengine.tokenizer_json import bpe_file, bpe_parts

T = TypeVar("T")
Fields = dict[str, Any]  # of config.json

# Where config.json says nothing, it means the smallest GPT-2.
SIZES = {"vocab_size": 50257, "n_positions": 1024, "n_layer": 12, "n_head": 12, "n_embd": 768}
OURS = {theirs: ours for ours, theirs in ACTIVATIONS.items()}
HEAD = "lm_head.weight"
MOST_TOLD = 20  # problems in one error
WRAPPERS = {"module.": "DistributedDataParallel", "_orig_mod.": "torch.compile"}
SAVE = "transformers writes it: model.save_pretrained(folder)."


def import_huggingface(folder: str | os.PathLike[str]) -> tuple[GPT, Tokenizer | None]:
    """Read a GPT-2 from a folder of `transformers`, or one that `export_huggingface` wrote.

    Args:
        folder: with config.json and model.safetensors, or several such files and their index;
            and with tokenizer.json, or GPT-2's vocab.json and merges.txt, if it has a tokenizer.

    Returns:
        The model, in float64 if one of its tensors is, else in float32, which holds all 16-bit
        floats exactly; and the tokenizer, or None.

    Raises:
        EngineValueError: files are missing or damaged, or describe what our GPT cannot compute.
            The message lists all that was found.

    >>> import tempfile
    >>> from pyengine.export import export_huggingface
    >>> sizes = GPTConfig(5, block_size=4, n_layer=1, n_head=1, n_embd=8)
    >>> model = GPT(sizes, np.random.default_rng(0))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export_huggingface(folder, model)
    ...     same, tokenizer = import_huggingface(folder)
    >>> bool((same([[1, 2]]).data == model([[1, 2]]).data).all()), tokenizer
    (True, None)
    """
    path = Path(folder)
    problems: list[str] = []
    fields = _attempt(problems, _read_json, path / "config.json")
    tensors = _attempt(problems, _read_tensors, path)
    tokenizer = _attempt(problems, _read_tokenizer, path)
    config = None
    if fields is not None and tensors is not None:
        problems += _field_problems(fields)
        config = _attempt(problems, _config, fields, tensors)
    if config is not None and tensors is not None:
        problems += _tensor_problems(config, tensors)
        _attempt(problems, check_tokenizer, tokenizer, config, "tokenizer")
    if problems or config is None or tensors is None:
        raise _refusal(folder, problems)
    model = GPT(config, np.random.default_rng(0))
    model.load_state_dict(dict(_to_ours(config, tensors)))
    return model, tokenizer


def _attempt(problems: list[str], function: Callable[..., T], *arguments: Any) -> T | None:
    """Call a function; if it refuses, add why to the problems and return None."""
    try:
        return function(*arguments)
    except (EngineError, TypeError) as error:  # TypeError: a field of config.json is of any type
        problems.append(f"{error}")
        return None


def _refusal(folder: str | os.PathLike[str], problems: list[str]) -> EngineValueError:
    """Make one error of all problems."""
    told = [problem.removesuffix(".") for problem in problems[:MOST_TOLD]]
    if len(problems) > MOST_TOLD:
        told.append(f"and {len(problems) - MOST_TOLD} more")
    got = "\n  ".join(["something else:", *told])
    where = f"import_huggingface({os.fspath(folder)!r})"
    return EngineValueError(where, "a GPT-2 that this engine can compute", got)


def _problem(name: str, expected: str, got: str, fix: str = "") -> str:
    """Tell one of several problems in the words of an error."""
    return f"{EngineValueError(name, expected, got, fix)}"


# Files


def _read_json(path: Path) -> Fields:
    if not path.exists():
        raise EngineValueError(path.name, "a JSON object", "no such file", SAVE)
    try:
        data = parse_json(path.read_text(encoding="utf-8"))
    except ValueError as error:  # not JSON, or not UTF-8
        raise EngineValueError(path.name, "a JSON object", f"an error: {error}") from None
    if not isinstance(data, dict):
        raise EngineValueError(path.name, "a JSON object", type(data).__name__)
    return data


def _read_tensors(folder: Path) -> dict[str, Array]:
    """Return the tensors of all files under the names that a whole model gives them."""
    files = _weight_files(folder)
    missing = [file for file in files if not (folder / file).exists()]
    if missing:
        old = sorted(path.name for path in folder.glob("pytorch_model*.bin"))
        got = f"no such file, but {old[0]}, which may hold programs" if old else "no such file"
        fix = "Load it with transformers, and save it again: model.save_pretrained(folder)."
        raise EngineValueError(", ".join(missing), "weights", got, fix if old else SAVE)
    tensors = {}
    for file in files:
        for name, tensor in load_safetensors(folder / file)[0].items():
            _check_unwrapped(file, name)
            bare = name.removeprefix("transformer.")  # GPT2Model saves without it
            if not bare.endswith((".attn.bias", ".attn.masked_bias")):  # masks of older versions
                tensors[bare if bare == HEAD else f"transformer.{bare}"] = tensor
    return tensors


def _weight_files(folder: Path) -> list[str]:
    """Return the names of the files with the weights."""
    whole = "model.safetensors"
    if (folder / whole).exists() or not (folder / INDEX).exists():  # `transformers` looks so too
        return [whole]
    places = _read_json(folder / INDEX).get("weight_map")
    if not isinstance(places, dict) or not places:
        expected = "weight_map, the file of each tensor"
        raise EngineValueError(INDEX, expected, shorten(places), SAVE)
    for name, file in places.items():
        if not _is_weight_file(file):
            expected = f"{shorten(name)} to be in a .safetensors file of this folder"
            raise EngineValueError(INDEX, expected, shorten(file), SAVE)
    return sorted({*places.values()})


def _is_weight_file(name: Any) -> bool:
    """Whether this names a file in the folder: it may come from anyone, and name any other."""
    if not isinstance(name, str) or not name.endswith(".safetensors"):
        return False
    return PureWindowsPath(name).name == name  # without /, and without Windows's \ and C:


def _check_unwrapped(file: str, name: str) -> None:
    """Raise if the tensor's name begins as what PyTorch wraps around a model makes it begin."""
    for prefix, wrapper in WRAPPERS.items():
        if name.startswith(prefix):
            got = f"{name}: {wrapper} put {prefix!r} before the names"
            fix = f"Save the model within: model.{prefix}save_pretrained(folder)."
            raise EngineValueError(file, "the names that GPT-2's tensors have", got, fix)


def _read_tokenizer(folder: Path) -> Tokenizer | None:
    """Return the tokenizer, if the files of one are there."""
    vocab, merges = folder / "vocab.json", folder / "merges.txt"
    if (folder / "tokenizer.json").exists():
        return load_tokenizer(folder / "tokenizer.json")
    if not (vocab.exists() and merges.exists()):
        return None
    ids = _read_json(vocab)
    file = bpe_file(ids, [], [END_OF_TEXT] if END_OF_TEXT in ids else [])
    lines = merges.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    # subtle: only the first line may be a comment; "# #" is a merge.
    file["model"]["merges"] = lines[lines[0].startswith("#version") :]
    return BPETokenizer(*bpe_parts(file))


# What the files say


def _field_problems(fields: Fields) -> Iterator[str]:
    """Say what in config.json makes it another model than our GPT."""
    for name, ours in ARCHITECTURE.items():
        if fields.get(name, ours) != ours:
            yield _wrong_field(fields, name, f"to be {json.dumps(ours)}")
    width = fields.get("n_embd", SIZES["n_embd"])
    if isinstance(width, int) and fields.get("n_inner") not in (None, 4 * width):
        yield _wrong_field(fields, "n_inner", f"to be null or 4 × n_embd = {4 * width}")
    if fields.get("activation_function", "gelu_new") not in [*OURS]:
        yield _wrong_field(fields, "activation_function", f"to be one of {', '.join(OURS)}")
    if any(fields.get(name, 0.1) != fields.get(DROPOUTS[0], 0.1) for name in DROPOUTS):
        got = ", ".join(json.dumps(fields.get(name, 0.1)) for name in DROPOUTS)
        fix = "Make them equal; they matter in training only."
        yield _problem("config.json", f"one dropout for {', '.join(DROPOUTS)}", got, fix)


def _wrong_field(fields: Fields, name: str, expected: str) -> str:
    return _problem("config.json", f"{name} {expected}", json.dumps(fields[name]))


def _config(fields: Fields, tensors: dict[str, Array]) -> GPTConfig:
    """Translate config.json; what it cannot say here is a problem told by `_field_problems`."""
    size = {**SIZES, **{name: fields[name] for name in SIZES if name in fields}}
    biases = [tensor for name, tensor in tensors.items() if name.endswith(".bias")]
    wide = np.result_type(np.float32, *(tensor.dtype for tensor in tensors.values()))
    return GPTConfig(
        vocab_size=size["vocab_size"],
        block_size=size["n_positions"],
        n_layer=size["n_layer"],
        n_head=size["n_head"],
        n_embd=size["n_embd"],
        dropout=fields.get(DROPOUTS[0], 0.1),
        # A model without biases has zeros there; trained further, it has biases after all.
        bias=fields.get("bias") is not False or any(bias.any() for bias in biases),
        activation=OURS.get(fields.get("activation_function", ""), "gelu_tanh"),
        dtype="float64" if wide == np.float64 else "float32",
    )


def _tensor_problems(config: GPTConfig, tensors: dict[str, Array]) -> Iterator[str]:
    """Say what in the weights does not fit config.json, or our GPT."""
    blocks = len({name.split(".")[2] for name in tensors if name.startswith("transformer.h.")})
    if config.n_layer != blocks:
        expected = f"n_layer to be {blocks}, the number of blocks in the weights"
        yield _problem("config.json", expected, f"{config.n_layer}")
    shapes = dict(tensor_shapes(replace(config, n_layer=max(1, blocks))))
    for name, shape in shapes.items():
        order = " (in, out)" if name.endswith(TRANSPOSED) else ""
        if name not in tensors:
            yield _problem(name, f"a tensor of shape {shape}", "none")
        elif tensors[name].shape != shape:
            yield _problem(name, f"shape {shape}{order}", f"{tensors[name].shape}")
        elif tensors[name].dtype.kind != "f":
            yield _problem(name, "floats", f"{tensors[name].dtype}")
    for name in sorted(tensors.keys() - shapes.keys() - {HEAD}):
        yield _problem(name, "no tensor of this name in a GPT-2", f"shape {tensors[name].shape}")
    table = tensors.get("transformer.wte.weight")
    if HEAD in tensors and table is not None and not np.array_equal(tensors[HEAD], table):
        yield _problem(HEAD, "the numbers of wte.weight, to which it is tied", "others")


def _to_ours(config: GPTConfig, tensors: dict[str, Array]) -> Iterator[tuple[str, Array]]:
    """Yield the parameters as our GPT keeps them."""
    for name, _ in tensor_shapes(config):
        if config.bias or not name.endswith(".bias"):
            tensor = tensors[name].astype(config.dtype)
            yield name, tensor.T if name.endswith(TRANSPOSED) else tensor
