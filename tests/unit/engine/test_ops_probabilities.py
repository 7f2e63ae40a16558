"""softmax, log_softmax and cross_entropy: numbers, gradients, edges, refusals."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from refusing import raised

from pyengine import (
    EngineTypeError,
    EngineValueError,
    ShapeError,
    Tensor,
    cross_entropy,
    log_softmax,
    softmax,
)
from pyengine.ops import CrossEntropy, LogSoftmax, Op, Softmax

logits = arrays(
    np.float64, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.floats(-50, 50)
)


def gradient_by_nudging(f: Callable[[Any], float], x: Any, nudge: float = 1e-6) -> Any:
    grad = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += nudge
        down[place] -= nudge
        grad[place] = (f(up) - f(down)) / (2 * nudge)
    return grad


@given(logits)
@settings(deadline=None)
def test_probabilities_are_positive_and_sum_to_one(x: Any) -> None:
    for dim in (0, 1, -1, -2):
        p = softmax(x, dim)
        assert (p >= 0).all()
        np.testing.assert_allclose(p.sum(axis=dim), 1, rtol=1e-14)


@given(logits, st.floats(-100, 100))
@settings(deadline=None)
def test_adding_the_same_number_to_all_logits_changes_nothing(x: Any, shift: float) -> None:
    np.testing.assert_allclose(softmax(x + shift), softmax(x), atol=1e-12)


@given(logits)
@settings(deadline=None)
def test_log_softmax_is_the_log_of_softmax(x: Any) -> None:
    np.testing.assert_allclose(np.exp(log_softmax(x)), softmax(x), atol=1e-15)


@given(logits)
@settings(deadline=None)
def test_cross_entropy_is_minus_the_mean_log_probability(x: Any) -> None:
    targets = np.arange(len(x)) % x.shape[1]
    expected = -log_softmax(x)[np.arange(len(x)), targets].mean()
    assert cross_entropy(x, targets) == pytest.approx(expected, abs=1e-13)


@pytest.mark.parametrize("dim", [0, 1, 2, -1])
@pytest.mark.parametrize("make", [Softmax, LogSoftmax])
def test_backward_agrees_with_nudging(make: Callable[[int], Op], dim: int) -> None:
    rng = np.random.default_rng(0)
    x, weights = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 3, 4))
    op = make(dim)
    op.forward(x)
    (dx,) = op.backward(weights)
    numeric = gradient_by_nudging(lambda v: float((make(dim).forward(v) * weights).sum()), x)
    np.testing.assert_allclose(dx, numeric, atol=1e-8)


@pytest.mark.parametrize(("shape", "targets"), [((5,), 3), ((4, 5), [0, 4, 2, 2]), ((1, 1), [0])])
def test_backward_of_cross_entropy_agrees_with_nudging(shape: Any, targets: Any) -> None:
    x = np.random.default_rng(1).normal(size=shape)
    op = CrossEntropy(targets)
    op.forward(x)
    (dx,) = op.backward(np.asarray(0.7))
    assert dx.shape == x.shape
    numeric = gradient_by_nudging(lambda v: 0.7 * cross_entropy(v, targets), x)
    np.testing.assert_allclose(dx, numeric, atol=1e-8)


def test_a_logit_of_minus_infinity_is_probability_zero() -> None:
    x = [0.0, -math.inf, 0.0]
    assert softmax(x).tolist() == [0.5, 0.0, 0.5]
    assert log_softmax(x)[1] == -math.inf
    assert cross_entropy(x, 0) == pytest.approx(math.log(2))
    assert cross_entropy(x, 1) == math.inf


def test_gradients_stay_finite_beside_a_logit_of_minus_infinity() -> None:
    x = np.array([0.0, -math.inf, 0.0])
    for op in (Softmax(), LogSoftmax(), CrossEntropy(0), CrossEntropy(1)):
        grad = np.ones_like(op.forward(x))
        assert np.isfinite(op.backward(grad)[0]).all()


def test_huge_logits_do_not_overflow() -> None:
    assert softmax([1e308, -1e308]).tolist() == [1.0, 0.0]
    assert log_softmax([1000.0, 0.0, 0.0])[1] == -1000.0
    assert cross_entropy([-1000.0, 1000.0], 0) == 2000.0


def test_certainty_costs_exactly_nothing() -> None:
    loss = cross_entropy([0.0, -math.inf], 0)
    assert (loss, math.copysign(1, loss)) == (0.0, 1.0)  # not -0.0


def test_float32_stays_float32_and_ints_become_float64() -> None:
    assert softmax(np.zeros(3, np.float32)).dtype == np.float32
    assert log_softmax(np.zeros(3, np.float32)).dtype == np.float32
    assert softmax([2, 1, 0]).dtype == np.float64
    op = CrossEntropy(0)
    assert op.forward(np.zeros(3, np.float32)).dtype == np.float32
    assert op.backward(np.ones((), np.float32))[0].dtype == np.float32


def test_inputs_are_left_alone() -> None:
    x = np.array([[3.0, 1.0], [0.0, 2.0]])
    before = x.copy()
    softmax(x)
    log_softmax(x)
    op = CrossEntropy([0, 1])
    op.forward(x)
    first = op.backward(np.ones(()))[0]
    np.testing.assert_array_equal(op.backward(np.ones(()))[0], first)
    np.testing.assert_array_equal(x, before)


def test_targets_may_be_overwritten_before_backward() -> None:
    targets = np.array([0, 1])
    op = CrossEntropy(targets)
    op.forward(np.zeros((2, 2)))
    targets[:] = 1 - targets  # a loader that puts the next batch in the same memory
    assert op.backward(np.ones(()))[0].tolist() == [[-0.25, 0.25], [0.25, -0.25]]


def test_tensors_in_tensors_out() -> None:
    logits = Tensor([[0.0, 0.0]], requires_grad=True)
    assert softmax(logits).tolist() == [[0.5, 0.5]]
    assert np.exp(log_softmax(logits).data).tolist() == [[0.5, 0.5]]
    loss = cross_entropy(logits, [0])
    loss.backward()
    assert loss.item() == math.log(2)
    assert logits.grad.tolist() == [[-0.5, 0.5]]


TWO_ROWS = np.zeros((2, 3))
REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "too many targets": (
        lambda: cross_entropy(TWO_ROWS, [0, 1, 2]),
        ShapeError,
        "cross_entropy: expected targets of shape (N,) = (2,) for logits (N, C) = (2, 3); "
        "got shape (3,).",
    ),
    "a list of targets for one row": (
        lambda: cross_entropy([0.0, 0.0], [1]),
        ShapeError,
        "cross_entropy: expected targets of shape (), one int, for logits (C,) = (2,); "
        "got shape (1,).",
    ),
    "logits (B, T, C)": (
        lambda: cross_entropy(np.zeros((2, 4, 3)), np.zeros((2, 4), int)),
        ShapeError,
        "cross_entropy: expected logits of shape (C,) or (N, C), not empty; got shape (2, 4, 3). "
        "Flatten leading dimensions first: logits.reshape(-1, C), targets.reshape(-1).",
    ),
    "target too large": (
        lambda: cross_entropy(TWO_ROWS, [0, 3]),
        EngineValueError,
        "cross_entropy: expected targets from 0 to C − 1 = 2; got 3 at [1].",
    ),
    "negative target": (
        lambda: cross_entropy([0.0, 0.0], -1),
        EngineValueError,
        "cross_entropy: expected targets from 0 to C − 1 = 1; got -1.",
    ),
    "probabilities as targets": (
        lambda: cross_entropy([0.0, 0.0], [0.5, 0.5]),
        EngineTypeError,
        "cross_entropy: expected targets that are integers; got float64. "
        "Pass the index of the right class, not its name, probability or one-hot row.",
    ),
    "everything masked": (
        lambda: softmax([[0.0, 1.0], [-math.inf, -math.inf]]),
        EngineValueError,
        "softmax: expected the largest logit to be a finite number; got -inf at [1]. "
        "Has training diverged (nan), or is every choice masked out (all −inf)?",
    ),
    "nan": (
        lambda: log_softmax([math.nan, 1.0]),
        EngineValueError,
        "log_softmax: expected the largest logit to be a finite number; got nan. "
        "Has training diverged (nan), or is every choice masked out (all −inf)?",
    ),
    "no such dimension": (
        lambda: softmax([1.0, 2.0], dim=1),
        ShapeError,
        "softmax: expected a dimension 1; got 1 dimensions, shape (2,).",
    ),
    "no dimension at all": (
        lambda: softmax(3.0),
        ShapeError,
        "softmax: expected a dimension -1; got 0 dimensions, shape ().",
    ),
    "all dimensions at once": (
        lambda: softmax([1.0, 2.0], dim=None),  # type: ignore[call-overload]
        EngineTypeError,
        "softmax: expected dimensions that are ints; got None.",
    ),
    "half a dimension": (
        lambda: log_softmax(Tensor([1.0, 2.0]), dim=0.5),  # type: ignore[call-overload]
        EngineTypeError,
        "log_softmax: expected dimensions that are ints; got 0.5.",
    ),
    "a dimension's name": (
        lambda: softmax([1.0, 2.0], dim="a"),  # type: ignore[call-overload]
        EngineTypeError,
        "softmax: expected dimensions that are ints; got 'a'.",
    ),
    "no logits": (
        lambda: softmax(np.zeros((2, 0))),
        ShapeError,
        "softmax: expected at least one logit along dimension -1; got shape (2, 0).",
    ),
    "rows of several lengths": (
        lambda: log_softmax([[1.0, 2.0], [3.0]]),
        ShapeError,
        "log_softmax: expected rows of equal length; got rows of several lengths. "
        "Give every row the same length.",
    ),
    "targets of several lengths": (
        lambda: cross_entropy(TWO_ROWS, [[0], [1, 2]]),
        ShapeError,
        "cross_entropy: expected rows of equal length; got rows of several lengths. "
        "Give every row the same length.",
    ),
    "words": (
        lambda: softmax(["mat", "hat"]),
        EngineTypeError,
        "softmax: expected real numbers; got an array of <U3.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_an_explanation(name: str) -> None:
    call, error, message = REFUSED[name]
    assert raised(error, call) == message
