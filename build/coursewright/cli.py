"""`coursewright new | check | test | serve | render | finish | export | import | schema | runtime`.

It ends with 0 if all is well, with 1 if something is wrong with the course or cannot be had, and
with 2 if the command itself is mistyped.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from .cache import CacheError
from .exports import command as exports
from .language.course import load_course
from .language.diagnostics import CourseError
from .language.packages import other_versions
from .language.schema import KINDS, json_schema
from .live import command as live
from .node import NodeNotFoundError
from .pages.html import counted
from .publish.finish import UnfinishedError, finish
from .publish.folder import MANIFEST, write_folder
from .publish.runtime import RuntimeAssemblyError, assemble
from .publish.site import build_site, check_course
from .scaffold import command as scaffold
from .scaffold.files import RefusedError
from .testing import command as testing
from .testing.browser import BrowserError

EXPECTED = (
    BrowserError,
    CacheError,
    CourseError,
    FileExistsError,
    FileNotFoundError,
    NodeNotFoundError,
    RefusedError,
    RuntimeAssemblyError,
    UnfinishedError,
)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns 0, or 1 if the course has problems."""
    parser = argparse.ArgumentParser(prog="coursewright", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="run a course and say everything that is wrong")
    checking.add_argument("course", type=Path, nargs="?", default=Path("course"))
    checking.add_argument(
        "--format",
        choices=["text", "json", "github"],
        default="text",
        help="how to say it: to people, to programs, or as annotations on GitHub",
    )
    describing = commands.add_parser("schema", help="print the JSON Schema of lessons, for editors")
    describing.add_argument("kind", choices=sorted(KINDS), nargs="?", default="lesson")
    rendering = commands.add_parser("render", help="write pages and files for any site builder")
    rendering.add_argument("course", type=Path, nargs="?", default=Path("course"))
    rendering.add_argument("--out", type=Path, required=True, help="an empty or earlier folder")
    finishing = commands.add_parser(
        "finish", help="check what another builder made; add the policy"
    )
    finishing.add_argument("site", type=Path, help="the folder with the built pages")
    finishing.add_argument("--rendered", type=Path, required=True, help="what it was built from")
    finishing.add_argument(
        "--style",
        action="append",
        default=[],
        metavar="sha256-…",
        help="an inline style of the theme to allow; browsers name those they refuse",
    )
    assembling = commands.add_parser("runtime", help="put the browser's Python together")
    assembling.add_argument("course", type=Path, nargs="?", default=Path("course"))
    live.add_commands(commands)
    scaffold.add_commands(commands)
    testing.add_commands(commands)
    exports.add_commands(commands)
    options = parser.parse_args(arguments)
    if options.command == "schema":
        print(json.dumps(json_schema(options.kind), indent=2))
        return 0
    try:
        if options.command == "check":
            return check(options.course, options.format)
        if options.command == "runtime":
            return runtime(options.course)
        if options.command == "render":
            return render(options.course, options.out)
        if options.command == "finish":
            pages = finish(options.rendered, options.site, options.style)
            print(f"{counted(pages, 'page')} in {options.site}, each with its policy")
            return 0
        done: int = options.run(options)
        return done
    except EXPECTED as error:
        print(error, file=sys.stderr)
        return 1


def check(folder: Path, form: str) -> int:
    """Say what is wrong with a course, or that nothing is."""
    try:
        course = check_course(folder)
    except CourseError as error:
        if form == "text":
            raise
        problems = error.diagnostics
        if form == "json":
            print(json.dumps([asdict(problem) for problem in problems], indent=2))
        else:
            print("\n".join(problem.github() for problem in problems))
        return 1
    for note in other_versions(course.spec):
        print(note, file=sys.stderr)
    print("[]" if form == "json" else f"{counted(len(course.lessons), 'lesson')}, no problems")
    return 0


def render(folder: Path, out: Path) -> int:
    """Write a course's pages and files into a folder."""
    site = build_site(folder)
    write_folder(site, out)
    if site.report:
        print(site.report)
    print(f"{counted(len(site.pages), 'page')} in {out}; {MANIFEST} says what each must load")
    return 0


def runtime(folder: Path) -> int:
    """Assemble a course's runtime and print the folder it is in."""
    print(assemble(load_course(folder)).folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
