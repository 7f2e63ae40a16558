"""What the grading service adds to its endpoint's time, when two hundred learners use one process.

The endpoint is a stand-in that takes one second. Clients arrive over a minute and stay for another;
each sends an explanation of its own, reads the result, and sends the next. Every other time it asks
the endpoint itself with a request of the same size: both sides share one run, and the machine's
noise. Then one client sends more than it may, under the limits that operators get by default.
"""

import asyncio
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
from run import ROOT, row

from teachback import Criterion, Rubric
from teachback.service import prompt
from teachback.service.settings import LimitSettings

CLIENTS, ARRIVING, STAYING, DELAY = 200, 60, 60, 1.0
UNLIMITED, USUAL = ["1000/minute"], LimitSettings().per_client
READING = 4.0  # seconds between a result and the next explanation
TLS = ssl.create_default_context()  # one for all: making it takes longer than a request
INSIDE = r'"graded_by": "model".*"seconds": ([0-9.]+)'
ORIGIN = "https://course.example"
WORDS = "the model gives every next word a probability and the loss tells how wrong it was"


def rows() -> list[dict[str, Any]]:
    """Measure under load, then at the limits."""
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as running:
        rubric = write_rubric(Path(scratch))
        endpoint = running.enter_context(stand_in())
        process, url = running.enter_context(service(Path(scratch), endpoint, UNLIMITED))
        load = Load(rubric, url, endpoint, process.pid)
        asyncio.run(load.run())
        limited, limited_url = running.enter_context(service(Path(scratch), endpoint, USUAL))
        limits = asyncio.run(too_many(rubric, limited_url))
        assert limited.poll() is None
        inside = [1000 * float(each) for each in re.findall(INSIDE, logs(Path(scratch)))]
        troubles = Counter(re.findall(r'"trouble": "([^"]*)"', logs(Path(scratch))))
    print(f"{CLIENTS} clients over {ARRIVING} s, then {STAYING} s: {load.statuses} of the service,")
    print(f"{len(load.direct)} of the endpoint alone; troubles: {dict(troubles)}")
    beside = row("inside the service, 95th percentile", [percentile(inside, 95)], "ms", None, None)
    return [*load.rows(), beside, *limits]


class Load:
    """Clients that come, and stay."""

    def __init__(self, rubric: Rubric, url: str, endpoint: str, pid: int) -> None:
        self.rubric, self.url, self.endpoint, self.pid = rubric, url, endpoint, pid
        self.through: list[float] = []
        self.direct: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.memory: list[float] = []

    async def run(self) -> None:
        """Let them all come, and look at the memory meanwhile."""
        self.end = time.monotonic() + ARRIVING + STAYING
        self.cpu_before = processor_seconds(self.pid)
        async with asyncio.TaskGroup() as group:
            group.create_task(self.watch())
            for n in range(CLIENTS):
                group.create_task(self.client(n))
        self.cpu_after = processor_seconds(self.pid)

    async def client(self, n: int) -> None:
        """One learner, known by an address of their own."""
        await asyncio.sleep(ARRIVING * n / CLIENTS)
        headers = {"Origin": ORIGIN, "X-Forwarded-For": f"10.1.{n // 250}.{n % 250 + 1}"}
        options: dict[str, Any] = {"timeout": 40, "trust_env": False, "verify": TLS}
        async with httpx2.AsyncClient(headers=headers, **options) as client:
            turn = n
            while time.monotonic() < self.end:
                said = f"{WORDS}, said {n} the {turn}th time"
                await (self.ask_service if turn % 2 else self.ask_endpoint)(client, said)
                turn += 1
                await asyncio.sleep(READING)

    async def ask_service(self, client: httpx2.AsyncClient, said: str) -> None:
        """Through the service."""
        started = time.perf_counter()
        got = await client.post(f"{self.url}/v1/grade", json=asked(self.rubric, said))
        self.through.append(1000 * (time.perf_counter() - started))
        kind = got.json().get("graded_by", {}).get("kind", "nobody")
        self.statuses[f"{got.status_code} by {kind}"] += 1

    async def ask_endpoint(self, client: httpx2.AsyncClient, said: str) -> None:
        """The same prompt, sent by the client itself."""
        body = {"model": "good", "messages": prompt.messages(self.rubric, said)}
        started = time.perf_counter()
        got = await client.post(f"{self.endpoint}/chat/completions", json=body)
        self.direct.append(1000 * (time.perf_counter() - started))
        assert got.status_code == 200

    async def watch(self) -> None:
        """Megabytes of the service, from the moment all have come until the end."""
        await asyncio.sleep(ARRIVING + 5)
        while time.monotonic() < self.end - 1:
            self.memory.append(await asyncio.to_thread(megabytes, self.pid))
            await asyncio.sleep(5)

    @property
    def cpu(self) -> float:
        """Seconds of processor time that the service took while they were there."""
        return self.cpu_after - self.cpu_before

    def rows(self) -> list[dict[str, Any]]:
        """What was measured."""
        errors = sum(n for each, n in self.statuses.items() if each != "200 by model")
        added = percentile(self.through, 95) - percentile(self.direct, 95)
        middle = percentile(self.through, 50) - percentile(self.direct, 50)
        return [
            row(
                "95th percentile",
                [percentile(self.through, 95)],
                "ms",
                [percentile(self.direct, 95)],
                None,
            ),
            row(
                "median", [percentile(self.through, 50)], "ms", [percentile(self.direct, 50)], None
            ),
            row("added, 95th percentile", [added], "ms", None, 50),
            row("added, median", [middle], "ms", None, None),
            row(
                "not graded by the model", [float(errors)], "of " + str(len(self.through)), None, 0
            ),
            row(
                "processor time of a request",
                [1000 * self.cpu / len(self.through)],
                "ms",
                None,
                None,
            ),
            row("memory at the end", self.memory[-2:], "MB", self.memory[:2], 1.05),
        ]


