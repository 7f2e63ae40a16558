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
    page.route("**/assets/runtime/*.whl", lambda route: route.fulfill(body=b"x" * 1000))
    hostile.open(LESSON)
    page.locator("#fragile input[type=range]").fill("3")
    status = page.locator("#fragile .cw-status")
    expect(status).to_contain_text("Python did not load", timeout=BOOT)
    expect(status).to_contain_text(".whl")
    page.unroute("**/assets/runtime/*.whl")
    page.locator("#fragile button", has_text="Try again").click()
    expect(page.locator("#fragile .cw-outputs")).to_contain_text("took 3", timeout=BOOT)
