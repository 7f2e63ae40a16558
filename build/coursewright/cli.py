"""`coursewright new | check | test | serve | render | finish | export | import | schema |
words | runtime`.

It ends with 0 if all is well, with 1 if something is wrong with the course or cannot be had, with
2 if the command itself is mistyped, and with 130 if Ctrl+C ended it.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from .errors import CoursewrightError, told
from .exports import command as exports
from .language.diagnostics import CourseError
from .language.packages import other_versions
from .language.schema import KINDS, json_schema
from .live import command as live
from .pages.html import counted
from .publish import command as publish
from .publish.site import check_course
from .scaffold import command as scaffold
from .testing import command as testing
from .words import CATALOGUE


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns what it ends with."""
    parser = argparse.ArgumentParser(prog="coursewright", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    add_commands(commands)
    for part in (live, publish, scaffold, testing, exports):
        part.add_commands(commands)
    options = parser.parse_args(arguments)
    try:
        done: int = options.run(options)
    except (CoursewrightError, OSError) as error:
        print(told(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130  # as shells tell of it
    return done


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands that are here."""
    checking = commands.add_parser("check", help="run a course and say everything that is wrong")
    checking.add_argument("course", type=Path, nargs="?", default=Path("course"))
    checking.add_argument(
        "--format",
        choices=["text", "json", "github"],
        default="text",
        help="how to say it: to people, to programs, or as annotations on GitHub",
    )
    checking.set_defaults(run=check)
    describing = commands.add_parser("schema", help="print the JSON Schema of lessons, for editors")
    describing.add_argument("kind", choices=sorted(KINDS), nargs="?", default="lesson")
    describing.set_defaults(run=schema)
    saying = commands.add_parser("words", help="print the words of the interface, to translate")
    saying.set_defaults(run=words)


def check(options: argparse.Namespace) -> int:
    """Say what is wrong with a course, or that nothing is."""
    form: str = options.format
    try:
        course = check_course(options.course)
    except CourseError as error:
        if form == "text":
            raise
        problems = error.diagnostics
        if form == "json":
            print(json.dumps([asdict(problem) for problem in problems], indent=2))
        else:
            print("\n".join(problem.github() for problem in problems))
        return 1
    for note in [*other_versions(course.spec), *course.notes]:
        print(note, file=sys.stderr)
    print("[]" if form == "json" else f"{counted(len(course.lessons), 'lesson')}, no problems")
    return 0


def schema(options: argparse.Namespace) -> int:
    """Print a JSON Schema."""
    print(json.dumps(json_schema(options.kind), indent=2))
    return 0


def words(options: argparse.Namespace) -> int:
    """Print the catalogue: a course says `words: words/de.json` and has its texts in that file."""
    print(CATALOGUE.read_text(encoding="utf-8"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
