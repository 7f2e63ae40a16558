"""Layer normalization, dropout and attention: what they promise, and what they refuse."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from refusing import raised

from pyengine import EngineTypeError, EngineValueError, ShapeError, Tensor
from pyengine import functional as F
from pyengine.ops import Attention, Dropout


def normal(*shape: int, seed: int = 0) -> Tensor:
    return Tensor(np.random.default_rng(seed).normal(size=shape), requires_grad=True)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


# Layer normalization


def test_rows_come_out_with_mean_0_and_variance_1() -> None:
    x = Tensor(normal(3, 5, 64).data * 7 + 20)
    out = F.layer_norm(x, Tensor(np.ones(64))).data
    np.testing.assert_allclose(out.mean(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(out.var(axis=-1), 1, rtol=1e-5)


def test_weight_and_bias_scale_and_shift() -> None:
    x = normal(2, 4)
    plain = F.layer_norm(x, Tensor(np.ones(4))).data
    out = F.layer_norm(x, Tensor([1.0, 2.0, 3.0, 4.0]), Tensor([0.0, 0.0, 0.0, 5.0])).data
    np.testing.assert_allclose(out, plain * [1, 2, 3, 4] + [0, 0, 0, 5])


def test_a_row_of_equal_numbers_becomes_zeros() -> None:
    assert F.layer_norm(Tensor([[3.0, 3.0]]), Tensor([1.0, 1.0])).tolist() == [[0.0, 0.0]]


def test_the_gradient_neither_shifts_nor_stretches_a_row() -> None:
    x = normal(3, 8)
    F.layer_norm(x, Tensor(np.ones(8)), eps=1e-12).backward(normal(3, 8, seed=1).data)
    np.testing.assert_allclose(x.grad.sum(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose((x.grad * x.data).sum(axis=-1), 0, atol=1e-9)


# Dropout


def test_the_same_seed_drops_the_same_numbers() -> None:
    x = normal(20, 20)
    assert F.dropout(x, 0.5, rng(1)).tolist() == F.dropout(x, 0.5, rng(1)).tolist()
    assert F.dropout(x, 0.5, rng(1)).tolist() != F.dropout(x, 0.5, rng(2)).tolist()


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9])
def test_the_share_dropped_is_p_and_the_rest_makes_up_for_it(p: float) -> None:
    out = F.dropout(Tensor(np.ones(100_000)), p, rng()).data
    kept = out[out != 0]
    assert abs((out == 0).mean() - p) < 0.005  # three standard deviations of a fair draw
    np.testing.assert_allclose(kept, 1 / (1 - p))
    assert out.mean() == pytest.approx(1, abs=0.04)


def test_the_gradient_is_dropped_where_the_number_was() -> None:
    x = normal(50)
    out = F.dropout(x, 0.5, rng())
    out.sum().backward()
    np.testing.assert_allclose(x.grad, out.data / x.data)
    assert set(x.grad.tolist()) == {0.0, 2.0}


# Attention


def weights(q: Any, k: Any, **options: Any) -> Any:
    op = Attention(**options)
    op.forward(q, k, np.ones((*k.shape[:-1], 1)))
    return op.p


@pytest.mark.parametrize("causal", [True, False])
def test_attention_is_its_formula(causal: bool) -> None:
    q, k, v = (normal(2, 5, 4, seed=i).data for i in range(3))
    scores = np.einsum("btd,bsd->bts", q, k) / np.sqrt(4)
    powers = np.exp(scores) * (np.tri(5) if causal else 1)
    expected = np.einsum("bts,bsd->btd", powers / powers.sum(axis=-1, keepdims=True), v)
    out = F.attention(Tensor(q), Tensor(k), Tensor(v), causal=causal)
    np.testing.assert_allclose(out.data, expected, rtol=1e-12)


def test_weights_sum_to_1_and_none_looks_ahead() -> None:
    p = weights(normal(2, 3, 5, 4).data, normal(2, 3, 5, 4, seed=1).data)
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    later = np.triu(np.ones((5, 5), bool), k=1)
    assert (p[..., later] == 0).all()
    assert (p[..., ~later] > 0).all()
    assert (weights(p, p, causal=False) > 0).all()


def test_a_later_value_changes_no_earlier_result() -> None:
    q, k, v = (normal(5, 4, seed=i) for i in range(3))
    before = F.attention(q, k, v).data
    for changed in (q, k, v):
        changed.data = np.concatenate([changed.data[:3], changed.data[3:] + 1])
    np.testing.assert_array_equal(F.attention(q, k, v).data[:3], before[:3])


def test_the_first_position_gets_its_own_value() -> None:
    q, k, v = (normal(5, 4, seed=i) for i in range(3))
    np.testing.assert_array_equal(F.attention(q, k, v).data[0], v.data[0])


def test_huge_scores_do_not_overflow() -> None:
    k = Tensor([[1e4], [-1e4]])
    assert F.attention(k, k, Tensor([[1.0], [2.0]]), causal=False).tolist() == [[1.0], [2.0]]


def test_dropout_of_weights_needs_a_generator_and_a_share() -> None:
    q = normal(8, 4)
    plain = F.attention(q, q, q).tolist()
    assert F.attention(q, q, q, dropout=0.5).tolist() == plain
    unused = rng()
    assert F.attention(q, q, q, dropout=0.0, rng=unused).tolist() == plain
    assert unused.random() == rng().random()  # nothing was drawn
    dropped = F.attention(q, q, q, dropout=0.5, rng=rng()).tolist()
    assert dropped != plain
    assert dropped == F.attention(q, q, q, dropout=0.5, rng=rng()).tolist()


Q = normal(2, 5, 4)
W = Tensor(np.ones(4))
REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "a weight of another width": (
        lambda: F.layer_norm(Q, Tensor(np.ones(3))),
        ShapeError,
        "layer_norm: expected x of shape (…, C) with C = 3, since the weight is (3,); "
        "got shape (2, 5, 4).",
    ),
    "a single number to normalize": (
        lambda: F.layer_norm(Tensor(1.0), W),
        ShapeError,
        "layer_norm: expected x of shape (…, C) with C = 4, since the weight is (4,); "
        "got shape ().",
    ),
    "a bias of another width": (
        lambda: F.layer_norm(Q, W, Tensor(np.ones(3))),
        ShapeError,
        "layer_norm: expected a bias of shape (C,) = (4,); got shape (3,).",
    ),
    "dropping everything": (
        lambda: Dropout(1.0, rng()),
        EngineValueError,
        "dropout: expected a probability from 0 to below 1; got 1.0.",
    ),
    "a share that is no number": (
        lambda: F.dropout(Q, float("nan"), rng()),
        EngineValueError,
        "dropout: expected a probability from 0 to below 1; got nan.",
    ),
    "a seed for a generator": (
        lambda: F.dropout(Q, 0.1, 1337),  # type: ignore[arg-type]
        EngineTypeError,
        "dropout: expected a numpy.random.Generator; got int. "
        "Pass rng=numpy.random.default_rng(seed); nothing here draws from a global seed.",
    ),
    "the same in attention": (
        lambda: F.attention(Q, Q, Q, dropout=1.5, rng=rng()),
        EngineValueError,
        "dropout: expected a probability from 0 to below 1; got 1.5.",
    ),
    "vectors": (
        lambda: F.attention(W, W, W),
        ShapeError,
        "attention: expected q (…, T, D), k (…, S, D) and v (…, S, E); got q (4,), k (4,), v (4,).",
    ),
    "leading dimensions that differ": (
        lambda: F.attention(Q, Q, Q[0]),
        ShapeError,
        "attention: expected q (…, T, D), k (…, S, D) and v (…, S, E); "
        "got q (2, 5, 4), k (2, 5, 4), v (5, 4).",
    ),
    "widths that differ": (
        lambda: F.attention(Q, Q[..., :3], Q),
        ShapeError,
        "attention: expected q and k of the same width D, at least 1; "
        "got q (2, 5, 4), k (2, 5, 3), v (2, 5, 4).",
    ),
    "no width": (
        lambda: F.attention(Q[..., :0], Q[..., :0], Q),
        ShapeError,
        "attention: expected q and k of the same width D, at least 1; "
        "got q (2, 5, 0), k (2, 5, 0), v (2, 5, 4).",
    ),
    "a value too few": (
        lambda: F.attention(Q, Q, Q[:, 1:]),
        ShapeError,
        "attention: expected one value for each key, and at least one; "
        "got q (2, 5, 4), k (2, 5, 4), v (2, 4, 4).",
    ),
    "nothing to look at": (
        lambda: F.attention(Q, Q[:, :0], Q[:, :0], causal=False),
        ShapeError,
        "attention: expected one value for each key, and at least one; "
        "got q (2, 5, 4), k (2, 0, 4), v (2, 0, 4).",
    ),
    "fewer questions than keys": (
        lambda: F.attention(Q[:, 1:], Q, Q),
        ShapeError,
        "attention: expected as many questions as keys (T = S) if causal; "
        "got q (2, 4, 4), k (2, 5, 4), v (2, 5, 4).",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_an_explanation(name: str) -> None:
    call, error, message = REFUSED[name]
    assert raised(error, call) == message
