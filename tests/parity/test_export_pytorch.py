"""Exported runs in PyTorch: the losses of the engine, in one process, in two, and after a kill.

The program runs as a user starts it where processes matter, and within this one elsewhere, for
PyTorch takes seconds to start.
"""

import importlib.util
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from pyengine import GPT, GPTConfig, TrainConfig, Trainer, schedule
from pyengine import functional as F
from pyengine.checkpoint import load_checkpoint
from pyengine.export import export_pytorch, import_huggingface
from pyengine.safetensors import load_safetensors, save_safetensors
from pyengine.tokenizer import CharTokenizer
from pyengine.train import Report

STEPS = 50
LINE = "the quick brown fox jumps over the lazy dog. "
TOKENIZER = CharTokenizer.from_text(LINE)
TOKENS, VALIDATION = TOKENIZER.encode(LINE * 9), TOKENIZER.encode(LINE[::-1])
KEYS = slice(16, 32)
HIGH = 0.1  # a learning rate at which rounding is amplified
SIZES = GPTConfig(TOKENIZER.vocab_size, block_size=8, n_layer=2, n_head=2, n_embd=16)
CONFIG = TrainConfig(
    steps=STEPS,
    batch_size=4,
    accumulate=2,
    schedule=schedule.Cosine(lr=1e-2, steps=STEPS, warmup_steps=5, min_lr=1e-3),
    validate_every=20,
)
# Not those of a torchrun that may have started the tests, and one thread for each process.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("RANK", "WORLD_SIZE")}
ENVIRONMENT |= {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def trainer_of(sizes: GPTConfig = SIZES, config: TrainConfig = CONFIG) -> Trainer:
    return Trainer(GPT(sizes, np.random.default_rng(0)), TOKENS, config, VALIDATION)


@dataclass
class Done:
    """What a program left behind."""

    code: Any
    out: str
    err: str


@dataclass
class Run:
    """A folder with an exported run, and how to start its program."""

    folder: Path

    def log(self, out: str = "out") -> list[dict[str, float]]:
        lines = (self.folder / out / "log.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def losses(self, out: str = "out") -> list[float]:
        return [report["loss"] for report in self.log(out)]

    def process(self, *arguments: str, launcher: tuple[str, ...] = ()) -> Done:
        command = [sys.executable, *launcher, "train.py", *arguments]
        options: dict[str, Any] = {"cwd": self.folder, "env": ENVIRONMENT, "text": True}
        done = subprocess.run(command, capture_output=True, **options)
        return Done(done.returncode, done.stdout, done.stderr)

    def signalled(self, number: int, *arguments: str, launcher: tuple[str, ...] = ()) -> Done:
        """What is left if the signal comes when step 25 is done."""
        command = [sys.executable, *launcher, "train.py", *arguments]
        options: dict[str, Any] = {"cwd": self.folder, "env": ENVIRONMENT, "text": True}
        with subprocess.Popen(command, stdout=subprocess.PIPE, **options) as process:
            assert process.stdout is not None
            out = ""
            for line in process.stdout:
                out += line
                if line.startswith("step 25 "):
                    process.send_signal(number)
        return Done(process.returncode, out, "")

    def saved_step(self, out: str) -> int:
        """The step with which a resumed run would go on."""
        path = self.folder / out / "checkpoint.safetensors"
        step: int = load_checkpoint(path).about["next_step"]
        return step


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Arrays are so small here that threads would only wait for one another."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    """The run as the engine does it."""
    return list(trainer_of().run())


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The run, exported at its start."""
    folder = tmp_path_factory.mktemp("run")
    export_pytorch(folder, trainer_of(), TOKENIZER)
    return Run(folder)


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Run]:
    """Export another run into a folder of the test's own."""

    def exported(trainer: Trainer | None = None, **options: Any) -> Run:
        export_pytorch(tmp_path / "run", trainer or trainer_of(), **options)
        return Run(tmp_path / "run")

    return exported


def module(run: Run) -> ModuleType:
    spec = importlib.util.spec_from_file_location("exported_train", run.folder / "train.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture
def start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Run the program in this process."""

    def started(run: Run, *arguments: str) -> Done:
        monkeypatch.syspath_prepend(run.folder)
        monkeypatch.delitem(sys.modules, "model", raising=False)
        monkeypatch.setattr(sys, "argv", ["train.py", *arguments])
        monkeypatch.chdir(run.folder)
        capsys.readouterr()
        handlers = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            code = module(run).main()
        except SystemExit as error:
            code = error.code
        finally:
            for each, handler in handlers.items():
                signal.signal(each, handler)
        return Done(code, *capsys.readouterr())

    return started


def assert_same_run(found: list[dict[str, float]], expected: list[Report]) -> None:
    assert [each["step"] for each in found] == [report.step for report in expected]
    for each, report in zip(found, expected, strict=True):
        assert each["loss"] == pytest.approx(report.loss, abs=1e-4)
        assert each["lr"] == report.lr
        assert each["grad_norm"] == pytest.approx(report.grad_norm, rel=1e-3)
        assert each["tokens_per_second"] > 0
        if report.validation_loss is None:
            assert "validation_loss" not in each
        else:
            assert each["validation_loss"] == pytest.approx(report.validation_loss, abs=1e-4)


# As a user starts it


@pytest.fixture(scope="module")
def alone(shared: Run) -> Done:
    """One process, with no options."""
    return shared.process()


def test_one_process_has_the_losses_of_the_engine(
    alone: Done, shared: Run, reports: list[Report]
) -> None:
    assert (alone.code, alone.err) == (0, "")
    assert reports[-1].loss < reports[0].loss - 1  # something is learnt
    assert_same_run(shared.log(), reports)


def test_every_step_is_printed(alone: Done, shared: Run) -> None:
    *lines, last = alone.out.splitlines()
    assert len(lines) == STEPS
    number = r"[\d.e+-]+"
    expected = f"step 19  loss {number}  lr {number}  grad_norm {number}"
    expected += f"  tokens_per_second {number}  validation_loss {number}"
    assert re.fullmatch(expected, lines[19])
    assert last == f"{STEPS} steps are done: {shared.folder / 'out' / 'model.safetensors'}"


def test_the_model_comes_back_as_the_readme_says(
    alone: Done, shared: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shared.folder)
    trained = list((whole := trainer_of()).run())
    assert len(trained) == STEPS
    readme = (shared.folder / "README.md").read_text("utf-8")
    code = readme.split("With pyengine")[1].split("\n\n", 1)[1].split("What is in")[0]
    names: dict[str, Any] = {}
    exec("\n".join(line.removeprefix("    ") for line in code.splitlines()), names)
    back, _ = import_huggingface(shared.folder / "huggingface")
    weights, _ = load_safetensors(shared.folder / "out" / "model.safetensors")
    plain = GPT(SIZES, np.random.default_rng(9))
    plain.load_state_dict(weights)
    for model in (names["model"], back, plain):
        for name, array in model.state_dict().items():
            expected = whole.model.state_dict()[name]
            if name.endswith("c_attn.bias"):  # that of the keys changes nothing and drifts
                array, expected = np.delete(array, KEYS), np.delete(expected, KEYS)
            np.testing.assert_allclose(array, expected, atol=1e-4, err_msg=name)


TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc_per_node")


@pytest.mark.parametrize("options", [(), ("--accumulate", "2")])
def test_two_processes_share_the_work_and_have_the_same_losses(
    options: tuple[str, ...], shared: Run, reports: list[Report]
) -> None:
    out = f"two{len(options)}"
    done = shared.process(*options, "--out", out, launcher=(*TORCHRUN, "2"))
    assert done.code == 0, done.err
    assert_same_run(shared.log(out), reports)
    assert len(done.out.splitlines()) == STEPS + 1  # one of the two speaks


def test_the_readmes_own_command_starts_several_processes(export: Callable[..., Run]) -> None:
    config = replace(CONFIG, steps=3, batch_size=1, validate_every=2)
    whole = trainer_of(replace(SIZES, n_layer=1), config)
    run = export(whole)
    readme = (run.folder / "README.md").read_text("utf-8")
    (line,) = re.findall(r"^    (torchrun .*?) +#", readme, re.M)
    torchrun, *words, program, bf16, compiled = shlex.split(line)
    assert (torchrun, words) == ("torchrun", ["--nproc_per_node", "2"])
    assert (program, bf16, compiled) == ("train.py", "--bf16", "--compile")
    launcher = ("-m", "torch.distributed.run", *words)
    done = run.process(bf16, compiled, "--device", "cpu", launcher=launcher)
    assert done.code == 0, done.err
    assert run.losses() == pytest.approx([r.loss for r in whole.run()], abs=0.05)


@pytest.mark.parametrize(
    ("processes", "share"), [(1, (4, 2)), (2, (4, 1)), (4, (2, 1)), (8, (1, 1))]
)
def test_a_process_computes_no_more_at_a_time_than_the_batch_size(
    processes: int, share: tuple[int, int], shared: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(shared.folder)
    monkeypatch.setenv("WORLD_SIZE", f"{processes}")
    monkeypatch.setattr(sys, "argv", ["train.py"])
    program = module(shared)
    described = json.loads((shared.folder / "run.json").read_text())
    options = program.read_options(SimpleNamespace(train=SimpleNamespace(**described["train"])))
    size, parts = share
    assert (options.accumulate, 8 // processes // options.accumulate) == (parts, size)


@pytest.mark.parametrize(
    ("share", "most", "parts"), [(60, 12, 5), (6, 4, 2), (10, 4, 5), (7, 4, 7), (0, 4, 1)]
)
def test_shares_are_divided_equally(
    share: int, most: int, parts: int, shared: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(shared.folder)
    assert module(shared).fewest_parts(share, most) == parts


# Stopped, killed, and resumed


def assert_goes_on(run: Run, out: str, start: Callable[..., Done]) -> None:
    """Resumed, the run is that of `alone`, to the last bit."""
    assert start(run, "--out", out, "--resume").code == 0
    assert run.losses(out) == run.losses()
    same = [(run.folder / name / "model.safetensors").read_bytes() for name in (out, "out")]
    assert same[0] == same[1]


def test_a_killed_run_goes_on_as_if_it_had_never_stopped(
    alone: Done, shared: Run, start: Callable[..., Done]
) -> None:
    killed = shared.signalled(signal.SIGKILL, "--out", "killed")
    assert killed.code == -signal.SIGKILL
    written = len(shared.log("killed"))
    assert shared.saved_step("killed") in range(24, written + 1, 2)  # a twentieth of 50 steps
    assert_goes_on(shared, "killed", start)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_asked_to_stop_finishes_its_step_and_saves(
    number: signal.Signals, alone: Done, shared: Run, start: Callable[..., Done]
) -> None:
    out = f"{number.name}"
    done = shared.signalled(number, "--out", out, "--checkpoint-every", "0")
    steps = shared.saved_step(out)
    assert 26 <= steps == len(shared.log(out)) < STEPS
    last = f"stopped, {steps} of {STEPS} steps are done: --resume goes on"
    assert (done.code, done.out.splitlines()[-1]) == (3, last)
    assert_goes_on(shared, out, start)


def test_processes_under_torchrun_stop_together(
    shared: Run, start: Callable[..., Done], reports: list[Report]
) -> None:
    options = ("--out", "stopped", "--checkpoint-every", "0")
    done = shared.signalled(signal.SIGTERM, *options, launcher=(*TORCHRUN, "2"))
    assert done.code != 0
    steps = shared.saved_step("stopped")
    assert 26 <= steps == len(shared.log("stopped")) < STEPS
    assert "stopped, " in done.out
    assert start(shared, "--out", "stopped", "--resume").code == 0
    assert_same_run(shared.log("stopped"), reports)


def test_the_log_is_whole_at_every_moment_of_resuming(
    shared: Run, start: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert start(shared, "--out", "cut", "--steps", "5").code == 0
    log = shared.folder / "cut" / "log.jsonl"
    before = log.read_bytes()
    longer = before + b'{"step": 5, "loss": 1.0}\n{"step": 6, "lo'  # killed in a write
    log.write_bytes(longer)
    seen: list[bytes] = []

    def watched(self: Path, target: Path) -> Path:
        seen.append(log.read_bytes())
        return replaced(self, target)

    replaced = Path.replace
    monkeypatch.setattr(Path, "replace", watched)
    assert start(shared, "--out", "cut", "--resume", "--steps", "5").code == 0
    assert seen == [longer]
    assert log.read_bytes() == before


def test_files_are_safe_on_disk_before_they_get_their_names(
    shared: Run, start: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    synced, replaced = os.fsync, Path.replace

    def sync(number: int) -> None:
        done.append(f"sync {Path(f'/proc/self/fd/{number}').resolve().name}")
        synced(number)

    def rename(self: Path, target: Path) -> Path:
        done.append(f"name {self.name}")
        return replaced(self, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", rename)
    assert start(shared, "--out", "synced", "--steps", "1").code == 0
    files = ("log.tmp", "checkpoint.tmp", "model.tmp")
    assert done == [each for name in files for each in (f"sync {name}", f"name {name}")]


def test_resuming_beyond_the_steps_asked_for_says_how_many_are_done(
    shared: Run, start: Callable[..., Done]
) -> None:
    assert start(shared, "--out", "twenty", "--steps", "20").code == 0
    done = start(shared, "--out", "twenty", "--steps", "10", "--resume")
    assert done == Done(0, f"20 steps are done: {Path('twenty', 'model.safetensors')}\n", "")
    assert len(shared.log("twenty")) == 20


def test_it_needs_nothing_but_pytorch(shared: Run) -> None:
    code = (
        "import runpy, sys, warnings\n"
        "sys.modules |= dict.fromkeys(['numpy', 'pyengine', 'safetensors'])\n"
        "sys.argv = ['train.py', '--check']\n"
        "runpy.run_path('train.py', run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=shared.folder, env=ENVIRONMENT, capture_output=True
    )
    assert done.returncode == 0, done.stderr


def test_a_compiled_model_has_the_same_losses(export: Callable[..., Run]) -> None:
    run = export(trainer_of(replace(SIZES, n_layer=1)), record=3)
    done = run.process("--compile", "--check")
    assert done.code == 0, done.out + done.err


# --check


def test_check_finds_the_losses_of_the_engine(
    shared: Run, start: Callable[..., Done], reports: list[Report]
) -> None:
    done = start(shared, "--check")
    head, *rows, verdict = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert head.split() == ["step", "original", "here", "difference"]
    for row, report in zip(rows, reports[:20], strict=True):
        step, original, here, difference = row.split()
        assert (int(step), float(original)) == (report.step, round(report.loss, 6))
        assert float(here) == pytest.approx(report.loss, abs=1e-5)
        assert abs(float(difference)) <= 1e-5
    assert verdict == "20 of 20 losses agree within 0.0001"


def test_check_notices_a_single_changed_weight(export: Callable[..., Run]) -> None:
    run = export(record=3)
    path = run.folder / "model.safetensors"
    weights, metadata = load_safetensors(path)
    weights["transformer.h.1.mlp.c_proj.bias"][3] += 0.1
    save_safetensors(path, weights, metadata)
    done = run.process("--check")
    assert done.code == 1
    assert done.out.splitlines()[-1] == "0 of 3 losses agree within 0.0001"


@pytest.mark.parametrize(("dtype", "code"), [("float32", 1), ("float64", 0)])
def test_check_says_when_losses_drift_apart_as_rounding_does(
    dtype: str, code: int, export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    config = replace(CONFIG, schedule=schedule.Constant(HIGH), clip=0)
    done = start(export(trainer_of(replace(SIZES, dtype=dtype), config)), "--check")
    assert done.code == code, done.out
    last = done.out.splitlines()[-3:]
    if code:
        assert re.fullmatch(r"1?\d of 20 losses agree within 0.0001", last[0])
        assert re.match(r"The first 1?\d agree, then they drift apart.", last[1])
    else:
        assert last[-1] == "20 of 20 losses agree within 0.0001"


def test_check_calls_nothing_rounding_that_differs_in_the_second_step(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    run = export()
    path = run.folder / "run.json"
    path.write_text(path.read_text().replace('"warmup_steps": 5', '"warmup_steps": 0'))
    done = start(run, "--check")
    assert done.code == 1
    assert done.out.splitlines()[-1] == "1 of 20 losses agree within 0.0001"


def test_check_says_why_dropout_cannot_be_compared(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    run = export(trainer_of(replace(SIZES, dropout=0.2)))
    assert start(run, "--check") == Done(
        2, "", "train.py: --check cannot compare: with dropout 0.2 losses depend on chance\n"
    )


@pytest.mark.parametrize("activation", F.ACTIVATIONS)
@pytest.mark.parametrize("bias", [True, False])
def test_every_kind_of_model_agrees(
    activation: str, bias: bool, export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    run = export(trainer_of(replace(SIZES, activation=activation, bias=bias)), record=5)
    assert start(run, "--check").code == 0


# Whatever the options, the same run


@pytest.mark.parametrize("parts", [1, 4, 8])
def test_a_batch_may_be_computed_in_any_number_of_parts(
    parts: int, shared: Run, start: Callable[..., Done], reports: list[Report]
) -> None:
    out = f"parts{parts}"
    assert start(shared, "--accumulate", f"{parts}", "--out", out, "--steps", "20").code == 0
    expected = [report.loss for report in reports[:20]]
    assert shared.losses(out) == pytest.approx(expected, abs=1e-4)


def test_in_float64_it_is_the_same_to_ten_digits(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    whole = trainer_of(replace(SIZES, dtype="float64"))
    run = export(whole)
    assert start(run).code == 0
    expected = [report.loss for report in whole.run()]
    assert run.losses() == pytest.approx(expected, abs=1e-10)


def test_a_run_exported_from_its_middle_goes_on_from_there(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    whole = trainer_of()
    list(whole.run(23))
    run = export(whole)
    assert start(run, "--check").code == 0
    assert start(run, "--steps", "40").code == 0
    assert start(run, "--resume").code == 0
    assert_same_run(run.log(), list(whole.run()))


def test_the_engine_goes_on_from_a_checkpoint_of_pytorch(
    shared: Run, start: Callable[..., Done], reports: list[Report]
) -> None:
    assert start(shared, "--steps", "20", "--out", "half").code == 0
    path = shared.folder / "half" / "checkpoint.safetensors"
    resumed = Trainer.resume(path, TOKENS, VALIDATION)
    assert resumed.next_step == 20
    found = list(resumed.run())
    expected = reports[20:]
    assert [r.loss for r in found] == pytest.approx([r.loss for r in expected], abs=1e-4)
    assert [r.lr for r in found] == [r.lr for r in expected]


def test_dropout_draws_the_same_numbers_after_a_pause(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    run = export(trainer_of(replace(SIZES, dropout=0.2), replace(CONFIG, steps=20)))
    assert start(run, "--out", "whole").code == 0
    assert start(run, "--out", "paused", "--steps", "9").code == 0
    assert start(run, "--out", "paused", "--resume").code == 0
    assert run.losses("paused") == run.losses("whole")
    without = export(trainer_of(config=replace(CONFIG, steps=20)))
    assert start(without, "--out", "without").code == 0
    assert run.losses("without") != run.losses("whole")


def test_bfloat16_is_close_and_leaves_the_parameters_in_full_precision(
    shared: Run, start: Callable[..., Done], reports: list[Report]
) -> None:
    assert start(shared, "--bf16", "--steps", "20", "--out", "bf16").code == 0
    expected = [report.loss for report in reports[:20]]
    assert shared.losses("bf16") == pytest.approx(expected, abs=0.05)
    assert shared.losses("bf16") != pytest.approx(expected, abs=1e-5)
    weights, _ = load_safetensors(shared.folder / "bf16" / "model.safetensors")
    assert {array.dtype for array in weights.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("length", [2, 8, 9, 10, 41, 300])
def test_validation_counts_every_token_once(
    length: int, export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    whole = trainer_of(config=replace(CONFIG, steps=2, validate_every=1))
    whole.validation = VALIDATION * 7
    whole.validation = whole.validation[:length]
    run = export(whole)
    assert start(run).code == 0
    assert_same_run(run.log(), list(whole.run()))


def test_validation_takes_no_more_at_a_time_than_training(
    shared: Run, start: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    cross_entropy = torch.nn.functional.cross_entropy

    def counted(logits: Any, targets: Any) -> Any:
        sizes.append(len(targets) // SIZES.block_size)
        return cross_entropy(logits, targets)

    monkeypatch.setattr(torch.nn.functional, "cross_entropy", counted)
    options = ("--steps", "1", "--validate-every", "1", "--accumulate", "4", "--out", "small")
    assert start(shared, *options).code == 0
    assert sizes == [2, 2, 2, 2, *(2, 2, 2)]  # 4 parts of the batch; 44 predictions in 6 blocks


def test_options_override_how_often_it_validates_and_saves(
    shared: Run, start: Callable[..., Done]
) -> None:
    options = ("--validate-every", "0", "--checkpoint-every", "0", "--steps", "5")
    assert start(shared, "--out", "never", *options).code == 0
    assert not any("validation_loss" in report for report in shared.log("never"))
    assert sorted(path.name for path in (shared.folder / "never").iterdir()) == [
        "checkpoint.safetensors",
        "log.jsonl",
        "model.safetensors",
    ]


def test_clipping_may_be_off_and_ids_may_need_32_bits(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    sizes = GPTConfig(70_000, block_size=4, n_layer=1, n_head=1, n_embd=4)
    tokens = np.random.default_rng(0).integers(65_000, 70_000, 50)
    config = TrainConfig(steps=5, batch_size=2, clip=0, schedule=schedule.Constant(1e-3))
    run = export(Trainer(GPT(sizes, np.random.default_rng(0)), tokens, config))
    done = start(run, "--check")
    assert done.code == 0, done.out


SCHEDULES: list[schedule.Schedule] = [
    schedule.Constant(0.3),
    schedule.LinearWarmup(0.3, warmup_steps=7),
    schedule.Cosine(0.3, steps=20, warmup_steps=6, min_lr=0.01),
    schedule.Cosine(0.3, steps=20),
    schedule.Cosine(0.3, steps=6, warmup_steps=6),
    schedule.WarmupStableDecay(0.3, steps=20, warmup_steps=3, decay_steps=9, min_lr=0.01),
    schedule.WarmupStableDecay(0.3, steps=20, warmup_steps=3, decay_steps=0),
    schedule.WarmupStableDecay(0.3, steps=20, warmup_steps=20, decay_steps=0),
    schedule.InverseSquareRoot(0.3, warmup_steps=5),
    schedule.ExponentialGrowth(1e-4, 3.0, steps=20),
]


@pytest.mark.parametrize("ours", SCHEDULES, ids=lambda each: type(each).__name__)
def test_every_schedule_gives_the_same_rates(
    ours: schedule.Schedule, shared: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(shared.folder)
    theirs = SimpleNamespace(**replace(CONFIG, schedule=ours).as_dict()["schedule"])
    learning_rate = module(shared).learning_rate
    assert [learning_rate(theirs, step) for step in range(25)] == [ours(step) for step in range(25)]


# What it refuses


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--accumulate", "3"],
            "8 sequences in a step cannot be shared equally by 1 processes × 3 parts "
            "(--accumulate)",
        ),
        (
            ["--accumulate", "0"],
            "8 sequences in a step cannot be shared equally by 1 processes × 0 parts "
            "(--accumulate)",
        ),
        (["--validate-every", "-1"], "--validate-every must be at least 0 steps; got -1"),
        (["--checkpoint-every", "-1"], "--checkpoint-every must be at least 0 steps; got -1"),
        (
            ["--check", "--resume"],
            "--check repeats the first steps, from the run's start: leave out --resume",
        ),
        (["--steps", "51"], "--steps must be 1 to 50, whose batches are here"),
        (["--steps", "0"], "--steps must be 1 to 50, whose batches are here"),
        (["--check", "--bf16"], "--check compares in full precision: leave out --bf16 and --tf32"),
    ],
)
def test_impossible_options_are_refused(
    arguments: list[str], message: str, shared: Run, start: Callable[..., Done]
) -> None:
    assert start(shared, *arguments) == Done(2, "", f"train.py: {message}\n")


def test_processes_that_do_not_divide_the_batch_are_refused(
    shared: Run, start: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "3")
    message = "8 sequences in a step cannot be shared equally by 3 processes"
    assert start(shared) == Done(2, "", f"train.py: {message}\n")


def test_without_a_gpu_cuda_is_refused(
    shared: Run, start: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert start(shared, "--device", "cuda") == Done(
        2, "", "train.py: process 1 of this machine needs a GPU, and PyTorch sees 1\n"
    )


def test_bf16_is_refused_on_a_gpu_that_lacks_it(
    shared: Run, start: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (7, 5))
    assert start(shared, "--bf16") == Done(
        2, "", "train.py: --bf16 needs a GPU that computes in bfloat16: Ampere or newer\n"
    )


def test_compiling_on_a_cpu_is_refused_without_a_compiler(
    shared: Run, start: Callable[..., Done], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CXX", "g++")
    assert start(shared, "--compile") == Done(
        2,
        "",
        "train.py: --compile on a CPU needs a C++ compiler: install g++, or set CXX\n",
    )


def test_a_run_is_not_overwritten(export: Callable[..., Run], start: Callable[..., Done]) -> None:
    run = export(trainer_of(config=replace(CONFIG, steps=2)))
    assert start(run).code == 0
    out = run.folder / "out"
    message = f"train.py: {out} holds a run: go on with --resume, or give another --out\n"
    assert start(run) == Done(2, "", message)
    assert start(run, "--resume").code == 0  # all is done already
    assert len(run.log()) == 2


def test_resuming_begins_at_the_start_where_there_is_no_checkpoint(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    run = export(trainer_of(config=replace(CONFIG, steps=2)))
    assert start(run, "--resume").code == 0
    assert len(run.log()) == 2


def middle(done: int) -> Trainer:
    trainer = trainer_of()
    list(trainer.run(done))
    return trainer


def other_weights() -> Trainer:
    return Trainer(GPT(SIZES, np.random.default_rng(7)), TOKENS, CONFIG, VALIDATION)


@pytest.mark.parametrize(
    "another",
    [
        lambda: trainer_of(config=replace(CONFIG, seed=5)),
        other_weights,
        lambda: middle(7),  # the checkpoint is of a step before
        lambda: middle(2),  # ... and after
    ],
)
def test_a_checkpoint_of_another_run_is_refused(
    another: Callable[[], Trainer], export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    run = export()
    assert start(run, "--steps", "4").code == 0
    run = export(another())
    checkpoint, log = run.folder / "out" / "checkpoint.safetensors", run.log()
    message = f"train.py: {checkpoint} was made with another run.json: give another --out\n"
    assert start(run, "--resume") == Done(2, "", message)
    assert run.log() == log


def test_a_checkpoint_stays_that_of_its_run_when_the_run_is_exported_again(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    run = export()
    assert start(run, "--steps", "4").code == 0
    assert start(export(), "--resume", "--steps", "6").code == 0
    assert len(run.log()) == 6


@pytest.mark.parametrize("length", [0, 3, 100, 20_000, -1])
def test_a_damaged_checkpoint_is_refused(
    length: int, export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    run = export()
    assert start(run, "--steps", "2").code == 0
    checkpoint = run.folder / "out" / "checkpoint.safetensors"
    checkpoint.write_bytes(checkpoint.read_bytes()[:length])
    message = f"train.py: {checkpoint} is damaged, perhaps cut short: copy it here again, "
    message += "or give another --out to begin anew\n"
    assert start(run, "--resume") == Done(2, "", message)


def test_weights_alone_are_no_checkpoint(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    run = export()
    checkpoint = run.folder / "out" / "checkpoint.safetensors"
    checkpoint.parent.mkdir()
    checkpoint.write_bytes((run.folder / "model.safetensors").read_bytes())
    message = f"train.py: {checkpoint} was made with another run.json: give another --out\n"
    assert start(run, "--resume") == Done(2, "", message)


def test_a_damaged_file_of_the_run_is_refused(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    run = export(record=0)
    path = run.folder / "data.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    message = f"train.py: {path} is damaged, perhaps cut short: copy it here again, "
    assert start(run) == Done(2, "", f"{message}or export the run again\n")


@pytest.mark.parametrize("name", ["run.json", "data.safetensors", "model.safetensors"])
def test_missing_files_are_named(
    name: str, export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    run = export(record=0)
    (run.folder / name).unlink()
    message = f"train.py: {run.folder / name} is missing: export the run again\n"
    assert start(run) == Done(2, "", message)


def test_there_is_nothing_to_check_where_nothing_was_recorded(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    assert start(export(record=0), "--check") == Done(
        2,
        "",
        "train.py: expected.jsonl is empty: the export recorded no steps to compare with\n",
    )


def test_sizes_that_do_not_fit_the_parameters_are_refused(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    run = export(record=0)
    path = run.folder / "run.json"
    path.write_text(path.read_text().replace('"n_layer": 2', '"n_layer": 1'))
    with pytest.raises(RuntimeError, match=r'Unexpected key\(s\) in state_dict: "transformer.h.1'):
        start(run)


def test_a_run_that_diverges_stops_and_says_so(
    export: Callable[..., Run], start: Callable[..., Done]
) -> None:
    config = replace(CONFIG, schedule=schedule.Constant(1e30), clip=0)
    run = export(trainer_of(config=config), record=0)
    done = start(run)
    assert re.fullmatch(
        r"train.py: training diverged in step \d+; lower the learning rate", str(done.code)
    )
