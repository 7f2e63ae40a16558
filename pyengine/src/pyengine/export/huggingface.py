"""Hugging Face: a model as the files of a GPT-2, which `transformers` loads.

    model.safetensors       the parameters
    config.json             the sizes, and what kind of model it is
    generation_config.json  which token ends a text
    tokenizer.json          the tokenizer; tokenizer_config.json says how to load it

Our GPT has the architecture of GPT-2, so these are its files. Only the writing differs. There,
linear layers keep their weights as (in, out), here as (out, in). There, everything has a bias,
which is zeros where our model has none. And activations go by other names.

The way back is in `huggingface_import`.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pyengine.errors import EngineTypeError, EngineValueError
from pyengine.files import write_atomically
from pyengine.gpt import GPT, GPTConfig
from pyengine.safetensors import Array, save_safetensors
from pyengine.tokenizer import Tokenizer

ACTIVATIONS = {"gelu_tanh": "gelu_new", "gelu": "gelu", "relu": "relu", "silu": "silu"}
DROPOUTS = ("resid_pdrop", "embd_pdrop", "attn_pdrop")
END_OF_TEXT = "<|endoftext|>"  # GPT-2's only special token
TRANSPOSED = ("attn.c_attn.weight", "attn.c_proj.weight", "mlp.c_fc.weight", "mlp.c_proj.weight")

# What `transformers` writes of a model too large for one file, and of a tokenizer.
INDEX = "model.safetensors.index.json"
SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
TOKENIZER_FILES = (
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"),
    *("added_tokens.json", "vocab.json", "merges.txt"),
)

# What makes a GPT-2 compute what our GPT does. All of it is also GPT-2's default.
ARCHITECTURE = {
    "model_type": "gpt2",
    "layer_norm_epsilon": 1e-5,
    "scale_attn_weights": True,
    "scale_attn_by_inverse_layer_idx": False,
    "reorder_and_upcast_attn": False,
    "add_cross_attention": False,
    "tie_word_embeddings": True,
}


def export_huggingface(
    folder: str | os.PathLike[str], model: GPT, tokenizer: Tokenizer | None = None
) -> None:
    """Write a model as a folder that `transformers` loads.

        model = transformers.GPT2LMHeadModel.from_pretrained(folder)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)

    Args:
        folder: where; made if it is not there. Files of the same names are replaced. Of a model
            that was there before, what would be read with this one is removed: its parts
            (model-00001-of-00002.safetensors and so on) with their index, and its tokenizer's
            files (tokenizer.json, tokenizer_config.json, special_tokens_map.json,
            added_tokens.json, vocab.json, merges.txt). Nothing else is.
        model: which one.
        tokenizer: the one it was trained with, or None. If "<|endoftext|>" is one of its special
            tokens, it ends a text there too.

    Raises:
        EngineTypeError: `model` is no GPT.
        EngineValueError: the tokenizer has more tokens than the model.
        OSError: a file cannot be written.

    Source: what `GPT2LMHeadModel.save_pretrained` of `transformers` 5 writes.

    >>> import tempfile
    >>> sizes = GPTConfig(5, block_size=4, n_layer=1, n_head=1, n_embd=8)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export_huggingface(folder, GPT(sizes, np.random.default_rng(0)))
    ...     sorted(path.name for path in Path(folder).iterdir())
    ['config.json', 'generation_config.json', 'model.safetensors']
    """
    if not isinstance(model, GPT):
        fix = "Of a trainer, pass trainer.model."
        raise EngineTypeError("export_huggingface", "a GPT", type(model).__name__, fix)
    check_tokenizer(tokenizer, model.config, "export_huggingface")
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    # The metadata says that the numbers are laid out as PyTorch's; `transformers` insists on it.
    save_safetensors(path / "model.safetensors", dict(_to_theirs(model)), {"format": "pt"})
    end = _end_of_text(tokenizer)
    # Texts begin with the token that ends them, as in GPT-2, and are padded with it too.
    ends = dict.fromkeys(["bos_token_id", "eos_token_id", "pad_token_id"], end)
    write_json(path / "config.json", {**_config_fields(model.config), **ends})
    write_json(path / "generation_config.json", ends)
    _remove_old(path)
    if tokenizer is not None:
        tokenizer.save(path / "tokenizer.json")
        has_end = end is not None
        write_json(path / "tokenizer_config.json", _tokenizer_fields(model.config, has_end))


def _remove_old(folder: Path) -> None:
    """Remove what another model left: parts of its weights, and its tokenizer."""
    shards = [path.name for path in folder.iterdir() if SHARD.fullmatch(path.name)]
    for name in (INDEX, *shards, *TOKENIZER_FILES):  # first the index, which names the others
        (folder / name).unlink(missing_ok=True)


def check_tokenizer(tokenizer: Tokenizer | None, config: GPTConfig, where: str) -> None:
    """Raise if a tokenizer has tokens that a model does not know.

    >>> from pyengine.tokenizer import ByteTokenizer
    >>> check_tokenizer(ByteTokenizer(), GPTConfig(vocab_size=100), "export")
    Traceback (most recent call last):
    pyengine.errors.EngineValueError: export: expected a tokenizer of at most vocab_size = 100 \
