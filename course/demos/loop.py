"""The loop: forward, loss, backward, optimize. One phase at a time, and then over many batches."""

from collections.abc import Iterator, Sequence
from math import log
from typing import Any

import numpy as np

from demos import micro
from pyengine import GPT, SGD, TrainConfig, Trainer, cross_entropy, show
from pyengine.schedule import Cosine
from pyengine.train import Resume, afresh

PROMPT, RIGHT = "the capital of France is", "Paris"
ROUNDS = 3
TOP = 6  # words whose probabilities are shown


def phases(lr: float, seed: int = 0) -> Iterator[show.Result]:
    """Go round the loop three times on one sentence, and stop after every phase."""
    model = micro.fresh(seed, layers=1)
    optimizer = SGD(model.parameters(), lr=lr)
    prompt, right = micro.encode(PROMPT), [micro.TOKEN[RIGHT.lower()]]
    for turn in range(1, ROUNDS + 1):
        logits = model([prompt])[0, -1:]  # 1. forward: a score for every word
        guess = micro.next_word(model, prompt)  # the scores as probabilities
        yield forward(turn, guess)

        loss = cross_entropy(logits, right)  # 2. loss: how wrong was that?
        yield measured(turn, guess[RIGHT], loss.item())

        optimizer.zero_grad()
        loss.backward()  # 3. backward: who is to blame?
        yield blamed(turn, model)

        optimizer.step()  # 4. optimize: every parameter ← itself − lr × its gradient
        yield moved(turn, guess, micro.next_word(model, prompt), lr)


def phase(turn: int, number: int, name: str, **said: Any) -> show.Display:
    """Say in which phase of which round we are."""
    where = f"phase {number} of 4, round {turn} of {ROUNDS}"
    return show.figure(where, name, **said)


def forward(turn: int, guess: dict[str, float]) -> show.Result:
    """Show what the model makes of the prompt."""
    judged = f"{RIGHT} gets {100 * guess[RIGHT]:.1f} %"
    words = f"“{PROMPT} …” went in, {len(guess)} probabilities came out"
    return show.result(
        phase(turn, 1, "Forward", verdict=judged, words=words, concept="prob"),
        probabilities(guess, list(guess), "now"),
        phase="Forward",
        p=guess[RIGHT],
    )


def probabilities(guess: dict[str, float], ranked: list[str], when: str) -> show.Display:
    """Draw the probabilities of the words ranked first, and of the right one."""
    top = ranked[:TOP] if RIGHT in ranked[:TOP] else [*ranked[: TOP - 1], RIGHT]
    first = max(guess, key=lambda word: guess[word])
    others = f"; “{first}” leads, with {100 * guess[first]:.1f} %"
    if first == RIGHT:
        others = ", more than any other word"
    return show.bars(
        top,
        [100 * guess[word] for word in top],
        name=f"probability {when} (%)",
        label_name="next word",
        highlight=RIGHT,
        domain=(0, 100),
        digits=1,
        summary=f"{RIGHT} has {100 * guess[RIGHT]:.1f} % {when}{others}.",
    )


def measured(turn: int, p: float, loss: float) -> show.Result:
    """Show the loss on its curve."""
    percent = list(range(1, 101))
    judged = f"the loss is {show.number(loss)}"
    words = f"minus the logarithm of {show.number(p, 3)}, the probability of {RIGHT}"
    return show.result(
        phase(turn, 2, "Loss", verdict=judged, words=words, concept="loss"),
        show.curve(
            show.line(percent, [-log(x / 100) for x in percent]),
            show.point(100 * p, loss, label=show.number(loss)),
            x=f"probability of {RIGHT} (%)",
            y="loss",
            x_domain=(0, 100),
            y_domain=(0, 5),
            height=28 * TOP,
            summary=f"{RIGHT} got {100 * p:.1f} %: the loss is {show.number(loss)}.",
        ),
        phase="Loss",
        loss=loss,
    )


PARTS = {
    ".wte.": "embeddings of words",
    ".wpe.": "embeddings of places",
    ".attn.": "attention",
    ".mlp.": "mixers",
    ".ln_": "scaling in between",
}


def blamed(turn: int, model: GPT) -> show.Result:
    """Show how large the gradients are in each part of the model."""
    gradients = {n: p.grad for n, p in model.named_parameters() if p.grad is not None}
    sizes = {
        part: float(np.sqrt(sum((g**2).sum() for name, g in gradients.items() if key in name)))
        for key, part in PARTS.items()
    }
    judged = f"{model.parameter_count():,} gradients"
    words = "one for each parameter: which way it should move, and how much that matters"
    most = max(sizes, key=lambda part: sizes[part])
    return show.result(
        phase(turn, 3, "Backward", verdict=judged, words=words, concept="grad"),
        show.bars(
            list(sizes),
            list(sizes.values()),
            name="size of the gradient",
            label_name="part",
            concept="grad",
            summary=f"The gradient is largest in the {most}, {show.number(sizes[most])}.",
        ),
        phase="Backward",
        sizes=sizes,
    )


