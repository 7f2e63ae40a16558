"""In each browser engine, Blink, Gecko and WebKit: the check page, and what readers do most."""

import json

import pytest
from browsers import ensure
from driving import driving, wait
from serving import served

LESSON = "lessons/how-does-a-brain-learn/"
REPORT = """(() => {
  const check = document.querySelector("cw-check");
  return check?.dataset.done ? check.querySelector(".cw-check-json").textContent : null;
})()"""
STEPS = [
    "JavaScript modules and WebAssembly",
    "Secure context",
    "Storage",
    "Download",
    "Sandboxed frame, worker and Python",
    "NumPy",
    "The engine's answer",
    "Cells",
    "Streams",
    "Teach-back",
    "Isolation of Python",
    "An error and the next call",
    "Stop and restart",
    "Fast start",
    "Second answer",
    "Charts",
    "Quiz",
    "Cards",
    "Without a network",
]

# Selenium's WebKitGTK driver makes its connection in the way Selenium itself deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore:setting remote_server_addr:DeprecationWarning",
)


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def driver(request, playwright):
    """A new reader in each engine; an error on a page fails the test."""
    with driving(ensure(request.param, playwright), playwright) as started:
        yield started
        assert started.complaints() == []


def text(selector):
    """What an element shows, as an expression."""
    return f"document.querySelector({json.dumps(selector)})?.textContent"


def shows(selector, words):
    """Whether an element shows some words, as an expression."""
    return f"({text(selector)} ?? '').includes({json.dumps(words)})"


def press(driver, scope, words):
    """Click the button with these words that is there to be seen."""
    mark = f"""(() => {{
      const all = [...document.querySelectorAll({json.dumps(scope + " button")})];
      const found = all.find((each) => each.textContent === {json.dumps(words)});
      if (!found?.checkVisibility()) return false;
      document.querySelectorAll("[data-wanted]").forEach((each) => delete each.dataset.wanted);
      found.dataset.wanted = "";
      return true;
    }})()"""
    wait(driver, mark)
    driver.click("[data-wanted]")


def test_the_check_page_finds_that_everything_works(site, driver):
    with served(site, "/course/") as origin:
        driver.open(origin + "check/")
        report = json.loads(wait(driver, REPORT))
    results = {step["name"]: f"{step['result']}: {step['words']}" for step in report["steps"]}
    print(json.dumps(report, indent=2))
    assert report["ok"], results
    assert list(results) == STEPS
    assert all(words.startswith("works") for words in results.values()), results


def test_a_saved_course_is_read_and_run_without_a_server(site, driver):
    with served(site, "/course/") as origin:
        driver.open(origin + "your-data/")
        wait(driver, "document.querySelector('cw-offline button') !== null")
        driver.click("cw-offline button")
        wait(driver, shows("cw-offline", "The whole course is saved in this browser"))
    driver.open(origin + LESSON)
    wait(driver, shows("h1", "learn"))
    driver.focus("#loss-calculator [data-name=p] input[type=range]")
    driver.press("ArrowRight")
    wait(driver, shows("#loss-calculator .cw-status", "answered"))


def test_a_reader_goes_from_home_to_a_lesson_and_finds_another_by_searching(site, driver):
    with served(site, "/course/") as origin:
        driver.open(origin)
        wait(driver, shows("h1", "How does a language model learn?"))
        driver.click(".cw-hero a.cw-button")
        wait(driver, "location.pathname.endsWith('/lessons/the-p-in-gpt/')")
        driver.click(".md-search__input")
        driver.type("backpropagation")
        found = ".md-search-result__link[href*='how-does-a-brain-learn']"
        wait(driver, f"document.querySelector({json.dumps(found)}) !== null")
        driver.click(found)
        wait(driver, f"location.pathname.endsWith('/{LESSON}')")
        wait(driver, shows("h1", "learn"))


def test_a_demo_with_frames_a_question_a_card_and_an_explanation_take_no_python(site, driver):
    with served(site, "/course/") as origin:
        driver.open(origin + LESSON)
        wait(driver, "customElements.get('cw-demo') !== undefined")

        before = driver.evaluate(text("#sentence-loss .cw-outputs"))
        driver.focus("#sentence-loss [data-name=tokens] input[type=range]")
        driver.press("ArrowRight")
        wait(driver, f"{text('#sentence-loss .cw-outputs')} !== {json.dumps(before)}")

        question = "cw-question[data-kind=single]"
        right = driver.evaluate(f"document.querySelector('{question}').dataset.answer")
        driver.click(f"{question} input[value='{json.loads(right)[0]:.0f}']")
        press(driver, question, "Check")
        wait(driver, shows(f"{question} .cw-verdict", "Right."))

        driver.click(".cw-card summary")
        press(driver, ".cw-card", "Good")
        wait(driver, shows(".cw-card .cw-comes", "Comes back in"))

        driver.evaluate("document.querySelector('cw-teach-back').scrollIntoView()")
        wait(driver, "document.querySelector('#teach_back_text') !== null")
        driver.focus("#teach_back_text")
        driver.type("It guesses the next word, and is nudged by how wrong it was.")
        press(driver, "cw-teach-back", "Mark it yourself")
        wait(driver, "document.querySelector('.cw-self') !== null")
        marks = driver.evaluate("document.querySelectorAll('.cw-self .cw-mark-options').length")
        for n in range(marks):
            name = (
                f"document.querySelectorAll('.cw-self .cw-mark-options input[value=met]')[{n}].name"
            )
            driver.click(f"input[name='{driver.evaluate(name)}'][value=met]")
        press(driver, ".cw-self", "Show my score")
        wait(driver, shows("cw-teach-back .cw-stage", "10 out of 10"))

        files = "performance.getEntriesByType('resource').map(({ name }) => name)"
        assert not [name for name in driver.evaluate(files) if "/assets/runtime/" in name]

        driver.open(origin + LESSON)  # all of it is there again
        wait(driver, shows(f"{question} .cw-verdict", "Right."))
        driver.evaluate("document.querySelector('cw-teach-back').scrollIntoView()")
        wait(driver, shows("cw-teach-back .cw-stage", "Last time: Solid, 10 out of 10."))
