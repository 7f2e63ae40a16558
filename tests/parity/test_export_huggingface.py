"""Exported models in `transformers`: the same logits and the same text, there and back."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from parity import torch_gpt

from pyengine import GPT, GPTConfig, TrainConfig, Trainer, generate
from pyengine import functional as F
from pyengine.export import export_huggingface, import_huggingface
from pyengine.schedule import Constant
from pyengine.tokenizer import BPETokenizer, ByteTokenizer, CharTokenizer, Tokenizer

LINE = "the quick brown fox jumps over the lazy dog.<|endoftext|>"
TEXT = LINE * 40
TOKENIZERS: dict[str, Tokenizer] = {
    "characters": CharTokenizer.from_text(TEXT),
    "bytes": ByteTokenizer(),
    "byte pairs": BPETokenizer.train(TEXT, 290, ["<|endoftext|>"]),
}


@pytest.fixture(autouse=True)
def no_warnings(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """`transformers` logs what it dislikes: nothing here."""
    logger = logging.getLogger("transformers")
    level = logger.level
    logger.setLevel(logging.WARNING)
    logger.addHandler(caplog.handler)
    yield
    logger.removeHandler(caplog.handler)
    logger.setLevel(level)
    said = [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    assert said == []


def random_model(config: GPTConfig) -> GPT:
    """A model whose biases and norms, too, are random."""
    model, rng = GPT(config, np.random.default_rng(0)), np.random.default_rng(1)
    for parameter in model.parameters():
        parameter.data[...] = rng.normal(0, 0.3, parameter.shape)
    return model


@cache
def trained_model(tokenizer: Tokenizer) -> GPT:
    sizes = GPTConfig(tokenizer.vocab_size, block_size=32, n_layer=1, n_head=2, n_embd=32)
    config = TrainConfig(steps=100, batch_size=4, schedule=Constant(1e-2), validate_every=0)
    trainer = Trainer(GPT(sizes, np.random.default_rng(0)), tokenizer.encode(TEXT), config)
    losses = [report.loss for report in trainer.run()]
    assert losses[-1] < losses[0] / 2  # it has learnt, so its text is no noise
    return trainer.model


def logits(theirs: Any, ids: Any) -> Any:
    with torch.no_grad():
        return theirs(torch.tensor(ids)).logits.numpy()


@pytest.mark.parametrize("name", TOKENIZERS)
def test_a_trained_model_writes_the_same_text_there(name: str, tmp_path: Path) -> None:
    tokenizer = TOKENIZERS[name]
    model = trained_model(tokenizer)
    export_huggingface(tmp_path, model, tokenizer)
    theirs = transformers.GPT2LMHeadModel.from_pretrained(tmp_path)
    their_tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path)

    prompt = "the quick"
    ids = tokenizer.encode(prompt)
    given = their_tokenizer(prompt, return_tensors="pt")
    assert given["input_ids"].tolist() == [ids]
    assert their_tokenizer.decode(ids) == prompt
    np.testing.assert_allclose(logits(theirs, [ids]), model([ids]).data, atol=1e-4)

    count = 32 - len(ids)
    end = theirs.config.eos_token_id
    written = list(generate(model, ids, count, temperature=0, stop=end))
    found = theirs.generate(**given, max_new_tokens=count, do_sample=False)[0, len(ids) :].tolist()
    assert [i for i in found if i != end] == written
    assert len(written) > 5
    assert their_tokenizer.decode(written) == tokenizer.decode(written)
    assert tokenizer.decode(written).startswith(" brown fox")


def test_texts_end_where_end_of_text_ends_them(tmp_path: Path) -> None:
    tokenizer = TOKENIZERS["byte pairs"]
    assert isinstance(tokenizer, BPETokenizer)
    export_huggingface(tmp_path, trained_model(tokenizer), tokenizer)
    theirs = transformers.GPT2LMHeadModel.from_pretrained(tmp_path)
    their_tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path)
    both = their_tokenizer(["the quick", "lazy dog."], padding=True, padding_side="left")
    (end,) = tokenizer.encode("<|endoftext|>")
    assert theirs.generation_config.eos_token_id == end
    assert both["attention_mask"][1].count(0) == both["input_ids"][1].count(end)
    given = their_tokenizer("lazy dog.", return_tensors="pt")
    assert theirs.generate(**given, max_new_tokens=9, do_sample=False)[0, -1] == end


@pytest.mark.parametrize("activation", F.ACTIVATIONS)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-4), ("float64", 1e-10)])
def test_every_kind_of_model_gives_the_same_logits(
    activation: str, bias: bool, dtype: str, tolerance: float, tmp_path: Path
) -> None:
    config = GPTConfig(17, 8, n_layer=2, n_head=2, n_embd=16, bias=bias, activation=activation)
    model = random_model(replace(config, dtype=dtype))
    export_huggingface(tmp_path, model)
    theirs = transformers.GPT2LMHeadModel.from_pretrained(tmp_path)
    ids = np.random.default_rng(0).integers(0, 17, (3, 8))
    found = logits(theirs, ids)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, model(ids).data, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("activation", ["gelu_new", "gelu", "relu", "silu"])
def test_a_model_of_theirs_gives_the_same_logits_here(activation: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = transformers.GPT2Config(
        vocab_size=23,
        n_positions=12,
        n_embd=24,
        n_layer=3,
        n_head=4,
        activation_function=activation,
        bos_token_id=None,
        eos_token_id=None,
        initializer_range=0.3,
    )
    theirs = transformers.GPT2LMHeadModel(config).eval()
    theirs.save_pretrained(tmp_path)
    ours, tokenizer = import_huggingface(tmp_path)
    assert tokenizer is None
    assert ours.config.dropout == 0.1
    ids = np.random.default_rng(0).integers(0, 23, (2, 12))
    np.testing.assert_allclose(ours(ids).data, logits(theirs, ids), rtol=1e-4, atol=1e-4)


SMALL = {"vocab_size": 50, "n_positions": 8, "n_embd": 16, "n_head": 2}
SMALL |= {"bos_token_id": None, "eos_token_id": None}


def test_the_body_alone_and_weights_in_several_files_come_here_too(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = transformers.GPT2Config(**SMALL, n_layer=2)
    body = transformers.GPT2Model(config).eval()
    body.save_pretrained(tmp_path, max_shard_size="10KB")
    assert len(list(tmp_path.glob("*.safetensors"))) > 1
    ours, _ = import_huggingface(tmp_path)
    ids = [[1, 2, 3, 4]]
    with torch.no_grad():
        expected = body(torch.tensor(ids)).last_hidden_state @ body.wte.weight.T
    np.testing.assert_allclose(ours(ids).data, expected, rtol=1e-4, atol=1e-4)


def test_a_model_exported_over_a_larger_one_is_read_here_and_there(tmp_path: Path) -> None:
    torch.manual_seed(0)
    old = transformers.GPT2LMHeadModel(transformers.GPT2Config(**SMALL, n_layer=2))
    old.save_pretrained(tmp_path, max_shard_size="10KB")
    model = random_model(GPTConfig(50, block_size=8, n_layer=2, n_head=2, n_embd=16))
    export_huggingface(tmp_path, model)
    again, _ = import_huggingface(tmp_path)
    theirs = transformers.GPT2LMHeadModel.from_pretrained(tmp_path)
    expected = model([[1, 2, 3]]).data
    np.testing.assert_array_equal(again([[1, 2, 3]]).data, expected)
    np.testing.assert_allclose(logits(theirs, [[1, 2, 3]]), expected, atol=1e-4)


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16])
def test_16_bit_weights_are_widened(kind: torch.dtype, tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = transformers.GPT2Config(**SMALL, n_layer=1)
    theirs = transformers.GPT2LMHeadModel(config).to(kind)
    theirs.save_pretrained(tmp_path)
    ours, _ = import_huggingface(tmp_path)
    for name, parameter in theirs.named_parameters():
        expected = torch_gpt.as_ours(name, parameter.detach().float())
        np.testing.assert_array_equal(ours.state_dict()[name], expected)


@pytest.mark.parametrize("name", TOKENIZERS)
def test_what_they_save_again_comes_back_bit_for_bit(name: str, tmp_path: Path) -> None:
    tokenizer = TOKENIZERS[name]
    config = GPTConfig(300, block_size=8, n_layer=2, n_head=2, n_embd=16, bias=False)
    model = random_model(config)
    export_huggingface(tmp_path / "ours", model, tokenizer)
    theirs = transformers.GPT2LMHeadModel.from_pretrained(tmp_path / "ours")
    theirs.save_pretrained(tmp_path / "theirs")
    transformers.AutoTokenizer.from_pretrained(tmp_path / "ours").save_pretrained(
        tmp_path / "theirs"
    )
    again, their_tokenizer = import_huggingface(tmp_path / "theirs")
    assert again.config == config
    for parameter, expected in zip(again.parameters(), model.parameters(), strict=True):
        np.testing.assert_array_equal(parameter.data, expected.data)
    assert type(their_tokenizer) is type(tokenizer)
    assert their_tokenizer is not None
    assert their_tokenizer.encode(LINE) == tokenizer.encode(LINE)


def test_a_tokenizer_of_gpt2s_two_files_gives_their_ids(tmp_path: Path) -> None:
    tokenizer = TOKENIZERS["byte pairs"]
    assert isinstance(tokenizer, BPETokenizer)
    export_huggingface(tmp_path, random_model(GPTConfig(300, 8, 1, 2, 16)))
    tokenizer.save_gpt2_files(tmp_path)
    _, ours = import_huggingface(tmp_path)
    assert ours is not None
    theirs = transformers.GPT2Tokenizer.from_pretrained(tmp_path)
    assert ours.encode(LINE) == theirs(LINE)["input_ids"] == tokenizer.encode(LINE)
