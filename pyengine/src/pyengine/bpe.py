"""Byte-pair encoding: which tokens a text is made of, learnt by counting.

Begin with single bytes as tokens. Find the two neighbours that occur together most often in the
text, make one new token of them, and do it again: `learn_merges`. The list of these *merges*, in
their order, is all that is learnt. To encode a word, apply the same merges to it: `merge_stages`
shows how, `merge_word` goes straight to the result.

Tokens never reach across words, so the text is first cut into words: `split_words`.

Tokens are written in printable characters, one for each byte, as in the files of GPT-2 and of
Hugging Face; `spell` and `unspell` translate. Why: a token may be any bytes, half of an "é" for
instance, and JSON and text files hold only whole characters. Hence each of the 256 bytes has a
character that stands for it. For the 188 bytes that are visible characters in Latin-1 it is that
character. The other 68, spaces and control characters among them, have those from U+0100 on, in
order. So a space (byte 32) is written Ġ, a line feed (byte 10) Ċ, and "é" (bytes 195, 169) is Ã©.

    >>> spell(" é\\n".encode())
    'ĠÃ©Ċ'

Source: Gage, "A new algorithm for data compression" (1994); for words Sennrich, Haddow & Birch,
"Neural machine translation of rare words with subword units" (2016), arXiv:1508.07909, algorithm
1; for bytes Radford et al., "Language models are unsupervised multitask learners" (GPT-2, 2019),
section 2.2, and its `encoder.py`. Ties are decided as in Hugging Face `tokenizers`.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import TypeVar

from pyengine._token_row import TokenRow

T = TypeVar("T")
Merge = tuple[str, str]  # two tokens, spelled, that become one
Pair = tuple[int, int]  # the ids of two neighbouring tokens


def _byte_characters() -> str:
    visible = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return "".join(chr(byte if byte in visible else next(others)) for byte in range(256))


BYTE_CHARACTERS = _byte_characters()  # the character at index b stands for byte b
_BYTES = {character: byte for byte, character in enumerate(BYTE_CHARACTERS)}


def spell(data: bytes) -> str:
    """Write bytes in printable characters, one for each.

    >>> spell(b" low")
    'Ġlow'
    """
    return "".join(BYTE_CHARACTERS[byte] for byte in data)


def unspell(token: str) -> bytes:
    """Return the bytes that a spelled token stands for.

    >>> unspell("Ġlow")
    b' low'
    """
    return bytes(_BYTES[character] for character in token)


# GPT-2's pattern, for text of ASCII characters. "\s" is then its six white-space characters alone:
# not U+001C to U+001F, which Python counts as white space and Unicode does not.
_WORD = re.compile(
    r"'(?:s|t|re|ve|m|ll|d)"  # the end of "it's", "don't", "we're", …
    r"| ?[A-Za-z]+"  # letters, with one space before them
    r"| ?[0-9]+"
    r"| ?[^\sA-Za-z0-9]+"  # anything else but white space
    r"|\s+(?!\S)"  # white space, leaving the last to what follows it
    r"|\s+",
    re.ASCII,
)


def split_words(text: str) -> list[str]:
    """Cut a text into the words that byte-pair encoding works on; joined, they are the text.

    Letters, numbers, other characters and white space go into different words, and a space goes
    with what it precedes.

    Source: the pattern of GPT-2's `encoder.py`, with the classes L (letters) and N (numbers) and
    the property White_Space of Unicode, in the version of Unicode that this Python knows.

    >>> split_words("It's 3 o’clock,  Zoë!")
    ['It', "'s", ' 3', ' o', '’', 'clock', ',', ' ', ' Zoë', '!']
    """
    if text.isascii():
        return _WORD.findall(text)
    ascii_text = text.translate({ord(c): _ascii_of_its_kind(c) for c in set(text)})
    return [text[found.start() : found.end()] for found in _WORD.finditer(ascii_text)]


@cache
def _ascii_of_its_kind(character: str) -> str:
    """Return an ASCII character for which the pattern does the same as for this one."""
    if character.isascii():
        return character
    category = unicodedata.category(character)[0]  # L letter, N number, Z separator, …
    if category == "L":
        return "A"  # subtle: a capital, for 's would be taken for the end of "it's"
    if category == "N":
        return "0"
    # subtle: not a space, which alone goes with the word after it.
    return "\t" if category == "Z" or character == "\x85" else "-"


def learn_merges(words: Mapping[str, int], vocab: dict[str, int], vocab_size: int) -> list[Merge]:
    """Learn which neighbouring tokens to merge, the most frequent first.

    Equally frequent pairs come in the order of their ids. When no pair is left, because every
    word has become one token, it stops early.

    Args:
        words: how often each word (as `split_words` gives it) occurs.
        vocab: the id of each token there is, spelled, from 0 on in order; all 256 bytes are
            among them. It grows by the merged tokens.
        vocab_size: stop when `vocab` has this many tokens.

    Returns:
        The merges in the order in which they were learnt.

    >>> vocab = {character: i for i, character in enumerate(BYTE_CHARACTERS)}
    >>> learn_merges({"low": 5, "lower": 2, "newest": 6, "widest": 3}, vocab, 260)
    [('e', 's'), ('es', 't'), ('l', 'o'), ('lo', 'w')]
    >>> vocab["low"]
    259
    """
    tokens = list(vocab)
    spelled = [[vocab[character] for character in spell(word.encode())] for word in words]
    counts = _PairCounts(spelled, list(words.values()))
    merges: list[Merge] = []
    while len(vocab) < vocab_size and (pair := counts.pop_most_frequent()):
        left, right = tokens[pair[0]], tokens[pair[1]]
        # subtle: a special token may be spelled like the merged one; they then share its id.
        merged = vocab.setdefault(left + right, len(vocab))
        if merged == len(tokens):
            tokens.append(left + right)
        merges.append((left, right))
        counts.merge(pair, merged)
    return merges


class _PairCounts:
    """How often each pair of neighbours occurs, kept up to date from merge to merge.

    Args:
        words: the token ids of each different word.
        times: how often each of them occurs.
    """

    def __init__(self, words: list[list[int]], times: list[int]) -> None:
        self.row = TokenRow(words)
        # For each place of the row, how often its word occurs.
        self.times = [n for word, n in zip(words, times, strict=True) for _ in [*word, None]]
        self.counts: defaultdict[Pair, int] = defaultdict(int)
        for pair, places in self.row.where.items():
            self.counts[pair] = sum(self.times[i] for i in places)
        self.queue = [(-count, pair) for pair, count in self.counts.items()]
        heapify(self.queue)  # a heap has its smallest entry first: the highest count, lowest ids

    def pop_most_frequent(self) -> Pair | None:
        while self.queue:
            count, pair = heappop(self.queue)
            current = -self.counts[pair]
            if count == current:
                return pair
            if current:  # merges took some of its occurrences since it was queued
                heappush(self.queue, (current, pair))
        return None

    def merge(self, pair: Pair, merged: int) -> None:
        """Replace a pair in all words; only what stands beside it is counted anew."""
        made: set[Pair] = set()
        for i, old, new in self.row.merge(pair, merged):
            self.counts[old] -= self.times[i]
            self.counts[new] += self.times[i]
            made.add(new)
        del self.counts[pair]
        for new in made:
            if self.counts[new]:  # in "abab", (ab, a) is made and goes again
                heappush(self.queue, (-self.counts[new], new))


def replace(tokens: Sequence[T], pair: tuple[T, T], merged: T) -> list[T]:
    """Replace each occurrence of a pair of neighbours, from left to right, by one token.

    >>> replace([1, 1, 1, 2], (1, 1), 9)
    [9, 1, 2]
    """
    left, right = pair
    replaced = []
    i, last = 0, len(tokens) - 1
    while i <= last:
        if tokens[i] == left and i < last and tokens[i + 1] == right:
            replaced.append(merged)
            i += 2
        else:
            replaced.append(tokens[i])
            i += 1
    return replaced


def merge_stages(word: str, ranks: Mapping[Merge, int]) -> Iterator[list[str]]:
    """Go through the stages of a word, from single bytes to the tokens that encode it.

    Args:
        word: one word, spelled.
        ranks: the place of each merge in the order in which they were learnt.

    Returns:
        An iterator over lists of spelled tokens. From each to the next, the pair learnt first of
        all those present has been merged.

    >>> for stage in merge_stages("newer", {("w", "e"): 0, ("n", "e"): 1, ("ne", "we"): 2}):
    ...     print(stage)
    ['n', 'e', 'w', 'e', 'r']
    ['n', 'e', 'we', 'r']
    ['ne', 'we', 'r']
    ['newe', 'r']
    """
    tokens = list(word)
    while True:
        yield tokens
        pair = min(pairwise(tokens), key=lambda each: ranks.get(each, math.inf), default=None)
        if pair is None or pair not in ranks:
            return
        tokens = replace(tokens, pair, pair[0] + pair[1])


def merge_word(word: str, ranks: Mapping[Merge, int]) -> list[str]:
    """Return the tokens that encode a word: the last of its `merge_stages`, without the others.

    subtle: a merge makes only pairs with its own token in them, which were learnt later. So all
    places of a pair are known when its turn comes.

    >>> merge_word("newer", {("w", "e"): 0, ("n", "e"): 1, ("ne", "we"): 2})
    ['newe', 'r']
    """
    row = TokenRow([word])
    queue = [(ranks[pair], pair) for pair in row.where if pair in ranks]
    heapify(queue)
    while queue:
        _, pair = heappop(queue)
        made = {new for _, _, new in row.merge(pair, pair[0] + pair[1])}
        for new in made & ranks.keys():
            heappush(queue, (ranks[new], new))
    return [token for token in row.tokens if token is not None]
