"""Tokenizers: from text to token ids, the whole numbers a model reads, and back.

    CharTokenizer   a token per character that the training text holds
    ByteTokenizer   a token per byte of UTF-8: 256 tokens for every text there is
    BPETokenizer    frequent byte sequences as tokens, learnt from a text; the method of GPT-2

Few tokens make long sequences, many make short ones: that is the choice. Each tokenizer saves
itself as one file, a `tokenizer.json` of Hugging Face, with which their libraries `tokenizers` and
`transformers` give the same ids and the same text.

How byte-pair encoding learns, and why its files write a space as Ġ, is told in `bpe`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from numbers import Integral
from pathlib import Path
from typing import Protocol

from pyengine import bpe
from pyengine._token_checks import (
    check_text,
    checked_ids,
    checked_merges,
    checked_special,
    checked_vocab,
)
from pyengine.errors import EngineValueError
from pyengine.tokenizer_json import (
    bpe_file,
    bpe_parts,
    byte_file,
    char_file,
    field,
    read_json,
    write_json,
)


class Tokenizer(Protocol):
    """What every tokenizer can do. Its ids are 0 … vocab_size − 1."""

    @property
    def vocab_size(self) -> int:
        """The number of tokens: V, the number of logits a model gives for each place."""

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text; none for an empty one."""

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of ids; what is not UTF-8 becomes the character � (U+FFFD)."""

    def save(self, path: str | Path) -> None:
        """Write a `tokenizer.json`."""


class CharTokenizer:
    """One token per character, in the order of `characters`.

    Args:
        characters: the vocabulary; each character once. `from_text` finds it.

    Raises:
        EngineTypeError: `characters`, or what `encode` got, is not a str.
        EngineValueError: no characters, one of them twice, or half of a surrogate pair;
            `encode` got a character that is not in the vocabulary.

    Source: `data/shakespeare_char/prepare.py` of Andrej Karpathy's nanoGPT (2022).

    >>> tokenizer = CharTokenizer.from_text("to be or not to be")
    >>> tokenizer.characters, tokenizer.vocab_size
    (' benort', 7)
    >>> tokenizer.encode("bee")
    [1, 2, 2]
    >>> tokenizer.decode([3, 4, 6, 2])
    'note'
    """

    def __init__(self, characters: str) -> None:
        check_text(characters, "CharTokenizer")
        if not characters:
            raise EngineValueError("CharTokenizer", "at least one character", "an empty text")
        self.characters = characters
        self.vocab_size = len(characters)
        self._ids = {character: i for i, character in enumerate(characters)}
        if len(self._ids) < len(characters):
            twice = next(c for c in characters if characters.count(c) > 1)
            fix = "CharTokenizer.from_text sorts them out."
            raise EngineValueError("CharTokenizer", "each character once", f"{twice!r} twice", fix)

    @classmethod
    def from_text(cls, text: str) -> CharTokenizer:
        """Make the tokenizer for a text: the characters in it, sorted by code point.

        >>> CharTokenizer.from_text("hello").characters
        'ehlo'
        """
        check_text(text, "CharTokenizer.from_text")
        return cls("".join(sorted(set(text))))

    def encode(self, text: str) -> list[int]:
        """Return the id of each character."""
        check_text(text, "CharTokenizer.encode")
        try:
            return [self._ids[character] for character in text]
        except KeyError as error:
            unknown: str = error.args[0]
        expected = f"the {self.vocab_size} characters of the vocabulary"
        got = f"{unknown!r} (U+{ord(unknown):04X}) at position {text.index(unknown)}"
        fix = "Replace it, make the vocabulary from a text that has it, or take ByteTokenizer."
        raise EngineValueError("CharTokenizer.encode", expected, got, fix)

    def decode(self, ids: Iterable[int]) -> str:
        """Return the characters of ids as a text."""
        checked = checked_ids(ids, self.vocab_size, "CharTokenizer.decode")
        return "".join(self.characters[i] for i in checked)

    def save(self, path: str | Path) -> None:
        """Write a `tokenizer.json`; see `load_tokenizer`."""
        write_json(path, char_file(self.characters))


class ByteTokenizer:
    """One token per byte of the text's UTF-8: the id is the byte. Nothing is ever unknown.

    Raises:
        EngineTypeError: `encode` got something else than a str.
        EngineValueError: `encode` got half of a surrogate pair, which has no UTF-8.

    >>> ByteTokenizer().encode("né")
    [110, 195, 169]
    >>> ByteTokenizer().decode([110, 195])  # half a character
    'n�'
    """

    vocab_size = 256

    def encode(self, text: str) -> list[int]:
        """Return the bytes of a text."""
        check_text(text, "ByteTokenizer.encode")
        return list(text.encode())

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of bytes; what is not UTF-8 becomes � (U+FFFD)."""
        checked = checked_ids(ids, self.vocab_size, "ByteTokenizer.decode")
        return bytes(checked).decode(errors="replace")

    def save(self, path: str | Path) -> None:
        """Write a `tokenizer.json`; see `load_tokenizer`."""
        write_json(path, byte_file())


