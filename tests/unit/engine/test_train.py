"""A training run: its steps, its reports, and that stopping and resuming leaves no trace."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pyengine import EngineTypeError, EngineValueError, cross_entropy
from pyengine.data import Batches
from pyengine.gpt import GPT, GPTConfig
from pyengine.gradients import clip_grad_norm
from pyengine.optim import AdamW, is_matrix
from pyengine.schedule import (
    Constant,
    Cosine,
    InverseSquareRoot,
    LinearWarmup,
    WarmupStableDecay,
)
from pyengine.train import TrainConfig, Trainer, evaluate, mean_loss

SIZES = {"vocab_size": 11, "block_size": 8, "n_layer": 1, "n_head": 2, "n_embd": 16}
TEXT = np.random.default_rng(0).integers(0, 11, 400)
SCHEDULE = Cosine(lr=1e-2, steps=30, warmup_steps=3)


def trainer(steps=30, dropout=0.0, validation=None, **options) -> Trainer:
    model = GPT(GPTConfig(**SIZES, dropout=dropout), np.random.default_rng(1))
    config = TrainConfig(**{"steps": steps, "batch_size": 4, "schedule": SCHEDULE} | options)
    return Trainer(model, TEXT, config, validation)


def numbers(run: Trainer) -> list[bytes]:
    """All parameters, bit for bit."""
    return [parameter.data.tobytes() for parameter in run.model.parameters()]


def without_speed(reports):
    return [(r.step, r.loss, r.validation_loss, r.lr, r.grad_norm) for r in reports]


def test_a_step_is_forward_loss_backward_step_and_nothing_else():
    run = trainer(steps=5)
    reports = list(run.run())

    model = GPT(run.model.config, np.random.default_rng(1))
    optimizer = AdamW(model.parameters(), betas=(0.9, 0.99), weight_decay=0.1, decay_only=is_matrix)
    batches = Batches(TEXT, 4, 8, seed=1337)
    for step in range(5):
        inputs, targets = batches[step]
        loss = cross_entropy(model(inputs).reshape(-1, 11), targets.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        norm = clip_grad_norm(model.parameters(), 1.0)
        optimizer.lr = SCHEDULE(step)
        optimizer.step()
        assert (reports[step].loss, reports[step].grad_norm) == (loss.item(), norm)
    assert numbers(run) == [parameter.data.tobytes() for parameter in model.parameters()]


def test_a_model_learns_what_there_is_to_learn():
    model = GPT(GPTConfig(**SIZES), np.random.default_rng(1))
    config = TrainConfig(steps=60, batch_size=4, schedule=Constant(1e-2))
    losses = [report.loss for report in Trainer(model, [1, 2, 3, 4, 5] * 40, config).run()]
    assert losses[0] == pytest.approx(np.log(11), abs=0.1)
    assert losses[-1] < 0.1


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not():
    one, same, other = trainer(dropout=0.1), trainer(dropout=0.1), trainer(dropout=0.1, seed=2)
    reports = [without_speed(run.run()) for run in (one, same, other)]
    assert reports[0] == reports[1] != reports[2]
    assert numbers(one) == numbers(same) != numbers(other)


@pytest.mark.parametrize("accumulate", [2, 4])
def test_accumulating_gradients_is_a_larger_batch_for_the_memory_of_a_small_one(accumulate):
    small = trainer(batch_size=8 // accumulate, accumulate=accumulate, steps=10)
    large = trainer(batch_size=8, steps=10)
    for ours, whole in zip(small.run(), large.run(), strict=True):
        assert ours.loss == pytest.approx(whole.loss, rel=1e-5)
        assert ours.grad_norm == pytest.approx(whole.grad_norm, rel=1e-3)


def test_dropout_draws_anew_in_every_forward_pass():
    model = GPT(GPTConfig(**SIZES, dropout=0.5), np.random.default_rng(1))
    run = Trainer(model, [3] * 50, TrainConfig(steps=1, batch_size=2, accumulate=2))
    seen = []
    forward = model.forward
    model.forward = lambda ids, rng: seen.append(forward(ids, rng).data.copy()) or forward(ids, rng)
    run.step()
    assert not np.array_equal(seen[0], seen[1])


def test_a_run_that_diverges_ends_in_a_sentence_not_in_numpys_warnings():
    run = trainer(steps=200, schedule=Constant(1000.0), clip=0)
    with pytest.raises(EngineValueError, match=r"nan|inf|finite"):
        list(run.run())


def test_validation_happens_when_due_and_at_the_end_after_the_step():
    run = trainer(steps=10, validate_every=4, validation=TEXT[:50])
    found = {r.step: r.validation_loss for r in run.run() if r.validation_loss is not None}
    assert list(found) == [3, 7, 9]
    assert found[9] == evaluate(run.model, TEXT[:50])


def test_every_prediction_of_the_validation_text_counts_once():
    model = trainer().model
    text = TEXT[:30]
    one_by_one = [  # the context begins anew every 8 tokens
        mean_loss(model([text[i // 8 * 8 : i + 1]])[:, -1:], [[text[i + 1]]]).item()
        for i in range(29)
    ]
    assert evaluate(model, text, batch_size=2) == pytest.approx(np.mean(one_by_one), rel=1e-6)


def test_validating_changes_nothing():
    often, never = trainer(validate_every=1, validation=TEXT[:40]), trainer()
    assert [r.loss for r in often.run()] == [r.loss for r in never.run()]
    assert numbers(often) == numbers(never)


def test_without_clipping_the_gradient_is_taken_whole():
    free, clipped = trainer(steps=3, clip=0), trainer(steps=3, clip=1e-3)
    assert next(free.run()).grad_norm == next(clipped.run()).grad_norm
    list(free.run())
    list(clipped.run())
    assert numbers(free) != numbers(clipped)


@pytest.mark.parametrize("stop", [0, 1, 7, 29, 30])
def test_a_run_that_was_stopped_and_resumed_has_the_same_bits(tmp_path, stop):
    options = {"dropout": 0.2, "validation": TEXT[:40], "validate_every": 5, "accumulate": 2}
    whole, first = trainer(**options), trainer(**options)
    expected = without_speed(whole.run())
    done = without_speed(first.run(until=stop))
    first.save(tmp_path / "run.safetensors")
    resumed = Trainer.resume(tmp_path / "run.safetensors", TEXT, TEXT[:40])
    done += without_speed(resumed.run())
    assert done == expected
    assert numbers(resumed) == numbers(whole)


PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_train import TEXT, Trainer, trainer

file = Path(sys.argv[2])
run = Trainer.resume(file, TEXT) if file.exists() else trainer(dropout=0.2)
for report in run.run():
    run.save(file)
    print(report.step, flush=True)
"""


