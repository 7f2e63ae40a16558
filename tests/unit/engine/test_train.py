"""A training run: its steps, its reports, and that stopping and resuming leaves no trace."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from refusing import raised

from pyengine import EngineError, EngineTypeError, EngineValueError, cross_entropy
from pyengine.checkpoint import load_checkpoint, save_checkpoint
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
from dataclasses import replace
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from test_train import TEXT, Trainer, trainer

file = Path(sys.argv[1])
run = Trainer.resume(file, TEXT) if file.exists() else trainer(dropout=0.2)
for report in run.run():
    run.save(file)
    print(report.step, flush=True)
"""


@pytest.mark.skipif(sys.platform == "emscripten", reason="a page cannot start and kill processes")
def test_a_run_killed_again_and_again_has_the_same_bits(tmp_path):
    file = tmp_path / "run.safetensors"
    folder = Path(__file__).parent
    command = [sys.executable, "-c", PROGRAM, file, folder, folder.parents[1]]
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


def test_a_run_goes_on_from_bytes_with_all_its_reports_and_its_authors_notes():
    held_out = TEXT[:60]
    whole, half, rest = (trainer(8, 0.2, held_out, validate_every=3) for _ in range(3))
    list(whole.run())
    half.yours["notes"] = ["kept"]
    list(half.run(until=4))
    half.reports[1] = replace(half.reports[1], loss=float("nan"), tokens_per_second=float("inf"))
    rest.restore(half.checkpoint())
    assert without_speed(rest.reports)[2:] == without_speed(whole.reports)[2:4]
    assert np.isnan(rest.reports[1].loss)
    assert rest.reports[1].tokens_per_second == float("inf")
    list(rest.run())
    assert numbers(rest) == numbers(whole)
    assert without_speed(rest.reports)[2:] == without_speed(whole.reports)[2:]
    assert rest.yours == {"notes": ["kept"]}
    new = trainer()
    new.restore(trainer().checkpoint())
    assert (new.next_step, new.reports) == (0, [])


def test_a_checkpoint_of_a_run_begun_in_another_way_is_refused_and_changes_nothing():
    run = trainer()
    before = numbers(run)
    wider = GPT(GPTConfig(**{**SIZES, "n_embd": 32}), np.random.default_rng(1))
    others = {
        "model": Trainer(wider, TEXT, run.config),
        "train": trainer(steps=31),
        "text": Trainer(run.model, TEXT[1:], run.config),
        "validation": trainer(validation=TEXT[:60]),
    }
    for name, other in others.items():
        with pytest.raises(EngineValueError, match=f"a run with the same {name}; got another"):
            run.restore(other.checkpoint())
    assert numbers(run) == before


def test_a_checkpoint_keeps_what_its_author_adds(tmp_path):
    trainer().save(tmp_path / "run.safetensors", {"tokenizer": "characters"})
    about = load_checkpoint(tmp_path / "run.safetensors").about
    assert about["yours"] == {"tokenizer": "characters"}
    assert about["next_step"] == 0


def test_what_its_author_added_stays_with_a_run_that_goes_on(tmp_path):
    trainer().save(tmp_path / "run.safetensors", {"tokenizer": "characters"})
    Trainer.resume(tmp_path / "run.safetensors", TEXT).save(tmp_path / "again.safetensors")
    about = load_checkpoint(tmp_path / "again.safetensors").about
    assert about["yours"] == {"tokenizer": "characters"}


def test_a_run_stopped_while_it_moved_its_parameters_does_not_go_on(tmp_path):
    run = trainer()
    run.step()
    update, left = run.optimizer.update, iter(range(5))

    def interrupted(*arguments):
        if next(left, None) is None:
            raise KeyboardInterrupt
        update(*arguments)

    run.optimizer.update = interrupted
    with pytest.raises(KeyboardInterrupt):
        run.step()
    for use in (run.step, lambda: run.save(tmp_path / "run.safetensors")):
        assert raised(EngineValueError, use) == (
            "Trainer: expected parameters that were all moved by the same steps; got a run that "
            "was stopped in the middle of step 1. Go on from its last checkpoint: Trainer.resume."
        )


