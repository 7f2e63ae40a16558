"""What a worker's error says, for a diagnostic."""


def said(error: dict[str, str]) -> str:
    """An error in one line; one of an expression itself needs no name."""
    if error["type"] == "ExpressionError":
        return error["message"]
    return f"{error['type']}: {error['message']}" if error["message"] else error["type"]


def raised_in(error: dict[str, str]) -> str:
    """The lines of a traceback that are the author's, as they stand below a diagnostic."""
    lines = [line for line in error["traceback"].splitlines() if line.strip()]
    return "\n    ".join(lines[1:-1])
