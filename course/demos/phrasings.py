"""Memorizing against generalizing: the same facts, told in one phrasing or in several."""

from collections.abc import Iterator
from math import log
from typing import Any

import numpy as np

from pyengine import GPT, AdamW, EngineValueError, GPTConfig, cross_entropy, no_grad, show
from pyengine.train import mean_loss

CITY = {
    "France": "Paris",
    "Italy": "Rome",
    "Spain": "Madrid",
    "Japan": "Tokyo",
    "Egypt": "Cairo",
    "Kenya": "Nairobi",
    "Peru": "Lima",
    "Norway": "Oslo",
    "Cuba": "Havana",
    "Greece": "Athens",
    "Poland": "Warsaw",
    "Austria": "Vienna",
}
PHRASINGS = [  # each of six words, and then the city
    "the capital of {} is called",
    "people in {} call their capital",
    "the government of {} sits in",
    "{} is governed from its capital",
    "maps of {} mark the capital",
    "embassies in {} are found in",
]
HELD_OUT = len(PHRASINGS) - 1  # the one phrasing of each fact that no model is told
STEPS, EVERY = 160, 8  # steps of each run, and how many lie between two measurements
BATCH = 12  # sentences per step, in both runs
SHOWN = ("France", "Japan", "Egypt", "Norway")  # whose held-out questions are listed


def question(country: str, phrasing: int) -> str:
    """Ask for a capital. Each country counts the phrasings from another one on."""
    first = list(CITY).index(country)
    return PHRASINGS[(first + phrasing) % len(PHRASINGS)].format(country)


def sentences(phrasings: range) -> list[str]:
    """Tell every fact in these phrasings."""
    return [f"{question(country, i)} {city}" for i in phrasings for country, city in CITY.items()]


WORDS = sorted({word for said in sentences(range(len(PHRASINGS))) for word in said.split()})
TOKEN = {word: token for token, word in enumerate(WORDS)}


def encode(texts: list[str]) -> Any:
    """Turn texts of equal length into tokens, one row each."""
    return np.array([[TOKEN[word] for word in text.split()] for text in texts])


def two_runs(phrasings: int, seed: int) -> Iterator[show.Result]:
    """Tell one model every fact in one phrasing, an equal one in several; then ask in another."""
    if not 1 < phrasings <= HELD_OUT:
        expected = f"2 to {HELD_OUT} phrasings of each fact"
        raise EngineValueError("two_runs", expected, f"{phrasings}", "The last is held out.")
    curves: list[list[float]] = []
    for once, often in zip(training(1, seed), training(phrasings, seed), strict=True):
        told = [ask(once, range(1))[0], ask(often, range(phrasings))[0]]
        asked = [ask(model, range(HELD_OUT, HELD_OUT + 1)) for model in (once, often)]
        curves.append([*told, *(loss for loss, _ in asked)])
        yield shown(curves, asked[0][1], asked[1][1], phrasings)


def training(phrasings: int, seed: int) -> Iterator[GPT]:
    """Train a small GPT on every fact in so many phrasings; hand it out every few steps."""
    rng = np.random.default_rng(seed)
    model = GPT(GPTConfig(len(WORDS), block_size=6, n_layer=1, n_head=2, n_embd=48), rng)
    optimizer = AdamW(model.parameters(), lr=5e-3)
    text = encode(sentences(range(phrasings)))
    yield model
    for step in range(1, STEPS + 1):
        batch = text[rng.choice(len(text), BATCH, replace=False)]
        loss = mean_loss(model(batch[:, :-1]), batch[:, 1:])  # every word from those before it
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % EVERY == 0:
            yield model


def ask(model: GPT, phrasings: range) -> tuple[float, dict[str, str]]:
    """Ask for every city in these phrasings: the mean loss on it, and the last one's answers."""
    text = encode(sentences(phrasings))
    with no_grad():
        logits = model(text[:, :-1]).data[:, -1]  # what follows each question
    likeliest = [WORDS[token] for token in logits[-len(CITY) :].argmax(axis=-1)]
    return float(cross_entropy(logits, text[:, -1])), dict(zip(CITY, likeliest, strict=True))


def shown(
    curves: list[list[float]], once: dict[str, str], often: dict[str, str], phrasings: int
) -> show.Result:
    """Show how far the two runs are."""
    told_once, told_often, asked_once, asked_often = zip(*curves, strict=True)
    right_once, right_often = right(once), right(often)
    judged = verdict(told_often[-1], right_often)
    rows = [
        [f"{question(country, HELD_OUT)}\u00a0…", marked(country, once), marked(country, often)]
        for country in SHOWN
    ]
    steps = range(0, EVERY * len(curves), EVERY)
    many = f"{phrasings} phrasings"
    return show.result(
        show.figure(
            "questions in new words answered right",
            f"{right_often} of {len(CITY)}",
            verdict=judged,
            words=f"it was told each fact in {many}. Told in one, the same model gets "
            f"{right_once} right. Their losses on what they were told: "
            f"{show.number(told_often[-1])} and {show.number(told_once[-1])}",
            concept="valid",
        ),
        show.curve(
            show.line(steps, told_once, name="told, 1 way", dashed=True),
            show.line(steps, told_often, name=f"told, {phrasings} ways"),
            show.line(steps, asked_once, name="held out, 1 way", concept="valid", dashed=True),
            show.line(steps, asked_often, name=f"held out, {phrasings} ways", concept="valid"),
            show.level(log(len(CITY)), label=f"blind guess among {len(CITY)} cities"),
            x="step",
            y="loss on the city",
            x_domain=(0, STEPS),
            summary=f"After {steps[-1]} steps the losses on what was told are "
            f"{show.number(told_once[-1])} (one phrasing) and {show.number(told_often[-1])} "
            f"({many}). On phrasings held out they are {show.number(asked_once[-1])} and "
            f"{show.number(asked_often[-1])}.",
        ),
        show.table(["never told", "told 1 phrasing", f"told {many}"], rows),
        verdicts=[verdict(told_once[-1], right_once), judged],
        told=[told_once[-1], told_often[-1]],
        held_out=[asked_once[-1], asked_often[-1]],
        right=[right_once, right_often],
    )


def right(answers: dict[str, str]) -> int:
    """Count the right answers."""
    return sum(CITY[country] == city for country, city in answers.items())


def marked(country: str, answers: dict[str, str]) -> str:
    """Write an answer, and whether it is right."""
    city = answers[country]
    return f"{city}, {'right' if city == CITY[country] else 'wrong'}"


def verdict(told: float, right: int) -> str:
    """Judge a run by its loss on what it was told, and its answers to what it was not."""
    if told > 0.5:
        return "still learning"
    if right > 0.75 * len(CITY):
        return "generalizes"
    return "memorizes" if right < 0.5 * len(CITY) else "in between"
