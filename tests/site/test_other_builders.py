"""ProperDocs and Zensical: readers see of them what they see of MkDocs, or nothing is published."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coursewright.cli import main

ROOT = Path(__file__).parents[2]
MKDOCS = f"""\
site_name: Nudge
theme: {{name: material, font: false}}
plugins: [search, {{coursewright: {{course: {json.dumps(str(ROOT / "course"))}}}}}]
markdown_extensions: [tables]
"""
GENERATOR = re.compile(r'<meta name="generator" content="[^"]*">')
SOURCE = "out/lessons/small/index.md"
QUIZ = """
quiz:
  - ask: Which is even?
    options:
      - {text: one, why: Odd.}
      - {text: two, correct: true, why: Even.}
      - {text: three, why: Odd as well.}
"""


def run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a builder in a folder as an author would."""
    line = [sys.executable, "-m", *command]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True)


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a built site; of pages all but the name of their builder."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != "sitemap.xml.gz":  # sitemap.xml, and the time
            raw = file.read_bytes()
            if file.suffix == ".html":
                raw = GENERATOR.sub("", raw.decode()).encode()
            found[file.relative_to(folder).as_posix()] = raw
    return found


def zensical(folder: Path) -> Path:
    """The site that Zensical makes of a rendered folder `out`, as "Writing a lesson" says."""
    said = json.loads((folder / "out" / "coursewright.json").read_text())
    shutil.copy(folder / "docs" / "index.md", folder / "out")
    page = (ROOT / "docs" / "authors.md").read_text()
    config = page.partition("```toml\n")[2].partition("```")[0].replace('"rendered"', '"out"')
    for path in [*said["styles"], *said["scripts"]]:
        shown = re.sub(r"-\w{8}\.", "-….", path)
        assert config.count(f'"{shown}"') == 1
        config = config.replace(shown, path)
    (folder / "zensical.toml").write_text(config)
    built = run(folder, "zensical", "build", "--strict")
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "site"