def test_a_run_stopped_before_it_moves_its_parameters_goes_on_with_the_same_bits(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    run, whole = trainer(), trainer()
    with monkeypatch.context() as patch:
        patch.setattr("pyengine.train.clip_grad_norm", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run.step()
    assert without_speed(run.run()) == without_speed(whole.run())
    assert numbers(run) == numbers(whole)


@pytest.mark.parametrize("part", ["text", "validation"])
def test_a_checkpoint_is_not_resumed_on_another_text(tmp_path, part):
    trainer(validation=TEXT[:50]).save(tmp_path / "run.safetensors")
    texts = {"tokens": TEXT, "validation": TEXT[:50]}
    texts["tokens" if part == "text" else part] = TEXT[:60]
    assert raised(
        EngineValueError, lambda: Trainer.resume(tmp_path / "run.safetensors", **texts)
    ) == (
        f"Trainer.resume: expected the {part} of the run that the checkpoint was saved from; "
        "got other tokens. Encode the same text with the same tokenizer."
    )
    assert Trainer.resume(tmp_path / "run.safetensors", TEXT).validation is None


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (
            {"tokens": [*TEXT, 11]},
            "Trainer: expected token ids below vocab_size = 11; got 11. "
            "Encode the text with the tokenizer that the model was made for.",
        ),
        (
            {"validation": [1, 99]},
            "Trainer: expected token ids below vocab_size = 11; got 99. "
            "Encode the text with the tokenizer that the model was made for.",
        ),
        ({"validation": [1]}, "blocks: expected at least 2 tokens, one to predict; got 1."),
    ],
)
def test_texts_are_checked_before_training_begins(texts, told):
    model = GPT(GPTConfig(**SIZES), np.random.default_rng(1))
    run = {"tokens": TEXT, "config": TrainConfig(steps=3), **texts}
    assert raised(EngineValueError, lambda: Trainer(model, **run)) == told


def edited(path: Path, **changes) -> Path:
    """A checkpoint whose description says something else."""
    trainer().save(path)
    saved = load_checkpoint(path)
    save_checkpoint(path, saved.tensors, {**saved.about, **changes})
    return path


TRAIN = TrainConfig(steps=30).as_dict()
MODEL = GPTConfig(**SIZES).as_dict()
FOUND = "((11, 16), (8, 16), 1)"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"train": {**TRAIN, "schedule": {"kind": "Nope"}}},
            "TrainConfig.from_dict: expected what as_dict gave; got KeyError: 'Nope'.",
        ),
        (
            {"train": {**TRAIN, "schedule": {"kind": "math"}}},
            "TrainConfig.from_dict: expected what as_dict gave; got KeyError: 'math'.",
        ),
        (
            {"train": {**TRAIN, "zzz": 1}},
            "TrainConfig.from_dict: expected what as_dict gave; got TypeError: "
            "TrainConfig.__init__() got an unexpected keyword argument 'zzz'.",
        ),
        ({"train": {**TRAIN, "steps": 0}}, "TrainConfig: expected steps of at least 1; got 0."),
        (
            {"model": {**MODEL, "vocab_size": 10**9}},
            "model_in: expected (V, C), (T, C) and blocks as its configuration says, "
            f"((1000000000, 16), (8, 16), 1); got {FOUND}.",
        ),
        (
            {"model": {**MODEL, "n_layer": 10**9}},
            "model_in: expected (V, C), (T, C) and blocks as its configuration says, "
            f"((11, 16), (8, 16), 1000000000); got {FOUND}.",
        ),
        (
            {"model": {"wide": 3}},
            "model_in: expected a checkpoint with a GPT's sizes; got TypeError: "
            "GPTConfig.__init__() got an unexpected keyword argument 'wide'.",
        ),
        (
            {"next_step": "3"},
            "Trainer.resume: expected next_step from 0 to steps = 30; got '3'.",
        ),
    ],
)
def test_a_checkpoint_that_says_what_cannot_be_is_refused(tmp_path, changes, told):
    path = edited(tmp_path / "run.safetensors", **changes)
    assert raised(EngineError, lambda: Trainer.resume(path, TEXT)) == told


def test_a_checkpoint_of_something_else_is_no_run(tmp_path):
    save_checkpoint(tmp_path / "other.safetensors", {}, {"step": 3})
    assert raised(
        EngineValueError, lambda: Trainer.resume(tmp_path / "other.safetensors", TEXT)
    ) == ("Trainer.resume: expected a checkpoint of Trainer.save; got one about step.")


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


@pytest.mark.parametrize(("steps", "warmup"), [(1, 0), (100, 5), (2000, 100)])
def test_the_schedule_fits_the_run_unless_another_is_given(steps, warmup):
    assert TrainConfig(steps=steps).schedule == Cosine(1e-3, steps, warmup, min_lr=1e-4)


def test_numbers_of_numpy_are_written_down_as_pythons():
    options = {"steps": np.int64(30), "clip": np.float32(0.5), "betas": np.array([0.5, 0.75])}
    config = TrainConfig(**options)
    assert config == TrainConfig(steps=30, clip=0.5, betas=(0.5, 0.75))
    assert json.loads(json.dumps(config.as_dict())) == config.as_dict()


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
        (EngineValueError, {"clip": float("inf")}, "expected clip to be finite; got inf."),
        (EngineTypeError, {"eps": "1e-8"}, "expected eps to be a number; got '1e-8'."),
        (
            EngineTypeError,
            {"schedule": 0.1},
            "expected one of pyengine.schedule's schedules; got 0.1.",
        ),
    ],
)
def test_a_configuration_that_cannot_be_is_refused(error, options, told):
    assert raised(error, lambda: TrainConfig(**options)) == f"TrainConfig: {told}"
