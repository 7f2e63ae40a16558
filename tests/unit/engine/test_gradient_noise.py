"""Gradient noise: as computed from all examples where they can be listed, unbiased, seeded."""

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusing import raised

from pyengine import GPT, EngineTypeError, EngineValueError, GPTConfig, Tensor
from pyengine.gradient_noise import (
    GradientNoise,
    NoiseScale,
    flat_gradient,
    gradient_noise,
    measure_noise,
    noise_scale,
    steps_and_examples,
)
from pyengine.ops import Array

TEXT = "a cat sat on a mat, a dog sat on a cat, a mat sat on a dog."
CHARACTERS = sorted(set(TEXT))
TOKENS = np.array([CHARACTERS.index(character) for character in TEXT])


def small_model() -> GPT:
    sizes = GPTConfig(len(CHARACTERS), 4, n_layer=1, n_head=2, n_embd=8, dtype="float64")
    return GPT(sizes, np.random.default_rng(0))


@pytest.fixture(scope="module")
def points() -> Array:
    """The gradients (30, 4) of 30 single points when a line is fitted to them."""
    rng = np.random.default_rng(3)
    x, w = rng.normal(size=(30, 4)), Tensor(np.zeros((4, 1)), requires_grad=True)
    y = x @ [[1.0], [-2.0], [0.5], [0.0]] + rng.normal(size=(30, 1))

    def gradient(rows: list[int]) -> Array:
        w.grad = None
        ((Tensor(x[rows]) @ w - y[rows]) ** 2).mean().backward()
        assert w.grad is not None
        return w.grad[:, 0]

    each = np.stack([gradient([row]) for row in range(30)])
    np.testing.assert_allclose(gradient([3, 5, 5]), each[[3, 5, 5]].mean(axis=0))
    return each


def measured(points: Array, seed: int, sizes: tuple[int, ...], repeats: int) -> GradientNoise:
    """The noise of batches of points, drawn with replacement."""
    rng = np.random.default_rng(seed)

    def gradient_of(batch_size: int, draw: int) -> Array:
        gradient: Array = points[rng.integers(len(points), size=batch_size)].mean(axis=0)
        return gradient

    return measure_noise(gradient_of, sizes, repeats)


def truth_of(gradients: Array) -> NoiseScale:
    """Signal and noise of single examples, from the gradients (N, P) of all there are."""
    mean = gradients.mean(axis=0)
    return NoiseScale(float(mean @ mean), float(gradients.var(axis=0).sum()))


def assert_unbiased(estimates: list[float], truth: float) -> None:
    error = np.std(estimates, ddof=1) / math.sqrt(len(estimates))
    assert abs(np.mean(estimates) - truth) < 3 * error
    assert error < 0.1 * truth  # or the line above would say little


# What is measured


def test_signal_and_noise_are_unbiased(points: Array) -> None:
    truth = truth_of(points)
    found = [measured(points, seed, (1, 8), repeats=4).scale for seed in range(400)]
    assert_unbiased([each.signal for each in found], truth.signal)
    assert_unbiased([each.noise for each in found], truth.noise)


