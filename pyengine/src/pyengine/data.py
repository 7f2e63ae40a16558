"""From text to batches: what a model is trained on, and in which order.

A text becomes token ids (see `tokenizer`), the ids are split once into a part to train on and a
part to validate on, and training draws batches from the first: `inputs` of shape (B, T) and
`targets` of shape (B, T), which are the same ids one place further on. B is the batch size, T the
block size: how far back the model can see. Every one of the B × T places is one prediction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pyengine.errors import EngineTypeError, EngineValueError, ShapeError

Ids = NDArray[np.int64]
AnyIds = NDArray[np.integer[Any]]  # as they came: large corpora are kept in 16 bits per token

LEARNT_BY_HEART = 10_000  # characters; below this, even a tiny model has room for the whole text


def split(tokens: ArrayLike, train: float = 0.9) -> tuple[AnyIds, AnyIds]:
    """Cut token ids into a part to train on and a part to validate on.

    One cut, no shuffling: neighbouring tokens tell much about each other, so a validation part
    picked at random from between training tokens would not be unseen.

    Args:
        tokens: token ids, shape (N,), in the order of the text.
        train: share of the tokens to train on, more than 0 and less than 1.

    Returns:
        The first ⌊train × N⌋ ids and the others, without copying and of the same type.

    Raises:
        EngineTypeError: `tokens` are not integers, or `train` is not a number.
        ShapeError: `tokens` have more than one dimension.
        EngineValueError: an id is negative, or `train` is out of range.

    Source: `data/shakespeare_char/prepare.py` of Andrej Karpathy's nanoGPT (2022).

    >>> training, validation = split([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    >>> training.tolist(), validation.tolist()
    ([0, 1, 2, 3, 4, 5, 6, 7, 8], [9])
    """
    ids = _as_ids(tokens, "split")
    expected, fix = (
        "a share between 0 and 1 to train on",
        "The rest is for validation; 0.9 is usual.",
    )
    if not isinstance(train, Real):
        raise EngineTypeError("split", expected, f"{train!r} ({type(train).__name__})", fix)
    if not 0 < train < 1:
        raise EngineValueError("split", expected, f"{train}", fix)
    # subtle: the number as it is written. In floats, 0.29 × 100 is 28.999…, one token too few.
    cut = int(Fraction(str(train)) * len(ids))
    return ids[:cut], ids[cut:]


class Batches:
    """Batches at random places of the text, the same for the same seed, in any order asked for.

    The batch of a step depends on the seed and the step alone, not on the batches before it. So
    a run that stopped after 1,000 steps resumes with `batches[1000]`, and nothing else needs to be
    saved for it to go on exactly as if it had never stopped.

    Args:
        tokens: token ids to train on, shape (N,), N at least block_size + 1.
        batch_size: B, the number of blocks in a batch.
        block_size: T, the number of predictions in a block.
        seed: an integer of at least 0; another seed gives another order.

    Raises:
        EngineTypeError: `tokens` are not integers, or one of the numbers is not.
        ShapeError: `tokens` have more than one dimension.
        EngineValueError: too few tokens, a negative id, or a number out of range.

    Source: `get_batch` of nanoGPT's `train.py` (2022), drawn with a seed per step.

    >>> batches = Batches(range(100, 150), batch_size=2, block_size=4, seed=0)
    >>> inputs, targets = batches[7]
    >>> inputs.tolist()
    [[136, 137, 138, 139], [101, 102, 103, 104]]
    >>> targets.tolist()
    [[137, 138, 139, 140], [102, 103, 104, 105]]
    """

    def __init__(self, tokens: ArrayLike, batch_size: int, block_size: int, seed: int) -> None:
        self.tokens = _as_ids(tokens, "Batches")
        self.batch_size = _whole("Batches", "batch_size", batch_size, at_least=1)
        self.block_size = _whole("Batches", "block_size", block_size, at_least=1)
        self.seed = _whole("Batches", "seed", seed, at_least=0)
        if len(self.tokens) <= self.block_size:
            expected = f"at least block_size + 1 = {self.block_size + 1} tokens"
            fix = "Take a longer text or a smaller block size."
            raise EngineValueError("Batches", expected, f"{len(self.tokens)}", fix)

    def offsets(self, step: int) -> Ids:
        """Return where in the text the blocks of this step begin, shape (B,).

        >>> Batches(range(50), batch_size=2, block_size=4, seed=0).offsets(7).tolist()
        [36, 1]
        """
        step = _whole("Batches", "step", step, at_least=0)
        # subtle: the last place a block can begin is N − T − 1, for its last target is T further.
        places = len(self.tokens) - self.block_size
        return np.random.default_rng([self.seed, step]).integers(0, places, size=self.batch_size)

    def __getitem__(self, step: int) -> tuple[Ids, Ids]:
        """Return the inputs and targets of a step, both (B, T)."""
        places = self.offsets(step)[:, None] + np.arange(self.block_size)  # (B, 1) + (T,) = (B, T)
        return _int64(self.tokens[places]), _int64(self.tokens[places + 1])


def blocks(tokens: ArrayLike, batch_size: int, block_size: int) -> Iterator[tuple[Ids, Ids]]:
    """Go through a whole text once, in order: each of its N − 1 predictions is made exactly once.

    This is how to measure the loss of a split without chance. The blocks do not overlap, so the
    context begins anew with each. What is left after the last whole block comes as a shorter one.

    Args:
        tokens: token ids, shape (N,), N at least 2.
        batch_size: B, how many blocks to yield at a time, at most.
        block_size: T, the number of predictions in a block.

    Returns:
        An iterator over (inputs, targets): pairs of shape (B, T), then one with the remaining
        whole blocks, then one of shape (1, rest).

    Raises:
        EngineTypeError, ShapeError, EngineValueError: as `Batches`, but two tokens are enough.

    subtle: the batches differ in size, so their mean losses must be weighted by it. Here the
    "loss" of each batch is the mean of its targets:

    >>> total = count = 0
    >>> for inputs, targets in blocks(range(12), batch_size=2, block_size=4):
    ...     print(inputs.shape, targets.tolist())
    ...     total += targets.mean() * targets.size
    ...     count += targets.size
    (2, 4) [[1, 2, 3, 4], [5, 6, 7, 8]]
    (1, 3) [[9, 10, 11]]
    >>> float(total / count)  # the mean of 1 … 11, each counted once
    6.0
    """
    ids = _as_ids(tokens, "blocks")
    batch_size = _whole("blocks", "batch_size", batch_size, at_least=1)
    block_size = _whole("blocks", "block_size", block_size, at_least=1)
    if len(ids) < 2:
        raise EngineValueError("blocks", "at least 2 tokens, one to predict", f"{len(ids)}")
    # Checked here, and only then iterated: a generator would find fault at its first `next`.
    return _blocks(ids, batch_size, block_size)


def _blocks(ids: AnyIds, batch_size: int, block_size: int) -> Iterator[tuple[Ids, Ids]]:
    whole = (len(ids) - 1) // block_size * block_size  # predictions in whole blocks
    inputs = ids[:whole].reshape(-1, block_size)  # (whole / T, T)
    targets = ids[1 : whole + 1].reshape(-1, block_size)
    for i in range(0, len(inputs), batch_size):
        yield _int64(inputs[i : i + batch_size]), _int64(targets[i : i + batch_size])
    if whole < len(ids) - 1:
        yield _int64(ids[None, whole:-1]), _int64(ids[None, whole + 1 :])  # (1, rest)


@dataclass(frozen=True)
class Description:
    """What is in a text, and what may go wrong with training on it; made by `describe`."""

    characters: int
    distinct: int  # different characters: the vocabulary of a character tokenizer
    lines: int
    words: int
    most_frequent: tuple[tuple[str, int], ...]  # up to five characters with their counts
    warnings: tuple[str, ...]  # empty if there is nothing to say


def describe(text: str, block_size: int | None = None) -> Description:
    """Count what is in a text, and say what may go wrong with training on it.

    Args:
        text: the text, as pasted or read from a file.
        block_size: T; if given, the text is checked to be long enough for it, with characters as
            tokens and a tenth of them held out for validation.

    Returns:
        The counts, and warnings as sentences.

    Raises:
        EngineTypeError: `text` is not a string, or the block size is not an integer.
        EngineValueError: the block size is below 1.

    >>> about = describe("to be or not to be", block_size=64)
    >>> about.characters, about.distinct, about.lines, about.words, about.most_frequent[:2]
    (18, 7, 1, 6, ((' ', 5), ('o', 4)))
    >>> about.warnings[0]
    'Too short for block size 64: training needs at least 65 characters, and here are 18.'
    """
    if not isinstance(text, str):
        fix = "Decode bytes first: data.decode('utf-8')."
        raise EngineTypeError("describe", "a text (str)", type(text).__name__, fix)
    counts = Counter(text)
    return Description(
        characters=len(text),
        distinct=len(counts),
        lines=len(text.splitlines()),
        words=len(text.split()),
        most_frequent=tuple(counts.most_common(5)),
        warnings=tuple(_warnings(text, counts, block_size)),
    )


def _warnings(text: str, counts: Counter[str], block_size: int | None) -> Iterator[str]:
    if block_size is not None:
        yield from _length_warnings(text, _whole("describe", "block_size", block_size, at_least=1))
    if len(text) < LEARNT_BY_HEART:
        yield (
            f"With {len(text):,} characters the model may learn the text by heart; "
            f"take {LEARNT_BY_HEART:,} or more."
        )
    once = sorted(char for char, count in counts.items() if count == 1)
    if once:
        some = " ".join(repr(char) for char in once[:5]) + (" …" if len(once) > 5 else "")
        yield f"Too rare to be learnt, as each stands here only once: {some}"
    if "\r\n" in text:
        yield r"Lines end in '\r\n', as on Windows: text.replace('\r\n', '\n') saves a token each."
    if "\ufeff" in text:
        yield r"'\ufeff' is a byte order mark, not text: open the file with encoding='utf-8-sig'."
    if "\ufffd" in text:
        yield "'\ufffd' stands where the file could not be decoded: its encoding is another."


def _length_warnings(text: str, block_size: int) -> Iterator[str]:
    held_out = len(text) - int(len(text) * 0.9)
    if len(text) <= block_size:
        yield (
            f"Too short for block size {block_size:,}: training needs at least "
            f"{block_size + 1:,} characters, and here are {len(text):,}."
        )
    elif held_out <= block_size:
        yield (
            f"Short for block size {block_size:,}: of the tenth held out for validation, "
            f"{held_out:,} characters, not one block can be made."
        )


def _as_ids(tokens: ArrayLike, where: str) -> AnyIds:
    """Return token ids as an array (N,), whatever list or array of integers they came as."""
    try:
        ids = np.asarray(tokens)
    except ValueError:  # NumPy's own message has many words
        got, fix = "lists of different lengths", "Join the texts into one: np.concatenate."
        raise ShapeError(where, "token ids of shape (N,)", got, fix) from None
    if not ids.size:
        ids = ids.astype(np.int64)  # NumPy takes an empty list for floats
    if ids.dtype.kind not in "iu":
        got = "text" if ids.dtype.kind in "US" else f"{ids.dtype}"
        fix = "Encode the text first: tokenizer.encode(text)."
        raise EngineTypeError(where, "token ids that are integers", got, fix)
    if ids.ndim != 1:
        fix = "Join the texts into one: np.concatenate."
        raise ShapeError(where, "token ids of shape (N,)", f"shape {ids.shape}", fix)
    if ids.size and ids.min() < 0:
        place = int(ids.argmin())
        raise EngineValueError(where, "token ids of at least 0", f"{ids[place]} at [{place}]")
    return ids


def _whole(where: str, name: str, number: int, at_least: int) -> int:
    if not isinstance(number, Integral):
        got = f"{number!r} ({type(number).__name__})"
        raise EngineTypeError(where, f"{name} to be an integer", got)
    if number < at_least:
        raise EngineValueError(where, f"{name} of at least {at_least}", f"{number}")
    return int(number)


def _int64(ids: AnyIds) -> Ids:
    return ids.astype(np.int64)
