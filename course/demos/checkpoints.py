"""Checkpoints: the same question to one model at five moments of its training."""

from demos import micro
from pyengine import EngineValueError, show
from pyengine.safetensors import from_bytes
from pyengine.train import evaluate

HELD_OUT = micro.text(400, seed=1)  # the text that the run was validated on
WRITTEN = 12  # words that the model writes
BARS = 6


def answers(prompt: str, trained: int) -> show.Result:
    """Ask the model as it was after `trained` percent of its run what comes next."""
    model = micro.checkpoint(trained)
    asked = micro.encode(prompt)[-micro.CONTEXT :]
    believed = micro.next_word(model, asked)
    best = next(iter(believed))
    wrote = micro.go_on(model, asked, WRITTEN, seed=0)
    loss = evaluate(model, HELD_OUT)
    likely = list(believed)[:BARS]
    return show.result(
        show.figure(
            f"for the next word “{best}”",
            percent(believed[best]),
            words=f"{in_the_world(prompt, best)}. The model goes on: {wrote}",
            concept="prob",
        ),
        show.bars(
            likely,
            [100 * believed[word] for word in likely],
            name="probability (%)",
            label_name="next word",
            domain=(0, 100),
            digits=1,
            summary=f"After {trained} % of its training the model finds “{best}” the likeliest "
            f"next word, with {percent(believed[best])}.",
        ),
        the_run(micro.STEPS * trained // 100, loss),
        next=best,
        probability=believed[best],
        wrote=wrote,
        validation_loss=loss,
    )


def in_the_world(prompt: str, word: str) -> str:
    """Say how often a word really comes next. In this small world that is known."""
    try:
        true = micro.WORLD.whole.next_words(micro.decode(micro.encode(prompt)))
    except EngineValueError:
        return "In this small world no sentence begins like that"
    if word not in true:
        return "In this small world that word never comes next"
    return f"In this small world it comes next {percent(true[word])} of the time"


def percent(p: float) -> str:
    """Write a probability for reading."""
    return f"{show.number(100 * p, 1)} %".replace(".0 %", " %")


def the_run(steps: int, loss: float) -> show.Display:
    """Draw the losses of the whole run, and mark where it was after so many steps."""
    record, _ = from_bytes(micro.recorded())
    training, validation = record["losses"][:, 0].tolist(), record["validation"].T.tolist()
    # A log scale has no 0. So the model is at step 1 before it has learned anything.
    drawn = sorted({round(len(training) ** (i / 60)) for i in range(61)})
    return show.curve(
        show.line(drawn, [training[step - 1] for step in drawn], name="training"),
        show.line(
            [i + 2 for i in validation[0]], validation[1], name="validation", concept="valid"
        ),
        show.point(steps + 1, loss, label=show.number(loss), concept="valid"),
        show.level(micro.FLOOR, label="the lowest possible"),
        x="step",
        y="loss (nats)",
        x_domain=(1, micro.STEPS + 1),
        x_log=True,
        summary=f"After {steps:,} of {micro.STEPS:,} steps the validation loss is "
        f"{show.number(loss)}. The lowest possible is {show.number(micro.FLOOR)}.",
    )
