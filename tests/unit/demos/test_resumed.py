"""Demos that train go on from a checkpoint as if they had never stopped: the same displays."""

import json

import pytest

from coursewright import runner

RUNS = {
    "validation:run": {"text": 30, "width": 8, "steps": 60},
    "next_word:training": {"prompt": "the capital of Peru is"},
    "loop:train": {"lr": 0.01, "batch_size": 4},
    "schedules:train": {"kind": "wsd", "seed": 1},
}


def ask(action, **arguments):
    """What the runner answers, as a page gets it."""
    answer = json.loads(runner.run(action, json.dumps(arguments)))
    assert "error" not in answer, answer["error"]["traceback"]
    return answer["displays"]


def step(target, fresh=False, kept=None):
    given = {"stream": target, "run": target, "arguments": RUNS[target], "milliseconds": 0}
    return ask("@stream", **given, fresh=fresh, kept=kept)


@pytest.mark.parametrize("target", RUNS)
def test_a_run_that_was_kept_goes_on_with_the_same_pictures(target):
    whole = [step(target, fresh=True), *(step(target) for _ in range(5))]
    step(target, fresh=True)
    step(target)
    ((kept,),) = (each.values() for each in ask("@keep", stream=target))
    runner.STREAMS.clear()  # another Python
    resumed = [step(target, fresh=True, kept=kept), *(step(target) for _ in range(3))]
    assert resumed == whole[2:]
