"""A Griffe extension: docstrings, which are written to be read in the code, become good pages.

* An example begins with `>>>`, for doctest; Markdown would take that for quotations in quotations.
* A name in backticks becomes a link to what it names, if that is on a page.
"""

import re
from collections.abc import Iterator
from textwrap import dedent
from typing import Any

from griffe import Alias, Extension, Module, NameResolutionError, Object

EXAMPLE = re.compile(r"^ *>>> .*?(?=\n *\n|\Z)", re.DOTALL | re.MULTILINE)  # up to an empty line
NAME = re.compile(r"(?<!`)`([A-Za-z_]\w*)((?:\.\w+)*)`(?!`)")


class Docstrings(Extension):
    """Makes Markdown of the docstrings of all that mkdocstrings loads."""

    def on_package(self, *, pkg: Module, **_: Any) -> None:
        """Called once the whole package is loaded, so that names in it can be resolved."""
        for each in objects(pkg):
            if each.docstring:
                each.docstring.value = linked(each, fenced(each.docstring.value))


def objects(thing: Object) -> Iterator[Object]:
    """List an object and all that is defined within it."""
    yield thing
    for member in thing.members.values():
        if not isinstance(member, Alias):
            yield from objects(member)


def fenced(docstring: str) -> str:
    """Put a fence around each example, which tells what language it is in."""
    return EXAMPLE.sub(lambda found: f"```pycon\n{dedent(found[0])}\n```", docstring)


def linked(thing: Object, docstring: str) -> str:
    """Make links of the names in backticks that mean something where `thing` is defined."""
    parameters = {parameter.name for parameter in getattr(thing, "parameters", ())}

    def link(name: re.Match[str]) -> str:
        try:
            path = thing.resolve(name[1]) + name[2]
        except NameResolutionError:
            return name[0]
        if path == thing.path or name[1] in parameters:
            return name[0]
        # Optional: what stands on no page stays a name.
        return f'<autoref identifier="{path}" optional><code>{name[1]}{name[2]}</code></autoref>'

    # What is indented in a module's docstring is shown as it is; elsewhere it is a section's text.
    code = r"^```.*?^```|^    [^\n]*" if thing.is_module else r"^```.*?^```"
    parts = re.split(f"({code})", docstring, flags=re.DOTALL | re.MULTILINE)
    return "".join(
        part if re.match(code, part, re.DOTALL) else NAME.sub(link, part) for part in parts
    )
