"""Curves kept to compare the next ones with, and links that carry a demo's settings."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

FRAMES = "lessons/frames/"
CONTROLS = "lessons/controls/"
BOOT = 60_000


@pytest.fixture
def page(on_a_phone, frames_origin):
    """The lesson with frames and curves; `page.asked` are the files that it has asked for."""
    opened = on_a_phone(frames_origin, FRAMES)
    expect(opened.locator("#training .cw-controls")).to_be_enabled()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    return opened


def button(part, name):
    return part.get_by_role("button", name=name, exact=True)


def runtime_asked(requests):
    return [url for url in requests if "/assets/runtime/" in url]


def dashed(demo):
    """The kept lines of a live chart."""
    return demo.locator(".cw-live path[stroke-dasharray]:not([stroke-dasharray=''])")


def test_kept_curves_stand_behind_the_next_with_name_and_data_until_forgotten(page):
    demo = page.locator("#falling")
    legend, summary = demo.locator(".cw-kept li"), demo.locator("figcaption")
    keep, rate = button(demo, "Keep this curve"), demo.get_by_label("Learning rate, exact")
    expect(button(demo, "Forget kept curves")).to_be_hidden()
    keep.press("Enter")
    expect(legend).to_have_text("kept: learning rate 0.5")
    expect(demo.locator(".cw-spoken")).to_contain_text("Kept: learning rate 0.5.")
    rate.fill("0.2")
    expect(summary).to_have_text("The loss is 0.33. Kept: learning rate 0.5.")
    expect(demo.locator(".cw-live")).to_have_attribute("aria-label", summary.text_content())
    expect(dashed(demo)).to_have_count(1)
    demo.get_by_text("Data table").click()
    expect(demo.locator(".cw-table tr").first).to_have_text("01.00")
    expect(demo.locator(".cw-kept-table")).to_contain_text("kept: learning rate 0.5")
    expect(demo.locator(".cw-kept-table tr").last).to_have_text("50.03")
    for other in ("0.3", "0.4", "0.9"):
        keep.click()
        rate.fill(other)
        expect(summary).to_contain_text("Kept: learning rate")
    expect(legend).to_have_text([f"kept: learning rate {kept}" for kept in ("0.2", "0.3", "0.4")])
    expect(dashed(demo)).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    button(demo, "Forget kept curves").press("Enter")
    expect(keep).to_be_focused()
    expect(summary).to_have_text("The loss is 0.00.")
    expect(legend).to_have_count(0)
    expect(dashed(demo)).to_have_count(0)
    expect(demo.locator(".cw-kept-table")).to_have_count(0)
    assert runtime_asked(page.asked) == []


def test_there_is_nothing_to_keep_where_no_curve_is(page):
    expect(button(page.locator("#several"), "Copy link")).to_be_visible()
    expect(button(page.locator("#several"), "Keep this curve")).to_be_hidden()


def test_a_kept_curve_of_a_stream_says_how_far_it_got_and_survives_reset(page):
    demo = page.locator("#training")
    legend, figure = demo.locator(".cw-kept li"), demo.locator("figcaption")
    button(demo, "Step").click()
    expect(figure).to_have_text("The loss is 1.00.", timeout=BOOT)
    button(demo, "Step").click()
    expect(figure).to_have_text("The loss is 0.50.")
    expect(demo.locator(".cw-stream-count")).to_have_text("picture 2")
    button(demo, "Keep this curve").click()
    expect(legend).to_have_text("kept: picture 2")
    demo.locator("input[type=range]").fill("0.1")
    expect(figure).to_have_text("The loss is 1.00. Kept: learning rate 0.5, picture 2.")
    button(demo, "Step").click()
    expect(figure).to_have_text("The loss is 0.90. Kept: learning rate 0.5, picture 2.")
    button(demo, "Reset").click()
    expect(figure).to_have_text("The loss is 1.00. Kept: learning rate 0.5, picture 2.")
    expect(dashed(demo)).to_have_count(1)


def test_a_link_sets_every_kind_of_control_and_python_runs_only_when_it_is_pressed(
    on_a_phone, controls_origin
):
    settings = urlencode(
        {
            "rate": "0.12345",
            "scale": "-0.75",
            "bias": "off",
            "word": '<b> & "か"',
            "draw": "2",
            "size": "large",
        }
    )
    page = on_a_phone(controls_origin, f"{CONTROLS}?h=search#all-kinds?{settings}")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    demo = page.locator("#all-kinds")
    expect(demo.get_by_label("Learning rate, exact")).to_have_value("0.12345")
    expect(demo.get_by_label("A word")).to_have_value('<b> & "か"')
    expect(demo.get_by_label("large")).to_be_checked()
    expect(demo.get_by_role("checkbox")).not_to_be_checked()
    expect(demo.get_by_text("Seed 2")).to_be_visible()
    expect(demo.locator("h3")).to_be_focused()
    expect(demo.locator("h3")).to_be_in_viewport()
    expect(demo.locator(".cw-arrival")).to_contain_text("These are the settings of the link")
    expect(demo.locator(".cw-outputs")).to_contain_text("rate=0.15\n")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button(demo, "Copy link").click()
    expect(button(demo, "Link copied")).to_be_focused()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{controls_origin}{CONTROLS}#all-kinds?{settings}"
    assert runtime_asked(asked) == []
    button(demo, "Run these settings").click()
    expect(demo.locator(".cw-outputs")).to_contain_text("rate=0.12345\n", timeout=BOOT)
    for line in ("scale=-0.75", "word='<b> & \"か\"'", "draw=2", "bias=False", "size='large'"):
        expect(demo.locator(".cw-outputs")).to_contain_text(line)
    expect(demo.locator(".cw-arrival")).to_have_count(0)


def test_a_link_is_answered_without_python_where_that_can_be_and_what_does_not_fit_is_told(
    page, frames_origin
):
    demo, note = page.locator("#several"), page.locator("#several .cw-arrival")
    page.goto(f"{frames_origin}{FRAMES}#several?x=0.8&size=large")
    expect(demo.locator(".cw-outputs")).to_have_text("'0.8 of size 10'")
    expect(note).to_have_count(0)
    page.goto(f"{frames_origin}{FRAMES}#several?x=2&loud=on&code=print(1)")
    expect(demo.locator(".cw-outputs")).to_have_text("'0.5 OF SIZE 1'")
    expect(note).to_have_text("2 settings in the link do not fit this demo and were left out.")
    expect(page.locator("#falling").get_by_label("Learning rate, exact")).to_have_value("0.5")
    demo.get_by_label("large").check()
    expect(demo.locator(".cw-outputs")).to_have_text("'0.5 OF SIZE 10'")
    expect(note).to_have_count(0)
    assert runtime_asked(page.asked) == []


def test_a_link_that_cannot_be_copied_is_shown_selected_until_a_control_moves(page):
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }")
    demo = page.locator("#several")
    demo.locator("input[type=range]").fill("0.7")
    button(demo, "Copy link").click()
    field = demo.get_by_label("Link to these settings, to copy")
    expect(field).to_be_focused()
    assert field.input_value().endswith("/lessons/frames/#several?x=0.7")
    assert field.evaluate("field => field.selectionEnd - field.selectionStart") > 20
    demo.get_by_label("large").check()
    expect(field).to_have_count(0)
