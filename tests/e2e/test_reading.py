"""What a reader meets between the clicks: phones, lost connections, half-typed numbers, paper."""

import re

import pytest
from playwright.sync_api import Page, expect
from serving import served

LESSON = "lessons/how-does-a-brain-learn/"
BOOT = 60_000
CUT_OFF = """() => [...document.querySelectorAll(".cw-demo table")].filter((table) => {
  if (!table.checkVisibility()) return false;
  const edge = table.closest(".cw-demo").getBoundingClientRect().right;
  if (table.getBoundingClientRect().right <= edge) return false;
  for (let box = table.parentElement; !box.matches(".cw-demo"); box = box.parentElement) {
    const scrolls = getComputedStyle(box).overflowX === "auto";
    if (scrolls && box.tabIndex === 0 && box.getAttribute("aria-label")) return false;
  }
  return true;
}).map((table) => table.textContent)"""
TWO_FRAMES = "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
HEIGHT = "chart => chart.getBoundingClientRect().height"


@pytest.fixture
def narrow(chromium, origin, request):
    """A page of a given width."""
    context = chromium.new_context(viewport={"width": request.param, "height": 800})
    page = context.new_page()
    page.goto(origin + LESSON)
    yield page
    context.close()


@pytest.fixture
def traveller(chromium, origin):
    """A reader who loses the connection; the browser complains of that in its console."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(origin + LESSON)
    yield page
    context.close()


def moved(page: Page, demo: str, value: str) -> None:
    """Move a demo's first slider and wait for the answer."""
    page.locator(f"#{demo} input[type=range]").first.fill(value)
    expect(page.locator(f"#{demo} .cw-status")).to_contain_text("answered", timeout=BOOT)


@pytest.mark.parametrize("narrow", [320, 390], indirect=True)
def test_no_table_is_cut_off_on_a_phone(narrow):
    for summary in narrow.locator(".cw-data > summary").all():
        summary.click()
    expect(narrow.locator(".cw-demo [role=region]").first).to_be_attached()
    assert narrow.evaluate(CUT_OFF) == []
    moved(narrow, "descent-1d", "0.7")
    expect(narrow.locator("#descent-1d [role=region]").first).to_be_attached()
    assert narrow.evaluate(CUT_OFF) == []


def test_try_again_works_once_the_connection_is_back(traveller):
    page, demo = traveller, traveller.locator("#loss-calculator")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    demo.locator("input[type=range]").fill("0.02")
    expect(demo.locator(".cw-status")).to_contain_text("No connection", timeout=BOOT)
    expect(demo.locator(".cw-outputs")).to_have_class(re.compile("cw-stale"))
    again = demo.get_by_role("button", name="Try again")
    again.focus()
    page.keyboard.press("Enter")
    expect(again).to_be_focused(timeout=BOOT)  # it failed again: the button is still at hand
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(demo.locator(".figure-value")).to_have_text("3.91", timeout=BOOT)
    expect(demo.locator(".cw-outputs")).not_to_have_class(re.compile("cw-stale"))
    assert demo.evaluate("demo => demo.contains(document.activeElement)")


def test_a_chart_that_could_not_load_vega_is_drawn_at_the_next_move(traveller):
    page, demo = traveller, traveller.locator("#loss-calculator")
    lost = re.compile(r"/vega-[^/?]+\.js$")  # with a query it is found
    page.route(lost, lambda route: route.abort())
    page.reload()
    demo.locator("input[type=range]").fill("0.02")
    caption = demo.locator("figcaption")
    expect(demo.locator(".figure-value")).to_have_text("3.91", timeout=BOOT)
    expect(caption.or_(demo.locator(".cw-live")).first).to_be_attached()
    demo.locator("input[type=range]").fill("0.03")
    expect(demo.locator(".cw-live svg")).to_be_visible(timeout=BOOT)
    expect(caption).to_contain_text("At 0.03")


def test_a_mouse_that_rests_on_a_demo_loads_nothing(reader):
    page = reader.open(LESSON)
    page.locator("#loss-calculator .cw-chart").hover()
    page.locator("#loss-calculator input[type=range]").hover()
    page.locator("#loss-calculator input[type=range]").focus()
    page.evaluate(TWO_FRAMES)
    assert not [url for url in reader.requests if "/assets/runtime/" in url]
    expect(page.locator("#loss-calculator .cw-status")).to_contain_text("Python loads when")


def test_an_old_answer_is_marked_until_the_new_one_comes(reader):
    page = reader.page
    held = []
    page.route("**/assets/runtime/manifest.json", lambda route: held.append(route))
    reader.open(LESSON)
    slider = page.locator("#loss-calculator input[type=range]")
    outputs = page.locator("#loss-calculator .cw-outputs")
    slider.fill("0.02")
    expect(outputs).to_have_class(re.compile("cw-stale"))
    assert float(outputs.evaluate("box => getComputedStyle(box).opacity")) >= 0.6
    slider.fill("0.5")  # what the page shows is the answer to this
    expect(outputs).not_to_have_class(re.compile("cw-stale"))
    slider.fill("0.02")
    expect(outputs).to_have_class(re.compile("cw-stale"))
    for route in held:
        route.continue_()
    expect(page.locator("#loss-calculator .figure-value")).to_have_text("3.91", timeout=BOOT)
    expect(outputs).not_to_have_class(re.compile("cw-stale"))


