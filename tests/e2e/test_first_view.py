"""What a browser loads of a page before its reader does anything: little, and all of the site's."""

import pytest
from first_view import JAVASCRIPT, STYLES, compressed, is_material, listed
from playwright.sync_api import expect

LONGEST = "lessons/how-does-a-brain-learn/"
SIZES = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]
FONTS = "() => document.fonts.ready.then((fonts) => [...fonts].map((font) => font.status))"


def loaded(watched, site, kinds):
    """The files of these kinds that were asked for, by their size: scripts' as it is sent."""
    sizes = {}
    for url in watched.requests:
        file = url.removeprefix(watched.origin).partition("?")[0]
        if file.endswith(kinds) and not url.startswith(("blob:", "data:")):
            content = (site / file).read_bytes()
            sizes[file] = len(content) if file.endswith(".css") else compressed(content)
    return sizes


@pytest.mark.parametrize("size", SIZES, ids=["laptop", "phone"])
@pytest.mark.parametrize("path", ["", LONGEST], ids=["home", "lesson"])
def test_a_page_that_opens_stays_within_its_budget(reader, site, path, size):
    reader.page.set_viewport_size(size)
    page = reader.open(path)
    page.wait_for_load_state("networkidle")
    assert "loaded" in page.evaluate(FONTS)
    page.wait_for_load_state("networkidle")
    scripts = loaded(reader, site, (".js", ".mjs"))
    assert "bundle" in "".join(scripts)
    assert sum(scripts.values()) <= JAVASCRIPT, listed(scripts)
    styles = {f: n for f, n in loaded(reader, site, (".css",)).items() if not is_material(f)}
    assert styles
    assert sum(styles.values()) <= STYLES, listed(styles)
    assert not [url for url in reader.requests if "/assets/runtime/" in url]


def test_what_draws_charts_comes_once_a_reader_is_there_and_before_it_is_needed(reader):
    page = reader.open("")
    page.wait_for_load_state("networkidle")
    assert not [url for url in reader.requests if "/vega-" in url]
    with page.expect_request("**/vega-*.js"):
        page.mouse.move(200, 200)
    expect(page.locator("cw-demo .cw-live")).to_have_count(0)  # the picture stays till it answers
