"""The sources page: numbers in it that follow from others are what follows."""

from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text()
TOKENS, PARAMETERS = 300e9, 175e9  # Brown et al. (2020), tables 2.1 and 2.2


def test_reading_time_compute_and_warm_up_follow_from_the_papers_numbers():
    minutes = TOKENS * 0.75 / 250
    years = minutes / (60 * 24 * 365.25)
    days = 6 * TOKENS * PARAMETERS / (1e15 * 24 * 60 * 60)
    assert f"About {round(years, -1):,.0f}, without a break" in PAGE
    assert f"come to about {round(days, -1):,.0f}." in PAGE
    assert f"in batches of 3.2 million are about {round(TOKENS / 3.2e6, -3):,.0f} " in PAGE
    assert f"375 million tokens, about {375e6 / TOKENS:.1%}".replace("%", " %") in PAGE
