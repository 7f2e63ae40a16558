"""Who grades explanations besides the page's own checklist: `grader` in `course.yml`.

Its address goes into the policy of every page, as the only one beside the site that is talked to.
So it holds nothing that could mean something else there.
"""

import re
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from .nodes import Node, PlainText, Url
from .quoting import shortened

ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?(/[\w.~-]+)*/?", re.I
)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
GRADE = "v1/grade"  # below the address; the service answers there


def service(url: str) -> str:
    """The address of a service, without a slash at its end; raises `ValueError`."""
    match = ADDRESS.fullmatch(url)
    if not match:
        expected = "expected an address such as https://grader.example.org, without ? or #"
        raise ValueError(f"{expected}, got {shortened(url)}")
    if match["scheme"].lower() != "https" and match["host"].lower() not in LOOPBACK:
        expected = "expected https, as others could read what is sent (http is for this machine)"
        raise ValueError(f"{expected}, got {shortened(url)}")
    return url.rstrip("/")


class Grader(Node):
    """A service that grades explanations with a language model.

    Readers are asked before the first one is sent, and told who runs it, and whose model it asks
    if that is somebody else's.
    """

    partly_usable: ClassVar[bool] = False

    url: Annotated[str, Field(max_length=200), AfterValidator(service)]
    operator: PlainText
    passes_to: PlainText | None = None
    about: Url | None = None

    @property
    def endpoint(self) -> str:
        """Where pages send what is to be graded."""
        return f"{self.url}/{GRADE}"