tokens; got 256. Take the one that the model was trained with.
    """
    if tokenizer is not None and tokenizer.vocab_size > config.vocab_size:
        expected = f"a tokenizer of at most vocab_size = {config.vocab_size} tokens"
        fix = "Take the one that the model was trained with."
        raise EngineValueError(where, expected, f"{tokenizer.vocab_size}", fix)


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write a JSON file, all or nothing."""
    write_atomically(path, [json.dumps(data, indent=2).encode() + b"\n"])


def tensor_shapes(config: GPTConfig) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Name the tensors of a GPT-2 as `transformers` does, with the shapes they have there.

    >>> sizes = GPTConfig(5, n_embd=8)
    >>> dict(tensor_shapes(sizes))["transformer.h.0.mlp.c_fc.weight"]
    (8, 32)
    """
    C = config.n_embd
    block = {
        "ln_1.weight": (C,),
        "ln_1.bias": (C,),
        "attn.c_attn.weight": (C, 3 * C),
        "attn.c_attn.bias": (3 * C,),
        "attn.c_proj.weight": (C, C),
        "attn.c_proj.bias": (C,),
        "ln_2.weight": (C,),
        "ln_2.bias": (C,),
        "mlp.c_fc.weight": (C, 4 * C),
        "mlp.c_fc.bias": (4 * C,),
        "mlp.c_proj.weight": (4 * C, C),
        "mlp.c_proj.bias": (C,),
    }
    yield "transformer.wte.weight", (config.vocab_size, C)
    yield "transformer.wpe.weight", (config.block_size, C)
    for i in range(config.n_layer):
        for name, shape in block.items():
            yield f"transformer.h.{i}.{name}", shape
    yield "transformer.ln_f.weight", (C,)
    yield "transformer.ln_f.bias", (C,)


def _to_theirs(model: GPT) -> Iterator[tuple[str, Array]]:
    """Yield the parameters as `transformers` keeps them; `lm_head` is tied to `wte` there too."""
    ours = model.state_dict()
    for name, shape in tensor_shapes(model.config):
        tensor = ours.get(name, np.zeros(shape, model.config.dtype))
        yield name, tensor.T if name.endswith(TRANSPOSED) else tensor


def _config_fields(config: GPTConfig) -> dict[str, Any]:
    """What config.json says of the model."""
    return {
        "architectures": ["GPT2LMHeadModel"],
        **ARCHITECTURE,
        "vocab_size": config.vocab_size,
        "n_positions": config.block_size,
        "n_layer": config.n_layer,
        "n_head": config.n_head,
        "n_embd": config.n_embd,
        "n_inner": None,  # stands for 4 × n_embd
        "activation_function": ACTIVATIONS[config.activation],
        **dict.fromkeys(DROPOUTS, config.dropout),
        "dtype": config.dtype,
        "bias": config.bias,  # ignored there; on the way back it drops the zeros
    }


def _tokenizer_fields(config: GPTConfig, has_end: bool) -> dict[str, Any]:
    """What tokenizer_config.json says: that all is in tokenizer.json, and how to use it."""
    roles = ["bos_token", "eos_token", "pad_token"] if has_end else []
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": config.block_size,
        "clean_up_tokenization_spaces": False,  # older versions would take spaces from the text
        **dict.fromkeys(roles, END_OF_TEXT),
    }


def _end_of_text(tokenizer: Tokenizer | None) -> int | None:
    """Return the id of the token that ends a text, if there is one."""
    if tokenizer is None or END_OF_TEXT not in getattr(tokenizer, "special_tokens", ()):
        return None
    return tokenizer.encode(END_OF_TEXT)[0]
