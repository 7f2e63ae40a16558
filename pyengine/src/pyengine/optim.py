"""Optimizers: what to do with a gradient once backpropagation has found it.

All of them step against the gradient. They differ in what they remember of earlier ones: SGD
with momentum their average, RMSProp the average of their squares, Adam and AdamW both.
Formulas, defaults and names are those of `torch.optim`.

One text serves numbers (`scalar.Value`) and arrays (`Tensor`): `x += y` replaces a float and
changes an array in place, and `x**0.5` is the square root of either.
"""

from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any

from pyengine.errors import EngineTypeError, EngineValueError
from pyengine.optimizer import Optimizer, Parameter

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "Parameter", "RMSProp", "is_matrix"]


class SGD(Optimizer):
    """Stochastic gradient descent: step against the gradient, w ← w − lr × d loss / d w.

    Args:
        parameters, lr: as for every `Optimizer`.
        momentum: share of the last step's velocity that is kept; at least 0, below 1 to settle.
        dampening: share of the new gradient that momentum leaves out, usually 0.
        weight_decay: pull towards 0; adds weight_decay × w to the gradient of w.
        nesterov: look ahead along the velocity before stepping; needs momentum, no dampening.

    Raises:
        EngineTypeError, EngineValueError: as `Optimizer`, or an option out of range.

    Source: momentum as in Sutskever et al., "On the importance of initialization and momentum in
    deep learning" (ICML 2013), with PyTorch's placing of lr.

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
        super().__init__(parameters, lr, keeps=["momentum_buffer"] if momentum else [])
        self.momentum = self._number("momentum", momentum)
        self.dampening = self._number("dampening", dampening)
        self.weight_decay = self._number("weight_decay", weight_decay)
        self.nesterov = nesterov
        if nesterov and (momentum == 0 or dampening != 0):
            got = f"momentum={momentum}, dampening={dampening}"
            raise EngineValueError("SGD", "momentum above 0 and dampening 0 with nesterov", got)

    def update(self, parameter: Parameter, memory: SimpleNamespace) -> None:
        """Step against the gradient, or along the velocity where there is momentum."""
        direction = _decayed_gradient(parameter, self.weight_decay)
        if self.momentum:
            # subtle: as in PyTorch, the first gradient enters undampened.
            fresh = direction if memory.step == 1 else (1 - self.dampening) * direction
            memory.momentum_buffer *= self.momentum
            memory.momentum_buffer += fresh
            if self.nesterov:
                direction = direction + self.momentum * memory.momentum_buffer
            else:
                direction = memory.momentum_buffer
        parameter.data -= self.lr * direction


class RMSProp(Optimizer):
    """Divide each gradient by its usual size, so that steep and flat directions move alike.

    Args:
        parameters, lr: as for every `Optimizer`.
        alpha: share of the average of squared gradients that each step keeps.
        eps: keeps the division finite where gradients are 0; above 0.
        weight_decay: pull towards 0; adds weight_decay × w to the gradient of w.
        momentum: share of the last step's velocity that is kept.
        centered: divide by the gradient's standard deviation instead of its root mean square.

    Raises:
        EngineTypeError, EngineValueError: as `Optimizer`, or an option out of range.

    Source: Tieleman & Hinton, "Lecture 6.5: RMSProp", Coursera (2012); centered as in Graves,
    "Generating Sequences With Recurrent Neural Networks" (2013), arXiv:1308.0850.

    >>> from pyengine.scalar import Value
    >>> steep, flat = Value(2.0), Value(2.0)
    >>> steep.grad, flat.grad = 100.0, 0.01
    >>> RMSProp([steep, flat], lr=0.1, alpha=0.75).step()
    >>> round(steep.data, 4), round(flat.data, 4)
    (1.8, 1.8)
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        keeps = ["square_avg"]
        keeps += ["grad_avg"] if centered else []
        keeps += ["momentum_buffer"] if momentum else []
        super().__init__(parameters, lr, keeps)
        self.alpha = self._number("alpha", alpha, below=1)
        self.eps = self._number("eps", eps, above_0=True)
        self.weight_decay = self._number("weight_decay", weight_decay)
        self.momentum = self._number("momentum", momentum)
        self.centered = centered

    def update(self, parameter: Parameter, memory: SimpleNamespace) -> None:
        """Step against the gradient over its root mean square."""
        gradient = _decayed_gradient(parameter, self.weight_decay)
        memory.square_avg *= self.alpha
        memory.square_avg += (1 - self.alpha) * gradient * gradient
        mean_square = memory.square_avg
        if self.centered:
            memory.grad_avg *= self.alpha
            memory.grad_avg += (1 - self.alpha) * gradient
            mean_square = memory.square_avg - memory.grad_avg * memory.grad_avg
            # subtle: rounding may end a little below 0, which has no root; that counts as 0.
            mean_square *= mean_square > 0
        direction = gradient / (mean_square**0.5 + self.eps)
        if self.momentum:
            memory.momentum_buffer *= self.momentum
            memory.momentum_buffer += direction
            direction = memory.momentum_buffer
        parameter.data -= self.lr * direction


