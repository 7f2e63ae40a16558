"""Numbers about the small model that the lessons' prose states: computed, as all numbers are."""

from demos import micro


def parameters(layers: int = 2) -> int:
    """Count the parameters of the small model."""
    return micro.fresh(layers=layers).parameter_count()


def words_known() -> int:
    """Count the words the small model knows, the full stop among them."""
    return len(micro.VOCABULARY)


def chance(word: str, text: str, percent: int) -> float:
    """Look up the probability of a word after a text, with so much of the training done."""
    return micro.next_word(micro.checkpoint(percent), micro.encode(text))[word]


def context() -> int:
    """Count the words of a piece of text that the small model is trained on at once."""
    return micro.CONTEXT
