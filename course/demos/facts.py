"""What the lessons state of the small model, and of demos at other settings: computed, not typed.

Numbers in prose and the expectations of demos call these functions when the site is built.
"""

from collections import Counter
from functools import cache

from demos import cross_entropy, descent, hill, micro, schedules, teacher_forcing

MAT = "the cat sat on the mat"


def parameters(layers: int = 2) -> int:
    """Count the parameters of the small model."""
    return micro.fresh(layers=layers).parameter_count()


def work(width: int, steps: int) -> int:
    """Count what a validation run computes, but for a factor: its parameters, at every step."""
    return micro.fresh(layers=1, width=width).parameter_count() * steps


def words_known() -> int:
    """Count the words the small model knows, the full stop among them."""
    return len(micro.VOCABULARY)


def chance(word: str, text: str, percent: int) -> float:
    """Look up the probability of a word after a text, with so much of the training done."""
    return micro.next_word(micro.checkpoint(percent), micro.encode(text))[word]


def chance_of_capitals(country: str, percent: int) -> float:
    """Add up the probabilities of all capitals where that of one country is asked for."""
    asked = "the capital of {} is".format
    cities = [
        city
        for each in micro.WORLD.next_words("the capital of")
        for city in micro.WORLD.next_words(asked(each))
    ]
    return sum(chance(city, asked(country), percent) for city in cities)


def chance_of_frequent(text: str, percent: int) -> float:
    """Add up the probabilities of the five most frequent words of the training text."""
    frequent = Counter(micro.text(4000)).most_common(5)
    return sum(chance(micro.VOCABULARY[token], text, percent) for token, _ in frequent)


def product(p: float, tokens: int) -> float:
    """Multiply a probability so many times, in 32 bits."""
    found: float = cross_entropy.sentence(p, tokens).product
    return found


def descent_ends(lr: float) -> str:
    """Say how twenty steps down the bowl end at a learning rate."""
    return f"{descent.one_parameter(lr, 2.5).verdict}"


def walk_ends(method: str, start: str, landscape: str) -> str:
    """Say how sixty steps in two dimensions end."""
    *_, last = hill.walk(0.4, method, start, landscape)
    return f"{last.verdict}"


def higher_without(part: str, peak: float) -> float:
    """Measure how much higher a run's loss ends without a part of its schedule."""
    losses = trained(peak)
    return losses[f"without {part}"] - losses[schedules.YOURS]


@cache
def trained(peak: float) -> dict[str, float]:
    """Train under the schedule at this peak, and without its parts; once, as it takes seconds."""
    *_, last = schedules.train(peak=peak)
    losses: dict[str, float] = last.losses
    return losses


def fallen(place: int) -> float:
    """Measure how far the loss at a place of “the cat sat on the mat” falls in all the training."""
    before, after = (teacher_forcing.signals(MAT, percent).losses for percent in (0, 100))
    by: float = before[place] - after[place]
    return by


def context() -> int:
    """Count the words of a piece of text that the small model is trained on at once."""
    return micro.CONTEXT
