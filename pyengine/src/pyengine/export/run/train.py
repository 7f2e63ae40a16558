"""Train the GPT in this folder with PyTorch, on a laptop or on many GPUs.

    python train.py --check                                  does it compute what it should?
    python train.py                                          one process: a GPU, or else the CPU
    torchrun --nproc_per_node 8 train.py --bf16 --compile    the eight GPUs of a machine
    sbatch train.slurm                                       a cluster

A step takes the batch and the learning rate it has in the original run, however many processes
share the work. So the losses are the same, but for rounding (and for dropout, whose random numbers
are others here). The model is in `model.py`. Needs PyTorch (tested with 2.13), and nothing else.
"""

import argparse
import json
import math
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import torch
import torch.distributed as dist
from model import GPT
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel

HERE = Path(__file__).resolve().parent
TOLERANCE = 1e-4  # of --check, in nats per token
STOPPED = 3  # exit code of a run that was asked to stop

# torchrun tells each process its place: among all of them, and among those of its machine.
RANK = int(os.environ.get("RANK", "0"))
LOCAL_RANK = int(os.environ.get("LOCAL_RANK", "0"))
PROCESSES = int(os.environ.get("WORLD_SIZE", "1"))


def learning_rate(s: SimpleNamespace, step: int) -> float:
    """Return the learning rate of schedule `s` at a step, counted from 0."""

    def ramp(start: int, length: int) -> float:  # from 0 at step `start` to 1, `length` steps on
        return min(1.0, (step - start) / length) if length else 1.0

    if s.kind == "Constant":
        return s.lr
    if s.kind == "ExponentialGrowth":
        return s.min_lr ** (1 - ramp(0, s.steps)) * s.max_lr ** ramp(0, s.steps)
    if step < s.warmup_steps:
        return s.lr * ramp(0, s.warmup_steps)
    if s.kind == "Cosine":
        height = (1 + math.cos(math.pi * ramp(s.warmup_steps, s.steps - s.warmup_steps))) / 2
        return s.min_lr + (s.lr - s.min_lr) * height
    if s.kind == "WarmupStableDecay" and step >= s.steps - s.decay_steps:
        return s.lr + (s.min_lr - s.lr) * ramp(s.steps - s.decay_steps, s.decay_steps)
    if s.kind == "InverseSquareRoot":
        return s.lr * math.sqrt(s.warmup_steps / step)
    return s.lr  # LinearWarmup after its warm-up, WarmupStableDecay before its decay


