"""Cells, exercises and edited demos: changed and run in the reader's browser."""

from itertools import pairwise

import pytest
from editing import editor, expect_code, write
from playwright.sync_api import expect
from serving import served

PAGE = "lessons/code/"
BOOT = 60_000  # milliseconds until Python is there on a busy machine
RIGHT = "def step(w, grad, lr):\n    return w - lr * grad\n"
UPHILL = "def step(w, grad, lr):\n    return w + grad * lr\n"


@pytest.fixture(scope="module")
def code_origin(built):
    with served(built("code")) as origin:
        yield origin


@pytest.fixture
def page(on_a_phone, code_origin):
    """The lesson, opened; Python may take its time."""
    opened = on_a_phone(code_origin, PAGE)
    opened.set_default_timeout(BOOT)
    return opened


def test_a_cell_runs_after_those_above_it_and_shares_their_names(page):
    cell = page.locator("#use-it")
    expect(cell.locator(".cw-outputs")).to_have_text("'AdaAda'")  # baked
    write(page.locator("#name-it"), "if True:")
    above = page.locator("#name-it").get_by_role("textbox")
    above.press("Enter")  # goes on inside the block
    above.press_sequentially('who = "Bo"')
    expect_code(page.locator("#name-it"), 'if True:\n    who = "Bo"')
    write(cell, "who * 3")
    cell.get_by_role("textbox").press("Shift+Enter")
    expect(cell.locator(".cw-outputs")).to_have_text("'BoBoBo'", timeout=BOOT)
    cell.get_by_role("button", name="Reset").click()
    cell.get_by_role("button", name="Run", exact=True).click()
    expect(cell.locator(".cw-outputs")).to_have_text("'BoBo'")


def test_code_is_written_in_a_plain_box_until_codemirror_is_there(page):
    """Neither a letter nor the place of the caret is lost when the one replaces the other."""
    held = []
    page.route("**/chunks/code-editor-*.js", lambda route: held.append(route))
    cell = page.locator("#use-it")
    cell.locator(".highlight pre").click()
    plain = cell.get_by_role("textbox", name="Python code")
    plain.press("Home")
    plain.press_sequentially("a = 1")
    plain.press("Enter")
    plain.evaluate("box => box.setSelectionRange(3, 3)")
    assert plain.evaluate("box => box.localName") == "textarea"
    held[0].continue_()
    expect(plain).to_have_attribute("contenteditable", "true")
    expect(plain).to_be_focused()
    expect_code(cell, "a = 1\nwho * 2")
    plain.press("x")
    expect_code(cell, "a =x 1\nwho * 2")
    plain.press("Control+z")
    plain.press("Control+z")
    expect_code(cell, "who * 2")
    plain.press("Control+y")
    expect_code(cell, "a = 1\nwho * 2")


def test_code_can_be_changed_and_run_where_codemirror_does_not_come(chromium, code_origin):
    context = chromium.new_context()
    context.route("**/chunks/code-editor-*.js", lambda route: route.abort())
    opened = context.new_page()
    opened.goto(code_origin + PAGE)
    cell = opened.locator("#name-it")
    cell.locator(".highlight pre").click()
    plain = cell.get_by_role("textbox", name="Python code")
    plain.fill("if True:")
    plain.press("Enter")
    plain.press_sequentially("'plain'")
    expect(plain).to_have_value("if True:\n    'plain'")
    plain.fill("'plain'")
    plain.press("Control+Enter")
    expect(cell.locator(".cw-outputs")).to_have_text("'plain'", timeout=BOOT)
    context.close()


def test_the_caret_stands_where_the_coloured_code_was_clicked(page):
    cell = page.locator("#name-it")
    word = cell.locator(".highlight code span", has_text="len").first.bounding_box()
    page.mouse.click(word["x"] + 1, word["y"] + word["height"] / 2)
    written = cell.get_by_role("textbox", name="Python code")
    expect(written).to_have_attribute("contenteditable", "true")
    written.press("x")
    expect_code(cell, 'who = "Ada"\nprint("Hello", who)\nxlen(who)')


def test_typing_over_a_selection_takes_its_place(page):
    """Also where the selection begins in a coloured word, whose style must not be carried over."""
    asked = page.locator("#step")
    written = editor(asked)
    written.press("Control+a")
    written.press("x")
    expect_code(asked, "x")
    written.press("Control+z")
    expect_code(asked, "def step(w, grad, lr):\n    return w")


