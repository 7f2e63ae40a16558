"""A world so small that the best possible loss is known: sentences from a table of rules.

How low can a loss go? For books nobody knows. Here the text is drawn from a probabilistic grammar,
so every probability is known, and with them the entropy: the loss of a model that has learnt all
there is to learn. A training curve has a floor to approach.

    the capital of France is Paris.         a fact: one right answer, rare and frequent countries
    the colour of the mat is red.           a habit: red is likely, blue is possible
    the cat sat on the red mat.             free combinations, some of them never shown
    a dog chased the white cat.
    the cats on the red mat are asleep.     agreement: "are" looks back past "mat" to "cats"

Some combinations of animal, verb and thing are held out of the text. A model that gives them the
probability they would have has generalized; one that finds them impossible has learnt by heart.
Each has its own floor, see `Floors`: to keep a little probability for what never comes costs a
little on everything that does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from numbers import Integral
from typing import NamedTuple

import numpy as np

from pyengine.errors import EngineValueError
from pyengine.grammar import Rules, Sentences, sentences, words

# What each symbol can become, with weights. A word in capitals is a symbol; all others stay.
RULES: Rules = {
    "SENTENCE": {
        "the capital of FACT": 3,
        "the colour of the HABIT": 2,
        "the ANIMAL RESTED on the THING": 6,
        "a ANIMAL CHASED the COAT ANIMAL": 4,
        "the ANIMAL on the THING is STATE": 2,
        "the ANIMALS on the THING are STATE": 2,
    },
    "FACT": {
        "France is Paris": 8,
        "Italy is Rome": 6,
        "Spain is Madrid": 5,
        "Japan is Tokyo": 4,
        "Egypt is Cairo": 3,
        "Kenya is Nairobi": 2,
        "Peru is Lima": 2,
        "Norway is Oslo": 1,
    },
    "HABIT": {
        "mat is MAT": 5,
        "sofa is SOFA": 4,
        "bed is BED": 3,
        "rug is RUG": 2,
        "chair is CHAIR": 1,
    },
    "THING": {"MAT mat": 5, "SOFA sofa": 4, "BED bed": 3, "RUG rug": 2, "CHAIR chair": 1},
    "MAT": {"red": 6, "blue": 2, "green": 1, "yellow": 1},
    "SOFA": {"red": 1, "blue": 6, "green": 2, "yellow": 1},
    "BED": {"red": 1, "blue": 3, "green": 3, "yellow": 3},
    "RUG": {"red": 2, "blue": 1, "green": 6, "yellow": 1},
    "CHAIR": {"red": 1, "blue": 1, "green": 1, "yellow": 7},
    "ANIMAL": {"cat": 5, "dog": 4, "mouse": 3, "fox": 2, "hen": 1},
    "ANIMALS": {"cats": 5, "dogs": 4, "mice": 3, "foxes": 2, "hens": 1},
    "RESTED": {"sat": 3, "slept": 2, "lay": 1},
    "CHASED": {"chased": 3, "saw": 2, "followed": 1},
    "COAT": {"white": 3, "black": 2, "brown": 1},
    "STATE": {"asleep": 3, "hungry": 2, "awake": 1},
}

Combination = tuple[str, str, str]  # the animal, what it did, and on what

# Left: never in the text, in any colour, though any two of its three words occur together.
# Right: a control, which does occur. Both sides use each word equally often. So the mean of
# −log probability in the grammar is the same for the sentences of both, though single ones differ.
HELD_OUT: Mapping[Combination, Combination] = {
    ("cat", "sat", "sofa"): ("cat", "sat", "mat"),
    ("cat", "slept", "chair"): ("cat", "slept", "sofa"),
    ("dog", "slept", "mat"): ("dog", "slept", "rug"),
    ("dog", "lay", "rug"): ("dog", "lay", "chair"),
    ("mouse", "sat", "bed"): ("mouse", "sat", "mat"),
    ("mouse", "lay", "sofa"): ("mouse", "lay", "bed"),
    ("fox", "sat", "mat"): ("fox", "sat", "sofa"),
    ("fox", "slept", "rug"): ("fox", "slept", "bed"),
    ("hen", "lay", "bed"): ("hen", "lay", "chair"),
    ("hen", "sat", "chair"): ("hen", "sat", "rug"),
}


class Floors(NamedTuple):
    """The lowest losses in nats per token that two kinds of models can come to on a text.

    >>> floors = MicroWorld().floors(words)
    >>> round(floors.by_heart, 4), round(floors.generalizing, 4)
    (0.7614, 0.7675)
    """

    by_heart: float  # of a model that finds what is held out impossible: the text's entropy
    generalizing: float  # of one that gives what is held out the probability it would have


class MicroWorld(Sentences):
    """The sentences of the training text, and text drawn from them.

    They are what `RULES` can say, without the combinations in `HELD_OUT`. What is left keeps its
    proportions: probability p in the grammar becomes p / (1 − h), where h is the probability of
    all that is held out. The entropies here, which are inherited, are of this distribution: no
    loss on its text, in training or in validation, can stay below them. A model comes as low only
    if it finds impossible what is held out. One that generalizes pays −log(1 − h) nats per
    sentence more; `floors` has both.

    Args:
        seed: an integer of at least 0; another seed draws another text from the same sentences.

    Attributes:
        whole: the sentences of the grammar with nothing held out.
        held_out_share: h, the probability in the grammar of all that is held out.

    Raises:
        EngineValueError: the seed is not an integer of at least 0.

    >>> world = MicroWorld(seed=0)
    >>> print(world.text(3), end="")
    a dog chased the white dog.
    the colour of the chair is blue.
    the capital of France is Paris.
    >>> round(world.entropy_per_sentence, 4), round(world.entropy_per_character, 4)
    (5.9648, 0.1881)
    >>> round(-math.log(1 - world.held_out_share), 4)  # what generalizing costs per sentence
    0.0482
    >>> world.next_words("the capital of Kenya is")
    {'Nairobi': 1.0}
    >>> world.log_probability("the cat sat on the red sofa.")  # held out
    -inf
    >>> round(world.whole.log_probability("the cat sat on the red sofa."), 4)
    -6.5688
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = _whole("seed", seed)
        self.whole = Sentences(sentences(RULES))
        left = {s: p for s, p in self.whole.probabilities.items() if combination(s) not in HELD_OUT}
        total = math.fsum(left.values())
        self.held_out_share = 1 - total
        super().__init__({said: p / total for said, p in left.items()})

    def floors(self, encode: Callable[[str], Sequence[object]]) -> Floors:
        """Return the lowest possible losses in nats per token, for the tokens of any tokenizer.

        Args:
            encode: as for `entropy_per_token`.
        """
        by_heart = self.entropy_per_token(encode)
        more = -math.log(1 - self.held_out_share) / self.mean_length(encode)
        return Floors(by_heart, by_heart + more)

    def text(self, sentences: int) -> str:
        """Draw this many sentences, one per line. A longer text begins with the shorter one."""
        count = _whole("sentences", sentences)
        rng = np.random.default_rng(self.seed)
        places = rng.choice(len(self.probabilities), size=count, p=[*self.probabilities.values()])
        said = list(self.probabilities)
        return "".join(said[place] for place in places)

    def held_out(self) -> list[str]:
        """Return the sentences with a held-out combination, in every colour: never in a text."""
        return self._about(HELD_OUT.keys())

    def controls(self) -> list[str]:
        """Return sentences of the same form and words as `held_out`, which do occur in texts."""
        return self._about(HELD_OUT.values())

    def _about(self, combinations: Collection[Combination]) -> list[str]:
        return [said for said in self.whole.probabilities if combination(said) in combinations]


def combination(sentence: str) -> Combination:
    """Return the words that decide whether a sentence is held out: animal, verb and thing.

    >>> combination("the cat sat on the red mat.")
    ('cat', 'sat', 'mat')
    """
    said = words(sentence)
    return said[1], said[2], said[-2]


def _whole(name: str, number: int) -> int:
    if not isinstance(number, Integral) or number < 0:
        expected = f"{name} to be an integer of at least 0"
        raise EngineValueError("MicroWorld", expected, f"{number!r}")
    return int(number)
