"""The file `tokenizer.json`: how Hugging Face's libraries describe a tokenizer.

It names a part for each stage a text goes through. The parts used here:

    pre_tokenizer   cuts the text into words; ByteLevel also spells them in characters for bytes
    model           turns each word into tokens: BPE with its merges, WordLevel by looking it up
    decoder         joins tokens to a text; ByteLevel also turns the characters back into bytes

What is written holds every field that the library itself writes. What is read may come from
anyone: byte-level BPE of the kind GPT-2 has, and nothing that would give other ids than it says.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pyengine._token_checks import checked_merges, checked_vocab, shown
from pyengine.bpe import BYTE_CHARACTERS, Merge
from pyengine.errors import EngineValueError
from pyengine.files import parse_json

File = dict[str, Any]

# How its errors begin and end.
WHERE = "load_tokenizer"
FIX = "Readable are files that pyengine saved, and byte-level BPE as GPT-2's."

# What a byte-level BPE file must say, by field; None also stands for a field that is not there.
BYTE_LEVEL: dict[str, list[Any]] = {
    "truncation": [None],
    "padding": [None],
    "normalizer": [None],
    "pre_tokenizer.type": ["ByteLevel"],
    "pre_tokenizer.add_prefix_space": [False],
    "pre_tokenizer.use_regex": [True, None],
    "post_processor.type": [None, "ByteLevel"],  # which has to do with offsets alone
    "decoder.type": ["ByteLevel"],
    "model.type": ["BPE", None],
    "model.dropout": [None, 0],
    "model.continuing_subword_prefix": [None, ""],
    "model.end_of_word_suffix": [None, ""],
    "model.ignore_merges": [False, None],
}


def char_file(characters: str) -> File:
    """Describe a tokenizer with one token per character; its id is its place in `characters`.

    >>> char_file("ab")["model"]
    {'type': 'WordLevel', 'vocab': {'a': 0, 'b': 1}, 'unk_token': '[UNK]'}
    """
    vocab = {character: i for i, character in enumerate(characters)}
    # The library wants a name for unknown tokens. None has it, so they are an error there too.
    model = {"type": "WordLevel", "vocab": vocab, "unk_token": "[UNK]"}
    every_character = {"Regex": r"[\s\S]"}
    cut = {"type": "Split", "pattern": every_character, "behavior": "Isolated", "invert": False}
    return _file(cut, model, {"type": "Fuse"})


def byte_file() -> File:
    """Describe a tokenizer with one token per byte: BPE without a merge, on uncut text.

    >>> byte_file()["model"]["vocab"]["Ġ"]  # stands for a space
    32
    """
    vocab = {character: byte for byte, character in enumerate(BYTE_CHARACTERS)}
    return bpe_file(vocab, [], cut_words=False)


def bpe_file(
    vocab: Mapping[str, int],
    merges: Iterable[Merge],
    special_tokens: Iterable[str] = (),
    cut_words: bool = True,
) -> File:
    """Describe a byte-level BPE tokenizer, its tokens spelled as in `bpe`.

    >>> bpe_file({"<s>": 0, "a": 1}, [], ["<s>"])["added_tokens"][0]["content"]
    '<s>'
    """
    options = {"trim_offsets": True, "use_regex": cut_words}
    model = {
        "type": "BPE",
        "dropout": None,
        "unk_token": None,
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": False,
        "byte_fallback": False,
        "ignore_merges": False,
        "vocab": dict(vocab),
        "merges": [list(pair) for pair in merges],
    }
    cut = {"type": "ByteLevel", "add_prefix_space": False, **options}
    join = {"type": "ByteLevel", "add_prefix_space": True, **options}  # no matter when joining
    return _file(cut, model, join, [_added(vocab[token], token) for token in special_tokens])


def _file(pre_tokenizer: File, model: File, decoder: File, added: Iterable[File] = ()) -> File:
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": list(added),
        "normalizer": None,
        "pre_tokenizer": pre_tokenizer,
        "post_processor": None,
        "decoder": decoder,
        "model": model,
    }


def _added(i: int, token: str) -> File:
    whole = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return {"id": i, "content": token, **whole, "special": True}


def write_json(path: str | Path, data: Any) -> None:
    """Write JSON in UTF-8, readable for people too."""
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    Path(path).write_text(text, encoding="utf-8", newline="\n")


def read_json(path: str | Path) -> File:
    """Read a file that must hold a JSON object."""
    try:
        data = parse_json(Path(path).read_text(encoding="utf-8"))
    except ValueError as error:  # not JSON, or not UTF-8
        raise _unreadable("a file of JSON in UTF-8", f"one with an error: {error}") from None
    if not isinstance(data, dict):
        raise _unreadable("a JSON object", type(data).__name__)
    return data


def bpe_parts(file: File) -> tuple[dict[str, int], list[Merge], list[str]]:
    """Return the vocabulary, the merges and the special tokens of a byte-level BPE file.

    Raises:
        EngineValueError: it is another kind of file, or not sound.

    >>> vocab = {character: i for i, character in enumerate([*BYTE_CHARACTERS, "lo", "<s>"])}
    >>> vocab, merges, special_tokens = bpe_parts(bpe_file(vocab, [("l", "o")], ["<s>"]))
    >>> vocab["lo"], merges, special_tokens
    (256, [('l', 'o')], ['<s>'])
    """
    for name, allowed in BYTE_LEVEL.items():
        if field(file, name) not in allowed:
            raise _unreadable(f"{name} to be {shown(allowed[0])}", shown(field(file, name)))
    added = _added_tokens(file)
    listed = field(file, "model.vocab")
    if not isinstance(listed, dict):
        raise _unreadable("model.vocab to be an object", shown(listed))
    vocab = checked_vocab({**listed, **added}, added, WHERE, FIX)
    return vocab, checked_merges(_list(file, "model.merges"), vocab, WHERE, FIX), list(added)


def field(file: Any, name: str) -> Any:
    """Return a field of a file, or None if it is not there.

    >>> field({"model": {"type": "BPE"}}, "model.type")
    'BPE'
    """
    for part in name.split("."):
        file = file.get(part) if isinstance(file, dict) else None
    return file


def _added_tokens(file: File) -> dict[str, int]:
    """Return the tokens that are found in a text before it is cut into words, with their ids."""
    added: dict[str, int] = {}
    for token in _list(file, "added_tokens"):
        content = field(token, "content")
        if not isinstance(content, str):
            raise _unreadable("a content for each added token", shown(token))
        for option in ("single_word", "lstrip", "rstrip"):
            if field(token, option):
                raise _unreadable("added tokens without options", f"{option} for {shown(content)}")
        added[content] = field(token, "id")
    return added


def _list(file: File, name: str) -> list[Any]:
    found = field(file, name)
    if not isinstance(found, list):
        raise _unreadable(f"{name} to be a list", shown(found))
    return found


def _unreadable(expected: str, got: str) -> EngineValueError:
    return EngineValueError(WHERE, expected, got, FIX)
