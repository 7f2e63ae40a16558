"""The pages about the engine, opened: nothing complains, nothing is cut off, names are found."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(
    f"{page.relative_to(DOCS).with_suffix('').as_posix().removesuffix('index').rstrip('/')}/"
    for page in (DOCS / "engine").rglob("*.md")
)
BOOT = 60_000
SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_about_the_engine_opens_without_a_complaint(reader, page):
    opened = reader.open(page)
    expect(opened.get_by_role("heading", level=1)).to_be_visible()
    opened.wait_for_load_state("networkidle")


def test_the_pages_about_the_engine_fit_a_phone(chromium, origin):
    context = chromium.new_context(viewport={"width": 320, "height": 800})
    phone = context.new_page()
    for page in PAGES:
        phone.goto(origin + page)
        for summary in phone.locator("details.cw-source > summary").all()[:3]:
            summary.click()
        assert phone.evaluate(SIDEWAYS) <= 0, page
    context.close()


def test_a_source_unfolds(reader):
    page = reader.open("engine/reference/optimizers/")
    source = page.locator("details.cw-source", has_text="class AdamW(Adam):")
    code = source.locator("code")
    expect(code).not_to_be_visible()
    source.locator("summary").click()
    expect(code).to_contain_text("parameter.data *= 1 - self.lr * self.weight_decay")


def test_a_search_for_a_class_leads_to_it(reader):
    page = reader.open("engine/tour/")
    page.get_by_role("textbox", name="Search").fill("AdamW")
    found = page.locator(".md-search-result__link[href*='#pyengine.optim.AdamW']")
    expect(found).to_contain_text("decay_only", timeout=BOOT)
    found.click()
    expect(page).to_have_url(re.compile(r"/engine/reference/optimizers/.*#pyengine\.optim\.AdamW$"))
    expect(page.get_by_role("heading", name="AdamW")).to_be_in_viewport()


def test_a_name_in_the_tour_leads_to_its_reference(reader):
    page = reader.open("engine/tour/")
    page.get_by_role("link", name="unbroadcast").click()
    expect(page.get_by_role("heading", name="unbroadcast")).to_be_in_viewport()
