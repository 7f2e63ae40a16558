"""Writing: ask the model for the next token, draw one, append it, ask again.

The model gives probabilities; how one token is drawn from them is the reader's choice:

    temperature     divides the logits: below 1 the likely gets likelier, 0 takes the likeliest
    top_k           only the k likeliest tokens stay
    top_p           only the likeliest tokens that together reach probability p stay (the nucleus)
"""

from collections.abc import Iterator, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pyengine import ops
from pyengine._token_checks import checked_ids
from pyengine.autograd import no_grad
from pyengine.errors import EngineTypeError, EngineValueError, ShapeError
from pyengine.functional import softmax
from pyengine.gpt import GPT
from pyengine.ops import Array


def probabilities(
    logits: ArrayLike,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Array:
    """Turn the logits for one token into the probabilities it is drawn with.

    Args:
        logits: (V,), one per token of the vocabulary.
        temperature: at least 0. At 0 the largest logit gets probability 1.
        top_k: how many tokens may be drawn, at least 1; None for all.
        top_p: share of the probability, above 0 and up to 1, that must be kept; None for all.
            Taken after temperature and top_k.

    Returns:
        (V,) probabilities that sum to 1; 0 for tokens that are ruled out.

    Raises:
        ShapeError: logits are not (V,).
        EngineValueError: an option out of range.

    Source: temperature as in Ackley, Hinton & Sejnowski (1985); top-k: Fan, Lewis & Dauphin
    (2018), arXiv:1805.04833; top-p: Holtzman et al. (2019), arXiv:1904.09751.

    >>> probabilities([2.0, 1.0, 0.0], top_k=2).round(3)
    array([0.731, 0.269, 0.   ])
    >>> probabilities([2.0, 1.0, 0.0], temperature=0)
    array([1., 0., 0.])
    """
    x = ops.as_floats(logits, "probabilities")
    _check_logits(x)
    _check_options("probabilities", temperature, top_k, top_p)
    if temperature == 0:
        chosen: Array = (np.arange(len(x)) == x.argmax()).astype(x.dtype)
        return chosen
    order = np.argsort(-x, kind="stable")  # likeliest first; of equals, the lower id
    if top_k is not None:
        x = x.copy()
        x[order[top_k:]] = -np.inf
    with np.errstate(over="ignore", invalid="ignore"):  # near 0, gaps grow to −inf; softmax says
        p: Array = softmax((x - x.max()) / temperature)  # what is wrong if there is a nan
    if top_p is None:
        return p
    # subtle: the token that crosses the line stays, or p would not be reached.
    before = np.cumsum(p[order]) - p[order]
    p[order[before >= top_p]] = 0
    p /= p.sum()
    return p


def generate(
    model: GPT,
    ids: Sequence[int],
    count: int,
    rng: np.random.Generator | None = None,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    stop: int | None = None,
    slide: bool = True,
) -> Iterator[int]:
    """Yield up to `count` new token ids, one at a time, each drawn given all before it.

    Args:
        model: which one.
        ids: the tokens to go on from, at least one.
        count: how many to write.
        rng: where the draws come from; not needed at temperature 0.
        temperature: as for `probabilities`, and so are the next two.
        top_k: how many tokens may be drawn.
        top_p: share of the probability that is kept.
        stop: a token that ends the text; it is not yielded.
        slide: what happens where the context ends, for the model sees at most block_size tokens.
            True: the text goes on, and the oldest tokens slide out of view. False: it stops.

    Raises:
        EngineTypeError, EngineValueError: no generator where one is needed, nothing to go on
            from, ids that the model does not know, or an option out of range.

    >>> from pyengine.gpt import GPTConfig
    >>> sizes = GPTConfig(5, block_size=4, n_layer=1, n_head=1, n_embd=8)
    >>> model = GPT(sizes, np.random.default_rng(0))
    >>> written = list(generate(model, [1, 2], count=6, temperature=0))
    >>> len(written), written == list(generate(model, [1, 2], count=6, temperature=0))
    (6, True)
    >>> len(list(generate(model, [1, 2], count=6, temperature=0, slide=False)))
    2
    """
    if isinstance(ids, str):
        fix = "Encode it first: tokenizer.encode(text)."
        raise EngineTypeError("generate", "token ids to go on from", "a text", fix)
    V = model.config.vocab_size
    seen = checked_ids(ids, V, "generate")
    if stop is not None:
        checked_ids([stop], V, "generate: stop")
    _check_options("generate", temperature, top_k, top_p)
    if not seen:
        fix = "Begin with a newline, or another token that starts a text."
        raise EngineValueError("generate", "at least one token to go on from", "none", fix)
    if temperature and not isinstance(rng, np.random.Generator):
        fix = "Pass rng=numpy.random.default_rng(seed), or temperature=0 to draw nothing."
        raise EngineTypeError("generate", "a numpy.random.Generator", type(rng).__name__, fix)
    if not slide:
        count = min(count, max(0, model.config.block_size - len(seen)))
    return _generate(model, seen, count, stop, rng, (temperature, top_k, top_p))


def _generate(
    model: GPT,
    seen: list[int],
    count: int,
    stop: int | None,
    rng: np.random.Generator | None,
    options: tuple[Any, ...],
) -> Iterator[int]:
    for _ in range(count):
        context = seen[-model.config.block_size :]
        with no_grad():
            logits = model([context]).data[0, -1]  # (V,) for what follows the last token
        token = draw(probabilities(logits.astype(np.float64), *options), rng)
        if token == stop:
            return
        seen.append(token)
        yield token


def draw(p: Array, rng: np.random.Generator | None) -> int:
    """Draw a token with probabilities p (V,); without a generator, the likeliest.

    >>> rng = np.random.default_rng(0)
    >>> [draw(np.array([0.2, 0.8]), rng) for _ in range(8)]
    [1, 1, 0, 0, 1, 1, 1, 1]
    """
    if rng is None:
        return int(p.argmax())
    # One number decides: which token's share of the line from 0 to 1 does it fall into?
    line = np.cumsum(p)
    place = int(np.searchsorted(line, rng.random() * line[-1], side="right"))
    return min(place, len(p) - 1)


def _check_logits(x: Array) -> None:
    """Raise unless they are those of one token, all of them numbers."""
    where = "probabilities"
    if x.ndim != 1 or not len(x):
        fix = "Take one position's: logits[0, -1]."
        raise ShapeError(where, "logits of shape (V,)", f"shape {x.shape}", fix)
    if np.isnan(x).any():
        fix = "Has the training diverged?"
        raise EngineValueError(
            where, "logits that are numbers", f"nan for token {np.isnan(x).argmax()}", fix
        )


def _check_options(where: str, temperature: float, top_k: int | None, top_p: float | None) -> None:
    """Raise unless they are numbers in their range."""
    for name, number, kind in (
        ("temperature", temperature, Real),
        ("top_k", top_k, Integral),
        ("top_p", top_p, Real),
    ):
        if not isinstance(number, kind) and (number is not None or name == "temperature"):
            expected = f"{name} to be {'an integer' if kind is Integral else 'a number'}"
            raise EngineTypeError(where, expected, f"{number!r}")
    if not 0 <= temperature < np.inf:
        raise EngineValueError(where, "a temperature of at least 0", f"{temperature}")
    if top_k is not None and top_k < 1:
        raise EngineValueError(where, "top_k of at least 1", f"{top_k}")
    if top_p is not None and not 0 < top_p <= 1:
        raise EngineValueError(where, "top_p above 0, up to 1", f"{top_p}")
