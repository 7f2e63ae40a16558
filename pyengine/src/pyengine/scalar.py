"""Backpropagation on single numbers: the whole idea in one class, no NumPy.

Every `Value` remembers the values it was computed from and, for each of them, one *local
derivative*: how much the result moves when that input moves. The forward pass fills these in.
`backward` then walks the graph from the result to the leaves and multiplies them together: the
chain rule. Nothing else happens in the backward pass of a model with billions of parameters.

    >>> x, w = Value(3.0, label="x"), Value(-2.0, label="w")
    >>> loss = (x * w).tanh() + w**2
    >>> loss.backward()
    >>> round(loss.data, 4), round(w.grad, 4)
    (3.0, -3.9999)

Method: Rumelhart, Hinton & Williams, "Learning representations by back-propagating errors",
Nature 323 (1986). The interface is that of Andrej Karpathy's micrograd (2020), so code that
computes with its `Value` runs here. What differs is how an operation is made: local derivatives
kept as numbers, in the place of its `_backward` functions, follow his microgpt (2026).
"""

from __future__ import annotations

import math
from numbers import Real

from pyengine.errors import EngineTypeError, EngineValueError
from pyengine.graph import Linked


class Value(Linked):
    """One number in a computation, and the gradient of the result with respect to it.

    Args:
        data: the number. Kept as a 64-bit float.
        inputs: the values it was computed from; empty for a *leaf* (an input or a parameter).
        local_grads: for each input, the derivative of this number with respect to it. An
            operation of your own is one line: `Value(math.sin(x.data), (x,), (math.cos(x.data),))`.
        op: the operation that made it, such as "+" or "tanh"; empty for a leaf.
        label: a name for drawings.

    After `loss.backward()`, `value.grad` is d loss / d value: the change of the loss per unit of
    change of the value.

    >>> a = Value(2.0)
    >>> b = a * a + 3  # plain numbers become leaves
    >>> b.backward()
    >>> b, a.grad
    (Value(data=7.0, grad=1.0), 4.0)
    """

    # No __dict__: a lesson that trains on scalars builds some 100,000 of these per step.
    __slots__ = ("data", "grad", "label", "local_grads", "op")

    # Lets `np.float64(2) * value` reach __rmul__ below instead of becoming an array of objects.
    __array_ufunc__ = None

    def __init__(
        self,
        data: float,
        inputs: tuple[Value, ...] = (),
        local_grads: tuple[float, ...] = (),
        op: str = "",
        label: str = "",
    ) -> None:
        if inputs and (len(local_grads) != len(inputs) or isinstance(local_grads, str)):
            # micrograd's order, Value(data, inputs, "tanh"), would otherwise pass for a while
            expected = f"local_grads of length {len(inputs)}, a slope for each input"
            fix = "Write Value(data, inputs, local_grads, op); no _backward is needed."
            raise EngineTypeError("Value", expected, f"{local_grads!r}", fix)
        self.inputs = inputs
        self.data = data if type(data) is float else _as_float(data)
        self.grad = 0.0
        self.local_grads = local_grads
        self.op = op
        self.label = label

    def named(self, label: str) -> Value:
        """Give this value a label and return it, so that a line can compute and name at once.

        >>> (Value(1.0) + 1).named("z").label
        'z'
        """
        self.label = label
        return self

    # Each operation states its result and its local derivatives side by side.

    def __add__(self, other: Value | float) -> Value:
        other = _as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __sub__(self, other: Value | float) -> Value:
        other = _as_value(other)
        return Value(self.data - other.data, (self, other), (1.0, -1.0), "-")

    def __mul__(self, other: Value | float) -> Value:
        other = _as_value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "*")

    def __truediv__(self, other: Value | float) -> Value:
        other = _as_value(other)
        if other.data == 0:
            raise EngineValueError("/", "a divisor other than 0", f"{self.data} / {other.data}")
        out = self.data / other.data
        return Value(out, (self, other), (1 / other.data, -out / other.data), "/")

    def __pow__(self, exponent: float) -> Value:
        if not isinstance(exponent, Real):
            fix = "For a power that is itself a Value, write (exponent * base.log()).exp()."
            raise EngineTypeError("**", "a plain number as exponent", _kind(exponent), fix)
        x, k = self.data, float(exponent)
        return Value(_power(x, k), (self,), (_power_slope(x, k),), f"**{exponent:g}")

    def __neg__(self) -> Value:
        return Value(-self.data, (self,), (-1.0,), "neg")

    def relu(self) -> Value:
        """Rectified linear unit, max(0, x). At 0 exactly its slope counts as 0, as in PyTorch.

        >>> Value(-3.0).relu().data, Value(3.0).relu().data
        (0.0, 3.0)
        """
        if self.data <= 0:  # subtle: nan is not, so it stays visible
            return Value(0.0, (self,), (0.0,), "relu")
        return Value(self.data, (self,), (1.0,), "relu")

    def tanh(self) -> Value:
        """Hyperbolic tangent: squeezes any number into −1 … 1. Its slope is 1 − tanh².

        >>> Value(0.0).tanh().local_grads
        (1.0,)
        """
        out = math.tanh(self.data)
        return Value(out, (self,), (1 - out * out,), "tanh")

    def sigmoid(self) -> Value:
        """Logistic function 1 / (1 + e⁻ˣ): turns a logit into a probability. Slope s (1 − s).

        >>> Value(0.0).sigmoid().data
        0.5
        """
        # subtle: e to a large positive number overflows, so only e^(−|x|) is ever computed.
        small = math.exp(-abs(self.data))
        out = 1 / (1 + small) if self.data >= 0 else small / (1 + small)
        return Value(out, (self,), (out * (1 - out),), "sigmoid")

    def exp(self) -> Value:
        """Exponential, e to the power of x. It is its own slope.

        >>> Value(0.0).exp().data
        1.0
        """
        try:
            out = math.exp(self.data)
        except OverflowError:
            expected = "a number up to 709.78, beyond which e to its power exceeds a 64-bit float"
            raise EngineValueError("exp", expected, f"{self.data}") from None
        return Value(out, (self,), (out,), "exp")

    def log(self) -> Value:
        """Natural logarithm. Its slope is 1 / x.

        >>> Value(1.0).log().data
        0.0
        """
        if self.data <= 0:
            fix = "A probability that reached 0 has infinite loss; work from logits instead."
            raise EngineValueError("log", "a number above 0", f"{self.data}", fix)
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    # Python asks the right-hand operand when the left one is a plain number: 2 * x, 1 / x, …

    def __radd__(self, other: float) -> Value:
        return _as_value(other) + self

    def __rsub__(self, other: float) -> Value:
        return _as_value(other) - self

    def __rmul__(self, other: float) -> Value:
        return _as_value(other) * self

    def __rtruediv__(self, other: float) -> Value:
        return _as_value(other) / self

    def __rpow__(self, base: float) -> Value:
        fix = "For a power with a Value as exponent, write (exponent * math.log(base)).exp()."
        raise EngineTypeError("**", "a plain number as exponent", _kind(self), fix)

    @property
    def edges(self) -> tuple[tuple[Value, float], ...]:
        """The inputs, each with the local derivative of this value with respect to it.

        >>> [(a.data, slope) for a, slope in (Value(2.0) * Value(5.0)).edges]
        [(2.0, 5.0), (5.0, 2.0)]
        """
        return tuple(zip(self.inputs, self.local_grads, strict=True))

    # micrograd's names, for code that was written to draw its graphs (`draw_dot`). Read only.

    @property
    def _prev(self) -> set[Value]:
        """The inputs, each once.

        >>> a = Value(2.0)
        >>> (a * a)._prev == {a}
        True
        """
        return set(self.inputs)

    @property
    def _op(self) -> str:
        """The operation that made this value.

        >>> (Value(2.0) * 3)._op
        '*'
        """
        return self.op

    def walk(self) -> list[Value]:
        """List every value this one depends on, itself last, inputs before what they feed.

        That order is a *topological sort*. It is found with a list as the stack, not by
        recursion, so a chain of 100,000 operations is no deeper for Python than one of ten.

        >>> a = Value(1.0, label="a")
        >>> b = (a + a).named("b")
        >>> c = (b + a).named("c")
        >>> [value.label for value in c.walk()]
        ['a', 'b', 'c']
        """
        order: list[Value] = []
        seen: set[Value] = set()
        stack = [(self, False)]
        while stack:
            value, inputs_are_listed = stack.pop()
            if inputs_are_listed:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                stack.append((value, True))
                stack.extend((each, False) for each in reversed(value.inputs))
        return order

    def backward(self) -> None:
        """Fill in `grad` = d self / d value for every value that self was computed from.

        Chain rule, one edge at a time: a value passes (its gradient × local derivative) to each
        input, and an input that feeds several values adds up what it receives. Hence the
        order: a value may pass its gradient on only when all of it has arrived, which walking
        the topological sort backwards ensures.

        Called again, it does what PyTorch does with `retain_graph=True`. Leaves *accumulate*: a
        second call adds to the gradients of parameters and inputs, so set them to 0 before each
        step (`SGD.zero_grad`). All other gradients start afresh, so nothing is counted twice.

        >>> a = Value(3.0)
        >>> b = a * a
        >>> b.backward()
        >>> a.grad
        6.0
        >>> b.backward()
        >>> a.grad  # 6 + 6: accumulated
        12.0
        """
        order = self.walk()
        for value in order:
            if value.inputs:
                value.grad = 0.0
        self.grad += 1.0  # d self / d self
        for value in reversed(order):
            for each, slope in zip(value.inputs, value.local_grads, strict=True):
                each.grad += slope * value.grad

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self.data}, grad={self.grad}{label})"


