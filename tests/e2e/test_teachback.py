"""A lesson explained back: sent once agreed, graded here if that fails, revised and compared."""

import re
from pathlib import Path
from shutil import copytree

import pytest
from grading_service import service
from playwright.sync_api import expect
from serving import served
from watching import assert_own, watch

BOOT = 60_000  # milliseconds until Python is there on a busy machine
PAGE = "lessons/loss/"
TEXT = "The model gave the right word a chance.\n\nIt counts the wrong words, I think."
DENIED = """for (const storage of ["localStorage", "indexedDB"])
  Object.defineProperty(window, storage, {
    get() { throw new DOMException("denied", "SecurityError"); } })"""
# What a browser says of a service that fails; and what the theme does without a storage.
EXPECTED = re.compile(r"Failed to load resource|blocked by CORS policy|^error: denied$")
SMALL = """() => [...document.querySelectorAll("cw-teach-back :is(button, input, summary)")]
  .filter((each) => each.offsetParent !== null)
  .map((each) => (each.closest("label") ?? each).getBoundingClientRect())
  .filter(({ width, height }) => width < 24 || height < 24).length"""


@pytest.fixture(scope="module")
def grader():
    with service() as running:
        yield running


@pytest.fixture(scope="module")
def origin(grader, tmp_path_factory, build):
    """A course whose explanations the stand-in grades; it knows its own address."""
    project = tmp_path_factory.mktemp("teachback") / "project"
    copytree(Path(__file__).parent / "teachback", project)
    with served(project / "site") as address:
        write_addresses(
            project, {"http://127.0.0.1:8123": grader.address, "http://127.0.0.1/": address}
        )
        done = build(project)
        assert done.returncode == 0, done.stderr
        yield address


def write_addresses(project, addresses):
    for name in ("mkdocs.yml", "course/course.yml", "course/lessons/loss.yml"):
        text = (project / name).read_text()
        found = [known for known in addresses if known in text]
        assert len(found) == 1, name
        (project / name).write_text(text.replace(found[0], addresses[found[0]]))


@pytest.fixture
def reader(chromium, origin, grader):
    """Opens the lesson for a new reader; no policy is broken, and nobody else is asked anything."""
    opened = []
    grader.mode = ""
    grader.received.clear()

    def show(script="", **options):
        options = {"viewport": {"width": 1100, "height": 900}, **options}
        context = chromium.new_context(**options)
        context.add_init_script(script)
        opened.append(watch(context, origin))
        page = opened[-1].open(PAGE)
        page.set_default_timeout(BOOT)
        page.locator("cw-teach-back").scroll_into_view_if_needed()
        page.get_by_label("Your explanation").wait_for()
        return page

    yield show
    for watched in opened:
        watched.page.context.close()
        assert [each for each in watched.complaints if not EXPECTED.search(each)] == []
        assert_own([u for u in watched.requests if not u.startswith(grader.address)], origin)


def write(page, text=TEXT):
    page.get_by_label("Your explanation").fill(text)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    """Go to another page by the menu, which may have scrolled away."""
    page.locator(".md-nav__link", has_text=name).first.evaluate("(link) => link.click()")


def result(page):
    found = page.get_by_role("region", name="Result")
    found.wait_for(timeout=BOOT)
    return found


def test_nothing_is_sent_before_the_reader_has_agreed(reader, grader, origin):
    page = reader()
    press(page, "Have it graded")
    expect(page.get_by_role("status").filter(has_text="Write your")).to_be_visible()
    write(page)
    press(page, "Have it graded")
    asked = page.get_by_role("region", name="Send your explanation?")
    expect(asked.get_by_role("heading")).to_be_focused()
    address = grader.address.removeprefix("http://")
    for words in (address, "The School of Examples", "handed on to A Company of Models", "10."):
        expect(asked).to_contain_text(words)
    link = asked.get_by_role("link", name="About this grader")
    expect(link).to_have_attribute("href", "https://example.org/grader")
    expect(asked.get_by_role("button", name="Use the checklist on this device")).to_be_visible()
    press(page, "Cancel")
    expect(page.get_by_label("Your explanation")).to_be_focused()
    assert grader.received == []

    press(page, "Have it graded")
    press(page, "Agree and send")
    graded = result(page)
    expect(graded.get_by_role("heading")).to_be_focused()
    expect(graded.get_by_role("heading")).to_have_text("Nearly there 5 out of 10")
    ((path, headers, sent),) = grader.received
    sha = page.locator("cw-teach-back").get_attribute("data-sha")
    assert path == "/v1/grade"
    assert sent == {"course": "explained", "lesson": "loss", "rubric_sha": sha, "answer": TEXT}
    assert not {"cookie", "referer", "authorization"} & headers.keys()
    assert headers["content-type"] == "application/json"

    page.reload()
    press(page, "Have it graded")
    result(page)
    assert len(grader.received) == 2
    press(page, "Revise")
    press(page, "Stop sending")
    press(page, "Have it graded")
    expect(asked).to_be_visible()
    assert len(grader.received) == 2


