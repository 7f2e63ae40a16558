"""Kernels: the same numbers as NumPy's, and NumPy where they cannot serve."""

import ctypes
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from refusing import raised

from pyengine import (
    GPT,
    AdamW,
    EngineValueError,
    GPTConfig,
    Tensor,
    TrainConfig,
    Trainer,
    clip_grad_norm,
    kernels,
    ops,
)
from pyengine import functional as F
from pyengine.kernels import _check, _library, _ops, _update
from pyengine.kernels._at import at, ready

sys.path.insert(0, str(Path(__file__).parent))
import kernel_cases

BUILDS = _library.builds(_library.FOLDER) if _library.load() else []
compiled = pytest.mark.skipif(not BUILDS, reason="the kernels were not built")
sizes = st.integers(1, 70)
FIXTURES = HealthCheck.function_scoped_fixture  # a build is the same in every example


@pytest.fixture(params=["best", "second", "third"])
def build(request: pytest.FixtureRequest) -> Any:
    """Each build this machine can run; x86 has three, if it is new enough."""
    place = ["best", "second", "third"].index(request.param)
    if place >= len(BUILDS):
        pytest.skip("this machine has fewer builds")
    return BUILDS[place]


def normal(*shape: int, seed: int = 0) -> Any:
    return kernel_cases.numbers(*shape, seed=seed)


def close(one: Any, other: Any) -> None:
    """Within 1e-5 of the largest number."""
    assert one.shape == other.shape
    assert one.dtype == np.float32
    np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5 * max(1, np.abs(other).max()))


@pytest.mark.parametrize("name", kernel_cases.NAMES)
@settings(deadline=None, max_examples=20, suppress_health_check=[FIXTURES])
@given(a=sizes, b=sizes, c=sizes)
def test_a_kernel_agrees_with_numpy_on_any_sizes(
    build: Any, name: str, a: int, b: int, c: int
) -> None:
    before = _ops.lib
    kernel_cases.use(build)
    try:
        for ours, theirs in kernel_cases.pairs(name, a, b, c):
            close(ours, theirs)
    finally:
        _ops.lib = before


@pytest.mark.parametrize("width", range(1, _ops.NARROWEST))
def test_narrow_rows_are_normalized_as_numpy_does(width: int) -> None:
    x, weight, bias, grad = normal(31, width), normal(width), normal(width), normal(31, width)
    ours, theirs = _ops.LayerNorm(), ops.LayerNorm()
    np.testing.assert_array_equal(ours.forward(x, weight, bias), theirs.forward(x, weight, bias))
    for one, other in zip(ours.backward(grad), theirs.backward(grad), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("m", "n", "k"), [(9, 67, 700), (768, 128, 256), (1, 1, 513)])
def test_a_long_sum_is_added_up_in_parts(build: Any, m: int, n: int, k: int) -> None:
    a, b, out = normal(m, k), normal(k, n), np.empty((m, n), np.float32)
    build.matmul(m, n, k, at(a), k, 0, at(b), n, 0, at(out), n, None)
    close(out, a.astype(float) @ b.astype(float))


def test_gelu_is_exact_far_from_0_too(build: Any) -> None:
    x = np.concatenate([np.linspace(-30, 30, 4001), [1e10, -1e10, 3e38, np.inf]])
    x, out = x.astype(np.float32), np.empty(4005, np.float32)
    build.gelu(x.size, at(x), at(out))
    exact = x.astype(float)
    with np.errstate(over="ignore"):
        u = 2 * np.sqrt(2 / np.pi) * exact * (1 + 0.044715 * exact * exact)
        expected = exact / (1 + np.exp(-np.clip(u, -700, None)))
    np.testing.assert_allclose(out, expected, rtol=1e-5, atol=1e-28)


def test_nan_stays_visible(build: Any) -> None:
    x, out = np.array([np.nan, 1], np.float32), np.empty(2, np.float32)
    build.gelu(2, at(x), at(out))
    assert np.isnan(out).tolist() == [True, False]


@pytest.mark.parametrize("wrong", [np.nan, -np.nan])
@pytest.mark.parametrize("place", [0, 6, 31, 36])
def test_nan_stays_visible_among_many_numbers(build: Any, wrong: float, place: int) -> None:
    x = np.linspace(-3, 3, 37, dtype=np.float32)
    x[place], grad, out, slope = wrong, np.ones_like(x), np.empty_like(x), np.empty_like(x)
    build.gelu(37, at(x), at(out))
    build.gelu_backward(37, at(x), at(grad), at(slope))
    assert np.flatnonzero(np.isnan(out)).tolist() == [place]
    assert np.flatnonzero(np.isnan(slope)).tolist() == [place]


