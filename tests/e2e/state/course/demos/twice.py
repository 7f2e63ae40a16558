"""The demo of the course that asks everything."""


def twice(x: int) -> int:
    """Twice a number."""
    return 2 * x
