"""`check_grads` lets right gradients pass and finds wrong ones, wherever the mistake is."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyengine import EngineTypeError, EngineValueError, Tensor, check_grads, ops
from pyengine.gradcheck import GradientError
from pyengine.tensor import run


def normal(*shape: int) -> Tensor:
    return Tensor(np.random.default_rng(1).normal(size=shape))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class Wrong:
    """An operation whose backward is another's."""

    def __init__(self, right: Any, wrong: Any) -> None:
        self.right, self.wrong = right, wrong

    def forward(self, *inputs: Any) -> Any:
        self.wrong.forward(*inputs)
        return self.right.forward(*inputs)

    def backward(self, grad: Any) -> Any:
        return self.wrong.backward(grad)


class OneWrongEntry(ops.Matmul):
    """A matrix product; one number of one gradient is off by a thousandth."""

    def __init__(self, which: int, place: int) -> None:
        self.which, self.place = which, place

    def backward(self, grad: Any) -> Any:
        grads = super().backward(grad)
        grads[self.which].reshape(-1)[self.place] *= 1.001
        return grads


class NotSummed(ops.Add):
    """An addition that forgets the sum over what broadcasting repeated."""

    def back(self, to_a: Any, to_b: Any) -> Any:
        return to_a[: self.shapes[0][0]], to_b[: self.shapes[1][0]]


def test_right_gradients_pass() -> None:
    a, b = normal(3, 4), normal(4, 2)
    check_grads(lambda a, b: (a @ b).tanh().sum(0), a, b, rng=rng())
    check_grads(lambda a: a * 2, normal(), rng=rng())
    check_grads(lambda a: a * 1e6, a, rng=rng())
    check_grads(lambda a, b: a.exp(), a, b, rng=rng())  # an input that plays no part
    check_grads(lambda x: x.sigmoid(), Tensor([-700.0, -40.0, 30.0, 700.0]), rng=rng())  # saturated
    for seed in range(30):  # 1 + tanh x, which is almost 0
        check_grads(lambda x: run(ops.TanhGELU(), x), Tensor([-5.0]), rng=rng(seed))


# Large numbers and small ones, and results far larger than what moves
RANGE_OF_NUMBERS: dict[str, tuple[Any, list[float]]] = {
    "x * x": (lambda x: x * x, [100.0, 200.0]),
    "x * x, large": (lambda x: x * x, [1e3, 1e4, -1e5, 1e6, 1e8]),
    "x ** 3": (lambda x: x**3, [1e4, -2e4]),
    "1e8 - x * x": (lambda x: 1e8 - x * x, [1.0, 3.0]),
    "log": (lambda x: x.log(), [1e-5, 1e-7, 1e-30, 1.0]),
    "sqrt": (lambda x: x.sqrt(), [1e-5, 1e-7, 1e-30, 1.0]),
    "relu, close to its bend": (lambda x: x.relu(), [1e-8, -1e-8, 1.0]),
    "exp at 0": (lambda x: x.exp(), [0.0, 0.0, 1.0]),
}
RANGES = pytest.mark.parametrize("name", RANGE_OF_NUMBERS)


@RANGES
def test_numbers_of_any_size_move_by_a_step_that_suits_them(name: str) -> None:
    function, numbers = RANGE_OF_NUMBERS[name]
    for seed in range(10):
        check_grads(function, Tensor(numbers), rng=rng(seed))


@RANGES
def test_half_a_gradient_is_found_for_numbers_of_any_size(name: str) -> None:
    function, numbers = RANGE_OF_NUMBERS[name]
    for seed in range(10):
        with pytest.raises(GradientError):
            check_grads(
                lambda x: function(x) / 2 + function(x).detach() / 2, Tensor(numbers), rng=rng(seed)
            )


def test_a_large_result_hides_no_wrong_gradient_of_another_input() -> None:
    def function(x: Tensor, y: Tensor) -> Tensor:
        return (x * 1e7).sum() + (y * y.detach()).sum()

    for seed in range(20):
        with pytest.raises(GradientError, match="by moving input 1"):
            check_grads(function, Tensor([1.0]), Tensor([1.0]), rng=rng(seed))


