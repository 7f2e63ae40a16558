"""`coursewright check | serve | runtime`: the command line of the generator."""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from .assets import BUILD, browser_folder
from .cache import CacheError
from .language.course import load_course
from .language.diagnostics import CourseError
from .language.source import read
from .live.serve import serve
from .live.workshop import Worker, Workshop
from .node import NodeNotFoundError
from .pages.html import counted
from .publish.runtime import RuntimeAssemblyError, assemble
from .publish.site import check_course


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns 0, or 1 if the course has problems."""
    parser = argparse.ArgumentParser(prog="coursewright", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="run a course and say everything that is wrong")
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
    except (CacheError, CourseError, NodeNotFoundError, RuntimeAssemblyError) as error:
        print(error, file=sys.stderr)
        return 1


def check(folder: Path) -> int:
    """Say that nothing is wrong with a course; what is wrong is raised."""
    course = check_course(folder)
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
    workshop = Workshop(Worker(partial(site_builder, config)), root / "site", browser_folder())
    return serve(workshop, partial(watched, root), options.port)


def site_builder(config: Path) -> Callable[[Path], None]:
    """What builds the site into a folder; only here, so that nothing else needs MkDocs."""
    from .mkdocs_plugin import mkdocs_build

    return mkdocs_build(config)


def watched(root: Path) -> list[Path]:
    """What the site is made from: the author's files, the course's packages, the generator."""
    ours = [root / name for name in ("course", "docs", "mkdocs.yml")]
    return [path for path in [*ours, *packages(root / "course"), BUILD] if path.exists()]


def packages(folder: Path) -> list[Path]:
    """The package folders of a course, also while something else in its `course.yml` is wrong."""
    file = folder / "course.yml"
    data = read(str(file), file.read_bytes()).data if file.is_file() else None
    named = data.get("packages") if isinstance(data, dict) else None
    names = named if isinstance(named, list) else []
    return [(folder / name).resolve() for name in names if isinstance(name, str)]


if __name__ == "__main__":
    sys.exit(main())
