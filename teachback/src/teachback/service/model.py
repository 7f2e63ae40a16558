"""Grading with a model, whatever happens to it: the checklist steps in, and the result says so.

from teachback.service.model import ModelGrader
from teachback.service.settings import ModelSettings

grader = ModelGrader(ModelSettings(base_url="http://127.0.0.1:8080/v1", name="any"))
result = grader.grade_now(rubric, answer)     # or `await grader.grade(rubric, answer)`
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from ..checklist import grade as by_checklist
from ..hollow import hollow
from ..result import Result
from ..rubric import Rubric
from . import prompt
from .asking import Asker, BudgetSpentError, Purse, Spent
from .breaker import Breaker
from .judge import judge
from .reply import Reply
from .settings import ModelSettings
from .upstream import TroubleError

__all__ = ["BudgetSpentError", "ModelGrader", "Outcome"]

LONG = 1000  # characters; about ten milliseconds
LATE = "The language model did not answer in time."


@dataclass(frozen=True)
class Outcome:
    """A result, what it took, and what went wrong on the way (for the log)."""

    result: Result
    tokens_in: int = 0
    tokens_out: int = 0
    trouble: str = ""


class ModelGrader:
    """Grades by asking the model of an endpoint. To be used in one event loop."""

    def __init__(
        self,
        settings: ModelSettings,
        purse: Purse | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self.asker = Asker(settings, purse, clock)
        self.breaker = Breaker(settings.failures, settings.rest_seconds, clock)
        self.runner: asyncio.Runner | None = None

    async def grade(self, rubric: Rubric, answer: str) -> Result:
        """Grade an answer; never raises on account of the endpoint."""
        return (await self.outcome(rubric, answer)).result

    def grade_now(self, rubric: Rubric, answer: str) -> Result:
        """Grade where no event loop runs; `close_now` when done."""
        self.runner = self.runner or asyncio.Runner()
        return self.runner.run(self.grade(rubric, answer))

    async def outcome(self, rubric: Rubric, answer: str) -> Outcome:
        """Grade, and tell what it took. Raises `BudgetSpentError` if there is a purse."""
        answer, spent = prompt.clean(answer), Spent()
        if hollow(answer):
            return Outcome(await asyncio.to_thread(by_checklist, rubric, answer), trouble="hollow")
        try:
            reply = await self.guarded(rubric, answer, spent)
        except TroubleError as error:
            trouble = error
        else:
            result = await self.judged(rubric, answer, reply)
            return Outcome(result, spent.tokens_in, spent.tokens_out)
        result = await asyncio.to_thread(without_model, rubric, answer, trouble.says)
        return Outcome(result, spent.tokens_in, spent.tokens_out, trouble.kind)

    async def judged(self, rubric: Rubric, answer: str, reply: Reply) -> Result:
        """Judge a reply; long answers in a thread, so that nobody waits for them."""
        if len(answer) < LONG:
            return judge(rubric, answer, reply, self.settings.name)
        return await asyncio.to_thread(judge, rubric, answer, reply, self.settings.name)

    async def guarded(self, rubric: Rubric, answer: str, spent: Spent) -> Reply:
        """Labels, unless the endpoint is being left alone."""
        if not self.breaker.enter():
            raise TroubleError("resting", "The language model is not available at the moment.")
        try:
            async with asyncio.timeout(self.settings.total_seconds):
                reply = await self.asker.labels(rubric, answer, spent)
        except TimeoutError:
            self.breaker.failure()
            raise TroubleError("timeout", LATE) from None
        except TroubleError as error:
            answered = error.kind in ("refused", "unusable")
            self.breaker.succeeded() if answered else self.breaker.failure()
            raise
        except BaseException:
            self.breaker.gave_up()
            raise
        self.breaker.succeeded()
        return reply

    def close_now(self) -> None:
        """Close what `grade_now` opened."""
        if self.runner:
            self.runner.run(self.asker.close())
            self.runner.close()
            self.runner = None


def without_model(rubric: Rubric, answer: str, why: str) -> Result:
    """The checklist's result, saying why it is the checklist's."""
    result = by_checklist(rubric, answer)
    by = result.graded_by
    return replace(result, graded_by=replace(by, note=f"{why} {by.note}".strip()))
