"""Balanced updates: one word with three meanings, and whom an update from each of them helps."""

import numpy as np

from pyengine import SGD, Tensor, cross_entropy, show
from pyengine.functional import embedding
from pyengine.ops import Array

WORDS = ["sun", "bread", "prices", "rise", "sky", "oven", "shops"]  # V = 7
SENTENCES = {  # what the model reads, and what comes next; little words are left out
    "the sun rises": ("sun", "rise", "sky"),
    "the bread rises": ("bread", "rise", "oven"),
    "prices rise": ("prices", "rise", "shops"),
}
TOKENS = np.array([[WORDS.index(word) for word in said] for said in SENTENCES.values()])  # (3, 3)
ALL = "all three"
WIDTH = 8  # C
FARTHEST = 0.8  # the same axis for all, so that two batches can be compared; longer bars are cut


class NextWord:
    """A model that reads two words: it compares the mean of their vectors with every word's own.

    All three sentences use one vector for *rise*: what one of them changes, the others get too.
    """

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.read = Tensor(rng.normal(0, 0.3, (len(WORDS), WIDTH)), requires_grad=True)
        self.next = Tensor(rng.normal(0, 0.3, (len(WORDS), WIDTH)), requires_grad=True)

    def loss(self, tokens: Array) -> Tensor:
        """Return the mean loss of sentences (B, 3): two words to read, one to guess."""
        vectors = embedding(tokens[:, :2], self.read).mean(dim=1)  # (B, C)
        return cross_entropy(vectors @ self.next.T, tokens[:, 2])

    def update(self, batch: Array, lr: float) -> None:
        """Take one step of gradient descent; the gradient is the mean over the batch."""
        optimizer = SGD([self.read, self.next], lr=lr)
        self.loss(batch).backward()
        optimizer.step()
        optimizer.zero_grad()

    def losses(self) -> list[float]:
        """Measure the loss of each sentence by itself."""
        return [self.loss(TOKENS[[i]]).item() for i in range(len(TOKENS))]


def begun(seed: int) -> NextWord:
    """Make a model that has begun to learn: *rise* tells it what may follow, not yet which."""
    model = NextWord(seed)
    for _ in range(10):
        model.update(TOKENS, lr=0.5)
    return model


def rise(batch: str, lr: float, seed: int = 0) -> show.Result:
    """Make one update from a batch, and see what it does to the loss of each of the sentences."""
    before = begun(seed).losses()
    after, after_all = after_update(batch, lr, seed), after_update(ALL, lr, seed)
    change, change_by_all = np.subtract(after, before), np.subtract(after_all, before)
    rows = list(zip(SENTENCES, before, after, after_all, strict=True))
    return show.result(
        verdict(batch, change.tolist()),
        show.bars(
            list(SENTENCES),
            change.tolist(),
            name="change of the loss",
            label_name="sentence",
            concept="loss",
            domain=(-FARTHEST, FARTHEST),
        ),
        show.table(["loss of", "before", "after this batch", f"after {ALL}"], rows),
        change=change.tolist(),
        change_by_all=change_by_all.tolist(),
    )


def after_update(batch: str, lr: float, seed: int) -> list[float]:
    """Return the losses after one update, from one sentence or from all three."""
    model = begun(seed)
    chosen = slice(None) if batch == ALL else [list(SENTENCES).index(batch)]
    model.update(TOKENS[chosen], lr)
    return model.losses()


def verdict(batch: str, change: list[float]) -> show.Display:
    """Count the sentences that gain by the update, and say who pays for it."""
    helped = [said for said, by in zip(SENTENCES, change, strict=True) if by < 0]
    hurt = [said for said in SENTENCES if said not in helped]
    judged, words = "balanced", "one step made all three guesses better"
    if hurt:
        judged = "lopsided"
        words = f"it was better for {listed(helped)}, and worse for {listed(hurt)}"
    source = batch if batch == ALL else f"“{batch}”"
    name = f"sentences gain by an update from {source}"
    return show.figure(name, f"{len(helped)} of 3", verdict=judged, words=words)


def listed(sentences: list[str]) -> str:
    """Write a list as one says it."""
    return " and ".join(f"“{said}”" for said in sentences) or "none"
