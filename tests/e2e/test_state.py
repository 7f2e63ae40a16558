"""What is kept of a reader: there after a reload, the same in two tabs, harmless where it fails."""

import json
from datetime import datetime, timedelta

import pytest
from editing import expect_code, write
from playwright.sync_api import expect
from serving import served

PAGE = "lessons/first/"
BOOT = 60_000
NOT_RUN = "Your code, not run yet"
NOT_SAVED = "Not saved: this browser keeps nothing for this site."
DENIED = """Object.defineProperty(window, "indexedDB", {
  get() { throw new DOMException("denied", "SecurityError"); } })"""
FULL = """IDBObjectStore.prototype.put = function () {
  this.transaction.abort(); throw new DOMException("full", "QuotaExceededError"); }"""
# When a card was due that the author has taken out since.
TAKEN_OUT = {"due": 1, "last": 0, "stability": 1, "difficulty": 5, "reps": 1, "lapses": 0}
# Changes a record in the storage: (name, record) => resolved when it is stored.
STORE = """([name, record]) => new Promise((done, fail) => {
  const opening = indexedDB.open("coursewright", 1);
  opening.onerror = fail;
  opening.onsuccess = () => {
    const change = opening.result.transaction("reader", "readwrite");
    change.objectStore("reader").put(record, name);
    change.oncomplete = () => { opening.result.close(); done(); };
  };
})"""


@pytest.fixture(scope="module")
def origin(built):
    with served(built("state")) as address:
        yield address


def edit(page, block, code):
    """Change the code of a block."""
    write(page.locator(f"#{block}"), code)


def test_code_answers_and_explanation_are_there_after_a_reload(profile):
    page = profile()
    edit(page, "greet", "print('mine')")
    edit(page, "step", "def step(w): return 7")
    page.locator("#doubler .cw-source summary").click()
    edit(page, "doubler", "def twice(x): return 3 * x")
    page.locator("#doubled").get_by_label("five").check()
    page.locator("#doubled").get_by_role("button", name="Commit").click()
    quiz = [page.locator(f"#question-{i}") for i in (1, 2, 3)]
    quiz[0].get_by_label("three").check()
    quiz[0].get_by_role("button", name="Check").click()
    quiz[1].get_by_role("button", name="Check").click()
    order = quiz[1].locator(".cw-order li").all_text_contents()
    quiz[2].get_by_role("textbox").fill("0,5")
    quiz[2].get_by_role("textbox").press("Enter")
    page.locator("cw-teach-back").scroll_into_view_if_needed()
    page.get_by_label("Your explanation").fill("Two equal parts.")

    page.reload()
    for block, code in (("greet", "print('mine')"), ("step", "def step(w): return 7")):
        expect(page.locator(f"#{block} textarea")).to_have_value(code)
    expect(page.locator("#doubler textarea")).to_have_value("def twice(x): return 3 * x")
    expect(page.locator("#doubled .cw-compared")).to_have_text("You saidfiveIt issix")
    expect(quiz[0].get_by_label("three")).to_be_checked()
    expect(quiz[0].locator(".cw-said")).to_have_text("Not so. It is odd.")
    expect(quiz[1].get_by_role("status")).to_contain_text("Not yet:")
    assert quiz[1].locator(".cw-order li").all_text_contents() == order
    expect(quiz[2].get_by_role("textbox")).to_have_value("0,5")
    expect(quiz[2].get_by_role("status")).to_have_text("Right.")
    page.locator("cw-teach-back").scroll_into_view_if_needed()
    expect(page.get_by_label("Your explanation")).to_have_value("Two equal parts.")

    expect(page.locator("#greet").get_by_text(NOT_RUN)).to_be_visible()
    page.locator("#greet").get_by_role("button", name="Reset").click()
    expect(page.locator("#greet").get_by_text(NOT_RUN)).to_have_count(0)
    quiz[0].get_by_role("button", name="Try again").click()
    expect(quiz[0].get_by_label("three")).to_be_focused()
    page.reload()
    expect(quiz[2].get_by_role("status")).to_have_text("Right.")
    expect(page.locator("#greet .highlight pre")).to_have_text('print("Hello")')
    expect(quiz[0].get_by_label("three")).not_to_be_checked()


