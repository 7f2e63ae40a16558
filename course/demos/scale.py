"""Scale: how long a human would read a model's training text, and what the training costs."""

from pyengine import EngineValueError, show

MINUTES_A_YEAR = 60 * 365.25  # for every hour of reading a day
PETAFLOP_DAY = 1e15 * 24 * 60 * 60  # operations: 10¹⁵ a second, for a day
LIFETIME = 80  # years


def reading_and_cost(
    parameters: float, tokens: float, words_per_token: float, words_per_minute: int, hours: int
) -> show.Result:
    """Work out years of reading and petaflop/s-days; parameters and tokens are in billions."""
    given = (parameters, tokens, words_per_token, words_per_minute, hours)
    if not min(given) > 0:
        raise EngineValueError("reading_and_cost", "numbers above 0", f"{min(given)}")
    words = tokens * 1e9 * words_per_token
    years = words / words_per_minute / (MINUTES_A_YEAR * hours)
    # Forward and backward: about 6 operations per parameter and token (Kaplan et al. 2020, 2.1).
    operations = 6 * parameters * 1e9 * tokens * 1e9
    days = operations / PETAFLOP_DAY
    rows = [
        ["words", "tokens × words per token", billions(words)],
        ["minutes", "words ÷ words per minute", billions(words / words_per_minute)],
        ["years", f"minutes ÷ 60 ÷ {hours} ÷ 365.25", whole(years)],
        ["operations", "6 × parameters × tokens", show.number(operations, 3)],
        ["petaflop/s-days", "operations ÷ 8.64×10¹⁹", whole(days)],
    ]
    return show.result(
        show.figure("years of reading", whole(years), words=lifetimes(years, hours), concept=""),
        show.figure(
            "petaflop/s-days of computing",
            whole(days),
            words="so many days a machine would need that does a million billion operations "
            "every second",
            concept="",
        ),
        show.table(["what", "how", "result"], rows),
        years=years,
        petaflop_days=days,
    )


def whole(number: float) -> str:
    """Write a number without decimals, unless it is so small that they matter."""
    return show.number(number, 0 if number >= 10 else 2)


def billions(number: float) -> str:
    """Write a large number in billions."""
    return f"{whole(number / 1e9)} billion"


def lifetimes(years: float, hours: int) -> str:
    """Say how many lives of eighty years that is."""
    pace = "day and night" if hours == 24 else f"{hours} hours a day"
    return f"reading {pace}, that is {whole(years / LIFETIME)} lives of {LIFETIME} years"
