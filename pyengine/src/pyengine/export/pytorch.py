"""PyTorch: a training run as a folder, with which it goes on on one GPU or on many.

The folder holds all that the run is made of: parameters, configuration, token ids, and for every
step still to come the places where its sequences begin. Beside them stand the programs of the
folder `run` here, as they are: `model.py` and `train.py`. So nothing is left to another random
generator, and the losses are those this engine would have had. The first of them are recorded,
and `python train.py --check` compares.

The checkpoints that `train.py` writes are those of `checkpoint`. `Trainer.resume` goes on from
one here, and `model_in(load_checkpoint(path))` is its model.
"""

import json
import os
import platform
from collections.abc import Iterator
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike

from pyengine import __version__
from pyengine.errors import EngineTypeError, EngineValueError
from pyengine.export.huggingface import check_tokenizer, export_huggingface, write_json
from pyengine.files import write_atomically
from pyengine.gpt import GPT
from pyengine.safetensors import Array, save_safetensors
from pyengine.schedule import Schedule
from pyengine.tokenizer import Tokenizer
from pyengine.train import Trainer

RUN = Path(__file__).parent / "run"
PROGRAMS = ("model.py", "train.py", "train.slurm")


def export_pytorch(
    folder: str | os.PathLike[str],
    trainer: Trainer,
    tokenizer: Tokenizer | None = None,
    record: int = 20,
    huggingface: bool = False,
) -> None:
    """Write a training run, from its next step on, as a folder for PyTorch.

    Args:
        folder: where; made if it is not there. Files of the same names are replaced.
        trainer: the run. It stays as it is.
        tokenizer: the one its text was encoded with, to be kept with it; or None.
        record: how many steps to compute here already, for PyTorch to be compared with.
        huggingface: whether to write the model for `transformers` too, into a folder within.

    Raises:
        EngineTypeError: `trainer` is no Trainer, or its schedule is one that train.py lacks.
        EngineValueError: no steps are left, a step was stopped while it moved the parameters, the
            tokenizer has more tokens than the model, or `record` is below 0.
        OSError: a file cannot be written.

    >>> import tempfile
    >>> from pyengine.gpt import GPTConfig
    >>> from pyengine.train import TrainConfig
    >>> sizes = GPTConfig(3, block_size=4, n_layer=1, n_head=1, n_embd=8)
    >>> model = GPT(sizes, np.random.default_rng(0))
    >>> trainer = Trainer(model, [0, 1, 2] * 20, TrainConfig(steps=50))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export_pytorch(folder, trainer)
    ...     print(*sorted(path.name for path in Path(folder).iterdir()), sep="\\n")
    README.md
    data.safetensors
    expected.jsonl
    model.py
    model.safetensors
    run.json
    train.py
    train.slurm
    """
    _check(trainer, tokenizer, record)
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    start = _save_start(path, trainer)
    write_json(path / "run.json", {**_about(trainer), "start": start})
    save_safetensors(path / "data.safetensors", _data(trainer))
    write_atomically(path / "expected.jsonl", _expected(trainer, record))
    if tokenizer is not None:
        tokenizer.save(path / "tokenizer.json")
    if huggingface:
        export_huggingface(path / "huggingface", trainer.model, tokenizer)
    for name in PROGRAMS:
        write_atomically(path / name, [(RUN / name).read_bytes()])
    write_atomically(path / "README.md", [_readme(trainer).encode()])


def _check(trainer: Trainer, tokenizer: Tokenizer | None, record: int) -> None:
    """Raise unless this run can be exported."""
    where = "export_pytorch"
    if not isinstance(trainer, Trainer):
        fix = "Make one: Trainer(model, tokens, config)."
        raise EngineTypeError(where, "a Trainer", type(trainer).__name__, fix)
    config, schedule = trainer.config, trainer.config.schedule
    if type(schedule) not in get_args(Schedule):
        fix = "train.py knows no others."
        raise EngineTypeError(where, "a schedule of pyengine.schedule", f"{schedule!r}", fix)
    if trainer.next_step >= config.steps:
        fix = "For more, make a Trainer of its model with a TrainConfig of its own."
        raise EngineValueError(where, "a run with steps left", f"all {config.steps} done", fix)
    if not isinstance(record, int) or record < 0:
        raise EngineValueError(where, "record to be a number of steps", f"{record!r}")
    check_tokenizer(tokenizer, trainer.model.config, where)
    trainer.check_whole()


