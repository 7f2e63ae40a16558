"""Backpropagation through a real small GPT: how much blame arrives at each of its layers."""

from math import log

import numpy as np

from demos import micro
from pyengine import GPT, Tensor, cross_entropy, show
from pyengine.functional import linear
from pyengine.ops import Array
from pyengine.tensor import run

FURTHEST = 4.0  # the same scale for all, so that two checkpoints can be compared


class Listener:
    """An operation that changes nothing, and keeps the gradient that passes on its way back."""

    def forward(self, x: Array) -> Array:
        """Hand on what comes."""
        return x

    def backward(self, gradient: Array) -> tuple[Array]:
        """Keep the gradient, and hand it on."""
        self.gradient = gradient  # (1, T, …): a vector for each word of the prompt
        return (gradient,)


def blame(sentence: str, percent: int) -> show.Result:
    """Let a checkpoint guess a sentence's last word, and follow the blame back to the words."""
    *prompt, right = micro.encode(sentence)
    model = micro.checkpoint(percent)
    guesses = micro.next_word(model, prompt)
    gradients = backwards(model, prompt, right)
    by_word = {layer: np.linalg.norm(each, axis=-1) for layer, each in gradients.items()}
    by_layer = {layer: float(np.linalg.norm(each)) for layer, each in gradients.items()}
    words = [micro.VOCABULARY[token] for token in prompt]
    *before, _ = by_word["embeddings"]
    blamed = words[int(np.argmax(before))]
    return show.result(
        verdict(guesses, micro.VOCABULARY[right], blamed),
        bars(by_layer),
        heat_map(by_word, words, blamed),
        right=micro.VOCABULARY[right],
        preferred=next(iter(guesses)),
        blamed=blamed,
        by_layer=list(by_layer.values()),
        by_word=[[float(norm) for norm in norms] for norms in by_word.values()],
    )


def backwards(model: GPT, prompt: list[int], right: int) -> dict[str, Array]:
    """Listen behind every layer while the loss of one guess goes back; the last layer first."""
    listeners: dict[str, Listener] = {}

    def behind(layer: str, x: Tensor) -> Tensor:
        listeners[layer] = Listener()
        return run(listeners[layer], x)

    gpt = model.transformer
    x = behind("embeddings", gpt.wte([prompt])) + gpt.wpe(np.arange(len(prompt)))
    for number, block in enumerate(gpt.h, start=1):
        x = behind(f"block {number}: attention", x + block.attn(block.ln_1(x)))
        x = behind(f"block {number}: mixers", x + block.mlp(block.ln_2(x)))
    scores = behind("output scores", linear(gpt.ln_f(x), gpt.wte.weight))
    cross_entropy(scores[0, -1:], [right]).backward()  # only the guess after the last word counts
    return {layer: each.gradient[0] for layer, each in reversed(listeners.items())}


def verdict(guesses: dict[str, float], right: str, blamed: str) -> show.Display:
    """Say what the model preferred, and which word was asked most about it."""
    first, *_ = guesses
    share = {word: f"“{word}” ({100 * guesses[word]:.0f} %)" for word in (first, right)}
    judged, words = "right", f"it expected {share[right]}"
    if first != right:
        judged, words = "wrong", f"it preferred {share[first]} to {share[right]}"
    return show.figure(
        "loss",
        -log(guesses[right]),
        unit="nats",
        verdict=judged,
        words=f"{words}. Of the words before the last, “{blamed}” gets most of the blame",
    )


def bars(by_layer: dict[str, float]) -> show.Display:
    """Draw how much blame arrives at each layer, in the order in which it does."""
    return show.bars(
        list(by_layer),
        list(by_layer.values()),
        name="blame: length of the gradient",
        label_name="layer",
        concept="grad",
        domain=(0, FURTHEST),
        summary=f"From {show.number(by_layer['output scores'])} at the output scores to "
        f"{show.number(by_layer['embeddings'])} at the embeddings.",
    )


def heat_map(by_word: dict[str, Array], words: list[str], blamed: str) -> show.Display:
    """Draw at which words the blame is: attention carries it from the last word to others."""
    return show.heat_map(
        list(by_word.values()),
        list(by_word),
        words,
        name="blame",
        column_name="word",
        concept="grad",
        limit=FURTHEST / 2,
        summary=f"The blame begins at “{words[-1]}”, the last word. Going down, the attention of "
        f"each block carries some of it to the words before, most of it to “{blamed}”.",
    )
