"""Asking an endpoint for labels: in the form it takes, once more if it helps, within its means."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

from ..rubric import Rubric
from . import prompt
from .prompt import Message
from .reply import FORMS, Reply, UnusableReplyError, read, response_format
from .settings import ModelSettings
from .upstream import Completion, Dialect, TroubleError, Upstream, Usage, complaint

LONGEST_WAIT = 5.0  # seconds; who asks for more is not asked again
DIALECT_SECONDS = 3600  # then the best form of reply is tried again
BYTES_A_TOKEN = 3  # fewer than in any common text, so that what is set aside suffices
UNREADABLE = "The language model's answer could not be read."
REFUSED = "The language model declined to label this."


class BudgetSpentError(Exception):
    """The tokens of the day are spent."""


class Purse(Protocol):
    """Where tokens come from; `Ceiling` is one."""

    def reserve(self, tokens: int) -> int | None: ...  # noqa: D102
    def settle(self, day: int, reserved: int, used: int) -> None: ...  # noqa: D102


@dataclass
class Spent:
    """Tokens of one grading so far."""

    tokens_in: int = 0
    tokens_out: int = 0

    def add(self, usage: Usage) -> int:
        """Count a request; returns its tokens, in and out."""
        self.tokens_in += usage.prompt_tokens
        self.tokens_out += usage.completion_tokens
        return usage.prompt_tokens + usage.completion_tokens


@dataclass(frozen=True)
class Question:
    """What is asked, in whatever form an endpoint takes, and how many tokens a reply may have."""

    rubric: Rubric
    conversation: list[Message]
    room: int

    def form(self, dialect: Dialect) -> dict[str, Any] | None:
        """The form of reply that is asked for."""
        return response_format(FORMS[dialect.form], self.rubric)

    def tokens(self, dialect: Dialect) -> int:
        """What is sent, in tokens, and rather more than fewer."""
        sent = json.dumps([self.conversation, self.form(dialect)], ensure_ascii=False)
        return len(sent.encode()) // BYTES_A_TOKEN

    def after(self, said: str, problem: str) -> Question:
        """The same once more, with twice the room, after a reply that could not be read."""
        conversation = self.conversation + prompt.repair(said, problem)
        return replace(self, conversation=conversation, room=2 * self.room)


class Asker:
    """Asks the model of an endpoint. To be used in one event loop."""

    def __init__(
        self, settings: ModelSettings, purse: Purse | None, clock: Callable[[], float]
    ) -> None:
        self.settings, self.purse, self.clock = settings, purse, clock
        self.dialect, self.learnt = Dialect(), clock()
        self.upstream: Upstream | None = None

    async def labels(self, rubric: Rubric, answer: str, spent: Spent) -> Reply:
        """Ask; if what comes cannot be read, ask once more, with twice the room."""
        question = Question(rubric, prompt.messages(rubric, answer), self.settings.max_tokens)
        for last in (False, True):
            said = text_of(await self.in_dialect(question, spent))
            try:
                return read(said, rubric)
            except UnusableReplyError as error:
                if last:
                    raise TroubleError("unusable", UNREADABLE) from None
                question = question.after(said, str(error))
        raise AssertionError("unreachable")

    async def in_dialect(self, question: Question, spent: Spent) -> Completion:
        """Ask in the form the endpoint is known to take; find out, if it is not known."""
        fresh = self.clock() < self.learnt + DIALECT_SECONDS
        dialect = self.dialect if fresh else Dialect()
        while True:
            try:
                done = await self.persistent(question, dialect, spent)
                break
            except TroubleError as error:
                dialect = other_dialect(dialect, error)
        if dialect != self.dialect or not fresh:
            self.dialect, self.learnt = dialect, self.clock()
        return done

    async def persistent(self, question: Question, dialect: Dialect, spent: Spent) -> Completion:
        """Ask; once more after a moment, if they are busy or were not reached."""
        try:
            return await self.paid(question, dialect, spent)
        except TroubleError as error:
            wait = moment(error, self.settings.retry_seconds)
            if not error.again or wait > LONGEST_WAIT:
                raise
        await asyncio.sleep(wait)
        return await self.paid(question, dialect, spent)

    async def paid(self, question: Question, dialect: Dialect, spent: Spent) -> Completion:
        """One request, its tokens set aside before and settled after."""
        sent = question.tokens(dialect)
        most = used = sent + question.room  # a call that is cut off may be billed in full
        day = self.purse.reserve(most) if self.purse else 0
        if day is None:
            raise BudgetSpentError
        try:
            done = await self.once(question, dialect)
            usage = done.usage or Usage(prompt_tokens=sent, completion_tokens=question.room)
            used = spent.add(usage)
            return done
        except TroubleError as error:
            used = 0 if error.response is not None or error.kind == "unreachable" else most
            raise
        finally:
            if self.purse:
                self.purse.settle(day, most, used)

    async def once(self, question: Question, dialect: Dialect) -> Completion:
        """One request."""
        form = question.form(dialect)
        return await self.open().ask(question.conversation, dialect, form, question.room)

    def open(self) -> Upstream:
        """Make the client; the first request then finds it made."""
        self.upstream = self.upstream or Upstream(self.settings)
        return self.upstream

    async def close(self) -> None:
        """Close the connections."""
        if self.upstream:
            await self.upstream.close()
            self.upstream = None


def other_dialect(dialect: Dialect, error: TroubleError) -> Dialect:
    """What to try after a complaint about the form. Raises the error if it is about another."""
    said = complaint(error)
    if "content_filter" in said:
        raise TroubleError("refused", REFUSED) from None
    other = dialect.adapted(said) if said else None
    if not other:
        raise error
    return other


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
