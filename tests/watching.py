"""A page that is watched: what it asks for, what it complains about."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page


@dataclass
class Watched:
    """A page, the site's address, and everything that must not happen on it."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a page of the site."""
        self.page.goto(self.origin + path)
        return self.page


def watch(context: BrowserContext, origin: str) -> Watched:
    """A new page whose requests, errors and policy violations are kept."""
    watched = Watched(context.new_page(), origin)
    page = watched.page
    page.on("request", lambda request: watched.requests.append(request.url))
    page.on("pageerror", lambda error: watched.complaints.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            watched.complaints.append(f"{message.type}: {message.text}")
            if message.type in ("error", "warning")
            else None
        ),
    )
    return watched


def assert_own(requests: list[str], origin: str) -> None:
    """Nothing was asked of anyone but the site."""
    assert [url for url in requests if not url.startswith((origin, "blob:", "data:"))] == []


def until(page: Page, code: str, seconds: float = 60) -> None:
    """Wait until the code's value, or what its promise comes to, is true.

    The driver's own way takes a promise for true, and is forbidden by the page's policy else.
    """
    for _ in range(int(seconds * 10)):
        if page.evaluate(code):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {code}")
