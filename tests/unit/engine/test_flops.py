"""Costs of a model: its parameters counted in a real one, its FLOPs in the products really done."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyengine import GPT, GPTConfig, kernels
from pyengine.flops import parameter_count, six_n_d, training_flops
from pyengine.train import mean_loss

configs = st.builds(
    lambda heads, width, **sizes: GPTConfig(n_head=heads, n_embd=heads * width, **sizes),
    heads=st.integers(1, 4),
    width=st.integers(1, 4),
    vocab_size=st.integers(1, 20),
    block_size=st.integers(1, 8),
    n_layer=st.integers(1, 3),
    bias=st.booleans(),
)
GPT2 = GPTConfig(50257, block_size=1024, n_layer=12, n_head=12, n_embd=768)


@given(configs)
@settings(deadline=None)
def test_the_count_is_that_of_a_model_that_is_built(config: GPTConfig) -> None:
    model = GPT(config, np.random.default_rng(0))
    assert parameter_count(config) == model.parameter_count()
    positions = model.transformer.wpe.weight.size
    assert parameter_count(config, embeddings=False) == model.parameter_count() - positions


def test_the_sizes_of_gpt_2_are_the_published_ones() -> None:
    sizes = {(12, 12, 768): 124_439_808, (24, 16, 1024): 354_823_168, (48, 25, 1600): 1_557_611_200}
    for (layers, heads, width), count in sizes.items():
        config = GPTConfig(50257, 1024, layers, heads, width)
        assert parameter_count(config) == count


class Counting(np.ndarray):  # type: ignore[type-arg]
    """An array that notes the FLOPs of every matrix product it takes part in."""

    done = 0

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [np.asarray(each) for each in inputs]
        out = options.get("out")
        if out is not None:
            options["out"] = tuple(np.asarray(each) for each in out)
        result = getattr(ufunc, method)(*plain, **options)
        if ufunc is np.matmul:
            Counting.done += 2 * result.size * plain[0].shape[-1]
        return out[0] if out is not None else np.asarray(result).view(Counting)


def products_done(model: GPT, ids: Any) -> int:
    """Compute each operation of a training step again, there and back, on arrays that count."""
    Counting.done = 0
    with kernels.use("numpy"):  # kernels cannot be counted
        nodes = mean_loss(model(ids), ids).walk()
    for node in nodes:
        if node.op:
            out = node.op.forward(*[each.data.view(Counting) for each in node.inputs])
            node.op.backward(out.view(Counting))
    return Counting.done


@given(configs, st.integers(1, 3))
@settings(deadline=None, max_examples=30)
def test_training_flops_are_the_products_that_are_done(config: GPTConfig, batch: int) -> None:
    model = GPT(config, np.random.default_rng(0))
    ids = np.zeros((batch, config.block_size), int)
    assert training_flops(config, ids.size) == products_done(model, ids)


def test_six_n_d_is_a_rule_of_thumb() -> None:
    assert six_n_d(GPT2, 10) == 6 * 124_439_808 * 10
    assert training_flops(GPT2, 10) / six_n_d(GPT2, 10) == pytest.approx(1.14, abs=0.01)
