"""GPT against PyTorch: logits, gradients, and 200 steps of training on the same batches.

Batches, schedule and gradient accumulation are the trainer's; AdamW, clipping, and the whole batch
at once are PyTorch's.
"""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from parity import freeze_gpt, gpt_cases, torch_gpt

from pyengine import GPT, GPTConfig, Trainer
from pyengine import functional as F
from pyengine.train import mean_loss

KEYS = slice(gpt_cases.SIZES.n_embd, 2 * gpt_cases.SIZES.n_embd)
IDS = np.random.default_rng(0).integers(0, gpt_cases.SIZES.vocab_size, (3, 9))
PRECISIONS = [("float64", 1e-10), ("float32", 1e-5)]


def assert_close(ours: Any, theirs: Any, tolerance: float, name: str = "") -> None:
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance, err_msg=name)


def test_names_shapes_and_order_are_those_of_transformers() -> None:
    ours = gpt_cases.model_of()
    theirs = torch_gpt.gpt2(ours.config, ours.state_dict())
    found = [(name, torch_gpt.as_ours(name, p).shape) for name, p in theirs.named_parameters()]
    assert found == [(name, p.shape) for name, p in ours.named_parameters()]


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
@pytest.mark.parametrize("length", [1, 5, 8])
def test_logits_and_gradients_are_those_of_transformers(
    dtype: str, tolerance: float, length: int
) -> None:
    ours = gpt_cases.model_of(replace(gpt_cases.SIZES, dtype=dtype))
    theirs = torch_gpt.gpt2(ours.config, ours.state_dict())
    inputs, targets = IDS[:, :length], IDS[:, 1 : length + 1]
    logits, expected = ours(inputs), theirs(torch.tensor(inputs)).logits
    assert_close(logits.data, expected.detach(), tolerance)
    loss, expected_loss = mean_loss(logits, targets), torch_gpt.mean_loss(expected, targets)
    assert_close(loss.item(), expected_loss.item(), tolerance)
    loss.backward()
    expected_loss.backward()
    for (name, p), q in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        assert p.grad is not None
        assert_close(p.grad, torch_gpt.as_ours(name, q.grad), tolerance, name)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("activation", F.ACTIVATIONS)
def test_every_activation_and_no_biases_agree_with_pytorch(activation: str, bias: bool) -> None:
    config = replace(gpt_cases.SIZES, activation=activation, bias=bias, n_head=4)
    ours = gpt_cases.model_of(config)
    theirs = {n: torch.tensor(a, requires_grad=True) for n, a in ours.state_dict().items()}
    logits = ours(IDS[:, :8])
    expected = torch_gpt.written_out(config, theirs, torch.tensor(IDS[:, :8]))
    assert_close(logits.data, expected.detach(), 1e-10)
    mean_loss(logits, IDS[:, 1:]).backward()
    torch_gpt.mean_loss(expected, IDS[:, 1:]).backward()
    for name, p in ours.named_parameters():
        assert_close(p.grad, theirs[name].grad, 1e-10, name)


def test_a_model_of_nanogpts_size_on_a_laptop_agrees_too() -> None:
    config = GPTConfig(vocab_size=65, dtype="float64")
    ours = GPT(config, np.random.default_rng(0))
    theirs = torch_gpt.gpt2(config, ours.state_dict())
    ids = np.random.default_rng(1).integers(0, 65, (4, 65))
    logits, expected = ours(ids[:, :-1]), theirs(torch.tensor(ids[:, :-1])).logits
    assert_close(logits.data, expected.detach(), 1e-10)
    mean_loss(logits, ids[:, 1:]).backward()
    torch_gpt.mean_loss(expected, ids[:, 1:]).backward()
    for (name, p), q in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        assert_close(p.grad, torch_gpt.as_ours(name, q.grad), 1e-10, name)


@pytest.fixture(scope="module")
def runs() -> dict[str, Any]:
    """PyTorch's training in both precisions: losses and parameters."""
    return {dtype: torch_gpt.train(dtype) for dtype in ("float64", "float32")}


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-8), ("float32", 1e-4)])
def test_training_takes_pytorchs_path(runs: Any, dtype: str, tolerance: float) -> None:
    losses, parameters = runs[dtype]
    model = gpt_cases.model_of(replace(gpt_cases.SIZES, dtype=dtype))
    reports = list(Trainer(model, gpt_cases.text(), gpt_cases.TRAINING).run())
    np.testing.assert_allclose([r.loss for r in reports], losses, rtol=tolerance)
    norms = [report.grad_norm for report in reports]
    assert max(norms) > gpt_cases.TRAINING.clip > min(norms)  # some were clipped, some not
    assert losses[-1] < losses[0] - 1  # something was learnt
    for name, p in model.named_parameters():
        ours, theirs = p.data, parameters[name]
        if name.endswith("c_attn.bias"):  # keys' biases change nothing: Adam walks on their noise
            ours, theirs = np.delete(ours, KEYS), np.delete(theirs, KEYS)
        rtol = 1e-8 if dtype == "float64" else 1e-3
        atol = rtol * np.abs(theirs).max()
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=atol, err_msg=name)


def test_the_frozen_run_is_current(runs: Any) -> None:
    frozen, live = json.loads(freeze_gpt.FILE.read_text()), freeze_gpt.answers(runs)
    for dtype, tolerance in (("float64", 1e-10), ("float32", 1e-5)):
        assert live["losses"][dtype] == pytest.approx(frozen["losses"][dtype], rel=tolerance)
    assert live["parameters"].keys() == frozen["parameters"].keys()
    for name, numbers in live["parameters"].items():
        assert numbers == pytest.approx(frozen["parameters"][name], abs=1e-9), name
