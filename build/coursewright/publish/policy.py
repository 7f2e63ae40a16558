"""The security policy of every page: what may run, and what the page may talk to.

A `<meta>` policy works on any static host. Inline scripts (the theme's, and that of the frame
Python runs in) are named by their hashes; everything else comes from the site itself.
"""

import base64
import hashlib
import re
from collections.abc import Sequence

SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.I)
DATA = re.compile(r"""type=["']?(application/json|text/template)""", re.I)
HEAD = re.compile(r"<head[^>]*>\s*(<meta charset=[^>]*>)?", re.I)
OURS = re.compile(r'<meta http-equiv="Content-Security-Policy" content="default-src[^"]*">')


def secured(
    html: str, frame_hash: str, styles: Sequence[str] = (), connect: Sequence[str] = ()
) -> str:
    """A page with its policy, placed before anything the policy is about, and there once.

    `styles` are the hashes of inline styles that may be applied, besides the site's own files;
    `connect` are the addresses beside the site that the page may talk to.
    """
    html = OURS.sub("", html)
    hashes = [frame_hash, *inline_hashes(html)]
    meta = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy(hashes, styles, connect)}">'
    )
    return HEAD.sub(lambda head: head[0] + meta, html, count=1)


def inline_hashes(html: str) -> list[str]:
    """Hashes of the scripts that stand in a page, sorted."""
    found = set()
    for script in SCRIPT.finditer(html):
        attributes = script["attributes"]
        if not re.search(r"\bsrc=", attributes) and not DATA.search(attributes):
            raw = hashlib.sha256(script["code"].encode()).digest()
            found.add(f"sha256-{base64.b64encode(raw).decode()}")
    return sorted(found)


def policy(hashes: Sequence[str], styles: Sequence[str] = (), connect: Sequence[str] = ()) -> str:
    """The policy's text. `blob:` and `'wasm-unsafe-eval'` are for the frame, which inherits it."""
    scripts = " ".join(f"'{value}'" for value in hashes)
    own = " ".join(["'self'", *(f"'{value}'" for value in styles)])
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' blob: {scripts}",
            "worker-src 'self' blob:",
            f"style-src {own}",
            "img-src 'self' data:",
            "font-src 'self'",
            " ".join(["connect-src 'self'", *connect]),
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
