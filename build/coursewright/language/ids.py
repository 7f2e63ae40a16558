"""The ids on a lesson's page: the author's own and those the renderer makes, each there once."""

from collections.abc import Iterator
from dataclasses import dataclass

from .blocks import Demo
from .diagnostics import Path
from .source import Place, Source
from .spec import Lesson


@dataclass(frozen=True)
class PageId:
    """An id on a lesson's page; `owner` says what gets it if it is not the author's own words."""

    name: str
    path: Path
    place: Place
    owner: str = ""


def check_ids(spec: Lesson, source: Source) -> None:
    """Every id of a page stands once, those the renderer makes included."""
    seen: dict[str, PageId] = {}
    for new in sorted(page_ids(spec, source), key=lambda new: (new.place.line, new.place.column)):
        first = seen.setdefault(new.name, new)
        if first is not new:
            report_clash(first, new, source)


def report_clash(first: PageId, new: PageId, source: Source) -> None:
    """Report that two things on a page get the same id, where the later one stands."""
    line = first.place.line
    message = f"duplicate id {new.name!r}, first given on line {line}"
    fix = "Rename one of the two." if first.owner or new.owner else ""
    if first.owner:
        message = f"duplicate id {new.name!r}, which {first.owner} on line {line} gets"
    if new.owner:
        message += f"; here {new.owner} would get it"
    at_key = new.path[-1] != "id"
    source.report(new.path, message, fix, at_key=at_key)


def page_ids(spec: Lesson, source: Source) -> Iterator[PageId]:
    """The ids `render` gives to the parts of a lesson's page."""
    yield PageId("lesson", ("title",), source.place(("title",), at_key=True), "the lesson's title")
    for i, section in enumerate(spec.sections):
        at: Path = ("sections", i, "id")
        yield PageId(section.id, at, source.place(at))
    met: set[str] = set()
    for path, demo in spec.demos():
        at = (*path, "id")
        yield PageId(demo.id, at, source.place(at))
        if demo.id not in met:  # else all of its ids clash, and one diagnostic is enough
            yield from demo_ids(demo, path, source)
        met.add(demo.id)
    for path, block in spec.blocks():
        for key in ("predict", "cell", "exercise"):
            if (body := getattr(block, key, None)) is not None:
                at = (*path, key, "id")
                yield PageId(body.id, at, source.place(at))
    yield from review_ids(spec, source)
    if spec.sources:
        at = ("sources",)
        yield PageId("sources", at, source.place(at, at_key=True), "the list of sources")


def review_ids(spec: Lesson, source: Source) -> Iterator[PageId]:
    """The ids of what stands at a lesson's end."""
    for key, name in (("quiz", "quiz"), ("teach_back", "teach-back"), ("flashcards", "cards")):
        if getattr(spec, key, None):
            place = source.place((key,), at_key=True)
            yield PageId(name, (key,), place, f"the part `{key}`")
    for i, _ in enumerate(spec.quiz):
        at: Path = ("quiz", i)
        yield PageId(f"question-{i + 1}", at, source.place(at), f"question {i + 1}")


def demo_ids(demo: Demo, path: Path, source: Source) -> Iterator[PageId]:
    """The ids made from a demo's own: of its title and of its controls."""
    at = (*path, "id")
    yield PageId(f"{demo.id}-title", at, source.place(at), f"the title of demo {demo.id!r}")
    for name in demo.controls:
        at = (*path, "controls", name)
        owner = f"control {name!r} of demo {demo.id!r}"
        yield PageId(f"{demo.id}-{name}", at, source.place(at, at_key=True), owner)
