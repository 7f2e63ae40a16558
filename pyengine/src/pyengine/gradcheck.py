"""Is a derivative right? Compare it with what happens when the inputs really move a little."""

from collections.abc import Callable, Sequence

import numpy as np

from pyengine.errors import EngineError, EngineTypeError
from pyengine.ops import Array
from pyengine.tensor import Tensor

EPSILON = float(np.finfo(np.float64).eps)  # the relative error of one rounding
# What a step of h leaves out grows as h², what rounding adds as EPSILON / h: both are small here.
STEP: float = EPSILON ** (1 / 3)
ROUNDINGS = 10  # how many of them a result may have gone through


class GradientError(EngineError):
    """A derivative that is not the slope of what was computed."""


def check_grads(
    function: Callable[..., Tensor],
    *inputs: Tensor,
    rng: np.random.Generator,
    tolerance: float = 1e-6,
    projections: int = 3,
) -> None:
    """Raise unless `backward` gives the slope of `function` at `inputs`.

    One number per direction decides: move one input a tiny step along a random direction v, see
    how far a random projection u of the result moves, and compare with uᵀ J v, which is what
    backward says. A wrong entry anywhere in the Jacobian J shows in almost every direction, so
    three directions do what comparing entry by entry would take thousands of forward passes for.

    Each number moves by about six millionths of itself, so that the step suits large numbers and
    small ones, and none leaves the domain of log. Only a 0 moves as a 1 would.

    What it cannot see: an error below 4e-10 of the result, or below 4e-10, for so much may come of
    rounding; hence no slope at all at a number so small that moving it leaves the result as it is.
    What it may take for an error: large numbers that cancel inside `function`, as in
    x + 1e9 − 1e9, and a slope that changes within the step, as that of ReLU does at 0.

    Args:
        function: takes the inputs, returns one tensor. Called often: it must not draw new random
            numbers each time.
        inputs: float64 tensors; only their numbers are used, their own gradients left alone.
        rng: where the directions come from.
        tolerance: largest difference, relative to Σ |(uᵀ J)ᵢ vᵢ|, the slope without cancellation.
            What rounding may do comes on top.
        projections: how many directions are tried.

    Raises:
        GradientError: both slopes, in numbers.
        EngineTypeError: inputs that are not float64, where a tiny step drowns in rounding.

    Source: the test of HIPS/autograd; Griewank & Walther, "Evaluating Derivatives" (2008).

    >>> x = Tensor([0.5, 2.0])
    >>> check_grads(lambda x: x * x.tanh(), x, rng=np.random.default_rng(0))
    """
    for each in inputs:
        if each.dtype != np.float64:
            fix = "Convert the arrays with .astype(np.float64)."
            raise EngineTypeError("check_grads", "float64 inputs", f"{each.dtype}", fix)
    for _ in range(projections):
        leaves = [Tensor(each.data, requires_grad=True) for each in inputs]
        out = function(*leaves)
        weights = rng.standard_normal(out.shape)  # u
        out.backward(weights)
        # subtle: inside a small result there may be numbers of size 1, as in 1 + tanh x.
        rounded = np.abs(weights) * np.maximum(np.abs(out.data), 1.0)
        rounding = ROUNDINGS * EPSILON / STEP * rounded.sum()
        for i, leaf in enumerate(leaves):
            towards = rng.standard_normal(leaf.shape) * np.where(leaf.data, np.abs(leaf.data), 1.0)
            seen = slope_measured(function, weights, leaves, i, towards)
            said, terms = slope_along(leaf.grad, towards)
            # subtle: not "said - seen > …", which would let NaN pass.
            if not abs(said - seen) <= tolerance * terms + rounding:
                expected = f"a slope of {seen:.8g}, as measured by moving input {i}"
                raise GradientError("check_grads", expected, f"{said:.8g} from backward")


def slope_along(grad: Array | None, towards: Array) -> tuple[float, float]:
    """Return uᵀ J v from uᵀ J, which is what backward leaves, and the sum of its terms' sizes.

    Both are 0 where no gradient arrived.
    """
    if grad is None:
        return 0.0, 0.0
    return float((grad * towards).sum()), float(np.abs(grad * towards).sum())


def slope_measured(
    function: Callable[..., Tensor],
    weights: Array,
    inputs: Sequence[Tensor],
    i: int,
    towards: Array,
) -> float:
    """Return (uᵀ f(x + hv) − uᵀ f(x − hv)) / 2h, with x input i: off by a multiple of h² only."""

    def projected(step: float) -> float:
        moved = Tensor(inputs[i].data + step * towards)
        return float((function(*inputs[:i], moved, *inputs[i + 1 :]).data * weights).sum())

    return (projected(STEP) - projected(-STEP)) / (2 * STEP)
