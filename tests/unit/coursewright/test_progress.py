"""Bars: on a terminal, when work lasts; never in a log."""

import os
import subprocess
import sys

import pytest

# A bar is drawn on a terminal only, and Windows has none that a test can hold.
pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")

WORK = """\
import sys, time
from coursewright.progress import Steps, told

def work(seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.01)

list(told((work({seconds}) for _ in range(4)), "Reading", 4))
steps = Steps()
steps.begin("Writing", 4)
for _ in range(4):
    work({seconds})
    steps.step()
steps.end()
"""


def on_a_terminal(seconds: float) -> str:
    """What a program shows on a terminal that works so long on each of its parts."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    command = [sys.executable, "-c", WORK.format(seconds=seconds)]
    process = subprocess.Popen(command, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while some := os.read(ours, 4096):
            shown += some
    except OSError:  # so Linux tells that the other end is closed
        pass
    os.close(ours)
    assert process.wait(timeout=30) == 0
    return shown.decode()


def test_long_work_shows_a_bar_on_a_terminal_and_takes_it_away():
    shown = on_a_terminal(0.3)
    assert "Reading: 100%" in shown
    assert "Writing: 100%" in shown
    assert shown.rstrip(" ").endswith("\r")


def test_short_work_shows_none():
    assert on_a_terminal(0.0).strip() == ""


def test_a_log_has_none():
    command = [sys.executable, "-c", WORK.format(seconds=0.3)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
