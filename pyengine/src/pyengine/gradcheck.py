"""Is a derivative right? Compare it with what happens when the inputs really move a little."""

from collections.abc import Callable, Sequence

import numpy as np

from pyengine.errors import EngineError, EngineTypeError
from pyengine.ops import Array
from pyengine.tensor import Tensor

STEP = 1e-6


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

    One number per direction decides: move all inputs a tiny step along a random direction v, see
    how far a random projection u of the result moves, and compare with uᵀ J v, which is what
    backward says. A wrong entry anywhere in the Jacobian J shows in almost every direction, so
    three directions do what comparing entry by entry would take thousands of forward passes for.

    Args:
        function: takes the inputs, returns one tensor. Called often: it must not draw new random
            numbers each time.
        inputs: float64 tensors; only their numbers are used, their own gradients left alone.
        rng: where the directions come from.
        tolerance: largest difference, relative to the slope (absolute where that is below 1).
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
        towards = [rng.standard_normal(each.shape) for each in inputs]
        leaves = [Tensor(each.data, requires_grad=True) for each in inputs]
        out = function(*leaves)
        weights = rng.standard_normal(out.shape)
        out.backward(weights)
        said = slope_along([leaf.grad for leaf in leaves], towards)
        seen = slope_measured(function, weights, inputs, towards)
        if not abs(said - seen) <= tolerance * max(1.0, abs(seen)):
            expected = f"a slope of {seen:.10g}, as measured by moving the inputs"
            raise GradientError("check_grads", expected, f"{said:.10g} from backward")


def slope_along(grads: Sequence[Array | None], towards: Sequence[Array]) -> float:
    """Return uᵀ J v from uᵀ J, which is what backward leaves; None where no gradient arrived."""
    pairs = zip(grads, towards, strict=True)
    return float(sum((grad * v).sum() for grad, v in pairs if grad is not None))


def slope_measured(
    function: Callable[..., Tensor],
    weights: Array,
    inputs: tuple[Tensor, ...],
    towards: Sequence[Array],
) -> float:
    """Return (uᵀ f(x + εv) − uᵀ f(x − εv)) / 2ε: off by a multiple of ε² only."""

    def projected(step: float) -> float:
        moved = [Tensor(x.data + step * v) for x, v in zip(inputs, towards, strict=True)]
        return float((function(*moved).data * weights).sum())

    return (projected(STEP) - projected(-STEP)) / (2 * STEP)
