"""`coursewright check | serve | runtime`: the command line of the generator."""

import argparse
import importlib
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from .assets import BUILD
from .course import load_course
from .diagnostics import CourseError
from .node import NodeNotFoundError
from .render import counted
from .runtime import RuntimeAssemblyError, assemble
from .serve import serve


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns 0, or 1 if the course has problems."""
    parser = argparse.ArgumentParser(prog="coursewright", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="read a course and say everything that is wrong")
    checking.add_argument("course", type=Path, nargs="?", default=Path("course"))
    serving = commands.add_parser("serve", help="build, serve, rebuild and reload on change")
    serving.add_argument("--config", type=Path, default=Path("mkdocs.yml"))
    serving.add_argument("--port", type=int, default=8000)
    assembling = commands.add_parser("runtime", help="put the browser's Python together")
    assembling.add_argument("course", type=Path, nargs="?", default=Path("course"))
    options = parser.parse_args(arguments)
    if options.command == "serve":
        return live(options)
    try:
        return check(options.course) if options.command == "check" else runtime(options.course)
    except (CourseError, NodeNotFoundError, RuntimeAssemblyError) as error:
        print(error, file=sys.stderr)
        return 1


def check(folder: Path) -> int:
    """Say that nothing is wrong with a course; what is wrong is raised."""
    course = load_course(folder)
    print(f"{counted(len(course.lessons), 'lesson')}, no problems")
    return 0


def runtime(folder: Path) -> int:
    """Assemble a course's runtime and print the folder it is in."""
    print(assemble(load_course(folder)).folder)
    return 0


def live(options: argparse.Namespace) -> int:
    """Serve a course's MkDocs site while its author works on it."""
    config: Path = options.config
    if not config.is_file():
        print(f"expected an MkDocs configuration at {config}, found none", file=sys.stderr)
        return 1
    root = config.resolve().parent
    candidates = (root / name for name in ("course", "docs", "pyengine", "mkdocs.yml"))
    watched = [*candidates, BUILD]
    serve(
        mkdocs_build(config),
        root / "site",
        [path for path in watched if path.exists()],
        options.port,
    )
    return 0


def mkdocs_build(config: Path) -> Callable[[], None]:
    """A function that builds the MkDocs site; MkDocs is imported only here."""
    mkdocs = importlib.import_module("mkdocs.config")
    commands = importlib.import_module("mkdocs.commands.build")
    said = logging.StreamHandler()  # MkDocs logs what is wrong, and then just says "Aborted"
    said.setLevel(logging.WARNING)
    logging.getLogger("mkdocs").addHandler(said)

    def build() -> None:
        loaded = mkdocs.load_config(str(config), strict=True)
        loaded.plugins.on_startup(command="serve", dirty=False)
        commands.build(loaded)

    return build


if __name__ == "__main__":
    sys.exit(main())
