"""Splitting a text, drawing batches from it, going through it once, and describing it."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from fractions import Fraction
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusing import raised

from pyengine import EngineError, EngineTypeError, EngineValueError, ShapeError
from pyengine.data import Batches, blocks, describe, split

TEXT = np.arange(1000, 1200)  # every id says where it stands


# split


@settings(deadline=None)
@given(st.lists(st.integers(0, 1000), max_size=300), st.integers(1, 999))
def test_a_split_is_one_cut_at_the_share_as_it_is_written(
    tokens: list[int], per_mille: int
) -> None:
    for train in (per_mille / 1000, np.float64(per_mille / 1000), Fraction(per_mille, 1000)):
        training, validation = split(tokens, train)
        assert [*training, *validation] == tokens
        assert len(training) == len(tokens) * per_mille // 1000


def test_a_split_loses_no_token_to_rounding() -> None:
    assert [len(part) for part in split(np.arange(100), 0.29)] == [29, 71]  # 0.29 × 100 < 29


def test_nine_tenths_of_tinyshakespeare_are_what_nanogpt_trains_on() -> None:
    training, validation = split(np.zeros(1_115_394, np.uint16))
    assert (len(training), len(validation)) == (1_003_854, 111_540)


def test_a_split_keeps_the_type_and_copies_nothing() -> None:
    tokens = np.arange(10, dtype=np.uint16)
    for part in split(tokens):
        assert part.dtype == np.uint16
        assert np.shares_memory(part, tokens)


# Batches


def test_a_batch_is_blocks_of_the_text_with_targets_one_place_further_on() -> None:
    inputs, targets = Batches(TEXT, batch_size=5, block_size=8, seed=3)[4]
    assert inputs.shape == targets.shape == (5, 8)
    assert inputs.dtype == targets.dtype == np.int64
    np.testing.assert_array_equal(targets, inputs + 1)
    np.testing.assert_array_equal(inputs, inputs[:, :1] + np.arange(8))


def test_a_batch_begins_at_its_offsets() -> None:
    batches = Batches(TEXT, batch_size=5, block_size=8, seed=3)
    np.testing.assert_array_equal(batches[9][0][:, 0], TEXT[batches.offsets(9)])


def test_offsets_are_those_of_a_generator_seeded_with_seed_and_step() -> None:
    offsets = Batches(TEXT, batch_size=6, block_size=8, seed=3).offsets(9)
    expected = np.random.default_rng([3, 9]).integers(0, 192, size=6)
    np.testing.assert_array_equal(offsets, expected)
    assert offsets.dtype == np.int64
    # Frozen: a run resumed with another NumPy must go on with the same batches.
    assert offsets.tolist() == [73, 187, 78, 76, 40, 184]


@settings(deadline=None)
@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_a_step_can_be_asked_for_directly_and_again(seed: int, step: int) -> None:
    first, second = (Batches(TEXT, batch_size=3, block_size=4, seed=seed) for _ in range(2))
    first[0]
    np.testing.assert_array_equal(first[step], second[step])
    np.testing.assert_array_equal(first[step], second[np.int64(step)])


def test_steps_and_seeds_differ() -> None:
    offsets = [tuple(Batches(TEXT, 8, 4, seed).offsets(s)) for seed in range(9) for s in range(9)]
    assert len(set(offsets)) == 81


def test_every_place_is_drawn_and_about_equally_often() -> None:
    batches = Batches(TEXT[:20], batch_size=100, block_size=4, seed=0)
    drawn = Counter(chain.from_iterable(batches.offsets(step).tolist() for step in range(100)))
    assert sorted(drawn) == list(range(16))  # 16 blocks of 4 have a target for each place
    assert all(abs(n - 625) < 5 * math.sqrt(625) for n in drawn.values())


def test_a_text_of_one_block_and_its_last_target_is_enough() -> None:
    inputs, targets = Batches([5, 6, 7], batch_size=2, block_size=2, seed=0)[0]
    assert inputs.tolist() == [[5, 6], [5, 6]]
    assert targets.tolist() == [[6, 7], [6, 7]]


def test_a_batch_is_a_copy() -> None:
    tokens = np.arange(9)
    Batches(tokens, batch_size=1, block_size=8, seed=0)[0][0][:] = 0
    assert tokens.tolist() == list(range(9))


# blocks


@settings(deadline=None)
@given(st.integers(2, 200), st.integers(1, 9), st.integers(1, 40))
def test_every_prediction_is_made_exactly_once_and_in_order(n: int, b: int, t: int) -> None:
    pairs = list(blocks(TEXT[:n], batch_size=b, block_size=t))
    inputs = np.concatenate([each.ravel() for each, _ in pairs])
    targets = np.concatenate([each.ravel() for _, each in pairs])
    assert inputs.tolist() == TEXT[: n - 1].tolist()
    assert targets.tolist() == TEXT[1:n].tolist()


@settings(deadline=None)
@given(st.integers(2, 200), st.integers(1, 9), st.integers(1, 40))
def test_only_the_last_batches_are_smaller(n: int, b: int, t: int) -> None:
    shapes = [inputs.shape for inputs, _ in blocks(TEXT[:n], batch_size=b, block_size=t)]
    full, rows, rest = (n - 1) // (b * t), (n - 1) // t % b, (n - 1) % t
    expected = [(b, t)] * full + [(rows, t)] * bool(rows) + [(1, rest)] * bool(rest)
    assert shapes == expected


def test_weighted_by_size_the_mean_over_the_blocks_is_that_over_the_text() -> None:
    losses = np.random.default_rng(0).exponential(size=200)
    total = count = 0
    for _, targets in blocks(np.arange(200), batch_size=3, block_size=16):
        total += losses[targets].mean() * targets.size
        count += targets.size
    assert total / count == pytest.approx(losses[1:].mean(), rel=1e-14)


def test_blocks_may_be_written_to() -> None:
    tokens = np.arange(9)
    for inputs, targets in blocks(tokens, batch_size=2, block_size=3):
        assert inputs.dtype == targets.dtype == np.int64
        inputs[:] = targets[:] = 0
    assert tokens.tolist() == list(range(9))


# describe


@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_description_counts_any_text(text: str) -> None:
    about = describe(text)
    assert about.characters == len(text)
    assert about.distinct == len(set(text))
    assert about.words == len(text.split())
    assert len(about.most_frequent) == min(5, len(set(text)))
    assert all(text.count(char) == count for char, count in about.most_frequent)
    assert all(a >= b for (_, a), (_, b) in pairwise(about.most_frequent))


def test_an_unfinished_last_line_is_a_line() -> None:
    assert [describe(text).lines for text in ("", "a", "a\n", "a\nb", "\n\n")] == [0, 1, 1, 2, 2]


LONG = "she sells sea shells by the sea shore\n" * 300  # 11,400 characters


def test_an_ordinary_text_has_no_warnings() -> None:
    assert describe(LONG[:10_000]).warnings == ()
    assert describe(LONG, block_size=1139).warnings == ()


WARNINGS: dict[str, tuple[str, int | None]] = {
    "Too short for block size 11,400: training needs at least 11,401 characters, "
    "and here are 11,400.": (LONG, 11_400),
    "Short for block size 1,140: of the tenth held out for validation, 1,140 characters, "
    "not one block can be made.": (LONG, 1140),
    "With 9,999 characters the model may learn the text by heart; take 10,000 or more.": (
        LONG[:9_999],
        None,
    ),
    "Too rare to be learnt, as each stands here only once: '\\t' 'J'": (LONG + "\tJ", None),
    "Too rare to be learnt, as each stands here only once: 'J' 'K' 'L' 'M' 'N' …": (
        LONG + "ONMLKJ",
        None,
    ),
    "Lines end in '\\r\\n', as on Windows: text.replace('\\r\\n', '\\n') saves a token each.": (
        LONG.replace("\n", "\r\n"),
        None,
    ),
    "'\\ufeff' is a byte order mark, not text: open the file with encoding='utf-8-sig'.": (
        f"\ufeff{LONG}\ufeff{LONG}",  # two files, one behind the other
        None,
    ),
    "'\ufffd' stands where the file could not be decoded: its encoding is another.": (
        LONG + "she sells \ufffdshells\ufffd",
        None,
    ),
}


@pytest.mark.parametrize("warning", WARNINGS)
def test_warns_of_what_may_go_wrong(warning: str) -> None:
    assert describe(*WARNINGS[warning]).warnings == (warning,)


def test_an_empty_text_is_described_too() -> None:
    about = describe("", block_size=8)
    assert (about.characters, about.distinct, about.most_frequent) == (0, 0, ())
    assert about.warnings == (
        "Too short for block size 8: training needs at least 9 characters, and here are 0.",
        "With 0 characters the model may learn the text by heart; take 10,000 or more.",
    )


def test_a_description_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        describe("abc").characters = 4  # type: ignore[misc]


# Refusals


def batches(*, tokens: object = TEXT, b: object = 2, t: object = 4, seed: object = 0) -> Batches:
    return Batches(tokens, b, t, seed)  # type: ignore[arg-type]


REFUSED: list[tuple[Callable[[], object], type[EngineError], str]] = [
    (
        lambda: split(TEXT, train=1.0),
        EngineValueError,
        "split: expected a share between 0 and 1 to train on; got 1.0. "
        "The rest is for validation; 0.9 is usual.",
    ),
    (
        lambda: split(TEXT, train=math.nan),
        EngineValueError,
        "split: expected a share between 0 and 1 to train on; got nan. "
        "The rest is for validation; 0.9 is usual.",
    ),
    (
        lambda: split(TEXT, train="0.9"),  # type: ignore[arg-type]
        EngineTypeError,
        "split: expected a share between 0 and 1 to train on; got '0.9' (str). "
        "The rest is for validation; 0.9 is usual.",
    ),
    (
        lambda: split([[1], [1, 2]]),  # type: ignore[arg-type,list-item]
        ShapeError,
        "split: expected token ids of shape (N,); got lists of different lengths. "
        "Join the texts into one: np.concatenate.",
    ),
    (
        lambda: split("to be"),
        EngineTypeError,
        "split: expected token ids that are integers; got text. "
        "Encode the text first: tokenizer.encode(text).",
    ),
    (
        lambda: blocks([0.5, 1.0], 1, 1),
        EngineTypeError,
        "blocks: expected token ids that are integers; got float64. "
        "Encode the text first: tokenizer.encode(text).",
    ),
    (
        lambda: batches(tokens=[[1, 2], [3, 4]]),
        ShapeError,
        "Batches: expected token ids of shape (N,); got shape (2, 2). "
        "Join the texts into one: np.concatenate.",
    ),
    (
        lambda: batches(tokens=[0, 1, -2, 3, 4]),
        EngineValueError,
        "Batches: expected token ids of at least 0; got -2 at [2].",
    ),
    (
        lambda: batches(tokens=[1, 2, 3, 4], t=4),
        EngineValueError,
        "Batches: expected at least block_size + 1 = 5 tokens; got 4. "
        "Take a longer text or a smaller block size.",
    ),
    (
        lambda: batches(tokens=[]),
        EngineValueError,
        "Batches: expected at least block_size + 1 = 5 tokens; got 0. "
        "Take a longer text or a smaller block size.",
    ),
    (
        lambda: batches(b=0),
        EngineValueError,
        "Batches: expected batch_size of at least 1; got 0.",
    ),
    (
        lambda: batches(t=8.0),
        EngineTypeError,
        "Batches: expected block_size to be an integer; got 8.0 (float).",
    ),
    (
        lambda: batches(seed=-1),
        EngineValueError,
        "Batches: expected seed of at least 0; got -1.",
    ),
    (
        lambda: batches()[-1],
        EngineValueError,
        "Batches: expected step of at least 0; got -1.",
    ),
    (
        lambda: batches()[0:2],  # type: ignore[index]
        EngineTypeError,
        "Batches: expected step to be an integer; got slice(0, 2, None) (slice).",
    ),
    (
        lambda: blocks([7], 1, 1),
        EngineValueError,
        "blocks: expected at least 2 tokens, one to predict; got 1.",
    ),
    (
        lambda: blocks(TEXT, 1, 0),
        EngineValueError,
        "blocks: expected block_size of at least 1; got 0.",
    ),
    (
        lambda: describe(b"to be"),  # type: ignore[arg-type]
        EngineTypeError,
        "describe: expected a text (str); got bytes. Decode bytes first: data.decode('utf-8').",
    ),
    (
        lambda: describe("to be", block_size=0),
        EngineValueError,
        "describe: expected block_size of at least 1; got 0.",
    ),
]


@pytest.mark.parametrize(("refused", "error", "message"), REFUSED)
def test_refuses_with_an_explanation(
    refused: Callable[[], object], error: type[EngineError], message: str
) -> None:
    assert raised(error, refused) == message
