"""Writes down when py-fsrs brings cards back: `uv run --with fsrs==6.3.0 python FILE`.

What readers use is ts-fsrs; its test is held against these. Neither learns in steps of minutes.
"""

import itertools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fsrs import Card, Rating, Scheduler

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
OUT = Path(__file__).parents[2] / "build" / "browser" / "test" / "fsrs-vectors.json"


def reviews(remembered: tuple[bool, ...], late: int) -> list[dict[str, float]]:
    """One card reviewed some days after it was due, again and again."""
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, now, found = Card(), START, []
    for each in remembered:
        card, _ = scheduler.review_card(card, Rating.Good if each else Rating.Again, now)
        found.append(
            {
                "days": (card.due - now).total_seconds() / 86400,
                "stability": card.stability,
                "difficulty": card.difficulty,
            }
        )
        now = card.due + timedelta(days=late)
    return found


if __name__ == "__main__":
    sequences = itertools.product((True, False), repeat=5)
    cases = [
        {"remembered": list(each), "late": late, "reviews": reviews(each, late)}
        for each in sequences
        for late in (0, 3)
    ]
    OUT.write_text(json.dumps(cases) + "\n")
