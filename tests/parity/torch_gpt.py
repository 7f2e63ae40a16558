"""PyTorch's side of the GPT tests: two models that owe us nothing, and a training loop."""

from dataclasses import replace
from typing import Any

import numpy as np
import torch
import transformers
from parity import gpt_cases
from torch.nn import functional as F

from pyengine import GPTConfig, Trainer

transformers.logging.set_verbosity_error()
torch.set_num_threads(1)  # matrices this small are done before a second thread has woken up
TRANSPOSED = ("c_attn.weight", "c_proj.weight", "c_fc.weight")  # transformers' Conv1D


def gpt2(config: GPTConfig, arrays: dict[str, Any]) -> Any:
    """`transformers.GPT2LMHeadModel` with these parameters."""
    sizes = transformers.GPT2Config(
        vocab_size=config.vocab_size,
        n_positions=config.block_size,
        n_embd=config.n_embd,
        n_layer=config.n_layer,
        n_head=config.n_head,
        activation_function="gelu_new",
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        attn_implementation="eager",
        use_cache=False,
    )
    model = transformers.GPT2LMHeadModel(sizes).to(getattr(torch, config.dtype))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            array = arrays[name].T if name.endswith(TRANSPOSED) else arrays[name]
            parameter.copy_(torch.tensor(array))
    return model


def as_ours(name: str, tensor: Any) -> Any:
    """One of its parameters or gradients, stored as we store it."""
    array = tensor.detach().numpy()
    return array.T if name.endswith(TRANSPOSED) else array


def written_out(config: GPTConfig, p: dict[str, Any], ids: Any) -> Any:
    """Logits of a GPT of any activation, with or without biases, from a dict of tensors."""
    bends = {
        "relu": F.relu,
        "silu": F.silu,
        "gelu": F.gelu,
        "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    }

    def norm(x: Any, name: str) -> Any:
        return F.layer_norm(x, (config.n_embd,), p[f"{name}.weight"], p.get(f"{name}.bias"))

    def linear(x: Any, name: str) -> Any:
        return F.linear(x, p[f"{name}.weight"], p.get(f"{name}.bias"))

    def heads(x: Any) -> Any:
        return x.unflatten(-1, (config.n_head, -1)).transpose(1, 2)

    wte = p["transformer.wte.weight"]
    x = wte[ids] + p["transformer.wpe.weight"][: ids.shape[1]]
    for i in range(config.n_layer):
        block = f"transformer.h.{i}"
        qkv = linear(norm(x, f"{block}.ln_1"), f"{block}.attn.c_attn").chunk(3, dim=-1)
        y = F.scaled_dot_product_attention(*map(heads, qkv), is_causal=True)
        x = x + linear(y.transpose(1, 2).flatten(2), f"{block}.attn.c_proj")
        y = bends[config.activation](linear(norm(x, f"{block}.ln_2"), f"{block}.mlp.c_fc"))
        x = x + linear(y, f"{block}.mlp.c_proj")
    return norm(x, "transformer.ln_f") @ wte.T


def mean_loss(logits: Any, targets: Any) -> Any:
    """Cross-entropy per token."""
    return F.cross_entropy(logits.flatten(0, 1), torch.tensor(np.asarray(targets)).flatten())


def train(dtype: str) -> tuple[list[float], dict[str, Any]]:
    """Train transformers' GPT-2 as nanoGPT would, on our trainer's batches; losses, parameters."""
    ours = gpt_cases.model_of(replace(gpt_cases.SIZES, dtype=dtype))
    model = gpt2(ours.config, ours.state_dict())
    config = gpt_cases.TRAINING
    batches = Trainer(ours, gpt_cases.text(), config).batches
    decayed = [p for p in model.parameters() if p.ndim >= 2]
    others = [p for p in model.parameters() if p.ndim < 2]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": config.weight_decay}, {"params": others}],
        betas=config.betas,
        eps=config.eps,
        weight_decay=0.0,
    )
    losses = []
    for step in range(config.steps):
        for group in optimizer.param_groups:
            group["lr"] = config.schedule(step)
        inputs, targets = batches[step]
        optimizer.zero_grad()
        loss = mean_loss(model(torch.tensor(inputs)).logits, targets)  # the whole batch at once
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip)
        optimizer.step()
        losses.append(loss.item())
    return losses, {name: as_ours(name, p) for name, p in model.named_parameters()}
