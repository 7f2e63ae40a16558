"""One explanation's way through the service, once it is known to be a fair request."""

from __future__ import annotations

import sqlite3
import unicodedata
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from . import prompt
from .ceiling import Ceiling
from .limiting import Limiter
from .model import BudgetSpentError, ModelGrader, Outcome
from .problems import ProblemError
from .recent import Recent
from .rubrics import Rubrics
from .settings import Settings, SettingsError

MOST_CHARACTERS = 4000
# A character takes 12 bytes at most, as `\ud83d\ude00`; the rest of a request is short.
MOST_BYTES = 12 * MOST_CHARACTERS + 1152
Name = Annotated[str, Field(min_length=1, max_length=100)]


class Asked(BaseModel):
    """A learner's explanation of a lesson, to be graded by the rubric of that hash."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    course: Name
    lesson: Name
    rubric_sha: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    answer: Annotated[str, Field(max_length=MOST_CHARACTERS)]

    @field_validator("answer")
    @classmethod
    def unfolds_to_little(cls, answer: str) -> str:
        """One character can stand for eighteen (U+FDFA), and comparing takes time for each."""
        if len(unicodedata.normalize("NFKC", answer)) > 2 * MOST_CHARACTERS:
            raise ValueError(f"expected text of at most {2 * MOST_CHARACTERS} characters in NFKC")
        return answer


class Grading:
    """Rubrics, model, ceiling and recent results, together."""

    def __init__(self, settings: Settings) -> None:
        limits = settings.limits
        self.settings = settings
        self.rubrics = Rubrics(settings.rubrics)
        self.ceiling = ceiling(settings)
        self.grader = ModelGrader(settings.model, self.ceiling)
        self.recent = Recent(limits.cache_seconds, limits.cache_entries)
        self.limiter = Limiter(limits)

    async def grade(self, asked: Asked, told: dict[str, Any]) -> dict[str, Any]:
        """Grade; `told` gets what the log may know. Raises `ProblemError`."""
        rubric, sha = self.rubrics.find(asked.course, asked.lesson, asked.rubric_sha)
        told.update(lesson=asked.lesson, characters=len(asked.answer), prompt=prompt.VERSION)
        key = self.recent.key(sha, prompt.VERSION, self.settings.model.name, asked.answer)
        kept = self.recent.get(key)
        if kept:
            told.update(graded_by=kept.graded_by.kind, cached=True)
            return kept.as_dict()
        with self.limiter.place():
            try:
                outcome = await self.grader.outcome(rubric, asked.answer)
            except BudgetSpentError:
                wait = self.ceiling.seconds_left()
                detail = "the tokens of the day are spent"
                raise ProblemError("budget_spent", detail, retry_after=wait) from None
        told.update(of(outcome))
        if outcome.result.graded_by.kind == "model":
            self.recent.put(key, outcome.result)
        return outcome.result.as_dict()

    def example(self) -> Asked:
        """A request as it could come, for those who read about the service."""
        rubric, sha = next(iter(self.rubrics.known.values()))
        said = "The loss says how wrong the guess was."
        return Asked(course=rubric.course, lesson=rubric.lesson, rubric_sha=sha, answer=said)

    def health(self) -> dict[str, Any]:
        """What anyone may know of the service's state."""
        left = self.ceiling.spent() < self.ceiling.per_day
        return {
            "status": "ok",
            "lessons": len(self.rubrics.known),
            "prompt": prompt.VERSION,
            "breaker": self.grader.breaker.state,
            "budget": "left" if left else "spent",
        }

    async def close(self) -> None:
        """Close connections and files."""
        await self.grader.asker.close()
        self.ceiling.close()


def ceiling(settings: Settings) -> Ceiling:
    """The day's ceiling. Raises `SettingsError` if its file cannot be used."""
    try:
        return Ceiling(settings.spent, settings.limits.tokens_per_day)
    except sqlite3.Error as error:
        raise SettingsError(
            f"spent: expected a file that can be written, got {settings.spent} ({error}); set "
            "spent, or TEACHBACK_SPENT"
        ) from None


def of(outcome: Outcome) -> dict[str, Any]:
    """What the log may know of a grading."""
    told: dict[str, Any] = {"graded_by": outcome.result.graded_by.kind}
    told.update(tokens_in=outcome.tokens_in, tokens_out=outcome.tokens_out)
    return told | ({"trouble": outcome.trouble} if outcome.trouble else {})