async def too_many(rubric: Rubric, url: str) -> list[dict[str, Any]]:
    """One client sends thirty at once; another one, once."""
    async with httpx2.AsyncClient(timeout=40, trust_env=False, base_url=url) as client:

        async def ask(address: str, n: int) -> httpx2.Response:
            headers = {"Origin": ORIGIN, "X-Forwarded-For": address}
            return await client.post(
                "/v1/grade", json=asked(rubric, f"{WORDS} {n}"), headers=headers
            )

        got = await asyncio.gather(*(ask("10.9.9.9", n) for n in range(30)))
        other = await ask("10.9.9.8", 0)
    waits = [float(each.headers["Retry-After"]) for each in got if each.status_code == 429]
    print(f"thirty at once: {Counter(each.status_code for each in got)}; another client: {other}")
    return [
        row("429 of 30 at once", [float(len(waits))], "", None, None),
        row("Retry-After", waits, "s", None, None),
    ]


def asked(rubric: Rubric, said: str) -> dict[str, str]:
    """A request of a page."""
    names = {"course": rubric.course, "lesson": rubric.lesson, "rubric_sha": rubric.sha}
    return names | {"answer": said}


def percentile(values: list[float], which: int) -> float:
    """The value below which that many of a hundred lie."""
    return sorted(values)[min(len(values) - 1, len(values) * which // 100)]


def megabytes(pid: int) -> float:
    """A process's resident memory."""
    told = subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)], text=True)
    return int(told) / 1024


def processor_seconds(pid: int) -> float:
    """A process's processor time so far."""
    told = subprocess.check_output(["ps", "-o", "time=", "-p", str(pid)], text=True).strip()
    seconds = 0.0
    for part in told.replace("-", ":").split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


def write_rubric(folder: Path) -> Rubric:
    """A rubric of usual size."""
    texts = [f"{WORDS}, and that is idea {n} of this lesson" for n in range(5)]
    criteria = tuple(Criterion(f"idea-{n}", 2, text) for n, text in enumerate(texts))
    made = Rubric("nudge", "load", "Explain it.", criteria, model_answer=" ".join(["so"] * 150))
    (folder / "load.json").write_text(made.to_json(), encoding="utf-8")
    return made


@contextmanager
def stand_in() -> Iterator[str]:
    """The endpoint, in a process of its own; its address."""
    port = free_port()
    command = [sys.executable, str(ROOT / "tests" / "standin.py"), str(port), str(DELAY)]
    with ended(subprocess.Popen(command, stdout=subprocess.DEVNULL)):
        wait_for(f"http://127.0.0.1:{port}/v1/chat/completions")
        yield f"http://127.0.0.1:{port}/v1"


@contextmanager
def service(
    folder: Path, endpoint: str, rates: list[str]
) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """The service, as operators start it; its process and address."""
    port = free_port()
    given = {
        "LISTEN": f"127.0.0.1:{port}",
        "MODEL__BASE_URL": endpoint,
        "MODEL__NAME": "good",
        "RUBRICS": str(folder),
        "SPENT": str(folder / "spent.sqlite3"),
        "ORIGINS": json.dumps([ORIGIN]),
        "TRUSTED_PROXIES": '["127.0.0.1"]',
        "LIMITS__PER_CLIENT": json.dumps(rates),
        "LIMITS__CACHE_ENTRIES": "200",  # full, long before the memory is first looked at
        "LIMITS__TOKENS_PER_DAY": "1_000_000_000",
    }
    variables = {f"TEACHBACK_{name}": text for name, text in given.items()}
    command = [sys.executable, "-m", "teachback", "serve"]
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **variables}, stderr=log)
        with ended(process):
            wait_for(f"http://127.0.0.1:{port}/healthz")
            yield process, f"http://127.0.0.1:{port}"


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """End a process with the block."""
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def logs(folder: Path) -> str:
    """What the services have logged."""
    return "".join(file.read_text() for file in folder.glob("*.log"))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str) -> None:
    """Until something answers there."""
    for _ in range(200):
        try:
            httpx2.get(url, trust_env=False)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)
