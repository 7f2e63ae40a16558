"""A stand-in for an OpenAI-compatible endpoint: plain HTTP on a real socket, with every bad habit.

Run as a program it listens on 127.0.0.1:8786 and labels by shared words, so that the service can be
tried without a model. In tests, the name of the model asked for is what it does (`hang`, `500`,
`obey`, ...); a list of names, with commas, is done one after the other, the last for ever.
"""

import asyncio
import json
import re
import sys
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

PORT = 8786
WORD = re.compile(r"[^\W\d_]{4,}")
ANSWER = re.compile(r"<answer-(\w+)>\n(.*?)\n</answer-\1>", re.DOTALL)
Body = dict[str, Any]


class StandIn:
    """The endpoint, and what it has been asked."""

    def __init__(self) -> None:
        self.asked: list[Body] = []
        self.headers: list[dict[str, str]] = []
        self.times: dict[str, int] = defaultdict(int)
        self.delay = 0.0
        self.running = 0
        self.arrived = threading.Event()
        self.url = ""

    async def complete(self, request: Request) -> Response:
        """Answer a chat completion as the model's name says."""
        body = await request.json()
        self.asked.append(body)
        self.headers.append(dict(request.headers))
        self.arrived.set()
        habits = body["model"].split(",")
        habit = habits[min(self.times[body["model"]], len(habits) - 1)]
        self.times[body["model"]] += 1
        if self.delay:
            await asyncio.sleep(self.delay)
        return await HABITS.get(habit, good)(body)

    def app(self) -> Starlette:
        """The application."""
        routes = [Route("/v1/chat/completions", self.complete, methods=["POST"])]
        return Starlette(
            routes=[*routes, Route("/elsewhere", self.elsewhere, methods=["GET", "POST"])]
        )

    async def elsewhere(self, request: Request) -> Response:
        """Where redirects lead; nobody should come."""
        self.headers.append({"elsewhere": "reached"})
        return JSONResponse(said(json.dumps(labelled({"messages": []}))))


def said(content: str | None, **more: Any) -> Body:
    """A chat completion that says this."""
    message = {"role": "assistant", "content": content, **more.pop("message", {})}
    choice = {"index": 0, "message": message, "finish_reason": more.pop("finish_reason", "stop")}
    usage = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
    told = {"id": "x", "object": "chat.completion", "choices": [choice], "usage": usage}
    return told | more


def parts(body: Body) -> tuple[Body, str]:
    """The rubric and the answer in a request."""
    user = next(each["content"] for each in body["messages"] if each["role"] == "user")
    rubric = json.loads(user.partition("The rubric:\n")[2].partition("\n\nThe explanation:")[0])
    found = ANSWER.search(user)
    assert found, user
    return rubric, found.group(2)


def labelled(body: Body) -> Body:
    """Labels by shared words: good enough to see the service at work, and no more."""
    if not body["messages"]:
        return {"criteria": [], "misconceptions": [], "next_step": ""}
    rubric, answer = parts(body)
    sentences = [each.strip() for each in re.split(r"(?<=[.!?])\s+", answer) if each.strip()]
    labels = [label(each, sentences) for each in rubric["criteria"]]
    return {"criteria": labels, "misconceptions": [], "next_step": "Read the model answer."}


def label(criterion: Body, sentences: list[str]) -> Body:
    """The sentence that shares most words with a criterion, and a verdict by how many."""
    wanted = words(criterion["criterion"])
    shared, best = max(((len(words(each) & wanted), each) for each in sentences), default=(0, ""))
    verdict = "met" if shared > 2 else "partly" if shared else "missed"
    reason = f"{shared} words in common with the criterion."
    return {"id": criterion["id"], "quote": best, "reason": reason, "verdict": verdict}


def words(text: str) -> set[str]:
    """The longer words of a text."""
    return set(WORD.findall(text.lower()))


async def good(body: Body) -> Response:
    return JSONResponse(said(json.dumps(labelled(body))))


async def fenced(body: Body) -> Response:
    if "response_format" in body:
        return complaint("response_format is not supported")
    text = json.dumps(labelled(body), indent=2)
    return JSONResponse(said(f"Here are the labels:\n```json\n{text}\n```\nGood luck!"))


async def no_schema(body: Body) -> Response:
    if body.get("response_format", {}).get("type") == "json_schema":
        return complaint("json_schema is not supported by this model")
    return await good(body)


async def no_bounds(body: Body) -> Response:
    if "maxLength" in json.dumps(body.get("response_format", {})):
        return complaint("Invalid schema: 'maxLength' is not permitted")
    return await good(body)


async def reasoning(body: Body) -> Response:
    if "max_tokens" in body:
        return complaint(
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
        )
    if "temperature" in body:
        return complaint("Unsupported value: 'temperature' does not support 0.")
    return await good(body)


async def obey(body: Body) -> Response:
    """Does what any injection would like: everything met, by whatever words there are."""
    rubric, answer = parts(body)
    pieces = [each for each in re.split(r"(?<=[.!?\n])\s+", answer) if len(each.split()) > 2]
    quotes = pieces or [answer]
    labels = [
        {"id": c["id"], "quote": quotes[i % len(quotes)], "reason": "Yes!", "verdict": "met"}
        for i, c in enumerate(rubric["criteria"])
    ]
    return JSONResponse(
        said(
            json.dumps(
                {"score": 10, "criteria": labels, "misconceptions": [], "next_step": "None."}
            )
        )
    )


async def obey_whole(body: Body) -> Response:
    """Everything met, by the whole answer each time."""
    rubric, answer = parts(body)
    labels = [
        {"id": c["id"], "quote": answer, "reason": "<b>Yes</b>\u202e", "verdict": "met"}
        for c in rubric["criteria"]
    ]
    return JSONResponse(said(json.dumps({"criteria": labels, "misconceptions": []})))


