"""What is kept of a reader: there after a reload, the same in two tabs, harmless where it fails."""

import pytest
from playwright.sync_api import expect
from serving import served
from watching import assert_own, watch

FIRST = "lessons/first/"
NOT_SAVED = "Not saved: this browser keeps nothing for this site."
DENIED = """Object.defineProperty(window, "indexedDB", {
  get() { throw new DOMException("denied", "SecurityError"); } })"""
FULL = """IDBObjectStore.prototype.put = function () {
  this.transaction.abort(); throw new DOMException("full", "QuotaExceededError"); }"""
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


@pytest.fixture
def profile(chromium, origin):
    """A new reader's browser, whose pages are watched."""
    context = chromium.new_context(viewport={"width": 1100, "height": 900})
    tabs = []

    def tab(path=FIRST):
        tabs.append(watch(context, origin))
        return tabs[-1].open(path)

    tab.context = context
    yield tab
    context.close()
    for watched in tabs:
        assert watched.complaints == []
        assert_own(watched.requests, origin)


def edit(page, block, code):
    """Change the code of a block."""
    page.locator(f"#{block} .highlight").first.click()
    area = page.locator(f"#{block} textarea.cw-code")
    area.fill(code)
    return area


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

    page.locator("#greet").get_by_role("button", name="Reset").click()
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
    expect(cell.locator("textarea")).to_be_focused()
    page.reload()
    expect(cell.locator("textarea")).to_have_value("print('mine')")
    expect(cell.get_by_text("The author has changed this code")).to_have_count(0)

    page.evaluate(STORE, ["state/first/greet/code", {**older, "at": 2}])
    page.reload()
    cell.get_by_role("button", name="Take the author’s new version").click()
    expect(cell.locator("textarea")).to_have_value('print("Hello")')
    page.reload()
    page.locator("#step textarea").wait_for()
    expect(cell.locator(".highlight pre")).to_have_text('print("Hello")')
