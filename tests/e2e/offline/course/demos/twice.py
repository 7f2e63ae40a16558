"""The demo of the course that is read on a train."""


def twice(x: int) -> int:
    """Twice a number."""
    return 2 * x
