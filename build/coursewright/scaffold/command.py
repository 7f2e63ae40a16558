"""`coursewright new course | lesson`: reading the command line."""

import argparse
import os
from pathlib import Path

from .course import new_course
from .lesson import new_lesson


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what this command takes."""
    making = commands.add_parser("new", help="begin a course, or a lesson of one")
    kinds = making.add_subparsers(dest="kind", required=True)
    course = kinds.add_parser("course", help="a course with a lesson, and the site around it")
    course.add_argument("folder", type=Path, metavar="DIR")
    course.add_argument("--title")
    course.set_defaults(run=make_course)
    lesson = kinds.add_parser("lesson", help="a lesson, listed in course.yml")
    lesson.add_argument("name", help="lower-case words joined by '-'")
    lesson.add_argument("--course", type=Path, default=Path("course"))
    lesson.set_defaults(run=make_lesson)


def make_course(options: argparse.Namespace) -> int:
    """Write a course and say what to do next."""
    for file in new_course(options.folder, options.title):
        print(os.fspath(file))
    print(f"\nNow: cd {os.fspath(options.folder)} && coursewright check")
    return 0


def make_lesson(options: argparse.Namespace) -> int:
    """Write a lesson."""
    new_lesson(options.course, options.name)
    return 0
