"""Clients that take their time are not waited for, and a service that ends finishes what runs."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from serving_grader import ORIGIN
from standin import stand_in

from conftest import head  # noqa: E402


def until_closed(socket) -> bytes:
    """All that comes until the other side closes; a reset is a way of closing."""
    got = b""
    try:
        while more := socket.recv(65_536):
            got += more
    except ConnectionResetError:
        pass
    return got
