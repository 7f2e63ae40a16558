"""200 steps of training against PyTorch's, frozen by `tests/parity/freeze_gpt.py`.

The contract: losses and parameters within 1e-8 in float64, losses within 1e-4 in float32, on every
machine, with whatever matrix product NumPy was built.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from parity import gpt_cases

from pyengine import GPT, Trainer

TORCH = json.loads(Path(__file__).with_name("torch_gpt.json").read_text())


def trained(dtype: str) -> tuple[GPT, list[float]]:
    model = gpt_cases.model_of(replace(gpt_cases.SIZES, dtype=dtype))
    trainer = Trainer(model, gpt_cases.text(), gpt_cases.TRAINING)
    return model, [report.loss for report in trainer.run()]


def test_in_float64_losses_and_parameters_are_pytorchs() -> None:
    model, losses = trained("float64")
    np.testing.assert_allclose(losses, TORCH["losses"]["float64"], rtol=1e-8)
    ours = gpt_cases.samples(model.state_dict())
    assert ours.keys() == TORCH["parameters"].keys()
    for name, numbers in ours.items():
        norm = numbers[1]
        assert numbers == pytest.approx(TORCH["parameters"][name], rel=1e-8, abs=1e-8 * norm), name


def test_in_float32_losses_are_pytorchs() -> None:
    _, losses = trained("float32")
    assert len(losses) == gpt_cases.STEPS
    np.testing.assert_allclose(losses, TORCH["losses"]["float32"], rtol=1e-4)