class Trainer:
    """A training run, as one of its processes sees it."""

    def __init__(self, run: SimpleNamespace, options: argparse.Namespace) -> None:
        self.run, self.options, self.device = run, options, options.device
        self.data, _ = read_safetensors(HERE / "data.safetensors")
        self.model = GPT(run.model).to(self.device, getattr(torch, run.model.dtype))
        self.optimizer = make_optimizer(self.model, run.train)
        self.next_step = self.load()
        self.asked = self.stopping = False  # this process was asked to stop; all of them do
        # How many sequences a process computes at a time.
        self.sequences = self.data["offsets"].shape[1] // (PROCESSES * options.accumulate)
        # What training calls: the same parameters, compiled, and kept equal among processes.
        self.trained = torch.compile(self.model) if options.compile else self.model
        if PROCESSES > 1:
            self.trained = DistributedDataParallel(self.trained)

    def step(self) -> dict[str, Any]:
        """Do one step of training, and report it."""
        started, step, accumulate = time.perf_counter(), self.next_step, self.options.accumulate
        # Each step has random numbers of its own, for dropout: a resumed run draws the same.
        torch.manual_seed(hash((self.run.train.seed, step, RANK)))
        inputs, targets = (each.chunk(accumulate) for each in self.batch(step))
        total = 0.0
        self.optimizer.zero_grad()
        for i in range(accumulate):
            # Processes average their gradients once per step: with the last part of the batch.
            waits = PROCESSES > 1 and i < accumulate - 1
            with self.trained.no_sync() if waits else nullcontext():
                loss = self.loss(self.trained, inputs[i], targets[i]) / accumulate
                loss.backward()
            total += loss.detach()
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), self.run.train.clip or math.inf)
        if not norm.isfinite():
            sys.exit(f"train.py: training diverged in step {step}; lower the learning rate")
        lr = learning_rate(self.run.train.schedule, step)
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        self.optimizer.step()
        self.next_step += 1
        # Signals reach processes in different steps, so they agree: if one was asked, all stop.
        total, asked = self.sum_up(float(total), self.asked)
        self.stopping = asked > 0
        report = {"step": step, "loss": total / PROCESSES, "lr": lr, "grad_norm": norm.item()}
        tokens = self.data["offsets"].shape[1] * self.run.model.block_size
        return {**report, "tokens_per_second": tokens / (time.perf_counter() - started)}

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Return inputs and targets of this process's share of a step: (B / PROCESSES, T)."""
        offsets = self.data["offsets"][step - self.run.next_step].chunk(PROCESSES)[RANK].long()
        places = offsets[:, None] + torch.arange(self.run.model.block_size)  # one row per offset
        inputs, targets = self.data["train"][places].long(), self.data["train"][places + 1].long()
        return inputs.to(self.device), targets.to(self.device)

    def loss(self, model: nn.Module, inputs: Tensor, targets: Tensor) -> Tensor:
        """Cross-entropy in nats per token; with --bf16 most is computed in 16 bits."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.options.bf16):
            return F.cross_entropy(model(inputs).flatten(0, 1), targets.flatten())

    def evaluate(self) -> float:
        """Measure the loss on the whole validation text: the mean over all its predictions."""
        total = count = 0.0
        self.model.eval()
        for inputs, targets in self.validation_parts():
            counted = (targets != -100).sum().item()
            with torch.no_grad():
                total += self.loss(self.model, inputs, targets).item() * counted
            count += counted
        self.model.train()
        total, count = self.sum_up(total, count)
        return total / count

    def validation_parts(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield this process's share of the validation text, in parts as large as in training."""
        T, ids = self.run.model.block_size, self.data["validation"]
        size = T * self.sequences
        for start in range(0, len(ids) - 1, size)[RANK::PROCESSES]:
            part = ids[start : start + size + 1].long().to(self.device)
            lack = -(len(part) - 1) % T  # of the last block; a target of −100 does not count
            inputs, targets = F.pad(part[:-1], (0, lack)), F.pad(part[1:], (0, lack), value=-100)
            yield inputs.view(-1, T), targets.view(-1, T)

    def sum_up(self, *numbers: float) -> list[float]:
        """Add up over all processes what each has found."""
        sums = torch.tensor(numbers, dtype=torch.float64)
        if PROCESSES > 1:
            sums = sums.to(self.device)
            dist.all_reduce(sums)
        return sums.tolist()

    def ask_to_stop(self, *_: object) -> None:
        """Stop after this step: what a signal does."""
        self.asked = True

    def state(self) -> dict[str, Tensor]:
        """Name all that training changes, as the checkpoints of the original engine do."""
        tensors = {f"model.{name}": tensor for name, tensor in self.model.state_dict().items()}
        for i, p in enumerate(self.model.parameters()):
            tensors |= {f"optimizer.{i}.{key}": t for key, t in self.optimizer.state[p].items()}
        return tensors

    def save(self) -> None:
        """Write a checkpoint, which the original engine can resume too, and the bare model."""
        about = json.dumps({**self.run.as_read, "next_step": self.next_step})
        metadata = {"format": "pyengine.checkpoint", "version": "1", "about": about}
        write_safetensors(self.options.out / "checkpoint.safetensors", self.state(), metadata)
        model = self.model.state_dict()
        write_safetensors(self.options.out / "model.safetensors", model, {"format": "pt"})

    def load(self) -> int:
        """Fill in what the last checkpoint holds, or the run's start; return the next step."""
        checkpoint, next_step = self.options.out / "checkpoint.safetensors", self.run.next_step
        if self.options.resume and checkpoint.exists():
            saved, metadata = read_safetensors(checkpoint, fix="give another --out to begin anew")
            about = json.loads(metadata.get("about", "{}"))
            next_step = about.get("next_step")
            # run.json holds the SHA-256 of the start: a run from other weights is another run.
            if about != {**self.run.as_read, "next_step": next_step}:
                refuse(f"{checkpoint} was made with another run.json: give another --out")
        else:
            saved = read_safetensors(HERE / "model.safetensors", "model.")[0]
            if next_step:
                saved |= read_safetensors(HERE / "optimizer.safetensors", "optimizer.")[0]
        weights = {n.removeprefix("model."): t for n, t in saved.items() if n.startswith("model.")}
        self.model.load_state_dict(weights)  # complains if the sizes in run.json were changed
        for name, tensor in self.state().items():
            if next_step and name.startswith("optimizer."):
                tensor.copy_(saved[name])
        return next_step


