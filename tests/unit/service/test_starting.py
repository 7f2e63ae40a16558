"""A service that cannot start says why, and ends with 1."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from serving_grader import ORIGIN


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ORIGINS": "[]"}, "origins: expected at least one origin"),
        ({"MODEL__BASE_URL": "http://far.example/v1"}, "expected https to another machine"),
        (
            {"MODEL__TOKENS": "7"},
            "model.tokens: there is no such setting; expected model.max_tokens",
        ),
        ({"RUBRICS": "/nowhere"}, "build the site first"),
        (
            {"SPENT": "/nowhere/spent"},
            "spent: expected a file that can be written, got /nowhere/spent (unable to open "
            "database file); set spent, or TEACHBACK_SPENT",
        ),
    ],
)
def test_a_service_that_cannot_start_says_why_in_one_sentence(rubrics, tmp_path, wrong, says):
    done = serve_once(rubrics, tmp_path, "--check", **wrong)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_told_in_one_line(rubrics, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        done = serve_once(rubrics, tmp_path, LISTEN=listen)
    assert done.returncode == 1
    assert done.stderr == (
        f"listen: expected an address of this machine and a free port, got {listen} (Address "
        "already in use); set listen, or TEACHBACK_LISTEN\n"
    )


def test_an_address_of_another_machine_is_told_in_one_line(rubrics, tmp_path):
    done = serve_once(rubrics, tmp_path, LISTEN="192.0.2.1:8787")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "got 192.0.2.1:8787 (" in done.stderr


def serve_once(
    rubrics: Path, folder: Path, *options: str, **other: str
) -> "subprocess.CompletedProcess[str]":
    """Start the service where it is expected to end by itself."""
    right = {
        "MODEL__BASE_URL": "http://127.0.0.1:9/v1",
        "MODEL__NAME": "good",
        "RUBRICS": str(rubrics),
        "SPENT": str(folder / "spent.sqlite3"),
        "ORIGINS": f'["{ORIGIN}"]',
    }
    given = {f"TEACHBACK_{name}": value for name, value in (right | other).items()}
    command = [sys.executable, "-m", "teachback", "serve", *options]
    return subprocess.run(
        command, env={**os.environ, **given}, capture_output=True, text=True, timeout=60
    )
