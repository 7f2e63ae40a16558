"""All gradients of a model as one vector: how long it is, and how to make it shorter.

A single unusual batch can send a gradient hundreds of times longer than the others. Clipping
keeps its direction and limits its length, so that one step cannot undo what many have learned.
"""

import math
from collections.abc import Iterable
from numbers import Real

import numpy as np

from pyengine.errors import EngineTypeError, EngineValueError
from pyengine.kernels._dispatch import for_parameters
from pyengine.optimizer import Parameter, parameter_list


def grad_norm(parameters: Iterable[Parameter]) -> float:
    """Measure the length of all gradients taken as one vector, √ Σ g².

    Args:
        parameters: what is trained, each with `.grad`; those whose gradient is None do not count.

    Returns:
        The norm, added up in 64 bits whatever the precision of the gradients; 0 if there are none.

    Raises:
        EngineTypeError: `parameters` is not a collection of parameters.
        EngineValueError: a gradient that is not finite, or no parameters, or one of them twice.

    Source: the L2 norm over all parameters, as `torch.nn.utils.get_total_norm`.

    >>> from pyengine.scalar import Value
    >>> a, b = Value(1.0), Value(1.0)
    >>> a.grad, b.grad = 3.0, -4.0
    >>> grad_norm([a, b])
    5.0
    """
    return _norm(parameter_list(parameters, "grad_norm"), "grad_norm")


def clip_grad_norm(parameters: Iterable[Parameter], max_norm: float) -> float:
    """Scale all gradients down, by the same factor, until their norm is `max_norm` at most.

    Args:
        parameters: what is trained, each with `.grad`, which is changed (arrays in place).
        max_norm: the largest norm allowed, above 0; language models are usually given 1.

    Returns:
        The norm before clipping: worth watching, for it rises before training diverges.

    Raises:
        EngineTypeError, EngineValueError: as `grad_norm`, or `max_norm` not a number above 0.

    Source: Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks"
    (2013), arXiv:1211.5063, algorithm 1; `torch.nn.utils.clip_grad_norm_`.

    >>> from pyengine.scalar import Value
    >>> a, b = Value(1.0), Value(1.0)
    >>> a.grad, b.grad = 3.0, -4.0
    >>> clip_grad_norm([a, b], max_norm=1.0)
    5.0
    >>> round(a.grad, 4), round(b.grad, 4)
    (0.6, -0.8)
    """
    if not isinstance(max_norm, Real):
        raise EngineTypeError("clip_grad_norm", "max_norm to be a number", f"{max_norm!r}")
    if not max_norm > 0:
        raise EngineValueError("clip_grad_norm", "max_norm to be above 0", f"{max_norm}")
    found = parameter_list(parameters, "clip_grad_norm")
    norm = _norm(found, "clip_grad_norm")
    scale = max_norm / (norm + 1e-6)  # PyTorch's guard against a norm of 0
    if scale < 1:  # short gradients are never made longer
        _scale(found, scale)
    return norm


def _scale(parameters: list[Parameter], factor: float) -> None:
    grads = [each.grad for each in parameters if each.grad is not None]
    lib = for_parameters(grads)
    if lib is not None:
        lib.scale(grads, factor)
        return
    for parameter in parameters:
        if parameter.grad is not None:
            parameter.grad *= factor


def _norm(parameters: list[Parameter], where: str) -> float:
    grads = [each.grad for each in parameters if each.grad is not None]
    lib = for_parameters(grads)
    if lib is not None:
        total = lib.sum_of_squares(grads)
        if math.isfinite(total):  # else it is told below whose fault that is
            return math.sqrt(total)
    total = 0.0
    for i, parameter in enumerate(parameters):
        if parameter.grad is not None:
            with np.errstate(over="ignore"):  # what is too large to be squared is refused below
                total += float(np.square(parameter.grad, dtype=np.float64).sum())
            if not math.isfinite(total):
                name = getattr(parameter, "label", "") or getattr(parameter, "name", "")
                got = f"{total} in that of parameters[{i}]" + (f", {name!r}" if name else "")
                fix = "Has training diverged? Try a lower learning rate, or a warm-up."
                raise EngineValueError(where, "gradients of finite numbers", got, fix)
    return math.sqrt(total)