def _as_value(number: Value | float) -> Value:
    return number if isinstance(number, Value) else Value(number)


def _as_float(number: object) -> float:
    if isinstance(number, Real):  # int, and NumPy's scalars
        return float(number)
    raise EngineTypeError("Value", "one real number", _kind(number), "A Value holds one number.")


def _kind(thing: object) -> str:
    return f"{thing!r} ({type(thing).__name__})"


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        raise EngineValueError("**", "a base other than 0", f"{base} ** {exponent:g}")
    if base < 0 and not exponent.is_integer():
        fix = "A negative number has no real power of that kind."
        raise EngineValueError("**", "a base of at least 0", f"{base} ** {exponent:g}", fix)
    try:
        return math.pow(base, exponent)
    except OverflowError:
        expected = "a power that fits a 64-bit float"
        raise EngineValueError("**", expected, f"{base} ** {exponent:g}") from None


def _power_slope(x: float, k: float) -> float:
    """d(xᵏ)/dx = k xᵏ⁻¹, or ±inf if a float cannot hold it, as that of the root at 0."""
    if k == 0:  # subtle: x⁰ is flat even at 0, where x⁻¹ does not exist
        return 0.0
    try:
        return k * math.pow(x, k - 1)
    except (OverflowError, ValueError):  # too large; 0 to a negative power
        return k * (math.copysign(math.inf, x) if k % 2 == 0 else math.inf)
