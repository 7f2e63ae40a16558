"""Weights go to a PyTorch model with nanoGPT's names, and come back.

The model is written here in nanoGPT's layout: `lm_head` tied to `wte`, which its state therefore
holds twice, layer norms with optional biases, and the exact GELU.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from parity import gpt_cases, torch_gpt
from torch import nn
from torch.nn import functional as F

from pyengine import GPTConfig
from pyengine.train import mean_loss

IDS = np.random.default_rng(0).integers(0, gpt_cases.SIZES.vocab_size, (3, 8))


class Attention(nn.Module):
    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        C = config.n_embd
        self.n_head = config.n_head
        self.c_attn = nn.Linear(C, 3 * C, bias=config.bias)
        self.c_proj = nn.Linear(C, C, bias=config.bias)

    def forward(self, x: Any) -> Any:
        q, k, v = (
            part.unflatten(-1, (self.n_head, -1)).transpose(1, 2)
            for part in self.c_attn(x).chunk(3, dim=-1)
        )
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.c_proj(y.transpose(1, 2).flatten(2))


class MLP(nn.Module):
    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.c_fc = nn.Linear(config.n_embd, 4 * config.n_embd, bias=config.bias)
        self.c_proj = nn.Linear(4 * config.n_embd, config.n_embd, bias=config.bias)

    def forward(self, x: Any) -> Any:
        return self.c_proj(F.gelu(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd, bias=config.bias)
        self.attn = Attention(config)
        self.ln_2 = nn.LayerNorm(config.n_embd, bias=config.bias)
        self.mlp = MLP(config)

    def forward(self, x: Any) -> Any:
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class NanoGPT(nn.Module):
    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        parts = {
            "wte": nn.Embedding(config.vocab_size, config.n_embd),
            "wpe": nn.Embedding(config.block_size, config.n_embd),
            "h": nn.ModuleList(Block(config) for _ in range(config.n_layer)),
            "ln_f": nn.LayerNorm(config.n_embd, bias=config.bias),
        }
        self.transformer = nn.ModuleDict(parts)
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        parts["wte"].weight = self.lm_head.weight

    def forward(self, ids: Any) -> Any:
        t = self.transformer
        x = t["wte"](ids) + t["wpe"](torch.arange(ids.shape[1]))
        for block in t["h"]:
            x = block(x)
        return self.lm_head(t["ln_f"](x))


def nanogpt(config: GPTConfig) -> Any:
    torch.manual_seed(0)
    return NanoGPT(config).double()


@pytest.mark.parametrize("bias", [True, False])
def test_weights_go_both_ways(bias: bool) -> None:
    config = replace(gpt_cases.SIZES, activation="gelu", bias=bias)
    theirs, ours = nanogpt(config), gpt_cases.model_of(config)
    ours.load_state_dict({name: p.numpy() for name, p in theirs.state_dict().items()})
    assert_equal_logits(ours, theirs)

    ours = gpt_cases.model_of(config)
    state = {name: torch.tensor(array) for name, array in ours.state_dict().items()}
    theirs.load_state_dict({**state, "lm_head.weight": state["transformer.wte.weight"]})
    assert_equal_logits(ours, theirs)


def assert_equal_logits(ours: Any, theirs: Any) -> None:
    logits = theirs(torch.tensor(IDS)).detach()
    np.testing.assert_allclose(ours(IDS).data, logits, rtol=1e-10, atol=1e-10)


def test_without_the_exact_gelu_logits_are_a_little_off() -> None:
    theirs = nanogpt(gpt_cases.SIZES)
    ours = gpt_cases.model_of()  # whose activation is GPT-2's
    ours.load_state_dict({name: p.numpy() for name, p in theirs.state_dict().items()})
    gap = np.abs(ours(IDS).data - theirs(torch.tensor(IDS)).detach().numpy()).max()
    assert 1e-6 < gap < 1e-2


def test_gradients_are_the_same_too() -> None:
    config = replace(gpt_cases.SIZES, activation="gelu")
    theirs, ours = nanogpt(config), gpt_cases.model_of(config)
    ours.load_state_dict({name: p.numpy() for name, p in theirs.state_dict().items()})
    inputs, targets = IDS[:, :-1], IDS[:, 1:]
    mean_loss(ours(inputs), targets).backward()
    torch_gpt.mean_loss(theirs(torch.tensor(inputs)), targets).backward()
    for name, p in theirs.named_parameters():
        mine = dict(ours.named_parameters())[name.replace("lm_head", "transformer.wte")]
        np.testing.assert_allclose(mine.grad, p.grad, rtol=1e-9, atol=1e-12, err_msg=name)
