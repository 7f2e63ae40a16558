"""A run as a folder for PyTorch: what it holds, whence it may start, and what is refused."""

import ast
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyengine import GPT, EngineTypeError, EngineValueError, GPTConfig, TrainConfig, Trainer
from pyengine.checkpoint import load_checkpoint
from pyengine.export import export_pytorch, import_huggingface, pytorch
from pyengine.safetensors import load_safetensors
from pyengine.schedule import Constant, Cosine, Schedule
from pyengine.tokenizer import ByteTokenizer, CharTokenizer

SIZES = GPTConfig(vocab_size=300, block_size=8, n_layer=2, n_head=2, n_embd=8)
TOKENS = np.random.default_rng(2).integers(0, 300, 200)
COSINE = Cosine(lr=1e-2, steps=12, warmup_steps=2)


def run(schedule: Schedule = COSINE, validation: Any = None, **options: Any) -> Trainer:
    sizes = {"steps": 12, "batch_size": 2, "accumulate": 2, "schedule": schedule}
    model = GPT(SIZES, np.random.default_rng(0))
    return Trainer(model, TOKENS, TrainConfig(**{**sizes, **options}), validation)


def bits(model: GPT) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in model.state_dict().items()}


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def records(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "expected.jsonl").read_text().splitlines()]


def test_the_folder_of_a_run_holds_all_that_the_run_needs(tmp_path: Path) -> None:
    trainer = run()
    export_pytorch(tmp_path, trainer)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.md",
        "data.safetensors",
        "expected.jsonl",
        "model.py",
        "model.safetensors",
        "run.json",
        "train.py",
        "train.slurm",
    ]
    weights, _ = load_safetensors(tmp_path / "model.safetensors")
    again = GPT(SIZES, np.random.default_rng(5))
    again.load_state_dict(weights)
    assert bits(again) == bits(trainer.model)


def test_the_description_is_that_of_a_checkpoint_and_says_what_made_it(tmp_path: Path) -> None:
    trainer = run(validation=TOKENS[:30])
    trainer.save(tmp_path / "checkpoint.safetensors")
    export_pytorch(tmp_path, trainer)
    found = read(tmp_path / "run.json")
    assert found.pop("made_by").keys() == {"pyengine", "python", "numpy"}
    assert found.pop("start").keys() == {"model.safetensors"}
    assert found == load_checkpoint(tmp_path / "checkpoint.safetensors").about
    assert TrainConfig.from_dict(found["train"]) == trainer.config
    assert GPTConfig(**found["model"]) == SIZES


def test_the_description_tells_runs_from_different_starts_apart(tmp_path: Path) -> None:
    trainer = run()
    export_pytorch(tmp_path, trainer, record=0)
    first = read(tmp_path / "run.json")["start"]
    data = (tmp_path / "model.safetensors").read_bytes()
    assert first == {"model.safetensors": hashlib.sha256(data).hexdigest()}
    for parameter in trainer.model.parameters():
        parameter.data += 1
    export_pytorch(tmp_path, trainer, record=0)
    assert read(tmp_path / "run.json")["start"].keys() == first.keys()
    assert read(tmp_path / "run.json")["start"] != first
    list(trainer.run(3))
    export_pytorch(tmp_path, trainer, record=0)
    later = read(tmp_path / "run.json")["start"]
    assert later.keys() == {"model.safetensors", "optimizer.safetensors"}


def test_tokens_and_places_give_the_batches_of_every_step(tmp_path: Path) -> None:
    trainer = run(validation=TOKENS[:30])
    export_pytorch(tmp_path, trainer)
    data, _ = load_safetensors(tmp_path / "data.safetensors")
    assert {name: (each.dtype, each.shape) for name, each in data.items()} == {
        "train": (np.uint16, (200,)),
        "offsets": (np.uint16, (12, 4)),
        "validation": (np.uint16, (30,)),
    }
    for step in range(12):
        places = data["offsets"][step][:, None].astype(int) + np.arange(8)
        inputs, targets = trainer.batches[step]
        np.testing.assert_array_equal(data["train"][places], inputs)
        np.testing.assert_array_equal(data["train"][places + 1], targets)
    np.testing.assert_array_equal(data["validation"], TOKENS[:30])


def test_large_ids_are_kept_in_32_bits(tmp_path: Path) -> None:
    sizes = replace(SIZES, vocab_size=70_000)
    tokens = np.append(TOKENS, 69_999)
    trainer = Trainer(GPT(sizes, np.random.default_rng(0)), tokens, TrainConfig(steps=1))
    export_pytorch(tmp_path, trainer, record=0)
    data, _ = load_safetensors(tmp_path / "data.safetensors")
    assert (data["train"].dtype, data["train"][-1]) == (np.uint32, 69_999)


