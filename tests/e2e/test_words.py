"""A reader's way through a course whose words are all in ⟦brackets⟧: none comes from elsewhere.

`site/test_words.py` looks at what is in the pages before any script runs.
"""

import pytest
from editing import write
from playwright.sync_api import expect
from serving import served
from wrapped import bare, wrapped_course

BOOT = 60_000  # milliseconds until Python is there on a busy machine
PAGE = "lessons/xx/"
# What a part of a page says: its text as it is shown, and what it tells of itself. Code is the
# author's, so are charts; what stands beside headings is the theme's.
SAID = """(part) => {
  const others = "pre, code, svg, textarea, .cw-code, .headerlink";
  const isSaid = (each) => each.checkVisibility() && !each.closest(others);
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  let text = "";
  while (texts.nextNode()) {
    if (isSaid(texts.currentNode.parentElement)) text += texts.currentNode.data + " ";
  }
  const seen = [part, ...part.querySelectorAll("*")].filter(isSaid);
  const told = ["aria-label", "title", "alt", "placeholder", "aria-valuetext"];
  return [text, ...seen.flatMap((each) => told.map((name) => each.getAttribute(name) ?? ""))];
}"""


@pytest.fixture(scope="module")
def origin(tmp_path_factory, build):
    project = wrapped_course(tmp_path_factory.mktemp("wrapped"))
    done = build(project)
    assert done.returncode == 0, done.stderr
    with served(project / "site") as address:
        yield address


def pressed(part, name):
    """Press the button of that name, which is in brackets."""
    part.get_by_role("button", name=f"⟦{name}⟧", exact=True).click()


def expect_wrapped(part):
    """No word of a part of the page stands outside of brackets."""
    said = part.evaluate(SAID)
    assert "⟦" in "".join(said)
    assert [each for each in said if bare(each)] == []


def expect_status(part, words, **patience):
    expect(part.locator(".cw-status")).to_contain_text(f"⟦{words}", **patience)


def test_the_quiz_and_predictions(profile):
    page = profile()
    first = page.locator("#question-1")
    pressed(first, "Check")
    expect(first.get_by_role("status")).to_have_text("⟦Choose an option first.⟧")
    first.locator("input").first.check()
    pressed(first, "Check")
    expect(first.locator(".cw-said")).to_have_text("⟦Not so.⟧ xx")
    expect_wrapped(first)
    first.locator("input").nth(1).check()
    pressed(first, "Check")
    expect(first.get_by_role("status")).to_have_text("⟦Right.⟧")
    second = page.locator("#question-2")
    second.locator("input").first.check()
    pressed(second, "Check")
    expect_wrapped(second)
    order = page.locator("#question-3")
    order.locator("button[data-to=Down]:enabled").first.click()
    pressed(order, "Check")
    expect_wrapped(order)
    typed = page.locator("#question-4")
    typed.get_by_role("textbox").fill("7")
    pressed(typed, "Check")
    expect(typed.get_by_role("status")).to_have_text("⟦Not yet: that is too large.⟧")
    expect_wrapped(typed)
    guess = page.locator("#guessed")
    guess.locator("input").first.check()
    pressed(guess, "Commit")
    expect(guess.get_by_role("status")).to_have_text("⟦Something else happens.⟧")
    expect_wrapped(guess)


def test_cards_come_back_here_and_on_the_home_page(profile):
    page = profile()
    card = page.locator(".cw-card")
    card.locator("summary").click()
    expect_wrapped(page.locator("cw-cards"))
    pressed(card, "Good")
    expect(card.locator(".cw-comes")).to_contain_text("⟦Comes back in ")
    expect_wrapped(page.locator("cw-cards"))
    expect(page.locator(".cw-lesson-end")).to_contain_text("⟦1 of 13 things to do")
    page.locator(".cw-lesson-end summary").click()
    expect_wrapped(page.locator(".cw-lesson-end"))
    home = profile("")
    expect(home.locator(".cw-reader")).to_contain_text("⟦Where you left off: ⟧")
    expect_wrapped(home.locator(".cw-reader"))


