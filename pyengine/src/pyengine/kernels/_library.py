"""Finding the compiled library for this machine, and saying how its functions are called."""

from __future__ import annotations

import ctypes
import logging
import platform
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "lib"
LEVELS = ("base", "avx2", "avx512")  # what `level` in cpu.c counts

_N, _P, _F = ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_float
# Arguments and result of each function: N a whole number, P an address, F a float32.
SIGNATURES: dict[str, tuple[list[Any], Any]] = {
    "matmul": ([_N] * 3 + [_P, _N, _N, _P, _N, _N, _P, _N, _P], None),
    "linear": ([_N] * 3 + [_P] * 4, None),
    "linear_backward": ([_N] * 3 + [_P] * 6, None),
    "gelu": ([_N] + [_P] * 2, None),
    "gelu_backward": ([_N] + [_P] * 3, None),
    "layer_norm": ([_N, _N, _F] + [_P] * 5, None),
    "layer_norm_backward": ([_N, _N] + [_P] * 4 + [_N] + [_P] * 3, None),
    "attention": ([_N] * 4 + [_P] * 3, None),
    "attention_backward": ([_N] * 4 + [_P] * 5, None),
    "cross_entropy": ([_N, _N] + [_P] * 4, _N),
    "cross_entropy_backward": ([_N, _N, _P, _P, _F, _P], None),
    "embedding_backward": ([_N] * 3 + [_P] * 3, None),
    "sum_of_squares": ([_N, _P, _P], ctypes.c_double),
    "scale": ([_N, _P, _P, _F], None),
    "adamw": ([_N] + [_P] * 6 + [_F] + [_P] * 3, None),
}


class Library:
    """The functions of one build, as attributes by their names in C."""

    def __init__(self, file: Path, name: str, suffix: str = "") -> None:
        handle = ctypes.CDLL(str(file))
        self.name = name
        for each, (arguments, result) in SIGNATURES.items():
            function = getattr(handle, each + suffix)
            function.argtypes, function.restype = arguments, result
            setattr(self, each, function)

    def __getattr__(self, name: str) -> Any:  # for type checkers: functions are set above
        raise AttributeError(name)


def builds(folder: Path) -> list[Library]:
    """The builds in a folder that this machine can run, the best first."""
    if sys.platform == "emscripten":
        relaxed = folder / "relaxed.wasm"
        names = ["relaxed", "simd"] if _is_valid(relaxed.read_bytes()) else ["simd"]
        return [Library(folder / f"{name}.wasm", name) for name in names]
    if sys.platform == "linux":
        keep_memory()
    file = folder / f"{sys.platform}-{platform.machine()}.lib"
    if platform.machine() != "x86_64":
        return [Library(file, platform.machine())]
    level = ctypes.CDLL(str(file)).level()
    return [Library(file, name, f"_{name}") for name in reversed(LEVELS[: level + 1])]


def keep_memory() -> None:
    """Have the C library keep what one training step frees for the next, which asks for the same.

    Left to itself glibc hands large blocks back to the system, which clears every page anew: that
    took a quarter of a step's time. Other C libraries are left alone.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        trim_threshold, mmap_threshold = -1, -3  # as in malloc.h
        mallopt(trim_threshold, 2**29)
        mallopt(mmap_threshold, 2**25)


def _is_valid(module: bytes) -> bool:
    """Whether the browser knows all instructions of a module; Safari's lacks some."""
    try:
        to_js = import_module("pyodide.ffi").to_js
        return bool(import_module("js").WebAssembly.validate(to_js(module)))
    except Exception:  # whatever forbids asking: the plain build does without those instructions
        return False


@cache
def found() -> Library | str:
    """The library, or why there is none."""
    try:
        return builds(FOLDER)[0]
    except (OSError, AttributeError) as error:
        known = sys.platform in ("linux", "emscripten")
        why = f"the kernels cannot be loaded here ({str(error).splitlines()[0]})"
        why = why if FOLDER.is_dir() else "the kernels were not built"
        why = why if known else f"there are no kernels for {sys.platform}"
        logging.getLogger("pyengine").info("computing with NumPy: %s", why)
        return why


def load() -> Library | None:
    """The library for this machine, or None; then `reason` says why."""
    library = found()
    return library if isinstance(library, Library) else None


def reason() -> str:
    """Why there is no library."""
    library = found()
    return library if isinstance(library, str) else ""
