"""GPT in PyTorch: the architecture of GPT-2 under nanoGPT's parameter names.

`train.py` trains it. To use what came of that, in the same folder:

    run = json.loads(Path("run.json").read_text())
    model = GPT(SimpleNamespace(**run["model"])).eval()
    model.load_state_dict(train.read_safetensors(Path("out/model.safetensors"))[0])

In shapes: B sequences, T positions, C = n_embd the width, H = n_head heads of width D = C / H,
V = vocab_size.
"""

from types import SimpleNamespace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

ACTIVATIONS = {
    "gelu_tanh": nn.GELU("tanh"),
    "gelu": nn.GELU(),
    "relu": nn.ReLU(),
    "silu": nn.SiLU(),
}


class CausalSelfAttention(nn.Module):
    """Every position gathers what it needs from itself and the positions before it."""

    def __init__(self, sizes: SimpleNamespace) -> None:
        super().__init__()
        width = sizes.n_embd
        self.n_head, self.dropout = sizes.n_head, sizes.dropout
        self.c_attn = nn.Linear(width, 3 * width, bias=sizes.bias)  # q, k, v
        self.c_proj = nn.Linear(width, width, bias=sizes.bias)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, C) → (B, T, C)."""
        B, T, C = x.shape
        qkv = self.c_attn(x).view(B, T, 3, self.n_head, C // self.n_head)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # each (B, H, T, D)
        p = self.dropout if self.training else 0.0  # subtle: the next line knows no eval mode
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=p, is_causal=True)  # (B, H, T, D)
        y = y.transpose(1, 2).reshape(B, T, C)  # the heads' findings side by side
        return F.dropout(self.c_proj(y), p)


class MLP(nn.Module):
    """Every position thinks for itself: four times as wide, a bend, and back."""

    def __init__(self, sizes: SimpleNamespace) -> None:
        super().__init__()
        width = sizes.n_embd
        self.c_fc = nn.Linear(width, 4 * width, bias=sizes.bias)
        self.activation = ACTIVATIONS[sizes.activation]
        self.c_proj = nn.Linear(4 * width, width, bias=sizes.bias)
        self.dropout = nn.Dropout(sizes.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, C) → (B, T, C)."""
        h = self.activation(self.c_fc(x))  # (B, T, 4C)
        return self.dropout(self.c_proj(h))


class Block(nn.Module):
    """Gather, then think; each adds its findings to what flows past (the residual stream)."""

    def __init__(self, sizes: SimpleNamespace) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(sizes.n_embd, bias=sizes.bias)
        self.attn = CausalSelfAttention(sizes)
        self.ln_2 = nn.LayerNorm(sizes.n_embd, bias=sizes.bias)
        self.mlp = MLP(sizes)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, C) → (B, T, C)."""
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GPT(nn.Module):
    """A decoder-only transformer. Its parameters are to be loaded: they begin as PyTorch's."""

    def __init__(self, sizes: SimpleNamespace) -> None:
        super().__init__()
        parts = {
            "wte": nn.Embedding(sizes.vocab_size, sizes.n_embd),  # tokens
            "wpe": nn.Embedding(sizes.block_size, sizes.n_embd),  # places
            "h": nn.ModuleList(Block(sizes) for _ in range(sizes.n_layer)),
            "ln_f": nn.LayerNorm(sizes.n_embd, bias=sizes.bias),
        }
        self.transformer = nn.ModuleDict(parts)
        self.dropout = nn.Dropout(sizes.dropout)

    def forward(self, ids: Tensor) -> Tensor:
        """From token ids (B, T) return logits (B, T, V): position t predicts token t + 1."""
        parts = self.transformer
        positions = torch.arange(ids.shape[1], device=ids.device)
        x = self.dropout(parts.wte(ids) + parts.wpe(positions))  # (B, T, C)
        for block in parts.h:
            x = block(x)
        # The table that turns tokens into vectors also turns vectors into logits (weight tying).
        return F.linear(parts.ln_f(x), parts.wte.weight)
