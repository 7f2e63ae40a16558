"""What a first view costs, from the built files: scripts, styles, fonts, images."""

import re
from urllib.parse import unquote

import first_view
from first_view import JAVASCRIPT, STYLES, Page, listed, scripts_of, styles_of

ADDRESS = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)]*))\s*\)""")


def pages(site):
    found = sorted(site.rglob("*.html"))
    assert len(found) > 20
    return found


def test_the_scripts_of_a_first_view_stay_within_the_budget(site):
    for page in pages(site):
        sizes = scripts_of(site, page)
        ours = [file for file in sizes if file.startswith("assets/coursewright/")]
        assert len(ours) > 1  # the entry, and what it imports
        assert sum(sizes.values()) <= JAVASCRIPT, f"{page}\n{listed(sizes)}"


def test_the_styles_of_a_first_view_stay_within_the_budget(site):
    for page in pages(site):
        sizes = styles_of(site, page)
        assert len(sizes) >= 2  # the course's, and its formulas'
        assert sum(sizes.values()) <= STYLES, f"{page}\n{listed(sizes)}"


def test_what_is_loaded_on_demand_is_in_no_first_view(site):
    vega = next((site / "assets/coursewright/chunks").glob("vega-*.js"))
    assert first_view.compressed(vega.read_bytes()) > JAVASCRIPT
    for page in pages(site):
        assert not [file for file in scripts_of(site, page) if "vega" in file]


def test_fonts_and_all_else_that_styles_load_come_from_the_site(site):
    fonts = 0
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"@import[^;]*//", text), sheet
        for found in ADDRESS.finditer(text):
            address = "".join(filter(None, found.groups())).strip()
            if address.startswith(("data:", "#")):
                continue
            file = sheet.parent / unquote(re.split("[?#]", address)[0])
            assert file.is_file(), (sheet, address)
            fonts += file.suffix == ".woff2"
    assert fonts > 10


def test_every_image_says_how_large_it_is(project, build):
    (project / "course/images").mkdir()
    (project / "course/images/dot.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0h9"/></svg>'
    )
    lesson = project / "course/lessons/small.yml"
    image = "      - image: {file: dot.svg, alt: A dot}\n"
    lesson.write_text(lesson.read_text().replace("      - demo:\n", image + "      - demo:\n"))
    built = build(project)
    assert built.returncode == 0, built.stderr
    (shown,) = Page(project / "site/lessons/small/index.html").images
    assert (shown["width"], shown["height"]) == ("40", "20")


def test_every_image_of_the_site_says_how_large_it_is(site):
    for page in pages(site):
        for image in Page(page).images:
            assert image.get("width"), (page, image)
            assert image.get("height"), (page, image)
