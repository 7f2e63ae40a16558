"""The author's server: a good site stays until a whole new one can take its place."""

import functools
import importlib
import json
import re
import socket
import threading
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from watchfiles import Change

from coursewright.language.diagnostics import Diagnostic
from coursewright.live.serve import serve
from coursewright.live.server import Handler, Reloader
from coursewright.live.watched import worth_it
from coursewright.live.workshop import GENERATOR, Result, Worker, Workshop, attempt
from coursewright.publish.site import SiteError

MAKER = """\
import os
from pathlib import Path
from coursewright.publish.site import SiteError

def prepare():
    return build

def build(folder, changed):
    if folder.name == "wrong":
        raise SiteError("lesson.yml:3:1 is wrong")
    if folder.name == "mistake":
        raise KeyError("ours")
    if folder.name == "crash":
        os._exit(3)
    folder.mkdir()
    (folder / "index.html").write_text("WORDS")
"""


class Here:
    """A worker that builds in this process."""

    def __init__(self, build):
        self.build = functools.partial(attempt, build)


@pytest.fixture
def site(tmp_path):
    """A site that was built before."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<body>old</body>")
    return tmp_path / "site"


def page(words):
    """A build of one page."""

    def build(folder, changed):
        folder.mkdir()
        (folder / "index.html").write_text(f"<body>{words}</body>")

    return build


@pytest.fixture
def browser(tmp_path):
    """A browser side whose bundler notes its runs, and fails on sources that say so."""
    folder = tmp_path / "browser"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "main.ts").write_text("good")
    (folder / "esbuild.mjs").write_text(
        'import { appendFileSync, readFileSync } from "node:fs";\n'
        'if (readFileSync("src/main.ts", "utf8") === "bad") {\n'
        '  console.error("main.ts:1:1: unexpected word");\n'
        "  process.exit(1);\n"
        "}\n"
        'appendFileSync("runs", "x");\n'
    )
    return folder


def test_a_port_in_use_is_said_in_words_before_anything_is_built(site, tmp_path, capsys):
    workshop = Workshop(Here(lambda *_: pytest.fail("built")), site, tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert serve(workshop, list, port) == 1
    assert capsys.readouterr().err == (
        f"port {port} is in use; end the other server or take another: "
        f"coursewright serve --port {port + 1}\n"
    )


def test_a_port_that_does_not_exist_is_said_in_words(site, tmp_path, capsys):
    workshop = Workshop(Here(page("new")), site, tmp_path)
    assert serve(workshop, list, 70_000) == 1
    assert re.match(r"cannot listen on port 70000 \(.*\); take another", capsys.readouterr().err)


def test_a_build_that_fails_late_leaves_the_old_site_whole(site, tmp_path, capsys):
    def build(folder, changed):
        page("half")(folder, changed)
        raise SiteError("docs/index.md links to nothing")

    assert Workshop(Here(build), site, tmp_path).rebuild().wrong
    assert (site / "index.html").read_text() == "<body>old</body>"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["site"]
    told = capsys.readouterr().err
    assert told.startswith("docs/index.md links to nothing\nThe site is as it was before.")


def test_a_first_build_that_fails_does_not_speak_of_a_site(tmp_path, capsys):
    def build(*_):
        raise SiteError("no")

    assert Workshop(Here(build), tmp_path / "site", tmp_path).rebuild().wrong == "no"
    assert "No site is there yet." in capsys.readouterr().err


def test_a_good_build_takes_the_place_of_the_old_site(site, tmp_path):
    (site / "gone.html").write_text("no longer there")
    assert Workshop(Here(page("new")), site, tmp_path).rebuild() == Result()
    assert [file.read_text() for file in site.iterdir()] == ["<body>new</body>"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["site"]


def test_a_page_built_alone_takes_only_its_own_place(site, tmp_path):
    (site / "other.html").write_text("as it was")

    def build(folder, changed):
        page("renewed")(folder, changed)
        return ["index.html"]

    assert Workshop(Here(build), site, tmp_path).rebuild() == Result(["index.html"])
    told = {file.name: file.read_text() for file in site.iterdir()}
    assert told == {"index.html": "<body>renewed</body>", "other.html": "as it was"}


def test_what_changed_counts_until_a_build_is_good(site, tmp_path):
    asked = []

    def build(folder, changed):
        asked.append({file.name for file in changed})
        if len(asked) == 1:
            raise SiteError("a.yml is wrong")
        page("new")(folder, changed)

    workshop = Workshop(Here(build), site, tmp_path)
    for saved in ("a.yml", "b.yml", "c.yml"):
        workshop.note([tmp_path / saved])
        workshop.rebuild()
    assert asked == [{"a.yml"}, {"a.yml", "b.yml"}, {"c.yml"}]


@contextmanager
def serving(site, lock, reloader=None):
    """The address of a site as its author gets it."""
    reloader = reloader or Reloader()
    handler = functools.partial(Handler, site=site, lock=lock, reloader=reloader)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def missing(address):
    """What is answered where nothing is."""
    with pytest.raises(HTTPError) as refused:
        urlopen(address, timeout=30)
    with refused.value as answer:
        assert answer.code == 404
        return answer.read()


def answered(address, host):
    """The status of an answer to a request that names a host."""
    try:
        with urlopen(Request(address, headers={"Host": host}), timeout=30) as answer:
            return answer.status
    except HTTPError as error:
        with error:
            return error.code


def test_only_this_machine_by_its_own_name_is_answered(site):
    with serving(site, threading.RLock()) as address:
        port = urlsplit(address).port
        for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
            assert answered(address, host) == 200
        for host in ("example.org", f"example.org:{port}", "localhost", f"127.0.0.1:{port + 1}"):
            assert answered(address, host) == 403
            assert answered(address + "__live/events", host) == 403


def test_folders_are_not_listed(site):
    (site / "assets").mkdir()
    (site / "assets" / "draft.txt").write_text("draft")
    with serving(site, threading.RLock()) as address:
        assert b"draft" not in missing(address + "assets/")


def test_where_nothing_is_the_author_sees_what_a_reader_will(site):
    (site / "404.html").write_text("<body>This page does not exist</body>")
    with serving(site, threading.RLock()) as address:
        told = missing(address + "no/where/")
    assert b"This page does not exist" in told
    assert b"/__live/page.js" in told  # it may be there after the next save


def test_without_a_site_there_is_a_page_that_waits_for_one(tmp_path):
    with serving(tmp_path / "site", threading.RLock()) as address:
        told = missing(address + "lessons/one/")
        assert b"There is no site yet." in told
        assert b'src="/__live/page.js"' in told
        assert b"EventSource" in urlopen(address + "__live/page.js", timeout=30).read()


@pytest.mark.parametrize("name", ["../server.py", "..%2Fserver.py", "nothing.js", "", "%00"])
def test_of_our_own_files_only_those_for_pages_are_served(name, site):
    with serving(site, threading.RLock()) as address:
        assert b"def do_GET" not in missing(address + "__live/" + name)


def told(events):
    """The next event of a page's queue."""
    return json.loads(events.get(timeout=30).removeprefix(b"data: "))


