"""YAML as people write it: prose in block style, quotes only where they are needed."""

import re
from textwrap import indent

import yaml

BREAKS = re.compile("\r\n?|[\x85\u2028\u2029\x0b\x0c]")
UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\ue003-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def scalar(text: str) -> str:
    """A text on one line, in quotes if it would be something else without.

    >>> print(scalar("Plain words"), scalar("Step 1: begin"), scalar("1984"), sep=" | ")
    Plain words | 'Step 1: begin' | '1984'
    """
    dumped = yaml.safe_dump(" ".join(clean(text).split()), allow_unicode=True, width=10**6)
    return dumped.removesuffix("\n...\n").rstrip("\n")


def block(key: str, text: str, margin: int) -> str:
    """A key with a text below it in block style, indented by `margin` spaces.

    >>> print(block("text", "One.\\n\\nTwo.", 2))
      text: |
        One.
    <BLANKLINE>
        Two.
    """
    lines = "\n".join(line.rstrip() for line in clean(text).split("\n")).strip("\n")
    mark = "|2" if lines.startswith((" ", "\t")) else "|"  # or YAML would count it as indentation
    return f"{' ' * margin}{key}: {mark}\n" + indent(lines, " " * (margin + 2))


def clean(text: str) -> str:
    """A text with the line ends YAML knows as such, and without what it cannot hold."""
    return UNPRINTABLE.sub("", BREAKS.sub("\n", text))
