"""Folders of this project that are not Python: the browser side and the runtime assembler."""

from pathlib import Path

from .errors import CoursewrightError

GENERATOR = Path(__file__).resolve().parent
INSTALLED = GENERATOR / "_build"  # in a wheel: see build/wheel_contents.py
BUILD = INSTALLED if INSTALLED.is_dir() else GENERATOR.parent


def browser_folder() -> Path:
    """The TypeScript side: its sources, and `dist/` once it is bundled."""
    return BUILD / "browser"


def bundle_folder() -> Path:
    """The bundled browser side; raises `CoursewrightError` with the way to make it."""
    folder = browser_folder() / "dist"
    if not (folder / "meta.json").is_file():
        remedy = "install coursewright again"
        if BUILD != INSTALLED:  # a clone
            remedy = "run `python3 noxfile.py -s build`, or `node esbuild.mjs` in build/browser"
        raise CoursewrightError(
            f"expected the bundled browser side in {folder}, found none; {remedy}"
        )
    return folder


def assembler() -> Path:
    """The program that assembles the Python runtime."""
    return BUILD / "runtime" / "assemble.py"
