"""Training runs in the reader's browser: kept while they go on, and gone on with, bit for bit."""

from pathlib import Path
from shutil import copytree

import pytest
from editing import write
from playwright.sync_api import expect
from serving import served

HERE = Path(__file__).parent
PAGE = "lessons/training/"
BOOT = 60_000
DENIED = """Object.defineProperty(window, "indexedDB", {
  get() { throw new DOMException("denied", "SecurityError"); } })"""


@pytest.fixture(scope="module")
def origin(tmp_path_factory, build):
    """A course whose demos train with the engine."""
    project = tmp_path_factory.mktemp("training") / "project"
    copytree(HERE / "training", project)
    with (project / "course/course.yml").open("a") as course:
        course.write(f"packages: [{HERE.parents[1] / 'pyengine'}]\n")
    done = build(project)
    assert done.returncode == 0, done.stderr
    with served(project / "site") as address:
        yield address


@pytest.fixture
def profile(profile):
    """Its pages have time to boot Python for every act."""

    def tab(path=PAGE):
        page = profile(path)
        page.set_default_timeout(BOOT)
        return page

    tab.context = profile.context
    return tab


# How many pictures the run had shown that is kept for a demo, now.
KEPT = """(demo) => new Promise((done) => {
  const opening = indexedDB.open("coursewright", 1);
  opening.onsuccess = () => {
    const table = opening.result.transaction("reader").objectStore("reader");
    table.get(`runs:training/training/${demo}`).onsuccess = ({ target }) => {
      opening.result.close();
      done(target.result?.steps ?? 0);
    };
  };
})"""


def count(demo):
    return demo.locator(".cw-stream-count")


def note(demo):
    return demo.locator(".cw-stream-note")


def press(demo, name):
    demo.get_by_role("button", name=name, exact=True).click()


def set_up(page):
    """The demo, at other settings than those it starts with."""
    demo = page.locator("#trained")
    demo.get_by_label("Learning rate, exact").fill("0.0316")
    demo.get_by_label("Learning rate, exact").press("Enter")
    press(demo, "Draw again")
    expect(count(demo)).to_contain_text("picture", timeout=BOOT)
    return demo


def until_kept(page, demo, pictures):
    """Wait until a run is kept that has shown so many pictures, or more."""
    for _ in range(BOOT // 50):
        if page.evaluate(KEPT, demo) >= pictures:
            return
        page.wait_for_timeout(50)
    raise TimeoutError(f"{demo} was never kept with {pictures} pictures")


def end_of(demo):
    """What it shows once it has ended."""
    expect(count(demo)).to_have_text("ended after 900 pictures", timeout=BOOT)
    return demo.locator(".cw-outputs").inner_text()


def test_a_run_that_was_left_goes_on_as_if_it_had_never_been(profile):
    """Left at rest, then while it plays; nothing in between is lost."""
    page = profile()
    demo = set_up(page)
    press(demo, "Play")
    uninterrupted = end_of(demo)

    press(demo, "Reset")
    for picture in range(2, 5):
        press(demo, "Step")
        expect(count(demo)).to_have_text(f"picture {picture}")
    until_kept(page, "trained", 4)
    page.reload()
    assert count(demo).inner_text() == ""
    offer = demo.get_by_text("Your training run is kept, up to picture 4")
    expect(offer).to_contain_text("(learning rate 0.0316, seed 2)")
    press(demo, "Resume")
    expect(demo.get_by_role("button", name="Pause")).to_be_focused()
    expect(offer).to_have_count(0)
    expect(demo.get_by_label("Learning rate, exact")).to_have_value("0.0316")
    until_kept(page, "trained", 10)
    page.reload()
    press(demo, "Resume")
    assert end_of(demo) == uninterrupted


def test_a_run_is_gone_on_with_after_its_python_was_stopped(profile):
    page = profile()
    stuck, trained = page.locator("#stuck"), page.locator("#trained")
    press(trained, "Step")
    expect(count(trained)).to_have_text("picture 1", timeout=BOOT)
    press(trained, "Step")
    expect(count(trained)).to_have_text("picture 2")
    until_kept(page, "trained", 2)
    second = trained.locator(".cw-outputs").inner_text()
    press(stuck, "Step")
    until_kept(page, "stuck", 1)
    press(stuck, "Play")
    stuck.get_by_role("button", name="Stop").click()
    expect(stuck.get_by_role("alert")).to_contain_text("Stopped.")
    press(stuck, "Resume")
    assert "step 899" in end_of(stuck)
    # The other demo's Python has gone with it; it goes on all the same.
    press(trained, "Step")
    expect(count(trained)).to_have_text("picture 3")
    third = trained.locator(".cw-outputs").inner_text()
    press(trained, "Reset")
    press(trained, "Step")
    expect(trained.locator(".cw-outputs")).to_have_text(second)
    press(trained, "Step")
    expect(trained.locator(".cw-outputs")).to_have_text(third)


def test_a_run_of_other_code_than_stands_there_is_not_offered(profile):
    page = profile()
    demo = page.locator("#trained")
    demo.get_by_text("Show the Python").click()
    code = page.evaluate("document.querySelector('#trained .cw-source pre').textContent")
    write(demo, code.replace('f"step ', 'f"mine '))
    press(demo, "Run")
    expect(demo.locator(".cw-outputs")).to_contain_text("mine 0", timeout=BOOT)
    until_kept(page, "trained", 1)
    page.reload()
    press(demo, "Resume")
    expect(demo.locator(".cw-outputs")).to_contain_text("mine", timeout=BOOT)
    press(demo, "Pause")
    page.reload()
    expect(demo.get_by_role("button", name="Resume")).to_be_visible()
    press(demo, "Forget it")
    expect(demo.get_by_role("button", name="Play")).to_be_focused()
    press(demo, "Step")  # as the author wrote it, though other code stands below
    expect(demo.locator(".cw-outputs")).to_contain_text("step 0", timeout=BOOT)
    until_kept(page, "trained", 1)
    page.reload()
    expect(demo.get_by_text("Your code, not run yet")).to_be_attached()
    expect(page.locator("#stuck").get_by_role("button", name="Play")).to_be_visible()
    expect(demo.get_by_role("button", name="Resume")).to_have_count(0)


def test_what_cannot_be_kept_goes_on_and_says_so(profile):
    page = profile()
    vast = page.locator("#vast")
    press(vast, "Step")
    expect(note(vast)).to_contain_text("not kept: it is too large", timeout=BOOT)
    expect(vast.get_by_role("alert")).to_have_count(0)
    press(vast, "Step")
    expect(count(vast)).to_have_text("picture 2")

    profile.context.add_init_script(DENIED)
    page = profile()
    demo = page.locator("#trained")
    press(demo, "Step")
    expect(note(demo)).to_have_text("not kept: this browser stores nothing here", timeout=BOOT)
    press(demo, "Step")
    expect(count(demo)).to_have_text("picture 2")


def test_kept_runs_are_listed_and_deleted_with_the_readers_data(profile):
    page = profile()
    press(page.locator("#trained"), "Step")
    until_kept(page, "trained", 1)
    page = profile("your-data/")
    expect(page.get_by_role("row", name="Training runs to go on with")).to_contain_text("1")
    press(page, "Delete everything")
    press(page, "Yes, delete it")
    expect(page.get_by_text("Nothing is kept yet.")).to_be_visible()
    assert page.evaluate(KEPT, "trained") == 0
