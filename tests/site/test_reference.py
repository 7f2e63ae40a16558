"""The engine's pages as the site has them: docstrings made into pages that hold together."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest

IDS = re.compile(r'\bid="([^"]+)"')
LINKS = re.compile(r'<a [^>]*\bhref="([^"]+)"')


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, str]:
    """The HTML of each page about the engine, by its address within the site."""
    files = sorted((site / "engine").rglob("index.html"))
    return {f"/{file.parent.relative_to(site).as_posix()}/": file.read_text() for file in files}


def broken(address: str, html: str, site: Path) -> Iterator[str]:
    """The links within the site that lead nowhere."""
    for link in LINKS.findall(html):
        target, fragment = urldefrag(urljoin(address, link))
        if "//" in target:
            continue
        file = site / target.lstrip("/") / ("index.html" if target.endswith("/") else "")
        if not file.is_file() or (fragment and fragment not in IDS.findall(file.read_text())):
            yield link


def test_there_is_a_page_for_each_group_of_modules(pages):
    assert len(pages) == 11  # the tour, the GPU guide, the reference's contents and eight pages
    assert max(map(len, pages.values())) < 500_000


def test_every_link_leads_somewhere(pages, site):
    links = {address: list(broken(address, html, site)) for address, html in pages.items()}
    assert {address: found for address, found in links.items() if found} == {}


def test_each_thing_has_its_full_name_as_its_place(pages):
    ids = IDS.findall(pages["/engine/reference/optimizers/"])
    assert {"pyengine.optim.AdamW", "pyengine.schedule.Cosine"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_examples_are_code_and_not_quotations(pages):
    for html in pages.values():
        assert "<blockquote>" not in html
        assert "autoref identifier" not in html
        assert "``" not in re.sub(r"<pre>.*?</pre>", "", html, flags=re.S)
    assert pages["/engine/reference/numbers/"].count('<span class="gp">&gt;&gt;&gt;') > 30


def test_names_in_docstrings_are_links(pages):
    html = pages["/engine/reference/training/"]
    assert re.search(
        r'<a [^>]*href="#pyengine.train.Trainer.step"><code>Trainer.step</code></a>', html
    )
    assert re.search(r'href="../models/#pyengine.gpt.GPT"', html)


def test_sources_are_folded_and_each_stands_once(pages):
    html = pages["/engine/reference/numbers/"]
    folded = re.findall(r'<details class="cw-source".*?</details>', html, re.S)
    sources = " ".join(re.sub(r"<[^>]+>", "", each) for each in folded)
    assert sources.count("def backward(self) -&gt; None:") == 1  # of Value, in its class
    assert "<summary>Source: pyengine/scalar.py, line " in html


def test_the_policy_allows_all_there_is_on_these_pages(pages):
    assert [address for address, html in pages.items() if re.search(r"\sstyle=", html)] == []


def test_search_finds_what_is_said_and_leaves_out_the_sources(site):
    found = json.loads((site / "search" / "search_index.json").read_text())["docs"]
    sections = {entry["location"]: entry["text"] for entry in found}
    adam = sections["engine/reference/optimizers/#pyengine.optim.Adam"]
    assert "Adaptive moments" in adam
    assert "bias correction" not in adam  # said in the source alone
