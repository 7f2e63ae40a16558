"""What is compared with PyTorch: the same cases live (tests here) and frozen (`freeze.py`)."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

INF = float("inf")


def arrays(*shape: int, seed: int, count: int = 1) -> list[Any]:
    """Make `count` arrays of four-digit numbers: exact in JSON, and the same on every machine."""
    rng = np.random.default_rng(seed)
    return [np.round(rng.normal(scale=2, size=shape), 4) for _ in range(count)]


def softmax_cases() -> list[dict[str, Any]]:
    """Logits, the dimension, and a gradient to send back through."""
    shapes = [((5,), 0), ((3, 4), 0), ((3, 4), 1), ((2, 3, 4), -2), ((1, 1), 1)]
    cases = []
    for seed, (shape, dim) in enumerate(shapes):
        x, grad = arrays(*shape, seed=seed, count=2)
        cases.append({"x": x, "dim": dim, "grad": grad})
    masked = np.array([[0.5, -INF, 2.0], [-INF, -INF, 1.0]])
    wide = np.array([[1000.0, -1000.0, 999.0]])
    cases.append({"x": masked, "dim": 1, "grad": np.ones((2, 3)) * [[1, 2, 3]]})
    cases.append({"x": wide, "dim": 1, "grad": np.array([[1.0, 2.0, 3.0]])})
    return cases


def cross_entropy_cases() -> list[dict[str, Any]]:
    """Logits and targets: single rows, batches, masked and extreme logits."""
    row, batch, large = arrays(6, seed=10)[0], arrays(4, 6, seed=11)[0], arrays(8, 12, seed=12)[0]
    return [
        {"x": row, "targets": 2},
        {"x": batch, "targets": [0, 5, 2, 2]},
        {"x": large, "targets": [i * 7 % 12 for i in range(8)]},
        {"x": np.array([[0.0, -INF], [-1000.0, 1000.0]]), "targets": [0, 0]},
        {"x": np.array([0.0, -INF, 3.0]), "targets": 2},
    ]


def sgd_options() -> list[dict[str, Any]]:
    """Every combination of SGD's options that PyTorch allows."""
    combinations = product((0.0, 0.9), (0.0, 0.3), (0.0, 0.05), (False, True))
    return [
        {"momentum": m, "dampening": d, "weight_decay": w, "nesterov": n}
        for m, d, w, n in combinations
        if not n or (m and not d)
    ]


def combined(**choices: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Every way to choose one of each."""
    return [dict(zip(choices, chosen, strict=True)) for chosen in product(*choices.values())]


def optimizer_cases() -> list[tuple[str, dict[str, Any]]]:
    """Every optimizer but SGD, by our name, with combinations of its options."""
    betas = ((0.9, 0.999), (0.5, 0.8))
    options = {
        "RMSProp": combined(
            alpha=(0.9,), momentum=(0.0, 0.9), weight_decay=(0.0, 0.05), centered=(False, True)
        ),
        "Adam": combined(betas=betas, eps=(1e-8, 0.1), weight_decay=(0.0, 0.05)),
        "AdamW": combined(betas=betas, eps=(1e-8, 0.1), weight_decay=(0.0, 0.3)),
    }
    return [(name, each) for name, combinations in options.items() for each in combinations]


def sgd_gradient(data: Any, step: int) -> Any:
    """Return a gradient that depends on where the parameters are, and differs in every step."""
    return np.sin(3 * data + step)


def sgd_start() -> Any:
    """Return the parameters that every optimizer's run starts from."""
    return arrays(2, 3, seed=20)[0]


def rectified(x: Any) -> Any:
    """Chains of ReLU over a value that is used again and again, as micrograd's tests have them."""
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    return (z * z).relu() + q + q * x


def assigned_anew(a: Any, b: Any) -> Any:
    """Every operation micrograd has; `+=` looks as if it changed a value in place."""
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g


# Expressions that both `Value` and `torch.Tensor` understand: once written, twice computed.
SCALAR: dict[str, tuple[Callable[..., Any], tuple[float, ...]]] = {
    "arithmetic": (lambda a, b: (a + b) * (a - b) / (b * b + 1) - a, (1.25, -0.75)),
    "plain numbers on either side": (lambda a: 3 - a + 2 * a - 1 / a + a / 4, (0.8,)),
    "powers": (lambda a: a**3 - a**-2 + a**0.5 + a**0, (1.7,)),
    "negated": (lambda a: -(-a * a), (1.3,)),
    "squashed": (lambda a, b: (a.tanh() * b.sigmoid()).exp(), (0.4, -1.1)),
    "log of a probability": (lambda a: -a.sigmoid().log(), (-2.5,)),
    "relu on both sides": (lambda a, b: a.relu() * 2 + b.relu() * 3 + a * b, (1.5, -1.5)),
    "reused": (lambda a, b: (a * b + a) * (a * b - b) + (a * b).tanh(), (0.6, -0.2)),
    "flat and steep": (lambda a, b: a.tanh() + b.sigmoid(), (9.0, -30.0)),
}
