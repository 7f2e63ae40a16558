"""Demos whose every stop was computed when the page was built: they answer without Python."""

import json
import re

import pytest
from editing import write
from playwright.sync_api import expect

PAGE = "lessons/frames/"
BOOT = 60_000
BAKED = "Computed when this page was built"


@pytest.fixture
def page(on_a_phone, frames_origin):
    """The lesson, opened; `page.asked` are the files that it has asked for since."""
    opened = on_a_phone(frames_origin, PAGE)
    expect(opened.locator("#several .cw-controls")).to_be_enabled()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    return opened


def wanted(page, folder):
    """What the page has asked of a folder of assets."""
    return [url for url in page.asked if f"/assets/{folder}/" in url]


def test_a_demo_answers_without_python_until_its_code_is_changed(page):
    demo = page.locator("#several")
    outputs, status = demo.locator(".cw-outputs"), demo.locator(".cw-status")
    expect(status).to_have_text(BAKED)
    assert wanted(page, "frames") == []
    demo.locator("input[type=range]").fill("0.3")
    expect(outputs).to_have_text("'0.3 of size 1'")
    demo.get_by_label("large").check()
    expect(outputs).to_have_text("'0.3 of size 10'")
    demo.get_by_text("Loud", exact=True).click()
    expect(outputs).to_have_text("'0.3 OF SIZE 10'")
    expect(status).to_have_text(BAKED)
    assert len(wanted(page, "frames")) == 1
    assert wanted(page, "runtime") == []
    assert len(page.frames) == 1  # no sandbox for Python either
    demo.get_by_text("Show the Python").click()
    write(demo, "def either(x, size, loud):\n    return [x, size, loud]\n")
    demo.get_by_role("button", name="Run").click()
    expect(outputs).to_have_text("[0.3, 10, True]", timeout=BOOT)
    expect(status).to_contain_text("answered in")
    demo.locator("input[type=range]").fill("0.4")
    expect(outputs).to_have_text("[0.4, 10, True]")
    demo.get_by_role("button", name="Reset").click()
    expect(outputs).to_have_text("'0.4 OF SIZE 10'")
    expect(status).to_have_text(BAKED)
    demo.locator("input[type=number]").fill("0.45")  # between two stops
    expect(outputs).to_have_text("'0.45 OF SIZE 10'")
    expect(status).to_contain_text("answered in")


def test_what_a_slider_sends_is_what_was_computed_at_each_of_its_stops(page, frames_site):
    for name in ("tenths", "uneven", "tiny", "thirds", "factors", "counts"):
        (file,) = (frames_site / "assets/frames").glob(f"{name}-*.json")
        ((_, stops),) = json.loads(file.read_text())["controls"]
        demo = page.locator(f"#{name}")
        slider, outputs = demo.locator("input[type=range]"), demo.locator(".cw-outputs")
        slider.press("Home")
        for x in map(int if name == "counts" else float, stops):
            expect(outputs).to_have_text(f"'x = {x!r}'")
            slider.press("ArrowRight")
        expect(demo.locator(".cw-status")).to_have_text(BAKED)
    assert wanted(page, "runtime") == []


def test_the_slider_wins_that_moved_while_frames_were_on_their_way(page):
    held = []
    page.route("**/assets/frames/*", lambda route: held.append(route))
    demo = page.locator("#several")
    outputs = demo.locator(".cw-outputs")
    demo.locator("input[type=range]").fill("0.3")
    expect(outputs).to_have_class(re.compile("cw-stale"))
    demo.locator("input[type=range]").fill("0.35")
    demo.locator("input[type=range]").fill("0.8")
    held[0].continue_()
    expect(outputs).to_have_text("'0.8 of size 1'")
    expect(outputs).not_to_have_class(re.compile("cw-stale"))
    assert wanted(page, "runtime") == []
