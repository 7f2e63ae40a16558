"""Small pieces of HTML, and of Markdown that passes HTML on."""

import re
from functools import lru_cache
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

MARK = re.compile(r"[!\"#$%&()*+/:;<=>@\[\\\]^_`{|}~]")  # what some Markdown extension may read

# Names, spaces and punctuation, which have the colour of the text: most of what code consists of.
PLAIN = re.compile(r'<span class="(?:n|w|p|o|fm|vm|x)">([^<]*)</span>')


def html_block(html: str, name: str = "cw-block") -> str:
    """HTML that Markdown passes on untouched."""
    return f'<div class="{name}">{html}</div>'


def markdown_text(text: str) -> str:
    """A title inside Markdown: whatever extensions a builder has, its marks are text.

    >>> markdown_text("Is ~x~ 1/2?")
    'Is &#126;x&#126; 1&#47;2?'
    """
    return MARK.sub(lambda mark: f"&#{ord(mark[0])};", text)


def written(attributes: dict[str, str]) -> str:
    """Attributes as HTML writes them."""
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def number(value: float) -> str:
    """A number as short as it can be said.

    >>> number(0.5), number(3.0), number(0.001)
    ('0.5', '3', '0.001')
    """
    return f"{value:.10g}"


def counted(count: int, noun: str) -> str:
    """A count in words: `1 concept`, `4 concepts`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def label(words: str) -> str:
    """What a part of the page is, above it."""
    return f'<p class="cw-label">{escape(words)}</p>'


@lru_cache(maxsize=256)  # all demos of a module show the same
def code_html(code: str) -> str:
    """Code as it reads, coloured."""
    inside = highlight(code.strip("\n"), PythonLexer(), HtmlFormatter(nowrap=True))
    inside = PLAIN.sub(r"\1", inside)
    # The box is for Material, which else looks at each `pre > code`, and has it laid out, at once.
    boxed = f"<span><code>{inside}</code></span>"
    return f'<div class="highlight"><pre class="cw-lines" tabindex="0">{boxed}</pre></div>'
