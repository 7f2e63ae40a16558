"""nanoGPT's run for a laptop: Shakespeare by characters, 2,000 steps, on our engine.

4 layers, 4 heads, width 128, context 64, batches of 12, no dropout, no biases; the first nine
tenths of the text train. Measured on the whole last tenth, for three seeds. nanoGPT's README gives
1.88 for its own run of this configuration, estimated from a sample of that tenth; PyTorch gave
1.893 to 1.912 for five seeds measured as here. Then the same in a browser's tab: a fresh tab for
each seed. The losses differ a little between the two, since they round differently.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from run import ROOT, row
from train import chromium, in_tab, tab

from pyengine import GPT, GPTConfig, TrainConfig, Trainer
from pyengine.data import split
from pyengine.tokenizer import CharTokenizer

SEEDS = (1, 2, 3)
BAR = 1.90
MINUTES, HEAP = 4, 300
TEXT = ROOT.parent / "shared" / "data" / "tinyshakespeare.txt"


def rows() -> list[dict[str, Any]]:
    """Train once per seed; the figure is the median of the validation losses."""
    if not TEXT.exists():
        sys.exit(f"skipped: expected tinyshakespeare at {TEXT}, found none")
    losses, speeds = zip(*(trained(TEXT, seed) for seed in SEEDS), strict=True)
    return [
        row("shakespeare/validation-loss", list(losses), "nats", None, BAR),
        row("shakespeare/speed", list(speeds), "tokens/s", None, None),
        *in_a_tab(TEXT.read_text(encoding="utf-8")),
    ]


def in_a_tab(text: str) -> list[dict[str, Any]]:
    """The same runs in Chromium; medians over the seeds, and the largest heap."""
    seconds, losses, heaps = [], [], []
    with chromium() as browser:
        for seed in SEEDS:
            with tab(browser) as page:
                answer = in_tab(
                    page, f"train_step.json.dumps(train_step.shakespeare({text!r}, {seed}))"
                )
            found = json.loads(answer["value"])
            parts = ("data", "evaluation", "steps")
            spent = ", ".join(f"{name} {found[name]:.0f} s" for name in parts)
            print(f"tab, seed {seed}: {spent}; loss {found['loss']:.4f}", flush=True)
            seconds.append(found["seconds"])
            losses.append(found["loss"])
            heaps.append(answer["heap"] / 2**20)
    return [
        row("shakespeare/tab", seconds, "s", None, MINUTES * 60),
        row("shakespeare/tab/validation-loss", losses, "nats", None, BAR),
        row("shakespeare/tab/heap", [max(heaps)], "MB", None, HEAP),
    ]


def trained(file: Path, seed: int) -> tuple[float, float]:
    """Train with a seed; return the loss on the whole validation split, and the median speed."""
    text = file.read_text(encoding="utf-8")
    tokenizer = CharTokenizer.from_text(text)
    training, validation = split(np.array(tokenizer.encode(text)))
    sizes = GPTConfig(vocab_size=tokenizer.vocab_size, bias=False)
    config = TrainConfig(seed=seed, validate_every=500)
    trainer = Trainer(GPT(sizes, np.random.default_rng(seed)), training, config, validation)
    reports = []
    for report in trainer.run():
        reports.append(report)
        if report.validation_loss is not None:
            print(
                f"seed {seed}, step {report.step + 1}: validation loss "
                f"{report.validation_loss:.4f}",
                flush=True,
            )
    return reports[-1].validation_loss, float(np.median([r.tokens_per_second for r in reports]))
