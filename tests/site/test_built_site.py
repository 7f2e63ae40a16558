"""A real site, built by MkDocs in a temporary folder, read back from its files."""

import json
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from mkdocs.config import load_config

from coursewright.cache import cache_folder

ROOT = Path(__file__).parents[2]
PAGE = "site/lessons/small/index.html"


class Reader(HTMLParser):
    """A page's tags with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def read(file: Path) -> Reader:
    reader = Reader()
    reader.feed(file.read_text())
    return reader


def test_a_lesson_becomes_a_page_with_its_computed_output_in_it(project, build):
    built = build(project)
    assert built.returncode == 0, built.stderr
    page = read(project / PAGE)
    text = " ".join(" ".join(page.words).split())
    assert "I was asked for half of 4" in text  # what the demo printed
    assert "2.0" in text  # what it returned
    assert "0.69" in text  # what the prose computes
    assert "Concept 1 of 1" in text


def test_what_an_author_types_is_text_never_markup(project, build):
    assert build(project).returncode == 0
    html = (project / PAGE).read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "A &lt;small&gt; lesson" in html
    assert "It says &lt;b&gt;nothing&lt;/b&gt; &amp; costs nothing." in html
    assert '<h2 id="first">First: *what* is it?' in unescape(html)


def test_formulas_need_no_script_and_no_inline_style(project, build):
    assert build(project).returncode == 0
    html = (project / PAGE).read_text()
    assert "<mfrac>" in html
    assert "katex-html" in html
    assert 'style="' not in html
    classes = set(re.findall(r"\bk[0-9a-f]{8}\b", html))
    css = (project / "site/assets/coursewright/formulas.css").read_text()
    assert classes
    assert classes == set(re.findall(r"\.(k[0-9a-f]{8})\{", css))


def test_every_page_carries_the_policy_before_any_script(project, build):
    assert build(project).returncode == 0
    pages = sorted((project / "site").rglob("*.html"))
    assert len(pages) == 5  # home, lesson, check, data, 404
    for page in pages:
        html = page.read_text()
        policy = html.index("Content-Security-Policy")
        assert policy < html.index("<script")
        assert policy < html.index("<link")
        assert "unsafe-inline" not in html
        assert " 'unsafe-eval'" not in html


def test_no_page_loads_anything_from_elsewhere(site):
    for file in sorted(site.rglob("*.html")):
        for tag, attributes in read(file).tags:
            loaded = attributes.get("src") or (attributes.get("href") if tag == "link" else None)
            assert not (loaded or "").startswith(("http:", "https:", "//")), (file, tag, loaded)


def test_header_files_name_exactly_the_files_that_never_change(site):
    assert "frame-ancestors 'self'" in (site / ".htaccess").read_text()
    kept = set(re.findall(r"^/(assets/.*)$", (site / "_headers").read_text(), re.MULTILINE))
    kept.remove("assets/frames/*")  # all files there: each carries the hash of what is in it
    assert any((site / "assets/frames").iterdir())
    ours = [*(site / "assets/runtime").glob("*"), *(site / "assets/coursewright").rglob("*.*")]
    changing = {"manifest.json", "meta.json", "LICENSES.txt", "formulas.css"}
    assert kept == {f.relative_to(site).as_posix() for f in ours if f.name not in changing}


def test_what_a_demo_shows_at_every_stop_is_a_file_of_the_site(project, build):
    lesson, demo = project / "course/lessons/small.yml", project / "course/demos/small.py"
    lesson.write_text(lesson.read_text().replace("          frames: false\n", ""))
    demo.write_text("def half(x: float):\n    return x / 2\n")
    built = build(project)
    assert built.returncode == 0, built.stderr
    assert "Demos that answer without Python: 1 of 1" in built.stderr
    assert "small  half: 11 stops, 0.1 KB" in built.stderr
    (named,) = (at["data-frames"] for tag, at in read(project / PAGE).tags if tag == "cw-demo")
    frames = json.loads((project / PAGE).parent.joinpath(named).read_text())
    assert frames["controls"] == [["x", [*range(11)]]]
    assert frames["frames"][7] == [{"text/plain": "3.5"}]


def test_search_finds_what_demos_computed(project, build):
    assert build(project).returncode == 0
    index = json.loads((project / "site/search/search_index.json").read_text())
    assert any("I was asked for half of 4" in entry["text"] for entry in index["docs"])


MORE = """\
      - cell:
          id: set-it
          code: |
            class Shown:
                def _repr_html_(self):
                    return f"<p>{object()} {sorted({'a', 'b', 'c'})}</p>"
            Shown()
quiz:
  - ask: Which is even?
    options:
      - {text: one, why: Odd.}
      - {text: two, correct: true, why: Even.}
      - {text: three, why: Odd as well.}
flashcards:
  - {front: Half of four?, back: "{= 4 / 2 =}"}