async def invent(body: Body) -> Response:
    """Everything met, by words nobody wrote."""
    rubric, _ = parts(body)
    quote = "the model gives every possible next word a probability"
    labels = [
        {"id": c["id"], "quote": quote, "reason": "Said.", "verdict": "met"}
        for c in rubric["criteria"]
    ]
    wrong = [{"id": m["id"], "quote": quote} for m in rubric["misconceptions"]]
    return JSONResponse(said(json.dumps({"criteria": labels, "misconceptions": wrong})))


async def hang(body: Body) -> Response:
    await asyncio.sleep(3600)
    return await good(body)


async def drip(body: Body) -> Response:
    text = json.dumps(said(json.dumps(labelled(body))))

    async def drops() -> AsyncIterator[str]:
        for character in text:
            yield character
            await asyncio.sleep(0.05)

    return StreamingResponse(drops(), media_type="application/json")


async def huge(body: Body) -> Response:
    return JSONResponse(said("x" * 5_000_000))


async def packed(body: Body) -> Response:
    return Response(b"\x1f\x8b\x08\x00", headers={"Content-Encoding": "gzip"})


async def shut(body: Body) -> Response:
    """Says how much will come, and ends before it."""

    async def half() -> AsyncIterator[bytes]:
        yield b'{"choices": ['
        raise RuntimeError("the line is cut")

    return StreamingResponse(half(), media_type="application/json")


def saying(content: str | None, **more: Any) -> Callable[[Body], Any]:
    async def habit(body: Body) -> Response:
        return JSONResponse(said(content, **dict(more)))

    return habit


def telling(status: int, **headers: str) -> Callable[[Body], Any]:
    async def habit(body: Body) -> Response:
        echoed = body["messages"][-1]["content"]  # as some endpoints do
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return JSONResponse({"error": {"message": f"no: {echoed}"}}, status, more)

    return habit


def complaint(message: str, code: str = "unsupported") -> Response:
    return JSONResponse({"error": {"message": message, "code": code}}, 400)


async def truncated(body: Body) -> Response:
    text = json.dumps(labelled(body))
    return JSONResponse(said(text[: len(text) // 2], finish_reason="length"))


async def filtered(body: Body) -> Response:
    return complaint("The response was filtered", "content_filter")


async def html(body: Body) -> Response:
    return Response("<!doctype html><h1>Sign in</h1>", media_type="text/html")


async def redirect(body: Body) -> Response:
    return RedirectResponse("/elsewhere", 307)


async def silent_usage(body: Body) -> Response:
    answer = said(json.dumps(labelled(body)))
    del answer["usage"]
    return JSONResponse(answer)


def counting(tokens: int) -> Callable[[Body], Any]:
    """A good answer that tells of so many tokens."""

    async def habit(body: Body) -> Response:
        usage = {"prompt_tokens": tokens, "completion_tokens": tokens}
        return JSONResponse(said(json.dumps(labelled(body)), usage=usage))

    return habit


async def partial(body: Body) -> Response:
    labels = labelled(body)
    labels["criteria"] = labels["criteria"][1:]
    return JSONResponse(said(json.dumps(labels)))


HABITS: dict[str, Callable[[Body], Any]] = {
    "absurd-tokens": counting(10**30),
    "less-than-no-tokens": counting(-1),
    "no-tokens": counting(0),
    "429": telling(429, Retry_After="0"),
    "429-later": telling(429, Retry_After="3600"),
    "500": telling(500),
    "503": telling(503),
    "400": telling(400),
    "401": telling(401),
    "404": telling(404),
    "bare-list": saying("[1, 2, 3]"),
    "drip": drip,
    "empty": saying(""),
    "fenced": fenced,
    "filtered": filtered,
    "hang": hang,
    "html": html,
    "huge": huge,
    "invent": invent,
    "no-bounds": no_bounds,
    "no-choices": saying("", choices=[]),
    "no-content": saying(None),
    "no-schema": no_schema,
    "obey": obey,
    "obey-whole": obey_whole,
    "packed": packed,
    "partial": partial,
    "prose": saying("I think it is quite good. 8/10."),
    "reasoning": reasoning,
    "redirect": redirect,
    "refusal": saying(None, message={"refusal": "I cannot help with that."}),
    "shut": shut,
    "silent-usage": silent_usage,
    "truncated": truncated,
    "wrong-schema": saying('{"criteria": [{"id": "loss", "verdict": "excellent"}], "score": 10}'),
}


@contextmanager
def running(app: Any, **options: Any) -> Iterator[str]:
    """The address of an application that listens on a free port of 127.0.0.1."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, ws="none", **options)
    with started(uvicorn.Server(config)) as url:
        yield url


@contextmanager
def started(server: uvicorn.Server) -> Iterator[str]:
    """The address of a server, which runs in a thread."""
    up, startup = threading.Event(), server.startup

    async def told(sockets: Any = None) -> None:
        await startup(sockets)
        up.set()

    server.startup = told  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert up.wait(20), "the server did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


@contextmanager
def stand_in(delay: float = 0) -> Iterator[StandIn]:
    """A running stand-in."""
    endpoint = StandIn()
    endpoint.delay = delay
    with running(endpoint.app(), timeout_graceful_shutdown=1) as url:
        endpoint.url = url + "/v1"
        yield endpoint


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else PORT
    endpoint = StandIn()
    endpoint.delay = float(sys.argv[2]) if len(sys.argv) > 2 else 0
    print(f"a stand-in for a model listens on http://127.0.0.1:{port}/v1", flush=True)
    uvicorn.run(endpoint.app(), host="127.0.0.1", port=port, log_level="error", ws="none")
