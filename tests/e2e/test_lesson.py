"""The lesson as its readers use it, in Chromium, at a server's root and under a sub-path."""

import re

import pytest
from browsers import READY, SNAPSHOT_KEPT
from playwright.sync_api import expect
from watching import until

LESSON = "lessons/how-does-a-brain-learn/"
BOOT = 60_000


def words_of(tree) -> str:
    """All text of an elements tree."""
    if isinstance(tree, str):
        return tree
    return "".join(words_of(child) for child in tree[2:])


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_page_reads_fully_without_javascript(chromium, origin):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(origin + LESSON)
    for demo in ("loss-calculator", "blame-chain", "descent-1d"):
        assert page.locator(f"#{demo} .cw-output").first.is_visible()
    page.locator("#loss-calculator").scroll_into_view_if_needed()
    expect(page.locator("#loss-calculator .figure-value")).to_have_text("0.69", use_inner_text=True)
    chart = page.locator("#loss-calculator svg:visible")
    assert chart.bounding_box()["width"] > 300
    assert page.locator(".katex-html").first.is_visible()
    computed = [page.locator("td data").nth(i).inner_text() for i in range(4)]
    assert computed == ["0.11", "0.69", "2.53", "6.91"]
    context.close()


@pytest.mark.parametrize(
    ("demo", "target", "control", "value", "others"),
    [
        ("loss-calculator", "cross_entropy:calculator", "p", 0.25, {}),
        ("blame-chain", "backprop:blame", "w1", 1.7, {"w2": -0.5}),
        ("sentence-loss", "cross_entropy:sentence", "p", 0.8, {"tokens": 40}),  # without Python
        ("descent-1d", "descent:one_parameter", "lr", 1.05, {"start": 2.5, "valley": "bowl"}),
    ],
)
def test_moving_a_slider_shows_what_python_computes(
    reader, python_says, demo, target, control, value, others
):
    page = reader.open(LESSON)
    page.locator(f"#{demo} [data-name={control}] input[type=range]").fill(str(value))
    answered = page.locator(f"#{demo} .cw-outputs[aria-busy=false]")
    expect(answered).to_be_attached(timeout=BOOT)
    displays = python_says(target, **{control: value}, **others)
    outputs = page.locator(f"#{demo} .cw-output")
    expect(outputs).to_have_count(len(displays))
    for i, bundle in enumerate(displays):
        if "application/vnd.vegalite.v6+json" in bundle:
            expect(outputs.nth(i).locator("figcaption")).to_have_text(bundle["text/plain"])
        else:
            tree = bundle["application/vnd.nudge.elements+json"]
            shown = squeezed(outputs.nth(i).text_content())
            assert shown == squeezed(words_of(tree))


def test_the_number_box_and_the_slider_move_together(reader):
    page = reader.open(LESSON)
    control = page.locator("#loss-calculator [data-name=p]")
    control.locator("input[type=number]").fill("0.001")
    assert control.locator("input[type=range]").input_value() == "0.001"
    expect(page.locator("#loss-calculator .figure-value")).to_have_text("6.91", timeout=BOOT)


def test_a_demo_is_worked_by_keyboard_alone(reader):
    page = reader.open(LESSON)
    page.locator("#loss-calculator input[type=range]").focus()
    for _ in range(100):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("#loss-calculator .figure-value")).to_have_text("0.92", timeout=BOOT)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "number"
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('#loss-calculator .cw-controls *')")


def test_python_loads_only_when_it_is_wanted(reader):
    page = reader.open(LESSON)
    page.wait_for_load_state("networkidle")
    assert not [url for url in reader.requests if "/assets/runtime/" in url]
    status = page.locator("#loss-calculator .cw-status")
    assert re.search(r"Python loads when you move a control \(\d+\.\d MB\)", status.inner_text())


def test_the_second_visit_starts_from_a_snapshot_and_downloads_nothing(chromium, origin):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(origin + LESSON)
    page.locator("#loss-calculator input[type=range]").fill("0.3")
    expect(page.locator("#loss-calculator .cw-status")).to_contain_text("answered", timeout=BOOT)
    until(page, SNAPSHOT_KEPT)
    downloads = []
    page.on("response", lambda r: downloads.append(r.url) if not cached(r) else None)
    page.reload()
    page.locator("#loss-calculator input[type=range]").fill("0.4")
    expect(page.locator("#loss-calculator .cw-status")).to_contain_text("answered", timeout=BOOT)
    assert [url for url in downloads if "/assets/runtime/" in url and "manifest" not in url] == []
    assert page.evaluate(READY)["snapshot"] == "used"
    context.close()


def cached(response) -> bool:
    """Whether the browser had this file (headless Chromium serves it without network timing)."""
    return response.request.timing["connectStart"] == -1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_screen(chromium, origin, scheme, width):
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    for path in ("", LESSON, "check/", "glossary/", "sources/", "teachers/"):
        page.goto(origin + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()


def test_search_finds_a_lesson_and_nothing_complains(reader):
    page = reader.open("")
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("backpropagation")
    result = page.locator(".md-search-result__link").first
    expect(result).to_be_visible(timeout=BOOT)
    assert "/lessons/" in result.get_attribute("href")
