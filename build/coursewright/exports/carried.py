"""What a notebook carries: the demos its code imports, and what has to be installed for it."""

import base64
import sys
from dataclasses import dataclass
from pathlib import Path

from ..baking.keys import DEMOS, Keys, code_of
from ..language.course import Course
from ..language.imports import imports_in
from ..language.packages import package_modules
from ..language.spec import Lesson

BROWSERS_OWN = {DEMOS, "js", "pyodide", "coursewright"}


@dataclass(frozen=True)
class Carrier:
    """What the notebooks of a course take from it.

    What pip installs for a module is in `names` for packages that have another name, in `places`
    for the course's own; `note` says what a reader must do before. `address` is the site's, if it
    is known.
    """

    course: Course
    keys: Keys
    names: dict[str, str]
    places: dict[str, str]
    note: str
    address: str

    def files(self, spec: Lesson) -> dict[str, bytes]:
        """The files of the demos that a lesson's code needs, by their path in the course.

        A file that is no module is taken if a module that is taken has its name in it.
        """
        named = frozenset[str]().union(*map(self.keys.imports, code_of(spec)))
        modules = [name for name in self.keys.closure(named) if name in self.keys.files]
        folder = self.course.folder
        found = {self.keys.files[name]: self.keys.content(name) for name in modules}
        source = b"\n".join(found.values())
        for file in self.keys.data_files:
            if file.name.encode() in source:
                found[file] = file.read_bytes()
        return {file.relative_to(folder).as_posix(): raw for file, raw in sorted(found.items())}

    def needed(self, spec: Lesson, files: dict[str, bytes]) -> dict[str, str]:
        """What pip installs for the modules that a lesson's code imports."""
        code: list[str | bytes] = [*code_of(spec)]
        code += [raw for name, raw in files.items() if name.endswith(".py")]
        imported = {module.partition(".")[0] for each in code for _, module in imports_in(each)}
        others = imported - set(sys.stdlib_module_names) - BROWSERS_OWN
        found = {module: self.names.get(module, module) for module in others}
        if others & self.places.keys():
            found |= self.places  # all of them: they may need one another
        return dict(sorted(found.items()))


def carrier(
    course: Course, keys: Keys, where: dict[Path, str], note: str = "", address: str = ""
) -> Carrier:
    """The carrier of a course; `where` is what pip installs for a package's folder or a wheel."""
    names = {module: each.name for each in course.pyodide() for module in each.modules}
    own = [(folder, package_modules([folder])) for folder in course.package_folders()]
    own += [(wheel.file, set(wheel.modules)) for wheel in course.wheels()]
    places = {module: where[place] for place, modules in own for module in modules}
    return Carrier(course, keys, names, places, note, address)


def literal(raw: bytes) -> str:
    r"""A file's content as Python that gives it, as readable as can be.

    >>> print(literal(b"x = 1\n"))
    r'''
    x = 1
    '''
    >>> literal(b""), literal(b"\xff")
    ("''", "base64.b64decode('/w==')")
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return f"base64.b64decode({base64.b64encode(raw).decode()!r})"
    if text.endswith("\n") and "\r" not in text and "\0" not in text:
        for quotes in ("'''", '"""'):
            if quotes not in text:
                return f"r{quotes}\n{text}{quotes}"
    return repr(text)
