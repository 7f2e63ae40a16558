"""GPT: its parameters, how it begins, what it may see, dropout, and what it refuses."""

import copy
import json
import math
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest
from refusing import raised

from pyengine import (
    GPT,
    EngineTypeError,
    EngineValueError,
    GPTConfig,
    ShapeError,
    Tensor,
    check_grads,
    cross_entropy,
    ops,
)
from pyengine import functional as F
from pyengine.train import mean_loss

SMALL = GPTConfig(vocab_size=7, block_size=5, n_layer=2, n_head=2, n_embd=4, dtype="float64")
IDS = np.array([[0, 3, 6, 3, 1], [2, 2, 5, 4, 0]])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def model_of(config: GPTConfig = SMALL, seed: int = 0) -> GPT:
    return GPT(config, rng(seed))


# Parameters

BLOCK = {  # nanoGPT's names, for C = 4
    "ln_1.weight": (4,),
    "ln_1.bias": (4,),
    "attn.c_attn.weight": (12, 4),
    "attn.c_attn.bias": (12,),
    "attn.c_proj.weight": (4, 4),
    "attn.c_proj.bias": (4,),
    "ln_2.weight": (4,),
    "ln_2.bias": (4,),
    "mlp.c_fc.weight": (16, 4),
    "mlp.c_fc.bias": (16,),
    "mlp.c_proj.weight": (4, 16),
    "mlp.c_proj.bias": (4,),
}
PARAMETERS = {
    "transformer.wte.weight": (7, 4),
    "transformer.wpe.weight": (5, 4),
    **{f"transformer.h.0.{name}": shape for name, shape in BLOCK.items()},
    **{f"transformer.h.1.{name}": shape for name, shape in BLOCK.items()},
    "transformer.ln_f.weight": (4,),
    "transformer.ln_f.bias": (4,),
}


@pytest.mark.parametrize("bias", [True, False])
def test_names_shapes_and_order_are_nanogpts(bias: bool) -> None:
    model = model_of(replace(SMALL, bias=bias))
    expected = {n: shape for n, shape in PARAMETERS.items() if bias or not n.endswith("bias")}
    found = {name: each.shape for name, each in model.named_parameters()}
    assert list(found.items()) == list(expected.items())
    assert model.parameter_count() == sum(math.prod(shape) for shape in expected.values())
    assert all(each.label == name for name, each in model.named_parameters())


def test_weights_begin_as_in_gpt_2() -> None:
    config = GPTConfig(vocab_size=300, block_size=128, n_layer=3, n_head=4, n_embd=128)
    for name, parameter in model_of(config).named_parameters():
        w = parameter.data
        if name.endswith("bias"):
            assert not w.any()
        elif ".ln_" in name:
            assert (w == 1).all()
        else:
            std = 0.02 / math.sqrt(2 * 3) if name.endswith("c_proj.weight") else 0.02
            assert w.std() == pytest.approx(std, rel=0.02), name
            assert abs(w.mean()) < 5 * std / math.sqrt(w.size), name


@pytest.mark.parametrize("vocab_size", [65, 1000])
def test_the_loss_begins_near_a_blind_guess(vocab_size: int) -> None:
    model = model_of(GPTConfig(vocab_size))
    ids = rng(1).integers(0, vocab_size, (8, 65))
    loss = mean_loss(model(ids[:, :-1]), ids[:, 1:]).item()
    assert loss == pytest.approx(math.log(vocab_size), abs=0.05)


def test_equal_generators_make_equal_models_and_others_do_not() -> None:
    first, same, other = model_of(seed=0), model_of(seed=0), model_of(seed=1)
    assert first(IDS).tolist() == same(IDS).tolist() != other(IDS).tolist()


def test_both_precisions_begin_equal_up_to_rounding() -> None:
    high, low = model_of(), model_of(replace(SMALL, dtype="float32"))
    for a, b in zip(high.parameters(), low.parameters(), strict=True):
        assert a.data.astype(np.float32).tolist() == b.tolist()
    assert (high(IDS).dtype, low(IDS).dtype) == (np.float64, np.float32)
    np.testing.assert_allclose(high(IDS).data, low(IDS).data, atol=1e-6)


