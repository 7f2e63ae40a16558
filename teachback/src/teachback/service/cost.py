"""What grading costs: the real prompt of each lesson, counted, times what an endpoint charges.

Tokens are estimated from characters, for want of each model's own tokenizer: four characters a
token, which for these prompts and replies comes within 5 % of what OpenAI's o200k_base counts.
Texts in other scripts take more. What was billed stands in the log, request by request.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..rubric import Rubric
from . import prompt
from .reply import response_format

CHARACTERS_A_TOKEN = 4.0
QUOTED = 60  # characters of a typical quote
MILLION = 1_000_000


@dataclass(frozen=True)
class Bill:
    """Tokens of one grading, and money for a thousand of them."""

    lesson: str
    tokens_in: int
    tokens_out: int
    thousand: float


def bill(rubric: Rubric, answer: str, price_in: float, price_out: float) -> Bill:
    """Count one grading of an answer; prices are for a million tokens."""
    asked = [*prompt.messages(rubric, answer), {"schema": json.dumps(form(rubric))}]
    tokens_in = tokens("".join(value for each in asked for value in each.values()))
    tokens_out = tokens(typical_reply(rubric, answer))
    cost = 1000 * (tokens_in * price_in + tokens_out * price_out) / MILLION
    return Bill(rubric.lesson, tokens_in, tokens_out, cost)


def form(rubric: Rubric) -> object:
    """The schema that is sent along, which is billed as well."""
    return response_format("strict", rubric)


def tokens(text: str) -> int:
    """About how many tokens a text has."""
    return round(len(text) / CHARACTERS_A_TOKEN)


def typical_reply(rubric: Rubric, answer: str) -> str:
    """A reply of usual length: a quote for each criterion, and a reason as long as its text."""
    quote = answer[:QUOTED]
    labels = [
        {"id": each.id, "quote": quote, "reason": each.criterion, "verdict": "partly"}
        for each in rubric.criteria
    ]
    wrong = [{"id": each.id, "quote": quote} for each in rubric.misconceptions[:1]]
    step = rubric.criteria[0].criterion if rubric.criteria else ""
    reply = {"criteria": labels, "misconceptions": wrong, "next_step": step}
    return json.dumps(reply, ensure_ascii=False)


def table(bills: list[Bill]) -> str:
    """Bills as lines of text."""
    head = f"{'lesson':<32}{'tokens in':>10}{'tokens out':>12}{'per 1,000 answers':>20}"
    lines = [
        f"{each.lesson[:31]:<32}{each.tokens_in:>10}{each.tokens_out:>12}{each.thousand:>20.2f}"
        for each in bills
    ]
    return "\n".join([head, *lines])
