"""Activations: the bends between a network's straight parts, without which layers would merge."""

import math

import numpy as np

from pyengine.ops._op import Array
from pyengine.ops.elementwise import logistic

ROOT = math.sqrt(2 / math.pi)
CUBIC = 0.044715


class ReLU:
    """Rectified linear unit, max(0, x). At 0 exactly its slope counts as 0, as in PyTorch.

    >>> op = ReLU()
    >>> op.forward(np.array([-2.0, 0.0, 3.0])), op.backward(np.ones(3))
    (array([0., 0., 3.]), (array([0., 0., 1.]),))
    """

    def forward(self, x: Array) -> Array:
        """Return 0 in place of all that is below."""
        self.cut = x <= 0  # subtle: nan is not, so it stays visible
        return np.where(self.cut, x.dtype.type(0), x)

    def backward(self, grad: Array) -> tuple[Array]:
        """Return the gradient where x passed, else 0."""
        return (np.where(self.cut, grad.dtype.type(0), grad),)


class GELU:
    """Gaussian error linear unit, x Φ(x): x times the chance that a normal number is below x.

    Source: Hendrycks & Gimpel (2016), arXiv:1606.08415. Exact, and slow: NumPy has no erfc, so
    Python's is called for every number. GPT-2 uses the form below.

    >>> GELU().forward(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.1587,  0.    ,  0.8413])
    """

    def forward(self, x: Array) -> Array:
        """Return x Φ(x), where Φ(x) = erfc(−x / √2) / 2."""
        erfc = np.frompyfunc(math.erfc, 1, 1)  # exact where 1 + erf would round to 0
        self.x = x
        self.chance = np.asarray(0.5 * erfc(-x / math.sqrt(2)), dtype=x.dtype)
        return x * self.chance

    def backward(self, grad: Array) -> tuple[Array]:
        """Return (Φ(x) + x φ(x)) × grad, where φ(x) = e^(−x²/2) / √(2π)."""
        density = np.exp(-0.5 * self.x * self.x) * (1 / math.sqrt(2 * math.pi))
        return ((self.chance + self.x * density) * grad,)


class TanhGELU:
    """GELU as GPT-2 computes it: x (1 + tanh u) / 2, where u = √(2/π) (x + 0.044715 x³).

    >>> TanhGELU().forward(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.1588,  0.    ,  0.8412])
    """

    def forward(self, x: Array) -> Array:
        """Return a number within 0.0005 of x Φ(x)."""
        self.x = x
        self.tanh = np.tanh(ROOT * x * (1 + CUBIC * x * x))
        out: Array = 0.5 * x * (1 + self.tanh)
        return out

    def backward(self, grad: Array) -> tuple[Array]:
        """Return (1 + tanh u + x (1 − tanh² u) du/dx) / 2 × grad."""
        x, tanh = self.x, self.tanh
        slope = ROOT * (1 + 3 * CUBIC * x * x)  # du/dx
        return (0.5 * (1 + tanh + x * (1 - tanh * tanh) * slope) * grad,)


class SiLU:
    """Sigmoid linear unit, x s(x), also called swish.

    Source: Elfwing, Uchibe & Doya (2017), arXiv:1702.03118.

    >>> SiLU().forward(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.2689,  0.    ,  0.7311])
    """

    def forward(self, x: Array) -> Array:
        """Return x / (1 + e⁻ˣ)."""
        self.x, self.sigmoid = x, logistic(x)
        return x * self.sigmoid

    def backward(self, grad: Array) -> tuple[Array]:
        """Return s (1 + x (1 − s)) × grad."""
        s = self.sigmoid
        return (s * (1 + self.x * (1 - s)) * grad,)
