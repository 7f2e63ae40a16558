"""The command line: `check` finds what a build would, `serve` watches what it takes."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from coursewright.assets import BUILD
from coursewright.cli import main
from coursewright.language.diagnostics import Diagnostic
from coursewright.live.command import site_builder, watched
from coursewright.live.workshop import Worker

ROOT = Path(__file__).parents[3]


def edit(file, old, new):
    """Replace a piece of a file that stands there once."""
    text = file.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new))


def test_a_course_without_mistakes_has_no_problems(folder, capsys):
    assert main(["check", str(folder)]) == 0
    assert capsys.readouterr().out == "1 lesson, no problems\n"


def test_check_finds_at_once_what_only_running_and_rendering_show(folder, capsys):
    lesson = folder / "lessons" / "one.yml"
    edit(lesson, "-log(0.5)", "-log(0)")
    edit(lesson, "$x^2$", r"$\frac{1}$")
    edit(lesson, "result == 4", "result == 5")
    assert main(["check", str(folder)]) == 1
    told = capsys.readouterr().err
    assert told.startswith("3 problems in the course:\n")
    assert "one.yml:11:27  sections[0].blocks[1].text: cannot compute `-log(0)`" in told
    assert "sections[0].blocks[1].text: cannot read the formula" in told
    assert "expected `result == 5` to hold at the default settings, got 4" in told


def test_what_is_wrong_can_be_told_to_programs(folder, capsys):
    assert main(["check", "--format", "json", str(folder)]) == 0
    assert json.loads(capsys.readouterr().out) == []
    edit(folder / "lessons" / "one.yml", "minutes: 3", "minuts: 3")
    assert main(["check", "--format", "json", str(folder)]) == 1
    assert json.loads(capsys.readouterr().out) == [
        {
            "file": "course/lessons/one.yml",
            "line": 1,
            "column": 1,
            "path": "",
            "message": "missing key 'minutes'",
            "fix": "Add `minutes: …` here.",
        },
        {
            "file": "course/lessons/one.yml",
            "line": 4,
            "column": 1,
            "path": "minuts",
            "message": "unknown key",
            "fix": "did you mean 'minutes'?",
        },
    ]


def test_what_is_wrong_can_be_told_to_github(folder, capsys):
    edit(folder / "lessons" / "one.yml", "result == 4", "result == '100%'")
    assert main(["check", "--format", "github", str(folder)]) == 1
    assert capsys.readouterr().out == (
        "::error file=course/lessons/one.yml,line=21,col=19::sections[0].blocks[2].demo.expect: "
        "expected `result == '100%25'` to hold at the default settings, got 4.0\n"
    )


def test_lines_to_paste_reach_programs_and_github_whole(folder, capsys):
    edit(folder / "lessons" / "one.yml", "It is short.", "50%, in short: it is.")
    message = (
        "the text '50%, in short: it is.' needs quotes: there is a colon followed by a space in it"
    )
    fix = "Write:\n      summary: '50%, in short: it is.'"
    assert main(["check", "--format", "json", str(folder)]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["message"], told["fix"]) == (message, fix)
    assert main(["check", "--format", "github", str(folder)]) == 1
    coded = f"{message}%0A{fix}".replace("50%", "50%25").replace("\n", "%0A")
    assert (
        capsys.readouterr().out == f"::error file=course/lessons/one.yml,line=3,col=10::{coded}\n"
    )


def test_a_file_s_name_ends_no_property_of_github_s_and_no_message_a_command():
    odd = Diagnostic("a,b:c%.yml", 1, 2, "p", "100%\r\ntwo, ::error::three")
    assert odd.github() == (
        "::error file=a%2Cb%3Ac%25.yml,line=1,col=2::p: 100%25%0D%0Atwo, ::error::three"
    )


def test_a_mistyped_command_ends_with_2(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["chekc"])
    assert ended.value.code == 2


def test_a_number_that_cannot_be_computed_does_not_make_its_formula_wrong_too(folder, capsys):
    edit(folder / "lessons" / "one.yml", "$x^2$", "$x^{= log(0) =}$")
    assert main(["check", str(folder)]) == 1
    assert capsys.readouterr().err.startswith("1 problem in the course:\n")


def test_a_package_that_cannot_be_built_is_a_problem_beside_the_others(folder, capsys):
    package = folder.parent / "package"
    package.mkdir()
    (package / "pyproject.toml").write_text("[build-system]\nrequires = []\nbuild-backend = 'no'\n")
    with (folder / "course.yml").open("a") as file:
        file.write("packages: [../package]\n")
    edit(folder / "lessons" / "one.yml", "result == 4", "result == 5")
    assert main(["check", str(folder)]) == 1
    told = capsys.readouterr().err
    assert told.startswith("2 problems in the course:\n")
    assert "cannot build this package's wheel" in told
    assert "expected `result == 5`" in told


def test_a_cache_that_cannot_be_used_is_told_without_a_traceback(folder, monkeypatch, capsys):
    (folder / "file").write_text("")
    monkeypatch.setenv("NUDGE_CACHE", str(folder / "file"))
    assert main(["check", str(folder)]) == 1
    assert capsys.readouterr().err.startswith("expected a cache folder that can be written")


def test_a_check_that_is_interrupted_ends_quietly(folder):
    begun = folder.parent / "begun"
    loop = f"def double(x: float):\n    open({str(begun)!r}, 'w').close()\n    while True: pass\n"
    (folder / "demos" / "sums.py").write_text(loop)
    command = [sys.executable, "-m", "coursewright", "check"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not begun.exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    assert process.communicate(timeout=20) == ("", "")
    assert process.returncode == 130


FOUND = "expected an empty folder, or one that `coursewright render` made, at"


@pytest.mark.parametrize(
    ("out", "found"),
    [
        (".", "the folder you are in"),
        ("..", "the folder you are in"),
        ("course/course.yml", "a file"),
        ("course", "other files there"),
    ],
)
def test_pages_are_not_rendered_over_anything(folder, capsys, out, found):
    before = sorted(folder.parent.rglob("*"))
    assert main(["render", "--out", out]) == 1
    assert capsys.readouterr().err == f"{FOUND} {out}, found {found}; name another one\n"
    assert sorted(folder.parent.rglob("*")) == before


@pytest.fixture
def finish(folder):
    """Writes what a rendered folder says of itself; finishes the site, which has one page."""
    rendered, site = folder.parent / "rendered", folder.parent / "site"
    rendered.mkdir()
    site.mkdir()

    def run(said):
        (rendered / "coursewright.json").write_bytes(said)
        return main(["finish", "site", "--rendered", "rendered"])

    return run


LISTS = b'"pages": [], "scripts": [], "styles": [], "connect": []'
MANIFEST = b'{%s, "policy": "", "frame_hash": "sha256-x", "offline": false, "words": ""}' % LISTS


@pytest.mark.parametrize(
    "said",
    [b"", b"[]", b"{", b"\xff", b'{"pages": []}', MANIFEST.replace(b"{", b'{"new": 1, ')],
)
def test_a_rendered_folder_of_another_version_or_damaged_is_told(finish, capsys, said):
    assert finish(MANIFEST) == 0
    capsys.readouterr()
    assert finish(said) == 1
    assert capsys.readouterr().err == (
        "expected a folder that `coursewright render` wrote at rendered, found a coursewright.json "
        "there that is damaged or of another version; render and build it again\n"
    )


def test_what_the_system_refuses_is_told_in_a_sentence(finish, folder, capsys):
    (folder.parent / "site" / "page.html").mkdir()
    assert finish(MANIFEST) == 1
    assert capsys.readouterr().err == "cannot use site/page.html: Is a directory\n"


def test_check_needs_no_mkdocs(folder):
    program = (
        "import sys; sys.modules['mkdocs'] = None\n"
        "from coursewright.cli import main; sys.exit(main(['check', 'course']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def worker(tmp_path):
    """The process that builds a site of which hardly anything has its usual name."""
    for name in ("words", "engine", "pages", "theme", "more"):
        (tmp_path / name).mkdir()
    (tmp_path / "words" / "course.yml").write_text("packages: [../engine, ../gone]\nlessons: 3\n")
    (tmp_path / "my.yml").write_text(
        "site_name: Mine\ndocs_dir: pages\nwatch: [more]\n"
        "theme: {name: material, font: false, custom_dir: theme}\n"
        "plugins: [{coursewright: {course: words}}]\n"
    )
    worker = Worker(partial(site_builder, tmp_path / "my.yml"))
    yield worker
    worker.stop()


def test_all_that_the_site_is_made_from_is_watched_whatever_its_names(worker, tmp_path):
    config = tmp_path / "my.yml"
    names = ["my.yml", "pages", "more", "theme", "words", "engine"]
    every = [*(tmp_path / name for name in names), BUILD]
    assert watched(config, worker) == every  # of a course that has mistakes
    config.write_text("docs_dir: [pages\n")
    assert watched(config, worker) == every  # while the configuration is wrong
    config.write_text("site_name: Mine\ndocs_dir: pages\n")
    assert watched(config, worker) == [config, tmp_path / "pages", BUILD]


def test_a_silent_installation_says_that_it_still_goes_on(monkeypatch):
    spec = importlib.util.spec_from_file_location("project_tasks", ROOT / "noxfile.py")
    tasks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tasks)
    said, heard = [], threading.Event()
    monkeypatch.setattr(tasks, "say", lambda message: (said.append(message), heard.set()))
    with tasks.patience("installing", every=0.001):
        assert heard.wait(30)
    assert said[0] == "… still installing (0 s)"
