"""What a page loads before its reader does anything, followed through the files of a built site."""

import gzip
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

JAVASCRIPT = 150_000  # bytes, compressed, Material's among them
STYLES = 60_000  # bytes as they are, beside Material's
# Static imports only: what `import()` loads is asked for later, if at all.
IMPORTED = re.compile(r"""(?:^|[;}\s])(?:import|export)\b[^"'();]*["'](\.{1,2}/[^"']+)["']""")
ALSO = re.compile(r"""@import\s+(?:url\()?["']?([^"')\s;]+)""")
TYPES = {None, "", "module", "text/javascript"}


class Page(HTMLParser):
    """A page's scripts, styles and images; `inline` is the text of scripts that stand in it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.inline = ""
        self.within = False
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        rel = (at.get("rel") or "").split()
        if tag == "script" and at.get("type") in TYPES:
            self.within = "src" not in at
            self.scripts += [at["src"]] if at.get("src") else []
        elif tag == "link" and "modulepreload" in rel:
            self.scripts.append(at["href"] or "")
        elif tag == "link" and "stylesheet" in rel:
            self.styles.append(at["href"] or "")
        elif tag == "img":
            self.images.append(at)

    def handle_endtag(self, tag: str) -> None:
        self.within = self.within and tag != "script"

    def handle_data(self, data: str) -> None:
        self.inline += data if self.within else ""


def scripts_of(site: Path, page: Path) -> dict[str, int]:
    """The scripts of a page's first view and those they import, with their compressed sizes."""
    read = Page(page)
    files = followed(located(site, page, read.scripts), IMPORTED)
    sizes = {name(site, file): compressed(file.read_bytes()) for file in files}
    return sizes | {"in the page": compressed(read.inline.encode())}


def styles_of(site: Path, page: Path) -> dict[str, int]:
    """The style sheets of a page, Material's apart, with their sizes as they are."""
    files = followed(located(site, page, Page(page).styles), ALSO)
    sizes = {name(site, file): file.stat().st_size for file in files}
    return {file: size for file, size in sizes.items() if not is_material(file)}


def is_material(file: str) -> bool:
    """Whether a file came with Material."""
    return file.startswith(("assets/stylesheets/", "assets/javascripts/"))


def located(site: Path, page: Path, addresses: list[str]) -> Iterator[Path]:
    """The files that a page's addresses name; those of the 404 page begin at the root."""
    for address in addresses:
        assert not re.match(r"\w+:|//", address), f"{page} loads {address}"
        folder = site if address.startswith("/") else page.parent
        yield (folder / address.partition("?")[0].lstrip("/")).resolve()


def followed(files: Iterator[Path], imports: re.Pattern[str]) -> list[Path]:
    """Files and what they load in their turn, each once."""
    found: list[Path] = []
    waiting = list(files)
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.append(file)
            text = file.read_text(encoding="utf-8")
            waiting += [(file.parent / other).resolve() for other in imports.findall(text)]
    return found


def compressed(content: bytes) -> int:
    """How many bytes are sent, as hosts compress."""
    return len(gzip.compress(content, 6))


def name(site: Path, file: Path) -> str:
    """A file's path in the site."""
    return file.relative_to(site.resolve()).as_posix()


def listed(sizes: dict[str, int]) -> str:
    """Sizes, the largest first, for whoever has to find what grew."""
    lines = [f"{size:>8}  {file}" for file, size in sorted(sizes.items(), key=lambda i: -i[1])]
    return "\n".join([f"{sum(sizes.values()):>8}  in all", *lines])