def make_optimizer(model: GPT, config: SimpleNamespace) -> torch.optim.AdamW:
    """AdamW that remembers nothing yet; matrices decay, biases and norms do not."""
    groups = [
        {"params": [p for p in model.parameters() if p.dim() >= 2]},
        {"params": [p for p in model.parameters() if p.dim() < 2], "weight_decay": 0.0},
    ]
    betas, decay = tuple(config.betas), config.weight_decay
    optimizer = torch.optim.AdamW(groups, betas=betas, eps=config.eps, weight_decay=decay)
    for p in model.parameters():
        zeros = {name: torch.zeros_like(p) for name in ("exp_avg", "exp_avg_sq")}
        # subtle: PyTorch counts steps in a float, and on the CPU, to read it without waiting.
        optimizer.state[p] = {"step": torch.tensor(0.0), **zeros}
    return optimizer


def train(trainer: Trainer, options: argparse.Namespace) -> int:
    """Do the steps that are left. The first process logs and saves for all."""
    for each in (signal.SIGINT, signal.SIGTERM):  # Ctrl-C; torchrun, Slurm, `kill`
        signal.signal(each, trainer.ask_to_stop)
    log = options.out / "log.jsonl"
    if RANK == 0:
        options.out.mkdir(parents=True, exist_ok=True)
        cut(log, trainer.next_step - trainer.run.next_step)
    validate_every = options.validate_every if "validation" in trainer.data else 0
    while trainer.next_step < options.steps and not trainer.stopping:
        report = trainer.step()
        last = trainer.next_step == options.steps
        if validate_every and (last or trainer.next_step % validate_every == 0):
            report["validation_loss"] = trainer.evaluate()
        say("  ".join(f"{name} {value:.6g}" for name, value in report.items()))
        if RANK == 0:
            with log.open("a") as file:
                file.write(json.dumps(report) + "\n")
            due = trainer.next_step % (options.checkpoint_every or options.steps) == 0
            if due or last or trainer.stopping:
                trainer.save()
    if trainer.next_step < options.steps:
        say(f"stopped, {trainer.next_step} of {options.steps} steps are done: --resume goes on")
        return STOPPED
    say(f"{trainer.next_step} steps are done: {options.out / 'model.safetensors'}")
    return 0


def cut(log: Path, done: int) -> None:
    """Keep a line for each step done; what came after the checkpoint is done again."""
    lines = log.read_bytes().splitlines(keepends=True) if log.exists() else []
    write_whole(log, *lines[:done])