@compiled
def test_arrays_that_are_not_contiguous_or_aligned_are_copied() -> None:
    whole = normal(8, 6)
    raw = np.frombuffer(b"\0" + whole.tobytes(), np.uint8)[1:].view(np.float32).reshape(8, 6)
    for x in (whole[::2, ::2], whole.T, raw):
        assert not (x.flags.c_contiguous and x.flags.aligned)
        weight = normal(3, x.shape[1])
        close(_ops.Linear().forward(x, weight), x.astype(float) @ weight.T.astype(float))
    with pytest.raises(ValueError, match="contiguous"):
        at(whole.T)
    assert ready(whole) is whole


@compiled
def test_arrays_that_may_not_be_written_to_are_read() -> None:
    x = normal(3, 4)
    x.flags.writeable = False
    close(_ops.TanhGELU().forward(x), ops.TanhGELU().forward(x.astype(float)))


# Which is used


@compiled
def test_float32_is_the_kernels_and_float64_is_numpys() -> None:
    for dtype, kind in ((np.float32, _ops.TanhGELU), (np.float64, ops.TanhGELU)):
        x = Tensor(np.ones(3, dtype), requires_grad=True)
        assert type(F.gelu(x, approximate="tanh").op) is kind


@compiled
def test_one_may_insist_on_either() -> None:
    x = Tensor(np.ones(3, np.float32), requires_grad=True)
    with kernels.use("numpy"):
        assert type(F.gelu(x, approximate="tanh").op) is ops.TanhGELU
        with kernels.use("c"):
            assert type(F.gelu(x, approximate="tanh").op) is _ops.TanhGELU
            assert kernels.status() == f"C kernels ({BUILDS[0].name})"
        assert kernels.status() == "NumPy: chosen"


def test_another_choice_is_refused() -> None:
    message = raised(EngineValueError, lambda: kernels.use("cuda").__enter__())
    assert message == "use: expected kernels to be one of auto, numpy, c; got 'cuda'."


@pytest.fixture
def none_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """As after a checkout: no library anywhere."""
    caches = (_library.found, _check.kind_for, _update.updates)
    monkeypatch.setattr(_library, "FOLDER", tmp_path / "none")
    monkeypatch.setattr(_library, "sys", SimpleNamespace(platform="linux"))
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


def test_without_a_library_numpy_computes_and_says_so(none_built: None) -> None:
    x = Tensor(np.ones(3, np.float32), requires_grad=True)
    assert type(F.gelu(x, approximate="tanh").op) is ops.TanhGELU
    assert kernels.status() == "NumPy: the kernels were not built"
    message = raised(EngineValueError, lambda: kernels.use("c").__enter__())
    assert message == (
        "use: expected kernels for this machine; got the kernels were not built. "
        'Choose "auto" to go on with NumPy.'
    )


def test_a_library_that_cannot_be_opened_is_as_none(none_built: None, monkeypatch: Any) -> None:
    _library.FOLDER.mkdir()
    machine = _library.platform.machine()
    (_library.FOLDER / f"linux-{machine}.lib").write_bytes(b"not a library")
    assert kernels.status().startswith("NumPy: the kernels cannot be loaded here (")


@compiled
@pytest.mark.parametrize("original", list(_ops.KINDS))
def test_a_kernel_that_disagrees_steps_aside(monkeypatch: Any, original: Any) -> None:
    kind = _ops.KINDS[original]
    assert _check.agrees(original, kind)
    backward = kind.backward
    monkeypatch.setattr(
        kind, "backward", lambda self, grad: tuple(each * 1.001 for each in backward(self, grad))
    )
    _check.kind_for.cache_clear()
    assert _check.kind_for(original) is None
    monkeypatch.undo()
    _check.kind_for.cache_clear()
    assert _check.kind_for(original) is kind


@compiled
def test_an_update_that_disagrees_steps_aside() -> None:
    library = _library.load()
    assert _update.agrees(_update.Updates(library))
    wrong = SimpleNamespace(
        sum_of_squares=library.sum_of_squares, scale=library.scale, adamw=lambda *_: None
    )
    assert not _update.agrees(_update.Updates(wrong))


# The step


