"""How much arithmetic a model costs, and how much memory: numbers to plan a run with.

FLOPs count multiplications and additions; a matrix product (M, K) @ (K, N) is 2 M K N of them.
"""

from pyengine.gpt import GPTConfig


def parameter_count(config: GPTConfig, embeddings: bool = True) -> int:
    """How many parameters a model of these sizes has, without building it.

    `embeddings=False` leaves out those of positions, as nanoGPT does; the table of tokens stays,
    since it is also the last layer's.

    >>> gpt2 = GPTConfig(50257, block_size=1024, n_layer=12, n_head=12, n_embd=768)
    >>> parameter_count(gpt2)  # GPT-2 "124M"
    124439808
    """
    V, T, C = config.vocab_size, config.block_size, config.n_embd
    biases = 1 if config.bias else 0
    norm = C + C * biases
    attention = 3 * C * C + 3 * C * biases + C * C + C * biases
    mlp = 4 * C * C + 4 * C * biases + 4 * C * C + C * biases
    positions = T * C if embeddings else 0
    return V * C + positions + config.n_layer * (2 * norm + attention + mlp) + norm


def training_flops(config: GPTConfig, tokens: int) -> int:
    """FLOPs of the matrix products in training on so many tokens, counted one by one.

    The backward pass costs two products for each of the forward pass: one for the input's
    gradient, one for the weight's. Attention is counted in full, as it is computed here, though
    half of a causal square is thrown away. Norms, activations and softmax are left out.

    Source: the count of Hoffmann et al., "Training Compute-Optimal Large Language Models"
    (2022), arXiv:2203.15556, appendix F, without its embedding and softmax terms.

    >>> gpt2 = GPTConfig(50257, block_size=1024, n_layer=12, n_head=12, n_embd=768)
    >>> f"{training_flops(gpt2, 1):.3g}, {six_n_d(gpt2, 1):.3g}"
    '8.54e+08, 7.47e+08'
    """
    V, T, C = config.vocab_size, config.block_size, config.n_embd
    weights = 3 * C * C + C * C + 8 * C * C  # q, k, v; projection; MLP
    scores_and_averages = 2 * T * C
    forward = 2 * (config.n_layer * (weights + scores_and_averages) + V * C)  # per token
    return 3 * forward * tokens


def six_n_d(config: GPTConfig, tokens: int) -> int:
    """The rule of thumb: 6 FLOPs per parameter and token, 2 forward and 4 backward.

    Source: Kaplan et al., "Scaling Laws for Neural Language Models" (2020), arXiv:2001.08361,
    section 2.1, where N leaves out all embeddings; here, as has become usual, it counts them. The
    rule leaves out attention's own products, which grow with the context.

    >>> six_n_d(GPTConfig(65), 1000)
    4859136000
    """
    return 6 * parameter_count(config) * tokens
