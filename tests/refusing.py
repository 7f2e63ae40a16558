"""What an error says, for the many tests that hold the engine to its exact words."""

from collections.abc import Callable

import pytest


def raised(error: type[Exception], call: Callable[[], object]) -> str:
    """The message of the error that a call must raise."""
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)
