"""A course to begin with: a lesson with a demo, a quiz and cards, and the site around it."""

import json
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ..language.schema import json_schema
from .files import TEMPLATES, RefusedError, filled, words_of, write_new
from .yaml_text import scalar

RENAMED = {"gitignore": ".gitignore"}  # as a dot file it would hold here as well


def new_course(folder: Path, title: str | None) -> list[Path]:
    """Write a course into a folder that is not there, or empty; returns what was written."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError(f"expected a new or an empty folder, got {folder}")
    name = folder.resolve().name
    title = " ".join((title or words_of(name)).split()) or "A course"
    values = {
        "id": identifier(name),
        "title": title,
        "title_yaml": scalar(title),
        "version": own_version(),
    }
    files = {
        folder / RENAMED.get(name, name): filled(f"project/{name}", values) for name in paths()
    }
    for kind in ("lesson", "course"):
        schema = json.dumps(json_schema(kind), indent=2, ensure_ascii=False)
        files[folder / "course" / f"{kind}.schema.json"] = schema + "\n"
    write_new(files)
    return sorted(files)


def paths() -> list[str]:
    """The templates of a course's files, by their paths in it."""
    folder = TEMPLATES / "project"
    found = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return [
        file.relative_to(folder).as_posix() for file in found if "__pycache__" not in file.parts
    ]


def identifier(name: str) -> str:
    """A folder's name as the id of a course."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80].strip("-")
    return plain if re.match("[a-z]", plain) else f"course-{plain}".strip("-")


def own_version() -> str:
    """The version of this package, which the course is made for."""
    try:
        return version("coursewright")
    except PackageNotFoundError:  # run from its sources
        return "0"
