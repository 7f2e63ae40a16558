"""Operations that treat every number by itself; of two inputs, shapes broadcast.

`backward` multiplies the arriving gradient with the local derivative, as `Value` does, for many
numbers at once; then it sums over whatever broadcasting had repeated.
"""

import numpy as np
from numpy.typing import NDArray

from pyengine.errors import EngineValueError
from pyengine.ops._op import Array, check_broadcast, index_text, unbroadcast


class Binary:
    """What the four below share: the shapes of their inputs, checked."""

    def check(self, a: Array, b: Array) -> None:
        """Raise `ShapeError` unless the shapes broadcast; keep them for `backward`."""
        if a.shape != b.shape:
            check_broadcast(type(self).__name__.lower(), a.shape, b.shape)
        self.shapes = a.shape, b.shape

    def back(self, to_a: Array, to_b: Array) -> tuple[Array, Array]:
        """Give each input its gradient in its own shape."""
        return unbroadcast(to_a, self.shapes[0]), unbroadcast(to_b, self.shapes[1])


class Add(Binary):
    """a + b. The gradient flows to both unchanged.

    >>> op = Add()
    >>> op.forward(np.array([1.0, 2.0]), np.array(10.0))
    array([11., 12.])
    >>> op.backward(np.array([1.0, 1.0]))  # b was used twice
    (array([1., 1.]), array(2.))
    """

    def forward(self, a: Array, b: Array) -> Array:
        """Return the sum."""
        self.check(a, b)
        return np.add(a, b)

    def backward(self, grad: Array) -> tuple[Array, Array]:
        """Return (grad, grad)."""
        return self.back(grad, grad)


class Sub(Binary):
    """a − b.

    >>> op = Sub()
    >>> op.forward(np.array([5.0]), np.array([3.0]))
    array([2.])
    >>> op.backward(np.array([1.0]))
    (array([1.]), array([-1.]))
    """

    def forward(self, a: Array, b: Array) -> Array:
        """Return the difference."""
        self.check(a, b)
        return np.subtract(a, b)

    def backward(self, grad: Array) -> tuple[Array, Array]:
        """Return (grad, −grad)."""
        return self.back(grad, -grad)


class Mul(Binary):
    """a × b: each input is the other's local derivative.

    >>> op = Mul()
    >>> op.forward(np.array([2.0]), np.array([5.0]))
    array([10.])
    >>> op.backward(np.array([1.0]))
    (array([5.]), array([2.]))
    """

    def forward(self, a: Array, b: Array) -> Array:
        """Return the product."""
        self.check(a, b)
        self.a, self.b = a, b
        return np.multiply(a, b)

    def backward(self, grad: Array) -> tuple[Array, Array]:
        """Return (b × grad, a × grad)."""
        return self.back(self.b * grad, self.a * grad)


class Div(Binary):
    """a ÷ b.

    >>> op = Div()
    >>> op.forward(np.array([2.0]), np.array([4.0]))
    array([0.5])
    >>> op.backward(np.array([1.0]))
    (array([0.25]), array([-0.125]))
    """

    def forward(self, a: Array, b: Array) -> Array:
        """Return the quotient; raise where b is 0."""
        self.check(a, b)
        refuse("div", "a divisor other than 0", b, b == 0)
        self.b, self.out = b, np.divide(a, b)
        return self.out

    def backward(self, grad: Array) -> tuple[Array, Array]:
        """Return (grad / b, −grad × a / b²)."""
        to_a = grad / self.b
        return self.back(to_a, -to_a * self.out)


class Neg:
    """−x.

    >>> op = Neg()
    >>> op.forward(np.array([2.0])), op.backward(np.array([1.0]))
    (array([-2.]), (array([-1.]),))
    """

    def forward(self, x: Array) -> Array:
        """Return −x."""
        return np.negative(x)

    def backward(self, grad: Array) -> tuple[Array]:
        """Return −grad."""
        return (-grad,)