class Adam(Optimizer):
    """Adaptive moments: momentum for the direction, RMSProp for the size of the step.

    Args:
        parameters, lr: as for every `Optimizer`. A step is about lr long where gradients agree in
            sign from step to step, and shorter where they do not.
        betas: shares that each step keeps, of the gradients' average and of their squares'.
        eps: keeps the division finite where gradients are 0; above 0.
        weight_decay: pull towards 0; adds weight_decay × w to the gradient of w. It is divided
            by the gradient's size like the rest, hence weak where gradients are large: `AdamW`.

    Raises:
        EngineTypeError, EngineValueError: as `Optimizer`, or an option out of range.

    Source: Kingma & Ba, "Adam: A Method for Stochastic Optimization" (2015), arXiv:1412.6980,
    algorithm 1.

    >>> from pyengine.scalar import Value
    >>> steep, flat = Value(2.0), Value(2.0)
    >>> steep.grad, flat.grad = 100.0, 0.01
    >>> Adam([steep, flat], lr=0.1).step()  # the first step is lr long, whatever the gradient
    >>> round(steep.data, 4), round(flat.data, 4)
    (1.9, 1.9)
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, keeps=["exp_avg", "exp_avg_sq"])
        if not (isinstance(betas, Sequence) and len(betas) == 2):
            raise EngineTypeError(type(self).__name__, "betas to be two numbers", f"{betas!r}")
        self.betas = (
            self._number("betas[0]", betas[0], below=1),
            self._number("betas[1]", betas[1], below=1),
        )
        self.eps = self._number("eps", eps, above_0=True)
        self.weight_decay = self._number("weight_decay", weight_decay)

    def update(self, parameter: Parameter, memory: SimpleNamespace) -> None:
        """Step along Adam's direction, weight decay being part of the gradient."""
        self._move(parameter, _decayed_gradient(parameter, self.weight_decay), memory)

    def _move(self, parameter: Parameter, gradient: Any, memory: SimpleNamespace) -> None:
        beta1, beta2 = self.betas
        memory.exp_avg *= beta1
        memory.exp_avg += (1 - beta1) * gradient
        memory.exp_avg_sq *= beta2
        memory.exp_avg_sq += (1 - beta2) * gradient * gradient
        # Both averages began at 0, which still has a share in them: β after one step, β² after
        # two, βᵗ after t. Dividing by the rest, 1 − βᵗ, is the paper's *bias correction*.
        size = memory.exp_avg_sq**0.5
        size /= (1 - beta2**memory.step) ** 0.5
        # subtle: eps comes after root and correction, as in algorithm 1. The shortened form below
        # it in the paper (end of section 2) adds eps before the correction.
        size += self.eps
        parameter.data -= self.lr / (1 - beta1**memory.step) * memory.exp_avg / size


