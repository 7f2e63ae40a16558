"""Predictions, the quiz, explaining it back and cards: operated, read without script, printed."""

import pytest
from playwright.sync_api import expect
from serving import served

PAGE = "lessons/review/"


@pytest.fixture(scope="module")
def review_origin(built):
    with served(built("review")) as origin:
        yield origin


@pytest.fixture
def page(on_a_phone, review_origin):
    """The lesson, opened."""
    return on_a_phone(review_origin, PAGE)


def question(page, number):
    found = page.locator(f"#question-{number}")
    found.get_by_role("button", name="Check").wait_for()
    return found


def test_a_wrong_answer_is_told_why_and_another_may_be_given(page):
    asked = question(page, 1)
    asked.get_by_role("button", name="Check").click()
    expect(asked.get_by_role("status")).to_have_text("Choose an option first.")
    asked.get_by_label("three").check()
    asked.get_by_role("button", name="Check").click()
    expect(asked.get_by_role("status")).to_have_text("Not yet. Read why, and try again.")
    expect(asked.locator(".cw-said")).to_have_text("Not so. It is odd.")
    expect(asked.locator("details")).not_to_have_attribute("open", "")
    asked.get_by_label("four").check()
    expect(asked.locator(".cw-said")).to_have_count(0)
    asked.get_by_role("button", name="Check").click()
    expect(asked.get_by_role("status")).to_have_text("Right.")
    expect(asked.locator("details")).to_have_attribute("open", "")


def test_of_several_right_answers_all_are_wanted(page):
    asked = question(page, 2)
    asked.get_by_label("two").check()
    asked.get_by_role("button", name="Check").click()
    expect(asked.get_by_role("status")).to_have_text("So far right, but not all of it.")
    asked.get_by_label("seven").check()
    asked.get_by_role("button", name="Check").click()
    expect(asked.get_by_role("status")).to_have_text("Right.")
    expect(asked.locator(".cw-said")).to_have_count(2)


def test_a_number_is_typed_and_checked_with_enter(page):
    asked = question(page, 3)
    box = asked.get_by_role("textbox", name="Your answer")
    box.fill("0,4")
    box.press("Enter")
    expect(asked.get_by_role("status")).to_have_text("Not yet: that is too small.")
    box.fill("1/2")
    box.press("Enter")
    expect(asked.get_by_role("status")).to_have_text("Type a number, such as 2.5.")
    box.fill("0.505")
    box.press("Enter")
    expect(asked.get_by_role("status")).to_have_text("Right.")


def test_items_are_put_in_order_with_the_keyboard(page):
    asked = question(page, 4)
    assert asked.locator(".cw-order li > span").all_text_contents() != ["one", "two", "three"]
    for name in ("three", "two", "one"):  # each to the top, so the last is first
        up = asked.get_by_role("button", name=f"Up: {name}", exact=True)
        while up.is_enabled():
            up.focus()
            page.keyboard.press("Enter")
    asked.get_by_role("button", name="Check").click()
    expect(asked.get_by_role("status")).to_have_text("Right.")


def test_a_prediction_stands_beside_what_happens(page):
    asked = page.locator("#doubled")
    asked.get_by_label("five").check()
    asked.get_by_role("button", name="Commit").click()
    expect(asked.get_by_role("status")).to_have_text("Something else happens.")
    expect(asked.locator("dl")).to_have_text("You saidfiveIt issix")
    expect(asked.get_by_role("radio", name="six")).to_be_disabled()
    expect(asked.get_by_text("Twice three is 6.")).to_be_visible()
    asked.get_by_role("link", name="See it happen").click()
    assert page.url.endswith("#doubler")


def test_cards_show_their_answer_and_the_task_is_announced_at_the_top(page):
    card = page.locator(".cw-card").last
    expect(card.get_by_text("4", exact=True)).to_be_hidden()
    card.get_by_text("Show answer").click()
    expect(card.get_by_text("4", exact=True)).to_be_visible()
    announced = page.locator(".cw-teach").first
    expect(announced).to_contain_text("Explain to a friend what an even number is.")
    announced.get_by_role("link").click()
    assert page.url.endswith("#teach-back")


def test_the_page_is_no_wider_than_the_phone(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_everything_can_be_read_without_script_and_on_paper(chromium, review_origin):
    context = chromium.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(review_origin + PAGE)
    answer = opened.get_by_text("Half of it is two.")
    expect(answer).to_be_hidden()
    opened.locator("#question-1 summary").click()
    expect(answer).to_be_visible()
    opened.reload()
    opened.emulate_media(media="print")
    for words in ("Half of it is two.", "Divisible by two.", "Twice three is 6."):
        expect(opened.get_by_text(words)).to_be_visible()
    context.close()
