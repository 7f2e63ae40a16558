"""SECURITY.md: each line names tests that exist; and what sources must not hold is not in them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
BROWSER = ROOT / "build" / "browser"
SOURCES = [
    *sorted((BROWSER / "src").rglob("*.ts")),
    *sorted((ROOT / "build" / "coursewright" / "live" / "page").glob("*.js")),
]
LINE = re.compile(r"^\* \*\*.*?(?=^\* \*\*|^#|^$)", re.MULTILINE | re.DOTALL)
PYTHON_TEST = re.compile(r"`((?:[a-z0-9]+/)*test_\w+)`")
BROWSER_TEST = re.compile(r"`([a-z-]+\.test\.ts)`")


def lines():
    found = LINE.findall(PAGE)
    assert len(found) > 20
    return found


def files_of(line):
    """The test files that a line names; those of the grader stand in a folder of their own."""
    names = PYTHON_TEST.findall(line)
    folders = ROOT / "tests", ROOT / "tests" / "unit" / "service"
    paths = [folders["/" not in name] / f"{name}.py" for name in names]
    return [*paths, *(BROWSER / "test" / name for name in BROWSER_TEST.findall(line))]


@pytest.mark.parametrize("line", lines(), ids=lambda line: line[4:].partition("**")[0])
def test_each_line_of_the_threat_model_names_tests_that_exist(line):
    files = files_of(line)
    assert files
    for file in files:
        assert file.is_file(), file
        assert re.search(r"^(def test_|test\()", file.read_text(encoding="utf-8"), re.MULTILINE)


def where(pattern):
    """The sources in which a pattern stands, comments apart."""
    comments = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
    texts = {file: comments.sub("", file.read_text(encoding="utf-8")) for file in SOURCES}
    return sorted(file.name for file, text in texts.items() if re.search(pattern, text))


def test_no_text_becomes_markup_but_in_the_modules_that_say_why():
    setting = r"\b(inner|outer)HTML\s*\+?=[^=]|insertAdjacentHTML|document\.write|setHTML"
    assert where(setting + r"|createContextualFragment") == []
    # A file of the site itself; and, while an author writes, the server's own new page.
    assert where(r"DOMParser") == ["markup.ts", "sheet.js", "swap.js"]
    # The frame of Python, and the frame in which no script runs.
    assert where(r"srcdoc") == ["frame.ts", "framed.ts"]


def test_no_text_becomes_code():
    made = r"\beval\(|new Function\b|set(Timeout|Interval)\(\s*[\"'`]"
    assert where(made) == ["probe.ts"]  # in which Python tries it, and must not succeed
    assert where(r"javascript:") == []


def test_messages_are_listened_to_in_the_frame_and_above_it_alone():
    listening = r"addEventListener\(\s*[\"']message[\"']|\.onmessage\b"
    tabs, author = ["store.ts"], ["page.js"]  # other tabs of the site; the author's own server
    offline = ["off.ts", "register.ts", "worker.ts"]  # pages of the site and its service worker
    found = ["frame.ts", "relay.ts", "worker.ts", *tabs, *author, *offline]
    assert where(listening) == sorted(found)
    frame = (BROWSER / "src" / "frame.ts").read_text(encoding="utf-8")
    assert "if (source !== this.#frame.contentWindow) return;" in frame
    assert "parseEvent(data)" in frame
