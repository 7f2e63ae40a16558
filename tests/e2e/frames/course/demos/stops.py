"""Demos that say what they were given."""


def told(x: float) -> str:
    """Say a number."""
    return f"x = {x!r}"


def whole(x: int) -> str:
    """Say a whole number."""
    return f"x = {x!r}"


def either(x: float, size: int, loud: bool) -> str:
    """Say three settings."""
    words = f"{x!r} of size {size!r}"
    return words.upper() if loud else words
