"""What goes wrong in Python is shown in place, and the next thing works."""

from playwright.sync_api import expect

LESSON = "lessons/hostile/"
BOOT = 60_000


def test_an_exception_is_shown_and_the_next_run_works(hostile):
    page = hostile.open(LESSON)
    slider = page.locator("#fragile input[type=range]")
    slider.fill("7")
    alert = page.locator("#fragile [role=alert]")
    expect(alert).to_contain_text("ValueError", timeout=BOOT)
    expect(alert).to_contain_text("seven is <b>not</b> allowed")  # as text
    alert.locator("summary").click()
    expect(alert).to_contain_text("line 11, in fragile")
    slider.fill("8")
    expect(page.locator("#fragile .cw-outputs")).to_contain_text("took 8")
    expect(alert).to_have_count(0)


def test_the_latest_position_wins_and_those_between_are_skipped(hostile):
    page = hostile.open(LESSON)
    slider = page.locator("#slow input[type=range]")
    slider.fill("1")
    expect(page.locator("#slow .cw-outputs")).to_contain_text("1 after 1 calls", timeout=BOOT)
    for value in range(2, 41):
        slider.fill(str(value))
    expect(page.locator("#slow .cw-outputs")).to_contain_text("40 after", timeout=BOOT)
    calls = int(page.locator("#slow .cw-outputs").inner_text().split(" after ")[1].split()[0])
    assert calls < 30  # forty positions, each worth a fifth of a second


def test_an_endless_demo_leaves_the_page_alive_and_can_be_stopped(hostile):
    page = hostile.open(LESSON)
    page.locator("#endless label", has_text="never ends").click()
    stop = page.locator("#endless button", has_text="Stop")
    expect(stop).to_be_visible(timeout=BOOT)
    # Python is busy for ever; the page still draws frames and moves sliders.
    frames = page.evaluate(
        "new Promise(done => { let n = 0; const tick = () => ++n < 10 ? "
        "requestAnimationFrame(tick) : done(n); requestAnimationFrame(tick); })"
    )
    assert frames == 10
    page.locator("#fragile input[type=range]").fill("5")
    assert page.locator("#fragile input[type=number]").input_value() == "5"
    stop.click()
    expect(page.locator("#fragile .cw-outputs")).to_contain_text("took 5", timeout=BOOT)
    page.locator("#endless label", has_text="ends").first.click()
    expect(page.locator("#endless .cw-outputs")).to_contain_text("ended", timeout=BOOT)


def test_a_damaged_download_is_named_and_can_be_tried_again(hostile):
    page = hostile.page
    page.route("**/assets/runtime/*.whl.bin", lambda route: route.fulfill(body=b"x" * 1000))
    hostile.open(LESSON)
    page.locator("#fragile input[type=range]").fill("3")
    status = page.locator("#fragile .cw-status")
    expect(status).to_contain_text("Python did not load", timeout=BOOT)
    expect(status).to_contain_text(".whl")
    page.unroute("**/assets/runtime/*.whl.bin")
    page.locator("#fragile button", has_text="Try again").click()
    expect(page.locator("#fragile .cw-outputs")).to_contain_text("took 3", timeout=BOOT)


def test_of_a_hundred_moves_in_a_row_the_last_one_is_answered(hostile):
    page = hostile.open(LESSON)
    slider = page.locator("#fragile input[type=range]")
    slider.fill("1")
    outputs = page.locator("#fragile .cw-outputs")
    expect(outputs).to_contain_text("took 1", timeout=BOOT)
    slider.evaluate("""(slider) => {
      for (let move = 1; move <= 100; move++) {
        slider.value = String(move === 100 ? 9 : move % 7);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }""")
    expect(outputs).to_contain_text("took 9", timeout=BOOT)
    expect(outputs).to_have_attribute("aria-busy", "false")
    expect(page.locator("#fragile [role=alert]")).to_have_count(0)


def test_a_worker_that_is_killed_is_told_and_replaced(hostile):
    page = hostile.open(LESSON)
    slider = page.locator("#fragile input[type=range]")
    slider.fill("1")
    outputs = page.locator("#fragile .cw-outputs")
    expect(outputs).to_contain_text("took 1", timeout=BOOT)
    # The frame's script ends its worker and says nothing: as if the browser had taken its memory.
    page.evaluate("""() => {
      for (const frame of document.querySelectorAll("iframe[sandbox='allow-scripts']"))
        frame.contentWindow.postMessage(null, "*");
    }""")
    slider.fill("2")
    expect(page.locator("#fragile [role=alert]")).to_contain_text("no answer", timeout=BOOT)
    slider.fill("3")
    expect(outputs).to_contain_text("took 3", timeout=BOOT)


def test_going_back_and_forth_without_reloads_leaves_one_python_that_answers(hostile, hostile_site):
    # Pages are swapped in if the sitemap names them, under the address that this test has.
    sitemap = (
        (hostile_site / "sitemap.xml").read_text().replace("http://127.0.0.1/", hostile.origin)
    )
    hostile.page.route("**/sitemap.xml", lambda route: route.fulfill(body=sitemap))
    page = hostile.open(LESSON)
    page.wait_for_load_state("networkidle")  # the theme has read it
    page.evaluate("window.sameDocument = true")
    page.locator("#fragile input[type=range]").fill("1")
    outputs = page.locator("#fragile .cw-outputs")
    expect(outputs).to_contain_text("took 1", timeout=BOOT)
    for turn in range(5):
        page.locator(".md-header a.md-logo").click()
        expect(page.locator("#fragile")).to_have_count(0)
        page.go_back()
        page.locator("#fragile input[type=range]").fill(str(turn + 2))
        expect(outputs).to_contain_text(f"took {turn + 2}", timeout=BOOT)
    assert page.evaluate("window.sameDocument")  # no page was loaded anew
    assert page.locator("iframe[title=Python]").count() == 1