@pytest.mark.parametrize("repeats", [1, 4])
def test_the_variance_is_unbiased_at_every_size(points: Array, repeats: int) -> None:
    noise = truth_of(points).noise
    found = [measured(points, seed, (1, 2, 8), repeats).sizes for seed in range(800 // repeats)]
    for i, B in enumerate((1, 2, 8)):
        assert_unbiased([sizes[i].variance for sizes in found], noise / B)


def test_two_norms_tell_signal_from_noise_without_bias(points: Array) -> None:
    truth = truth_of(points)
    found = []
    for seed in range(400):
        small, big = measured(points, seed, (2, 16), repeats=4).sizes
        found.append(noise_scale(2, small.squared_norm, 16, big.squared_norm))
    assert_unbiased([each.signal for each in found], truth.signal)
    assert_unbiased([each.noise for each in found], truth.noise)


def test_the_noise_of_a_gpt_is_that_of_all_places_in_the_text() -> None:
    model = small_model()
    T = model.config.block_size
    places = range(len(TOKENS) - T)
    each = [flat_gradient(model, [TOKENS[i : i + T]], [TOKENS[i + 1 : i + T + 1]]) for i in places]
    truth = truth_of(np.stack(each))
    found = gradient_noise(model, TOKENS, batch_sizes=(1, 4, 16), repeats=60)
    for size in found.sizes:
        B = size.batch_size
        assert size.variance == pytest.approx(truth.noise / B, rel=0.15)
        assert size.squared_norm == pytest.approx(truth.signal + truth.noise / B, rel=0.15)
    assert found.scale.noise == pytest.approx(truth.noise, rel=0.15)
    assert found.scale.critical_batch_size == pytest.approx(truth.critical_batch_size, rel=0.3)


def test_larger_batches_have_shorter_gradients_that_point_more_the_same_way() -> None:
    sizes = gradient_noise(small_model(), TOKENS, repeats=30).sizes
    assert [size.batch_size for size in sizes] == [1, 2, 4, 8, 16, 32]
    for smaller, larger in pairwise(sizes):
        assert larger.norm < smaller.norm
        assert larger.variance < 0.7 * smaller.variance
        assert 0 < smaller.cosine < larger.cosine < 1


def test_numbers_of_one_size_are_what_they_are_called() -> None:
    gradients = iter([[3.0, 4.0], [0.0, 1.0], [1.0, 0.0], [1.0, 2.0]])
    small, large = measure_noise(lambda B, draw: np.array(next(gradients)), (1, 3), 2).sizes
    mean = (np.array([3.0, 5.0]) + 3 * np.array([2.0, 2.0])) / 8
    angles = [mean @ each / math.hypot(*mean) / math.hypot(*each) for each in ([3, 4], [0, 1])]
    assert (small.norm, small.squared_norm) == (3.0, 13.0)
    assert (large.norm, large.squared_norm) == pytest.approx((1 / 2 + math.sqrt(5) / 2, 3.0))
    assert small.cosine == pytest.approx(sum(angles) / 2)
    squares = [((mean - each) ** 2).sum() for each in ([3, 4], [0, 1])]
    assert small.variance == pytest.approx(sum(squares) / 2 / (1 - 1 / 8))


def test_gradients_of_zero_have_no_direction() -> None:
    found = measure_noise(lambda B, draw: np.zeros(2), (1, 2), repeats=2)
    assert [(each.norm, each.variance, each.cosine) for each in found.sizes] == [(0, 0, 0)] * 2
    assert found.scale.critical_batch_size == math.inf


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    first, again, other = (
        gradient_noise(small_model(), TOKENS, (1, 2), repeats=3, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again != other


def test_no_two_batches_share_their_draw() -> None:
    asked: list[tuple[int, int]] = []

    def gradient_of(batch_size: int, draw: int) -> Array:
        asked.append((batch_size, draw))
        return np.ones(1)

    measure_noise(gradient_of, (1, 2), repeats=2)
    assert asked == [(1, 0), (1, 1), (2, 2), (2, 3)]


def test_the_model_is_left_as_it_was() -> None:
    model = small_model()
    weight, bias = model.transformer.wte.weight, model.transformer.ln_f.bias
    assert bias is not None
    before = weight.data.copy()
    weight.grad = kept = np.ones(weight.shape)
    gradient_noise(model, TOKENS, (1, 2), repeats=1)
    assert weight.grad is kept
    assert (kept == 1).all()
    assert bias.grad is None
    assert (weight.data == before).all()


# What follows from it


@given(
    signal=st.floats(0.01, 100),
    noise=st.floats(0.01, 100),
    small=st.integers(1, 100),
    factor=st.integers(2, 100),
)
@settings(deadline=None)
def test_two_exact_norms_give_signal_and_noise_back(
    signal: float, noise: float, small: int, factor: int
) -> None:
    big = small * factor
    found = noise_scale(small, signal + noise / small, big, signal + noise / big)
    assert found.signal == pytest.approx(signal, rel=1e-9, abs=1e-9)
    assert found.noise == pytest.approx(noise, rel=1e-6, abs=1e-6)


def test_where_no_signal_was_found_every_batch_is_too_small() -> None:
    assert NoiseScale(signal=-0.1, noise=2.0).critical_batch_size == math.inf
    assert NoiseScale(signal=0.0, noise=2.0).critical_batch_size == math.inf


def test_where_no_noise_was_found_every_batch_is_large_enough() -> None:
    assert NoiseScale(signal=0.1, noise=-0.2).critical_batch_size == 0


@given(batch_size=st.floats(0.01, 1e6), critical=st.floats(0.01, 1e6))
@settings(deadline=None)
def test_steps_and_examples_lie_on_the_hyperbola(batch_size: float, critical: float) -> None:
    steps, examples = steps_and_examples(batch_size, critical)
    assert examples / steps * critical == pytest.approx(batch_size)  # E / S = B
    # (S / S_min − 1) (E / E_min − 1) = 1, divided by both factors' product
    assert 1 / steps + 1 / examples == pytest.approx(1)


# What is refused

REFUSED: list[tuple[Callable[[], object], type[Exception], str]] = [
    (
        lambda: gradient_noise(small_model(), TOKENS, (4,)),
        EngineValueError,
        "gradient_noise: expected two or more batch sizes from 1, each larger than the one before; "
        "got (4,).",
    ),
    (
        lambda: gradient_noise(small_model(), TOKENS, (4, 2)),
        EngineValueError,
        "gradient_noise: expected two or more batch sizes from 1, each larger than the one before; "
        "got (4, 2).",
    ),
    (
        lambda: gradient_noise(small_model(), TOKENS, [2, 2]),
        EngineValueError,
        "gradient_noise: expected two or more batch sizes from 1, each larger than the one before; "
        "got (2, 2).",
    ),
    (
        lambda: gradient_noise(small_model(), TOKENS, (0, 2)),
        EngineValueError,
        "gradient_noise: expected two or more batch sizes from 1, each larger than the one before; "
        "got (0, 2).",
    ),
    (
        lambda: gradient_noise(small_model(), TOKENS, (1, 2.5)),  # type: ignore[arg-type]
        EngineTypeError,
        "gradient_noise: expected batch sizes and repeats to be integers; got 2.5.",
    ),
    (
        lambda: gradient_noise(small_model(), TOKENS, (1, 2), repeats=0),
        EngineValueError,
        "gradient_noise: expected repeats of at least 1; got 0.",
    ),
    (
        lambda: gradient_noise(small_model(), TOKENS[:4]),
        EngineValueError,
        "Batches: expected at least block_size + 1 = 5 tokens; got 4. "
        "Take a longer text or a smaller block size.",
    ),
    (
        lambda: noise_scale(4, 1.0, 4, 1.0),
        EngineValueError,
        "noise_scale: expected batch sizes with 1 ≤ small < big; got small = 4, big = 4.",
    ),
    (
        lambda: steps_and_examples(0, 4),
        EngineValueError,
        "steps_and_examples: expected batch_size above 0; got 0.",
    ),
    (
        lambda: steps_and_examples(4, math.nan),
        EngineValueError,
        "steps_and_examples: expected critical_batch_size above 0; got nan.",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_refuses_with_an_explanation(
    call: Callable[[], object], error: type[Exception], message: str
) -> None:
    assert raised(error, call) == message