def test_tab_goes_in_and_out_of_the_editor(page):
    cell = page.locator("#name-it")
    written = editor(cell)
    written.press("Tab")
    expect(cell.get_by_role("button", name="Run", exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(written).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(written).not_to_be_focused()
    expect_code(cell, 'who = "Ada"\nprint("Hello", who)\nlen(who)')


def test_the_lines_an_error_went_through_are_marked_until_the_next_run(page):
    """Also in a cell above, which the one that was run has called."""
    above, cell = page.locator("#name-it"), page.locator("#use-it")
    write(above, "def invert(x):\n\n    return 1 / x")
    write(cell, "a = 0\ninvert(a)\nb = 1")
    cell.get_by_role("button", name="Run", exact=True).click()
    expect(cell.get_by_role("alert")).to_contain_text("division by zero (line 2)", timeout=BOOT)
    expect(cell.locator(".cm-line.cw-wrong")).to_have_text(["invert(a)"])
    expect(cell.locator(".cm-gutterElement.cw-wrong")).to_have_text(["2"])
    expect(above.locator(".cm-line.cw-wrong")).to_have_text(["return 1 / x"])
    mended = cell.get_by_role("textbox")
    mended.press("Control+Home")
    mended.press("Enter")  # the mark moves with its line
    expect(cell.locator(".cm-gutterElement.cw-wrong")).to_have_text(["3"])
    write(cell, "a = 2\ninvert(a)")
    cell.get_by_role("button", name="Run", exact=True).click()
    expect(cell.locator(".cw-outputs")).to_have_text("0.5")
    expect(cell.locator(".cw-wrong")).to_have_count(0)


def test_an_error_is_marked_in_code_that_nobody_has_touched(page):
    """An answer that does not run, in the exercise; then all cells above one, from the first on."""
    asked = page.locator("#step")
    write(asked, "def step(w, grad, lr)\n")
    asked.get_by_role("button", name="Run the checks").click()
    alert = asked.get_by_role("alert")
    expect(alert).to_contain_text("SyntaxError: expected ':' (line 1)", timeout=BOOT)
    expect(asked.locator(".cm-line.cw-wrong")).to_have_text(["def step(w, grad, lr)"])
    write(page.locator("#name-it"), "who = 1 / 0")
    page.locator("#use-it").get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#name-it .cm-line.cw-wrong")).to_have_text(["who = 1 / 0"])
    write(page.locator("#name-it"), "who = None")
    page.locator("#use-it").get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#use-it .cm-line.cw-wrong")).to_have_text(["who * 2"])


def test_all_cells_above_one_are_run_again(page):
    assert page.locator("#name-it").get_by_role("button", name="Run all above").count() == 0
    write(page.locator("#name-it"), "import random\nwho = 'B' + random.choice('o')\nwho")
    write(page.locator("#use-it"), "who = who + '!'\nwho")
    last = page.locator("#show-it")
    for _ in range(2):
        last.get_by_role("button", name="Run all above").click()
        expect(page.locator("#use-it .cw-outputs")).to_have_text("'Bo!'", timeout=BOOT)
    expect(page.locator("#name-it .cw-outputs")).to_have_text("'Bo'")
    expect(last.locator(".cw-status")).not_to_contain_text("answered")


def test_a_cell_that_raises_says_where_and_keeps_what_was_written(page):
    cell = page.locator("#name-it")
    write(cell, "a = 1\na / 0")
    cell.get_by_role("button", name="Run", exact=True).click()
    expect(cell.get_by_role("alert")).to_contain_text("division by zero", timeout=BOOT)
    cell.get_by_text("Where it happened").click()
    expect(cell.locator(".cw-trace pre")).to_contain_text("a / 0")
    expect(cell.locator(".cw-trace pre")).not_to_contain_text("runner.py")
    expect_code(cell, "a = 1\na / 0")


def test_an_exercise_says_what_each_check_gives_and_what_a_likely_mistake_is(page):
    asked = page.locator("#step")
    expect(asked.get_by_text("Solution")).to_be_hidden()
    expect(asked.get_by_text("Hint 2")).to_be_hidden()
    write(asked, UPHILL)
    asked.get_by_role("button", name="Run the checks").click()
    expect(asked.get_by_text("0 of 2 checks pass.")).to_be_visible(timeout=BOOT)
    expect(asked.locator(".cw-said")).to_have_text("That walks uphill.")
    results = asked.locator(".cw-results li")
    expect(results.first).to_have_text("✗ step(1.0, 2.0, 0.1) gives 1.2, expected 0.8")
    expect(results.last).to_have_text("✗ one more check")
    expect(asked.get_by_text("Solution")).to_be_visible()
    asked.get_by_text("Hint 1").click()
    expect(asked.get_by_text("Hint 2")).to_be_visible()
    write(asked, RIGHT)
    asked.get_by_role("button", name="Run the checks").click()
    expect(asked.get_by_text("All checks pass.")).to_be_visible()


def test_an_answer_that_does_not_run_is_told_and_can_be_mended(page):
    asked = page.locator("#step")
    write(asked, "def step(w, grad, lr)\n")
    asked.get_by_role("button", name="Run the checks").click()
    expect(asked.get_by_role("alert")).to_contain_text("SyntaxError", timeout=BOOT)
    write(asked, RIGHT)
    asked.get_by_role("button", name="Run the checks").click()
    expect(asked.get_by_text("All checks pass.")).to_be_visible()
    expect(asked.get_by_role("alert")).to_have_count(0)


def test_a_demos_python_can_be_changed_and_reset(page):
    demo = page.locator("#doubler")
    demo.get_by_text("Show the Python").click()
    write(demo, "def twice(x):\n    return x * 100\n")
    demo.get_by_role("button", name="Run", exact=True).click()
    expect(demo.locator(".cw-outputs")).to_have_text("300", timeout=BOOT)
    demo.locator("input[type=range]").fill("4")
    expect(demo.locator(".cw-outputs")).to_have_text("400")
    demo.get_by_role("button", name="Reset").click()  # also what the controls run
    expect(demo.locator(".cw-outputs")).to_have_text("8")


def test_a_stream_is_stepped_played_paused_and_begun_anew(page):
    demo = page.locator("#counter")
    outputs, count = demo.locator(".cw-outputs"), demo.locator(".cw-stream-count")
    expect(outputs).to_have_text("6")  # baked: three steps of two
    step = demo.get_by_role("button", name="Step")
    step.click()
    expect(outputs).to_have_text("2", timeout=BOOT)
    step.click()
    expect(outputs).to_have_text("4")
    expect(count).to_have_text("picture 2")
    demo.get_by_role("button", name="Play").click()
    expect(count).not_to_have_text("picture 2")
    demo.get_by_role("button", name="Pause").click()
    demo.get_by_role("button", name="Play").wait_for()
    demo.get_by_role("button", name="Reset").click()
    expect(count).to_have_text("picture 1")
    expect(outputs).to_have_text("2")
    demo.locator("input[type=range]").fill("10")
    expect(outputs).to_have_text("10")
    demo.get_by_role("button", name="Play").click()
    expect(count).to_have_text("ended after 100 pictures")
    expect(outputs).to_have_text("1000")
    step.click()  # begins anew
    expect(outputs).to_have_text("10")


def test_a_stream_that_plays_answers_at_most_ten_times_a_second(page):
    demo = page.locator("#counter")
    count = demo.locator(".cw-stream-count")
    demo.locator("input[type=range]").fill("1")  # a thousand pictures, each of 2 milliseconds
    expect(count).to_have_text("picture 1", timeout=BOOT)
    count.evaluate("""(count) => {
      window.answers = [];
      const shown = () => Number(count.textContent.match(/\\d+/)[0]);
      const seen = () => window.answers.push([performance.now(), shown()]);
      new MutationObserver(seen).observe(count, { childList: true });
    }""")
    demo.get_by_role("button", name="Play").click()
    expect(count).to_have_text("ended after 1000 pictures", timeout=BOOT)
    answers = page.evaluate("window.answers")
    assert len(answers) > 5
    for (at, before), (later, pictures) in pairwise(answers[:-1]):  # the last may be cut short
        assert later - at > 99  # milliseconds
        assert pictures > before


def test_a_demo_whose_code_stands_in_the_lesson_answers(page):
    demo = page.locator("#inline")
    expect(demo.locator(".cw-outputs")).to_have_text("6")
    demo.locator("input[type=range]").fill("5")
    expect(demo.locator(".cw-outputs")).to_have_text("15", timeout=BOOT)
    demo.get_by_text("Show the Python").click()
    write(demo, "def thrice(x):\n    return 30 * x\n")
    demo.get_by_role("button", name="Run", exact=True).click()
    expect(demo.locator(".cw-outputs")).to_have_text("150")


def test_the_page_is_no_wider_than_the_phone(page):
    for part in ("#name-it", "#step"):
        page.locator(f"{part} pre").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_code_and_what_it_gave_can_be_read_without_script(chromium, code_origin):
    context = chromium.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(code_origin + PAGE)
    expect(opened.locator("#name-it pre").first).to_contain_text('who = "Ada"')
    expect(opened.locator("#name-it .cw-outputs")).to_contain_text("Hello Ada")
    opened.locator("#step").get_by_text("Solution").click()
    expect(opened.get_by_text("return w - lr * grad")).to_be_visible()
    context.close()


def test_html_that_code_shows_is_readable_and_neither_runs_nor_asks_for_anything(
    chromium, code_origin
):
    context = chromium.new_context()
    asked = []
    context.route("https://example.org/**", lambda route: (asked.append(route), route.abort()))
    page = context.new_page()
    page.goto(code_origin + PAGE)
    cell = page.locator("#show-it")
    assert cell.locator("td").all_inner_texts() == ["1", "0.69"]  # as it was built
    assert cell.locator("script, [onerror], [onclick], [style], link, meta").count() == 0
    cell.get_by_role("button", name="Run", exact=True).click()
    frame = cell.frame_locator("iframe[sandbox='']")
    expect(frame.locator("td")).to_have_text(["1", "0.69"], timeout=BOOT)
    expect(frame.locator("body")).to_have_css("margin-top", "0px")  # our own styles apply
    drawing = page.locator("#draw-it")
    drawing.get_by_role("button", name="Run", exact=True).click()
    expect(drawing.locator(".cw-status")).to_contain_text("answered", timeout=BOOT)
    picture = drawing.get_by_role("img", name="A circle")
    assert picture.get_attribute("src").startswith("data:image/svg+xml,")  # it was base64
    assert picture.evaluate("image => image.naturalWidth") == 60
    assert page.title() == "Code to change - Code"
    assert asked == []
    context.close()
