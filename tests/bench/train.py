"""Training speed, in a tab and in CPython, against NumPy and PyTorch; all in one run, in turns.

`numpy-naive` is our engine without kernels; it has one NumPy path, so `numpy-best` is the same.
`torch-1t` is PyTorch on one thread, run by the Python that `NUDGE_TORCH` names, or by that of the
parity session; `tfjs-wasm` is TensorFlow.js in the same browser (`train_tfjs.py`). `simd-limit`
multiplies and adds in registers (`peak.c`). `heap` is the memory of a fresh tab's interpreter after
a few steps, which never gives any back, so it is its peak.
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
from playwright.sync_api import Browser, Page, sync_playwright
from run import ROOT, row
from serving import served
from train_step import MODELS
from train_tfjs import tfjs_page

from pyengine import kernels

HERE = Path(__file__).parent
ROUNDS = 7
# (model, where, peer): the least ratio.
BARS = {
    ("810k", "tab", "numpy-naive"): 15,
    ("810k", "tab", "tfjs-wasm"): 10,
    ("810k", "tab", "torch-1t"): 0.45,
    ("28k", "tab", "torch-1t"): 0.6,
    ("28k", "cpython", "torch-1t"): 1.0,
    ("158k", "cpython", "torch-1t"): 1.0,
    ("810k", "cpython", "torch-1t"): 0.9,
}
HEAP = 300  # MB a tab may need
START = """async (base) => {
  window.worker?.terminate();
  const worker = window.worker = new Worker("train.mjs", { type: "module" });
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
    with chromium() as browser, tab(browser) as page, tfjs_page(browser) as tfjs:
        print(f"{kernels.status()} in CPython; {ROUNDS} rounds; load {os.getloadavg()}", flush=True)
        figures = measured(page, tfjs, torch)
        heaps = [row(f"heap/{name}/tab", [heap(page, name)], "MB", None, HEAP) for name in MODELS]
    return [*speed_rows(figures), *gemm_rows(figures), *heaps]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that all pages are opened in."""
    with sync_playwright() as playwright:
        program = ensure("chromium", playwright).program
        browser = playwright.chromium.launch(args=CHROMIUM_FLAGS, executable_path=program)
        yield browser
        browser.close()


@contextmanager
def tab(browser: Browser) -> Iterator[Page]:
    """A tab whose `window.measure` runs Python with the engine in a worker."""
    with tempfile.TemporaryDirectory() as folder:
        write_page(Path(folder))
        page = browser.new_page()
        with served(Path(folder)) as base:
            page.goto(base + "train.html")
            print(f"Chromium {browser.version}, {boot(page)} in the tab", flush=True)
            yield page
        page.close()


def boot(page: Page) -> str:
    """Start Python anew in the tab; return what it computes with."""
    return str(page.evaluate(START, page.url.removesuffix("train.html")))


def in_tab(page: Page, code: str) -> dict[str, Any]:
    """The value of an expression in the tab's Python, and the interpreter's memory in bytes."""
    answer: dict[str, Any] = page.evaluate("(code) => window.measure(code)", code)
    return answer


def heap(page: Page, name: str) -> float:
    """MB that a fresh interpreter needs for a model's training."""
    boot(page)
    return float(in_tab(page, f"train_step.speed('{name}', 'c')")["heap"]) / 2**20


Figures = dict[tuple[str, str], list[float]]


def measured(page: Page, tfjs: Page, torch: Any) -> Figures:
    """Figures by model, and where or peer."""
    import train_step

    figures: Figures = {}

    def add(name: str, side: str, value: float) -> None:
        figures.setdefault((name, side), []).append(value)

    for _ in range(ROUNDS):
        for name, sizes in MODELS.items():
            in_c, in_numpy = (f"train_step.speed('{name}', '{which}')" for which in ("c", "numpy"))
            add(name, "tab", in_tab(page, in_c)["value"])
            add(name, "cpython", train_step.speed(name, "c"))
            if torch:
                add(name, "torch-1t", asked(torch, sizes))
            if name == "3m":  # whose step takes the others seconds
                continue
            add(name, "tfjs-wasm", tfjs.evaluate("(sizes) => speed(sizes)", sizes))
            add(name, "tab numpy-naive", in_tab(page, in_numpy)["value"])
            add(name, "cpython numpy-naive", train_step.speed(name, "numpy"))
        add("gemm", "tab", in_tab(page, "train_step.gemm('c')")["value"])
        add("gemm", "numpy-naive", in_tab(page, "train_step.gemm('numpy')")["value"])
        add("gemm", "simd-limit", in_tab(page, LIMIT)["value"])
    return figures


def speed_rows(figures: Figures) -> list[dict[str, Any]]:
    """Tokens a second, beside each peer's."""
    out = []
    for name in MODELS:
        for where in ("tab", "cpython"):
            numpy = f"{where} numpy-naive"
            peers = {"numpy-naive": numpy, "numpy-best": numpy, "torch-1t": "torch-1t"}
            if where == "tab":
                peers["tfjs-wasm"] = "tfjs-wasm"
            for peer, key in peers.items():
                theirs = figures.get((name, key))
                if theirs:
                    ours, bar = figures[name, where], BARS.get((name, where, peer))
                    full = f"train/{name}/{where}"
                    out.append(row(full, ours, "tokens/s", theirs, bar, peer, least=True))
    return out


def gemm_rows(figures: Figures) -> list[dict[str, Any]]:
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


def asked(torch: Any, sizes: tuple[int, ...]) -> float:
    """PyTorch's tokens a second."""
    torch.stdin.write(f"{' '.join(map(str, sizes))}\n")
    torch.stdin.flush()
    return float(torch.stdout.readline())


def write_page(folder: Path) -> None:
    """A page with a worker, the readers' runtime under its own names, and what is to be timed."""
    command = [sys.executable, "-m", "coursewright", "runtime"]
    made = Path(subprocess.check_output(command, cwd=ROOT, text=True).strip().splitlines()[-1])
    for entry in json.loads((made / "manifest.json").read_text())["files"]:
        data = (made / entry["url"]).read_bytes()
        (folder / entry["name"]).write_bytes(gzip.decompress(data))
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