class AdamW(Adam):
    """Adam with decoupled weight decay: the pull towards 0 is no longer part of the gradient.

    Args:
        parameters, lr, betas, eps: as for `Adam`.
        weight_decay: each step first takes away the share lr × weight_decay of a parameter.
        decay_only: whether a parameter decays; all do by default. GPT models are trained with
            `decay_only=is_matrix`.

    Raises:
        EngineTypeError, EngineValueError: as `Optimizer`, or an option out of range.

    Source: Loshchilov & Hutter, "Decoupled Weight Decay Regularization" (2019),
    arXiv:1711.05101, algorithm 2. There only the schedule's factor η scales the decay; here, as in
    PyTorch, all of lr does.

    >>> from pyengine.scalar import Value
    >>> w = Value(2.0)
    >>> AdamW([w], lr=0.1, weight_decay=0.5).step()  # w.grad is 0: nothing but decay
    >>> w.data
    1.9
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        decay_only: Callable[[Parameter], bool] = lambda parameter: True,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay)
        if not callable(decay_only):
            expected, fix = "decay_only to be a function", "Such as decay_only=is_matrix."
            raise EngineTypeError("AdamW", expected, f"{decay_only!r}", fix)
        self.decay_only = decay_only

    def update(self, parameter: Parameter, memory: SimpleNamespace) -> None:
        """Shrink the parameter, then step along Adam's direction."""
        if self.decay_only(parameter):
            parameter.data *= 1 - self.lr * self.weight_decay
        self._move(parameter, parameter.grad, memory)

    def update_all(self, moving: Sequence[tuple[Parameter, SimpleNamespace]]) -> None:
        """Move all parameters, by a kernel if it can take them."""
        if not self._move_at_once(moving):
            super().update_all(moving)

    def _move_at_once(self, moving: Sequence[tuple[Parameter, SimpleNamespace]]) -> bool:
        """Move arrays of float32 in one call; False if these are something else."""
        replaced = getattr(self.update, "__func__", None) is not AdamW.update
        if replaced or any(isinstance(parameter.data, float) for parameter, _ in moving):
            return False
        from pyengine.kernels._dispatch import for_parameters  # NumPy comes with it

        data = [parameter.data for parameter, _ in moving]
        grads = [parameter.grad for parameter, _ in moving]
        memories = [memory for _, memory in moving]
        kept = [each for memory in memories for each in (memory.exp_avg, memory.exp_avg_sq)]
        kernel = for_parameters([*data, *grads, *kept])
        if kernel is None:
            return False
        left = 1 - self.lr * self.weight_decay
        keep = [left if self.decay_only(parameter) else 1.0 for parameter, _ in moving]
        kernel.adamw(data, grads, memories, keep, self.lr, self.betas, self.eps)
        for (parameter, _), array in zip(moving, data, strict=True):
            parameter.data = array  # tells a result computed before that it has changed
        return True


def is_matrix(parameter: Parameter) -> bool:
    """Tell weight matrices and embeddings from biases and norms, which should not decay.

    Args:
        parameter: anything with `.data`.

    Returns:
        Whether it has two dimensions or more; a number has none.

    Source: nanoGPT, `configure_optimizers`; Brown et al. (2020), arXiv:2005.14165, appendix B,
    for the weight decay of 0.1 that goes with it.

    >>> from pyengine.tensor import Tensor
    >>> is_matrix(Tensor([[1.0, 2.0]])), is_matrix(Tensor([1.0, 2.0]))
    (True, False)
    """
    return getattr(parameter.data, "ndim", 0) >= 2


def _decayed_gradient(parameter: Parameter, weight_decay: float) -> Any:
    """The gradient with a pull towards 0: that of loss + weight_decay / 2 × Σ w²."""
    if not weight_decay:
        return parameter.grad
    return parameter.grad + weight_decay * parameter.data
