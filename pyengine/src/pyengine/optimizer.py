"""What all optimizers share: parameters, a learning rate, and a memory that can be saved.

How they move a parameter stands in `optim.py`.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from numbers import Real
from types import SimpleNamespace
from typing import Any, Protocol

from pyengine.errors import EngineTypeError, EngineValueError, ShapeError


class Parameter(Protocol):
    """A number, or an array of them, that training may change: a `scalar.Value`, a `Tensor`."""

    data: Any  # a float or a NumPy array
    grad: Any  # the same shape, or None for "nothing arrived"


class Optimizer(ABC):
    """What all optimizers share: the parameters, the rate, and a memory for each parameter.

    Args:
        parameters: what to train, each with `.data` and `.grad`.
        lr: the learning rate; the one option that may be changed between steps, as in
            `optimizer.lr = schedule(step)`.
        keeps: names of what to remember for each parameter: zeros in the beginning, shaped like it.

    Raises:
        EngineTypeError: `parameters` is not a collection of parameters, or `lr` not a number.
        EngineValueError: `lr` below 0, no parameters, one of them twice, or one that is never
            trained: a result, or a tensor without requires_grad.

    Each kind of optimizer says in `update` how one parameter moves:

    >>> from pyengine.scalar import Value
    >>> class SignDescent(Optimizer):  # only the gradient's sign counts
    ...     def update(self, parameter, memory):
    ...         parameter.data -= math.copysign(self.lr, parameter.grad)
    >>> w = Value(2.0)
    >>> w.grad = 300.0
    >>> SignDescent([w], lr=0.5).step()
    >>> w.data
    1.5
    """

    def __init__(
        self, parameters: Iterable[Parameter], lr: float, keeps: Sequence[str] = ()
    ) -> None:
        self.parameters = parameter_list(parameters, type(self).__name__)
        for i, parameter in enumerate(self.parameters):
            self._check_trained(parameter, f"parameters[{i}]")
        self.lr = lr
        # What steps leave behind for the next: how many there were, and what the optimizer keeps.
        self.memory = [
            SimpleNamespace(step=0, **{name: _zeros_like(each.data) for name in keeps})
            for each in self.parameters
        ]

    @property
    def lr(self) -> float:
        """The learning rate of the next step."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._lr = self._number("lr", lr)

    def zero_grad(self) -> None:
        """Forget all gradients. Call it before `backward`, which adds to what is there."""
        for parameter in self.parameters:
            # A number starts again from 0; an array is dropped, as in PyTorch, to free its memory.
            parameter.grad = 0.0 if isinstance(parameter.data, float) else None

    def step(self) -> None:
        """Move every parameter one step downhill. Those whose gradient is None stay."""
        for i, parameter in enumerate(self.parameters):
            self._check_gradient(parameter, f"parameters[{i}]")
        moving = [
            (parameter, memory)
            for parameter, memory in zip(self.parameters, self.memory, strict=True)
            if parameter.grad is not None
        ]
        for _, memory in moving:
            memory.step += 1
        with _quiet(self.parameters):
            self.update_all(moving)

    def update_all(self, moving: Sequence[tuple[Parameter, SimpleNamespace]]) -> None:
        """Move parameters, each with its memory, one by one; a kernel may move them at once."""
        for parameter, memory in moving:
            self.update(parameter, memory)

    @abstractmethod
    def update(self, parameter: Parameter, memory: SimpleNamespace) -> None:
        """Move one parameter; `memory.step` is 1 in its first step."""

    def state(self) -> dict[str, Any]:
        """Copy what was remembered: with the parameters, all that a run needs to be resumed.

        Returns:
            For each parameter, counted from 0, the steps it took ("0.step") and what was kept
            under PyTorch's names ("0.exp_avg"), a float or an array shaped like the parameter.
            Options such as lr are not in it: they are the constructor's.

        >>> from pyengine.optim import SGD
        >>> from pyengine.scalar import Value
        >>> w = Value(2.0)
        >>> optimizer = SGD([w], momentum=0.9)
        >>> w.grad = 3.0
        >>> optimizer.step()
        >>> optimizer.state()
        {'0.step': 1, '0.momentum_buffer': 3.0}
        """
        return {key: copy(getattr(memory, name)) for key, memory, name in self._entries()}

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved `state()`: same parameters and options, same numbers to the last bit.

        Raises:
            EngineValueError: entries missing or unknown, as from other options.
            ShapeError: an entry whose shape or precision is not its parameter's.

        In either case nothing was loaded.
        """
        self._check(state)
        for key, memory, name in self._entries():
            kept = getattr(memory, name)
            if isinstance(kept, (int, float)):
                setattr(memory, name, type(kept)(state[key]))  # files hold numbers as arrays
            else:
                kept[...] = state[key]

    def _entries(self) -> Iterator[tuple[str, SimpleNamespace, str]]:
        for i, memory in enumerate(self.memory):
            for name in vars(memory):
                yield f"{i}.{name}", memory, name

    def _check(self, state: Mapping[str, Any]) -> None:
        """Raise unless `state` has our entries, each in our shape and precision."""
        where = f"{type(self).__name__}.load_state"
        ours = {key: getattr(memory, name) for key, memory, name in self._entries()}
        missing = [key for key in ours if key not in state]
        unknown = [key for key in state if key not in ours]
        if missing or unknown:
            expected = f"the {len(ours)} entries it keeps for {len(self.parameters)} parameters"
            got = f"{_listed(missing)} missing, {_listed(unknown)} unknown"
            fix = "Make the optimizer as the saved one was: its class, options and parameters."
            raise EngineValueError(where, expected, got, fix)
        forms = {key: (_form(state[key], kept), _form(kept, kept)) for key, kept in ours.items()}
        wrong = [f"{key} {a} instead of {b}" for key, (a, b) in forms.items() if a != b]
        if wrong:
            fix = "Are the parameters those of the saved run, in the same order?"
            raise ShapeError(where, "entries like their parameters", _listed(wrong), fix)

    def _check_trained(self, parameter: Parameter, name: str) -> None:
        """Raise for a tensor that no gradient will ever reach."""
        where, expected = type(self).__name__, f"{name} to be a tensor that collects a gradient"
        fix = "Make it with Tensor(..., requires_grad=True)."
        if not getattr(parameter, "is_leaf", True):
            raise EngineValueError(where, expected, "one computed from others", fix)
        if not getattr(parameter, "requires_grad", True):
            raise EngineValueError(where, expected, "one with requires_grad=False", fix)

    def _check_gradient(self, parameter: Parameter, name: str) -> None:
        """Raise unless the gradient, if there is one, has its parameter's shape."""
        if parameter.grad is None:
            return
        # subtle: NumPy would stretch another shape to fit, and give all rows the same step.
        found, ours = _shape(parameter.grad), _shape(parameter.data)
        if found != ours:
            where = f"{type(self).__name__}.step"
            raise ShapeError(where, f"{name}.grad of shape {ours}", f"shape {found}")

    def _number(
        self, name: str, number: float, below: float = math.inf, above_0: bool = False
    ) -> float:
        """Return an option as a float, or raise if it is out of range."""
        where = type(self).__name__
        if not isinstance(number, Real):
            fix = "A schedule gives one for each step: schedule(step)." if name == "lr" else ""
            raise EngineTypeError(where, f"{name} to be a number", f"{number!r}", fix)
        if not 0 <= number < below or (above_0 and number == 0):
            limits = "above 0" if above_0 else "of at least 0"
            limits += f" and below {below:g}" if below < math.inf else ""
            raise EngineValueError(where, f"{name} to be a number {limits}", f"{number}")
        return float(number)


