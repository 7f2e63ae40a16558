"""Optimizers against `torch.optim`: 50 steps with every combination of options; clipping too."""

from typing import Any

import numpy as np
import pytest
import torch
from parity import cases, freeze

from pyengine import EngineValueError, Value, optim
from pyengine.gradients import clip_grad_norm, grad_norm
from pyengine.optim import SGD, Optimizer

STEPS = 50
ALL = [*(("SGD", options) for options in cases.sgd_options()), *cases.optimizer_cases()]
every_optimizer = pytest.mark.parametrize(("name", "options"), ALL, ids=str)


class Weights:
    """A parameter that is an array."""

    def __init__(self, data: Any, grad: Any = None) -> None:
        self.data = data
        self.grad = grad


def ours(name: str, parameters: list[Any], options: dict[str, Any]) -> Optimizer:
    made: Optimizer = getattr(optim, name)(parameters, lr=0.1, **options)
    return made


@every_optimizer
def test_fifty_steps_on_an_array(name: str, options: dict[str, Any]) -> None:
    w = Weights(cases.sgd_start())
    optimizer = ours(name, [w], options)
    for step, theirs in enumerate(freeze.optimizer_path(name, options, STEPS)):
        w.grad = cases.sgd_gradient(w.data, step)
        optimizer.step()
        np.testing.assert_allclose(w.data, theirs, rtol=1e-10, atol=1e-12)


@every_optimizer
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-5)])
def test_fifty_steps_with_a_changing_rate_and_gradients_that_come_and_go(
    name: str, options: dict[str, Any], dtype: Any, tolerance: float
) -> None:
    start = [cases.arrays(3, 4, seed=1)[0].astype(dtype), cases.arrays(5, seed=2)[0].astype(dtype)]
    weights = [Weights(data.copy()) for data in start]
    tensors = [torch.tensor(data, requires_grad=True) for data in start]
    optimizer = ours(name, weights, options)
    their_optimizer = freeze.torch_optimizer(name)(tensors, lr=0.1, **options)
    rng = np.random.default_rng(3)
    for step in range(STEPS):
        optimizer.lr = their_optimizer.param_groups[0]["lr"] = 0.05 / (1 + step)
        for w, tensor in zip(weights, tensors, strict=True):
            w.grad, tensor.grad = None, None
            if rng.random() < 0.8:
                w.grad = rng.normal(size=w.data.shape).astype(dtype)
                tensor.grad = torch.tensor(w.grad)
        optimizer.step()
        their_optimizer.step()
        for w, tensor in zip(weights, tensors, strict=True):
            assert w.data.dtype == dtype
            close = {"rtol": tolerance, "atol": tolerance}
            np.testing.assert_allclose(w.data, tensor.detach().numpy(), **close)


@every_optimizer
def test_fifty_steps_on_values_with_a_changing_rate(name: str, options: dict[str, Any]) -> None:
    def loss_of(a: Any, b: Any) -> Any:
        return (a * b - 1) ** 2 + (a - 0.5).tanh() * 0.3

    values, tensors = [Value(1.5), Value(-0.4)], [freeze.tensor(1.5), freeze.tensor(-0.4)]
    optimizer = ours(name, values, options)
    their_optimizer = freeze.torch_optimizer(name)(tensors, lr=0.1, **options)
    for step in range(STEPS):
        optimizer.lr = their_optimizer.param_groups[0]["lr"] = 0.1 / (1 + step)
        for each, parameters in ((optimizer, values), (their_optimizer, tensors)):
            loss = loss_of(*parameters)
            each.zero_grad()
            loss.backward()
            each.step()
        assert [v.data for v in values] == pytest.approx([t.item() for t in tensors], rel=1e-10)


@every_optimizer
def test_what_is_remembered_has_pytorchs_names_and_numbers(
    name: str, options: dict[str, Any]
) -> None:
    w, tensor = Weights(cases.sgd_start()), freeze.tensor(cases.sgd_start())
    optimizer = ours(name, [w], options)
    their_optimizer = freeze.torch_optimizer(name)([tensor], lr=0.1, **options)
    for seed in range(3):
        w.grad = cases.arrays(2, 3, seed=seed)[0]
        tensor.grad = torch.tensor(w.grad)
        optimizer.step()
        their_optimizer.step()
    theirs = {"0.step": 3}  # which torch.optim.SGD does not count
    for key, entry in their_optimizer.state_dict()["state"].get(0, {}).items():
        if entry is not None:
            theirs[f"0.{key}"] = entry.numpy()
    state = optimizer.state()
    assert state.keys() == theirs.keys()
    for key, entry in theirs.items():
        np.testing.assert_allclose(state[key], entry, rtol=1e-10)


def test_a_parameter_without_a_gradient_is_skipped_by_both() -> None:
    w, tensor = Weights(np.array([1.0])), freeze.tensor([1.0])
    SGD([w], lr=0.1, momentum=0.9, weight_decay=0.1).step()
    torch.optim.SGD([tensor], lr=0.1, momentum=0.9, weight_decay=0.1).step()
    assert w.data.tolist() == tensor.tolist() == [1.0]


@pytest.mark.parametrize("name", ["SGD", "RMSProp", "Adam", "AdamW"])
def test_defaults_are_pytorchs(name: str) -> None:
    mine = vars(getattr(optim, name)([Value(1.0)]))
    theirs = freeze.torch_optimizer(name)([freeze.tensor(1.0)]).defaults
    known = {key: theirs[key] for key in mine if key in theirs}
    assert len(known) >= 3
    assert {key: mine[key] for key in known} == known
    assert mine["_lr"] == theirs["lr"]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("SGD", {"lr": -1}),
        ("SGD", {"momentum": -1}),
        ("SGD", {"weight_decay": -1}),
        ("SGD", {"nesterov": True}),
        ("RMSProp", {"alpha": -1}),
        ("RMSProp", {"momentum": -1}),
        ("Adam", {"betas": (1.0, 0.9)}),
        ("Adam", {"betas": (0.9, -0.1)}),
        ("AdamW", {"eps": -1}),
        ("AdamW", {"weight_decay": -1}),
    ],
    ids=str,
)
def test_both_refuse_the_same_options(name: str, options: dict[str, Any]) -> None:
    with pytest.raises(EngineValueError):
        getattr(optim, name)([Value(1.0)], **options)
    with pytest.raises(ValueError, match=r"Invalid|Nesterov"):
        freeze.torch_optimizer(name)([freeze.tensor(1.0)], **options)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 1e-5)])
@pytest.mark.parametrize("max_norm", [0.5, 5.0, 50.0])
def test_clipping_finds_and_leaves_the_same(max_norm: float, dtype: Any, tolerance: float) -> None:
    grads = [cases.arrays(*shape, seed=5)[0].astype(dtype) for shape in ((3, 4), (5,), ())]
    weights = [Weights(np.zeros_like(grad), grad.copy()) for grad in grads] + [Weights(np.ones(2))]
    tensors = [torch.zeros(grad.shape, dtype=torch.tensor(grad).dtype) for grad in grads]
    for tensor, grad in zip(tensors, grads, strict=True):
        tensor.grad = torch.tensor(grad)
    norm = torch.nn.utils.clip_grad_norm_(tensors, max_norm).item()
    assert grad_norm(weights) == pytest.approx(norm, rel=tolerance)
    assert clip_grad_norm(weights, max_norm) == pytest.approx(norm, rel=tolerance)
    for w, tensor in zip(weights, tensors, strict=False):
        np.testing.assert_allclose(w.grad, tensor.grad, rtol=tolerance)
    assert weights[-1].grad is None
