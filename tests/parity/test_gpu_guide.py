"""The GPU guide, followed to the letter: on CPUs, with two processes where it has eight GPUs."""

import doctest
import json
import os
import re
import socket
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "engine" / "gpu.md").read_text(encoding="utf-8")
PROGRAMS = ROOT / "pyengine" / "src" / "pyengine" / "export" / "run"
TORCHRUN = [sys.executable, "-m", "torch.distributed.run"]

BLOCKS = re.findall(r"```sh\n(.*?)```", GUIDE.replace("\\\n    ", ""), re.S)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]
NODE = "torchrun --standalone --nproc_per_node 8 train.py --bf16 --compile"
NODES = next(command for command in COMMANDS if "--nnodes" in command)
NOT_HERE = {
    "scp -r my-run gpu-machine:": "there is no such machine",
    "cd my-run": "the tests run there",
    "pip install torch": "it is installed",
    "sbatch train.slurm": "a cluster; the file itself is run below",
    "sbatch --nodes 4 train.slurm --steps 200": "the same",
}


def section(title: str) -> str:
    """The part of the guide under a heading."""
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", GUIDE, re.S | re.M)[1]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the guide's first example packs."""
    folder = tmp_path_factory.mktemp("guide")
    before = Path.cwd()
    os.chdir(folder)
    names: dict = {}
    for example in doctest.DocTestParser().get_examples(section("Pack the run").replace("```", "")):
        exec(example.source, names)
    os.chdir(before)
    return folder / "my-run"


def launch(words: list[str], run: Path, **options) -> subprocess.Popen:
    """Start a command of the guide in the folder of the run."""
    program = {"python": [sys.executable], "torchrun": TORCHRUN}.get(words[0], words[:1])
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **options}
    return subprocess.Popen([*program, *words[1:]], cwd=run, env=environment, **pipes)


def finished(process: subprocess.Popen) -> str:
    """What a command printed; it must have ended well."""
    return all_finished([process])


