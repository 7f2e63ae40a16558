"""What a page carries to its script of the course's own words: a block of data, which no policy is
about since nothing in it runs. A page in English carries none.
"""

import json
import re

from ..words import Words
from .policy import HEAD

ID = "coursewright-words"
OURS = re.compile(rf'<script type="application/json" id="{ID}"[^>]*>.*?</script>', re.DOTALL)
GENERATORS = ("page.", "notebook.")  # what is said of these is in the pages already


def words_block(words: Words) -> str:
    """The words as the page's script reads them; nothing if all are English."""
    own = {key: text for key, text in words.own.items() if not key.startswith(GENERATORS)}
    if not own:
        return ""
    # `</script>` or `<!--` in a text must not end the block, or change what it is.
    data = json.dumps(own, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="{ID}" lang="{words.language}">{data}</script>'


def with_words(html: str, block: str) -> str:
    """A page with such a block, once."""
    html = OURS.sub("", html)
    return HEAD.sub(lambda head: head[0] + block, html, count=1) if block else html