def test_a_page_that_is_opened_is_told_how_things_are():
    reloader = Reloader()
    problem = Diagnostic("one.yml", 4, 10, "minutes", "expected a whole number", "Write one.")
    reloader.tell(Result(wrong="1 problem", problems=[problem]))
    first = told(reloader.subscribe())
    assert first["wrong"] == "1 problem"
    assert Diagnostic(**first["problems"][0]) == problem
    assert first["before"] == first["version"] == reloader.version
    reloader.tell(Result())
    assert told(reloader.subscribe())["wrong"] == ""


def test_a_page_can_tell_that_it_has_missed_a_build():
    reloader = Reloader()
    events = reloader.subscribe()
    shown = told(events)["version"]
    reloader.tell(Result(wrong="no"))
    assert told(events)["before"] == shown  # what is wrong changes no page
    reloader.tell(Result(["lessons/one/"]))
    renewed = told(events)
    assert (renewed["before"], renewed["pages"]) == (shown, ["lessons/one/"])
    assert renewed["version"] != shown
    reloader.tell(Result())
    whole = told(events)
    assert (whole["before"], whole["pages"]) == (renewed["version"], None)


def test_while_a_site_is_built_readers_get_the_old_one(site, tmp_path):
    seen = []

    def build(folder, changed):
        page("new")(folder, changed)
        seen.append(urlopen(address).read())

    workshop = Workshop(Here(build), site, tmp_path)
    with serving(site, workshop.lock) as address:
        assert not workshop.rebuild().wrong
        seen.append(urlopen(address).read())
    assert [re.search(rb"<body>(\w+)", each)[1] for each in seen] == [b"old", b"new"]


