"""`coursewright render | finish | runtime`: reading the command line."""

import argparse
import sys
from pathlib import Path

from ..pages.html import counted
from .data import ready_course
from .finish import finish
from .folder import MANIFEST, expect_free, write_folder
from .runtime import assemble
from .site import build_site


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what these commands take."""
    rendering = commands.add_parser("render", help="write pages and files for any site builder")
    rendering.add_argument("course", type=Path, nargs="?", default=Path("course"))
    rendering.add_argument("--out", type=Path, required=True, help="an empty or earlier folder")
    rendering.set_defaults(run=render)
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
    finishing.set_defaults(run=finish_site)
    assembling = commands.add_parser("runtime", help="put the browser's Python together")
    assembling.add_argument("course", type=Path, nargs="?", default=Path("course"))
    assembling.set_defaults(run=runtime)


def render(options: argparse.Namespace) -> int:
    """Write a course's pages and files into a folder."""
    out: Path = options.out
    expect_free(out)  # before all the work
    site = build_site(options.course)
    write_folder(site, out)
    if site.report:
        print(site.report)
    for note in site.notes:
        print(note, file=sys.stderr)
    print(f"{counted(len(site.pages), 'page')} in {out}; {MANIFEST} says what each must load")
    return 0


def finish_site(options: argparse.Namespace) -> int:
    """Check a site that was built of a rendered folder, and finish it."""
    pages = finish(options.rendered, options.site, options.style)
    print(f"{counted(pages, 'page')} in {options.site}, each with its policy")
    return 0


def runtime(options: argparse.Namespace) -> int:
    """Assemble a course's runtime and print the folder it is in."""
    print(assemble(ready_course(options.course)).folder)
    return 0