def check(trainer: Trainer) -> int:
    """Repeat the first steps of the original run; return 1 if a loss is another, else 0."""
    lines = read(HERE / "expected.jsonl").splitlines()
    if not lines:
        refuse("expected.jsonl is empty: the export recorded no steps to compare with")
    say("  step    original        here   difference")
    agree = []
    for original in map(json.loads, lines):
        step, loss, here = original["step"], original["loss"], trainer.step()["loss"]
        agree.append(abs(here - loss) <= TOLERANCE)
        say(f"{step:6} {loss:11.6f} {here:11.6f} {here - loss:+12.6f}")
    say(f"{sum(agree)} of {len(lines)} losses agree within {TOLERANCE}")
    if all(agree):
        return 0
    first = agree.index(False)
    if first > 1:  # wrong weights or data differ at once, a wrong optimizer in the second step
        say(f"The first {first} agree, then they drift apart. So does rounding that training")
        say("amplifies, at high learning rates above all; README.md says how to make sure.")
    return 1


# Files: safetensors is the length of a header in 8 bytes, the header in JSON, the numbers.
DTYPES = {"F64": torch.float64, "F32": torch.float32, "I64": torch.int64}
DTYPES |= {"U32": torch.uint32, "U16": torch.uint16}


def read(path: Path) -> bytes:
    """Return what is in a file of the run."""
    if not path.exists():
        refuse(f"{path} is missing: export the run again")
    return path.read_bytes()