@pytest.fixture
def maker(tmp_path, monkeypatch):
    """A stand-in for the generator: a module that a worker's process imports."""
    file = tmp_path / "a_generator.py"
    file.write_text(MAKER)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield file
    monkeypatch.delitem(importlib.sys.modules, "a_generator")


@pytest.fixture
def worker(maker):
    worker = Worker(importlib.import_module("a_generator").prepare)
    yield worker
    worker.stop()


def test_a_change_of_the_generator_is_taken_up_without_restarting_the_server(
    worker, maker, tmp_path
):
    workshop = Workshop(worker, tmp_path / "site", tmp_path / "browser")
    assert not workshop.rebuild().wrong
    maker.write_text(MAKER.replace("WORDS", "OTHER WORDS"))
    workshop.note([tmp_path / "course" / "demos" / "a.py"])
    assert worker.process  # an author's change needs no new process, which would take longer
    workshop.note([GENERATOR / "render.py"])
    assert not workshop.rebuild().wrong
    assert (tmp_path / "site" / "index.html").read_text() == "OTHER WORDS"


def test_what_goes_wrong_in_the_build_process_is_said_and_the_next_build_works(worker, tmp_path):
    assert worker.build(tmp_path / "wrong") == Result(wrong="lesson.yml:3:1 is wrong")
    mistake = worker.build(tmp_path / "mistake").wrong
    assert re.search(r"line \d+, in build\n.*\nKeyError: 'ours'", mistake)
    assert "The build broke off" in worker.build(tmp_path / "crash").wrong
    assert worker.build(tmp_path / "good") == Result()
    assert (tmp_path / "good" / "index.html").exists()


def test_only_a_change_of_the_browser_side_runs_the_bundler(site, browser):
    workshop = Workshop(Here(page("new")), site, browser)
    workshop.note([browser.parent / "course" / "lessons" / "a.yml"])
    assert not workshop.rebuild().wrong
    assert not (browser / "runs").exists()
    workshop.note([browser / "src" / "main.ts"])
    assert not workshop.rebuild().wrong
    assert not workshop.rebuild().wrong
    assert (browser / "runs").read_text() == "x"


def test_a_bundler_that_fails_is_heard_until_it_works(site, browser, capsys):
    workshop = Workshop(Here(page("new")), site, browser)
    (browser / "src" / "main.ts").write_text("bad")
    workshop.note([browser / "src" / "main.ts"])
    for _ in range(2):  # also when only a lesson changed since
        assert workshop.rebuild().wrong
        assert "main.ts:1:1: unexpected word\nThe site is as it was" in capsys.readouterr().err
    assert (site / "index.html").read_text() == "<body>old</body>"
    (browser / "src" / "main.ts").write_text("good")
    assert not workshop.rebuild().wrong


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("lessons/one.yml", True),
        ("demos/__pycache__/one.pyc", False),
        ("browser/dist/meta.json", False),
        ("lessons/.one.yml.swp", False),
        ("site/plan.md", True),
        ("", True),
    ],
)
def test_where_a_project_lies_does_not_matter_to_what_is_watched(path, expected):
    root = Path("/home/dist/.site/course")
    assert worth_it([root], Change.modified, str(root / path)) is expected
