"""The way back: how gradients travel from a loss to everything it was computed from.

A `Node` is the autograd half of a `Tensor`: its array, its gradient, and the operation and nodes
it was computed from. What can be computed with it stands in `tensor.py`.
"""

from __future__ import annotations

from contextlib import ContextDecorator
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pyengine import ops
from pyengine.errors import EngineTypeError, EngineValueError, ShapeError
from pyengine.graph import Linked
from pyengine.ops import Array, Op

# How many `no_grad` blocks are open here: every thread, and every asyncio task, has its own count.
_blocks: ContextVar[int] = ContextVar("blocks", default=0)


class no_grad(ContextDecorator):
    """Within it nothing is recorded: for measuring and sampling, which need no gradients.

    Also a decorator, `@no_grad()`. Not for generators: calling one runs nothing of it yet, so write
    the `with` inside.

    >>> from pyengine.tensor import Tensor
    >>> w = Tensor([1.0], requires_grad=True)
    >>> with no_grad():
    ...     y = w * 2
    >>> y.requires_grad
    False
    """

    def __new__(cls, function: Any = None) -> Any:
        """Make a block, or wrap a function: PyTorch allows a bare `@no_grad` too."""
        return super().__new__(cls) if function is None else cls()(function)

    def __enter__(self) -> None:
        _blocks.set(_blocks.get() + 1)

    def __exit__(self, *error: object) -> None:
        _blocks.set(_blocks.get() - 1)


