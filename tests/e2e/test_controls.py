"""Every kind of control of a demo: set by mouse or keyboard, refused, read without script."""

import pytest
from playwright.sync_api import expect

PAGE = "lessons/controls/"
BOOT = 60_000


@pytest.fixture
def page(on_a_phone, controls_origin):
    """The lesson, its demo alive."""
    opened = on_a_phone(controls_origin, PAGE)
    expect(opened.locator(".cw-controls")).to_be_enabled()
    return opened


def labelled(page, name):
    return page.locator(".cw-demo").get_by_label(name, exact=True)


def answered(page, words):
    """Wait until Python's answer has these words in it."""
    expect(page.locator(".cw-output")).to_contain_text(words, timeout=BOOT)


def test_each_kind_is_set_by_mouse_or_keyboard_and_python_answers(page):
    labelled(page, "Learning rate").press("ArrowRight")
    answered(page, "rate=0.158\n")
    labelled(page, "Learning rate").press("End")
    answered(page, "rate=2.0\n")
    labelled(page, "Learning rate, exact").fill("0.12345")
    answered(page, "rate=0.12345\n")
    labelled(page, "Width").press("ArrowRight")
    answered(page, "width=100\n")
    labelled(page, "Layers").press("ArrowUp")
    answered(page, "layers=4\n")
    labelled(page, "Scale").fill("-0.75")
    answered(page, "scale=-0.75\n")
    page.get_by_text("Add a bias").click()
    answered(page, "bias=False\n")
    labelled(page, "A word").fill('O\'Hare & "x" <b>')
    answered(page, "word='O\\'Hare & \"x\" <b>'\n")
    labelled(page, "A word").fill("Rome")
    labelled(page, "A word").press("Enter")
    answered(page, "word='Rome'\n")
    page.get_by_role("button", name="Draw again").click()
    page.get_by_role("button", name="Draw again").press("Enter")
    expect(page.get_by_text("Seed 3")).to_be_visible()
    answered(page, "draw=3\n")
    labelled(page, "large").check()
    answered(page, "size='large'")
    page.reload()
    expect(page.locator(".cw-controls")).to_be_enabled()
    for name, start in (("Learning rate, exact", "0.15"), ("A word", 'Paris & "Rome"')):
        expect(labelled(page, name)).to_have_value(start)
    expect(page.get_by_role("checkbox")).to_be_checked()
    expect(page.get_by_text("Seed 1")).to_be_visible()
    answered(page, "draw=1\n")


def test_a_logarithmic_slider_says_its_number_and_moves_with_the_box(page):
    slider, box = labelled(page, "Learning rate"), labelled(page, "Learning rate, exact")
    expect(slider).to_have_attribute("aria-valuetext", "0.15")
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "0.141")
    expect(box).to_have_value("0.141")
    box.press("ArrowUp")
    expect(box).to_have_value("0.15")
    box.fill("0.0123")
    expect(slider).to_have_attribute("aria-valuetext", "0.0123")
    track = slider.bounding_box()
    slider.click(position={"x": track["width"] - 2, "y": track["height"] / 2})
    expect(box).to_have_value("2")


@pytest.mark.parametrize(
    ("name", "typed", "kept", "note"),
    [
        ("Learning rate, exact", "0", "0.001", "Set to 0.001, the smallest number here."),
        ("Width, exact", "2.7", "3", "Set to 3: whole numbers only."),
        ("Layers", "99", "12", "Set to 12, the largest number here."),
        ("Scale", "", "0.5", "Back to 0.5: a number is needed here."),
    ],
)
def test_a_number_that_does_not_do_is_refused_with_a_word(page, name, typed, kept, note):
    box = labelled(page, name)
    box.fill(typed)
    box.press("Enter" if typed else "Tab")
    expect(box).to_have_value(kept)
    expect(box.locator("xpath=..").get_by_role("status")).to_have_text(note)


def test_every_control_is_large_enough_for_a_finger_and_none_wider_than_a_phone(
    chromium, controls_origin
):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    opened = context.new_page()
    opened.goto(controls_origin + PAGE)
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    operated = opened.locator(
        ".cw-control :is(input:not([type=radio], [type=checkbox]), button, label:has(input))"
    )
    boxes = [one.bounding_box() for one in operated.all()]
    assert len(boxes) == 13
    assert min(box["height"] for box in boxes) >= 44
    assert max(box["x"] + box["width"] for box in boxes) <= 390
    context.close()


def test_without_script_the_page_says_what_every_control_starts_with(chromium, controls_origin):
    context = chromium.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(controls_origin + PAGE)
    expect(labelled(opened, "Learning rate, exact")).to_have_value("0.15")
    expect(labelled(opened, "Layers")).to_have_value("3")
    expect(labelled(opened, "A word")).to_have_value('Paris & "Rome"')
    expect(opened.get_by_role("checkbox")).to_be_checked()
    expect(opened.get_by_text("Seed 1")).to_be_visible()
    for operated in opened.locator(".cw-control :is(input, button)").all():
        expect(operated).to_be_disabled()
    expect(opened.locator(".cw-output")).to_contain_text("rate=0.15\nwidth=64\ndecay=0.1\nlayers=3")
    context.close()
