"""What went wrong, said to the person at the keyboard, and how the programs here talk.

Results go to files, words go to stderr: a build can pipe stdout without meeting progress lines.
"""

import sys


class RuntimeFailure(Exception):
    """A problem the reader of the message can act on; shown without a traceback."""


def say(words: str) -> None:
    """Print one progress line to stderr, at once even when stderr is a pipe."""
    print(words, file=sys.stderr, flush=True)


def megabytes(size: int) -> str:
    """Spell a size in bytes as readers see it: `9596462` is "9.60 MB"."""
    return f"{size / 1e6:.2f} MB"
