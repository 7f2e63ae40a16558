"""Clients that take their time are not waited for, and a service that ends finishes what runs."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest
from serving_grader import ORIGIN, head
from standin import stand_in

SHORT = {"header_seconds": 0.3, "body_seconds": 0.3}


def until_closed(connection: socket.socket) -> bytes:
    """All that comes until the other side closes; a reset is a way of closing."""
    got = b""
    try:
        while more := connection.recv(65_536):
            got += more
    except ConnectionResetError:
        pass
    return got


def drip(connection: socket.socket, drops: bytes) -> bytes:
    """Send byte by byte until the other side has had enough; returns what it said."""
    try:
        for n in range(len(drops)):
            connection.sendall(drops[n : n + 1])
            threading.Event().wait(0.02)  # a slow client is slow
    except OSError:
        pass
    return until_closed(connection)


def test_a_body_that_does_not_come_is_not_waited_for(serve, raw, body):
    connection = raw(serve(limits=SHORT).url)
    connection.sendall(head(body) + b'{"course"')
    got = until_closed(connection)
    assert b" 408 " in got.split(b"\r\n", 1)[0]
    assert b'"too_slow"' in got


def test_a_body_that_comes_in_drops_is_not_waited_for(serve, raw, body):
    connection = raw(serve(limits=SHORT).url)
    connection.sendall(head(body))
    got = drip(connection, json.dumps(body).encode())
    assert b" 200 " not in got.split(b"\r\n", 1)[0]


def test_a_head_that_does_not_end_is_cut_off(serve, raw):
    connection = raw(serve(limits=SHORT).url)
    connection.sendall(b"POST /v1/grade HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    assert until_closed(connection) == b""


def test_a_connection_that_says_nothing_is_cut_off(serve, raw):
    assert until_closed(raw(serve(limits=SHORT).url)) == b""


def test_a_refused_body_is_not_read_for_ever(serve, raw):
    connection = raw(serve(limits=SHORT).url)
    connection.sendall(head(b"", Origin="https://evil.example", **{"Content-Length": "40000"}))
    got = drip(connection, b"x" * 2000)
    assert b" 403 " in got.split(b"\r\n", 1)[0] or got == b""


def test_a_head_too_long_is_refused(serve, raw):
    connection = raw(serve().url)
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 70_000)
    got = until_closed(connection)
    assert got == b"" or b" 400 " in got.split(b"\r\n", 1)[0]


def test_slow_clients_do_not_keep_others_waiting(serve, raw, ask):
    service = serve()
    for _ in range(50):
        raw(service.url).sendall(b"POST /v1/grade HTTP/1.1\r\nHost: x\r\n")
    assert ask(service).status_code == 200


def test_a_client_that_leaves_while_sending_is_no_error(serve, raw, body, ask):
    service = serve()
    connection = raw(service.url)
    connection.sendall(head(body) + b'{"course"')
    connection.close()
    assert ask(service).status_code == 200
    assert '"level": "error"' not in service.log


@pytest.fixture
def program(tmp_path: Path, rubrics: Path):
    """`python -m teachback serve` in a process of its own, on a free port."""
    running: list[subprocess.Popen[str]] = []

    def start(url: str, **more: str) -> tuple["subprocess.Popen[str]", str]:
        variables = {
            "MODEL__BASE_URL": url,
            "MODEL__NAME": "good",
            "LISTEN": "127.0.0.1:0",
            "RUBRICS": str(rubrics),
            "SPENT": str(tmp_path / "spent.sqlite3"),
            "ORIGINS": json.dumps([ORIGIN]),
        } | more
        given = {f"TEACHBACK_{name}": value for name, value in variables.items()}
        command = [sys.executable, "-m", "teachback", "serve"]
        process = subprocess.Popen(
            command, env={**os.environ, **given}, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        assert process.stderr
        for line in process.stderr:
            told = json.loads(line)
            if told["event"] == "listening":
                return process, f"http://{told['host']}:{told['port']}"
        raise AssertionError("it did not start")

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_a_service_that_is_told_to_stop_finishes_what_runs(program, body):
    with stand_in(delay=1) as endpoint:
        process, url = program(endpoint.url)
        got: list[httpx2.Response] = []

        def ask() -> None:
            headers = {"Origin": ORIGIN}
            got.append(
                httpx2.post(
                    f"{url}/v1/grade", json=body, headers=headers, timeout=20, trust_env=False
                )
            )

        asking = threading.Thread(target=ask)
        asking.start()
        assert endpoint.arrived.wait(20)
        process.send_signal(signal.SIGTERM)
        asking.join()
        assert (got[0].status_code, got[0].json()["graded_by"]["kind"]) == (200, "model")
        assert process.wait(20) in (0, -signal.SIGTERM)
        assert process.stderr
        assert "Traceback" not in process.stderr.read()


def test_a_key_in_the_environment_is_the_one_that_is_sent(program, body):
    with stand_in() as endpoint:
        _, url = program(endpoint.url, API_KEY="sk-of-the-environment")
        httpx2.post(f"{url}/v1/grade", json=body, headers={"Origin": ORIGIN}, trust_env=False)
        assert endpoint.headers[0]["authorization"] == "Bearer sk-of-the-environment"
