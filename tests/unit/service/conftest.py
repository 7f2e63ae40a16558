"""A grading service on a real socket, before a stand-in on another, with settings of the test's."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from serving_grader import Grader, grader
from standin import StandIn, stand_in

from teachback import Criterion, Misconception, Rubric

ANSWER = (
    "The model gives every possible next word a probability. Then the loss grows as the right word "
    "gets less probability. Next, the backward pass finds a gradient for each parameter. Each "
    "parameter moves a small step against its gradient."
)


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    """What a small lesson asks."""
    told = {
        "forward": "The model gives to every possible next word a probability.",
        "loss": "The loss is larger the less probability the right word got.",
        "backward": "The backward pass finds for each parameter a gradient.",
        "optimize": "Every parameter moves a small step against its gradient.",
        "generalize": "Text that was held out shows what was really learnt.",
    }
    criteria = tuple(Criterion(id_, 2, text, look_for=(text,)) for id_, text in told.items())
    wrong = (Misconception("uphill", "Parameters move in the direction of their gradient."),)
    return Rubric(
        "nudge", "training", "Explain the loop.", criteria, wrong, "And?", "A model answer."
    )


@pytest.fixture(scope="session")
def rubrics(rubric: Rubric, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a built site has it."""
    folder = tmp_path_factory.mktemp("rubrics")
    (folder / "training.json").write_text(rubric.to_json(), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def answer() -> str:
    """An explanation that says four things of five."""
    return ANSWER


@pytest.fixture(scope="module")
def endpoint() -> Iterator[StandIn]:
    """A running stand-in."""
    with stand_in() as running:
        yield running


@pytest.fixture
def serve(endpoint: StandIn, rubrics: Path, tmp_path: Path) -> Iterator[Callable[..., Grader]]:
    """Start services that end with the test: `serve("hang", limits={...})`."""
    endpoint.times.clear()
    with ExitStack() as running:

        def start(habit: str = "good", **settings: Any) -> Grader:
            model = {"base_url": endpoint.url, "name": habit, **settings.pop("model", {})}
            given = {"rubrics": rubrics, "spent": tmp_path / "spent.sqlite3", "model": model}
            return running.enter_context(grader(given | settings))

        yield start


@pytest.fixture
def ask(rubric: Rubric, answer: str) -> Callable[..., httpx2.Response]:
    """Send an explanation as the course's page does."""

    def asking(service: Grader, text: str | None = None, **headers: str) -> httpx2.Response:
        return service.post(asked(rubric, answer if text is None else text), **headers)

    return asking


def asked(rubric: Rubric, answer: str, **other: Any) -> dict[str, Any]:
    """A request's body."""
    body = {"course": rubric.course, "lesson": rubric.lesson, "rubric_sha": rubric.sha}
    return body | {"answer": answer} | other


@pytest.fixture
def body(rubric: Rubric, answer: str) -> dict[str, Any]:
    """A request's body."""
    return asked(rubric, answer)


@pytest.fixture
def raw() -> Iterator[Callable[[str], socket.socket]]:
    """Open sockets to an address, closed with the test."""
    with ExitStack() as opened:

        def connect(url: str) -> socket.socket:
            host, _, port = url.removeprefix("http://").partition(":")
            made = socket.create_connection((host, int(port)), timeout=20)
            return opened.enter_context(made)

        yield connect
