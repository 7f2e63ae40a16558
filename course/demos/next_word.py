"""The next word: how a text becomes numbers, and how the numbers become probabilities."""

from collections.abc import Iterator
from math import log

import numpy as np

from demos import micro
from pyengine import TrainConfig, Trainer, show, softmax
from pyengine.schedule import Cosine
from pyengine.train import Resume, afresh

SHOWN = 4  # numbers of each embedding that a table has room for


def numbers(text: str) -> show.Result:
    """Turn a text into tokens, tokens into ids, and ids into their embeddings."""
    ids = micro.encode(text)
    tokens = [micro.VOCABULARY[token] for token in ids]
    table = micro.checkpoint(100).transformer.wte.weight.data  # (V, C), a row for each token
    embeddings = table[ids]  # (T, C)
    width = table.shape[1]
    first = {token: listed(row) for token, row in zip(tokens, embeddings, strict=True)}
    rows: list[list[str | float]] = [
        [token, micro.TOKEN[token.lower()], start] for token, start in first.items()
    ]
    return show.result(
        show.figure(
            "numbers" if embeddings.size > 1 else "number",
            f"{embeddings.size:,}",
            words=f"{counted(len(ids), 'token')}, each turned into {width} numbers",
            concept="soft",
        ),
        show.tokens(tokens, ids, name="id, its place in the vocabulary", shaded=False),
        show.table(["token", "id", f"the first {SHOWN} of its {width} numbers"], rows),
        ids=ids,
        numbers=embeddings.size,
    )


def listed(row: np.ndarray) -> str:
    """Write the first few numbers of an embedding."""
    return ", ".join(show.number(float(x)) for x in row[:SHOWN]) + ", …"


def counted(count: int, thing: str) -> str:
    """Write how many there are of a thing."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


STATED = {"the": 0.12, "Paris": 0.10, "rhubarb": 0.01}  # made up: no model gave these
OTHERS = 49_997  # words that share what is left: a vocabulary of 50,000 in all


def illustration(raised: float) -> show.Result:
    """Raise the score of Paris: it gains, and all others lose, since they share one whole."""
    left = 1 - sum(STATED.values())
    logits = np.log([*STATED.values(), *[left / OTHERS] * OTHERS])  # (50000,), the scores
    logits[1] += raised
    p = softmax(logits)
    shares = dict(zip(STATED, p[:3].tolist(), strict=True)) | {"all others": float(p[3:].sum())}
    percent = {word: 100 * share for word, share in shares.items()}
    kept = shares["the"] / STATED["the"]
    lost = f"every other word keeps only {100 * kept:.0f} % of what it had"
    return show.result(
        show.figure(
            "for Paris",
            f"{percent['Paris']:.0f} %",
            verdict="Made-up numbers, not a model's",
            words=lost if raised else "all words share 100 % between them",
            concept="prob",
        ),
        show.bars(
            list(percent),
            list(percent.values()),
            name="made-up probability (%)",
            label_name="next word",
            highlight="Paris",
            domain=(0, 100),
            digits=1,
            summary="An illustration with made-up numbers, no model's, for “The capital of France "
            f"is …”: {in_percent(shares)}. Together they make 100 %.",
        ),
        shares=list(shares.values()),
        kept=kept,
    )


def in_percent(shares: dict[str, float]) -> str:
    """List words with their probabilities."""
    return ", ".join(f"{word} {100 * share:.1f} %" for word, share in shares.items())


STEPS = 240
EVERY = 8  # steps from one picture to the next
# A little higher, and rounding alone decides where a run ends: pages and browsers would differ.
SCHEDULE = Cosine(lr=8e-3, steps=STEPS, warmup_steps=STEPS // 20, min_lr=8e-4)
TOP = 6  # words whose probabilities are shown


def training(prompt: str, seed: int = 0, resume: Resume = afresh) -> Iterator[show.Result]:
    """Ask a fresh model for the next word, train it a little, ask again."""
    right = next(iter(micro.WORLD.next_words(prompt)))  # the only word that can follow
    text = micro.text(4000)
    met = micro.decode(text).count(f"{prompt} {right}")
    model = micro.fresh(seed, layers=1)
    config = TrainConfig(steps=STEPS, batch_size=16, schedule=SCHEDULE, seed=seed)
    # NumPy in page and browser alike: at this rate a run enlarges what kernels round differently.
    trainer = resume(Trainer(model, text, config, kernels="numpy"))
    beliefs: list[dict[str, float]] = trainer.yours.setdefault("beliefs", [])
    for step in range(EVERY * len(beliefs), STEPS + 1, EVERY):
        list(trainer.run(until=step))
        beliefs.append(micro.next_word(model, micro.encode(prompt)))
        yield next_words(beliefs, prompt, right, step, met)


def next_words(
    beliefs: list[dict[str, float]], prompt: str, right: str, step: int, met: int
) -> show.Result:
    """Show the likeliest next words, and where the right one is among them."""
    p = beliefs[-1]
    ranked = list(p)
    rank = ranked.index(right) + 1
    shown = ranked[:TOP] if rank <= TOP else [*ranked[: TOP - 1], right]
    place = "first" if rank == 1 else f"in place {rank}"
    return show.result(
        show.figure(
            f"for “{right}”, after {step} of {STEPS} steps",
            f"{100 * p[right]:.1f} %",
            verdict=f"{place} of {len(p)} words",
            words=f"“{prompt} {right}” stands {met} times in the text it learns from",
            concept="prob",
        ),
        show.bars(
            shown,
            [100 * p[word] for word in shown],
            name="probability (%)",
            label_name="next word",
            highlight=right,
            domain=(0, 100),
            digits=1,
            summary=f"After {step} steps “{ranked[0]}” leads with {100 * p[ranked[0]]:.1f} %. The "
            f"right word, {right}, is {place}. If all {len(p)} words were alike, each would have "
            f"{100 / len(p):.1f} %.",
        ),
        step=step,
        top=ranked[0],
        p=p[right],
        rank=rank,
        loss=-log(p[right]),
        began=max(beliefs[0].values()),
        led=[next(iter(each)) for each in beliefs],
        met=met,
    )
