"""`Value` against PyTorch's autograd: written expressions, and random graphs."""

import random
from typing import Any

import pytest
import torch
from parity import cases, freeze

from pyengine import Value


def agree(values: list[Value], tensors: list[torch.Tensor], ours: Value, theirs: Any) -> None:
    ours.backward()
    theirs.backward()
    assert ours.data == pytest.approx(theirs.item(), rel=1e-10, abs=1e-12)
    grads = [0.0 if tensor.grad is None else tensor.grad.item() for tensor in tensors]
    assert [value.grad for value in values] == pytest.approx(grads, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("name", cases.SCALAR)
def test_expressions(name: str) -> None:
    expression, at = cases.SCALAR[name]
    values, tensors = [Value(x) for x in at], [freeze.tensor(x) for x in at]
    agree(values, tensors, expression(*values), expression(*tensors))


STEPS = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / (b * b + 1),
    lambda a, b: a.tanh(),
    lambda a, b: (a.tanh() * 2).exp(),
    lambda a, b: (a * a + 0.1).log(),
    lambda a, b: a.sigmoid() - b,
    lambda a, b: a.relu() + b,
    lambda a, b: a.tanh() ** 3,
    lambda a, b: 2 - a,
    lambda a, b: 0.5 * a,
]


def random_graph(leaves: list[Any], seed: int) -> Any:
    """Grow 30 values, each from two that are there already; the result depends on all of them."""
    choose = random.Random(seed)
    values = list(leaves)
    for _ in range(30):
        grown = choose.choice(STEPS)(choose.choice(values), choose.choice(values))
        values.append((grown * 0.1).tanh())
    return sum(values[1:], values[0])


@pytest.mark.parametrize("seed", range(100))
def test_random_graphs(seed: int) -> None:
    at = [random.Random(seed).uniform(-2, 2) for _ in range(3)]
    values, tensors = [Value(x) for x in at], [freeze.tensor(x) for x in at]
    agree(values, tensors, random_graph(values, seed), random_graph(tensors, seed))


def test_two_backward_calls_accumulate_alike() -> None:
    value, tensor = Value(0.7), freeze.tensor(0.7)
    ours, theirs = (value * value).tanh() * value, (tensor * tensor).tanh() * tensor
    for _ in range(2):
        ours.backward()
        theirs.backward(retain_graph=True)
    assert value.grad == pytest.approx(tensor.grad.item(), rel=1e-12)


def test_slopes_at_the_corners_are_pytorchs() -> None:
    for expression in (lambda x: x.relu(), lambda x: x**0.5, lambda x: x**0, lambda x: x**1):
        value, tensor = Value(0.0), freeze.tensor(0.0)
        expression(value).backward()
        expression(tensor).backward()
        assert value.grad == tensor.grad.item()
