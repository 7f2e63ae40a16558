"""pyengine: how a model learns, as code to read.

    scalar     Value: backpropagation on single numbers
    ops        softmax, log_softmax, cross_entropy on NumPy arrays, forward and backward
    optim      SGD, with momentum, Nesterov and weight decay
    schedule   the learning rate, step by step
    show       results as figures, curves, chains and tables
    errors     the EngineError family

Only `ops` needs NumPy, and it is imported when one of its names is first used, so a page about
scalars starts without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pyengine import schedule, show
from pyengine.errors import EngineError, EngineTypeError, EngineValueError, ShapeError
from pyengine.optim import SGD
from pyengine.scalar import Value

if TYPE_CHECKING:
    from pyengine.ops import cross_entropy, log_softmax, softmax

__all__ = [
    "SGD",
    "EngineError",
    "EngineTypeError",
    "EngineValueError",
    "ShapeError",
    "Value",
    "cross_entropy",
    "log_softmax",
    "schedule",
    "show",
    "softmax",
]
__version__ = "0.1.0"

_FROM_OPS = {"cross_entropy", "log_softmax", "softmax"}


def __getattr__(name: str) -> Any:
    if name in _FROM_OPS:
        return getattr(import_module("pyengine.ops"), name)
    raise AttributeError(f"module 'pyengine' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
