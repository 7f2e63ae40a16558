"""Tokenizers against Hugging Face's `tokenizers` and `transformers`, id for id."""

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
import tokenizers as hf
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import decoders, models, pre_tokenizers, trainers
from unit.engine.test_tokenizer import MERGES_OF_TEXT, TEXT, TEXT_IDS

from pyengine import bpe
from pyengine.errors import EngineValueError
from pyengine.tokenizer import (
    BPETokenizer,
    ByteTokenizer,
    CharTokenizer,
    Tokenizer,
    load_tokenizer,
)

SOURCES = Path(bpe.__file__).parent
CORPUS = TEXT + "".join(file.read_text("utf-8") for file in sorted(SOURCES.rglob("*.py")))
SPECIAL = ["<|end|>", "<|end|>!", "EOS", " the", "\n\n", "文"]

# Characters that this Python's version of Unicode knows, and pieces where words begin and end.
known = st.characters(exclude_categories=["Cs", "Cn"])
PIECES = [" ", "  ", "\n", "\r\n", "\t", "\x1c", "\x85", "\xa0", "\u2028", "\u3000", "'", "’"]
PIECES += ["it's", "we'll", "'S", "'ſ", "'té", "low", "lower", "aaa", "aaaa", "1", "½", "Ⅷ", "٣"]
PIECES += ["é", "e\u0301", "ß", "你好", "ไทย", "हिन्दी", "👩‍👩‍👧", "🏳️‍🌈", "\0", "\ufeff", "\ufffd"]
pieces = st.sampled_from(PIECES + SPECIAL)
texts = st.lists(st.one_of(pieces, st.text(known, max_size=5)), max_size=30).map("".join)


def trained_by_hf(text: str, vocab_size: int, special: Sequence[str]) -> hf.Tokenizer:
    tokenizer = hf.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    options = {"initial_alphabet": alphabet, "show_progress": False}
    trainer = trainers.BpeTrainer(vocab_size=vocab_size, special_tokens=list(special), **options)
    tokenizer.train_from_iterator([text], trainer)
    return tokenizer


def saved(tokenizer: Tokenizer) -> Any:
    """Return what a tokenizer's file holds."""
    with TemporaryDirectory() as folder:
        tokenizer.save(f"{folder}/tokenizer.json")
        return json.loads(Path(folder, "tokenizer.json").read_text("utf-8"))


def in_both_libraries(tokenizer: Tokenizer) -> tuple[hf.Tokenizer, Any]:
    with TemporaryDirectory() as folder:
        path = f"{folder}/tokenizer.json"
        tokenizer.save(path)
        fast = transformers.PreTrainedTokenizerFast(tokenizer_file=path)
        return hf.Tokenizer.from_file(path), fast


def loaded(file: str) -> Tokenizer:
    with TemporaryDirectory() as folder:
        Path(folder, "tokenizer.json").write_text(file, "utf-8")
        return load_tokenizer(f"{folder}/tokenizer.json")


BPE = BPETokenizer.train(CORPUS, 700, SPECIAL)
BPE_IN_LIBRARIES = in_both_libraries(BPE)
BYTES_IN_LIBRARIES = in_both_libraries(ByteTokenizer())


def agree_on(text: str, ours: Tokenizer, theirs: tuple[hf.Tokenizer, Any]) -> None:
    library, fast = theirs
    ids = ours.encode(text)
    assert ids == library.encode(text).ids == fast.encode(text)
    assert ours.decode(ids) == text
    assert text == library.decode(ids, skip_special_tokens=False) == fast.decode(ids)


@given(text=texts)
@settings(deadline=None, max_examples=300)
def test_bpe_gives_the_same_ids_and_text_in_the_libraries(text: str) -> None:
    agree_on(text, BPE, BPE_IN_LIBRARIES)


@given(text=texts)
@settings(deadline=None)
def test_bytes_give_the_same_ids_and_text_in_the_libraries(text: str) -> None:
    agree_on(text, ByteTokenizer(), BYTES_IN_LIBRARIES)


@given(text=texts.filter(bool))
@settings(deadline=None)
def test_characters_give_the_same_ids_and_text_in_the_libraries(text: str) -> None:
    tokenizer = CharTokenizer.from_text(text)
    agree_on(text, tokenizer, in_both_libraries(tokenizer))
    agree_on("", tokenizer, in_both_libraries(tokenizer))


@given(ids=st.lists(st.integers(0, 699)))
@settings(deadline=None, max_examples=300)
def test_any_ids_decode_to_the_same_text_even_where_it_is_not_utf_8(ids: list[int]) -> None:
    library, fast = BPE_IN_LIBRARIES
    theirs = library.decode(ids, skip_special_tokens=False)
    assert BPE.decode(ids) == theirs == fast.decode(ids)
    library, fast = BYTES_IN_LIBRARIES
    bytes_only = [i % 256 for i in ids]
    assert (
        ByteTokenizer().decode(bytes_only) == library.decode(bytes_only) == fast.decode(bytes_only)
    )


@given(
    text=texts, extra=st.integers(0, 60), special=st.lists(st.sampled_from(SPECIAL), unique=True)
)
@settings(deadline=None, max_examples=300)
def test_training_learns_the_same_merges_and_ids(text: str, extra: int, special: list[str]) -> None:
    vocab_size = 256 + len(special) + extra
    ours, theirs = (
        BPETokenizer.train(text, vocab_size, special),
        trained_by_hf(text, vocab_size, special),
    )
    assert saved(ours) == json.loads(theirs.to_str())


