"""Code that means harm, run by a reader: it harms nothing outside of its frame."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect
from serving import served
from watching import watch

LESSON = "lessons/hostile/"
BOOT = 60_000
PLANT = """() => new Promise((done, failed) => {
  localStorage.setItem("secret", "planted");
  sessionStorage.setItem("secret", "planted");
  document.cookie = "secret=planted";
  caches.open("planted").then(() => {
    const opening = indexedDB.open("coursewright-secret");
    opening.onsuccess = () => { opening.result.close(); done(); };
    opening.onerror = failed;
  }, failed);
})"""
KEPT = """async () => [localStorage.getItem("secret"), sessionStorage.getItem("secret"),
  document.cookie, await caches.has("planted"),
  (await indexedDB.databases()).some(({ name }) => name === "coursewright-secret")]"""
DRAWN = """() => new Promise((done) => {
  let frames = 0;
  const tick = () => ++frames < 10 ? requestAnimationFrame(tick) : done(frames);
  requestAnimationFrame(tick);
})"""


@pytest.fixture
def spy():
    """Another server: its address, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()
        thread.join()


@pytest.fixture
def besieged(chromium, hostile_site):
    """A reader of the hostile course, whose refused requests are no complaint."""
    with served(hostile_site) as origin:
        context = chromium.new_context()
        yield watch(context, origin)
        context.close()


def attack(page, what, comes):
    """Have Python attack something, and return what its page shows once that has come."""
    page.locator("#attack input[type=text]").fill(what)
    demo = page.locator("#attack .cw-outputs")
    expect(demo).to_contain_text(comes, timeout=BOOT)
    return demo.inner_text()


def still_works(page):
    """The page draws and is as it was; Python answers the next call."""
    assert page.evaluate(DRAWN) == 10
    assert page.title() == "Hostile - Hostile"
    slider = page.locator("#fragile input[type=range]")
    slider.fill("1" if slider.input_value() != "1" else "2")
    outputs = page.locator("#fragile .cw-outputs")
    expect(outputs).to_contain_text(f"took {slider.input_value()}", timeout=BOOT)
    assert page.locator("iframe:not([sandbox])").count() == 0


def outcomes(text):
    return dict(re.findall(r"(\w+): (refused|GOT [^;'\n]*)", text))


def test_it_reads_nothing_of_what_the_page_keeps(hostile):
    page = hostile.open(LESSON)
    page.evaluate(PLANT)
    assert all(page.evaluate(KEPT))
    said = attack(page, "storage", "files:")
    assert "planted" not in said
    assert len(outcomes(said)) == 7
    assert set(outcomes(said).values()) == {"refused"}
    assert set(outcomes(attack(page, "page", "function:")).values()) == {"refused"}
    assert all(page.evaluate(KEPT))
    still_works(page)


def test_it_asks_no_server_for_anything(besieged, spy):
    address, asked = spy
    urlopen(address + "?open").close()
    assert asked == ["/?open"]  # who asks is heard
    page = besieged.open(LESSON)
    said = attack(page, f"network {address}", "worker:")
    got = {name: outcome for name, outcome in outcomes(said).items() if outcome != "refused"}
    # These give an object at once and are refused when they connect.
    assert set(got) == {"fetch", "socket", "events"}
    assert "fetch: refused" in attack(page, "what came", "came: fetch")
    site = attack(page, f"network {besieged.origin}index.html", "worker:")
    assert outcomes(site)["request"] == "refused"  # nor the page's own
    assert outcomes(site)["script"] == "refused"
    still_works(page)
    assert asked == ["/?open"]


def test_what_it_calls_out_is_heard_by_nobody(hostile):
    page = hostile.open(LESSON)
    page.evaluate("""() => {
      window.heard = [];
      new BroadcastChannel("coursewright").onmessage = ({ data }) => window.heard.push(data);
    }""")
    said = outcomes(attack(page, "frames", "worker:"))
    assert said["origin"] == "GOT null"
    still_works(page)
    other = page.context.new_page()
    other.goto(hostile.origin + LESSON)
    other.evaluate("""() => new BroadcastChannel("coursewright").postMessage("from the site")""")
    page.wait_for_function("window.heard.length > 0")  # what the site says is heard
    assert page.evaluate("window.heard") == ["from the site"]


def test_an_answer_it_forges_is_shown_as_any_other_harmless_thing(hostile):
    page = hostile.open(LESSON)
    attack(page, "answer", "forged")
    outputs = page.locator("#attack .cw-outputs")
    assert outputs.locator("script, img, iframe:not([sandbox='']), [onclick], [href]").count() == 0
    still_works(page)


def test_messages_that_are_not_of_the_protocol_end_its_python_and_nothing_else(hostile):
    page = hostile.open(LESSON)
    page.evaluate(PLANT)
    attack(page, "nothing else", "did nothing else")
    page.locator("#attack input[type=text]").fill("forge")
    alert = page.locator("#attack [role=alert]")
    expect(alert).to_contain_text("an unreadable message came back", timeout=BOOT)
    assert alert.locator("img, b").count() == 0
    attack(page, "nothing more", "did nothing more")
    still_works(page)
    assert all(page.evaluate(KEPT))


def test_a_flood_of_words_or_messages_leaves_the_page_at_hand(hostile):
    page = hostile.open(LESSON)
    said = attack(page, "flood", "characters more")
    assert len(said) < 25_000
    still_works(page)
    attack(page, "post", "posted all")
    still_works(page)


def test_when_it_takes_all_memory_the_page_lives_and_python_answers_again(hostile):
    page = hostile.open(LESSON)
    page.locator("#attack input[type=text]").fill("memory")
    alert = page.locator("#attack [role=alert]")
    expect(alert).to_contain_text(re.compile("MemoryError|memory|crashed|stopped"), timeout=BOOT)
    still_works(page)
