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
