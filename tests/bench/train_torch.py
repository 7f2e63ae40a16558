"""The peer: the same GPT in PyTorch, eager, on one thread. Answers each line, a model's sizes,
with tokens a second.
"""

import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    """A transformer block, attention by PyTorch's fused operation."""

    def __init__(self, d, h):
        super().__init__()
        self.h = h
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x):
        B, T, d = x.shape
        parts = self.qkv(self.ln1(x)).split(d, 2)
        q, k, v = (each.view(B, T, self.h, -1).transpose(1, 2) for each in parts)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(B, T, d))
        return x + self.down(F.gelu(self.up(self.ln2(x)), approximate="tanh"))


class GPT(nn.Module):
    """The model, its tables tied."""

    def __init__(self, V, T, d, h, layers):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(V, d), nn.Embedding(T, d)
        self.blocks = nn.ModuleList(Block(d, h) for _ in range(layers))
        self.ln = nn.LayerNorm(d)

    def forward(self, ids, targets):
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x)
        logits = F.linear(self.ln(x), self.wte.weight)
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def run(V, T, d, h, layers, B):
    """A function that does one step as our trainer does: batch, clipping and report included."""
    model = GPT(V, T, d, h, layers)
    text = torch.randint(0, V, (20_000,))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, foreach=True)

    def step():
        places = torch.randint(0, len(text) - T, (B, 1)) + torch.arange(T)
        loss = model(text[places], text[places + 1])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    return step, B * T


torch.set_num_threads(1)
runs = {}
for line in sys.stdin:
    if line not in runs:
        runs[line] = run(*map(int, line.split()))
    step, tokens = runs[line]
    step()
    steps, begun = 0, time.perf_counter()
    while steps < 2 or time.perf_counter() - begun < 0.7:
        step()
        steps += 1
    print(steps * tokens / (time.perf_counter() - begun), flush=True)