class Node(Linked):
    """An array in a computation, and where it came from."""

    __slots__ = (
        "_data",
        "_gone",
        "_seen",
        "_version",
        "grad",
        "label",
        "op",
        "requires_grad",
    )

    def __init__(self, data: ArrayLike, requires_grad: bool = False, label: str = "") -> None:
        self.inputs: tuple[Node, ...] = ()
        if isinstance(data, Node):
            fix = "Use it as it is, or .detach() it from its graph."
            raise EngineTypeError("Tensor", "numbers or an array", "a Tensor", fix)
        array = ops.as_floats(data, "Tensor")
        # subtle: a copy, or two parameters made from one array would be trained as one.
        self._data = array.copy() if requires_grad else array
        self._version = 0  # counts assignments to .data, so that backward can tell
        self.grad: Array | None = None
        self.requires_grad = requires_grad
        self.label = label
        self.op: Op | None = None  # what computed it; None for a leaf
        self._seen: tuple[int, ...] = ()  # the versions of inputs and result when it was computed
        self._gone = False  # whether a backward has let the graph behind it go

    @property
    def data(self) -> Array:
        """The numbers. Assigning new ones is what an optimizer does; nothing is recorded.

        They take on the old ones' precision. A result that still needs the old ones refuses its
        `backward` afterwards. It cannot know of writing into the array, data[0] = …, which would
        make its gradients wrong: change a copy, and assign that.
        """
        return self._data

    @data.setter
    def data(self, new: ArrayLike) -> None:
        array = ops.as_floats(new, "Tensor.data").astype(self.dtype, copy=False)
        if array.shape != self.shape:
            raise ShapeError("Tensor.data", f"shape {self.shape}", f"shape {array.shape}")
        self._data = array
        self._version += 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Its dimensions."""
        return self._data.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The precision of its numbers: float32 or float64."""
        return self._data.dtype

    @property
    def is_leaf(self) -> bool:
        """Whether it was given, not computed with something to train: gradients stop here."""
        return self.op is None and not self._gone

    def record(self, op: Op, inputs: tuple[Node, ...]) -> None:
        """Remember what computed this node, if there is anything to train among the inputs."""
        if not _blocks.get() and any(each.requires_grad for each in inputs):
            self.requires_grad = True
            self.op, self.inputs = op, inputs
            self._seen = self._versions()

    def walk(self) -> list[Node]:
        """List every node this one depends on, itself last, inputs before what they feed.

        A topological sort with a list as the stack, as `Value.walk`. Nodes that no gradient
        can reach are left out.
        """
        order: list[Node] = []
        seen: set[int] = set()
        stack = [(self, False)]
        while stack:
            node, inputs_are_listed = stack.pop()
            if inputs_are_listed:
                order.append(node)
            elif id(node) not in seen and node.requires_grad:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((each, False) for each in reversed(node.inputs))
        return order

    def backward(self, grad: ArrayLike | None = None, retain_graph: bool = False) -> None:
        """Add d self / d leaf to `leaf.grad`, for every leaf that self was computed from.

        Args:
            grad: d loss / d self, shaped like self, if self is not the loss itself.
            retain_graph: keep the graph for a second backward. Otherwise it is let go, with all
                its intermediate results; that is most of the memory of a training step.

        Gradients of leaves *accumulate*, as in PyTorch: set them to None before each step
        (`optimizer.zero_grad`). Intermediate gradients are dropped as soon as they are passed on.

        Raises:
            ShapeError: self is not a single number and no `grad` was given.
            EngineValueError: there is nothing to train in it; its graph was let go by an earlier
                backward; or the `data` of a node it needs was assigned in the meantime (what was
                written into the array itself goes unseen). In these cases no gradient was changed.
        """
        grads = {id(self): self._first_grad(grad)}
        order = self.walk()
        for node in order:
            node._check_unchanged()
        with quiet():
            while order:  # from the end, so that what is done with can be freed
                node = order.pop()
                node._pass_on(grads, grads.pop(id(node)))
                if not retain_graph:
                    node._let_go()

    def _pass_on(self, grads: dict[int, Array], arrived: Array) -> None:
        """Keep the gradient that arrived, if this is a leaf; else add its share to each input's."""
        if self.op is None:
            self._collect(arrived)
            return
        passed = gradients(self.op, arrived, self.inputs)
        fresh = getattr(self.op, "fresh", False)
        for each, grad in zip(self.inputs, passed, strict=True):
            if each.requires_grad:
                known = grads.get(id(each))
                if known is not None:
                    grad = np.asarray(known + grad)
                elif each.op is None and not fresh:
                    # subtle: a leaf keeps its own. What is passed may be part of another array,
                    # or go to several inputs, and a gradient may be scaled later, in place.
                    grad = np.array(grad)
                grads[id(each)] = grad

    def _let_go(self) -> None:
        """Forget what computed this node, and with it all that only this node needed."""
        if self.op is not None:
            self.op, self.inputs, self._gone = None, (), True

    def _collect(self, grad: Array) -> None:
        """Add what arrived at a leaf to its gradient."""
        self.grad = grad if self.grad is None else np.asarray(self.grad + grad)

    def _first_grad(self, grad: ArrayLike | None) -> Array:
        """The gradient that backward starts with, checked."""
        if not self.requires_grad:
            fix = "Is it computed from parameters (requires_grad=True), outside no_grad?"
            raise EngineValueError("backward", "a result of something to train", repr(self), fix)
        if grad is None and self._data.size != 1:
            fix = "Reduce it to one loss first, as with .mean(), or pass grad."
            raise ShapeError("backward", "a single number, the loss", f"shape {self.shape}", fix)
        if grad is None:
            return np.ones(self.shape, self.dtype)
        first = ops.as_floats(grad, "backward").astype(self.dtype)
        if first.shape != self.shape:
            raise ShapeError("backward", f"grad of shape {self.shape}", f"shape {first.shape}")
        return first

    def _check_unchanged(self) -> None:
        """Raise unless what this node was computed from is still there, as it was."""
        if self._gone:
            fix = "Compute the loss again, or pass retain_graph=True to the first backward."
            got = "a second backward through a graph that the first has let go"
            raise EngineValueError("backward", "one backward per forward", got, fix)
        if self.op is not None and self._seen != self._versions():
            fix = "Call backward before optimizer.step(), or compute the result again."
            got = "other numbers, assigned to .data since"
            expected = f"the numbers {type(self.op).__name__} was computed with"
            raise EngineValueError("backward", expected, got, fix)

    def _versions(self) -> tuple[int, ...]:
        return (self._version, *[each._version for each in self.inputs])


def quiet() -> np.errstate:
    """Let numbers grow to inf and nan without NumPy's warnings, as PyTorch does.

    A run that diverges is something to study; the loss says so as soon as it is not finite.
    """
    return np.errstate(over="ignore", invalid="ignore")


def gradients(op: Op, grad: Array, inputs: tuple[Node, ...]) -> list[Array]:
    """Return what an operation's backward makes of a gradient: one for each input, checked."""
    passed = op.backward(grad)
    if getattr(op, "checked", False):  # a kernel: it was compared with NumPy before its first use
        return list(passed)
    where = f"{type(op).__name__}.backward"
    if not isinstance(passed, tuple):
        fix = "For a single one, mind the comma: return (grad,)."
        expected = "a tuple of gradients, one for each input"
        raise EngineTypeError(where, expected, type(passed).__name__, fix)
    arrays = [ops.as_floats(each, where) for each in passed]
    found, shapes = [each.shape for each in arrays], [each.shape for each in inputs]
    if found != shapes:
        fix = "A gradient has the shape of what it is the gradient of; see ops.unbroadcast."
        raise ShapeError(where, f"gradients of shapes {shapes}", f"{found}", fix)
    pairs = zip(arrays, inputs, strict=True)
    return [array.astype(each.dtype, copy=False) for array, each in pairs]
