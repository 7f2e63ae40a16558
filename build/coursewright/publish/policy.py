"""The security policy of every page: what may run, and what the page may talk to.

A `<meta>` policy works on any static host. Inline scripts (the theme's, and that of the frame
Python runs in) are named by their hashes; everything else comes from the site itself.
"""

import base64
import hashlib
import re

SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.I)
DATA = re.compile(r"""type=["']?(application/json|text/template)""", re.I)
HEAD = re.compile(r"<head[^>]*>\s*(<meta charset=[^>]*>)?", re.I)


def secured(html: str, frame_hash: str) -> str:
    """A page with its policy, placed before anything the policy is about."""
    hashes = [frame_hash, *inline_hashes(html)]
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(hashes)}">'
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


def policy(hashes: list[str]) -> str:
    """The policy's text. `blob:` and `'wasm-unsafe-eval'` are for the frame, which inherits it."""
    scripts = " ".join(f"'{value}'" for value in hashes)
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' blob: {scripts}",
            "worker-src 'self' blob:",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
