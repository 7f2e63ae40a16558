"""The process that runs a course's Python at build: one JSON job a line in, one outcome a line out.

Kept apart from the build so that a demo that hangs, crashes or prints cannot harm it.
"""

import importlib
import json
import os
from typing import Any, TextIO

from .. import runner
from ..language.expressions import evaluate, formatted, public_names


def main() -> None:
    """Answer jobs until the input ends."""
    jobs, answers = private_channel()
    for line in jobs:
        job = json.loads(line)
        try:
            text = json.dumps(demo(job) if job["kind"] == "demo" else claim(job), allow_nan=False)
        except BaseException as error:  # whatever a lesson raises is the author's to read
            text = json.dumps({"error": runner.described(error)})
        print(text, file=answers, flush=True)


def private_channel() -> tuple[TextIO, TextIO]:
    """The pipes of jobs and answers, out of a demo's reach: what it reads is empty, what it writes
    goes to stderr, also when it asks the operating system and not `sys.stdout`.
    """
    jobs = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return jobs, answers


def demo(job: dict[str, Any]) -> dict[str, Any]:
    """Run a demo at its default settings and check what the lesson expects of the result."""
    value, displays = runner.call(job["target"], job["arguments"])
    outcome: dict[str, Any] = {"displays": displays}
    if job["expect"]:
        outcome["holds"] = bool(evaluate(job["expect"], {"result": value}))
        outcome["result"] = repr(value)
    return outcome


def claim(job: dict[str, Any]) -> dict[str, Any]:
    """Compute a number of the prose."""
    names: dict[str, Any] = {}
    for package in job["packages"]:
        names |= public_names(importlib.import_module(package))
    value = evaluate(job["expression"], names)
    return {"text": formatted(value, job["format"]), "value": repr(value)}


if __name__ == "__main__":
    main()
