"""The process that runs a course's Python at build: one JSON job a line in, one outcome a line out.

Kept apart from the build so that a demo that hangs, crashes or prints cannot harm it.
"""

import importlib
import json
import sys
from typing import Any

from . import runner
from .expressions import evaluate, formatted


def main() -> None:
    """Answer jobs until the input ends. Demos' own writes to stdout go to stderr."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        job = json.loads(line)
        try:
            outcome = demo(job) if job["kind"] == "demo" else claim(job)
        except BaseException as error:  # whatever a lesson raises is the author's to read
            outcome = {"error": runner.described(error)}
        print(json.dumps(outcome), file=answers, flush=True)


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
        module = importlib.import_module(package)
        public = getattr(module, "__all__", [name for name in dir(module) if name[0] != "_"])
        names |= {name: getattr(module, name) for name in public}
    value = evaluate(job["expression"], names)
    return {"text": formatted(value, job["format"]), "value": repr(value)}


if __name__ == "__main__":
    main()
