"""One call of the endpoint: what is sent, how long and how much is waited for, what came of it.

The `openai` client makes the request; its patience (600 seconds, two retries, redirects followed)
is not ours. A reply is read as untrusted bytes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Annotated, Any

import httpx2
from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    OpenAIError,
)
from pydantic import (
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from .prompt import Message
from .reply import FORMS, Lenient
from .settings import ModelSettings

AGAIN = (408, 409, 425, 429, 500, 502, 503, 504, 529)  # worth one more try
MOST_TOKENS = 10_000_000  # of a call


class TroubleError(Exception):
    """Why there is no usable answer: `kind` for the log, `says` for the learner."""

    def __init__(self, kind: str, says: str, response: httpx2.Response | None = None) -> None:
        super().__init__(kind)
        self.kind, self.says, self.response = kind, says, response

    @property
    def again(self) -> bool:
        """Whether to try once more: nothing was said yet, or they asked for it."""
        return self.kind == "unreachable" or (
            self.response is not None and self.response.status_code in AGAIN
        )


class ReplyTooLargeError(OpenAIError):
    """More bytes than a reply may have, or bytes packed so that nobody knows how many."""


@dataclass(frozen=True)
class Dialect:
    """How an endpoint wants to be asked, as far as it has told."""

    form: int = 0  # of `FORMS`
    limit: str = "max_tokens"
    temperature: bool = True

    def adapted(self, complaint: str) -> Dialect | None:
        """What to try after a complaint (HTTP 400); None if there is nothing left."""
        if "max_completion_tokens" in complaint and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if "temperature" in complaint and self.temperature:
            return replace(self, temperature=False)
        return replace(self, form=self.form + 1) if self.form + 1 < len(FORMS) else None


class Said(Lenient):
    """A message of the model."""

    content: str | None = None
    refusal: str | None = None


class Choice(Lenient):
    """A message, and why it ended."""

    message: Said
    finish_reason: str | None = None


class Usage(Lenient):
    """Tokens, as they will be billed. No prompt has none: who tells of none does not count."""

    prompt_tokens: Annotated[int, Field(ge=1, le=MOST_TOKENS)]
    completion_tokens: Annotated[int, Field(ge=0, le=MOST_TOKENS)]


def if_sensible(value: object, read: ValidatorFunctionWrapHandler) -> Usage | None:
    """The usage told; None, as if nothing was told, where it makes no sense."""
    try:
        told: Usage | None = read(value)
    except ValidationError:
        return None
    return told


class Completion(Lenient):
    """A chat completion, as far as it is used."""

    choices: Annotated[list[Choice], Field(min_length=1)]
    usage: Annotated[Usage | None, WrapValidator(if_sensible)] = None


class Upstream:
    """The endpoint. Made and used in one event loop."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        wait = httpx2.Timeout(settings.read_seconds, connect=settings.connect_seconds)
        transport = CappedTransport(settings.reply_bytes, settings.proxy or None)
        self.client = AsyncOpenAI(
            api_key=settings.secret(),
            base_url=settings.base_url,
            max_retries=0,
            timeout=wait,
            http_client=httpx2.AsyncClient(
                transport=transport, timeout=wait, follow_redirects=False, trust_env=False
            ),
        )

    async def ask(
        self, messages: list[Message], dialect: Dialect, form: dict[str, Any] | None, tokens: int
    ) -> Completion:
        """One request, no retry. Raises `TroubleError`."""
        body: dict[str, Any] = {"model": self.settings.name, "messages": messages}
        body[dialect.limit] = tokens
        if dialect.temperature:
            body["temperature"] = self.settings.temperature
        if form:
            body["response_format"] = form
        return completion(await self.post(body | self.settings.extra))

    async def post(self, body: dict[str, Any]) -> bytes:
        """Send a request; a reply that comes in drops has no longer than one that hangs."""
        try:
            async with asyncio.timeout(self.settings.read_seconds):
                response = await self.client.post(
                    "/chat/completions",
                    cast_to=httpx2.Response,
                    body=body,
                    options={"headers": {"Accept-Encoding": "identity"}},
                )
                return response.content
        except (TimeoutError, OpenAIError) as error:
            raise trouble(error) from None  # their texts and tracebacks hold what was sent

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()


def trouble(error: Exception) -> TroubleError:
    """The client's errors in our terms, without the texts that came from elsewhere."""
    if isinstance(error, APIStatusError):
        says = "The language model is not available at the moment."
        return TroubleError(f"status {error.status_code}", says, error.response)
    if isinstance(error, (TimeoutError, APITimeoutError)):
        return TroubleError("timeout", "The language model did not answer in time.")
    if isinstance(error, APIConnectionError):
        return TroubleError("unreachable", "The language model could not be reached.")
    kind = "too large" if isinstance(error, ReplyTooLargeError) else type(error).__name__
    return TroubleError(kind, "The language model's answer could not be read.")


def completion(body: bytes) -> Completion:
    """Read a reply's bytes. Raises `TroubleError`."""
    try:
        return Completion.model_validate(json.loads(body))
    except (ValidationError, ValueError, RecursionError):
        raise TroubleError(
            "not a completion", "The language model's answer could not be read."
        ) from None


def complaint(error: TroubleError) -> str:
    """What an endpoint says it does not take: the text of a 400 or its like; else nothing."""
    if error.response is None or error.response.status_code not in (400, 415, 422, 501):
        return ""
    return error.response.text[:4000] or "?"


class CappedTransport(httpx2.AsyncHTTPTransport):
    """Reads no more of a reply than it may have."""

    def __init__(self, most: int, proxy: str | None = None) -> None:
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=32)
        super().__init__(proxy=proxy, limits=limits)
        self.most = most

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, as the base class does."""
        response = await super().handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise ReplyTooLargeError("packed")
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = Capped(response.stream, self.most)
        return response


class Capped(httpx2.AsyncByteStream):
    """A stream that ends with an error when it gets too long."""

    def __init__(self, stream: httpx2.AsyncByteStream, most: int) -> None:
        self.stream, self.left = stream, most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self.stream:
            self.left -= len(chunk)
            if self.left < 0:
                raise ReplyTooLargeError("too many bytes")
            yield chunk

    async def aclose(self) -> None:
        """Close the stream beneath."""
        await self.stream.aclose()
