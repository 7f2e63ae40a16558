"""pyengine: how a model learns, as code to read.

    scalar       Value: backpropagation on single numbers
    tensor       Tensor: the same on arrays; autograd holds the way back, gradcheck doubts it
    ops          what can be computed with arrays, forward and backward side by side
    functional   the same as functions: softmax, cross_entropy, attention, …
    nn, gpt      layers, and GPT made of them; flops says what it costs
    optim        SGD, RMSProp, Adam, AdamW; gradients clips, schedule sets the learning rate
    tokenizer    text to ids and back: characters, bytes, byte-pair encoding
    data         splits and batches; microworld and grammar: text whose entropy is known
    train        Trainer: forward, loss, backward, step; sample writes with what it made
    diagnose     is this run healthy? how large should a batch be?
    checkpoint   a run in one file (safetensors), to go on from bit for bit
    export       a model for transformers, a run for PyTorch on GPUs, and the way back
    show         results as figures, curves, chains and tables
    errors       the EngineError family

A name is imported when it is first used, so a page about scalars starts without NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyengine import schedule, show
    from pyengine.autograd import no_grad
    from pyengine.errors import EngineError, EngineTypeError, EngineValueError, ShapeError
    from pyengine.functional import cross_entropy, log_softmax, softmax
    from pyengine.gpt import GPT, GPTConfig
    from pyengine.gradcheck import check_grads
    from pyengine.gradients import clip_grad_norm
    from pyengine.optim import SGD, Adam, AdamW, RMSProp
    from pyengine.sample import generate
    from pyengine.scalar import Value
    from pyengine.tensor import Tensor
    from pyengine.train import Trainer
    from pyengine.train_config import TrainConfig

__version__ = "0.1.0"

_HOME = {
    "errors": ("EngineError", "EngineTypeError", "EngineValueError", "ShapeError"),
    "scalar": ("Value",),
    "autograd": ("no_grad",),
    "tensor": ("Tensor",),
    "functional": ("cross_entropy", "log_softmax", "softmax"),
    "gradcheck": ("check_grads",),
    "gpt": ("GPT", "GPTConfig"),
    "optim": ("SGD", "Adam", "AdamW", "RMSProp"),
    "gradients": ("clip_grad_norm",),
    "train": ("Trainer",),
    "train_config": ("TrainConfig",),
    "sample": ("generate",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "GPT",
    "SGD",
    "Adam",
    "AdamW",
    "EngineError",
    "EngineTypeError",
    "EngineValueError",
    "GPTConfig",
    "RMSProp",
    "ShapeError",
    "Tensor",
    "TrainConfig",
    "Trainer",
    "Value",
    "check_grads",
    "clip_grad_norm",
    "cross_entropy",
    "generate",
    "log_softmax",
    "no_grad",
    "schedule",
    "show",
    "softmax",
]


def __getattr__(name: str) -> Any:
    if name in _MODULE_OF:
        return getattr(import_module(f"pyengine.{_MODULE_OF[name]}"), name)
    if name in __all__:  # a module
        return import_module(f"pyengine.{name}")
    raise AttributeError(f"module 'pyengine' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