@pytest.mark.parametrize("count", [1, 3])
def test_adamw_takes_the_same_steps_either_way(count: int) -> None:
    def steps(choice: str) -> list[Any]:
        shapes = [(5, 7), (1,), (33,)][:count]
        parameters = [Tensor(normal(*shape), requires_grad=True) for shape in shapes]
        decay_only = lambda each: each.data.ndim > 1  # noqa: E731
        optimizer = AdamW(parameters, lr=0.01, weight_decay=0.1, decay_only=decay_only)
        with kernels.use(choice):
            for i in range(5):
                for each in parameters:
                    each.grad = normal(*each.shape, seed=i)
                clip_grad_norm(parameters, 1.0)
                optimizer.step()
        return [each.data for each in parameters] + [m.exp_avg_sq for m in optimizer.memory]

    for ours, theirs in zip(steps("auto"), steps("numpy"), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)


def test_a_step_of_the_kernel_is_seen_by_results_that_need_the_old_numbers() -> None:
    w = Tensor(normal(4), requires_grad=True)
    loss = (w * w).sum()
    w.grad = normal(4)
    AdamW([w]).step()
    assert "assigned to .data since" in raised(EngineValueError, loss.backward)


@compiled
def test_a_gradient_that_is_not_finite_is_refused_by_name() -> None:
    good, bad = (Tensor(normal(3), requires_grad=True, label=name) for name in ("good", "bad"))
    good.grad, bad.grad = normal(3), np.array([1, np.inf, 2], np.float32)
    message = raised(EngineValueError, lambda: clip_grad_norm([good, bad], 1.0))
    assert "parameters[1], 'bad'" in message


@compiled
@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_logits_without_a_softmax_are_refused_as_numpy_refuses_them(wrong: float) -> None:
    logits = normal(3, 4)
    logits[1, 2] = wrong
    with kernels.use("numpy"):
        expected = raised(EngineValueError, lambda: F.cross_entropy(Tensor(logits), [0, 1, 2]))
    assert raised(EngineValueError, lambda: F.cross_entropy(Tensor(logits), [0, 1, 2])) == expected


@compiled
def test_a_logit_of_minus_infinity_is_a_probability_of_0() -> None:
    logits = Tensor(np.array([[0, -np.inf, 0]], np.float32), requires_grad=True)
    loss = F.cross_entropy(logits, [0])
    loss.backward()
    np.testing.assert_allclose(loss.item(), np.log(2), rtol=1e-6)
    np.testing.assert_allclose(logits.grad, [[-0.5, 0, 0.5]], rtol=1e-6)


def test_addresses_are_those_numpy_gives() -> None:
    x = normal(5)
    assert at(x) == x.ctypes.data
    assert list(_update.addresses([x])) == [x.ctypes.data]
    assert ctypes.c_float.from_address(at(x)).value == x[0]


@compiled
def test_a_trainer_computes_with_what_it_was_told() -> None:
    seen: list[str] = []

    class Watched(GPT):
        def forward(self, *inputs: Any, **options: Any) -> Any:
            seen.append(kernels.status().split()[0])
            return super().forward(*inputs, **options)

    sizes = GPTConfig(3, block_size=4, n_layer=1, n_head=1, n_embd=8)
    for choice in (None, "auto", "numpy"):
        model = Watched(sizes, np.random.default_rng(0))
        Trainer(model, [0, 1, 2] * 20, TrainConfig(steps=2), kernels=choice).step()
    assert seen == ["C", "C", "NumPy:"]
    wrong = lambda: Trainer(model, [0, 1] * 9, TrainConfig(), kernels="gpu")  # noqa: E731
    expected = "Trainer: expected kernels to be one of auto, numpy, c; got 'gpu'."
    assert raised(EngineValueError, wrong) == expected


@compiled
@pytest.mark.parametrize("wrong", [np.nan, -np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("at_row", [0, 5, 18])
def test_attention_shows_what_is_not_finite_where_numpy_does(wrong: float, at_row: int) -> None:
    qkv = normal(1, 19, 18)
    qkv[0, at_row, 1] = wrong  # of a question
    with np.errstate(all="ignore"):
        ours, theirs = (kind(2).forward(qkv) for kind in (_ops.SelfAttention, ops.SelfAttention))
    assert np.isnan(theirs).any()
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))


@compiled
@pytest.mark.parametrize("score", [3e38, -3e38])
def test_attention_takes_scores_at_the_edge_of_float32(score: float) -> None:
    qkv = np.zeros((1, 5, 3), np.float32)
    qkv[0, :, 0], qkv[0, :, 1], qkv[0, :, 2] = 1, score, range(5)
    ours, theirs = (kind(1).forward(qkv) for kind in (_ops.SelfAttention, ops.SelfAttention))
    close(ours, theirs)