"""


def test_builds_give_the_same_bytes_wherever_and_whenever(
    project, build, monkeypatch, tmp_path_factory
):
    lesson, downloads = project / "course/lessons/small.yml", cache_folder() / "fetched"
    lesson.write_text(lesson.read_text() + MORE)
    # MkDocs writes a time into two files, sitemap.xml and sitemap.xml.gz: the one it is given here.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    empty = tmp_path_factory.mktemp("cache")
    (empty / "fetched").symlink_to(downloads)
    trees = []
    # An empty cache: all is run, drawn and assembled. Then the usual one, which knows all at last.
    for cache, seed in ((empty, "1"), (cache_folder(), "2"), (cache_folder(), "3")):
        folder = tmp_path_factory.mktemp("project") / "somewhere else"
        shutil.copytree(project, folder)
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        with monkeypatch.context() as patch:
            patch.setenv("NUDGE_CACHE", str(cache))
            built = build(folder)
        assert built.returncode == 0, built.stderr
        trees.append(contents(folder / "site"))
    assert {"lessons/small/small.apkg", "sitemap.xml.gz"} <= trees[0].keys()
    for tree in trees[1:]:
        assert tree.keys() == trees[0].keys()
        assert [name for name, raw in trees[0].items() if tree[name] != raw] == []


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in a folder by its path there."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_the_404_page_and_the_sitemap_know_the_sites_address(project, build):
    with (project / "mkdocs.yml").open("a") as file:
        file.write("site_url: https://example.org/some/path/\n")
    assert build(project).returncode == 0
    tags = read(project / "site/404.html").tags
    named = [value for _, at in tags for name, value in at.items() if name in ("src", "href")]
    own = [value for value in named if not value.startswith(("#", "https:"))]
    assert len(own) > 5
    assert [value for value in own if not value.startswith("/some/path/")] == []
    sitemap = (project / "site/sitemap.xml").read_text()
    assert "<loc>https://example.org/some/path/lessons/small/</loc>" in sitemap


def test_the_projects_own_site_takes_its_address_from_the_environment(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("SITE_URL", raising=False)
    assert not load_config(str(ROOT / "mkdocs.yml")).site_url
    monkeypatch.setenv("SITE_URL", "https://example.org/some/path/")
    assert load_config(str(ROOT / "mkdocs.yml")).site_url == "https://example.org/some/path/"


def test_a_course_without_demos_is_built_without_the_page_that_tries_one(project, build):
    lesson, config = project / "course/lessons/small.yml", project / "mkdocs.yml"
    lesson.write_text(lesson.read_text().partition("      - demo:")[0])
    config.write_text(config.read_text().replace(", check.md", ""))
    built = build(project)
    assert built.returncode == 0, built.stderr
    assert (project / PAGE).exists()
    assert not (project / "site/check").exists()


def test_a_wrong_lesson_fails_the_build_at_its_line(project, build):
    lesson = project / "course/lessons/small.yml"
    lesson.write_text(lesson.read_text().replace("start: 4", "start: 40"))
    built = build(project)
    assert built.returncode == 1
    assert "Traceback" not in built.stderr
    assert (
        "course/lessons/small.yml:21:50  sections[0].blocks[1].demo.controls.x.start: "
        "expected a number from 0 to 10, got 40" in built.stderr
    )


def test_a_demo_that_raises_fails_the_build_with_the_authors_own_lines(project, build):
    lesson = project / "course/lessons/small.yml"
    lesson.write_text(lesson.read_text().replace("start: 4", "start: 7"))
    built = build(project)
    assert built.returncode == 1
    assert "course/lessons/small.yml:18:16  sections[0].blocks[1].demo.run: ValueError: seven " in (
        built.stderr
    )
    assert 'demos/small.py", line 4, in half' in built.stderr
    assert "runner.py" not in built.stderr


def test_a_broken_expectation_fails_the_build(project, build):
    lesson = project / "course/lessons/small.yml"
    lesson.write_text(lesson.read_text() + "          expect: result == 3\n")
    built = build(project)
    assert built.returncode == 1
    assert "expected `result == 3` to hold at the default settings, got 2.0" in built.stderr


def test_a_claim_that_cannot_be_computed_fails_the_build(project, build):
    lesson = project / "course/lessons/small.yml"
    lesson.write_text(lesson.read_text().replace("-log(0.5)", "-log(0)"))
    built = build(project)
    assert built.returncode == 1
    assert "course/lessons/small.yml:14:19  sections[0].blocks[0].text: cannot compute" in (
        built.stderr
    )


def test_a_formula_that_cannot_be_read_fails_the_build(project, build):
    lesson = project / "course/lessons/small.yml"
    lesson.write_text(lesson.read_text().replace(r"\frac{1}{2}", r"\frac{1}"))
    built = build(project)
    assert built.returncode == 1
    assert "course/lessons/small.yml:10:64  sections[0].blocks[0].text: cannot read" in built.stderr


def test_browsers_may_keep_a_site_unless_its_course_says_no(project, build):
    assert build(project).returncode == 0
    site = project / "site"
    files = json.loads((site / "offline.json").read_text())["files"]
    html = {path for path in files if path.endswith(".html")}
    assert html == {file.relative_to(site).as_posix() for file in site.rglob("*.html")}
    assert "assets/runtime/manifest.json" in files
    assert "coursewright-offline" in (project / PAGE).read_text()
    assert "<cw-offline" in (site / "your-data" / "index.html").read_text()
    assert "coursewright-offline" not in (site / "404.html").read_text()

    course = project / "course" / "course.yml"
    course.write_text(course.read_text() + "offline: false\n")
    assert build(project).returncode == 0
    assert not (site / "offline.json").exists()
    assert ".unregister()" in (site / "sw.js").read_text()
    assert "coursewright-offline" not in (project / PAGE).read_text()
    assert "<cw-offline" not in (site / "your-data" / "index.html").read_text()
