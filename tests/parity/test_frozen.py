"""The frozen answers are still what PyTorch says."""

import json

from parity import freeze


def close(frozen: object, live: object) -> bool:
    if isinstance(frozen, float) and isinstance(live, float):
        return abs(frozen - live) <= 1e-12 * max(1, abs(live))
    if isinstance(frozen, list) and isinstance(live, list):
        return len(frozen) == len(live) and all(map(close, frozen, live))
    if isinstance(frozen, dict) and isinstance(live, dict):
        return frozen.keys() == live.keys() and all(close(frozen[k], live[k]) for k in live)
    return frozen == live


def test_the_frozen_answers_are_current() -> None:
    frozen = json.loads(freeze.FILE.read_text())
    live = freeze.answers()
    for part in live:
        assert part == "torch" or close(frozen[part], live[part]), f"run freeze.py: {part}"
