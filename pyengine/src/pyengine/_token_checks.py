"""What tokenizers are given, checked: texts, token ids, special tokens."""

from collections.abc import Iterable
from operator import index
from reprlib import repr as shortened

from pyengine.bpe import BYTE_CHARACTERS
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