class Pow:
    """x to the power of a plain number k. Local derivative: k xᵏ⁻¹.

    >>> op = Pow(3)
    >>> op.forward(np.array([2.0])), op.backward(np.array([1.0]))  # 3 · 2²
    (array([8.]), (array([12.]),))
    """

    def __init__(self, exponent: float) -> None:
        self.k = exponent

    def forward(self, x: Array) -> Array:
        """Return xᵏ; raise where it does not exist."""
        if not float(self.k).is_integer():
            refuse("pow", f"a base of at least 0 for the exponent {self.k:g}", x, x < 0)
        if self.k < 0:
            refuse("pow", f"a base other than 0 for the exponent {self.k:g}", x, x == 0)
        self.x = x
        # Products are exact, and many times faster than a power.
        return x * x if self.k == 2 else np.power(x, self.k)

    def backward(self, grad: Array) -> tuple[Array]:
        """Return k xᵏ⁻¹ × grad."""
        if self.k == 0:  # subtle: x⁰ is flat even at 0, where x⁻¹ does not exist
            return (np.zeros_like(grad),)
        with np.errstate(divide="ignore"):  # the slope of √x at 0 is inf
            return (self.k * np.power(self.x, self.k - 1) * grad,)


class Exp:
    """e to the power of x; its own local derivative.

    >>> op = Exp()
    >>> op.forward(np.array([0.0])), op.backward(np.array([1.0]))
    (array([1.]), (array([1.]),))
    """

    def forward(self, x: Array) -> Array:
        """Return eˣ; inf where that exceeds the float's range."""
        with np.errstate(over="ignore"):
            self.out = np.exp(x)
        return self.out

    def backward(self, grad: Array) -> tuple[Array]:
        """Return eˣ × grad."""
        return (self.out * grad,)


class Log:
    """Natural logarithm. Local derivative: 1 / x.

    >>> op = Log()
    >>> op.forward(np.array([1.0, 4.0])).round(3), op.backward(np.array([1.0, 1.0]))
    (array([0.   , 1.386]), (array([1.  , 0.25]),))
    """

    def forward(self, x: Array) -> Array:
        """Return log x; raise where x is not above 0."""
        refuse("log", "numbers above 0", x, x <= 0)
        self.x = x
        return np.log(x)

    def backward(self, grad: Array) -> tuple[Array]:
        """Return grad / x."""
        return (grad / self.x,)


class Tanh:
    """Hyperbolic tangent. Local derivative: 1 − tanh².

    >>> op = Tanh()
    >>> op.forward(np.array([0.0, 20.0])), op.backward(np.array([1.0, 1.0]))
    (array([0., 1.]), (array([1., 0.]),))
    """

    def forward(self, x: Array) -> Array:
        """Return tanh x, from −1 to 1."""
        self.out = np.tanh(x)
        return self.out

    def backward(self, grad: Array) -> tuple[Array]:
        """Return (1 − tanh²) × grad."""
        return ((1 - self.out * self.out) * grad,)


class Sigmoid:
    """Logistic function s = 1 / (1 + e⁻ˣ). Local derivative: s (1 − s).

    >>> op = Sigmoid()
    >>> op.forward(np.array([0.0])), op.backward(np.array([1.0]))
    (array([0.5]), (array([0.25]),))
    """

    def forward(self, x: Array) -> Array:
        """Return s, from 0 to 1."""
        self.out = logistic(x)
        return self.out

    def backward(self, grad: Array) -> tuple[Array]:
        """Return s (1 − s) × grad."""
        return (self.out * (1 - self.out) * grad,)


def logistic(x: Array) -> Array:
    """Return 1 / (1 + e⁻ˣ).

    >>> logistic(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    # subtle: e to a large positive number overflows, so only e^(−|x|) is ever computed.
    small = np.exp(-np.abs(x))
    out: Array = np.where(x >= 0, 1, small) / (1 + small)
    return out


def refuse(where: str, expected: str, x: Array, wrong: NDArray[np.bool_]) -> None:
    """Raise if any number is wrong, naming the first of them and its place."""
    if wrong.any():
        place = np.argwhere(wrong)[0]
        at = f" at {index_text(place)}" if len(place) else ""
        raise EngineValueError(where, expected, f"{float(x[tuple(place)]):g}{at}")
