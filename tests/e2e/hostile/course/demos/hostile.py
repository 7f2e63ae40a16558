"""Demos that misbehave, each in its own way."""

import time

calls = 0


def fragile(x: float) -> str:
    """Cannot take seven."""
    if x == 7:
        raise ValueError("seven is <b>not</b> allowed")
    return f"took {x:g}"


def slow(x: float) -> str:
    """Takes a fifth of a second, and counts how often it was asked."""
    global calls
    calls += 1
    until = time.monotonic() + (0.2 if x else 0)
    while time.monotonic() < until:
        pass
    return f"{x:g} after {calls} calls"


def endless(mode: str) -> str:
    """May never return."""
    while mode == "never ends":
        pass
    return "ended"
