"""Hugging Face: what the files say, that models come back bit for bit, and what is refused."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyengine import GPT, EngineTypeError, EngineValueError, GPTConfig
from pyengine import functional as F
from pyengine.export import export_huggingface, import_huggingface
from pyengine.safetensors import load_safetensors, save_safetensors
from pyengine.tokenizer import BPETokenizer, ByteTokenizer, CharTokenizer, Tokenizer

TEXT = "to be, or not to be, that is the question"
SIZES = GPTConfig(vocab_size=300, block_size=8, n_layer=2, n_head=2, n_embd=8)


def model_of(config: GPTConfig = SIZES) -> GPT:
    """A model whose biases and norms, too, are random."""
    model, rng = GPT(config, np.random.default_rng(0)), np.random.default_rng(1)
    for parameter in model.parameters():
        parameter.data[...] = rng.normal(size=parameter.shape)
    return model


def bits(model: GPT) -> dict[str, tuple[Any, bytes]]:
    return {name: (each.dtype, each.tobytes()) for name, each in model.state_dict().items()}


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


# What is written

CONFIG = {
    "architectures": ["GPT2LMHeadModel"],
    "model_type": "gpt2",
    "layer_norm_epsilon": 1e-05,
    "scale_attn_weights": True,
    "scale_attn_by_inverse_layer_idx": False,
    "reorder_and_upcast_attn": False,
    "add_cross_attention": False,
    "tie_word_embeddings": True,
    "vocab_size": 300,
    "n_positions": 8,
    "n_layer": 2,
    "n_head": 2,
    "n_embd": 8,
    "n_inner": None,
    "activation_function": "gelu_new",
    "resid_pdrop": 0.0,
    "embd_pdrop": 0.0,
    "attn_pdrop": 0.0,
    "dtype": "float32",
    "bias": True,
    "bos_token_id": None,
    "eos_token_id": None,
    "pad_token_id": None,
}


def test_config_describes_a_gpt2_of_our_sizes(tmp_path: Path) -> None:
    export_huggingface(tmp_path, model_of())
    assert read(tmp_path / "config.json") == CONFIG


def test_weights_of_linear_layers_are_transposed_and_the_others_as_they_are(tmp_path: Path) -> None:
    model = model_of()
    export_huggingface(tmp_path, model)
    theirs, metadata = load_safetensors(tmp_path / "model.safetensors")
    ours = model.state_dict()
    assert metadata == {"format": "pt"}
    assert theirs.keys() == ours.keys()  # and so without lm_head, which is tied
    transposed = {name for name in ours if not np.array_equal(theirs[name], ours[name])}
    layers = ("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj")
    assert transposed == {f"transformer.h.{i}.{layer}.weight" for i in (0, 1) for layer in layers}
    for name in transposed:
        np.testing.assert_array_equal(theirs[name].T, ours[name])


def test_missing_biases_become_zeros(tmp_path: Path) -> None:
    export_huggingface(tmp_path, model_of(replace(SIZES, bias=False)))
    theirs, _ = load_safetensors(tmp_path / "model.safetensors")
    biases = {name: each for name, each in theirs.items() if name.endswith(".bias")}
    assert len(biases) == 2 * 6 + 1
    assert not any(bias.any() for bias in biases.values())
    assert biases["transformer.h.1.mlp.c_fc.bias"].shape == (32,)


def test_activations_go_by_their_names(tmp_path: Path) -> None:
    found = []
    for activation in F.ACTIVATIONS:
        export_huggingface(tmp_path, model_of(replace(SIZES, activation=activation)))
        found.append(read(tmp_path / "config.json")["activation_function"])
    assert found == ["gelu_new", "gelu", "relu", "silu"]


def test_end_of_text_ends_texts_and_pads_them(tmp_path: Path) -> None:
    tokenizer = BPETokenizer.train(TEXT, 270, ["<|user|>", "<|endoftext|>"])
    export_huggingface(tmp_path, model_of(), tokenizer)
    ids = {"bos_token_id": 1, "eos_token_id": 1, "pad_token_id": 1}
    assert read(tmp_path / "generation_config.json") == ids
    assert ids.items() <= read(tmp_path / "config.json").items()
    assert read(tmp_path / "tokenizer_config.json") == {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": 8,
        "clean_up_tokenization_spaces": False,
        "bos_token": "<|endoftext|>",
        "eos_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>",
    }


def test_tokenizers_without_it_name_no_special_tokens(tmp_path: Path) -> None:
    export_huggingface(tmp_path, model_of(), ByteTokenizer())
    assert set(read(tmp_path / "generation_config.json").values()) == {None}
    assert "eos_token" not in read(tmp_path / "tokenizer_config.json")


def test_the_folder_is_made_and_its_files_are_replaced(tmp_path: Path) -> None:
    export_huggingface(tmp_path / "a" / "b", model_of(), ByteTokenizer())
    small = model_of(replace(SIZES, n_layer=1))
    export_huggingface(tmp_path / "a" / "b", small, ByteTokenizer())
    again, _ = import_huggingface(tmp_path / "a" / "b")
    assert bits(again) == bits(small)


def test_what_another_model_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    index = {"weight_map": {"wte.weight": "model-00001-of-00001.safetensors"}}
    left = {
        "model.safetensors.index.json": json.dumps(index),
        "model-00001-of-00001.safetensors": "",
        **dict.fromkeys(["tokenizer.json", "tokenizer_config.json", "vocab.json"], "{}"),
        **dict.fromkeys(["special_tokens_map.json", "added_tokens.json"], "{}"),
        "merges.txt": "a b",
    }
    others = {"README.md": "mine", "model-of-mine.safetensors": "", "vocab.txt": ""}
    for name, text in {**left, **others}.items():
        (tmp_path / name).write_text(text)
    export_huggingface(tmp_path, model_of())
    again, tokenizer = import_huggingface(tmp_path)
    assert (bits(again), tokenizer) == (bits(model_of()), None)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("model.safetensors", "config.json", "generation_config.json"),
        *others,
    }


def test_another_tokenizer_takes_the_place_of_gpt2s_two_files(tmp_path: Path) -> None:
    BPETokenizer.train(TEXT, 270).save_gpt2_files(tmp_path)
    export_huggingface(tmp_path, model_of(), ByteTokenizer())
    assert not {"vocab.json", "merges.txt"} & {path.name for path in tmp_path.iterdir()}
    assert isinstance(import_huggingface(tmp_path)[1], ByteTokenizer)


# The way back


@pytest.mark.parametrize("activation", F.ACTIVATIONS)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_models_come_back_bit_for_bit(
    activation: str, bias: bool, dtype: str, tmp_path: Path
) -> None:
    config = replace(SIZES, activation=activation, bias=bias, dtype=dtype, dropout=0.25)
    model = model_of(config)
    export_huggingface(tmp_path, model)
    again, tokenizer = import_huggingface(tmp_path)
    assert again.config == config
    assert bits(again) == bits(model)
    assert tokenizer is None


TOKENIZERS: list[Tokenizer] = [
    CharTokenizer.from_text(TEXT),
    ByteTokenizer(),
    BPETokenizer.train(TEXT, 270, ["<|endoftext|>"]),
]


@pytest.mark.parametrize("tokenizer", TOKENIZERS, ids=lambda each: type(each).__name__)
def test_tokenizers_come_back(tokenizer: Tokenizer, tmp_path: Path) -> None:
    export_huggingface(tmp_path, model_of(), tokenizer)
    _, again = import_huggingface(tmp_path)
    assert type(again) is type(tokenizer)
    assert again is not None
    assert again.encode(TEXT) == tokenizer.encode(TEXT)


@pytest.mark.parametrize("tokenizer", TOKENIZERS, ids=lambda each: type(each).__name__)
def test_tokenizers_come_back_from_transformers_which_adds_a_template(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    export_huggingface(tmp_path, model_of(), tokenizer)
    text = {"Sequence": {"id": "A", "type_id": 0}}
    pair = [text, {"Sequence": {"id": "B", "type_id": 1}}]
    template = {"single": [text], "pair": pair, "special_tokens": {}}
    path = tmp_path / "tokenizer.json"
    template["type"] = "TemplateProcessing"
    path.write_text(json.dumps({**read(path), "post_processor": template}))
    _, again = import_huggingface(tmp_path)
    assert again is not None
    assert again.encode(TEXT) == tokenizer.encode(TEXT)
    template["single"] = [{"SpecialToken": {"id": "<s>", "type_id": 0}}, text]
    path.write_text(json.dumps({**read(path), "post_processor": template}))
    with pytest.raises(EngineValueError, match="load_tokenizer: expected "):
        import_huggingface(tmp_path)


def test_gpt2s_two_files_are_a_tokenizer_too(tmp_path: Path) -> None:
    tokenizer = BPETokenizer.train("# ## ### to be or not to be", 280, ["<|endoftext|>"])
    assert tokenizer.merges[0] == (b"#", b"#")  # a line that looks like a comment
    export_huggingface(tmp_path, model_of())
    tokenizer.save_gpt2_files(tmp_path)
    _, again = import_huggingface(tmp_path)
    assert isinstance(again, BPETokenizer)
    assert again.merges == tokenizer.merges
    text = "## to be<|endoftext|>not"
    assert again.encode(text) == tokenizer.encode(text)


@dataclass
class Folder:
    """An exported model, to be changed."""

    path: Path

    def fields(self, **changed: Any) -> None:
        path = self.path / "config.json"
        path.write_text(json.dumps({**read(path), **changed}))

    def without(self, *names: str) -> None:
        path = self.path / "config.json"
        kept = {name: value for name, value in read(path).items() if name not in names}
        path.write_text(json.dumps(kept))

    def tensors(self, change: Callable[[str, Any], dict[str, Any]]) -> None:
        path = self.path / "model.safetensors"
        found = load_safetensors(path)[0]
        changed: dict[str, Any] = {}
        for name, tensor in found.items():
            changed |= change(name, tensor)
        save_safetensors(path, changed)

    def add(self, **tensors: Any) -> None:
        added = {name.replace("__", "."): each for name, each in tensors.items()}
        self.tensors(lambda name, tensor: {name: tensor, **added})

    def refusal(self) -> list[str]:
        """The problems that stand in the error, one by line."""
        with pytest.raises(EngineValueError) as caught:
            import_huggingface(self.path)
        first, *problems = str(caught.value).removesuffix(".").split("\n  ")
        name = f"import_huggingface({str(self.path)!r})"
        assert (
            first == f"{name}: expected a GPT-2 that this engine can compute; got something else:"
        )
        return problems


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    export_huggingface(tmp_path, model_of())
    return Folder(tmp_path)


def imported(folder: Folder) -> GPT:
    return import_huggingface(folder.path)[0]


def test_a_silent_config_means_gpt2s_defaults(folder: Folder) -> None:
    defaults = ["activation_function", "layer_norm_epsilon", "tie_word_embeddings", "n_inner"]
    folder.without(*defaults, "resid_pdrop", "embd_pdrop", "attn_pdrop", "bias", "dtype")
    again = imported(folder)
    assert again.config == replace(SIZES, dropout=0.1)
    assert bits(again) == bits(model_of())


def test_an_inner_width_of_four_times_the_width_may_be_said(folder: Folder) -> None:
    folder.fields(n_inner=32)
    assert bits(imported(folder)) == bits(model_of())


def test_names_without_prefix_masks_and_a_tied_head_are_understood(folder: Folder) -> None:
    def older(name: str, tensor: Any) -> dict[str, Any]:
        mask = {"h.0.attn.bias": np.ones((1, 1, 8, 8)), "h.1.attn.masked_bias": np.array(-1e4)}
        head = {"lm_head.weight": tensor} if name.endswith("wte.weight") else {}
        return {name.removeprefix("transformer."): tensor, **mask, **head}

    folder.tensors(older)
    again = imported(folder)
    assert again.config == SIZES  # float64 masks make no float64 model
    assert bits(again) == bits(model_of())


def test_half_precision_is_widened(folder: Folder) -> None:
    folder.tensors(lambda name, tensor: {name: tensor.astype(np.float16)})
    expected = model_of().state_dict()
    for name, array in imported(folder).state_dict().items():
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, expected[name].astype(np.float16))


def test_bfloat16_is_widened(folder: Folder) -> None:
    def upper_half(name: str, tensor: Any) -> dict[str, Any]:
        return {name: (tensor.view(np.uint32) >> 16).astype(np.uint16)}

    folder.tensors(upper_half)
    file = folder.path / "model.safetensors"
    data = file.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    header = data[8:end].replace(b'"U16"', b'"BF16"')
    file.write_bytes(len(header).to_bytes(8, "little") + header + data[end:])
    expected = model_of().state_dict()
    for name, array in imported(folder).state_dict().items():
        cut = (expected[name].view(np.uint32) >> 16 << 16).view(np.float32)
        np.testing.assert_array_equal(array, cut)


def test_weights_in_several_files_are_put_together(folder: Folder) -> None:
    found, _ = load_safetensors(folder.path / "model.safetensors")
    (folder.path / "model.safetensors").unlink()
    names = list(found)
    parts = {"model-1-of-2.safetensors": names[:9], "model-2-of-2.safetensors": names[9:]}
    for file, part in parts.items():
        save_safetensors(folder.path / file, {name: found[name] for name in part})
    places = {name: file for file, part in parts.items() for name in part}
    index = folder.path / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": places}))
    assert bits(imported(folder)) == bits(model_of())


def test_weights_in_one_file_are_read_before_those_an_index_names(folder: Folder) -> None:
    found, _ = load_safetensors(folder.path / "model.safetensors")
    other = {name: tensor + 1 for name, tensor in found.items()}
    save_safetensors(folder.path / "model-1-of-1.safetensors", other)
    index = {"weight_map": dict.fromkeys(found, "model-1-of-1.safetensors")}
    (folder.path / "model.safetensors.index.json").write_text(json.dumps(index))
    assert bits(imported(folder)) == bits(model_of())


def test_zeros_stay_zeros_but_trained_biases_stay_too(folder: Folder) -> None:
    folder.fields(bias=False)
    assert imported(folder).config.bias is True
    is_bias = re.compile(r"\.bias$").search
    folder.tensors(lambda name, tensor: {name: tensor * 0 if is_bias(name) else tensor})
    assert imported(folder).config.bias is False


# What is no GPT of ours


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("model_type", "gpt_neo", 'model_type to be "gpt2"; got "gpt_neo"'),
        ("layer_norm_epsilon", 1e-6, "layer_norm_epsilon to be 1e-05; got 1e-06"),
        ("scale_attn_weights", False, "scale_attn_weights to be true; got false"),
        (
            "scale_attn_by_inverse_layer_idx",
            True,
            "scale_attn_by_inverse_layer_idx to be false; got true",
        ),
        ("reorder_and_upcast_attn", True, "reorder_and_upcast_attn to be false; got true"),
        ("add_cross_attention", True, "add_cross_attention to be false; got true"),
        ("tie_word_embeddings", False, "tie_word_embeddings to be true; got false"),
        ("n_inner", 16, "n_inner to be null or 4 × n_embd = 32; got 16"),
        (
            "activation_function",
            "tanh",
            'activation_function to be one of gelu_new, gelu, relu, silu; got "tanh"',
        ),
        (
            "attn_pdrop",
            0.1,
            "one dropout for resid_pdrop, embd_pdrop, attn_pdrop; got 0.0, 0.0, 0.1. "
            "Make them equal; they matter in training only",
        ),
        ("n_layer", 3, "n_layer to be 2, the number of blocks in the weights; got 3"),
    ],
)
def test_a_field_that_makes_another_model_is_refused(
    field: str, value: Any, problem: str, folder: Folder
) -> None:
    folder.fields(**{field: value})
    assert folder.refusal() == [f"config.json: expected {problem}"]


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("n_head", 3, "expected n_embd to be a multiple of n_head = 3; got 8. Take 6 or 9"),
        ("n_positions", "8", "expected block_size to be an int; got '8'"),
        ("vocab_size", 0, "expected vocab_size of at least 1; got 0"),
        ("n_layer", None, "expected n_layer to be an int; got None"),
    ],
)
def test_sizes_that_no_model_has_are_refused(
    field: str, value: Any, problem: str, folder: Folder
) -> None:
    folder.fields(**{field: value})
    assert folder.refusal() == [f"GPTConfig: {problem}"]


@pytest.mark.parametrize("field", ["activation_function", "resid_pdrop", "n_embd", "bias"])
def test_fields_of_any_type_are_refused_or_understood(field: str, folder: Folder) -> None:
    folder.fields(**{field: ["?"]})
    if field == "bias":
        assert imported(folder).config.bias
    else:
        assert folder.refusal()


def test_tensors_that_do_not_fit_are_all_named(folder: Folder) -> None:
    def spoil(name: str, tensor: Any) -> dict[str, Any]:
        if name == "transformer.wpe.weight":
            return {}
        if name == "transformer.h.0.mlp.c_fc.weight":
            return {name: tensor.T}
        if name == "transformer.ln_f.weight":
            return {name: tensor.astype(np.int8)}
        return {name: tensor}

    folder.tensors(spoil)
    folder.add(score__weight=np.ones((2, 8)), lm_head__weight=np.ones((300, 8)))
    assert folder.refusal() == [
        "transformer.wpe.weight: expected a tensor of shape (8, 8); got none",
        "transformer.h.0.mlp.c_fc.weight: expected shape (8, 32) (in, out); got (32, 8)",
        "transformer.ln_f.weight: expected floats; got int8",
        "transformer.score.weight: expected no tensor of this name in a GPT-2; got shape (2, 8)",
        "lm_head.weight: expected the numbers of wte.weight, to which it is tied; got others",
    ]


def test_everything_wrong_with_a_folder_is_told_at_once(folder: Folder) -> None:
    folder.fields(n_inner=7, layer_norm_epsilon=0.1)
    folder.tensors(lambda name, tensor: {} if name.endswith("ln_f.bias") else {name: tensor})
    CharTokenizer("".join(map(chr, range(0x4E00, 0x4E00 + 301)))).save(
        folder.path / "tokenizer.json"
    )
    assert folder.refusal() == [
        "config.json: expected layer_norm_epsilon to be 1e-05; got 0.1",
        "config.json: expected n_inner to be null or 4 × n_embd = 32; got 7",
        "transformer.ln_f.bias: expected a tensor of shape (8,); got none",
        "tokenizer: expected a tokenizer of at most vocab_size = 300 tokens; got 301. "
        "Take the one that the model was trained with",
    ]


def test_long_lists_of_problems_are_cut(folder: Folder) -> None:
    folder.fields(n_embd=16)
    problems = folder.refusal()
    assert len(problems) == 21
    assert problems[-1] == "and 8 more"


SAVE = "transformers writes it: model.save_pretrained(folder)"


def test_missing_files_are_all_named(tmp_path: Path) -> None:
    assert Folder(tmp_path / "nowhere").refusal() == [
        f"config.json: expected a JSON object; got no such file. {SAVE}",
        f"model.safetensors: expected weights; got no such file. {SAVE}",
    ]


def test_missing_parts_of_the_weights_are_named(folder: Folder) -> None:
    (folder.path / "model.safetensors").unlink()
    index = folder.path / "model.safetensors.index.json"
    index.write_text('{"weight_map": {"a": "1.safetensors", "b": "2.safetensors"}}')
    problem = f"1.safetensors, 2.safetensors: expected weights; got no such file. {SAVE}"
    assert folder.refusal() == [problem]


@pytest.mark.parametrize(
    ("index", "problem"),
    [
        ({}, "weight_map, the file of each tensor; got None"),
        ({"weight_map": ["a"]}, "weight_map, the file of each tensor; got ['a']"),
        ({"weight_map": {}}, "weight_map, the file of each tensor; got {}"),
        ({"weight_map": {"a": 5}}, "'a' to be in a .safetensors file of this folder; got 5"),
        (
            {"weight_map": {"a": ["x"]}},
            "'a' to be in a .safetensors file of this folder; got ['x']",
        ),
        *(
            (
                {"weight_map": {"a": file}},
                f"'a' to be in a .safetensors file of this folder; got {file!r}",
            )
            for file in ("../x.safetensors", "/x.safetensors", "x\\y", "C:x", "..", "")
        ),
    ],
)
def test_an_index_that_names_no_files_of_the_folder_is_refused(
    index: Any, problem: str, tmp_path: Path
) -> None:
    save_safetensors(tmp_path / "x.safetensors", {})
    export_huggingface(tmp_path / "within", model_of())
    folder = Folder(tmp_path / "within")
    (folder.path / "model.safetensors").unlink()
    (folder.path / "model.safetensors.index.json").write_text(json.dumps(index))
    assert folder.refusal() == [f"model.safetensors.index.json: expected {problem}. {SAVE}"]


def test_weights_in_pytorchs_own_format_are_seen(folder: Folder) -> None:
    (folder.path / "model.safetensors").rename(folder.path / "pytorch_model.bin")
    assert folder.refusal() == [
        "model.safetensors: expected weights; got no such file, but pytorch_model.bin, which may "
        "hold programs. Load it with transformers, and save it again: model.save_pretrained(folder)"
    ]


@pytest.mark.parametrize(
    ("prefix", "wrapper"),
    [("module.", "DistributedDataParallel"), ("_orig_mod.", "torch.compile")],
)
def test_names_that_a_wrapper_made_are_refused_with_their_cause(
    prefix: str, wrapper: str, folder: Folder
) -> None:
    folder.tensors(lambda name, tensor: {prefix + name: tensor})
    (problem,) = folder.refusal()
    assert re.fullmatch(
        r"model.safetensors: expected the names that GPT-2's tensors have; "
        rf"got {prefix}transformer\.[\w.]+: {wrapper} put '{prefix}' before the names. "
        rf"Save the model within: model.{prefix}save_pretrained\(folder\)",
        problem,
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"[]", "got list"),
        (b"{", "got an error: Expecting property name enclosed in double quotes"),
        (b"\xff", "got an error: 'utf-8' codec can't decode byte 0xff"),
    ],
)
def test_a_config_that_is_no_json_object_is_refused(
    data: bytes, problem: str, folder: Folder
) -> None:
    (folder.path / "config.json").write_bytes(data)
    (found,) = folder.refusal()
    assert found.startswith(f"config.json: expected a JSON object; {problem}")


def test_damaged_weights_and_unknown_tokenizers_are_told_in_their_own_words(
    folder: Folder,
) -> None:
    (folder.path / "model.safetensors").write_bytes(b"cut")
    (folder.path / "tokenizer.json").write_text("{}")
    weights, tokenizer = folder.refusal()
    assert "a safetensors file, which begins with 8 bytes" in weights
    assert tokenizer.startswith("load_tokenizer: expected ")


def test_only_a_gpt_is_exported_and_only_with_a_tokenizer_it_knows(tmp_path: Path) -> None:
    with pytest.raises(EngineTypeError) as caught:
        export_huggingface(tmp_path, "model")  # type: ignore[arg-type]
    assert str(caught.value) == (
        "export_huggingface: expected a GPT; got str. Of a trainer, pass trainer.model."
    )
    small = model_of(replace(SIZES, vocab_size=255))
    with pytest.raises(EngineValueError) as refused:
        export_huggingface(tmp_path / "new", small, ByteTokenizer())
    assert str(refused.value) == (
        "export_huggingface: expected a tokenizer of at most vocab_size = 255 tokens; got 256. "
        "Take the one that the model was trained with."
    )
    assert not (tmp_path / "new").exists()
