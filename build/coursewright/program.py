"""Which program this is: a digest of all that decides how a course's pages come out."""

from functools import cache
from pathlib import Path

import teachback

from .assets import GENERATOR, browser_folder
from .cache import digest, digest_of_files

READ = ("katex.mjs", "package-lock.json", "src/palette.json", "src/vocabulary.json")


@cache
def program() -> str:
    """The digest of the program that runs."""
    return digest_of_program(GENERATOR, browser_folder())


@cache
def grading() -> str:
    """The digest of what grades explanations, which says whether a rubric holds what it claims."""
    return digest_of_files(Path(teachback.__file__).parent, suffixes=(".py",))


def digest_of_program(package: Path, browser: Path) -> str:
    """The digest of a package's Python and words, and of the browser side's files that it reads."""
    python = digest_of_files(package, suffixes=(".py", ".json"))
    return digest(python, *((browser / name).read_bytes() for name in READ))
