"""Matrix products, linear layers and embeddings: known numbers, edges, refusals."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusing import raised

from pyengine import EngineTypeError, EngineValueError, ShapeError, Tensor
from pyengine import functional as F


def table(rows: int, width: int) -> Tensor:
    return Tensor(np.arange(float(rows * width)).reshape(rows, width), requires_grad=True)


@given(st.lists(st.integers(0, 4), max_size=12), st.integers(0, 3))
@settings(deadline=None)
def test_a_row_gets_the_sum_of_the_gradients_of_its_uses(ids: list[int], width: int) -> None:
    weight = table(5, width)
    rows = F.embedding(np.array(ids, int), weight)
    grad = np.random.default_rng(0).normal(size=rows.shape)
    rows.backward(grad)
    one_hot = np.eye(5)[np.array(ids, int)]  # (M, V)
    np.testing.assert_allclose(rows.data, one_hot @ weight.data, atol=1e-14)
    np.testing.assert_allclose(weight.grad, one_hot.T @ grad, atol=1e-14)


def test_ids_may_be_overwritten_before_backward() -> None:
    weight, ids = table(3, 1), np.array([0, 2])
    rows = F.embedding(ids, weight)
    ids[:] = 1  # a loader that puts the next batch in the same memory
    rows.sum().backward()
    assert weight.grad.tolist() == [[1.0], [0.0], [1.0]]


def test_linear_is_a_matrix_product_and_a_sum() -> None:
    rng = np.random.default_rng(0)
    x, weight, bias = (Tensor(rng.normal(size=s)) for s in ((2, 3, 4), (5, 4), (5,)))
    np.testing.assert_allclose(
        F.linear(x, weight, bias).data, (x @ weight.T + bias).data, rtol=1e-14
    )


def test_plain_arrays_take_part_on_either_side() -> None:
    a = Tensor([[1.0, 2.0]], requires_grad=True)
    assert (a @ [[3.0], [4.0]]).tolist() == [[11.0]]
    assert (np.array([[3.0], [4.0]]) @ a).tolist() == [[3.0, 6.0], [4.0, 8.0]]


X, W = table(2, 3), table(4, 3)
REFUSED: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "a vector": (
        lambda: X @ Tensor([1.0, 2.0, 3.0]),
        ShapeError,
        "matmul: expected matrices (…, M, K) and (…, K, N); got shapes (2, 3) and (3,). "
        "Give a vector a dimension of 1: x.reshape(1, -1) is a row.",
    ),
    "inner sizes that differ": (
        lambda: X @ W,
        ShapeError,
        "matmul: expected (…, K, N) with K = 3, since the left is (2, 3); got (4, 3).",
    ),
    "batches that differ": (
        lambda: Tensor(np.zeros((2, 3, 4))) @ Tensor(np.zeros((3, 4, 5))),
        ShapeError,
        "matmul: expected shapes that broadcast (from the right, each dimension equal or 1); "
        "got (2,) and (3,).",
    ),
    "a weight that is no matrix": (
        lambda: F.linear(X, Tensor([1.0])),
        ShapeError,
        "linear: expected a weight of shape (N, K), not empty; got shape (1,).",
    ),
    "a weight without columns": (
        lambda: F.linear(X[:, :0], W[:, :0]),
        ShapeError,
        "linear: expected a weight of shape (N, K), not empty; got shape (4, 0).",
    ),
    "a weight the wrong way round": (
        lambda: F.linear(X, W.T),
        ShapeError,
        "linear: expected x of shape (…, K) with K = 4, since the weight is (N, K) = (3, 4); "
        "got shape (2, 3).",
    ),
    "a bias of another width": (
        lambda: F.linear(X, W, Tensor([0.0])),
        ShapeError,
        "linear: expected a bias of shape (N,) = (4,); got shape (1,).",
    ),
    "text as ids": (
        lambda: F.embedding("cat", W),  # type: ignore[arg-type]
        EngineTypeError,
        "embedding: expected ids that are integers; got <U3. Encode text with a tokenizer first.",
    ),
    "an id beyond the table": (
        lambda: F.embedding([[0, 1], [4, -1]], W),
        EngineValueError,
        "embedding: expected ids from 0 to V − 1 = 3; got 4 at [1, 0]. "
        "Is the text encoded by the tokenizer the model was built for?",
    ),
    "a single negative id": (
        lambda: F.embedding(-1, W),
        EngineValueError,
        "embedding: expected ids from 0 to V − 1 = 3; got -1. "
        "Is the text encoded by the tokenizer the model was built for?",
    ),
    "sequences of several lengths": (
        lambda: F.embedding([[0, 1], [2]], W),
        ShapeError,
        "embedding: expected rows of equal length; got rows of several lengths. "
        "Give every row the same length.",
    ),
    "a table that is no matrix": (
        lambda: F.embedding([0], Tensor([1.0, 2.0])),
        ShapeError,
        "embedding: expected a weight of shape (V, C); got shape (2,).",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_an_explanation(name: str) -> None:
    call, error, message = REFUSED[name]
    assert raised(error, call) == message
