"""Without a network: what was saved or visited is there, new builds come whole, all can end."""

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect
from serving import served
from watching import assert_own, until, watch

NEAR, FAR, DATA = "lessons/near/", "lessons/far/", "your-data/"
BOOT = 60_000
NEWS = "There is a newer version of this course."
NEW = re.compile(r"\b10\d\d\b")  # what the second edition's demo answers, wherever it stands
SAVED = "The whole course is saved in this browser"
# Resolves once the worker is at work, and has kept what the page has loaded so far.
AT_WORK = "navigator.serviceWorker.ready.then(({ active }) => active.state)"
KEPT = """async (path) => {
  for (const name of await caches.keys()) {
    const shelf = await caches.open(name);
    const plan = (await shelf.keys()).find(({ url }) => url.includes("/-/plan/"));
    if (!plan) continue;
    const [, sha] = (await (await shelf.match(plan)).json()).files[path];
    return (await shelf.keys()).some(({ url }) => url.includes(sha));
  }
  return false;
}"""
NONE_SAVED = """caches.keys().then(async (names) => {
  const name = names.find((each) => each.startsWith("coursewright-offline "));
  return !(await (await caches.open(name)).keys()).some(({ url }) => url.includes("/-/saved/"));
})"""
# What a page at the server's root has loaded, by path.
ASKED = """performance.getEntriesByType("resource")
  .map(({ name }) => new URL(name).pathname.slice(1))"""
DENIED = """Object.defineProperty(window, "caches", { value: {
  open() { return Promise.reject(new DOMException("denied", "SecurityError")); } } })"""
# The moment at which the page has nothing else to do comes when `quiet()` is called.
QUIET_LATER = "window.requestIdleCallback = (act) => { window.quiet = act; }"
FULL = """Cache.prototype.put = function () {
  return Promise.reject(new DOMException("full", "QuotaExceededError")); }"""


@pytest.fixture(scope="module")
def editions(tmp_path_factory, build):
    """The course as it was published first, again with changes, and no longer to be kept."""
    project = tmp_path_factory.mktemp("offline") / "project"
    shutil.copytree(Path(__file__).parent / "offline", project)

    def publish(name: str) -> Path:
        built = build(project, "--site-dir", str(project.parent / name))
        assert built.returncode == 0, built.stderr
        return project.parent / name

    def edit(path: str, old: str, new: str) -> None:
        file = project / "course" / path
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))

    first = publish("first")
    for lesson in ("near", "far"):
        edit(f"lessons/{lesson}.yml", "edition one", "edition two")
        edit(f"lessons/{lesson}.yml", "start: 3", "start: 4")
    edit("demos/twice.py", "return 2 * x", "return 2 * x + 1000")
    second = publish("second")
    edit("course.yml", "title: Offline", "title: Offline\noffline: false")
    return {"first": first, "second": second, "off": publish("off")}


@pytest.fixture
def host(tmp_path, editions):
    """A folder that is served; calling it publishes an edition there."""
    folder = tmp_path / "public"

    def publish(name: str) -> Path:
        folder.unlink(missing_ok=True)
        folder.symlink_to(editions[name])
        return folder

    return publish


@pytest.fixture
def profile(chromium):
    """A new reader's browser, whose pages are watched."""
    context = chromium.new_context(viewport={"width": 1100, "height": 900})
    tabs = []

    def tab(origin, path):
        tabs.append(watch(context, origin))
        return tabs[-1].open(path)

    tab.context = context
    yield tab
    context.close()
    for watched in tabs:
        assert [each for each in watched.complaints if "Content Security" in each] == []
        assert_own(watched.requests, watched.origin)


def save(tab, origin):
    """Save the whole course."""
    page = tab(origin, DATA)
    page.get_by_role("button", name="Save for offline").click()
    expect(page.get_by_text(SAVED)).to_be_visible(timeout=BOOT)
    return page


def run(page, lesson, shows):
    """Move the demo's slider, which takes Python."""
    demo = page.locator(f"#{lesson}-twice")
    demo.get_by_role("slider").press("ArrowRight")
    expect(demo.locator(".cw-outputs")).to_contain_text(shows, timeout=BOOT)


@pytest.mark.parametrize("prefix", ["/", "/some/sub/path/"], ids=["root", "sub-path"])
def test_a_saved_course_is_read_and_run_after_the_server_is_gone(profile, host, prefix):
    with served(host("first"), prefix) as origin:
        save(profile, origin)
    page = profile(origin, FAR)  # never visited
    expect(page.get_by_text("This is edition one of the far lesson.")).to_be_visible()
    run(page, "far", "8")
    page.goto(origin)
    expect(page.get_by_text("A course that is read on a train.")).to_be_visible()
    page.goto(origin + "lessons/near")  # without its slash
    expect(page).to_have_url(origin + NEAR)
    expect(page.get_by_text("edition one of the near lesson")).to_be_visible()
    page.goto(origin + DATA)
    page.get_by_role("button", name="Remove the saved copy").click()
    expect(page.get_by_text("The saved copy was removed.")).to_be_visible()
    page.goto(origin + FAR)
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()


