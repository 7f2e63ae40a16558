"""Probabilistic grammars: text whose every probability, and whose entropy, is known exactly.

A grammar says what each symbol can become, and how likely; a sentence is what is left when only
words remain.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

from pyengine.errors import EngineValueError

Rules = Mapping[str, Mapping[str, float]]

END = ".\n"


def words(text: str) -> list[str]:
    """Split a text into its words, each full stop being one; line ends say nothing new.

    >>> words("the capital of France is Paris.\\n")
    ['the', 'capital', 'of', 'France', 'is', 'Paris', '.']
    """
    return text.replace(".", " .").split()


def sentences(rules: Rules, start: str = "SENTENCE") -> dict[str, float]:
    """List every sentence a grammar can say, with its probability.

    Args:
        rules: for each symbol, what it can become, with a weight above 0 for each. Symbols and
            words are separated by spaces; whatever is not a symbol of `rules` is a word.
        start: the symbol every sentence begins from.

    Returns:
        Probabilities, which sum to 1, by sentence. A sentence ends with a full stop and a newline.

    Raises:
        EngineValueError: a symbol contains itself, a weight is not above 0, or a sentence can
            be derived in two ways (then its probability is not that of its derivation).

    Source: a probabilistic context-free grammar; Booth & Thompson, "Applying probability measures
    to abstract languages", IEEE Transactions on Computers C-22 (1973).

    >>> sentences({"SENTENCE": {"the ANIMAL sat": 1}, "ANIMAL": {"cat": 3, "dog": 1}})
    {'the cat sat.\\n': 0.75, 'the dog sat.\\n': 0.25}
    """
    found: dict[str, float] = {}
    for said, probability in _derivations(rules, start, ()):
        if said + END in found:
            expected = "one derivation for each sentence"
            raise EngineValueError("rules", expected, f"two of {said!r}")
        found[said + END] = probability
    return found


def entropy(rules: Rules, symbol: str = "SENTENCE") -> float:
    """Compute the entropy of what a symbol becomes from the rules alone, listing no sentences.

    To choose an expansion of probability p costs −log p; then its symbols are to be chosen too:
    H(symbol) = Σ p (−log p + Σ H(symbols in the expansion)).

    Args:
        rules: as for `sentences`.
        symbol: where to begin. A word has no choice left: entropy 0.

    Returns:
        The entropy of its derivations in nats: that of the sentences if each has only one.

    Raises:
        EngineValueError: as `sentences`, apart from the two derivations.

    Source: Soule, "Entropies of probabilistic grammars", Information and Control 25 (1974).

    >>> coin = {"SENTENCE": {"FACE": 1, "FACE FACE": 1}, "FACE": {"heads": 1, "tails": 1}}
    >>> round(entropy(coin) / math.log(2), 4)  # in bits: 1 to choose how many, then 1 or 2 tosses
    2.5
    """
    return _entropy(rules, symbol, ())


class Sentences:
    """Sentences with their probabilities, and what follows from them, exact up to rounding.

    Args:
        probabilities: the probability of each sentence, as from `sentences`.

    Raises:
        EngineValueError: a probability is not above 0, or they do not sum to 1.

    Attributes:
        vocabulary: the different words, sorted, with the full stop among them.
        entropy_per_sentence: the mean of −log probability, in nats.
        entropy_per_word: the same per word, each full stop counting as one.
        entropy_per_character: the same per character, full stops and newlines included.

    In a long text of independent sentences, the last two are the lowest loss a model of words or
    of characters can have: that of one which knows the grammar and always sees its sentence from
    the beginning. (A short text happens to be easier or harder than the average. Its own floor
    is −log_probability, summed over its sentences and divided by its words or characters.)

    >>> pets = Sentences({"the cat sat.\\n": 0.5, "the dog sat.\\n": 0.5})
    >>> round(pets.entropy_per_sentence, 4), round(pets.entropy_per_word, 4)  # log 2, log 2 / 4
    (0.6931, 0.1733)
    >>> pets.next_words("the")
    {'cat': 0.5, 'dog': 0.5}
    """

    def __init__(self, probabilities: Mapping[str, float]) -> None:
        self.probabilities = dict(probabilities)
        for said, p in self.probabilities.items():
            if not p > 0:
                fix = "Leave out what cannot be said."
                raise EngineValueError(
                    "Sentences", "probabilities above 0", f"{p} for {said!r}", fix
                )
        total = math.fsum(self.probabilities.values())
        if abs(total - 1) > 1e-9:
            fix = "Divide each by their sum."
            raise EngineValueError("Sentences", "probabilities that sum to 1", f"{total}", fix)
        self._weighted = [(words(said), p) for said, p in self.probabilities.items()]
        self.vocabulary = tuple(sorted({word for said, _ in self._weighted for word in said}))
        self.entropy_per_sentence = math.fsum(-p * math.log(p) for _, p in self._weighted)
        self.entropy_per_word = self.entropy_per_token(words)
        self.entropy_per_character = self.entropy_per_token(list)

    def entropy_per_token(self, encode: Callable[[str], Sequence[object]]) -> float:
        """Return the entropy in nats per token, for the tokens of any tokenizer.

        It is that of a sentence, divided by the mean number of tokens in one.

        Args:
            encode: gives the tokens of a text, such as `tokenizer.encode`. No token may reach
                from one sentence into the next; none of `tokenizer` does.

        >>> tosses = Sentences({"heads.\\n": 0.5, "tails.\\n": 0.5})
        >>> round(tosses.entropy_per_token(list), 4)  # log 2, in 7 characters
        0.099
        """
        return self.entropy_per_sentence / self.mean_length(encode)

    def mean_length(self, encode: Callable[[str], Sequence[object]]) -> float:
        """Return the mean number of tokens in a sentence."""
        return math.fsum(p * len(encode(said)) for said, p in self.probabilities.items())

    def log_probability(self, sentence: str) -> float:
        """Return the natural logarithm of a sentence's probability; −inf if it cannot be said.

        The full stop and the newline may be left out.
        """
        p = self.probabilities.get(sentence.strip().removesuffix(".") + END, 0.0)
        return math.log(p) if p else -math.inf

    def next_words(self, prefix: str) -> dict[str, float]:
        """Return the probability of each word that can come next, the likeliest first.

        Args:
            prefix: the text so far, of whole words. Only its last sentence, complete or not,
                counts: after a full stop, and after no text at all, a new one begins.

        Returns:
            Probabilities, which sum to 1, by word.

        Raises:
            EngineValueError: no sentence begins like this.
        """
        begun = words(prefix.rpartition(".")[2])
        n = len(begun)
        found: dict[str, list[float]] = defaultdict(list)
        for said, p in self._weighted:
            if said[:n] == begun:
                found[said[n]].append(p)
        if not found:
            expected = "the beginning of a sentence that can be said"
            fix = "Give whole words; what is held out of a text cannot be said in it."
            raise EngineValueError("next_words", expected, repr(" ".join(begun)), fix)
        totals = {word: math.fsum(ps) for word, ps in found.items()}
        whole = math.fsum(totals.values())
        ranked = sorted(totals, key=lambda word: -totals[word])
        return {word: totals[word] / whole for word in ranked}


def _derivations(rules: Rules, symbol: str, inside: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """Everything a symbol can become, as (words, probability); a word can only stay."""
    if symbol not in rules:
        yield symbol, 1.0
        return
    for parts, p in _choices(rules, symbol, inside):
        each = [list(_derivations(rules, part, (*inside, symbol))) for part in parts]
        for chosen in product(*each):
            yield " ".join(said for said, _ in chosen), p * math.prod(q for _, q in chosen)


def _entropy(rules: Rules, symbol: str, inside: tuple[str, ...]) -> float:
    if symbol not in rules:
        return 0.0
    return math.fsum(
        p * (-math.log(p) + math.fsum(_entropy(rules, part, (*inside, symbol)) for part in parts))
        for parts, p in _choices(rules, symbol, inside)
    )


def _choices(
    rules: Rules, symbol: str, inside: tuple[str, ...]
) -> Iterator[tuple[list[str], float]]:
    """The expansions of a symbol found `inside` others: their parts, and their probabilities."""
    if symbol in inside:
        got = " → ".join([*inside, symbol])
        raise EngineValueError("rules", "no symbol to contain itself", got)
    for expansion, weight in rules[symbol].items():
        if not 0 < weight < math.inf:
            expected = f"numbers above 0 as the weights of {symbol}"
            raise EngineValueError("rules", expected, f"{weight} for {expansion!r}")
    total = math.fsum(rules[symbol].values())
    for expansion, weight in rules[symbol].items():
        yield expansion.split(), weight / total
