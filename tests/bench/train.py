"""Training speed, in a tab and in CPython, against NumPy and PyTorch; all in one run, in turns.

`numpy-naive` is our engine without kernels; it has one NumPy path, so that is its best too.
`torch-1t` is PyTorch on one thread, run by the Python that `NUDGE_TORCH` names, or by that of the
parity session. `simd-limit` multiplies and adds in registers (`peak.c`).
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy
from typing import Any

from browsers import CHROMIUM_FLAGS, ensure
from playwright.sync_api import Page, sync_playwright
from run import ROOT, row
from serving import served

from pyengine import kernels

HERE = Path(__file__).parent
ROUNDS = 7
SPEEDS = ("28k", "158k", "810k", "3m")
# (model, where, peer): the least ratio.
BARS = {
    ("810k", "tab", "numpy-naive"): 15,
    ("810k", "tab", "torch-1t"): 0.45,
    ("28k", "tab", "torch-1t"): 0.6,
    ("28k", "cpython", "torch-1t"): 1.0,
    ("158k", "cpython", "torch-1t"): 1.0,
    ("810k", "cpython", "torch-1t"): 0.9,
}
START = """async (base) => {
  const worker = new Worker("train.mjs", { type: "module" });
  window.measure = (code) => new Promise((done, fail) => {
    worker.onmessage = ({ data }) => (data.error ? fail(new Error(data.error)) : done(data));
    worker.postMessage({ base, code });
  });
  return (await window.measure("kernels.status()")).value;
}"""
LIMIT = """import ctypes, time
peak = ctypes.CDLL("/limit.wasm").peak
peak.argtypes, peak.restype = [ctypes.c_int, ctypes.c_float], ctypes.c_float
for _ in range(300):  # browsers compile well what is called often, and only between calls
    peak(20_000, 0.5)
begun = time.perf_counter()
for _ in range(300):
    peak(20_000, 0.5)
300 * 20_000 * 12 * 4 * 2 / (time.perf_counter() - begun) / 1e9"""


def rows() -> list[dict[str, Any]]:
    """Measure everything in turn, several times."""
    torch = torch_process()
    with tab() as page:
        print(f"{kernels.status()} in CPython; {ROUNDS} rounds")
        figures, heap = measured(page, torch)
    return [*speed_rows(figures), *gemm_rows(figures), row("heap/tab", heap, "MB", None, 300)]


@contextmanager
def tab() -> Iterator[Page]:
    """A tab whose `window.measure` runs Python with the engine in a worker."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        write_page(folder)
        program = ensure("chromium", playwright).program
        browser = playwright.chromium.launch(args=CHROMIUM_FLAGS, executable_path=program)
        page = browser.new_page()
        with served(folder) as base:
            page.goto(base + "train.html")
            used = page.evaluate(START, base)
            print(f"Chromium {browser.version}, {used} in the tab", flush=True)
            yield page
        browser.close()


def measured(page: Page, torch: Any) -> tuple[dict[tuple[str, ...], list[float]], list[float]]:
    """Figures by (model, where or peer), and the tab's memory in MB."""
    import train_step

    figures: dict[tuple[str, ...], list[float]] = {}
    heap: list[float] = []

    def in_tab(code: str) -> float:
        answer = page.evaluate("(code) => window.measure(code)", code)
        heap.append(answer["heap"] / 2**20)
        return float(answer["value"])

    for _ in range(ROUNDS):
        for name in SPEEDS:
            add(figures, name, "tab", in_tab(f"train_step.speed('{name}', 'c')"))
            add(figures, name, "cpython", train_step.speed(name, "c"))
            if torch:
                add(figures, name, "torch-1t", asked(torch, name))
            if name != "3m":
                add(
                    figures, name, "tab numpy-naive", in_tab(f"train_step.speed('{name}', 'numpy')")
                )
                add(figures, name, "cpython numpy-naive", train_step.speed(name, "numpy"))
        add(figures, "gemm", "tab", in_tab("train_step.gemm('c')"))
        add(figures, "gemm", "numpy-naive", in_tab("train_step.gemm('numpy')"))
        add(figures, "gemm", "simd-limit", in_tab(LIMIT))
    return figures, [max(heap)]


def add(figures: dict[tuple[str, ...], list[float]], name: str, side: str, value: float) -> None:
    """Keep a figure."""
    figures.setdefault((name, side), []).append(value)


def speed_rows(figures: dict[tuple[str, ...], list[float]]) -> list[dict[str, Any]]:
    """Tokens a second, beside each peer's."""
    out = []
    for name in SPEEDS:
        for where in ("tab", "cpython"):
            for peer, key in (("numpy-naive", f"{where} numpy-naive"), ("torch-1t", "torch-1t")):
                theirs = figures.get((name, key))
                if theirs:
                    ours, bar = figures[name, where], BARS.get((name, where, peer))
                    full = f"train/{name}/{where}"
                    out.append(row(full, ours, "tokens/s", theirs, bar, peer, least=True))
    return out


def gemm_rows(figures: dict[tuple[str, ...], list[float]]) -> list[dict[str, Any]]:
    """The product of two matrices of 256 x 256, in the tab."""
    ours = figures["gemm", "tab"]
    peers = ("numpy-naive", "simd-limit")
    made = [(peer, figures["gemm", peer]) for peer in peers]
    return [
        row("gemm/256/tab", ours, "GFLOP/s", theirs, None, peer, least=True)
        for peer, theirs in made
    ]


def torch_process() -> Any:
    """PyTorch, waiting for names; None where there is none."""
    python = os.environ.get("NUDGE_TORCH") or str(ROOT / ".nox" / "parity" / "bin" / "python")
    has = [python, "-c", "import torch"]
    if not Path(python).exists() or subprocess.run(has, capture_output=True).returncode:
        print("torch-1t is left out: run `python3 noxfile.py -s parity` once, or set NUDGE_TORCH")
        return None
    pipe = subprocess.PIPE
    command = [python, str(HERE / "train_torch.py")]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)


def asked(torch: Any, name: str) -> float:
    """PyTorch's tokens a second."""
    torch.stdin.write(f"{name}\n")
    torch.stdin.flush()
    return float(torch.stdout.readline())


def write_page(folder: Path) -> None:
    """A page with a worker, the readers' runtime under its own names, and what is to be timed."""
    command = [sys.executable, "-m", "coursewright", "runtime"]
    made = Path(subprocess.check_output(command, cwd=ROOT, text=True).strip().splitlines()[-1])
    for entry in json.loads((made / "manifest.json").read_text())["files"]:
        data = (made / entry["url"]).read_bytes()
        plain = gzip.decompress(data) if entry["encoding"] == "gzip" else data
        (folder / entry["name"]).write_bytes(plain)
    (folder / "train.html").write_text("<!doctype html><title>Training</title>")
    for name in ("train.mjs", "train_step.py"):
        copy(HERE / name, folder)
    zig = [sys.executable, "-m", "ziglang"]
    wasm = ["cc", "--target=wasm32-emscripten", "-msimd128", "-mrelaxed-simd", "-O3", "-fPIC"]
    wasm += ["-fno-sanitize=all", "-c", str(HERE / "peak.c"), "-o", str(folder / "limit.o")]
    subprocess.run([*zig, *wasm], check=True)
    link = ["wasm-ld", "-shared", "--experimental-pic", "--no-entry", "--import-memory"]
    link += ["--export=peak", str(folder / "limit.o"), "-o", str(folder / "limit.wasm")]
    subprocess.run([*zig, *link], check=True)