def test_one_visit_is_enough_to_read_and_run_it_without_a_network(profile, host, editions):
    with served(host("first")) as origin:
        page = profile(origin, NEAR)
        assert page.evaluate(AT_WORK) in ("activating", "activated")
        run(page, "near", "8")
        files = json.loads((editions["first"] / "offline.json").read_text())["files"]
        asked = {entry for entry in page.evaluate(ASKED) if entry in files}
        assert {"assets/runtime/manifest.json", "search/search_index.json"} & asked
        for path in sorted({"lessons/near/index.html", *asked}):
            until(page, f"({KEPT})({json.dumps(path)})")
    page.reload()
    expect(page.get_by_text("edition one of the near lesson")).to_be_visible()
    run(page, "near", "8")
    page.goto(origin + FAR)
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()


def test_a_new_build_is_fetched_beside_offered_and_never_mixed(profile, host):
    with served(host("first")) as origin:
        save(profile, origin)
        page, other = profile(origin, NEAR), profile(origin, FAR)
        run(other, "far", "8")
        host("second")
        page.goto(origin + FAR)  # has the browser look for a new worker
        expect(page.get_by_text("edition one of the far lesson")).to_be_visible()
        expect(page.get_by_text(NEWS)).to_be_visible(timeout=BOOT)
        page.goto(origin + NEAR)  # nothing changes unasked
        expect(page.get_by_text("edition one of the near lesson")).to_be_visible()
        expect(page.get_by_text(NEWS)).to_be_visible()
        run(page, "near", "8")  # the old page has the old Python
        page.get_by_role("button", name="Reload").click()
        expect(page.get_by_text("edition two of the near lesson")).to_be_visible()
        expect(page.get_by_text(NEWS)).to_have_count(0)
        run(page, "near", NEW)
        # A page that stays open keeps its build, though the new worker is at work.
        expect(other.get_by_text(NEWS)).to_be_visible()
        expect(other.get_by_text("edition one of the far lesson")).to_be_visible()
        manifest = "fetch('../../assets/runtime/manifest.json').then((each) => each.json())"
        builds = [each.evaluate(manifest)["build"] for each in (page, other)]
        assert builds[0] != builds[1]
        pages = [each.evaluate("fetch('').then((each) => each.text())") for each in (page, other)]
        assert ["edition two" in pages[0], "edition one" in pages[1]] == [True, True]
    page.goto(origin + FAR)
    expect(page.get_by_text("edition two of the far lesson")).to_be_visible()
    run(page, "far", NEW)


def test_a_worker_that_ended_before_the_page_looked_is_told_of(profile, host):
    with served(host("first")) as origin:
        save(profile, origin)
        profile.context.add_init_script(QUIET_LATER)
        host("off")
        page = profile(origin, NEAR)
        expect(page.get_by_text("edition one of the near lesson")).to_be_visible()
        until(page, "navigator.serviceWorker.getRegistrations().then((all) => all.length === 0)")
        until(page, "window.quiet !== undefined")
        page.evaluate("quiet()")
        expect(page.get_by_text(NEWS)).to_be_visible(timeout=BOOT)
        page.get_by_role("button", name="Reload").click()
        expect(page.get_by_text("edition two of the near lesson")).to_be_visible()
        assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []


def test_without_saving_an_update_is_there_at_the_next_page(profile, host):
    with served(host("first")) as origin:
        page = profile(origin, NEAR)
        page.evaluate(AT_WORK)
        page.goto(origin + FAR)
        other = profile(origin, FAR)
        host("second")
        page.goto(origin + NEAR)
        page.reload()  # past what the browser itself keeps for a while
        expect(page.get_by_text("edition two of the near lesson")).to_be_visible()
        expect(other.get_by_text(NEWS)).to_be_visible(timeout=BOOT)
        expect(page.get_by_text(NEWS)).to_have_count(0)
        run(page, "near", NEW)
        other.get_by_role("button", name="Reload").click()
        expect(other.get_by_text("edition two of the far lesson")).to_be_visible()


