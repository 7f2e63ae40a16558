"""What keeps a site for reading without a network: the list of its files, and its worker."""

import hashlib
import json
import re

import pytest

from coursewright.mkdocs_plugin import is_here
from coursewright.publish.offline import marked, write_offline

PAGE = '<!doctype html><html><head><meta charset="utf-8"><title>A page</title></head></html>'
META = '<meta name="coursewright-offline" content="'


@pytest.fixture
def site(tmp_path):
    """A built site of a few files."""
    for path, text in {
        "index.html": "home",
        "lessons/one/index.html": "one",
        "lessons/one/one.ipynb": "{}",
        "search/search_index.json": '{"config": {"lang": ["en"]}}',
        "assets/javascripts/bundle.js": "code",
        "assets/javascripts/bundle.js.map": "{}",
        "assets/javascripts/lunr/min/lunr.de.min.js": "German",
        "404.html": "nothing",
        "sitemap.xml": "",
        "_headers": "",
        ".htaccess": "",
    }.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def plan_of(site):
    write_offline(site, offline=True)
    return json.loads((site / "offline.json").read_text())


def test_the_list_has_every_file_that_pages_ask_for_with_its_size_and_hash(site):
    plan = plan_of(site)
    assert list(plan["files"]) == [
        "404.html",
        "assets/javascripts/bundle.js",
        "index.html",
        "lessons/one/index.html",
        "lessons/one/one.ipynb",
        "search/search_index.json",
    ]
    assert plan["files"]["index.html"] == [4, hashlib.sha256(b"home").hexdigest()]
    assert plan["bytes"] == sum(size for size, _ in plan["files"].values())


def test_a_search_in_another_language_keeps_its_files(site):
    (site / "search" / "search_index.json").write_text('{"config": {"lang": ["en", "de"]}}')
    assert "assets/javascripts/lunr/min/lunr.de.min.js" in plan_of(site)["files"]


def test_a_build_is_named_by_what_it_holds(site):
    first = plan_of(site)["build"]
    assert plan_of(site)["build"] == first  # what it writes itself does not count
    assert f'self.coursewrightBuild="{first}";' in (site / "sw.js").read_text()
    (site / "index.html").write_text("Home")
    assert plan_of(site)["build"] != first
    (site / "index.html").write_text("home")
    (site / "index.html").rename(site / "start.html")
    assert plan_of(site)["build"] != first


def test_a_course_that_is_not_kept_gets_a_worker_that_ends_earlier_ones(site):
    plan_of(site)
    write_offline(site, offline=False)
    assert not (site / "offline.json").exists()
    worker = (site / "sw.js").read_text()
    assert ".unregister()" in worker
    assert "caches.delete(" in worker
    assert '"fetch"' not in worker


def test_no_worker_does_anything_the_policy_would_not_let_a_page_do(site):
    plan_of(site)
    script = (site / "sw.js").read_text()
    assert re.findall(r"\beval\(|new Function|importScripts", script) == []
    assert "console." not in script


@pytest.mark.parametrize(
    ("path", "root"),
    [("index.html", "./"), ("flat.html", "./"), ("lessons/one/index.html", "../../")],
)
def test_a_page_says_where_the_root_is(path, root):
    page = marked(PAGE, path, offline=True)
    assert page.count(META) == 1
    assert f'{META}{root}">' in page
    assert marked(page, path, offline=True) == page
    assert marked(page, path, offline=False) == PAGE


def test_the_page_that_may_be_anywhere_does_not():
    assert marked(PAGE, "404.html", offline=True) == PAGE
    assert META in marked(PAGE, "lessons/404.html", offline=True)


def test_a_site_with_an_address_of_this_machine_is_a_preview():
    assert is_here("http://127.0.0.1:8000/course/")
    assert is_here("http://localhost/")
    assert not is_here("https://example.org/localhost/")
    assert not is_here("")
    assert not is_here(None)
