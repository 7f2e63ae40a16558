"""Teacher forcing: a model learns on true words only, and then has to write on its own."""

from collections.abc import Iterable, Sequence
from math import nan
from typing import Any

import numpy as np

from demos import micro
from pyengine import GPT, cross_entropy, no_grad, show
from pyengine.functional import softmax

STOP = micro.TOKEN["."]
SAYABLE = {tuple(micro.encode(said)) for said in micro.WORLD.whole.probabilities}
TEXTS, WORDS = 100, 22  # how many are written, and in how many words at most
UNLIKELY = 0.001  # a word with a lower probability is one that the model would not write
EXAMPLES = 5


def signals(sentence: str, trained: int, sixth: str = "after") -> show.Result:
    """Pass a sentence through a model once: every position predicts the word that follows it."""
    said = micro.encode(sentence)
    text = [*said, STOP] if sixth == "after" else [STOP, *said]
    seen, true = text[:-1], text[1:]
    logits = micro.checkpoint(trained)([seen]).data[0]  # (T, V): one pass, T predictions
    guesses = logits.argmax(axis=-1)
    losses = [cross_entropy(row, token) for row, token in zip(logits, true, strict=True)]

    went_in, guessed, right = named(seen), named(guesses), named(true)
    wrong = sum(guess != word for guess, word in zip(guessed, right, strict=True))
    return show.result(
        show.figure(
            "signals from one pass",
            f"{len(losses)}",
            words=f"their mean loss is {show.number(float(np.mean(losses)))} nats. The model's "
            f"own guess is wrong at {wrong} of {len(losses)} places. The true word goes in all "
            "the same",
        ),
        mask(went_in, right),
        show.table(
            ["after", "its guess", "true word", "loss"],
            [list(row) for row in zip(went_in, guessed, right, losses, strict=True)],
            concepts={"its guess": "prob", "loss": "loss"},
        ),
        losses=losses,
        guesses=guessed,
        true=right,
        wrong=wrong,
    )


def named(tokens: Iterable[int]) -> list[str]:
    """Turn tokens into words."""
    return [micro.VOCABULARY[token] for token in tokens]


def mask(went_in: Sequence[str], right: Sequence[str]) -> show.Display:
    """Draw the causal mask: the words that each prediction may be made from."""
    T = len(went_in)
    return show.heat_map(
        [[1 if column <= row else nan for column in range(T)] for row in range(T)],
        right,
        went_in,
        name="1 = may be seen",
        row_name="to predict",
        column_name="words that go in",
        digits=0,
        summary=f"The causal mask: to predict “{right[0]}” the model may see “{went_in[0]}” only, "
        f"to predict “{right[-1]}” all {T} words that go in.",
    )


def drift(trained: int, slip: int) -> show.Result:
    """Let a model write from its own words, then again with a wrong word forced in at `slip`."""
    model = micro.checkpoint(trained)
    alone = share(sentence in SAYABLE for (sentence,) in write(model, sentences=1))
    # Where a sentence ended before the slip, there is nothing to see.
    slipped = [both for both in write(model, sentences=2, slip=slip) if len(both[0]) > slip]
    rest = share(fits(first, slip) for first, _ in slipped)
    following = share(second in SAYABLE for _, second in slipped)
    judged = "it recovers at once" if rest > 0.8 * alone else "one error leads to others"
    rows = [
        [marked(first, slip), "fits" if fits(first, slip) else "does not fit"]
        for first, _ in slipped[:EXAMPLES]
    ]
    return show.result(
        show.figure(
            "of the sentences fit together but for the one word that was forced in",
            percent(rest),
            concept="prob",
            verdict=judged,
            words=f"left alone, the model gets {percent(alone)} of its sentences right, and of "
            f"those that follow a broken one {percent(following)}",
        ),
        show.bars(
            ["left alone", "after a slip", "next sentence"],
            [100 * alone, 100 * rest, 100 * following],
            name="sentences without an error of its own (%)",
            label_name="sentences",
            domain=(0, 100),
            digits=0,
            summary=f"Without an error of its own: {percent(alone)} of the sentences when the "
            f"model is left alone, {percent(rest)} after a wrong word forced in, "
            f"{percent(following)} of the sentences that follow.",
        ),
        show.table(["what it wrote, [forced in]", "the rest"], rows),
        alone=alone,
        rest=rest,
        following=following,
        verdict=judged,
    )


def write(model: GPT, sentences: int, slip: int = 0) -> list[list[tuple[int, ...]]]:
    """Write many texts side by side: each word is drawn given those that the model wrote."""
    rng = np.random.default_rng(0)
    ids = np.full((TEXTS, 1), STOP)
    for place in range(1, WORDS + 1):
        with no_grad():
            logits = model(ids[:, -micro.CONTEXT :]).data[:, -1]  # (TEXTS, V)
        p = softmax(logits.astype(np.float64))
        if place == slip:
            p = np.where(p < UNLIKELY, 1.0, 0.0)
            p[:, STOP] = 0
        ids = np.hstack([ids, drawn(p, rng)])
        if ((ids == STOP).sum(axis=1) > sentences).all():  # all have come to an end
            break
    return [cut(text, sentences) for text in ids[:, 1:].tolist()]


def drawn(p: Any, rng: np.random.Generator) -> Any:
    """Draw one token for each row of probabilities; they need not sum to 1."""
    line = p.cumsum(axis=1)
    places = rng.random((len(p), 1)) * line[:, -1:]
    return (line <= places).sum(axis=1, keepdims=True)


def cut(text: list[int], sentences: int) -> list[tuple[int, ...]]:
    """Cut the first sentences off a text, each with its full stop."""
    found = []
    for _ in range(sentences):
        end = text.index(STOP) + 1 if STOP in text else len(text)
        found.append(tuple(text[:end]))
        text = text[end:]
    return found


def fits(sentence: tuple[int, ...], slip: int) -> bool:
    """Say whether the world could say the sentence with another word, or none, for the slip."""
    before, behind = sentence[: slip - 1], sentence[slip:]
    others = [(), *((token,) for token in range(len(micro.VOCABULARY)))]
    return any((*before, *other, *behind) in SAYABLE for other in others)


def share(found: Iterable[bool]) -> float:
    """Compute the share of what is true."""
    return float(np.mean([*found]))


def percent(share: float) -> str:
    """Write a share for reading."""
    return f"{100 * share:.0f} %"


def marked(sentence: tuple[int, ...], slip: int) -> str:
    """Write a sentence with the word that was forced in between brackets."""
    words = named(sentence)
    words[slip - 1] = f"[{words[slip - 1]}]"
    return " ".join(words).replace(" .", ".")
