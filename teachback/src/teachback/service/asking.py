"""Asking an endpoint for labels: in the form it takes, once more if it helps, within its means."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Protocol

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
