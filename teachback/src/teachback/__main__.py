"""`python -m teachback serve | cost`: the grading service, and what it would cost.

It ends with 0 if all is well, with 1 if something is wrong, with 2 if the command is mistyped, and
with what shells expect where it is interrupted.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from math import inf, nan
from pathlib import Path

from .rubric import RubricError

MISSING = "the service needs more than the checklist: pip install 'teachback[serve]'"


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns what it ends with."""
    parser = argparse.ArgumentParser(prog="python -m teachback", description=__doc__)
    commands = parser.add_subparsers(required=True)
    serving = commands.add_parser("serve", help="grade explanations over HTTP")
    serving.add_argument("--config", type=Path, help="settings in TOML; variables go before it")
    serving.add_argument("--check", action="store_true", help="only say whether it could start")
    serving.set_defaults(run=serve)
    costing = commands.add_parser("cost", help="what a thousand answers cost")
    costing.add_argument("--rubrics", type=Path, default=Path("site/assets/teachback"))
    costing.add_argument("--input", type=price, required=True, help="price of a million tokens in")
    costing.add_argument("--output", type=price, required=True, help="... and of a million out")
    costing.add_argument(
        "--characters", type=characters, help="of an answer; else as the model answer"
    )
    costing.set_defaults(run=cost)
    options = parser.parse_args(arguments)
    try:
        done: int = options.run(options)
    except ModuleNotFoundError as error:
        return sorry(f"{MISSING} (no {error.name})")
    except KeyboardInterrupt:
        return 130  # as shells tell of it
    except (RubricError, OSError, sqlite3.Error) as error:
        return sorry(str(error))
    return done


def price(text: str) -> float:
    """A price, as the command line has it."""
    try:
        found = float(text)
    except ValueError:
        found = nan
    if not 0 <= found < inf:
        raise argparse.ArgumentTypeError(f"expected a price of 0 or more, got {text!r}")
    return found


def characters(text: str) -> int:
    """A number of characters, as the command line has it."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of characters from 1 on, got {text!r}")
    return int(text)


def serve(options: argparse.Namespace) -> int:
    """Start the service."""
    from .service.app import application
    from .service.run import serve as start
    from .service.settings import SettingsError, load

    try:
        settings = load(options.config, os.environ)
        if options.check:
            application(settings)
            print(f"ready to listen on {settings.listen}")
        else:
            start(settings)
    except SettingsError as error:
        return sorry(str(error))
    return 0


def cost(options: argparse.Namespace) -> int:
    """Print the costs."""
    from .service.cost import bill, table
    from .service.rubrics import load

    bills = []
    for rubric, _ in load(options.rubrics).values():
        answer = rubric.model_answer
        if options.characters is not None:
            answer = (answer * (options.characters // max(1, len(answer)) + 1))[
                : options.characters
            ]
        bills.append(bill(rubric, answer, options.input, options.output))
    print(table(bills))
    return 0


def sorry(message: str) -> int:
    """Say what is wrong."""
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