@given(which=st.integers(0, 1), place=st.integers(0, 5), seed=st.integers(0, 1000))
@settings(deadline=None)
def test_a_wrong_entry_is_found_wherever_it_is(which: int, place: int, seed: int) -> None:
    a, b = normal(2, 3), normal(3, 2)
    with pytest.raises(GradientError):
        check_grads(
            lambda a, b: run(OneWrongEntry(which, place), a, b), a, b, rng=rng(seed), projections=5
        )


SQUARE = (4, 4)
MISTAKEN: dict[str, tuple[Any, Any, list[tuple[int, ...]]]] = {
    "GELU in its other form": (ops.TanhGELU(), ops.GELU(), [SQUARE]),  # at most a 2000th apart
    "minus for plus": (ops.Add(), ops.Sub(), [SQUARE, SQUARE]),
    "mean for sum": (ops.Sum(), ops.Mean(), [SQUARE]),
    "softmax for its log": (ops.LogSoftmax(), ops.Softmax(), [SQUARE]),
    "another epsilon": (ops.LayerNorm(1e-5), ops.LayerNorm(1e-3), [SQUARE, (4,), (4,)]),
    "the mask forgotten": (ops.Attention(), ops.Attention(causal=False), [SQUARE] * 3),
}


@pytest.mark.parametrize("mistake", MISTAKEN)
def test_the_backward_of_another_operation_is_found(mistake: str) -> None:
    right, wrong, shapes = MISTAKEN[mistake]
    inputs = [normal(*shape) for shape in shapes]
    with pytest.raises(GradientError):
        check_grads(lambda *x: run(Wrong(right, wrong), *x), *inputs, rng=rng())


def test_a_forgotten_sum_over_broadcasting_is_found() -> None:
    with pytest.raises(GradientError):
        check_grads(lambda a, b: run(NotSummed(), a, b), normal(3, 2), normal(1, 2), rng=rng())


def test_a_gradient_cut_off_is_found() -> None:
    with pytest.raises(GradientError):
        check_grads(lambda a: a * a.detach(), normal(3), rng=rng())


def test_nan_is_no_right_gradient() -> None:
    class Nan(ops.Neg):
        def backward(self, grad: Any) -> Any:
            return (grad * np.nan,)

    with pytest.raises(GradientError):
        check_grads(lambda a: run(Nan(), a), normal(3), rng=rng())


def test_the_message_has_both_slopes() -> None:
    x = Tensor([2.0])
    with pytest.raises(GradientError) as caught:
        check_grads(lambda x: run(Wrong(ops.Neg(), ops.Exp()), x), x, rng=rng())
    u, v = rng().standard_normal(2)  # what the result is weighed with, and the first direction
    measured, said = (
        str(caught.value)
        .removeprefix("check_grads: expected a slope of ")
        .split(", as measured by moving input 0; got ")
    )
    assert float(measured) == pytest.approx(-u * 2 * v, rel=1e-6)
    assert float(said.removesuffix(" from backward.")) == pytest.approx(
        np.e**2 * u * 2 * v, rel=1e-6
    )


def test_the_inputs_are_left_as_they_were() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    x.grad = np.array([5.0, 5.0])
    check_grads(lambda x: x * x, x, rng=rng())
    assert (x.tolist(), x.grad.tolist()) == ([1.0, 2.0], [5.0, 5.0])


def test_the_same_seed_tries_the_same_directions() -> None:
    tried: list[list[float]] = []

    def square(x: Tensor) -> Tensor:
        tried.append(x.tolist())
        return x * x

    check_grads(square, normal(3), rng=rng(7))
    first, tried = tried, []
    check_grads(square, normal(3), rng=rng(7))
    assert tried == first
    assert len(tried) == 9  # three directions: once as it is, once there, once back


def test_float32_is_refused() -> None:
    with pytest.raises(EngineTypeError) as caught:
        check_grads(lambda x: x, Tensor(np.ones(1, np.float32)), rng=rng())
    assert str(caught.value) == (
        "check_grads: expected float64 inputs; got float32. "
        "Convert the arrays with .astype(np.float64)."
    )


def test_a_result_that_depends_on_nothing_is_refused() -> None:
    with pytest.raises(EngineValueError, match="a result of something to train"):
        check_grads(lambda x: x.detach(), normal(2), rng=rng())