@pytest.mark.parametrize("special", [[], SPECIAL], ids=["no special tokens", "special tokens"])
def test_training_on_a_corpus_learns_the_same_to_the_last_merge(special: list[str]) -> None:
    ours, theirs = BPETokenizer.train(CORPUS, 10**6, special), trained_by_hf(CORPUS, 10**6, special)
    assert saved(ours) == json.loads(theirs.to_str())
    assert ours.encode(CORPUS) == theirs.encode(CORPUS).ids


def test_a_long_text_without_spaces_is_learnt_and_encoded_as_the_library_does() -> None:
    word = "".join(np.random.default_rng(0).choice(list("abcdefghijklmnop"), 50_000))
    ours, theirs = BPETokenizer.train(word, 2000), trained_by_hf(word, 2000, [])
    assert saved(ours) == json.loads(theirs.to_str())
    for text in (word, word[::-1], "a" * 10_001, "abcabcab" * 1000):
        assert ours.encode(text) == theirs.encode(text).ids


def test_a_special_token_that_merges_also_make_shares_its_id_in_both() -> None:
    text = "EOS EOS EOS"
    ours, theirs = BPETokenizer.train(text, 262, ["EOS"]), trained_by_hf(text, 262, ["EOS"])
    assert saved(ours) == json.loads(theirs.to_str())
    assert (b"E", b"OS") in ours.merges or (b"EO", b"S") in ours.merges


def test_the_frozen_answers_are_current() -> None:
    theirs = trained_by_hf(TEXT, 300, ["<|end|>"])
    merges = json.loads(theirs.to_str())["model"]["merges"]
    assert [" ".join(pair) for pair in merges] == MERGES_OF_TEXT
    assert theirs.encode(TEXT).ids == TEXT_IDS


def test_every_character_ends_words_where_it_does_in_the_library() -> None:
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    characters = [
        chr(i) for i in range(0x110000) if unicodedata.category(chr(i)) not in ("Cs", "Cn")
    ]
    for start in range(0, len(characters), 10_000):
        text = "".join(f"a{c}1{c}-{c}" for c in characters[start : start + 10_000])
        theirs = [text[begin:end] for _, (begin, end) in byte_level.pre_tokenize_str(text)]
        assert bpe.split_words(text) == theirs


def in_the_form_of_gpt2(file: Any) -> Any:
    """Return a file as GPT-2's own looks: merges as texts, some fields older, some not there."""
    file["model"]["merges"] = [" ".join(pair) for pair in file["model"]["merges"]]
    for name in ("type", "byte_fallback", "ignore_merges"):
        del file["model"][name]
    file["model"].update(continuing_subword_prefix="", end_of_word_suffix="")
    for part in ("pre_tokenizer", "decoder"):
        del file[part]["use_regex"]
    file["post_processor"] = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False}
    for token in file["added_tokens"]:
        token["normalized"] = True
    return file


def test_a_file_of_the_library_is_read_in_both_its_forms() -> None:
    theirs = trained_by_hf(CORPUS, 600, SPECIAL)
    new = json.loads(theirs.to_str())
    old = json.dumps(in_the_form_of_gpt2(json.loads(theirs.to_str())))
    assert saved(loaded(json.dumps(new))) == saved(loaded(old)) == new
    assert loaded(old).encode(CORPUS) == hf.Tokenizer.from_str(old).encode(CORPUS).ids


def test_a_token_added_after_training_is_read_with_its_id() -> None:
    theirs = trained_by_hf("low lower", 260, ["<|end|>"])
    theirs.add_special_tokens(["[PAD]"])
    ours = loaded(theirs.to_str())
    assert ours.encode("low[PAD]lower<|end|>") == theirs.encode("low[PAD]lower<|end|>").ids
    assert ours.vocab_size == theirs.get_vocab_size() == 261


def test_the_files_of_gpt2_are_read_by_both_libraries(tmp_path: Path) -> None:
    ours = BPETokenizer.train(CORPUS, 600, ["<|endoftext|>"])
    ours.save_gpt2_files(tmp_path)
    model = models.BPE.from_file(str(tmp_path / "vocab.json"), str(tmp_path / "merges.txt"))
    theirs = hf.Tokenizer(model)
    theirs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    theirs.add_special_tokens(["<|endoftext|>"])
    gpt2 = transformers.GPT2Tokenizer.from_pretrained(tmp_path)
    assert ours.encode(CORPUS) == theirs.encode(CORPUS).ids == gpt2.encode(CORPUS)
    assert ours.encode("<|endoftext|>") == gpt2.encode("<|endoftext|>") == [0]


def test_an_unknown_character_is_an_error_in_both() -> None:
    ours = CharTokenizer("abc")
    library, fast = in_both_libraries(ours)
    with pytest.raises(EngineValueError):
        ours.encode("abcd")
    with pytest.raises(Exception, match="WordLevel error: Missing"):
        library.encode("abcd")
    with pytest.raises(Exception, match="WordLevel error: Missing"):
        fast.encode("abcd")