class BPETokenizer:
    """Byte-level byte-pair encoding, as GPT-2's: bytes, and what frequent neighbours merge into.

    Args:
        vocab: the id of each token, spelled (see `bpe`): the ids 0 to V − 1, all 256 bytes among
            the tokens.
        merges: pairs of spelled tokens in the order in which they were learnt. Each makes a token
            of the vocabulary that no other makes.
        special_tokens: those tokens that stand for themselves, such as "<|endoftext|>". They are
            not spelled. Where the text has them, they are found before anything else.

    `train` makes one from a text, `load_tokenizer` from a file.

    Raises:
        EngineTypeError: the special tokens are no list of str.
        EngineValueError: the vocabulary, the merges or the special tokens are not as said above.

    >>> tokenizer = BPETokenizer.train("low lower lowest", vocab_size=259)
    >>> tokenizer.merges
    [(b'l', b'o'), (b'lo', b'w'), (b' ', b'low')]
    >>> tokenizer.encode("low low")
    [257, 258]
    >>> [tokenizer.tokens[i] for i in tokenizer.encode("slow low")]
    [b's', b'low', b' low']
    >>> tokenizer.decode([257, 258])
    'low low'
    """

    # If training ran out of pairs before it had `vocab_size` tokens: how many merges there were.
    possible_merges: int | None = None

    def __init__(
        self,
        vocab: Mapping[str, int],
        merges: Iterable[bpe.Merge],
        special_tokens: Iterable[str] = (),
    ) -> None:
        where, fix = "BPETokenizer", "BPETokenizer.train and load_tokenizer make what is sound."
        self.special_tokens = checked_special(special_tokens, where)
        self._vocab = checked_vocab(vocab, self.special_tokens, where, fix)
        self.vocab_size = len(self._vocab)
        pairs = checked_merges(merges, self._vocab, where, fix)
        self._ranks = {pair: rank for rank, pair in enumerate(pairs)}
        self._ids_of_words: dict[str, list[int]] = {}  # words recur: each is merged only once
        # subtle: longest first, or a special token that begins like another would hide it.
        longest_first = sorted(self.special_tokens, key=len, reverse=True)
        pattern = "|".join(map(re.escape, longest_first)) or "(?!)"  # (?!) is found nowhere
        self._special = re.compile(f"({pattern})")
        self.tokens = [  # the bytes of each id
            token.encode() if token in self.special_tokens else bpe.unspell(token)
            for token in self._vocab
        ]

    @classmethod
    def train(cls, text: str, vocab_size: int, special_tokens: Iterable[str] = ()) -> BPETokenizer:
        """Learn a vocabulary from a text.

        Ids are given to the special tokens first, then to the 256 bytes, then to what merges
        make. A text too small for `vocab_size` is no error: training stops when every word is a
        single token, and `possible_merges` tells how many merges there were.

        Args:
            text: what to learn from. Special tokens in it count as ordinary text.
            vocab_size: how many tokens to have; at least 256 + the number of special tokens.
            special_tokens: such as ["<|endoftext|>"], for the end of a document.

        Returns:
            The tokenizer, with the merges and ids that Hugging Face `tokenizers` learns.

        Raises:
            EngineTypeError: the text, or a special token, is not a str.
            EngineValueError: `vocab_size` is too small; a special token is empty, given twice, or
                could be taken for bytes; the text holds half of a surrogate pair.

        >>> tokenizer = BPETokenizer.train("ab ab", vocab_size=1000)
        >>> tokenizer.vocab_size, tokenizer.possible_merges
        (258, 2)
        """
        check_text(text, "BPETokenizer.train")
        special = checked_special(special_tokens, "BPETokenizer.train")
        vocab = {token: i for i, token in enumerate([*special, *sorted(bpe.BYTE_CHARACTERS)])}
        if not isinstance(vocab_size, Integral) or vocab_size < len(vocab):
            expected = f"vocab_size to be an integer of at least {len(vocab)}"
            because = f"There are 256 bytes and {len(special)} special tokens."
            raise EngineValueError("BPETokenizer.train", expected, f"{vocab_size!r}", because)
        merges = bpe.learn_merges(Counter(bpe.split_words(text)), vocab, vocab_size)
        tokenizer = cls(vocab, merges, special)
        if len(vocab) < vocab_size:
            tokenizer.possible_merges = len(merges)
        return tokenizer

    @property
    def merges(self) -> list[tuple[bytes, bytes]]:
        """The pairs of tokens that become one, in the order in which they were learnt."""
        return [(bpe.unspell(left), bpe.unspell(right)) for left, right in self._ranks]

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text, special tokens in it being encoded as themselves."""
        check_text(text, "BPETokenizer.encode")
        ids: list[int] = []
        for piece in self._special.split(text):
            if piece in self.special_tokens:
                ids.append(self._vocab[piece])
            else:
                for word in bpe.split_words(piece):
                    ids += self._encode_word(word)
        return ids

    def _encode_word(self, word: str) -> list[int]:
        if word not in self._ids_of_words:
            tokens = bpe.merge_word(bpe.spell(word.encode()), self._ranks)
            self._ids_of_words[word] = [self._vocab[token] for token in tokens]
        return self._ids_of_words[word]

    def steps(self, word: str) -> list[list[bytes]]:
        """List the stages a word goes through while it is encoded, from bytes to tokens.

        Raises:
            EngineValueError: the text is not one word, as `bpe.split_words` cuts them.

        >>> BPETokenizer.train("low lower lowest", vocab_size=259).steps(" low")
        [[b' ', b'l', b'o', b'w'], [b' ', b'lo', b'w'], [b' ', b'low'], [b' low']]
        """
        check_text(word, "BPETokenizer.steps")
        if len(bpe.split_words(word)) != 1:
            got = f"{len(bpe.split_words(word))} words"
            fix = "Words are encoded one by one; bpe.split_words(text) lists them."
            raise EngineValueError("BPETokenizer.steps", "one word", got, fix)
        stages = bpe.merge_stages(bpe.spell(word.encode()), self._ranks)
        return [[bpe.unspell(token) for token in stage] for stage in stages]

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of ids; what is not UTF-8 becomes � (U+FFFD)."""
        checked = checked_ids(ids, self.vocab_size, "BPETokenizer.decode")
        return b"".join(self.tokens[i] for i in checked).decode(errors="replace")

    def save(self, path: str | Path) -> None:
        """Write a `tokenizer.json`; see `load_tokenizer`."""
        file = bpe_file(self._vocab, self._ranks, self.special_tokens)
        write_json(path, file)

    def save_gpt2_files(self, folder: str | Path) -> None:
        """Write `vocab.json` and `merges.txt`, the two files of GPT-2, into a folder."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        write_json(Path(folder, "vocab.json"), self._vocab)
        lines = ["#version: 0.2", *(f"{left} {right}" for left, right in self._ranks), ""]
        Path(folder, "merges.txt").write_text("\n".join(lines), encoding="utf-8", newline="\n")


def load_tokenizer(path: str | Path) -> Tokenizer:
    """Read a `tokenizer.json`: one that a tokenizer here saved, or byte-level BPE as GPT-2's.

    Raises:
        EngineValueError: the file says something that this module does not do.
        FileNotFoundError: there is no such file.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     CharTokenizer("abc").save(f"{folder}/tokenizer.json")
    ...     load_tokenizer(f"{folder}/tokenizer.json").encode("cab")
    [2, 0, 1]
    """
    file = read_json(path)
    if field(file, "post_processor.single") == [{"Sequence": {"id": "A", "type_id": 0}}]:
        file["post_processor"] = None  # transformers writes this one, which adds nothing to a text
    vocab = field(file, "model.vocab")
    characters = "".join(vocab) if isinstance(vocab, dict) else ""
    if file == char_file(characters):
        return CharTokenizer(characters)
    if file == byte_file():
        return ByteTokenizer()
    return BPETokenizer(*bpe_parts(file))
