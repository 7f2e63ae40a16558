"""`Tensor` against PyTorch's autograd: random graphs, accumulation, mixed precision."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from pyengine import Tensor

SHAPES = [(2, 3), (3,), (2, 1), ()]

# Each takes two of shape (2, 3), (3,), (2, 1) or (), and gives one of them again.
STEPS: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / (b * b + 1),
    lambda a, b: (a.tanh() * 2).exp(),
    lambda a, b: (a * a + 0.1).log() * b,
    lambda a, b: a.sigmoid() - b,
    lambda a, b: a.relu() + b,
    lambda a, b: a.tanh() ** 3,
    lambda a, b: 2 - a.mean(),
    lambda a, b: 0.5 * a.sum() * b,
    lambda a, b: (a + b).reshape(-1)[0] * a,
    lambda a, b: a @ a.T @ a if a.ndim == 2 else a,
    lambda a, b: a + a[-1:] if a.ndim else a,
]


def random_graph(leaves: list[Any], seed: int) -> Any:
    """Grow 25 tensors, each from two that are there already; the result depends on all of them."""
    choose = random.Random(seed)
    tensors = list(leaves)
    for _ in range(25):
        grown = choose.choice(STEPS)(choose.choice(tensors), choose.choice(tensors))
        tensors.append((grown * 0.1).tanh())
    total = tensors[0].sum()
    for tensor in tensors[1:]:
        total = total + (tensor * tensor).sum()
    return total


def leaves(seed: int) -> tuple[list[Tensor], list[torch.Tensor]]:
    rng = np.random.default_rng(seed)
    arrays = [np.asarray(rng.normal(size=shape)) for shape in SHAPES]
    return (
        [Tensor(x, requires_grad=True) for x in arrays],
        [torch.tensor(x, requires_grad=True) for x in arrays],
    )


@pytest.mark.parametrize("seed", range(100))
def test_random_graphs(seed: int) -> None:
    mine, theirs = leaves(seed)
    ours, expected = random_graph(mine, seed), random_graph(theirs, seed)
    assert ours.item() == pytest.approx(expected.item(), rel=1e-10)
    for times in (1, 2):
        ours.backward(retain_graph=times == 1)
        expected.backward(retain_graph=times == 1)
        for x, y in zip(mine, theirs, strict=True):  # the second time, gradients have doubled
            np.testing.assert_allclose(x.grad, y.grad, rtol=1e-10, atol=1e-12)


def test_gradients_return_to_each_tensors_precision_as_in_pytorch() -> None:
    low, high = np.array([1.5, -2.0], np.float32), np.array([0.5, 3.0])
    mine = [Tensor(low, requires_grad=True), Tensor(high, requires_grad=True)]
    theirs = [torch.tensor(x, requires_grad=True) for x in (low, high)]
    for a, b in (mine, theirs):
        ((a * 3).tanh() * b).sum().backward()
    for x, y in zip(mine, theirs, strict=True):
        assert x.grad.dtype == y.grad.numpy().dtype
        np.testing.assert_allclose(x.grad, y.grad, rtol=1e-5, atol=1e-6)