@pytest.fixture
def rendered(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small course with a quiz, rendered into its folder `out`."""
    lesson = project / "course" / "lessons" / "small.yml"
    lesson.write_text(lesson.read_text() + QUIZ)
    monkeypatch.chdir(project)
    assert main(["render", "--out", "out"]) == 0
    return project


def test_mkdocs_and_properdocs_make_the_same_site_of_the_projects_course(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Home\n")
    (tmp_path / "mkdocs.yml").write_text(MKDOCS)
    sites = {}
    for builder in ("mkdocs", "properdocs"):
        options = ["-f", "mkdocs.yml", "--strict", "--site-dir", builder]
        built = run(tmp_path, builder, "build", *options)
        assert built.returncode == 0, built.stderr
        sites[builder] = files(tmp_path / builder)
    assert sites["mkdocs"].keys() == sites["properdocs"].keys()
    differing = [n for n, raw in sites["mkdocs"].items() if sites["properdocs"][n] != raw]
    assert differing == ["offline.json", "sw.js"]  # the hashes of pages, which name their builder
    pages = {name: raw for name, raw in sites["properdocs"].items() if name.endswith(".html")}
    assert "lessons/how-does-a-brain-learn/index.html" in pages
    assert "lessons/how-does-a-brain-learn/how-does-a-brain-learn.ipynb" in sites["properdocs"]
    assert [name for name, raw in pages.items() if b"Content-Security-Policy" not in raw] == []


def test_zensical_publishes_a_rendered_lesson_as_it_is(rendered, capsys):
    site = zensical(rendered)
    html = (site / "lessons" / "small" / "index.html").read_text()
    assert '<a href="small.ipynb" download>' in html
    assert (site / "lessons" / "small" / "small.ipynb").is_file()
    source = (rendered / "out" / "lessons" / "small" / "index.md").read_text()
    source = source.replace(" data-search-exclude", "")  # which its search has read
    blocks = re.findall(r'^<div class="cw-.*?</div>$(?=\n\n|\n*\Z)', source, re.M | re.S)
    assert len(blocks) > 5
    assert [block for block in blocks if block not in html] == []
    heading = "First&#58; &#42;what&#42; is it?"
    assert f'<h2 id="first">{heading}' in html
    assert main(["finish", "site", "--rendered", "out"]) == 0
    assert "5 pages in site, each with its policy" in capsys.readouterr().out
    for page in site.rglob("*.html"):
        html = page.read_text()
        assert html.count("Content-Security-Policy") == 1
        assert html.index("Content-Security-Policy") < html.index("<script")
        at_root = page != site / "404.html"
        assert ('<meta name="coursewright-offline"' in html) == at_root
    kept = json.loads((site / "offline.json").read_text())["files"]
    assert {"index.html", "lessons/small/index.html", "assets/runtime/manifest.json"} <= kept.keys()
    assert json.loads((site / "offline.json").read_text())["build"] in (site / "sw.js").read_text()


def test_a_site_is_finished_again_to_the_same_bytes(rendered):
    site = zensical(rendered)
    assert main(["finish", "site", "--rendered", "out"]) == 0
    once = files(site)
    assert main(["finish", "site", "--rendered", "out"]) == 0
    assert files(site) == once


def test_what_a_builder_lost_is_told_and_nothing_is_changed(rendered, capsys):
    site = zensical(rendered)
    page = site / "lessons" / "small" / "index.html"
    whole = page.read_text()
    said = json.loads((rendered / "out" / "coursewright.json").read_text())
    for old, new, problem in [
        ("<cw-demo", "&lt;cw-demo", f"expected the HTML of {SOURCE} as it is"),
        ('href="small.ipynb"', 'href="../small.ipynb"', f"expected the HTML of {SOURCE} as it is"),
        ('id="first"', 'id="first-what"', "expected headings with their ids; switch on `attr_"),
        (said["scripts"][0], "x.js", f"expected it to load {said['scripts'][0]}; name it in the"),
    ]:
        assert old in whole
        page.write_text(whole.replace(old, new))
        before = files(site)
        assert main(["finish", "site", "--rendered", "out"]) == 1
        assert f"site/lessons/small/index.html: {problem}" in capsys.readouterr().err
        assert files(site) == before
    page.unlink()
    assert main(["finish", "site", "--rendered", "out"]) == 1
    assert f"expected the page of {SOURCE}, found none" in capsys.readouterr().err


def test_a_folder_that_was_not_rendered_is_told(rendered, capsys):
    assert main(["finish", "site", "--rendered", "docs"]) == 1
    assert capsys.readouterr().err == (
        "expected a folder that `coursewright render` wrote at docs, "
        "found no coursewright.json there\n"
    )


def test_a_builder_that_ignores_the_plugin_publishes_nothing_of_a_lesson(rendered):
    shutil.rmtree(rendered / "out")
    built = run(rendered, "zensical", "build")  # it reads mkdocs.yml, and knows no plugins
    assert built.returncode == 0, built.stdout
    published = files(rendered / "site")
    assert "index.html" in published
    assert [name for name, raw in published.items() if b"Odd as well" in raw] == []
    assert [name for name in published if name.endswith(".yml")] == []


@pytest.mark.parametrize(("course", "docs"), [("docs/course", "docs"), ("docs", "docs")])
def test_a_course_inside_the_published_folder_is_refused(project, build, course, docs):
    pages = project / docs / "index.md"
    text = pages.read_text()
    shutil.rmtree(project / "docs")
    shutil.copytree(project / "course", project / course)
    pages.write_text(text)
    config = (project / "mkdocs.yml").read_text()
    named = config.replace("coursewright]", f"{{coursewright: {{course: {course}}}}}]")
    (project / "mkdocs.yml").write_text(named)
    built = build(project)
    assert built.returncode == 1
    assert "expected the course outside of docs_dir, found it in " in built.stderr
    assert "Traceback" not in built.stderr
    assert not (project / "site").exists()


@pytest.mark.parametrize("name", ["course.yml", "lessons/small.yml"])
def test_a_spec_that_gets_into_the_site_by_another_way_fails_the_build(project, build, name):
    copy = project / "docs" / "files" / name
    copy.parent.mkdir(parents=True)
    shutil.copy(project / "course" / name, copy)
    built = build(project)
    assert built.returncode == 1
    assert f"site/files/{name}: expected no spec in a site; it holds the answers" in built.stderr
    assert "Traceback" not in built.stderr


def test_what_the_policy_would_refuse_in_a_page_written_by_hand_is_told(project, build):
    index = project / "docs" / "index.md"
    index.write_text(
        f"{index.read_text()}\n<script>alert(1)</script>\n\n"
        '<img src="https://elsewhere.example/x.png" onerror="alert(2)">\n\n'
        "| a |\n|--:|\n| 1 |\n"
    )
    built = build(project)
    assert built.returncode == 1
    told = [line for line in built.stderr.splitlines() if "index.md holds" in line]
    assert [line.partition("holds ")[2].split(",")[0] for line in told] == [
        "<script>",
        '<img src="https://elsewhere.example/x.png">',
        '<img onerror="alert(2)">',
    ]


def test_a_spec_in_a_finished_site_is_refused(rendered, capsys):
    site = zensical(rendered)
    shutil.copytree(rendered / "course", site / "course")
    assert main(["finish", "site", "--rendered", "out"]) == 1
    said = capsys.readouterr().err
    assert "site/course/lessons/small.yml: expected no spec in a site; it holds the answers" in said