@pytest.mark.skipif(sys.platform == "emscripten", reason="a page cannot start and kill processes")
def test_a_run_killed_again_and_again_has_the_same_bits(tmp_path):
    file = tmp_path / "run.safetensors"
    command = [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(file)]
    lives = 0
    while not file.exists() or Trainer.resume(file, TEXT).next_step < 30:
        lives += 1
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for _ in range(3 + lives):  # each gets a bit further before it is killed
                process.stdout.readline()
            assert process.poll() in (None, 0)
            process.kill()
    resumed, whole = Trainer.resume(file, TEXT), trainer(dropout=0.2)
    list(whole.run())
    assert lives > 2
    assert numbers(resumed) == numbers(whole)


def test_a_checkpoint_keeps_what_its_author_adds(tmp_path):
    from pyengine.checkpoint import load_checkpoint

    trainer().save(tmp_path / "run.safetensors", {"tokenizer": "characters"})
    about = load_checkpoint(tmp_path / "run.safetensors").about
    assert about["yours"] == {"tokenizer": "characters"}
    assert about["next_step"] == 0


def test_a_checkpoint_is_not_resumed_on_another_text(tmp_path):
    trainer().save(tmp_path / "run.safetensors")
    with pytest.raises(EngineValueError) as told:
        Trainer.resume(tmp_path / "run.safetensors", TEXT[1:])
    assert str(told.value) == (
        "Trainer.resume: expected the text the checkpoint was trained on; got other tokens. "
        "Encode the same text with the same tokenizer."
    )


@pytest.mark.parametrize("kind", [np.uint16, np.int32, np.int64, list])
def test_it_is_the_same_text_whatever_integers_hold_it(tmp_path, kind):
    trainer().save(tmp_path / "run.safetensors")
    text = TEXT.tolist() if kind is list else TEXT.astype(kind)
    assert Trainer.resume(tmp_path / "run.safetensors", text).next_step == 0


@pytest.mark.parametrize(
    "schedule",
    [
        Constant(0.1),
        LinearWarmup(0.1, 5),
        Cosine(0.1, 20, 2, 0.01),
        WarmupStableDecay(0.1, 20, 2, 5),
        InverseSquareRoot(0.1, 4),
    ],
    ids=lambda schedule: type(schedule).__name__,
)
def test_a_configuration_survives_being_written_down(schedule):
    config = TrainConfig(steps=7, schedule=schedule, betas=(0.8, 0.9))
    assert TrainConfig.from_dict(config.as_dict()) == config


@pytest.mark.parametrize(
    ("error", "options", "told"),
    [
        (EngineValueError, {"steps": 0}, "expected steps of at least 1; got 0."),
        (EngineValueError, {"accumulate": 0}, "expected accumulate of at least 1; got 0."),
        (EngineTypeError, {"batch_size": 1.5}, "expected batch_size to be an int; got 1.5."),
        (EngineTypeError, {"seed": True}, "expected seed to be an int; got True."),
        (
            EngineValueError,
            {"validate_every": -1},
            "expected validate_every of at least 0; got -1.",
        ),
        (
            EngineValueError,
            {"clip": -1.0},
            "expected clip of at least 0; got -1.0. 0 means no clipping.",
        ),
    ],
)
def test_a_configuration_that_cannot_be_is_refused(error, options, told):
    with pytest.raises(error) as refused:
        TrainConfig(**options)
    assert str(refused.value) == f"TrainConfig: {told}"
