"""Header files for common hosts: what a `<meta>` policy cannot say, and how long to keep what.

Files whose names carry a hash never change and may be kept for ever; pages are asked for again.
GitHub Pages reads none of these, and the site works there too: the hashes and the policy are in
the pages themselves.
"""

import re
from collections.abc import Iterable

FOREVER = "public, max-age=31536000, immutable"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "frame-ancestors 'self'",
}
FRAMES = "assets/frames/"
HASHED = re.compile(r"-[0-9A-Za-z]{8}\.")  # in a file's name: it says its content


def header_files(assets: Iterable[str]) -> dict[str, str]:
    """`_headers` (Netlify, Cloudflare Pages) and `.htaccess` (Apache) of a site with such assets.

    `assets` are the site paths of our own files. Both files are returned by site path.
    """
    hashed = {folder_of(path) for path in assets if HASHED.search(path)}
    return {"_headers": netlify(sorted(hashed)), ".htaccess": apache()}


def folder_of(path: str) -> str:
    """What names a file: one rule for all frames, of which there may be more than hosts take."""
    return f"{FRAMES}*" if path.startswith(FRAMES) else path


def netlify(hashed: list[str]) -> str:
    """The `_headers` file. Files are named one by one: where two rules fit, hosts differ."""
    lines = ["/*", *(f"  {name}: {value}" for name, value in EVERYWHERE.items())]
    for path in hashed:
        lines += [f"/{path}", f"  Cache-Control: {FOREVER}"]
    return "\n".join(lines) + "\n"


def apache() -> str:
    """The `.htaccess` file of Apache 2.4."""
    always = "\n".join(f'  Header set {name} "{value}"' for name, value in EVERYWHERE.items())
    return f"""\
AddType text/javascript .js .mjs
AddType font/woff2 .woff2
<IfModule mod_deflate.c>
  AddOutputFilterByType DEFLATE text/html text/css text/javascript application/json image/svg+xml
</IfModule>
<IfModule mod_headers.c>
{always}
  <If "%{{REQUEST_URI}} =~ m#/assets/(runtime|coursewright|frames)/.*{HASHED.pattern}#">
    Header set Cache-Control "{FOREVER}"
  </If>
</IfModule>
"""