def test_a_result_is_shown_in_the_reader_s_own_words_and_as_text_alone(reader):
    page = reader()
    expect(page.get_by_text("A model answer")).to_be_hidden()
    expect(page.get_by_text("And then")).to_be_hidden()
    write(page)
    press(page, "Have it graded")
    press(page, "Agree and send")
    graded = result(page)
    marks = graded.locator("mark").all_text_contents()
    assert marks == ["the right word", " a chance", "It counts the wrong words", "I think"]
    assert graded.locator("sup").all_text_contents() == ["1", "2", "a", "3"]
    against = graded.locator("mark.cw-wrong").all_text_contents()
    assert against == ["It counts the wrong words", "I think"]
    verdicts = graded.get_by_role("list", name="Criteria").get_by_role("listitem")
    expect(verdicts).to_contain_text(["1 Met", "2 Partly", "3 Missed"])
    expect(verdicts).to_contain_text(["4 of 4", "2 of 4", "0 of 2"])
    expect(verdicts.nth(1)).to_contain_text("Say <b>which way</b> it goes.")
    expect(graded.locator(".cw-next")).to_contain_text("<img src=x onerror=alert(1)> small.")
    assert graded.locator("img, b").count() == 0
    expect(graded).to_contain_text("Nothing is counted. A guess can be a little wrong, or very.")
    expect(graded).to_contain_text("Graded by example-model-1; AI can be wrong")
    expect(page.get_by_text("And then")).to_be_visible()
    press(page, "Compare with the model answer")
    expect(page.get_by_text("A model answer")).to_be_focused()
    expect(page.get_by_text("The model gives every word a probability.")).to_be_visible()


FAULTS = {
    "rate limited": "has had many questions from you in a short time (try again in 20 s).",
    "broken": "answered with an error (500).",
    "nonsense": "gave an answer that makes no sense.",
    "huge": "gave an answer that makes no sense.",
    "moved": "could not be reached.",
    "strict": "could not be reached.",
    "gone": "could not be reached.",
    "silent": "You did not wait for the grader",
}


def test_whatever_goes_wrong_there_the_checklist_grades_and_says_why(reader, grader):
    page = reader()
    write(page)
    press(page, "Have it graded")
    press(page, "Agree and send")
    result(page)
    for mode, words in FAULTS.items():
        grader.mode = mode
        press(page, "Revise")
        expect(page.get_by_label("Your explanation")).to_have_value(TEXT)
        press(page, "Have it graded")
        if mode == "silent":
            expect(page.get_by_role("status").filter(has_text="waiting")).to_be_visible()
            press(page, "Use the checklist now")
        graded = result(page)
        expect(graded.locator(".cw-reason")).to_contain_text(words)
        expect(graded.locator(".cw-reason")).to_contain_text("The checklist on this device graded")
        expect(graded.locator(".cw-by")).to_contain_text("not an AI")
    assert [path for path, _, _ in grader.received] == ["/v1/grade"] * 8  # never /elsewhere

    press(page, "Revise")
    page.context.set_offline(True)
    press(page, "Have it graded")
    expect(result(page).locator(".cw-reason")).to_contain_text("reached: you are offline.")
    page.context.set_offline(False)

    press(page, "Revise")
    press(page, "Have it graded")
    press(page, "Cancel")
    expect(page.get_by_role("status").filter(has_text="Cancelled.")).to_be_visible()
    expect(page.get_by_label("Your explanation")).to_have_value(TEXT)
    expect(page.get_by_label("Your explanation")).to_be_editable()


def test_a_second_attempt_begins_with_the_first_and_stands_beside_it(reader, grader):
    page = reader()
    expect(page.get_by_text("Python loads for it once, 10.")).to_be_visible()
    write(page, "I do not know what it is, but it is a number that a model has.")
    press(page, "Use the checklist on this device")
    expect(result(page).get_by_role("heading")).to_contain_text("Not yet")
    expect(page.get_by_role("table")).to_have_count(0)
    press(page, "Revise")
    expect(page.get_by_label("Your explanation")).to_be_focused()
    expect(page.get_by_text("Last time: Not yet, 0 out of 10.")).to_be_visible()
    write(
        page,
        "The model gives each word a probability. We look at the probability of the right word and "
        "take minus the logarithm. A low probability gives a high loss.",
    )
    press(page, "Use the checklist on this device")
    both = result(page).get_by_role("table")
    expect(both.locator("caption")).to_have_text("10 points more.")
    expect(both.get_by_role("row").nth(1)).to_have_text("Score0 out of 1010 out of 10")
    expect(both.get_by_role("row").nth(2)).to_contain_text("○ Missed● Met")
    cell = page.locator("#reach")  # Python, now that it is there, tries to send something
    cell.locator(".highlight pre").first.click()
    cell.get_by_role("button", name="Run").click()
    expect(cell.locator(".cw-status")).to_contain_text("answered", timeout=BOOT)
    expect(cell.locator(".cw-outputs")).to_have_text("'Python reached nobody'")
    assert grader.received == []  # nothing of all this left the device


