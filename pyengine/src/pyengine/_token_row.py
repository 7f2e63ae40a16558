"""A row of tokens in which a pair is merged without going through all of it.

A word of n bytes takes about n log n steps to be encoded this way, or to be learnt from. Going
through it anew for each merge would take n², and a text pasted without spaces is a single word.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")


class TokenRow(Generic[T]):
    """The tokens of words in a row, each knowing its neighbours, and where each pair stands.

    Args:
        words: the tokens of each word. No pair reaches across words.

    Attributes:
        tokens: those of all words, with None after each word, and wherever a token has been merged
            into the one before it.
        where: the places of the left token of each pair, and places where the pair once stood.

    >>> row = TokenRow(["abcab"])
    >>> list(row.merge(("a", "b"), "ab"))
    [(0, ('b', 'c'), ('ab', 'c')), (3, ('c', 'a'), ('c', 'ab'))]
    >>> row.tokens
    ['ab', None, 'c', 'ab', None, None]
    """

    def __init__(self, words: Iterable[Sequence[T]]) -> None:
        self.tokens: list[T | None] = [token for word in words for token in [*word, None]]
        self.before = list(range(-1, len(self.tokens) - 1))  # tokens[-1] is None as well
        self.after = list(range(1, len(self.tokens) + 1))
        self.where: defaultdict[tuple[T, T], list[int]] = defaultdict(list)
        for i, (left, right) in enumerate(pairwise(self.tokens)):
            if left is not None and right is not None:
                self.where[left, right].append(i)

    def merge(self, pair: tuple[T, T], merged: T) -> Iterator[tuple[int, tuple[T, T], tuple[T, T]]]:
        """Make one token of a pair wherever it stands, from left to right.

        Returns:
            An iterator over (place, old, new), for each pair that thereby became another.
        """
        left, right = pair
        for i in sorted(self.where.pop(pair)):
            j = self.after[i]
            # subtle: in "aaa" the second pair goes with the first.
            if (self.tokens[i], self.tokens[j]) != pair:
                continue
            previous, following = self.before[i], self.after[j]
            self.tokens[i], self.tokens[j] = merged, None
            self.after[i], self.before[following] = following, i
            if (token := self.tokens[previous]) is not None:
                self.where[token, merged].append(previous)
                yield i, (token, left), (token, merged)
            if (token := self.tokens[following]) is not None:
                self.where[merged, token].append(i)
                yield i, (right, token), (merged, token)