def moved(turn: int, guess: dict[str, float], after: dict[str, float], lr: float) -> show.Result:
    """Show the same words' probabilities once every parameter has moved."""
    losses = [-log(guess[RIGHT]), -log(after[RIGHT])]
    way = "falls" if losses[1] < losses[0] else "rises"
    judged = f"the loss {way} from {show.number(losses[0])} to {show.number(losses[1])}"
    words = f"every parameter moved by {lr:g} × its gradient, against it"
    return show.result(
        phase(turn, 4, "Optimize", verdict=judged, words=words, concept="rate"),
        probabilities(after, list(guess), "afterwards"),
        phase="Optimize",
        before=losses[0],
        after=losses[1],
        p=after[RIGHT],
    )


STEPS = 200
EVERY = 5  # steps from one picture to the next
CLUELESS = log(len(micro.VOCABULARY))  # the loss of giving every word the same probability


def train(
    lr: float, batch_size: int, seed: int = 0, resume: Resume = afresh
) -> Iterator[show.Result]:
    """Go round the loop 200 times, each time with another batch; look in now and then."""
    model = micro.fresh(seed, layers=1)
    schedule = Cosine(lr=lr, steps=STEPS, warmup_steps=STEPS // 20, min_lr=lr / 10)
    config = TrainConfig(steps=STEPS, batch_size=batch_size, schedule=schedule, seed=seed)
    text = micro.text(4000)
    trainer = resume(Trainer(model, text, config))
    alone = counting(text)
    learnt: dict[str, int] = trainer.yours.setdefault("learnt", {})
    for step in [1, *range(EVERY, STEPS + 1, EVERY)]:
        if step <= trainer.next_step:
            continue  # done before the page was left
        list(trainer.run(until=step))
        losses = [report.loss for report in trainer.reports]
        for what in knowledge(model, recent(losses), alone):
            learnt.setdefault(what, step)
        written = micro.go_on(model, micro.encode("."), 12, seed=seed)
        yield so_far(losses, written.removeprefix(". "), learnt)


FREQUENT = "how often each word comes"
FOLLOWS = {  # a word is known to follow a text if it gets more than half
    "that “of” follows “the capital”": ("the capital", "of"),
    "that “are” follows “the cats on the red mat”": ("the cats on the red mat", "are"),
    f"that “{RIGHT}” follows “{PROMPT}”": (PROMPT, RIGHT),
}


def counting(text: Sequence[int]) -> float:
    """Compute the loss of a guess that knows how often each word comes, and nothing else."""
    shares = np.bincount(text) / len(text)
    return float(-sum(share * log(share) for share in shares if share > 0))


def knowledge(model: GPT, loss: float, alone: float) -> list[str]:
    """List what a model knows, in the order in which it is asked."""
    known = [FREQUENT] if loss < alone else []
    for what, (text, word) in FOLLOWS.items():
        if micro.next_word(model, micro.encode(text))[word] > 0.5:
            known.append(what)
    return known


def so_far(losses: list[float], written: str, learnt: dict[str, int]) -> show.Result:
    """Show the loss of every batch so far, between knowing nothing and the floor."""
    loss, steps = recent(losses), len(losses)
    since = {what: learnt.get(what) for what in (FREQUENT, *FOLLOWS)}
    return show.result(
        show.figure(
            f"loss, step {steps} of {STEPS}",
            loss,
            verdict=verdict(loss),
            words=f"it now writes: “{written}”",
        ),
        show.curve(
            show.level(CLUELESS, label=f"every word alike: ln {len(micro.VOCABULARY)}"),
            show.level(micro.FLOOR, label="floor of this world"),
            show.line(list(range(1, steps + 1)), losses),
            x="step",
            y="loss of the batch",
            x_domain=(0, STEPS),
            y_domain=(0, 5),
            summary=f"The loss began at {show.number(losses[0])} and is {show.number(loss)} "
            f"over the last {min(10, steps)} of {steps} steps. Giving every word the same "
            f"probability costs {show.number(CLUELESS)}; the floor is "
            f"{show.number(micro.FLOOR)}.",
        ),
        show.table(
            ["it knows", "from step"],
            [[what, f"{step or 'not yet'}"] for what, step in since.items()],
        ),
        step=steps,
        learnt=[step or STEPS + 1 for step in since.values()],
        first=losses[0],
        loss=loss,
        verdict=verdict(loss),
        written=written,
    )


def recent(losses: list[float]) -> float:
    """Take the mean of the last ten losses: batches differ, and a few together say more."""
    return float(np.mean(losses[-10:]))


def verdict(loss: float) -> str:
    """Judge a loss by where it lies between knowing nothing and the floor."""
    if loss > CLUELESS + 0.3:
        return "worse than knowing nothing"
    left = (loss - micro.FLOOR) / (CLUELESS - micro.FLOOR)
    limits = {"near the floor": 0.15, "well on its way": 0.5, "a little learnt": 0.9}
    return next((words for words, limit in limits.items() if left < limit), "nothing learnt yet")
