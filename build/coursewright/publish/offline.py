"""What keeps a course for reading without a network: its service worker and the list of its files.

`sw.js` belongs to one build, whose id is a digest of all files; `offline.json` has each file's size
and SHA-256, by which the worker knows which build a file is of. Both are written last, when nothing
changes any more. A course with `offline: false` gets a worker that ends earlier ones.
"""

import hashlib
import json
import re
from pathlib import Path

from ..assets import bundle_folder
from ..cache import digest
from .policy import HEAD

FILES = "offline.json"
WORKER = "sw.js"
WORKERS = {WORKER, "sw-off.js"}  # as they are called in the bundle
MARK = re.compile(r'<meta name="coursewright-offline" content="[^"]*">')
OTHER_LANGUAGES = "assets/javascripts/lunr/"
# What no page asks for: files for hosts and search engines, and maps for debuggers.
LEFT_OUT = re.compile(
    r"(^|/)\.|\.map$|^(_\w+|CNAME|robots\.txt|sitemap\.xml|sitemap\.xml\.gz|objects\.inv"
    rf"|{re.escape(FILES)}|{re.escape(WORKER)})$"
)


def marked(html: str, path: str, offline: bool) -> str:
    """A page that says where the site's root is, where its worker is registered from; only once.

    `path` is its file's in the site. The page for addresses where nothing is may be anywhere.
    """
    html = MARK.sub("", html)
    if not offline or path == "404.html":
        return html
    meta = f'<meta name="coursewright-offline" content="{"../" * path.count("/") or "./"}">'
    return HEAD.sub(lambda head: head[0] + meta, html, count=1)


def write_offline(site: Path, offline: bool) -> None:
    """Write the worker of a built site, and the list of its files if it is to be kept."""
    (site / FILES).unlink(missing_ok=True)
    if not offline:
        (site / WORKER).write_bytes((bundle_folder() / "sw-off.js").read_bytes())
        return
    files = files_of(site)
    build = digest(files)[:16]
    size = sum(size for size, _ in files.values())
    plan = {"build": build, "bytes": size, "files": files}
    (site / FILES).write_text(json.dumps(plan, separators=(",", ":")) + "\n", encoding="utf-8")
    script = (bundle_folder() / WORKER).read_text(encoding="utf-8")
    (site / WORKER).write_text(f'self.coursewrightBuild="{build}";\n{script}', encoding="utf-8")


def files_of(site: Path) -> dict[str, tuple[int, str]]:
    """The size and SHA-256 of each file that pages may ask for, by its path in the site."""
    found = {file.relative_to(site).as_posix(): file for file in site.rglob("*") if file.is_file()}
    names = [path for path in sorted(found) if not LEFT_OUT.search(path)]
    if searches_english(site):
        names = [path for path in names if not path.startswith(OTHER_LANGUAGES)]
    return {path: measured(found[path]) for path in names}


def searches_english(site: Path) -> bool:
    """Whether the theme's search is in English alone, which takes none of its language files."""
    index = site / "search" / "search_index.json"
    if not index.is_file():
        return False
    return bool(json.loads(index.read_bytes()).get("config", {}).get("lang") == ["en"])


def measured(file: Path) -> tuple[int, str]:
    """A file's size and SHA-256."""
    content = file.read_bytes()
    return len(content), hashlib.sha256(content).hexdigest()
