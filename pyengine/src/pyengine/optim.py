"""Optimizers: what to do with a gradient once backpropagation has found it.

A parameter is anything with `.data` (a float or a NumPy array) and `.grad` (the same shape, or
None for "nothing arrived"): a `scalar.Value` today, a `Tensor` as well.
"""

import math
from collections.abc import Iterable
from typing import Any, Protocol

from pyengine.errors import EngineTypeError, EngineValueError


class Parameter(Protocol):
    """A number, or an array of them, that training may change."""

    data: Any
    grad: Any


class SGD:
    """Stochastic gradient descent: step against the gradient, w ← w − lr × d loss / d w.

    Args:
        parameters: what to train, each with `.data` and `.grad`.
        lr: the learning rate; may be changed between steps (`optimizer.lr = schedule(step)`).
        momentum: share of the last step's velocity that is kept; at least 0, below 1 to settle.
        dampening: share of the new gradient that momentum leaves out, usually 0.
        weight_decay: pull towards 0; adds weight_decay × w to the gradient of w.
        nesterov: look ahead along the velocity before stepping; needs momentum, no dampening.

    Raises:
        EngineTypeError: `parameters` is not a collection of parameters.
        EngineValueError: an option out of range, no parameters, or one of them twice.

    Source: the formulas of `torch.optim.SGD`; momentum as in Sutskever et al., "On the importance
    of initialization and momentum in deep learning" (ICML 2013), with PyTorch's placing of lr.

    >>> from pyengine.scalar import Value
    >>> w = Value(2.0)
    >>> optimizer = SGD([w], lr=0.1)
    >>> for _ in range(3):
    ...     loss = w * w
    ...     optimizer.zero_grad()
    ...     loss.backward()
    ...     optimizer.step()
    ...     print(round(w.data, 4))
    1.6
    1.28
    1.024
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        self.parameters = _checked(parameters)
        self.lr = _at_least_0("lr", lr)
        self.momentum = _at_least_0("momentum", momentum)
        self.dampening = dampening
        self.weight_decay = _at_least_0("weight_decay", weight_decay)
        self.nesterov = nesterov
        if nesterov and (momentum == 0 or dampening != 0):
            got = f"momentum={momentum}, dampening={dampening}"
            raise EngineValueError("SGD", "momentum above 0 and dampening 0 with nesterov", got)
        self.velocities: list[Any] = [None] * len(self.parameters)

    def zero_grad(self) -> None:
        """Forget all gradients. Call it before `backward`, which adds to what is there."""
        for parameter in self.parameters:
            # A number starts again from 0; an array is dropped, as in PyTorch, to free its memory.
            parameter.grad = 0.0 if isinstance(parameter.data, float) else None

    def step(self) -> None:
        """Move every parameter one step downhill. Those whose gradient is None stay."""
        for i, parameter in enumerate(self.parameters):
            if parameter.grad is not None:
                parameter.data -= self.lr * self._direction(i, parameter)

    def _direction(self, i: int, parameter: Parameter) -> Any:
        """The gradient, after weight decay and momentum have had their say."""
        direction = parameter.grad
        if self.weight_decay:
            direction = direction + self.weight_decay * parameter.data
        if not self.momentum:
            return direction
        if self.velocities[i] is None:
            # subtle: × 1 makes a copy. The gradient's own array will be overwritten next step.
            # subtle: as in PyTorch, the first gradient enters undampened.
            self.velocities[i] = direction * 1
        else:
            fresh = (1 - self.dampening) * direction
            self.velocities[i] = self.momentum * self.velocities[i] + fresh
        if self.nesterov:
            return direction + self.momentum * self.velocities[i]
        return self.velocities[i]


def _checked(parameters: Iterable[Parameter]) -> list[Parameter]:
    if not isinstance(parameters, Iterable):
        got = type(parameters).__name__
        raise EngineTypeError("SGD", "a list of parameters", got, "Write [w] for a single one.")
    found = list(parameters)
    for each in found:
        if not (hasattr(each, "data") and hasattr(each, "grad")):
            got = f"{each!r} ({type(each).__name__})"
            fix = "Wrap numbers in Value(...)."
            raise EngineTypeError("SGD", "parameters with .data and .grad", got, fix)
    if not found:
        raise EngineValueError("SGD", "at least one parameter", "none")
    if len({id(each) for each in found}) < len(found):
        raise EngineValueError("SGD", "each parameter once", "the same one twice", "Drop one.")
    return found


def _at_least_0(name: str, number: float) -> float:
    if not 0 <= number < math.inf:
        raise EngineValueError("SGD", f"{name} to be a number of at least 0", f"{number}")
    return number