def parameter_list(parameters: Iterable[Parameter], where: str) -> list[Parameter]:
    """Return the parameters as a list, or raise if there are none, one twice, or something else.

    >>> from pyengine.scalar import Value
    >>> parameter_list((Value(x) for x in (1.0, 2.0)), "SGD")
    [Value(data=1.0, grad=0.0), Value(data=2.0, grad=0.0)]
    """
    # subtle: a single tensor is a collection too, of its rows, none of which could be trained.
    if hasattr(parameters, "grad") or not isinstance(parameters, Iterable):
        got = type(parameters).__name__
        raise EngineTypeError(where, "a list of parameters", got, "Write [w] for a single one.")
    found = list(parameters)
    for each in found:
        if not (hasattr(each, "data") and hasattr(each, "grad")):
            got = f"{each!r} ({type(each).__name__})"
            fix = "Wrap numbers in Value(...), arrays in Tensor(...)."
            raise EngineTypeError(where, "parameters with .data and .grad", got, fix)
    if not found:
        raise EngineValueError(where, "at least one parameter", "none")
    if len({id(each) for each in found}) < len(found):
        raise EngineValueError(where, "each parameter once", "the same one twice", "Drop one.")
    return found


def _quiet(parameters: list[Parameter]) -> AbstractContextManager[object]:
    """Let arrays overflow as plain floats do, to inf and without a word."""
    if all(isinstance(each.data, float) for each in parameters):
        return nullcontext()
    from pyengine.autograd import quiet  # not above: numbers are trained without NumPy

    return quiet()


def _zeros_like(data: Any) -> Any:
    if isinstance(data, float):
        return 0.0
    zeros = data.copy()
    zeros.fill(0)
    return zeros


def _shape(entry: Any) -> Any:
    return getattr(entry, "shape", ())  # a plain number has none


def _form(entry: Any, like: Any) -> str:
    """Shape of an entry, and its precision if the one it is to be like is an array."""
    shape = str(_shape(entry))
    return shape if isinstance(like, (int, float)) else f"{getattr(entry, 'dtype', '')}{shape}"


def _listed(words: list[str]) -> str:
    more = f" and {len(words) - 3} more" if len(words) > 3 else ""
    return (", ".join(words[:3]) or "none") + more
