"""The home page: a demo in the first screen, and it is live."""

from playwright.sync_api import expect

BOOT = 60_000


def test_the_first_screen_holds_a_demo_that_answers(chromium, origin):
    page = chromium.new_page()
    page.goto(origin)
    demo = page.locator(".cw-hero cw-demo")
    for width, height in ((1100, 800), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for part in (demo.get_by_role("button", name="Play"), demo.locator(".figure-value")):
            box = part.bounding_box()
            assert box["y"] + box["height"] <= height
    demo.get_by_role("button", name="Step").click()  # a model that has not learned anything
    expect(demo.locator(".figure-words")).to_contain_text("after 0 of", timeout=BOOT)
    page.get_by_role("link", name="Start the first lesson").click()
    expect(page.locator(".cw-kicker")).to_contain_text("Lesson 1")
    page.close()