def test_a_float32_model_computes_nothing_in_float64() -> None:
    model = model_of(replace(SMALL, dtype="float32", dropout=0.1))
    loss = mean_loss(model(IDS, rng()), IDS)
    assert {node.dtype for node in loss.walk()} == {np.dtype(np.float32)}
    loss.backward()
    assert {p.grad.dtype for p in model.parameters()} == {np.dtype(np.float32)}


# What it computes


def test_a_later_token_changes_no_earlier_logits() -> None:
    model, changed = model_of(), IDS.copy()
    changed[:, 3:] = (changed[:, 3:] + 1) % 7
    before, after = model(IDS).data, model(changed).data
    np.testing.assert_array_equal(before[:, :3], after[:, :3])
    assert (before[:, 3:] != after[:, 3:]).any(axis=-1).all()


def test_an_earlier_token_changes_all_later_logits() -> None:
    model, changed = model_of(), IDS.copy()
    changed[:, 0] = (changed[:, 0] + 1) % 7
    assert (model(IDS).data != model(changed).data).any(axis=-1).all()


def test_sequences_of_a_batch_do_not_see_each_other() -> None:
    model = model_of()
    alone = np.concatenate([model(IDS[:1]).data, model(IDS[1:]).data])
    np.testing.assert_allclose(model(IDS).data, alone, rtol=1e-12, atol=1e-15)


def test_a_shorter_context_gives_the_same_logits() -> None:
    model = model_of()
    np.testing.assert_allclose(model(IDS[:, :2]).data, model(IDS).data[:, :2], rtol=1e-12)


def test_equal_tokens_differ_by_their_place() -> None:
    first, second = model_of()([[3, 3]]).data[0]
    assert first.tolist() != second.tolist()


@pytest.mark.parametrize("ids", [IDS.tolist(), IDS.astype(np.uint8), IDS[:, ::-1][:, ::-1]])
def test_ids_may_be_lists_or_any_integers(ids: Any) -> None:
    assert model_of()(ids).tolist() == model_of()(IDS).tolist()


# Gradients


def home_of(model: GPT, name: str) -> Any:
    """The module that holds a parameter, and what it calls it."""
    path, _, last = name.rpartition(".")
    return dict(model.named_modules())[path], last


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_gradient_is_the_slope_that_is_measured(name: str) -> None:
    model, noise = model_of(), rng(1)
    for parameter in model.parameters():  # away from 0 and 1, where mistakes could hide
        parameter.data = parameter.data + noise.normal(0, 0.3, parameter.shape)
    home, last = home_of(model, name)

    def loss(parameter: Tensor) -> Tensor:
        setattr(home, last, parameter)
        return mean_loss(model(IDS), IDS[::-1])

    check_grads(loss, getattr(home, last), rng=rng())