def test_a_stream_and_a_demos_foot(profile):
    page = profile()
    demo = page.locator("#played")
    expect_status(demo, "Python loads when you play")
    pressed(demo, "Step")
    expect(demo.locator(".cw-stream-count")).to_have_text("⟦picture 1⟧", timeout=BOOT)
    expect_status(demo, "Ready⟧⟦, answered in ⟦")
    pressed(demo, "Play")
    expect(demo.locator(".cw-stream-count")).to_have_text("⟦ended after 3 pictures⟧")
    expect_wrapped(demo)
    chart = page.locator("#slid")
    pressed(chart, "Keep this curve")
    chart.get_by_role("spinbutton").fill("4")
    expect(chart.locator(".cw-kept")).to_contain_text("⟦kept: ⟦xx 3⟧⟧")
    expect_wrapped(chart)
    controls = page.locator("#all-of-them")
    controls.get_by_role("spinbutton").nth(1).fill("99")
    expect(
        controls.locator(".cw-control-note", has_text="⟦A whole number from 1 to 20.⟧")
    ).to_be_visible()
    controls.get_by_role("spinbutton").nth(1).fill("13")
    expect(controls.get_by_role("alert")).to_be_visible(timeout=BOOT)
    expect(controls.locator(".cw-trace summary")).to_have_text("⟦Where it happened⟧")


def test_a_cell_and_an_exercise(profile):
    page = profile()
    cell = page.locator("#second")
    write(cell, "x + nothing")
    pressed(cell, "Run")
    expect(cell.get_by_role("alert")).to_contain_text("⟦(line\u00a01)⟧", timeout=BOOT)
    expect_wrapped(cell.locator(".cw-editor-buttons"))
    exercise = page.locator("#written")
    pressed(exercise, "Run the checks")
    expect(exercise.locator(".cw-verdict")).to_have_text("⟦0 of 2 checks pass.⟧")
    expect(exercise.locator(".cw-results li").first).to_have_text("✗ ⟦x(1) gives 1, expected 2⟧")
    expect(exercise.locator(".cw-results li").nth(1)).to_have_text("✗ ⟦one more check⟧")
    expect_wrapped(exercise.locator(".cw-help"))


def test_an_explanation_is_sent_nowhere_and_graded_here(profile):
    page = profile()
    task = page.locator("cw-teach-back")
    task.scroll_into_view_if_needed()
    pressed(task, "Have it graded")
    expect(task.locator(".cw-progress")).to_have_text("⟦Write your explanation first.⟧")
    task.get_by_role("textbox").fill("The loss is a number. It says how wrong a guess was.")
    expect_wrapped(task)
    pressed(task, "Have it graded")
    expect(task.locator(".cw-panel")).to_contain_text("⟦Send your explanation?⟧")
    expect_wrapped(task)
    pressed(task, "Use the checklist on this device instead")
    result = task.locator(".cw-result")
    expect(result.locator(".cw-band")).to_have_text("⟦Nearly there⟧", timeout=BOOT)
    expect(result.locator(".cw-next")).to_have_text("⟦Next: ⟧⟦Say this as well: xxxx xxx.⟧")
    expect(result.locator(".cw-by")).to_contain_text("⟦A checklist estimate, not an AI:")
    task.locator(".cw-answered").evaluate("(part) => part.remove()")  # the reader's own words
    expect_wrapped(result)
    pressed(result, "Revise")
    pressed(task, "Mark it yourself")
    task.locator(".cw-answered").evaluate("(part) => part.remove()")
    expect_wrapped(task)


def test_the_page_on_a_readers_data_and_what_the_theme_lacks(profile):
    first = profile().locator("#question-1")
    first.locator("input").first.check()
    pressed(first, "Check")
    page = profile("your-data/")
    box = page.locator("cw-data")
    expect(box).to_contain_text("⟦Save to a file⟧")
    expect(page.locator("cw-offline")).to_contain_text("⟦")
    expect_wrapped(page.locator(".md-content__inner"))
    pressed(box, "Delete everything")
    expect_wrapped(box)
    pressed(box, "Yes, delete it")
    expect(box.get_by_role("status")).to_have_text("⟦Everything was deleted from this browser.⟧")
    expect_wrapped(box)
    expect(page.locator(".md-search")).to_have_attribute("aria-label", "⟦Search⟧")