def test_two_tabs_agree(profile):
    here, there = profile(), profile()
    edit(here, "greet", "print('from the other tab')")
    expect(there.locator("#greet textarea")).to_have_value("print('from the other tab')")
    expect(there.locator("#greet").get_by_text(NOT_RUN)).to_be_visible()
    assert here.get_by_text(NOT_RUN).count() == 0
    there.locator("#greet").get_by_role("button", name="Run").click()
    expect(there.locator("#greet .cw-outputs")).to_have_text("from the other tab", timeout=BOOT)
    assert there.get_by_text(NOT_RUN).count() == 0
    for page in (here, there):
        page.locator("cw-teach-back").scroll_into_view_if_needed()
        page.get_by_label("Your explanation").wait_for()
    here.get_by_label("Your explanation").fill("Two equal parts.")
    expect(there.get_by_label("Your explanation")).to_have_value("Two equal parts.")
    there.locator("#question-1").get_by_label("four").check()
    there.locator("#question-1").get_by_role("button", name="Check").click()
    expect(here.locator("#question-1").get_by_role("status")).to_have_text("Right.")


@pytest.mark.parametrize("harm", [DENIED, FULL], ids=["denied", "full"])
def test_where_nothing_can_be_stored_the_page_goes_on_and_says_so_once(profile, harm):
    profile.context.add_init_script(harm)
    page = profile()
    assert page.get_by_text(NOT_SAVED).count() == 0  # nothing is missed yet
    edit(page, "greet", "print('mine')")
    expect(page.get_by_text(NOT_SAVED)).to_be_visible()
    page.get_by_role("button", name="Hide").click()
    page.locator("#question-1").get_by_label("four").check()
    page.locator("#question-1").get_by_role("button", name="Check").click()
    expect(page.locator("#question-1").get_by_role("status")).to_have_text("Right.")
    page.locator("cw-teach-back").scroll_into_view_if_needed()
    expect(page.get_by_text("Not kept: this browser stores nothing here.")).to_be_visible()
    expect(page.get_by_text(NOT_SAVED)).to_have_count(0)


def test_a_damaged_record_is_passed_over(profile):
    page = profile()
    edit(page, "greet", "print('mine')")
    edit(page, "step", "mine")
    page.reload()
    page.locator("#greet textarea").wait_for()
    page.evaluate(STORE, ["state/first/greet/code", {"value": {"code": 5}, "at": 1}])
    page.evaluate(STORE, ["state/first/doubled/answer", "?"])
    page.reload()
    expect(page.locator("#step textarea")).to_have_value("mine")
    expect(page.locator("#greet .highlight pre")).to_have_text('print("Hello")')
    edit(page, "greet", "print('again')")
    page.reload()
    expect(page.locator("#greet textarea")).to_have_value("print('again')")


def test_after_the_author_changed_code_the_reader_says_whose_it_is_to_be(profile):
    page = profile()
    older = {"value": {"code": "print('mine')", "template": "of an earlier text"}, "at": 1}
    edit(page, "step", "opens the storage")
    page.reload()
    page.locator("#step textarea").wait_for()
    page.evaluate(STORE, ["state/first/greet/code", older])
    page.reload()
    cell = page.locator("#greet")
    expect(cell.locator("textarea")).to_have_value("print('mine')")
    expect(cell.get_by_text("The author has changed this code")).to_be_visible()
    cell.get_by_role("button", name="Keep mine").click()
    expect(cell.get_by_role("textbox", name="Python code")).to_be_focused()
    page.reload()
    expect(cell.locator("textarea")).to_have_value("print('mine')")
    expect(cell.get_by_text("The author has changed this code")).to_have_count(0)

    page.evaluate(STORE, ["state/first/greet/code", {**older, "at": 2}])
    page.reload()
    cell.get_by_role("button", name="Take the author’s new version").click()
    expect_code(cell, 'print("Hello")')
    page.reload()
    page.locator("#step textarea").wait_for()
    expect(cell.locator(".highlight pre")).to_have_text('print("Hello")')


