"""What is refused, in the service and before it, is what the guide says."""

from pathlib import Path

import pytest
from serving_grader import head, settings_of

from teachback.service.problems import STATUS
from teachback.service.run import server

GUIDE = Path(__file__).parents[3] / "docs" / "grader.md"


@pytest.mark.parametrize("length", ["-5", "five", "1, 2"])
def test_what_is_not_http_is_refused_in_plain_text_as_the_guide_says(serve, raw, length):
    connection = raw(serve().url)
    connection.sendall(head(b"", **{"Content-Length": length}))
    first, _, rest = connection.makefile("rb").read().partition(b"\r\n")
    assert b" 400 " in first
    assert b"content-type: text/plain" in rest.lower()
    assert b"access-control" not in rest.lower()
    assert "in plain text, without the headers of CORS" in refusals()
    assert "What is not HTTP, such as a length below zero, gets a 400." in refusals()


@pytest.mark.parametrize(("concurrency", "connections"), [(1, 1024), (256, 1024), (300, 1200)])
def test_connections_are_bounded_as_the_guide_says(endpoint, concurrency, connections):
    model = {"base_url": endpoint.url, "name": "good"}
    given = {"model": model, "limits": {"concurrency": concurrency}}
    config = server(nobody, settings_of(given)).config
    assert config.limit_concurrency == connections
    assert "From 1,024 connections on, or four times `concurrency`" in refusals()


def test_the_guide_has_every_problem_with_its_status():
    rows = refusals()
    for code, statuses in STATUS.items():
        assert f"| `{code}` | {', '.join(map(str, statuses))} |" in rows


async def nobody(*_: object) -> None:
    """An application that is not asked."""


def refusals() -> str:
    """What the guide says is refused, on one line."""
    guide = GUIDE.read_text(encoding="utf-8")
    return " ".join(guide.partition("## What it refuses")[2].split())
