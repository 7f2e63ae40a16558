"""A built course as a folder, for any site builder: Markdown pages, and the files they need.

`coursewright.json` in it says what a builder must put into every page: scripts, styles, policy.
"""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from ..errors import CoursewrightError
from ..pages.page import Page
from .policy import policy
from .site import Site
from .words import words_block

MANIFEST = "coursewright.json"


class Manifest(BaseModel, extra="forbid"):
    """What a builder must know: addresses are relative to the site's root.

    `words` is a block of data for the head of each page, empty if all is in English.
    """

    pages: list[str]
    scripts: list[str]
    styles: list[str]
    policy: str
    frame_hash: str
    connect: list[str]
    offline: bool
    words: str


def write_folder(site: Site, out: Path) -> None:
    """Write a site's pages and files; an older folder of ours is replaced as a whole.

    Raises `CoursewrightError` if something else is there, of which nothing is touched.
    """
    expect_free(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as scratch:
        fresh = Path(scratch) / out.name
        fill(fresh, site)
        if out.exists():
            out.rename(Path(scratch) / "old")
        fresh.rename(out)


def expect_free(out: Path) -> None:
    """Raise `CoursewrightError` if a folder cannot be put there without harm."""
    if Path.cwd().is_relative_to(out.resolve()):
        found = "the folder you are in"
    elif out.exists() and not out.is_dir():
        found = "a file"
    elif out.exists() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        found = "other files there"
    else:
        return
    raise CoursewrightError(
        f"expected an empty folder, or one that `coursewright render` made, at {out}, "
        f"found {found}; name another one"
    )


def fill(folder: Path, site: Site) -> None:
    """Write everything into a new folder."""
    texts = {source(page): page.markdown for page in site.pages} | site.texts
    write_files(folder, {**texts, MANIFEST: manifest(site)}, site.copies)


def write_files(folder: Path, texts: Mapping[str, str], copies: Mapping[str, Path]) -> None:
    """Write texts and copies of files into a folder, by their paths in it."""
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for path, file in copies.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / path)


def source(page: Page) -> str:
    """Where a page's Markdown stands: where its address is, so that relative links lead to the same
    place from both. Some builders take them from the one, some from the other.
    """
    return f"{page.path.removesuffix('.md')}/index.md"


def manifest(site: Site) -> str:
    """What is said to builders."""
    said = Manifest(
        pages=[source(page) for page in site.pages],
        scripts=site.scripts,
        styles=site.styles,
        policy=policy([site.frame_hash], connect=site.connect),
        frame_hash=site.frame_hash,
        connect=site.connect,
        offline=site.offline,
        words=words_block(site.words),
    )
    return said.model_dump_json(indent=2) + "\n"
