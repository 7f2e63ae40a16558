"""A language model small enough to train while one waits, and the run its checkpoints are from.

It speaks of `MicroWorld`, where every probability is known: 56 words, each one token.
"""

import re
from collections.abc import Sequence

import numpy as np

from pyengine import GPT, EngineValueError, GPTConfig, TrainConfig, Trainer, generate
from pyengine.functional import softmax
from pyengine.grammar import words
from pyengine.microworld import MicroWorld
from pyengine.safetensors import from_bytes, to_bytes
from pyengine.schedule import Cosine
from pyengine.train import Report

WORLD = MicroWorld(seed=0)
VOCABULARY = list(WORLD.vocabulary)  # V = 56
TOKEN = {word.lower(): token for token, word in enumerate(VOCABULARY)}
FLOOR = WORLD.floors(words).generalizing  # nats per token: no model that generalizes gets below
CONTEXT = 16  # T

STEPS = 1500
PERCENTS = (0, 1, 10, 50, 100)  # how much of the run was done when a checkpoint was saved
RUN = TrainConfig(
    steps=STEPS,
    batch_size=16,
    schedule=Cosine(lr=1e-2, steps=STEPS, warmup_steps=STEPS // 50, min_lr=1e-3),
    validate_every=75,
    seed=0,
)


def encode(text: str) -> list[int]:
    """Turn a text into its tokens; upper and lower case are the same.

    >>> decode(encode("The capital of france is"))
    'the capital of France is'
    """
    tokens = re.findall(r"\w+|[^\w\s]", text)
    unknown = [token for token in tokens if token.lower() not in TOKEN]
    if unknown:
        fix = f"It knows {', '.join(VOCABULARY[1:])} and the full stop."
        raise EngineValueError("this small model", "words that it knows", f"{unknown[0]!r}", fix)
    if not tokens:
        raise EngineValueError("this small model", "at least one word", "none")
    return [TOKEN[token.lower()] for token in tokens]


def decode(tokens: Sequence[int]) -> str:
    """Turn tokens into a text.

    >>> decode([*encode("the cat sat"), *encode(".")])
    'the cat sat.'
    """
    return " ".join(VOCABULARY[token] for token in tokens).replace(" .", ".")


def text(sentences: int, seed: int = 0) -> list[int]:
    """Draw a text from the world, as tokens. Another seed draws other sentences."""
    return encode(MicroWorld(seed).text(sentences))


def fresh(seed: int = 0, layers: int = 2, width: int = 32) -> GPT:
    """Make a model that has not learned anything: its parameters are random."""
    sizes = GPTConfig(len(VOCABULARY), CONTEXT, layers, n_head=2, n_embd=width)
    return GPT(sizes, np.random.default_rng(seed))


def next_word(model: GPT, prompt: Sequence[int]) -> dict[str, float]:
    """Ask a model what comes next: the probability of every word, the likeliest first."""
    p = softmax(model([list(prompt)]).data[0, -1].astype(np.float64))  # (V,)
    return {VOCABULARY[i]: float(p[i]) for i in np.argsort(-p, kind="stable")}


def go_on(model: GPT, prompt: Sequence[int], count: int, seed: int, temperature: float = 1) -> str:
    """Let a model write `count` words more, each drawn with the probability it gave."""
    rng = np.random.default_rng(seed)
    return decode(list(generate(model, prompt, count, rng, temperature)))


def record() -> bytes:
    """Train the model once, from start to end, and save it on the way. Done when the site is built.

    The file holds the parameters at each of `PERCENTS` and the losses of the run.
    """
    model = fresh()
    trainer = Trainer(model, text(4000), RUN, validation=text(400, seed=1))
    saved: dict[str, np.ndarray] = {}
    reports: list[Report] = []
    for percent in PERCENTS:
        reports += trainer.run(until=STEPS * percent // 100)
        saved |= {f"{percent}/{name}": array.copy() for name, array in model.state_dict().items()}
    losses = np.array([[r.loss, r.lr] for r in reports])  # (STEPS, 2)
    held_out = np.array([[r.step, r.validation_loss] for r in reports if r.validation_loss])
    return to_bytes({**saved, "losses": losses, "validation": held_out})


def checkpoint(percent: int) -> GPT:
    """Load the model as it was when `percent` of its training was done: one of `PERCENTS`."""
    saved, _ = from_bytes(recorded())
    start = f"{percent}/"
    model = fresh()
    model.load_state_dict(
        {name.removeprefix(start): a for name, a in saved.items() if name.startswith(start)}
    )
    return model


def recorded() -> bytes:
    """Read what `record` returned when the site was built."""
    from course_data import read

    made: bytes = read("micro.safetensors")
    return made
