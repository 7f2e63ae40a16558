"""Grading with a model, whatever happens to it: the checklist steps in, and the result says so.

from teachback.service.model import ModelGrader
from teachback.service.settings import ModelSettings

grader = ModelGrader(ModelSettings(base_url="http://127.0.0.1:8080/v1", name="any"))
result = grader.grade_now(rubric, answer)     # or `await grader.grade(rubric, answer)`
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Protocol

from ..checklist import grade as by_checklist
from ..hollow import hollow
from ..result import Result
from ..rubric import Rubric
from . import prompt
from .breaker import Breaker
from .judge import judge
from .prompt import Message
from .reply import FORMS, Reply, UnusableReplyError, read, response_format
from .settings import ModelSettings
from .upstream import Completion, Dialect, TroubleError, Upstream, Usage, complaint

LONGEST_WAIT = 5.0  # seconds; who asks for more is not asked again
DIALECT_SECONDS = 3600  # then the best form of reply is tried again
BYTES_A_TOKEN = 3  # fewer than in any common text, so that what is set aside suffices
LATE = "The language model did not answer in time."
UNREADABLE = "The language model's answer could not be read."
REFUSED = "The language model declined to label this."


class BudgetSpentError(Exception):
    """The tokens of the day are spent."""


class Purse(Protocol):
    """Where tokens come from; `Ceiling` is one."""

    def reserve(self, tokens: int) -> int | None: ...  # noqa: D102
    def settle(self, day: int, reserved: int, used: int) -> None: ...  # noqa: D102


@dataclass(frozen=True)
class Outcome:
    """A result, what it took, and what went wrong on the way (for the log)."""

    result: Result
    tokens_in: int = 0
    tokens_out: int = 0
    trouble: str = ""


@dataclass
class Spent:
    """Tokens of one grading so far."""

    tokens_in: int = 0
    tokens_out: int = 0


class ModelGrader:
    """Grades by asking the model of an endpoint. To be used in one event loop."""

    def __init__(
        self,
        settings: ModelSettings,
        purse: Purse | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings, self.purse, self.clock = settings, purse, clock
        self.breaker = Breaker(settings.failures, settings.rest_seconds, clock)
        self.dialect, self.learnt = Dialect(), clock()
        self.upstream: Upstream | None = None
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
            result = judge(rubric, answer, reply, self.settings.name)
            return Outcome(result, spent.tokens_in, spent.tokens_out)
        result = await asyncio.to_thread(without_model, rubric, answer, trouble.says)
        return Outcome(result, spent.tokens_in, spent.tokens_out, trouble.kind)

    async def guarded(self, rubric: Rubric, answer: str, spent: Spent) -> Reply:
        """Labels, unless the endpoint is being left alone."""
        if not self.breaker.enter():
            raise TroubleError("resting", "The language model is not available at the moment.")
        try:
            async with asyncio.timeout(self.settings.total_seconds):
                reply = await self.labels(rubric, answer, spent)
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

    async def labels(self, rubric: Rubric, answer: str, spent: Spent) -> Reply:
        """Ask; if what comes cannot be read, ask once more, with twice the room."""
        conversation, room = prompt.messages(rubric, answer), self.settings.max_tokens
        for last in (False, True):
            said = text_of(await self.in_dialect(rubric, conversation, room, spent))
            try:
                return read(said, rubric)
            except UnusableReplyError as error:
                if last:
                    raise TroubleError("unusable", UNREADABLE) from None
                conversation = conversation + prompt.repair(said, str(error))
                room *= 2
        raise AssertionError("unreachable")

    async def in_dialect(
        self, rubric: Rubric, conversation: list[Message], room: int, spent: Spent
    ) -> Completion:
        """Ask in the form the endpoint is known to take; find out, if it is not known."""
        fresh = self.clock() < self.learnt + DIALECT_SECONDS
        dialect = self.dialect if fresh else Dialect()
        while True:
            try:
                done = await self.persistent(rubric, conversation, dialect, room, spent)
                break
            except TroubleError as error:
                said = complaint(error)
                if "content_filter" in said:
                    raise TroubleError("refused", REFUSED) from None
                other = dialect.adapted(said) if said else None
                if not other:
                    raise
                dialect = other
        if dialect != self.dialect or not fresh:
            self.dialect, self.learnt = dialect, self.clock()
        return done

    async def persistent(
        self,
        rubric: Rubric,
        conversation: list[Message],
        dialect: Dialect,
        room: int,
        spent: Spent,
    ) -> Completion:
        """Ask; once more after a moment, if they are busy or were not reached."""
        form = response_format(FORMS[dialect.form], rubric)
        try:
            return await self.paid(conversation, dialect, form, room, spent)
        except TroubleError as error:
            wait = moment(error, self.settings.retry_seconds)
            if not error.again or wait > LONGEST_WAIT:
                raise
        await asyncio.sleep(wait)
        return await self.paid(conversation, dialect, form, room, spent)

    async def paid(
        self,
        conversation: list[Message],
        dialect: Dialect,
        form: dict[str, object] | None,
        room: int,
        spent: Spent,
    ) -> Completion:
        """One request, its tokens set aside before and settled after."""
        size = len(json.dumps([conversation, form], ensure_ascii=False).encode())
        most = size // BYTES_A_TOKEN + room
        day = self.purse.reserve(most) if self.purse else 0
        if day is None:
            raise BudgetSpentError
        used = most  # a call that is cut off may be billed in full
        try:
            done = await self.open().ask(conversation, dialect, form, room)
            usage = done.usage or Usage(prompt_tokens=size // BYTES_A_TOKEN, completion_tokens=room)
            used = usage.prompt_tokens + usage.completion_tokens
            spent.tokens_in += usage.prompt_tokens
            spent.tokens_out += usage.completion_tokens
            return done
        except TroubleError as error:
            used = 0 if error.response is not None or error.kind == "unreachable" else most
            raise
        finally:
            if self.purse:
                self.purse.settle(day, most, used)

    def open(self) -> Upstream:
        """Make the client; the first request then finds it made."""
        self.upstream = self.upstream or Upstream(self.settings)
        return self.upstream

    async def close(self) -> None:
        """Close the connections."""
        if self.upstream:
            await self.upstream.close()
            self.upstream = None

    def close_now(self) -> None:
        """Close what `grade_now` opened."""
        if self.runner:
            self.runner.run(self.close())
            self.runner.close()
            self.runner = None


def text_of(done: Completion) -> str:
    """What the model said. Raises `TroubleError` if it refused or said nothing."""
    choice = done.choices[0]
    refused = choice.message.refusal or choice.finish_reason == "content_filter"
    if refused or not (choice.message.content or "").strip():
        raise TroubleError("refused", REFUSED)
    return choice.message.content or ""


def moment(error: TroubleError, usual: float) -> float:
    """Seconds to wait before asking again: what they ask for, else about the usual time."""
    asked = error.response.headers.get("retry-after", "") if error.response is not None else ""
    jitter = usual * random.uniform(0.5, 1.5)
    try:
        return max(float(asked), 0) + jitter
    except ValueError:
        pass
    try:
        return max(parsedate_to_datetime(asked).timestamp() - time.time(), 0) + jitter
    except ValueError:
        return jitter


def without_model(rubric: Rubric, answer: str, why: str) -> Result:
    """The checklist's result, saying why it is the checklist's."""
    result = by_checklist(rubric, answer)
    by = result.graded_by
    return replace(result, graded_by=replace(by, note=f"{why} {by.note}".strip()))
