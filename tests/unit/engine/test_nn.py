"""Layers: where parameters are found, how they begin, how they are saved and loaded."""

import math
from typing import Any

import numpy as np
import pytest
from refusing import raised

from pyengine import EngineTypeError, EngineValueError, Tensor
from pyengine.nn import Embedding, LayerNorm, Linear, Module, dropout


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class Everything(Module):
    """A module of all that a module may hold."""

    def __init__(self) -> None:
        self.scale = Tensor([1.0], requires_grad=True)
        self.first = Linear(2, 2, rng(), bias=False)
        self.table = Tensor([2.0])  # a constant
        self.powers = [Tensor([1.0], requires_grad=True), Tensor([2.0], requires_grad=True)]
        self.layers = [LayerNorm(2), Linear(2, 2, rng())]
        self.again = self.first
        self.alias = self.scale
        self.size = 2
        self.last: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        self.last = self.first(x) * self.scale  # kept to be looked at
        return self.last


NAMES = [
    "scale",
    "powers.0",
    "powers.1",
    "first.weight",
    "layers.0.weight",
    "layers.0.bias",
    "layers.1.weight",
    "layers.1.bias",
]


def test_parameters_are_found_once_each_wherever_they_are() -> None:
    model = Everything()
    assert [name for name, _ in model.named_parameters()] == NAMES
    assert [id(p) for p in model.parameters()] == [id(p) for _, p in model.named_parameters()]
    assert model.parameter_count() == 1 + 1 + 1 + 4 + 2 + 2 + 4 + 2
    assert list(model.state_dict()) == NAMES


def test_a_result_that_is_kept_is_no_parameter() -> None:
    model = Everything()
    out = model(Tensor([[1.0, 2.0]]))
    assert [name for name, _ in model.named_parameters()] == NAMES
    out.sum().backward()
    assert [name for name, _ in model.named_parameters()] == NAMES


def test_modules_are_named_by_their_place() -> None:
    names = [name for name, _ in Everything().named_modules()]
    assert names == ["", "first", "layers.0", "layers.1", "again"]


def test_a_module_without_a_forward_says_so() -> None:
    class Lazy(Module):
        pass

    with pytest.raises(NotImplementedError, match="Lazy has no forward"):
        Lazy()(1)


def test_saved_arrays_are_the_models_own_and_loaded_ones_are_copied() -> None:
    model, other = Linear(3, 2, rng(0)), Linear(3, 2, rng(1))
    saved = model.state_dict()
    assert saved["weight"] is model.weight.data
    other.load_state_dict(saved)
    assert other.weight.data.tolist() == model.weight.data.tolist()
    assert not np.shares_memory(other.weight.data, model.weight.data)


def test_loading_leaves_what_was_saved_before_as_it_was() -> None:
    model = Linear(3, 2, rng(0))
    before = model.state_dict()
    numbers = before["weight"].tolist()
    model.load_state_dict(Linear(3, 2, rng(1)).state_dict())
    assert before["weight"].tolist() == numbers != model.weight.tolist()


def test_all_that_does_not_fit_is_named_and_nothing_is_loaded() -> None:
    model = Linear(3, 2, rng())
    before = model.weight.tolist()
    with pytest.raises(EngineValueError) as caught:
        model.load_state_dict({"weight": np.zeros((3, 2), np.float32), "b": np.zeros(2)})
    assert str(caught.value) == (
        "load_into: expected one array for each parameter, of its shape and dtype; "
        "got 3 that do not fit, so nothing was loaded:\n"
        "  weight: expected shape (2, 3), got (3, 2)\n"
        "  bias: missing\n"
        "  b: unexpected, there is no such parameter."
    )
    assert model.weight.tolist() == before


# How layers begin


