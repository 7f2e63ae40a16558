"""`coursewright export notebook | anki` and `coursewright import`: reading the command line."""

import argparse
import os
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ..baking.keys import Keys
from ..cache import bake_cache
from ..pages.formulas import FormulaError, Formulas
from ..scaffold.files import ID, RefusedError, write_new
from ..scaffold.lesson import list_lesson
from .carried import carrier
from .draft import draft, slug
from .notebook import notebook
from .selected import cooked_lessons


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what these commands take."""
    exporting = commands.add_parser("export", help="write lessons for other programs")
    formats = exporting.add_subparsers(dest="format", required=True)
    jupyter = formats.add_parser("notebook", help="a Jupyter notebook for each lesson")
    jupyter.add_argument("--out", type=Path, required=True, metavar="DIR")
    jupyter.set_defaults(run=export_notebooks)
    anki = formats.add_parser("anki", help="the lessons' cards as an Anki deck")
    anki.add_argument("--out", type=Path, required=True, metavar="FILE.apkg")
    anki.set_defaults(run=export_anki)
    for parser in (jupyter, anki):
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("lesson", nargs="?", help="the lesson's id")
        chosen.add_argument("--all", action="store_true", help="every lesson of the course")
        parser.add_argument("--course", type=Path, default=Path("course"))
    importing = commands.add_parser("import", help="draft a lesson from a Jupyter notebook")
    importing.add_argument("notebook", type=Path)
    importing.add_argument("--out", type=Path, metavar="LESSON.yml")
    importing.set_defaults(run=import_notebook)


def export_notebooks(options: argparse.Namespace) -> int:
    """Write a notebook for each lesson into a folder."""
    folder: Path = options.out
    lessons = cooked_lessons(options.course, options.lesson)
    course = lessons[0].course
    own = [*course.package_folders(), *(wheel.file for wheel in course.wheels())]
    taken = carrier(course, Keys(course), {place: as_path(place, folder) for place in own})
    for cooked in lessons:
        text = notebook(cooked, taken)
        file = folder / f"{cooked.spec.id}.ipynb"
        written(file, text.encode())
    return 0


def as_path(package: Path, start: Path) -> str:
    """A package's place as pip tells it from a name on an index, seen from another folder."""
    try:
        path = Path(os.path.relpath(package.resolve(), start.resolve())).as_posix()
    except ValueError:  # another drive, where no relative path leads
        return package.resolve().as_posix()
    return path if path.startswith(".") else f"./{path}"


def export_anki(options: argparse.Namespace) -> int:
    """Write the lessons' cards into one file."""
    from .anki import package  # only here: nothing else needs genanki

    file: Path = options.out
    if file.suffix != ".apkg":
        raise RefusedError(f"expected a file that ends in .apkg, got {file}; Anki opens no other")
    cooked = [one for one in cooked_lessons(options.course, options.lesson) if one.spec.flashcards]
    if not cooked:
        raise RefusedError("expected cards, found none: write them under `flashcards:`")
    written(file, package(cooked))
    return 0


def written(file: Path, raw: bytes) -> None:
    """Write a file, also over an earlier one, and say so."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
    except OSError as error:
        raise RefusedError(f"cannot write {file}: {error.strerror}") from None
    print(os.fspath(file))


def import_notebook(options: argparse.Namespace) -> int:
    """Write the draft of a lesson, and list it if it lies in a course."""
    source: Path = options.notebook
    file = options.out or Path("course") / "lessons" / f"{slug(source.stem) or 'draft'}.yml"
    course = file.parent.parent
    if not re.fullmatch(ID, file.stem) or file.suffix != ".yml":
        suggested = file.with_name(f"{slug(file.stem) or 'draft'}.yml")
        raise RefusedError(f"expected a lesson's file such as {suggested}, got {file}")
    if options.out is None and not (course / "course.yml").is_file():
        raise RefusedError("expected a course in `course`, found none; name a file with --out")
    with closing(Formulas({}, bake_cache())) as formulas:
        made = draft(source, file.stem, refuser(formulas))
    write_new({file: made.written(file.stem)})
    print(os.fspath(file))
    if file.parent.name == "lessons" and (course / "course.yml").is_file():
        list_lesson(course, file.stem)
    for note in made.notes:
        print(f"  to do: {note}")
    return 0


def refuser(formulas: Formulas) -> Callable[[str, bool], bool]:
    """What tells whether KaTeX refuses a formula."""

    def refuses(tex: str, display: bool) -> bool:
        try:
            formulas.html(tex, display=display)
        except FormulaError:
            return True
        return False

    return refuses