def read_safetensors(
    path: Path, prefix: str = "", fix: str = "export the run again"
) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Return the tensors of a file by name, behind a prefix, and its metadata."""
    data = bytearray(read(path))
    start = 8 + int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8:start])
        metadata, tensors = header.pop("__metadata__", {}), {}
        for name, entry in header.items():
            count, offset = math.prod(entry["shape"]), start + entry["data_offsets"][0]
            flat = torch.frombuffer(data, dtype=DTYPES[entry["dtype"]], count=count, offset=offset)
            tensors[prefix + name] = flat.view(entry["shape"])
    except (KeyError, ValueError):  # ValueError: JSON or numbers end too early
        refuse(f"{path} is damaged, perhaps cut short: copy it here again, or {fix}")
    return tensors, metadata


def write_safetensors(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    """Write tensors by name, and metadata."""
    codes = {dtype: code for code, dtype in DTYPES.items()}
    header: dict[str, Any] = {"__metadata__": metadata}
    data = bytearray()
    for name, tensor in sorted(tensors.items(), key=lambda item: -item[1].element_size()):
        raw = bytearray(tensor.nbytes)
        torch.frombuffer(raw, dtype=tensor.dtype).copy_(tensor.flatten())
        entry = {"dtype": codes[tensor.dtype], "shape": list(tensor.shape)}
        header[name] = {**entry, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    write_whole(path, len(text).to_bytes(8, "little"), text, data)


def write_whole(path: Path, *pieces: bytes | bytearray) -> None:
    """Write a file; an older one is replaced in one instant, when the new one is whole."""
    fresh = path.with_suffix(".tmp")
    with fresh.open("wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())  # or else the new name may reach the disk before the content
    fresh.replace(path)


def say(text: str) -> None:
    """Print a line, one for all processes."""
    if RANK == 0:
        print(text, flush=True)


def refuse(problem: str) -> NoReturn:
    """End with exit code 2, and say why."""
    print(f"train.py: {problem}", file=sys.stderr)
    sys.exit(2)


def read_options(run: SimpleNamespace) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Train the GPT in this folder.")
    add, train = parser.add_argument, run.train
    add("--check", action="store_true", help="repeat the first steps and compare the losses")
    add("--steps", type=int, default=train.steps, help="stop after so many steps in all")
    add("--accumulate", type=int, help="parts of a process's share; default: of batch_size at most")
    add("--bf16", action="store_true", help="compute in bfloat16 where that is safe (autocast)")
    add("--tf32", action="store_true", help="let GPUs round the factors of products to 10 bits")
    add("--compile", action="store_true", help="compile the model: a slow start, then faster")
    add("--device", choices=["cpu", "cuda", "mps"], help="default: cuda if there is a GPU")
    add("--out", type=Path, default=HERE / "out", help="folder for the log and the results")
    add("--validate-every", type=int, default=train.validate_every, help="steps; 0 for never")
    often = min(500, max(1, train.steps // 20))  # a kill costs a twentieth of the run at most
    add("--checkpoint-every", type=int, default=often, help="steps; 0 for only at the end")
    add("--resume", action="store_true", help="go on from the checkpoint in --out, if there is one")
    options = parser.parse_args()
    if options.accumulate is None:
        share = train.batch_size * train.accumulate // PROCESSES
        options.accumulate = fewest_parts(share, train.batch_size)
    kind = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    options.device = torch.device(kind, LOCAL_RANK) if kind == "cuda" else torch.device(kind)
    return options


def fewest_parts(share: int, most: int) -> int:
    """Return into how few equal parts of at most `most` sequences a share can be divided."""
    parts = range(1, share + 1)
    return next((n for n in parts if share % n == 0 and share // n <= most), 1)


def check_options(options: argparse.Namespace, run: SimpleNamespace) -> None:
    """Refuse what cannot be done, before anything is done."""
    kind, gpus = options.device.type, torch.cuda.device_count()
    if kind == "cuda" and gpus <= LOCAL_RANK:
        refuse(f"process {LOCAL_RANK} of this machine needs a GPU, and PyTorch sees {gpus}")
    if kind == "cuda" and options.bf16 and torch.cuda.get_device_capability()[0] < 8:
        refuse("--bf16 needs a GPU that computes in bfloat16: Ampere or newer")
    compiler = os.environ.get("CXX", "clang++" if sys.platform == "darwin" else "g++")
    if kind == "cpu" and options.compile and not shutil.which(compiler):
        refuse(f"--compile on a CPU needs a C++ compiler: install {compiler}, or set CXX")
    B, parts = run.train.batch_size * run.train.accumulate, PROCESSES * options.accumulate
    if B % PROCESSES:
        refuse(f"{B} sequences in a step cannot be shared equally by {PROCESSES} processes")
    if parts < 1 or B % parts:
        shares = f"{PROCESSES} processes × {options.accumulate} parts (--accumulate)"
        refuse(f"{B} sequences in a step cannot be shared equally by {shares}")
    for name in ("validate_every", "checkpoint_every"):
        if (steps := getattr(options, name)) < 0:
            flag = "--" + name.replace("_", "-")
            refuse(f"{flag} must be at least 0 steps; got {steps}")
    if not run.next_step < options.steps <= run.train.steps:
        refuse(f"--steps must be {run.next_step + 1} to {run.train.steps}, whose batches are here")
    if options.check and run.model.dropout:
        refuse(f"--check cannot compare: with dropout {run.model.dropout} losses depend on chance")
    if options.check and options.resume:
        refuse("--check repeats the first steps, from the run's start: leave out --resume")
    if options.check and (options.bf16 or options.tf32):
        refuse("--check compares in full precision: leave out --bf16 and --tf32")
    if not (options.check or options.resume) and (options.out / "checkpoint.safetensors").exists():
        refuse(f"{options.out} holds a run: go on with --resume, or give another --out")


def main() -> int:
    """Train, or check."""
    text = read(HERE / "run.json")
    run = json.loads(text, object_hook=lambda each: SimpleNamespace(**each))
    run.as_read = json.loads(text)
    options = read_options(run)
    check_options(options, run)
    if options.device.type == "cuda":
        torch.cuda.set_device(options.device)
    if PROCESSES > 1:
        dist.init_process_group("nccl" if options.device.type == "cuda" else "gloo")
    torch.set_float32_matmul_precision("high" if options.tf32 else "highest")
    trainer = Trainer(run, options)
    status = check(trainer) if options.check else train(trainer, options)
    if PROCESSES > 1:
        dist.barrier()  # the first to end would take away what the others still talk through
        del trainer  # its model holds the group, whose threads must not outlive the interpreter
        dist.destroy_process_group()
    return status


if __name__ == "__main__":
    sys.exit(main())