def test_a_linear_layer_begins_as_in_pytorch() -> None:
    layer = Linear(100, 300, rng())
    edge = 1 / math.sqrt(100)
    for parameter in (layer.weight.data, layer.bias.data):
        assert np.abs(parameter).max() <= edge
        assert parameter.std() == pytest.approx(edge / math.sqrt(3), rel=0.05)  # a uniform draw's
    assert layer.weight.shape == (300, 100)
    assert layer.bias.shape == (300,)


def test_or_normal_with_the_std_asked_for_and_a_bias_of_0() -> None:
    layer = Linear(100, 300, rng(), std=0.02)
    assert layer.weight.data.std() == pytest.approx(0.02, rel=0.02)
    assert abs(layer.weight.data.mean()) < 0.0005
    assert not layer.bias.data.any()
    assert Linear(2, 2, rng(), bias=False).bias is None


def test_an_embedding_begins_normal_and_a_layer_norm_changes_nothing_yet() -> None:
    for options, std in (({}, 1.0), ({"std": 0.5}, 0.5)):
        table = Embedding(200, 50, rng(), **options)
        assert table.weight.data.std() == pytest.approx(std, rel=0.02)
    norm = LayerNorm(3)
    assert (norm.weight.tolist(), norm.bias.tolist()) == ([1, 1, 1], [0, 0, 0])
    assert LayerNorm(3, bias=False).bias is None


@pytest.mark.parametrize(("n_in", "n_out"), [(0, 2), (3, 0), (-1, 2), (2.5, 2)])
def test_a_linear_layer_without_a_width_is_refused(n_in: Any, n_out: Any) -> None:
    name, wrong = ("n_out", n_out) if n_in == 3 else ("n_in", n_in)
    assert raised(EngineValueError, lambda: Linear(n_in, n_out, rng())) == (
        f"Linear: expected {name} to be an int of at least 1; got {wrong}."
    )


@pytest.mark.parametrize("make", [Linear, Embedding])
def test_layers_draw_from_a_generator_only(make: Any) -> None:
    assert raised(EngineTypeError, lambda: make(3, 2, 1337)) == (
        f"{make.__name__}: expected a numpy.random.Generator; got int. "
        "Pass rng=numpy.random.default_rng(seed); nothing here draws from a global seed."
    )


@pytest.mark.parametrize("make", [Linear, Embedding])
def test_equal_generators_make_equal_layers_in_either_precision(make: Any) -> None:
    low, high = make(5, 4, rng(3), dtype=np.float32), make(5, 4, rng(3), dtype=np.float64)
    assert (low.weight.dtype, high.weight.dtype) == (np.float32, np.float64)
    assert low.weight.tolist() == high.weight.data.astype(np.float32).tolist()
    assert low.weight.tolist() != make(5, 4, rng(4)).weight.tolist()


# What layers compute


def test_layers_compute_what_their_formulas_say() -> None:
    x = rng().normal(size=(2, 3, 4))
    layer = Linear(4, 5, rng(), dtype=np.float64)
    expected = x @ layer.weight.data.T + layer.bias.data
    np.testing.assert_allclose(layer(Tensor(x)).data, expected, rtol=1e-12)
    plain = Linear(4, 5, rng(), bias=False, dtype=np.float64)
    np.testing.assert_allclose(plain(Tensor(x)).data, x @ plain.weight.data.T, rtol=1e-12)
    table = Embedding(7, 3, rng())
    assert table([[6, 0]]).tolist() == [table.weight.data[[6, 0]].tolist()]
    norm = LayerNorm(4, eps=0.5, dtype=np.float64)
    centred = x - x.mean(-1, keepdims=True)
    expected = centred / np.sqrt(x.var(-1, keepdims=True) + 0.5)
    np.testing.assert_allclose(norm(Tensor(x)).data, expected, rtol=1e-12)


def test_dropout_happens_only_with_a_generator_and_a_share() -> None:
    x = Tensor(np.ones(100))
    assert dropout(x, 0.5, None) is x
    assert dropout(x, 0.0, rng()) is x
    assert set(dropout(x, 0.5, rng()).tolist()) == {0.0, 2.0}
