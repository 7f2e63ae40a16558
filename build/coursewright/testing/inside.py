"""What a page's Python is given to do a job as the build's worker does it.

The text of this module travels to the page as that of a demo a reader has changed would, and with
it those of the worker's modules: what readers load stays as it is.
"""

import importlib
import json
from pathlib import Path
from typing import Any

from coursewright import runner

OUTCOME = "application/vnd.nudge.outcome+json"


class Done:
    """A job's outcome, as a display."""

    def __init__(self, outcome: dict[str, Any]) -> None:
        self.outcome = outcome

    def _repr_mimebundle_(self) -> dict[str, Any]:
        return {OUTCOME: self.outcome}


def run(files: dict[str, str], job: dict[str, Any]) -> Done:
    """Do a job with the worker, whose modules are put beside the runner first."""
    for name, text in files.items():
        file = Path(runner.__file__).parent / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    importlib.invalidate_caches()
    worker = importlib.import_module("coursewright.baking.worker")
    return Done(json.loads(worker.answer(job)))
