"""Kernels: the operations a GPT is trained with, in C, for arrays of float32.

NumPy is the text to read (`ops`) and always there. Where a compiled library is, and agrees with it,
`tensor.run` computes float32 operations with that: in a browser many times faster. What is used can
be asked, and chosen:

    with kernels.use("numpy"):
        trainer.step()

float64 is always NumPy's, so gradients can be checked with nothing in between. The results are the
same within 1e-5, not to the bit; one and the same choice, on one machine, gives the same bits.

    _dispatch   decides, for each operation, which it is
    _library    finds the library for this machine, and says how its functions are called
    _at         where an array stands in memory
    _ops        the operations, each with the name, checks and errors of the one it stands for
    _check      every kernel against NumPy, on a small case, before it is first used
    _update     gradient norm, clipping and AdamW over all parameters in one call
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pyengine.kernels import _library
from pyengine.kernels._dispatch import CHOICES, check_choice, choice

__all__ = ["CHOICES", "status", "use"]


@contextmanager
def use(which: str) -> Iterator[None]:
    """Choose what float32 operations are computed with, in a `with` block.

    Args:
        which: "auto" for kernels where there are any that agree with NumPy; "numpy" for NumPy
            alone; "c" to insist on kernels.

    Raises:
        EngineValueError: another choice, or "c" where there are no kernels; it says why.

    >>> with use("numpy"):
    ...     status()
    'NumPy: chosen'
    """
    check_choice(which, "use")
    token = choice.set(which)
    try:
        yield
    finally:
        choice.reset(token)


def status() -> str:
    """Say what is in use: "C kernels (avx2)", or "NumPy", and why.

    >>> status().split()[0] in ("C", "NumPy:")
    True
    """
    if choice.get() == "numpy":
        return "NumPy: chosen"
    library = _library.load()
    return f"NumPy: {_library.reason()}" if library is None else f"C kernels ({library.name})"
