"""Code on a page, changed as a reader changes it."""

from playwright.sync_api import Locator, expect


def editor(part: Locator) -> Locator:
    """Open the editor of a part of the page as a reader does, and wait for CodeMirror."""
    part.locator(".highlight").first.click()
    found = part.get_by_role("textbox", name="Python code")
    expect(found).to_have_attribute("contenteditable", "true")
    return found


def write(part: Locator, code: str) -> Locator:
    """Put code into the editor of a part of the page."""
    found = editor(part)
    found.fill(code)
    return found


def expect_code(part: Locator, code: str) -> None:
    """Expect this code in an editor that is open; spaces at the start of a line do not show."""
    expect(part.locator(".cm-line")).to_have_text(code.split("\n"))
