"""A demo that goes on by itself, to its end."""

import time
from collections.abc import Iterator


def count(by: int) -> Iterator[int]:
    """Count up to a thousand."""
    for number in range(by, 1001, by):
        time.sleep(0.002)
        yield number
