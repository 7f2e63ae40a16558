"""The long audit: every page, in both schemes, at three widths, at rest and used; and Lighthouse.

`python3 noxfile.py -s audit` builds the site and prints what is found. `-- lighthouse` and `-- axe`
do one of the two; `-- lessons glossary` looks only at pages whose address holds one of these words.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import lighthouse
from auditing import (
    MOVING,
    Finding,
    at_rest,
    covered,
    leave_search,
    measured,
    search,
    toggle_drawer,
    use_all,
    with_forced_colors,
    with_large_type,
)
from browsers import CHROMIUM_FLAGS, ensure
from playwright.sync_api import Browser, Page, sync_playwright
from serving import served

KINDS = {"axe", "lighthouse"}
WIDTHS = (1280, 390, 320)
SCHEMES = ("light", "dark")
Found = Iterator[tuple[str, list[Finding]]]


def pages_of(site: Path) -> list[str]:
    """The address of every page of a site."""
    pages = sorted(file.relative_to(site).as_posix() for file in site.rglob("*.html"))
    return [page.removesuffix("index.html") for page in pages]


def audited(page: Page, widths: tuple[int, ...]) -> Found:
    """What is found on one page, state by state."""
    yield from at_widths(page, widths, "at rest")
    page.set_viewport_size({"width": widths[0], "height": 900})
    yield "type of twice the size", with_large_type(page)
    yield "used", list(use_all(page))
    yield from at_widths(page, widths, "used")
    yield "used, forced colours", with_forced_colors(page)
    yield "used, type of twice the size", with_large_type(page)
    page.emulate_media(reduced_motion="reduce")
    yield "reduced motion", measured(page, "motion", MOVING)
    yield "focus", [Finding("focus", stop) for stop in covered(page)]
    page.set_viewport_size({"width": widths[0], "height": 900})
    yield "focus", [Finding("focus", stop) for stop in covered(page)]


def at_widths(page: Page, widths: tuple[int, ...], state: str) -> Found:
    """The page as it stands, the search and the drawer, at every width."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        yield f"{width} px, {state}", at_rest(page)
        if state != "at rest":
            continue
        search(page)
        yield f"{width} px, search", at_rest(page)
        leave_search(page)
        if width < 1220:
            toggle_drawer(page)
            yield f"{width} px, drawer", at_rest(page)
            toggle_drawer(page)


def audit(browser: Browser, origin: str, paths: list[str], options: argparse.Namespace) -> Counter:
    """Audit the pages, say what is found where, and count it by page and rule."""
    found: Counter[tuple[str, str]] = Counter()
    for scheme in options.schemes:
        context = browser.new_context(color_scheme=scheme)
        for path in paths:
            page, started, states = context.new_page(), time.monotonic(), 0
            page.goto(origin + path)
            for state, findings in audited(page, tuple(options.widths)):
                states += 1
                for finding in findings:
                    found[path, finding.rule] += 1
                    print(f"  {path or 'home'} ({scheme}, {state}): {finding}", flush=True)
            took = time.monotonic() - started
            total = sum(count for (where, _), count in found.items() if where == path)
            name = path or "home"
            print(f"{name:<44} {scheme:<6} {states:>3} states {total:>4} found {took:>4.0f} s")
            sys.stdout.flush()
            page.close()
        context.close()
    return found


def options_of_main() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="`axe` or `lighthouse`; words of addresses")
    parser.add_argument("--site", type=Path, default=Path("site"))
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=SCHEMES)
    parser.add_argument("--widths", nargs="+", type=int, default=WIDTHS)
    parser.add_argument("--runs", type=int, default=5, help="of Lighthouse, on each page")
    options = parser.parse_args()
    options.kinds = KINDS.intersection(options.words) or KINDS
    options.words = [word for word in options.words if word not in KINDS]
    return options


def main() -> int:
    """Run the audits of a built site; 1 if anything is found."""
    options = options_of_main()
    found = 0
    if "lighthouse" in options.kinds and not options.words:
        with sync_playwright() as playwright:
            program = ensure("chromium", playwright).program
        found += lighthouse.audit(options.site, program, options.runs)
    if "axe" in options.kinds:
        found += with_axe(options)
    return bool(found)


def with_axe(options: argparse.Namespace) -> int:
    """Audit the pages that are asked for; how much is found."""
    paths = pages_of(options.site)
    if options.words:
        paths = [path for path in paths if any(word in (path or "home") for word in options.words)]
    with sync_playwright() as playwright, served(options.site) as origin:
        program = ensure("chromium", playwright).program
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        found = audit(browser, origin, paths, options)
        browser.close()
    for (path, rule), count in sorted(found.items()):
        print(f"{path or 'home':<44} {rule:<30} {count:>4}")
    print(f"{sum(found.values())} findings on {len(paths)} pages")
    return sum(found.values())


if __name__ == "__main__":
    sys.exit(main())
