"""Nothing that axe-core finds, at rest and used, in both schemes; and a lesson by keys alone."""

import re

import pytest
from auditing import (
    MOVING,
    Finding,
    at_rest,
    covered,
    explain,
    leave_search,
    measured,
    search,
    toggle_drawer,
    use_all,
    with_forced_colors,
    with_large_type,
)
from playwright.sync_api import Locator, Page, expect
from serving import served

LONGEST = "lessons/how-does-a-brain-learn/"
LESSON = "lessons/the-p-in-gpt/"
BOOT = 60_000
MOST_STOPS = 60  # of the Tab key, from one part of a lesson to the next


@pytest.fixture(scope="module")
def address(site):
    with served(site) as origin:
        yield origin


@pytest.fixture
def opened(chromium, address):
    """Opens a page of the site; closed when the test ends."""
    contexts = []

    def show(path: str, **options) -> Page:
        size = {"width": 1280, "height": 900}
        contexts.append(chromium.new_context(**{"viewport": size, **options}))
        page = contexts[-1].new_page()
        page.goto(address + path)
        return page

    yield show
    for context in contexts:
        context.close()


def told(findings: list[Finding]) -> list[str]:
    return [str(finding) for finding in findings]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", LONGEST], ids=["home", "lesson"])
def test_nothing_is_found_at_rest_or_after_use(opened, path, scheme):
    page = opened(path, color_scheme=scheme)
    assert told(at_rest(page)) == []
    assert told(list(use_all(page, demos=False))) == []
    assert told(at_rest(page)) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert told(at_rest(page)) == []


def test_what_a_demo_answers_has_a_name_a_summary_and_a_table(opened):
    page = opened(LESSON, color_scheme="dark")
    assert told(list(use_all(page))) == []
    assert told(at_rest(page)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_search_and_the_drawer_are_found_faultless(opened, scheme):
    page = opened("", color_scheme=scheme, viewport={"width": 390, "height": 844})
    toggle_drawer(page)
    assert told(at_rest(page)) == []
    toggle_drawer(page)
    search(page)
    assert told(at_rest(page)) == []
    leave_search(page)


@pytest.mark.parametrize("path", ["", LESSON], ids=["home", "lesson"])
def test_larger_type_own_colours_and_a_narrow_page_lose_nothing(opened, path):
    page = opened(path, reduced_motion="reduce")
    assert told(with_large_type(page)) == []
    assert told(with_forced_colors(page)) == []
    assert told(measured(page, "motion", MOVING)) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_whatever_has_the_focus_is_seen_to_have_it(opened, width):
    page = opened(LESSON, viewport={"width": width, "height": 800}, reduced_motion="reduce")
    page.locator("cw-teach-back").scroll_into_view_if_needed()
    page.locator("cw-teach-back textarea").wait_for()
    assert covered(page) == []


@pytest.mark.parametrize("page", ["training", "operations"])
def test_links_in_long_signatures_are_seen_when_they_have_the_focus(opened, page):
    narrow = opened(f"engine/reference/{page}/", viewport={"width": 320, "height": 800})
    assert covered(narrow) == []


def test_a_marked_explanation_fits_a_narrow_page_in_large_type(opened):
    page = opened(LESSON, viewport={"width": 320, "height": 900})
    explain(page)
    assert told(with_large_type(page)) == []


def here(page: Page, wanted: Locator) -> bool:
    """Whether a part of the page has the focus."""
    return wanted.evaluate("(part) => part === document.activeElement")


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until this has the focus; the page's own order must lead there."""
    for _ in range(MOST_STOPS):
        if here(page, wanted):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{MOST_STOPS} stops of the Tab key did not lead to {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def right_answers(asked: Locator) -> list[int]:
    return [int(each) for each in asked.evaluate("(part) => JSON.parse(part.dataset.answer)")]


def answer(page: Page, asked: Locator) -> None:
    """Choose the right option with the arrows, or put the items in order, and have it checked."""
    kind = asked.get_attribute("data-kind")
    if kind == "order":
        put_in_order(page, asked)
    else:
        (right,) = right_answers(asked)
        first = asked.get_by_role("radio").first
        tab_to(page, first)
        page.keyboard.press("Space")
        for _ in range(right):
            page.keyboard.press("ArrowDown")
    name = "Commit" if kind == "predict" else "Check"
    press(page, asked.get_by_role("button", name=name, exact=True))
    said = "As you said." if kind == "predict" else "Right."
    expect(asked.get_by_role("status")).to_have_text(said)


def put_in_order(page: Page, asked: Locator) -> None:
    """Move each item to the top, the last one first."""
    items = asked.locator("[data-item]")
    items.first.get_by_role("button").first.wait_for()
    for item in range(items.count() - 1, -1, -1):
        up = asked.locator(f"[data-item='{item}']").get_by_role("button").first
        while up.is_enabled():
            tab_to(page, up, "Shift+Tab" if passed(page, up) else "Tab")
            page.keyboard.press("Enter")


def passed(page: Page, wanted: Locator) -> bool:
    """Whether this part of the page stands before what has the focus."""
    return wanted.evaluate("(part) => !!(document.activeElement.compareDocumentPosition(part) & 2)")


def test_a_whole_lesson_is_done_by_keys_alone(opened):
    page = opened(LESSON)
    page.locator("cw-cards").get_by_text("Show answer").first.wait_for(state="attached")
    demo = page.locator("cw-demo").first
    press(page, page.get_by_role("link", name="Skip to content"))
    tab_to(page, demo.locator("input, button, textarea").first)
    answer(page, page.locator("#first-loss"))
    for asked in page.locator(".cw-quiz cw-question").all():
        answer(page, asked)

    back = page.locator("cw-teach-back")
    tab_to(page, back.get_by_label("Your explanation"))
    page.keyboard.type("The model gives every possible next word a probability.")
    press(page, back.get_by_role("button", name="Mark it yourself"))
    marking = back.get_by_role("region", name="Mark it yourself")
    expect(marking.get_by_role("heading")).to_be_focused()
    for group in marking.get_by_role("group").all():
        if group.get_by_role("radio").count():
            press(page, group.get_by_role("radio").first, "Space")
    press(page, marking.get_by_role("button", name="Show my score"))
    expect(back.get_by_role("region", name="Result").get_by_role("heading")).to_be_focused()

    for card in page.locator(".cw-card").all():
        press(page, card.locator("summary"))
        press(page, card.get_by_role("button", name="Good"))
        expect(card.get_by_role("status")).to_contain_text(re.compile("Comes back|comes back"))


def test_the_menu_the_search_and_a_demo_are_operated_by_keys_alone(opened):
    page = opened(LESSON, viewport={"width": 390, "height": 844})
    menu = page.get_by_role("button", name="Navigation")
    press(page, menu)
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".md-nav__title").get_by_role("button", name="Lessons")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_have_attribute("aria-expanded", "false")
    expect(menu).to_be_focused()
    page.keyboard.press("s")  # a letter alone is no command
    expect(menu).to_be_focused()
    press(page, page.get_by_role("button", name="Switch to dark"))
    expect(page.get_by_role("button", name="Switch to light")).to_be_focused()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    press(page, page.get_by_role("button", name="Search", exact=True))
    expect(page.get_by_role("textbox", name="Search")).to_be_focused()
    page.keyboard.press("Escape")
    demo = page.locator("#mixer-desk")
    before = demo.locator(".cw-outputs").inner_text()
    demo.locator("input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(demo.locator(".cw-outputs")).not_to_have_text(before, timeout=BOOT)
