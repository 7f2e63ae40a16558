"""An author's Markdown in pieces: what is code, what is a formula, what is words.

A claim becomes its computed number first; then no bar or brace of it is in the way.
"""

import re
from collections.abc import Callable, Iterator

from ..baking.bake import Claims
from ..language.diagnostics import Path
from ..language.expressions import with_claims
from ..pages.sanitize import INLINE

# The same formulas as pymdownx.arithmatex finds: `$5 and $6` holds none.
PIECES = re.compile(
    r"(?P<code>^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?<!\\)\$\$(?P<display>.+?)\$\$"
    r"|(?<!\\)\\\[(?P<bracket>.+?)\\\]"
    r"|(?<!\\)\$(?!\s)(?P<inline>(?:\\.|(?!\n[ \t]*\n)[^\\$])+?)(?<!\s)\$"
    r"|(?<!\\)\\\((?P<paren>.+?)\\\)",
    re.DOTALL | re.MULTILINE,
)
# Concept colours are macros of our pages only; without one the formula is the same.
MACRO = re.compile(r"\\(?:prob|loss|grad|rate|valid)(?![A-Za-z])")
HREF = re.compile(r"(?<=\]\()(?P<href>[^()\s]+)")
KEPT = "|".join(sorted(INLINE))  # the tags that pages keep
RAW_HTML = re.compile(rf"<(?!(?:https?://|mailto:)[^\s>]*>|/?(?:{KEPT})[ />])(?=[A-Za-z/!?])")
DOLLAR = re.compile(r"(?<!\\)\$")


def written_out(text: str, path: Path, computed: Claims) -> str:
    """A text with its computed numbers in place of the expressions.

    >>> written_out("It, {= -log(0.5) | .2f =}", ("text",), {(("text",), 4): "0.69"})
    'It, 0.69'
    """
    return with_claims(text, lambda claim: computed[path, claim.start])


def pieces(text: str) -> Iterator[tuple[str, str]]:
    r"""The pieces of a Markdown text in order: words, code, and the TeX of formulas.

    >>> list(pieces("Is $x$ in `$y$`?"))
    [('words', 'Is '), ('inline', 'x'), ('words', ' in '), ('code', '`$y$`'), ('words', '?')]
    """
    last = 0
    for match in PIECES.finditer(text):
        if match.start() > last:
            yield "words", text[last : match.start()]
        if match["code"] is not None:
            yield "code", match["code"]
        else:
            display = match["display"] or match["bracket"]
            tex = MACRO.sub("", display or match["inline"] or match["paren"])
            yield ("display" if display else "inline"), tex.strip()
        last = match.end()
    if last < len(text):
        yield "words", text[last:]


def for_notebook(text: str, resolve: Callable[[str], str]) -> str:
    r"""Markdown as Jupyter takes it: formulas in dollars, nothing else in them, no raw HTML.

    >>> for_notebook(r"\(x\) costs $5, see [this](#a)", lambda href: href.upper())
    '$x$ costs \\$5, see [this](#A)'
    """
    parts = []
    for kind, piece in pieces(text):
        if kind == "words":
            words = DOLLAR.sub(r"\\$", RAW_HTML.sub("&lt;", piece))
            parts.append(HREF.sub(lambda match: resolve(match["href"]), words))
        else:
            mark = {"code": "", "inline": "$", "display": "$$"}[kind]
            parts.append(f"{mark}{piece}{mark}")
    return "".join(parts)
