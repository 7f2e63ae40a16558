"""The frames of a course's demos in its site, and what a build says of them."""

from collections.abc import Mapping
from pathlib import Path

from ..baking.grid import Frames
from ..cache import Cache


def frame_files(lessons: Mapping[str, list[Frames]], cache: Cache) -> dict[str, Path]:
    """The files of all demos that have frames, by their path in the site."""
    names = [each.file for found in lessons.values() for each in found if each.file]
    return {f"assets/{name}": cache.folder / name for name in names}


def report(lessons: Mapping[str, list[Frames]]) -> str:
    """Which demos answer without Python, and why the others do not; nothing of no demos."""
    demos = [(id, frames) for id, found in lessons.items() for frames in found]
    lines = sorted(f"  {id}  {frames.demo}: {frames}" for id, frames in demos)
    number = sum(bool(frames.file) for _, frames in demos)
    title = f"Demos that answer without Python: {number} of {len(lines)}"
    return "\n".join([title, *lines]) if lines else ""