def all_finished(processes: list[subprocess.Popen]) -> str:
    """What commands that work together printed; where one failed, the other may say why."""
    printed = [process.communicate() for process in processes]
    assert all(process.returncode == 0 for process in processes), printed
    return "".join(out for out, _ in printed)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def losses(folder: Path) -> list[float]:
    return [json.loads(line)["loss"] for line in (folder / "log.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def trained(run: Path) -> Path:
    """What comes of the run on one process, stopped after 25 steps and resumed."""
    assert {"python train.py", "python train.py --resume"} <= set(COMMANDS)
    finished(launch(["python", "train.py", "--device", "cpu", "--steps", "25"], run))
    finished(launch(["python", "train.py", "--resume", "--device", "cpu"], run))
    return run / "out"


def test_every_command_is_followed_here_or_needs_what_is_not_here() -> None:
    followed = {
        "python train.py --check",
        "python train.py",
        "python train.py --resume",
        *(NODE, NODES),
    }
    assert set(COMMANDS) == followed | set(NOT_HERE)


def test_the_check_says_what_the_guide_says(run) -> None:
    out = finished(launch(["python", "train.py", "--check", "--device", "cpu"], run))
    promised = re.search(r"```text\n(.*)\n```", section("One GPU"))[1]
    assert out.splitlines()[-1] == promised


def test_a_run_that_was_stopped_goes_on_to_its_end(run, trained) -> None:
    lines = (run / "expected.jsonl").read_text().splitlines()
    assert losses(trained)[:20] == pytest.approx(
        [json.loads(line)["loss"] for line in lines], abs=1e-4
    )
    assert len(losses(trained)) == 200


def test_two_processes_have_the_losses_of_one(run, trained) -> None:
    words = NODE.replace("--nproc_per_node 8", "--nproc_per_node 2").split()
    words = [word for word in words if word not in ("--bf16", "--compile")]
    finished(launch([*words, "--device", "cpu", "--steps", "50", "--out", "two"], run))
    assert losses(run / "two") == pytest.approx(losses(trained)[:50], abs=1e-4)


def test_in_16_bits_the_losses_agree_in_two_digits(run, trained) -> None:
    words = [word for word in NODE.replace("node 8", "node 2").split() if word != "--compile"]
    assert "--bf16" in words
    finished(launch([*words, "--device", "cpu", "--steps", "30", "--out", "rounded"], run))
    assert losses(run / "rounded") == pytest.approx(losses(trained)[:30], rel=0.01)
    assert losses(run / "rounded") != losses(trained)[:30]


def test_two_machines_meet_where_the_guide_says(run, trained) -> None:
    words = (
        NODES.replace("node 8", "node 1")
        .replace("node-1:29500", f"127.0.0.1:{free_port()}")
        .split()
    )
    words = [word for word in words if word not in ("--bf16", "--compile")]
    words += ["--device", "cpu", "--steps", "20", "--out", "machines"]
    all_finished([launch(words, run) for _ in range(2)])
    assert losses(run / "machines") == pytest.approx(losses(trained)[:20], abs=1e-4)


def test_slurm_starts_the_same_command_on_each_machine(run, tmp_path) -> None:
    programs = {
        "srun": '"$@"',
        "scontrol": "printf 'node-1\\nnode-2\\n'",
        "torchrun": 'echo torchrun "$@"',
    }
    for name, line in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    slurm = {"NNODES": "2", "GPUS_ON_NODE": "8", "JOB_ID": "7", "JOB_NODELIST": "node-[1-2]"}
    variables = {f"SLURM_{name}": value for name, value in slurm.items()}
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", "train.slurm", "--steps", "200"]
    said = finished(launch(command, run, PATH=path, SLURM_SUBMIT_DIR=str(run), **variables))
    by_hand = NODES.replace("my-run", "7").replace("29500", "20007")
    assert said.split() == [*by_hand.split(), "--resume", "--steps", "200"]


def test_the_options_are_those_there_are(run) -> None:
    told = re.findall(r"^\| `(--[a-z0-9-]+)", section("One GPU"), re.M)
    said = finished(launch(["python", "train.py", "--help"], run))
    assert sorted(told) == sorted(set(re.findall(r"^  (--[a-z0-9-]+)", said, re.M)))


def test_the_refusals_are_those_of_train_py() -> None:
    program = (PROGRAMS / "train.py").read_text()
    told = section("When something goes wrong").partition("What PyTorch says")[0]
    refusals = re.findall(r"^\* `(.*?)`", told, re.M)
    assert len(refusals) > 5
    assert [each for each in refusals if each not in program] == []


def test_what_was_trained_comes_back(run, trained, monkeypatch, capsys) -> None:
    monkeypatch.chdir(run)
    exec(re.search(r"```python\n(.*?)```", section("And back"), re.S)[1], {})
    written = capsys.readouterr().out
    assert len(written.removesuffix("\n")) == 40
    assert (run / "for-transformers" / "model.safetensors").exists()


@pytest.mark.parametrize(("bf16", "promised"), [(False, 64), (True, 36)])
def test_activations_take_the_bytes_the_guide_counts(bf16, promised) -> None:
    sequences, T, C = 4, 64, 64
    kept = [bytes_kept(n_layer, sequences, T, C, bf16) for n_layer in (2, 3)]
    copies = 12 * C * C * 2 if bf16 else 0  # of the layer's matrices, in 16 bits
    per_number = (kept[1] - kept[0] - copies) / (sequences * T * C)
    assert per_number == pytest.approx(promised, rel=0.02)


def bytes_kept(n_layer: int, sequences: int, T: int, C: int, bf16: bool) -> int:
    """The bytes that the model's forward keeps for its backward, parameters apart."""
    spec = spec_from_file_location("model", PROGRAMS / "model.py")
    program = module_from_spec(spec)
    spec.loader.exec_module(program)
    names = {"n_head": 2, "n_embd": C, "n_layer": n_layer, "block_size": T, "vocab_size": 50}
    more = {"dropout": 0.0, "bias": True, "activation": "gelu_tanh"}
    model = program.GPT(SimpleNamespace(**names, **more))
    own = {parameter.data_ptr() for parameter in model.parameters()}
    kept = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = tensor, storage.nbytes()
        return tensor

    ids = torch.zeros((sequences, T), dtype=torch.long)
    with (
        torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor),
        torch.autocast("cpu", torch.bfloat16, enabled=bf16),
    ):
        F.cross_entropy(model(ids).flatten(0, 1), ids.flatten())
    return sum(size for place, (_, size) in kept.items() if place not in own)
