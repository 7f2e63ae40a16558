"""The bodies of lessons' pages, kept by what they rest on.

That is a lesson's text and the example sentences for it, the Python it runs, the course's settings
and this program, which make the key; and the addresses of what it links to and the files of its
demos' frames, which are kept with it and looked up again.
"""

from dataclasses import asdict
from importlib.metadata import version

from ..baking.grid import Frames
from ..baking.keys import Keys, code_of
from ..cache import Cache, digest
from ..language.course import Course, CourseLesson
from ..pages.links import Places
from ..pages.render import Body
from ..program import grading, program

LIBRARIES = ("markdown", "nh3", "pygments", "pymdown-extensions", "vl-convert-python")


class Shelf:
    """Where the bodies of pages are kept."""

    def __init__(self, course: Course, places: Places, cache: Cache, keys: Keys) -> None:
        self.course, self.places, self.cache, self.keys = course, places, cache, keys
        settings = course.spec.model_dump(exclude={"lessons"})
        libraries = [version(name) for name in LIBRARIES]
        words = dict(course.words.own)
        self.shared = digest(program(), grading(), libraries, settings, words)

    def get(self, lesson: CourseLesson) -> Body | None:
        """The body of a lesson's page, if it was kept with its files and its links lead there."""
        found = self.cache.get(self.key(lesson))
        if found is None:
            return None
        frames = [Frames(**each) for each in found.pop("frames")]
        body = Body(**found, frames=frames)
        same = all(self.places.address(*link) == to for *link, to in body.links)
        whole = all(self.cache.has_file(each.file) for each in frames if each.file)
        return body if same and whole else None

    def put(self, lesson: CourseLesson, body: Body) -> None:
        """Keep a body whose lesson has no problems, unless the code in it was saved meanwhile."""
        if self.keys.hold():
            self.cache.put(self.key(lesson), asdict(body))

    def key(self, lesson: CourseLesson) -> str:
        """What the body of a lesson's page rests on."""
        python = {"code": list(code_of(lesson.spec)), "packages": self.course.spec.claims}
        sources = [lesson.source, *([lesson.explanations.source] if lesson.explanations else [])]
        texts = [source.text for source in sources]
        return digest("body", self.shared, self.keys.of(python), *texts)
