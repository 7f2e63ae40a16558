"""The peer in the same browser: the same GPT in TensorFlow.js on its WebAssembly backend.

Its exact versions stand in `tfjs/package.json`; only this benchmark installs them (308 MB), and no
page of the site knows of them. Before it is timed it has to reach the engine's own losses.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page
from serving import served
from train_step import MODELS, made

from pyengine import kernels

FOLDER = Path(__file__).parent / "tfjs"
LIBRARY = FOLDER / "node_modules" / "@tensorflow"
FILES = [
    FOLDER / "gpt.html",
    FOLDER / "gpt.js",
    LIBRARY / "tfjs" / "dist" / "tf.min.js",
    LIBRARY / "tfjs-backend-wasm" / "dist" / "tf-backend-wasm.min.js",
    LIBRARY / "tfjs-backend-wasm" / "dist" / "tfjs-backend-wasm-simd.wasm",
    LIBRARY / "tfjs-backend-wasm" / "dist" / "tfjs-backend-wasm.wasm",
]
CHECKED, STEPS, TOLERANCE = "28k", 20, 1e-4  # nats, over that many steps in float32


def install() -> None:
    """Fetch the library, once."""
    from coursewright.node import find_node, npm_command

    if not all(file.exists() for file in FILES):
        print("fetching TensorFlow.js (once)", flush=True)
        words = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        subprocess.run([*npm_command(find_node()), *words], cwd=FOLDER, check=True)


@contextmanager
def tfjs_page(browser: Browser) -> Iterator[Page]:
    """A page of that browser in which the peer is ready and checked."""
    install()
    with tempfile.TemporaryDirectory() as folder:
        for file in FILES:
            copy(file, folder)
        with served(Path(folder)) as base:
            page = browser.new_page()
            page.goto(base + "gpt.html")
            print(page.evaluate("ready()"), flush=True)
            check(page)
            yield page


def check(page: Page) -> None:
    """Raise unless the same weights and batches give the losses that our engine reports."""
    with kernels.use("numpy"):
        run = made(CHECKED, STEPS)
        weights = {name: each.ravel().tolist() for name, each in run.model.state_dict().items()}
        rate = run.config.schedule
        batches = [[*(b.tolist() for b in run.batches[i]), rate(i)] for i in range(STEPS)]
        ours = [run.step().loss for _ in range(STEPS)]
    given: list[Any] = [MODELS[CHECKED], weights, batches]
    theirs = page.evaluate("(given) => losses(...given)", given)
    apart = float(np.abs(np.subtract(ours, theirs)).max())
    print(f"{STEPS} steps: loss {ours[0]:.4f} to {ours[-1]:.4f}, at most {apart:.1g} apart")
    if not apart < TOLERANCE:
        raise SystemExit(f"TensorFlow.js computes something else: {theirs}, not {ours}")
