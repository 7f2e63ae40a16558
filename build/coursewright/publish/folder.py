"""A built course as a folder, for any site builder: Markdown pages, and the files they need.

`coursewright.json` in it says what a builder must put into every page: scripts, styles, policy.
"""

import json
import shutil
import tempfile
from pathlib import Path

from ..pages.page import Page
from .policy import policy
from .site import Site

MANIFEST = "coursewright.json"


def write_folder(site: Site, out: Path) -> None:
    """Write a site's pages and files; an older folder of ours is replaced as a whole.

    Raises `FileExistsError` if something else is there, of which nothing is touched.
    """
    if out.exists() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise FileExistsError(
            f"expected an empty folder, or one that `coursewright render` made, at {out}, "
            "found other files there; name another one"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as scratch:
        fresh = Path(scratch) / out.name
        fill(fresh, site)
        if out.exists():
            out.rename(Path(scratch) / "old")
        fresh.rename(out)


def fill(folder: Path, site: Site) -> None:
    """Write everything into a new folder."""
    texts = {source(page): page.markdown for page in site.pages} | site.texts
    for path, text in {**texts, MANIFEST: manifest(site)}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for path, file in site.copies.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / path)


def source(page: Page) -> str:
    """Where a page's Markdown stands: where its address is, so that relative links lead to the same
    place from both. Some builders take them from the one, some from the other.
    """
    return f"{page.path.removesuffix('.md')}/index.md"


def manifest(site: Site) -> str:
    """What a builder must know: addresses are relative to the site's root."""
    said = {
        "pages": [source(page) for page in site.pages],
        "scripts": site.scripts,
        "styles": site.styles,
        "policy": policy([site.frame_hash]),
        "frame_hash": site.frame_hash,
    }
    return json.dumps(said, indent=2) + "\n"
