"""Every kernel on arrays of given sizes, against NumPy in float64: for tests, and for a sanitizer.

As a program, `kernel_cases.py FILE`: all of it with the build in a file, on sizes that leave rows
and columns over; `kernel_cases.py FILE beyond` then asks for one number more than an array has.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pyengine import ops
from pyengine.kernels import _library, _ops
from pyengine.kernels._at import at

SIZES = (1, 2, 3, 5, 8, 17, 31, 49, 65)


def numbers(*shape: int, seed: int = 0) -> Any:
    """Normally distributed float32."""
    return np.random.default_rng([seed, *shape]).normal(size=shape).astype(np.float32)


def cases(a: int, b: int, c: int) -> dict[str, tuple[type[Any], tuple[Any, ...], list[Any]]]:
    """For each operation: its class in `ops`, options, and inputs with these sizes."""
    ids = np.arange(a) * 7 % c
    w = b + _ops.NARROWEST - 1  # the rows that a kernel normalizes
    return {
        "matmul": (ops.Matmul, (), [numbers(a, b), numbers(b, c)]),
        "linear": (ops.Linear, (), [numbers(a, 2, b), numbers(c, b), numbers(c)]),
        "linear without bias": (ops.Linear, (), [numbers(a, b), numbers(c, b)]),
        "layer norm": (ops.LayerNorm, (), [numbers(a, w), numbers(w), numbers(w, seed=1)]),
        "layer norm without bias": (ops.LayerNorm, (0.1,), [numbers(2, a, b), numbers(b)]),
        "gelu": (ops.TanhGELU, (), [4 * numbers(a, b)]),
        "attention": (ops.SelfAttention, (b % 3 + 1,), [numbers(2, a, 3 * (b % 3 + 1) * c)]),
        "cross-entropy": (ops.CrossEntropy, (ids,), [5 * numbers(a, c)]),
        "cross-entropy of one row": (ops.CrossEntropy, (c - 1,), [numbers(c)]),
        "embedding": (ops.Embedding, (ids,), [numbers(c, b)]),
    }


NAMES = tuple(cases(1, 1, 1))


def pairs(name: str, a: int, b: int, c: int) -> Iterator[tuple[Any, Any]]:
    """The kernel's results in float32, each beside NumPy's in float64: forward, then backward."""
    kind, options, inputs = cases(a, b, c)[name]
    ours, theirs = _ops.KINDS[kind](*options), kind(*options)
    out = ours.forward(*inputs)
    yield out, theirs.forward(*[each.astype(np.float64) for each in inputs])
    grad = numbers(*out.shape, seed=2)
    yield from zip(ours.backward(grad), theirs.backward(grad.astype(np.float64)), strict=True)


def use(build: Any) -> None:
    """Let the operations call this build."""
    _ops.lib = lambda: build


def main(file: str, *beyond: str) -> None:
    """Run everything once, or one step beyond an array's end."""
    build = _library.Library(Path(file), "checked")
    use(build)
    for i, a in enumerate(SIZES):
        for name in NAMES:
            for _ in pairs(name, a, SIZES[i - 1], SIZES[i - 2]):
                pass
    if beyond:
        x, out = numbers(1000), np.empty(1001, np.float32)
        build.gelu(1001, at(x), at(out))
    print("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