def test_places_beyond_32_bits_are_kept_in_64(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = run()
    # as in a text of more than 4.3 billion tokens
    far = 2**32 + np.arange(48, dtype=np.int64).reshape(12, 4)
    monkeypatch.setattr(trainer.batches, "offsets", far.__getitem__)
    export_pytorch(tmp_path, trainer, record=0)
    data, _ = load_safetensors(tmp_path / "data.safetensors")
    np.testing.assert_array_equal(data["offsets"], far)


def test_the_first_steps_are_recorded_as_the_run_then_does_them(tmp_path: Path) -> None:
    trainer = run()
    before = bits(trainer.model)
    export_pytorch(tmp_path, trainer, record=5)
    assert (bits(trainer.model), trainer.next_step) == (before, 0)
    done = [
        {"step": r.step, "loss": r.loss, "lr": r.lr, "grad_norm": r.grad_norm}
        for r in trainer.run(5)
    ]
    assert records(tmp_path) == done


def test_no_more_steps_are_recorded_than_there_are_and_none_if_so_wished(tmp_path: Path) -> None:
    export_pytorch(tmp_path, run())
    assert len(records(tmp_path)) == 12
    export_pytorch(tmp_path, run(), record=0)
    assert records(tmp_path) == []


def test_a_run_may_be_exported_from_its_middle(tmp_path: Path) -> None:
    trainer = run()
    list(trainer.run(7))
    export_pytorch(tmp_path, trainer)
    memory, _ = load_safetensors(tmp_path / "optimizer.safetensors")
    expected = trainer.optimizer.state()
    assert memory.keys() == expected.keys()
    assert all(np.array_equal(memory[name], expected[name]) for name in expected)
    data, _ = load_safetensors(tmp_path / "data.safetensors")
    assert data["offsets"].shape == (5, 4)
    assert data["offsets"][0].tolist() == trainer.batches.offsets(7).tolist()
    assert records(tmp_path)[0]["step"] == 7
    assert [each["loss"] for each in records(tmp_path)] == [r.loss for r in trainer.run()]


def test_tokenizer_and_huggingface_folder_come_along_if_wished(tmp_path: Path) -> None:
    trainer = run()
    export_pytorch(tmp_path, trainer, ByteTokenizer(), record=0, huggingface=True)
    model, tokenizer = import_huggingface(tmp_path / "huggingface")
    assert bits(model) == bits(trainer.model)
    assert isinstance(tokenizer, ByteTokenizer)
    copy = tmp_path / "huggingface" / "tokenizer.json"
    assert (tmp_path / "tokenizer.json").read_bytes() == copy.read_bytes()


def test_programs_are_copied_as_they_are_and_import_only_pytorch(tmp_path: Path) -> None:
    export_pytorch(tmp_path, run(), record=0)
    for name in pytorch.PROGRAMS:
        assert (tmp_path / name).read_bytes() == (pytorch.RUN / name).read_bytes()
    allowed = {*sys.stdlib_module_names, "torch", "model"}
    for name in ("model.py", "train.py"):
        for node in ast.walk(ast.parse((tmp_path / name).read_text("utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
                assert module is not None
                assert module.split(".")[0] in allowed


def test_the_readme_describes_the_run_and_its_commands_exist(tmp_path: Path) -> None:
    trainer = run()
    list(trainer.run(7))
    export_pytorch(tmp_path, trainer, record=0)
    readme = (tmp_path / "README.md").read_text("utf-8")
    assert "{" not in readme
    assert readme.split("\n\n")[1] == (
        "A GPT of 4,224 parameters: 2 layers, 2 heads, width 8, 300 tokens in the vocabulary, "
        "8 in the context. 7 of 12 steps are done. A step takes 4 sequences from a text of "
        "200 tokens."
    )
    assert "in as few parts as keep to 2 sequences at a time" in readme
    for command in (
        "python train.py --check",
        "torchrun --nproc_per_node 4 train.py --bf16 --compile",
        "sbatch train.slurm",
        "python train.py --resume",
    ):
        assert f"    {command}" in readme
    program = (tmp_path / "train.py").read_text("utf-8")
    options = re.findall(r"train\.py ((?:--[\w-]+ ?)+)", readme)
    assert {name for group in options for name in group.split()} <= {
        "--help",
        *re.findall(r'add\("(--[\w-]+)"', program),
    }
    for name in re.findall(r"\| `([\w.]+)`", readme):
        assert (tmp_path / name).exists() or f'"{name}"' in program


SLURM = {"NNODES": "2", "GPUS_ON_NODE": "8", "JOB_ID": "31", "JOB_NODELIST": "node-[a,b]"}
RUNS_BASH = pytest.mark.skipif(sys.platform in ("emscripten", "win32"), reason="runs bash")


def slurm_job(folder: Path, **programs: str) -> subprocess.Popen[str]:
    """Start the job on a cluster whose programs are these lines of shell."""
    for name, line in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    env = {f"SLURM_{name}": value for name, value in SLURM.items()}
    env |= {"SLURM_SUBMIT_DIR": str(folder), "PATH": f"{folder}:{os.environ['PATH']}"}
    command = ["bash", str(pytorch.RUN / "train.slurm"), "--steps", "100"]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)


@RUNS_BASH
def test_the_slurm_job_starts_torchrun_on_every_machine(tmp_path: Path) -> None:
    nodes, arguments = "printf 'node-a\\nnode-b\\n'", 'printf "%s\\n" "$@"'
    with slurm_job(tmp_path, scontrol=nodes, srun=arguments) as job:
        out, _ = job.communicate()
    assert job.returncode == 0
    assert out.split() == [
        "torchrun",
        *("--nnodes", "2", "--nproc_per_node", "8", "--rdzv_id", "31"),
        *("--rdzv_backend", "c10d", "--rdzv_endpoint", "node-a:20031"),
        *("train.py", "--bf16", "--compile", "--resume", "--steps", "100"),
    ]


@RUNS_BASH
@pytest.mark.parametrize(
    ("code", "asked"),
    [
        (3, ["scancel --signal=TERM 31", "saved", "scontrol requeue 31"]),  # stopped before its end
        (0, ["scancel --signal=TERM 31", "saved"]),  # done at that moment
    ],
)
def test_a_slurm_job_saves_and_asks_for_another_turn_when_its_time_is_nearly_up(
    code: int, asked: list[str], tmp_path: Path
) -> None:
    training = f"trap 'echo saved; exit {code}' TERM; echo $$ > pid; echo ready"
    programs = {
        "scontrol": 'test "$1" = show && echo node-a || echo scontrol "$@"',
        "srun": training + "; for i in $(seq 200); do sleep 0.05; done",
        "scancel": 'echo scancel "$@"; kill -TERM $(cat pid)',
    }
    with slurm_job(tmp_path, **programs) as job:
        assert job.stdout is not None
        assert job.stdout.readline() == "ready\n"
        job.send_signal(signal.SIGUSR1)
        out, _ = job.communicate()
    assert (job.returncode, out.splitlines()) == (0, asked)
    assert "#SBATCH --signal=B:USR1@300 " in (pytorch.RUN / "train.slurm").read_text("utf-8")


@RUNS_BASH
def test_a_slurm_job_fails_as_its_training_does(tmp_path: Path) -> None:
    with slurm_job(tmp_path, scontrol="echo node-a", srun="exit 7") as job:
        job.communicate()
    assert job.returncode == 7


class Own(Constant):
    """A schedule that train.py cannot know."""


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (
            {"trainer": run().model},
            EngineTypeError,
            "a Trainer; got GPT. Make one: Trainer(model, tokens, config).",
        ),
        (
            {"trainer": run(schedule=Own(0.1))},
            EngineTypeError,
            "a schedule of pyengine.schedule; got Own(lr=0.1). train.py knows no others.",
        ),
        (
            {"record": -1},
            EngineValueError,
            "record to be a number of steps; got -1.",
        ),
        (
            {"tokenizer": CharTokenizer("".join(map(chr, range(0x4E00, 0x4E00 + 301))))},
            EngineValueError,
            "a tokenizer of at most vocab_size = 300 tokens; got 301. "
            "Take the one that the model was trained with.",
        ),
    ],
)
def test_what_cannot_go_on_elsewhere_is_refused_before_anything_is_written(
    wrong: Any, error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error) as caught:
        export_pytorch(tmp_path / "new", **{"trainer": run(), **wrong})
    assert str(caught.value) == f"export_pytorch: expected {message}"
    assert not (tmp_path / "new").exists()


def test_a_run_stopped_in_the_middle_of_a_step_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = run()

    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(trainer.optimizer, "step", stopped)
    with pytest.raises(KeyboardInterrupt):
        trainer.step()
    with pytest.raises(EngineValueError, match="stopped in the middle of step 0"):
        export_pytorch(tmp_path / "new", trainer)
    assert not (tmp_path / "new").exists()


def test_a_run_without_steps_left_is_refused(tmp_path: Path) -> None:
    trainer = run(steps=2)
    list(trainer.run())
    with pytest.raises(EngineValueError) as caught:
        export_pytorch(tmp_path, trainer)
    assert str(caught.value) == (
        "export_pytorch: expected a run with steps left; got all 2 done. "
        "For more, make a Trainer of its model with a TrainConfig of its own."
    )