def test_a_number_is_not_judged_while_it_is_typed(reader):
    page = reader.open(LESSON)
    control = page.locator("#loss-calculator [data-name=p]")
    box, note = control.locator("input[type=number]"), control.locator(".cw-control-note")
    height = control.evaluate(HEIGHT)
    box.select_text()
    for key in "0.08":
        page.keyboard.type(key)
        assert note.inner_text() == ""
    expect(page.locator("#loss-calculator .figure-value")).to_have_text("2.53", timeout=BOOT)
    box.fill("7")
    box.blur()
    expect(note).to_have_text("Set to 1, the largest number here.")
    assert box.input_value() == "1"
    assert control.locator("input[type=range]").input_value() == "1"
    box.fill("")
    box.blur()
    expect(note).to_have_text("Back to 1: a number is needed here.")
    assert box.input_value() == "1"
    assert control.evaluate(HEIGHT) == height


def test_a_number_left_half_typed_is_told_what_is_wanted(reader):
    page = reader.open(LESSON)
    control = page.locator("#blame-chain [data-name=w1]")
    control.locator("input[type=number]").select_text()
    page.keyboard.type("-")
    note = control.locator(".cw-control-note")
    assert note.inner_text() == ""
    expect(note).to_have_text("A number from \u22123 to 3.")


def test_whole_numbers_stay_whole(reader):
    page = reader.open(LESSON)
    control = page.locator("#sentence-loss [data-name=tokens]")
    control.locator("input[type=number]").fill("40.4")
    control.locator("input[type=number]").blur()
    expect(control.locator(".cw-control-note")).to_have_text("Set to 40: whole numbers only.")


@pytest.mark.parametrize("narrow", [390, 1280], indirect=True)
def test_the_first_answer_moves_nothing(narrow):
    chart = narrow.locator("#loss-calculator .cw-chart-plot")
    chart.scroll_into_view_if_needed()
    expect(chart.locator("svg:visible")).to_be_in_viewport()
    before = chart.evaluate(HEIGHT)
    moved(narrow, "loss-calculator", "0.49")
    expect(chart.locator(".cw-live svg")).to_be_visible()
    assert chart.evaluate(HEIGHT) == pytest.approx(before, abs=1)


@pytest.mark.parametrize("narrow", [390], indirect=True)
def test_the_chart_stays_where_it_is_while_the_words_change(narrow):
    chart = narrow.locator("#descent-1d .cw-chart-plot")
    in_demo = "chart => chart.offsetTop - chart.closest('.cw-demo').offsetTop"
    places = set()
    for rate in ("0.2", "0.02", "0.95", "1.2"):
        moved(narrow, "descent-1d", rate)
        expect(narrow.locator("#descent-1d .cw-outputs")).to_have_attribute("aria-busy", "false")
        places.add(chart.evaluate(in_demo))
    assert len(places) == 1


def test_a_live_chart_is_one_image_named_by_its_summary(reader):
    page = reader.open(LESSON)
    plot = page.locator("#loss-calculator .cw-chart-plot")
    assert "At 0.5 it is 0.69" in plot.locator("svg:visible").get_attribute("aria-label")
    for value in ("0.25", "0.1"):
        moved(page, "loss-calculator", value)
        image = plot.locator(".cw-live")
        summary = page.locator("#loss-calculator figcaption")
        expect(summary).to_contain_text(f"At {value}")
        assert image.get_attribute("role") == "img"
        assert image.get_attribute("aria-label") == summary.inner_text()
    assert plot.locator("svg:not([aria-hidden=true])").count() == 0


def test_who_follows_a_dead_link_finds_the_way_home(chromium, site):
    page = chromium.new_page()
    with served(site) as address:
        page.goto(address + "404.html")
        expect(page.get_by_role("heading", level=1)).to_have_text("This page does not exist")
        page.get_by_role("article").get_by_role("link", name="home page").click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("This page does not exist")
        assert page.url == address
    page.close()


def test_without_javascript_the_page_promises_nothing(chromium, origin):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(origin + LESSON)
    words = page.locator("body").inner_text()
    assert "Python loads" not in words
    assert words.count("Demos show their starting values") == 1
    context.close()


def test_on_paper_the_chain_stays_inside_its_card(reader):
    page = reader.open(LESSON)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 660, "height": 900})  # A4 between its margins
    overhang = """chain => {
      const right = (part) => part.getBoundingClientRect().right;
      return Math.max(...[...chain.children].map(right)) - right(chain.closest(".cw-demo"));
    }"""
    for chain in page.locator("ol.chain").all():
        assert chain.evaluate(overhang) <= 0
    assert page.locator(".cw-data:visible").count() == 0
