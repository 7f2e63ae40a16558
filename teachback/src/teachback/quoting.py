"""The learner's own words around what was found: whole clauses of the answer, as they stand."""

from __future__ import annotations

from .relations import Hit

ENDS = ".!?;:,\n"
FARTHEST = 80  # characters to either side of a word, where no clause ends sooner
LONGEST = 240


def quoted(hit: Hit, answer: str) -> str:
    """The clauses from the first word found to the last, or as much as a quote should hold."""
    if not hit.tokens:
        return ""
    first = min(token.start for token in hit.tokens)
    last = max(token.end for token in hit.tokens if token.end < first + LONGEST)
    return answer[clause_start(first, answer) : clause_end(last, answer)].strip()


def clause_start(at: int, answer: str) -> int:
    """Where the clause begins that holds a place."""
    first = max(0, at - FARTHEST)
    cut = max(answer.rfind(end, first, at) for end in ENDS)
    return cut + 1 if cut >= 0 else word_start(first, answer)


def word_start(at: int, answer: str) -> int:
    """The nearest beginning of a word before a place."""
    while at > 0 and answer[at - 1].isalnum():
        at -= 1
    return at


def clause_end(at: int, answer: str) -> int:
    """Where the clause ends that holds a place."""
    found = [cut for end in ENDS if (cut := answer.find(end, at, at + FARTHEST)) >= 0]
    end = min(found, default=min(len(answer), at + FARTHEST))
    while not found and end < len(answer) and answer[end].isalnum():
        end += 1
    return end