def test_without_room_for_a_new_build_beside_the_saved_one_it_comes_from_the_network(profile, host):
    with served(host("first")) as origin:
        page = save(profile, origin)
        limit = {"origin": origin.rstrip("/"), "quotaSize": 1_000}
        session = profile.context.new_cdp_session(page)
        session.send("Storage.overrideQuotaForOrigin", limit)
        reading = profile(origin, NEAR)
        expect(reading.get_by_text("edition one of the near lesson")).to_be_visible()
        host("second")
        reading.goto(origin + FAR)
        reading.reload()  # past what the browser itself keeps for a while
        expect(reading.get_by_text("edition two of the far lesson")).to_be_visible()
        run(reading, "far", NEW)
        until(page, NONE_SAVED)
        page.reload()
        expect(page.get_by_role("button", name="Save for offline")).to_be_visible()


def test_a_course_that_is_no_longer_kept_ends_its_worker_and_deletes_what_it_kept(profile, host):
    with served(host("first")) as origin:
        save(profile, origin)
        page = profile(origin, NEAR)
        host("off")
        page.goto(origin + FAR)
        expect(page.get_by_text(NEWS)).to_be_visible(timeout=BOOT)
        page.get_by_role("button", name="Reload").click()
        expect(page.get_by_text("edition two of the far lesson")).to_be_visible()
        until(
            page,
            "caches.keys().then((all) => !all.some((each) => each.startsWith('coursewright-off')))",
        )
        assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
        run(page, "far", NEW)
        page.goto(origin + DATA)
        expect(page.get_by_role("heading", name="Your data")).to_be_visible()
        expect(page.get_by_role("button", name="Save for offline")).to_have_count(0)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (DENIED, "This browser keeps no files for this site"),
        (FULL, "There is not enough room: the course takes"),
    ],
    ids=["denied", "full"],
)
def test_where_nothing_can_be_kept_the_page_says_so_and_python_runs(profile, host, harm, words):
    profile.context.add_init_script(harm)
    with served(host("first")) as origin:
        page = profile(origin, DATA)
        if harm == FULL:
            page.get_by_role("button", name="Save for offline").click()
        expect(page.get_by_text(words)).to_be_visible(timeout=BOOT)
        run(profile(origin, NEAR), "near", "8")


def test_where_the_browser_gives_too_little_room_nothing_is_begun(profile, host):
    with served(host("first")) as origin:
        page = profile(origin, DATA)
        page.get_by_role("button", name="Save for offline").wait_for()
        limit = {"origin": origin.rstrip("/"), "quotaSize": 3_000_000}
        profile.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", limit)
        page.get_by_role("button", name="Save for offline").click()
        expect(page.get_by_text("There is not enough room")).to_be_visible()
        run(profile(origin, NEAR), "near", "8")


def test_a_file_the_server_changes_on_its_way_is_told_by_its_name(
    profile, host, editions, tmp_path
):
    changed = tmp_path / "changed"
    shutil.copytree(editions["first"], changed)
    page_file = changed / "lessons" / "near" / "index.html"
    page_file.write_text(page_file.read_text() + "<!-- a host's -->")
    with served(changed) as origin:
        page = profile(origin, DATA)
        page.get_by_role("button", name="Save for offline").click()
        expect(page.get_by_text("the server sends lessons/near/index.html changed")).to_be_visible(
            timeout=BOOT
        )
        page = profile(origin, NEAR)  # goes past the worker, and works
        run(page, "near", "8")


def is_script(response):
    return response.request.resource_type == "script" and not response.request.service_worker


def test_the_first_view_is_light_and_asks_for_the_worker_last(chromium, editions):
    context = chromium.new_context()
    with served(editions["first"]) as origin:
        page = context.new_page()
        scripts = []
        page.on("response", lambda each: scripts.append(each) if is_script(each) else None)
        page.goto(origin + NEAR)
        page.evaluate(AT_WORK)
        loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        chunk = page.evaluate(
            "performance.getEntriesByType('resource').find(({ name }) => "
            "name.includes('/register-')).startTime"
        )
        assert chunk >= loaded > 0
        assert sum(len(gzip.compress(each.body())) for each in scripts) < 150_000
    context.close()


def test_the_list_names_every_file_that_pages_ask_for(chromium, editions):
    files = json.loads((editions["first"] / "offline.json").read_text())["files"]
    context = chromium.new_context()
    with served(editions["first"]) as origin:
        watched = watch(context, origin)
        page = watched.open(NEAR)
        run(page, "near", "8")
        for path in (FAR, DATA, "", "check/"):
            watched.open(path)
    context.close()
    asked = {url.removeprefix(origin) for url in watched.requests if url.startswith(origin)}
    asked = {f"{path}index.html" if path.endswith("/") or not path else path for path in asked}
    assert asked - files.keys() == {"offline.json", "sw.js"} & asked