def test_tied_weights_get_the_gradients_of_both_their_uses() -> None:
    model = model_of()
    tied = model.transformer.wte.weight
    mean_loss(model(IDS), IDS).backward()
    both, tied.grad = tied.grad, None
    last = Tensor(tied.data, requires_grad=True)
    mean_loss(F.linear(model.transformer(IDS), last), IDS).backward()
    assert tied.grad.any()
    np.testing.assert_allclose(both, tied.grad + last.grad, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("activation", F.ACTIVATIONS)
def test_the_activation_is_the_one_asked_for(activation: str) -> None:
    model = model_of(replace(SMALL, activation=activation))
    made_by = [type(node.op) for node in model(IDS).walk()]
    assert made_by.count(F.ACTIVATIONS[activation]) == SMALL.n_layer


# Dropout


def test_dropout_needs_a_generator_and_its_seed_decides() -> None:
    model = model_of(replace(SMALL, dropout=0.3))
    plain = model_of()(IDS).tolist()
    assert model(IDS).tolist() == plain
    assert model(IDS, rng(1)).tolist() == model(IDS, rng=rng(1)).tolist() != plain
    assert model(IDS, rng(2)).tolist() != model(IDS, rng(1)).tolist()


def test_without_dropout_a_generator_is_not_used() -> None:
    unused = rng()
    assert model_of()(IDS, unused).tolist() == model_of()(IDS).tolist()
    assert unused.random() == rng().random()


def test_dropout_is_where_nanogpt_has_it() -> None:
    nodes = model_of(replace(SMALL, dropout=0.3))(IDS, rng()).walk()
    dropped = [node.op for node in nodes if isinstance(node.op, ops.Dropout)]
    attentions = [node.op.heads for node in nodes if isinstance(node.op, ops.SelfAttention)]
    assert len(dropped) == 1 + 2 * SMALL.n_layer  # embeddings; in a block, after either half
    assert len(attentions) == SMALL.n_layer
    assert {each.p for each in dropped} == {0.3}
    assert all((op.keep == 0).any() for op in attentions if op.keep is not None)
    assert all(op.keep is not None for op in attentions)


# Keeping


def test_a_configuration_is_plain_data_and_back() -> None:
    config = replace(SMALL, dropout=0.1, activation="relu")
    assert GPTConfig(**config.as_dict()) == config


def test_a_configuration_does_not_change_under_its_model() -> None:
    with pytest.raises(FrozenInstanceError):
        SMALL.n_layer = 3  # type: ignore[misc]


def test_a_deep_copy_is_a_model_of_its_own() -> None:
    model = model_of()
    twin = copy.deepcopy(model)
    twin.transformer.wte.weight.data += 1
    assert model(IDS).tolist() == model_of()(IDS).tolist() != twin(IDS).tolist()


def test_weights_saved_from_one_model_make_another_equal() -> None:
    model, other = model_of(seed=0), model_of(seed=1)
    other.load_state_dict(model.state_dict())
    assert other(IDS).tolist() == model(IDS).tolist()


def test_nanogpts_second_name_of_the_tied_table_is_understood() -> None:
    model, other = model_of(seed=0), model_of(seed=1)
    theirs = model.state_dict()
    theirs["lm_head.weight"] = theirs["transformer.wte.weight"]
    other.load_state_dict(theirs)
    assert other(IDS).tolist() == model(IDS).tolist()
    assert "lm_head.weight" in theirs  # left as it was
    for wrong in (theirs["lm_head.weight"] + 1, np.zeros(3)):
        with pytest.raises(EngineValueError, match=r"lm_head\.weight: unexpected"):
            other.load_state_dict({**theirs, "lm_head.weight": wrong})


def test_sizes_may_be_numpys_and_become_plain() -> None:
    made = GPTConfig(
        vocab_size=np.int64(65),  # type: ignore[arg-type]
        n_embd=np.uint16(8),  # type: ignore[arg-type]
        dropout=np.float32(0.5),  # type: ignore[arg-type]
    )
    assert made == GPTConfig(vocab_size=65, n_embd=8, dropout=0.5)
    assert json.loads(json.dumps(made.as_dict())) == made.as_dict()


def test_logits_go_into_the_loss_of_plain_numbers_too() -> None:
    logits = model_of()(IDS)
    plain = cross_entropy(logits.data.reshape(-1, 7), IDS.reshape(-1))
    assert plain == mean_loss(logits, IDS).item()


# Refusals


def config(**wrong: Any) -> Callable[[], GPTConfig]:
    return lambda: replace(SMALL, **wrong)


REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "half a layer": (
        config(n_layer=0.5),
        EngineTypeError,
        "GPTConfig: expected n_layer to be an int; got 0.5.",
    ),
    "a truth for a size": (
        config(block_size=True),
        EngineTypeError,
        "GPTConfig: expected block_size to be an int; got True.",
    ),
    "no vocabulary": (
        config(vocab_size=0),
        EngineValueError,
        "GPTConfig: expected vocab_size of at least 1; got 0.",
    ),
    "a width that heads cannot share": (
        config(n_embd=130, n_head=4),
        EngineValueError,
        "GPTConfig: expected n_embd to be a multiple of n_head = 4; got 130. Take 128 or 132.",
    ),
    "more heads than width": (
        config(n_embd=3, n_head=4),
        EngineValueError,
        "GPTConfig: expected n_embd to be a multiple of n_head = 4; got 3. Take 4.",
    ),
    "dropping everything": (
        config(dropout=1.0),
        EngineValueError,
        "GPTConfig: expected dropout from 0 to below 1; got 1.0.",
    ),
    "a share in words": (
        config(dropout="0.1"),
        EngineTypeError,
        "GPTConfig: expected dropout to be a number; got '0.1'.",
    ),
    "no share": (
        config(dropout=None),
        EngineTypeError,
        "GPTConfig: expected dropout to be a number; got None.",
    ),
    "a truth in words": (
        config(bias="False"),
        EngineTypeError,
        "GPTConfig: expected bias to be True or False; got 'False'.",
    ),
    "a list of activations": (
        config(activation=["gelu"]),
        EngineValueError,
        "GPTConfig: expected activation to be one of gelu_tanh, gelu, relu, silu; got ['gelu'].",
    ),
    "a precision of NumPy's": (
        config(dtype=np.dtype("float32")),
        EngineValueError,
        "GPTConfig: expected dtype to be one of float32, float64; got dtype('float32').",
    ),
    "a seed for a generator": (
        lambda: GPT(SMALL, 0),  # type: ignore[arg-type]
        EngineTypeError,
        "GPT: expected a numpy.random.Generator; got int. "
        "Pass rng=numpy.random.default_rng(seed); nothing here draws from a global seed.",
    ),
    "an unknown activation": (
        config(activation="tanh"),
        EngineValueError,
        "GPTConfig: expected activation to be one of gelu_tanh, gelu, relu, silu; got 'tanh'.",
    ),
    "half precision": (
        config(dtype="float16"),
        EngineValueError,
        "GPTConfig: expected dtype to be one of float32, float64; got 'float16'.",
    ),
    "a single sequence without brackets": (
        lambda: model_of()([1, 2, 3]),
        ShapeError,
        "GPT: expected token ids of shape (B, T) with T from 1 to block_size = 5; "
        "got shape (3,). Put a single sequence in brackets: [ids].",
    ),
    "a context too long": (
        lambda: model_of()([[0] * 6]),
        ShapeError,
        "GPT: expected token ids of shape (B, T) with T from 1 to block_size = 5; got T = 6. "
        "Keep the last block_size tokens.",
    ),
    "no context": (
        lambda: model_of()(np.zeros((1, 0), int)),
        ShapeError,
        "GPT: expected token ids of shape (B, T) with T from 1 to block_size = 5; got T = 0. "
        "Begin with one token.",
    ),
    "sequences of several lengths": (
        lambda: model_of()([[1, 2], [3]]),
        ShapeError,
        "GPT: expected rows of equal length; got rows of several lengths. "
        "Give every row the same length.",
    ),
    "ids that are no integers": (
        lambda: model_of()([[1.0, 2.0]]),
        EngineTypeError,
        "embedding: expected ids that are integers; got float64. "
        "Encode text with a tokenizer first.",
    ),
    "an id beyond the vocabulary": (
        lambda: model_of()([[0, 7]]),
        EngineValueError,
        "embedding: expected ids from 0 to V − 1 = 6; got 7 at [0, 1]. "
        "Is the text encoded by the tokenizer the model was built for?",
    ),
    "a tensor of ids": (
        lambda: model_of()(Tensor([[0, 1]])),
        EngineTypeError,
        "NumPy: expected an array; got a Tensor. Write tensor.data for its numbers.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_an_explanation(name: str) -> None:
    call, error, message = REFUSED[name]
    assert raised(error, call) == message
