"""The images of a course: files in its folder `images`, which lessons name."""

from pathlib import Path as FilePath

from .blocks import ImageBlock
from .diagnostics import did_you_mean
from .source import Source
from .spec import Lesson

KINDS = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")


def image_files(course: FilePath) -> dict[str, FilePath]:
    """The images of a course by the names lessons use."""
    folder = course / "images"
    files = (file for file in sorted(folder.rglob("*")) if file.suffix.lower() in KINDS)
    return {file.relative_to(folder).as_posix(): file for file in files if file.is_file()}


def check_images(spec: Lesson, source: Source, known: dict[str, FilePath]) -> None:
    """Report images that are not there."""
    for path, block in spec.blocks():
        if isinstance(block, ImageBlock) and block.image.file and block.image.file not in known:
            problem = missing_image(block.image.file, known)
            source.report((*path, "image", "file"), *problem)


def missing_image(name: str, known: dict[str, FilePath]) -> tuple[str, str]:
    """Message and fix for an image that is not there."""
    hint = did_you_mean(name, known) or "Images stand in the course's folder `images`."
    return f"expected a file images/{name} in the course, found none", hint