def _about(trainer: Trainer) -> dict[str, Any]:
    """Describe the run as its checkpoints do, and where it comes from."""
    made_by = {
        "pyengine": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
    return {"made_by": made_by, **trainer.describe()}


def _save_start(folder: Path, trainer: Trainer) -> dict[str, str]:
    """Write what training begins with; return the SHA-256 of each file, which tells runs apart."""
    save_safetensors(folder / "model.safetensors", trainer.model.state_dict(), {"format": "pt"})
    names = ["model.safetensors"]
    if trainer.next_step:  # before step 0, AdamW remembers nothing
        memory = {name: np.asarray(each) for name, each in trainer.optimizer.state().items()}
        save_safetensors(folder / "optimizer.safetensors", memory)
        names.append("optimizer.safetensors")
    return {name: _sha256(folder / name) for name in names}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _data(trainer: Trainer) -> dict[str, Array]:
    """Return the token ids, and the places (steps, B) where each step's sequences begin."""
    steps = range(trainer.next_step, trainer.config.steps)
    data = {
        "train": _small(trainer.batches.tokens),
        "offsets": _small([trainer.batches.offsets(step) for step in steps]),
    }
    if trainer.validation is not None:
        data["validation"] = _small(trainer.validation)
    return data


def _small(numbers: ArrayLike) -> Array:
    """Keep whole numbers in 16 bits where that is enough, else in 32, else in 64."""
    array = np.asarray(numbers)
    enough = (kind for kind in (np.uint16, np.uint32) if array.max() <= np.iinfo(kind).max)
    return array.astype(next(enough, np.int64))


def _expected(trainer: Trainer, record: int) -> Iterator[bytes]:
    """Do the first steps with a copy of the run, and yield a line of JSON for each."""
    model = GPT(trainer.model.config, np.random.default_rng(0))
    model.load_state_dict(trainer.model.state_dict())
    copy = Trainer(model, trainer.batches.tokens, trainer.config)
    copy.optimizer.load_state(trainer.optimizer.state())
    copy.next_step = trainer.next_step
    for report in islice(copy.run(), record):
        kept = {"step": report.step, "loss": report.loss, "lr": report.lr}
        yield json.dumps({**kept, "grad_norm": report.grad_norm}).encode() + b"\n"


def _readme(trainer: Trainer) -> str:
    """Say what the folder holds, and which commands there are."""
    sequences = trainer.batches.batch_size
    return README.format(
        parameters=trainer.model.parameter_count(),
        sizes=trainer.model.config,
        next_step=trainer.next_step,
        steps=trainer.config.steps,
        sequences=sequences,
        part=trainer.config.batch_size,
        tokens=len(trainer.batches.tokens),
        gpus=max(n for n in range(1, 9) if sequences % n == 0),
    )


README = """\
# A training run for PyTorch

A GPT of {parameters:,} parameters: {sizes.n_layer} layers, {sizes.n_head} heads, width \
{sizes.n_embd}, {sizes.vocab_size:,} tokens in the vocabulary, {sizes.block_size:,} in the \
context. {next_step:,} of {steps:,} steps are done. A step takes {sequences:,} sequences \
from a text of {tokens:,} tokens.

PyTorch is all that is needed (tested with 2.13): `pip install torch`. First see whether it computes
what the original run computed:

    python train.py --check

If the first steps agree and then the losses drift apart, it may be rounding, which training
amplifies, at high learning rates above all. A wrong formula or other data show in the first step, a
wrong optimizer mostly in the second. To be sure, export a model with `dtype="float64"`: there,
rounding is too small to be seen, and all losses agree if all else is right.

Then train:

    python train.py                                          # one process: a GPU, or else the CPU
    torchrun --nproc_per_node {gpus} train.py --bf16 --compile    # several GPUs
    sbatch train.slurm                                       # a cluster; see the file
    python train.py --resume                                 # go on from the last checkpoint
    python train.py --help                                   # all options

The {sequences} sequences of a step are shared equally, so the number of processes must divide them.
Each process computes its share in as few parts as keep to {part} sequences at a time;
`--accumulate` sets another number of parts. The losses stay the same.

Ctrl-C or SIGTERM end a run well: it finishes its step and saves a checkpoint. The exit code of
train.py is then 3, and `--resume` goes on. A run that is killed goes on from its last checkpoint.

What comes of it is in `out`:

| file | holds |
|---|---|
| `log.jsonl` | a line for every step: loss, learning rate, gradient norm, tokens per second |
| `model.safetensors` | the parameters, under nanoGPT's names |
| `checkpoint.safetensors` | the parameters and all else that the run needs to go on |

With pyengine, the model comes back, and goes on to `transformers`:

    from pyengine.checkpoint import load_checkpoint
    from pyengine.export import export_huggingface
    from pyengine.train import model_in

    model = model_in(load_checkpoint("out/checkpoint.safetensors"))
    export_huggingface("huggingface", model)  # third, if there is one, the tokenizer

What is in this folder:

| file | holds |
|---|---|
| `run.json` | the sizes of the model, how it is trained, and what made this folder |
| `model.safetensors` | the parameters to begin with |
| `optimizer.safetensors` | what AdamW remembers, if steps were done before |
| `data.safetensors` | token ids, and for every step the places where its sequences begin |
| `expected.jsonl` | the first steps as the original run made them |
| `model.py`, `train.py` | the model and its training in PyTorch: short, and to be read |
| `train.slurm` | a job for clusters with Slurm |
"""