def test_the_page_talks_to_the_grader_s_one_address_and_to_nobody_else(chromium, origin, grader):
    page = chromium.new_context().new_page()
    page.goto(origin + PAGE)
    tried = (
        "(url) => fetch(url, {mode: 'no-cors', method: 'POST', body: '{}'}).then(() => 1, () => 0)"
    )
    paths = ["/v1/grade", "/v1/other", "/"]
    assert [page.evaluate(tried, grader.address + path) for path in paths] == [1, 0, 0]
    assert page.evaluate(tried, "http://localhost:1/v1/grade") == 0
    page.context.close()


@pytest.mark.parametrize("blocked", ["runtime", "teachback"])
def test_when_nothing_loads_readers_mark_themselves(reader, blocked):
    page = reader(color_scheme="dark", viewport={"width": 390, "height": 844})
    page.route(f"**/assets/{blocked}/**", lambda route: route.abort())
    write(page)
    press(page, "Use the checklist on this device")
    expect(page.get_by_role("alert")).to_contain_text("Your text is as it was.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("alert").get_by_role("button", name="Mark it yourself").click()
    marking = page.get_by_role("region", name="Mark it yourself")
    expect(marking.get_by_role("heading")).to_be_focused()
    expect(marking).to_contain_text("The model gives every word a probability.")
    assert page.evaluate(SMALL) == 0
    press(page, "Show my score")
    expect(marking.get_by_role("status")).to_have_text("3 are not marked yet.")
    for group, verdict in (("The loss looks", "Met"), ("smaller", "Partly"), ("minus a", "Missed")):
        marking.get_by_role("group", name=group).get_by_label(verdict).check()
    marking.get_by_label("The loss counts the wrong words.").check()
    press(page, "Show my score")
    expect(result(page).get_by_role("heading")).to_have_text("Nearly there 5 out of 10")
    expect(result(page)).to_contain_text("Marked by yourself")
    page.emulate_media(forced_colors="active")
    colors = "(button) => [getComputedStyle(button)].flatMap((s) => [s.color, s.backgroundColor])"
    text, behind = page.get_by_role("button", name="Revise").evaluate(colors)
    assert text != behind
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(SMALL) == 0


def test_all_of_it_works_with_the_keyboard_alone(reader):
    page = reader()
    page.get_by_label("Your explanation").focus()
    page.keyboard.type("The loss is a number.")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Mark it yourself")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")  # past the wrong idea
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(result(page).get_by_role("heading")).to_be_focused()
    expect(result(page).get_by_role("heading")).to_have_text("Solid 9 out of 10")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your explanation")).to_be_focused()


def test_a_draft_and_how_it_went_are_there_after_a_reload_and_another_page(reader):
    page = reader()
    write(page)
    page.reload()
    expect(page.get_by_label("Your explanation")).to_have_value(TEXT)
    expect(page.get_by_text("Kept in this browser as you type")).to_be_visible()
    press(page, "Have it graded")
    press(page, "Agree and send")
    result(page)
    page.evaluate("window.same = true")
    follow(page, "Home")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    follow(page, "What the loss says")
    page.locator("cw-teach-back").scroll_into_view_if_needed()
    expect(page.get_by_label("Your explanation")).to_have_value(TEXT)
    expect(page.get_by_text("Last time: Nearly there, 5 out of 10.")).to_be_visible()
    expect(page.get_by_text("A model answer")).to_be_visible()
    assert page.evaluate("window.same") is True  # swapped in, not loaded anew


def test_where_nothing_can_be_kept_the_page_says_so_and_works(reader, grader):
    page = reader(script=DENIED)
    expect(page.get_by_text("Not kept: this browser stores nothing here.")).to_be_visible()
    write(page, "x" * 4001)
    press(page, "Have it graded")
    expect(page.get_by_text("Shorten it by 1 character first.")).to_be_visible()
    write(page)
    press(page, "Have it graded")
    press(page, "Agree and send")
    expect(result(page)).to_contain_text("5 out of 10")
    press(page, "Revise")
    press(page, "Have it graded")  # agreed to, for as long as the page is open
    result(page)
    assert len(grader.received) == 2


def test_the_rubric_is_fetched_when_a_reader_enters_the_form_and_not_before(reader):
    page = reader()
    files = "performance.getEntriesByType('resource').map((each) => each.name)"
    assert [name for name in page.evaluate(files) if "assets/teachback" in name] == []
    with page.expect_response("**/assets/teachback/loss.json"):
        page.get_by_label("Your explanation").focus()


def test_a_page_that_is_older_than_its_checklist_does_not_grade_by_another(reader):
    page = reader()
    page.route("**/assets/teachback/loss.json", lambda route: route.fulfill(body="{}"))
    write(page)
    press(page, "Use the checklist on this device")
    expect(page.get_by_role("alert")).to_contain_text("This page is older than its checklist")


def test_without_script_the_model_answer_is_there_to_unfold(chromium, origin):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(origin + PAGE)
    page.get_by_text("A model answer").click()
    expect(page.get_by_text("The model gives every word a probability.")).to_be_visible()
    expect(page.get_by_text("The loss counts the wrong words.")).to_be_hidden()
    context.close()
