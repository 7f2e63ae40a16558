"""`bench -- grader`: how well the checklist, or a model, agrees with the gold set.

Both halves are measured: `tuned` was looked at while the checklist was worked on, `heldout` was
not. Rows `phrases/…` are of the rubrics' phrases alone, where there are any: what a rubric without
example sentences gets. The model behind any OpenAI-compatible endpoint is measured by the same
harness:

    python3 noxfile.py -s bench -- grader --endpoint http://127.0.0.1:8080/v1 --model NAME
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import gold
from gold import measures
from gold.measures import Graded, Grader

from teachback import Result, Rubric, grade

LEAST_KAPPA = 0.6
MOST_VIOLATIONS = 0.05
MOST_UNFORESEEN = 0.01
MOST_MS = 50
TIMED_CHARACTERS = 4000
TIMED_RUNS = 20


def rows(options: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Agreement and invariants of each half, and the time a long answer takes."""
    if options:
        return measured(*chosen(options))
    phrases = measured(by_phrases, "phrases", has_phrases)
    return [*measured(grade, "grader"), *phrases, speed()]


def by_phrases(rubric: Rubric, answer: str) -> Result:
    """Grade by the rubric's phrases alone."""
    return grade(replace(rubric, learned=None), answer)


def has_phrases(name: str) -> bool:
    """Whether a rubric has phrases: those of the lessons have none."""
    return all(each.look_for for each in gold.rubric(name).criteria)


def measured(
    grader: Grader, name: str, fits: Callable[[str], bool] = lambda rubric: True
) -> list[dict[str, Any]]:
    """Agreement and invariants of each half, on the rubrics that fit."""
    found = []
    for half in gold.HALVES:
        answers = [each for each in gold.answers(half) if fits(each.rubric)]
        results = measures.graded(answers, grader)
        found += agreement(f"{name}/{half}", results, grader)
        found += invariants(f"{name}/{half}", results, grader)
    return found


def chosen(options: Sequence[str]) -> tuple[Grader, str]:
    """The model that the options name."""
    parser = argparse.ArgumentParser(prog="bench -- grader")
    parser.add_argument(
        "--endpoint", required=True, help="base address of an OpenAI-compatible endpoint"
    )
    parser.add_argument("--model", required=True, help="the model's name there")
    parser.add_argument("--key-env", help="the variable of the environment that holds the key")
    given = parser.parse_args(list(options))
    return model(given.endpoint, given.model, os.environ.get(given.key_env or "")), given.model


def model(endpoint: str, name: str, key: str | None) -> Grader:
    """A grader that asks a model, as the service does."""
    from pydantic import SecretStr

    from teachback.service.model import ModelGrader
    from teachback.service.settings import ModelSettings

    secret = {"api_key": SecretStr(key)} if key else {}
    return ModelGrader(ModelSettings(base_url=endpoint, name=name, **secret)).grade_now


def agreement(name: str, results: Sequence[Graded], grader: Grader) -> list[dict[str, Any]]:
    """How far the scores are those of the labels."""
    kappa = measures.kappa(measures.scores(results))
    ranks = measures.rank_violations(results)
    found = [
        figure(f"{name}/kappa", kappa, "", LEAST_KAPPA, kappa >= LEAST_KAPPA),
        figure(f"{name}/verdicts", measures.criterion_agreement(results), "share"),
        figure(f"{name}/rank", ranks, "share", MOST_VIOLATIONS, ranks <= MOST_VIOLATIONS),
    ]
    unforeseen = measures.raised_by_unforeseen(results, grader)
    found.append(
        figure(
            f"{name}/raised by unforeseen payloads",
            unforeseen,
            "share",
            MOST_UNFORESEEN,
            unforeseen <= MOST_UNFORESEEN,
        )
    )
    bands = ((band, measures.band_agreement(results, band)) for band in measures.BANDS)
    return found + [figure(f"{name}/band {band}", share, "share") for band, share in bands]


def invariants(name: str, results: Sequence[Graded], grader: Grader) -> list[dict[str, Any]]:
    """How many answers break what must never be broken."""
    broken = {
        **{f"{kind} too high": measures.too_high(results, kind) for kind in measures.MOST},
        "off its base": measures.unlike_base(results),
        "raised by injection": measures.raised_by_injection(results),
        "raised by payloads": measures.raised_by_payloads(results, grader),
        "raised by padding": measures.raised_by_padding(results, grader),
    }
    return [figure(f"{name}/{what}", len(which), "answers", 0, not which)
            for what, which in broken.items()]  # fmt: skip


def speed() -> dict[str, Any]:
    """Milliseconds for an answer of 4,000 characters: the best run, least disturbed by others."""
    longest = max(gold.answers("tuned"), key=lambda each: len(each.text))
    text = (longest.text * (TIMED_CHARACTERS // len(longest.text) + 1))[:TIMED_CHARACTERS]
    rubric = gold.rubric(longest.rubric)
    grade(rubric, text)  # the first reads the rubric's phrases
    best = min(milliseconds(lambda: grade(rubric, text)) for _ in range(TIMED_RUNS))
    return figure("grader/4,000 characters", best, "ms", MOST_MS, best <= MOST_MS)


def milliseconds(job: Callable[[], object]) -> float:
    """How long a job takes."""
    started = time.perf_counter()
    job()
    return (time.perf_counter() - started) * 1000


def figure(
    name: str, value: float, unit: str, bar: float | None = None, met: bool | None = None
) -> dict[str, Any]:
    """A row of the table; some bars are met from above."""
    about = {"against": None, "peer": None, "ratio": value, "runs": 1}
    return {"name": name, "value": value, "unit": unit, **about, "bar": bar, "met": met}