def test_cards_that_were_rated_come_back_on_the_home_page_on_their_day(profile):
    now = datetime(2026, 3, 2, 20)
    page = profile()
    page.clock.install(time=now)
    page.reload()
    page.locator("cw-cards").scroll_into_view_if_needed()
    even, four = page.locator(".cw-card").all()
    expect(even.get_by_role("button")).to_have_count(0)
    for card, answer, words in ((even, "Good", "in 2 days"), (four, "Again", "tomorrow")):
        card.get_by_text("Show answer").press("Enter")
        card.get_by_role("button", name=answer).press("Enter")
        expect(card.get_by_role("status")).to_have_text(f"Comes back {words}.")
        expect(card.get_by_role("status")).to_be_focused()

    home = profile("")
    home.evaluate(STORE, ["state/first/card-taken-out/card", {"value": TAKEN_OUT, "at": 1}])
    home.reload()
    expect(home.get_by_text("2 of 10 done")).to_be_visible()
    assert home.get_by_text("due").count() == 0
    home.clock.install(time=now + timedelta(hours=14))
    home.reload()
    expect(home.get_by_text("1 card is due")).to_be_visible()
    home.clock.set_fixed_time(now + timedelta(days=2))
    home.reload()
    expect(home.get_by_text("2 cards are due")).to_be_visible()
    home.get_by_role("button", name="Review them").click()
    review = home.locator(".cw-review")
    expect(review.get_by_text("Card 1 of 2")).to_be_focused()
    expect(review.locator(".cw-front .katex")).to_have_count(1)
    expect(review.get_by_text("It is four.")).to_be_hidden()
    review.get_by_text("Show answer").press("Enter")
    link = review.get_by_role("link", name="four")
    assert link.get_attribute("href").endswith("/lessons/second/#more")
    review.get_by_role("button", name="Good").press("Enter")
    review.get_by_role("button", name="Next card").press("Enter")
    expect(review.get_by_text("Card 2 of 2")).to_be_focused()
    page.clock.set_fixed_time(now + timedelta(days=2))  # this one is rated in the other tab
    page.reload()
    page.locator("cw-cards").scroll_into_view_if_needed()
    even.get_by_text("Show answer").press("Enter")
    even.get_by_role("button", name="Again").dblclick()
    expect(even.get_by_role("status")).to_have_text("Comes back tomorrow.")
    review.get_by_role("button", name="Done").press("Enter")
    expect(review.get_by_text("That was the last one for today.")).to_be_focused()
    home.reload()
    expect(home.get_by_text("2 of 10 done")).to_be_visible()
    assert home.get_by_text("due").count() == 0


def test_what_is_done_shows_in_the_lesson_and_at_home_and_leads_back(profile):
    page = profile()
    expect(page.locator(".cw-concept").first).to_have_text("Concept 1 of 3")
    page.locator("#doubled").get_by_label("five").check()
    page.locator("#doubled").get_by_role("button", name="Commit").click()
    expect(page.locator(".cw-concept").first).to_have_text("Concept 1 of 3 · 1 of 2 done")
    page.locator("#doubler").get_by_role("slider").press("ArrowRight")
    expect(page.locator(".cw-concept").first).to_have_text("Concept 1 of 3 · done")
    expect(page.locator(".cw-meta")).to_contain_text("2 of 10 done")
    end = page.locator("cw-lesson")
    end.get_by_text("What is left").click()
    edit(profile(), "greet", "print('from the other tab')")
    expect(page.locator("#greet textarea")).to_have_value("print('from the other tab')")
    expect(end.locator("summary")).to_be_focused()
    expect(end.get_by_role("listitem").get_by_role("link")).to_have_count(4)
    end.get_by_role("link", name="Check yourself").click()
    page.locator("#question-3").scroll_into_view_if_needed()

    home = profile("")
    expect(home.get_by_text("2 of 10 done")).to_be_visible()
    back = home.locator(".cw-left-off").get_by_role("link")
    back.click()
    home.wait_for_url("**/lessons/first/#*")


def test_a_reader_takes_everything_along_in_a_file_and_deletes_it(profile, tmp_path):
    page = profile()
    edit(page, "greet", "print('mine')")
    page = profile("your-data/")
    expect(page.get_by_role("row", name="Pieces of edited code 1")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    bad = tmp_path / "bad.json"
    bad.write_text(file.read_text()[:-20])
    choose = page.locator("input[type=file]")
    choose.set_input_files(bad)
    expect(page.locator("cw-data").get_by_role("status")).to_contain_text("Nothing was changed.")
    expect(page.get_by_role("row", name="Pieces of edited code 1")).to_be_visible()

    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("row", name="Pieces of edited code 1")).to_be_visible()
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_text("Nothing is kept yet.")).to_be_visible()

    choose.set_input_files(file)
    records = len(json.loads(file.read_text())["records"])
    words = f"of the file’s {records} entries were taken in."
    expect(page.locator("cw-data").get_by_role("status")).to_have_text(f"{records} {words}")
    choose.set_input_files(file)
    known = f"{records} stood here already, as new or newer."
    expect(page.locator("cw-data").get_by_role("status")).to_have_text(f"0 {words} {known}")
    page = profile()
    expect(page.locator("#greet textarea")).to_have_value("print('mine')")
