"""What tokenizers are given, checked: texts, token ids, special tokens, vocabularies, merges."""

import json
from collections.abc import Collection, Iterable, Mapping
from operator import index, itemgetter
from reprlib import repr as shortened
from typing import Any

from pyengine.bpe import BYTE_CHARACTERS, Merge
from pyengine.errors import EngineTypeError, EngineValueError


def check_text(text: str, where: str) -> None:
    """Raise unless it is a text that UTF-8 can encode."""
    if not isinstance(text, str):
        fix = "Decode bytes first: data.decode('utf-8')."
        raise EngineTypeError(where, "a text (str)", type(text).__name__, fix)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        place = error.start
        got = f"half of a surrogate pair, U+{ord(text[place]):04X}, at position {place}"
        fix = "Was the text read in the right encoding?"
        raise EngineValueError(where, "text that UTF-8 can encode", got, fix) from None


def checked_ids(ids: Iterable[int], vocab_size: int, where: str) -> list[int]:
    """Return token ids as a list of ints, each of them in the vocabulary."""
    try:
        checked = [index(i) for i in ids]  # int, and NumPy's integers
    except TypeError:
        got = f"{shortened(ids)} ({type(ids).__name__})"
        fix = "Write [i] for a single id; decode a batch row by row."
        raise EngineTypeError(where, "a list of whole numbers", got, fix) from None
    for place, i in enumerate(checked):
        if not 0 <= i < vocab_size:
            expected = f"ids from 0 to vocab_size − 1 = {vocab_size - 1}"
            fix = "Do the ids come from another tokenizer?"
            raise EngineValueError(where, expected, f"{i} at position {place}", fix)
    return checked


def checked_special(tokens: Iterable[str], where: str) -> tuple[str, ...]:
    """Return special tokens as a tuple, if each can be told from the others and from bytes."""
    if isinstance(tokens, str):
        fix = f"Write special_tokens=[{tokens!r}]."
        raise EngineTypeError(where, "a list of special tokens", f"the str {tokens!r}", fix)
    checked = tuple(tokens)
    for token in checked:
        check_text(token, where)
        if not token or checked.count(token) > 1:
            got = f"{token!r} twice" if token else "an empty one"
            raise EngineValueError(where, "special tokens that differ and are not empty", got)
        # subtle: decoders, the libraries' too, take a token of such characters for spelled bytes.
        if set(token) <= set(BYTE_CHARACTERS) and (len(token) == 1 or not token.isascii()):
            expected = "special tokens that cannot be taken for bytes"
            fix = "Use several ASCII characters, such as '<|end|>'."
            raise EngineValueError(where, expected, f"{token!r}", fix)
    return checked


def checked_vocab(
    vocab: Mapping[str, int], special_tokens: Collection[str], where: str, fix: str
) -> dict[str, int]:
    """Return the vocabulary of byte-level BPE in the order of its ids, 0 … V − 1."""
    if not isinstance(vocab, Mapping):
        raise EngineTypeError(where, "a dict with the id of each token", type(vocab).__name__, fix)
    whole = all(type(i) is int for i in vocab.values())
    if not whole or sorted(vocab.values()) != list(range(len(vocab))):
        expected = f"the ids 0 to {len(vocab) - 1} for {len(vocab)} tokens"
        raise EngineValueError(where, expected, "other ids", fix)
    for token in special_tokens:
        if token not in vocab:
            expected = "each special token in the vocabulary"
            raise EngineValueError(where, expected, f"no {shown(token)}", fix)
    for character in BYTE_CHARACTERS:
        if character not in vocab:
            expected = "all 256 bytes in the vocabulary"
            raise EngineValueError(where, expected, f"none spelled {character!r}", fix)
    for token in vocab.keys() - set(special_tokens):
        if not set(BYTE_CHARACTERS).issuperset(token):
            expected = "tokens spelled in the characters for bytes"
            raise EngineValueError(where, expected, shown(token), fix)
    return dict(sorted(vocab.items(), key=itemgetter(1)))


def checked_merges(
    merges: Iterable[Any], vocab: Mapping[str, int], where: str, fix: str
) -> list[Merge]:
    """Return the merges, each of them a pair; older files write them as "a b"."""
    checked: list[Merge] = []
    made = set(BYTE_CHARACTERS)
    for entry in merges:
        pair = entry.split(" ") if isinstance(entry, str) else entry
        is_pair = isinstance(pair, list | tuple) and len(pair) == 2
        if not is_pair or not all(isinstance(token, str) and token in made for token in pair):
            expected = "each merge to join two tokens that are there"
            raise EngineValueError(where, expected, shown(entry), fix)
        left, right = pair
        # subtle: were a token made in two ways, the order of merging within a word would matter.
        if left + right in made or left + right not in vocab:
            expected = "each merge to make one new token of the vocabulary"
            raise EngineValueError(where, expected, shown(entry), fix)
        made.add(left + right)
        checked.append((left, right))
    return checked


def shown(value: Any) -> str:
    """Write a value as a file has it, but not at any length."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= 80 else f"{text[:80]}…"
