"""Training steps to be timed, in CPython and in a tab alike: it needs nothing but the engine."""

import json  # noqa: F401 (for what is run in a tab)
import time

import numpy as np

from pyengine import GPT, GPTConfig, TrainConfig, Trainer, kernels

# V, T, width, heads, layers, batch
MODELS = {
    "28k": (65, 32, 32, 4, 2, 16),
    "158k": (65, 64, 64, 4, 3, 16),
    "810k": (65, 64, 128, 4, 4, 12),
    "3m": (65, 64, 256, 8, 4, 12),
}
RUNS = {}


def started(name, choice):
    """A run that is under way, made when it is first asked for."""
    if (name, choice) not in RUNS:
        RUNS[name, choice] = made(name)
    return RUNS[name, choice]


def made(name, steps=10**6):
    """A run on random tokens that are not equally frequent: the loss has somewhere to fall to."""
    V, T, C, H, L, B = MODELS[name]
    model = GPT(GPTConfig(V, T, L, H, C), np.random.default_rng(0))
    text = np.minimum(np.random.default_rng(1).geometric(0.1, 20_000), V) - 1
    return Trainer(model, text, TrainConfig(steps=steps, batch_size=B))


def speed(name, choice, seconds=0.7):
    """Tokens a second of a few steps, with kernels ("c") or NumPy ("numpy")."""
    with kernels.use(choice):
        run = started(name, choice)
        run.step()  # warm, whatever ran in between
        steps, begun = 0, time.perf_counter()
        while steps < 2 or time.perf_counter() - begun < seconds:
            run.step()
            steps += 1
        tokens = steps * run.batches.batch_size * run.batches.block_size
        return tokens / (time.perf_counter() - begun)


def gemm(choice, n=256, seconds=0.3):
    """GFLOP/s of a product of two square matrices."""
    from pyengine.kernels import _library
    from pyengine.kernels._at import at

    a, b = (np.random.default_rng(i).random((n, n), np.float32) for i in (0, 1))
    out, build = np.empty_like(a), _library.load()
    times, begun = [], time.perf_counter()
    while len(times) < 3 or time.perf_counter() - begun < seconds:
        start = time.perf_counter()
        for _ in range(10):  # browsers' clocks tick ten times a millisecond
            if choice == "c":
                build.matmul(n, n, n, at(a), n, 0, at(b), n, 0, at(out), n, None)
            else:
                np.matmul(a, b, out=out)
        times.append((time.perf_counter() - start) / 10)
    return 2 * n**3 / float(np.median(times)) / 1e9


def shakespeare(text, seed):
    """Train as `shakespeare.py` says; return the loss, and the seconds by what they went to."""
    from pyengine import train
    from pyengine.data import split
    from pyengine.tokenizer import CharTokenizer

    begun, spent, evaluate = time.perf_counter(), [], train.evaluate

    def timed(*arguments):
        since = time.perf_counter()
        loss = evaluate(*arguments)
        spent.append(time.perf_counter() - since)
        return loss

    tokenizer = CharTokenizer.from_text(text)
    training, validation = split(np.array(tokenizer.encode(text)))
    sizes = GPTConfig(vocab_size=tokenizer.vocab_size, bias=False)
    config = TrainConfig(seed=seed, validate_every=1000)  # nanoGPT's own run looks at about as much
    trainer = Trainer(GPT(sizes, np.random.default_rng(seed)), training, config, validation)
    ready = time.perf_counter()
    train.evaluate = timed
    try:
        loss = [report.validation_loss for report in trainer.run()][-1]
    finally:
        train.evaluate = evaluate
    seconds = time.perf_counter() - begun
    parts = {"data": ready - begun, "evaluation": sum(spent)}
    return {"loss": loss, "seconds": seconds, **parts, "steps": seconds - sum(parts.values())}


def profile(name, seconds=3):
    """Milliseconds of a step, of one whose kernels do nothing, and each kernel's share of a step.

    The two times are those of the fastest step, which was disturbed least.
    """
    from pyengine.kernels import _library

    library, run, spent = _library.load(), started(name, "c"), {}
    real = {each: vars(library)[each] for each in _library.SIGNATURES}

    def timed(each):
        def call(*arguments):
            begun = time.perf_counter()
            result = real[each](*arguments)
            spent[each] = spent.get(each, 0.0) + time.perf_counter() - begun
            return result

        return call

    def steps(functions):
        vars(library).update(functions)
        taken, begun = [], time.perf_counter()
        while len(taken) < 5 or time.perf_counter() - begun < seconds:
            since = time.perf_counter()
            run.step()
            taken.append(time.perf_counter() - since)
        return taken

    nothing = {each: lambda *_: 0 for each in real}
    nothing |= {"cross_entropy": lambda *_: -1, "sum_of_squares": lambda *_: 1.0}
    with kernels.use("c"):
        try:
            step, _ = min(steps(real)), spent.clear()
            total = sum(steps({each: timed(each) for each in real}))
            without = min(steps(nothing))
        finally:
            vars(library).update(real)
            del RUNS[name, "c"]  # kernels that did nothing leave no model behind
    shares = {each: part / total for each, part in spent.items()}
    return {"step": 1e3 * step, "without kernels": 1e3 * without, "shares": shares}
