"""Formulas: LaTeX to HTML and MathML by KaTeX, at build, so that pages need no script for them.

KaTeX positions with inline styles, which the pages' security policy refuses; each distinct style
becomes a class, and the classes one small stylesheet.
"""

import json
import re
import subprocess
from typing import IO, Any

from ..assets import browser_folder
from ..cache import Cache, digest
from ..node import find_node
from ..program import program

TAG = re.compile(r"<(?P<name>[a-zA-Z][\w-]*)(?P<rest>[^<>]*?)(?P<close>/?)>")
STYLE = re.compile(r'\s*style="(?P<style>[^"]*)"')
PREFIX = re.compile(r"^KaTeX parse error: (LaTeX-incompatible input .*?'error': )?")
CLASS = re.compile(r'class="(?P<names>[^"]*)"')


class FormulaError(ValueError):
    """A formula KaTeX cannot read; says where."""


class Formulas:
    """Renders formulas; keeps KaTeX running between them and remembers the styles they use."""

    def __init__(self, macros: dict[str, str], cache: Cache) -> None:
        self.macros, self.cache = macros, cache
        self.styles: dict[str, str] = {}
        self.process: subprocess.Popen[str] | None = None

    def html(self, tex: str, *, display: bool) -> str:
        """A formula's HTML with its MathML; raises `FormulaError`."""
        job = {"tex": tex, "display": display, "macros": self.macros}
        key = digest("formula", program(), job)
        answer = self.cache.get(key)
        if answer is None:
            answer = self.ask(job)
            self.cache.put(key, answer)
        if "error" in answer:
            raise FormulaError(plain(answer["error"]))
        return TAG.sub(self.classed, answer["html"]) + "<!--/katex-->"  # for who looks for its end

    def ask(self, job: dict[str, Any]) -> dict[str, str]:
        """One formula to KaTeX and back."""
        if self.process is None:
            command = [str(find_node()), str(browser_folder() / "katex.mjs")]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            self.process = subprocess.Popen(command, **pipes, text=True, encoding="utf-8")
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps(job), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("KaTeX ended without an answer; are the npm packages installed?")
        answer: dict[str, str] = json.loads(line)
        return answer

    def classed(self, tag: re.Match[str]) -> str:
        """A tag with a class in place of its inline style."""
        style = STYLE.search(tag["rest"])
        if not style:
            return tag[0]
        name = "k" + digest(style["style"])[:8]
        self.styles[name] = style["style"]
        rest = tag["rest"].replace(style[0], "")
        if CLASS.search(rest):
            rest = CLASS.sub(lambda found: f'class="{found["names"]} {name}"', rest)
        else:
            rest += f' class="{name}"'
        return f"<{tag['name']}{rest}{tag['close']}>"

    def close(self) -> None:
        """End KaTeX."""
        if self.process:
            for stream in (self.process.stdin, self.process.stdout):
                close(stream)
            self.process.wait()
            self.process = None


def stylesheet(styles: dict[str, str]) -> str:
    """Classes by their names as a stylesheet."""
    rules = (f".{name}{{{style}}}" for name, style in sorted(styles.items()))
    return "\n".join(rules) + "\n"


def plain(said: str) -> str:
    """What KaTeX says, without its name and the lines it draws below letters."""
    return PREFIX.sub("", said).replace("\u0332", "")


def close(stream: IO[str] | None) -> None:
    """Close a pipe."""
    if stream:
        stream.close()
