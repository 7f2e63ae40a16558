"""How fast a page is in Chromium: until Python answers, while it trains, when it is stopped.

Until Python answers, against plain Pyodide with NumPy. Plain is what Pyodide's documentation
shows: `loadPyodide`, `loadPackage("numpy")`, `import numpy`, on a page's main thread, unsandboxed
and unchecked. Ours runs from a click on Run to the cell's answer: download, hashes, sandbox, boot,
NumPy, engine, demos, one call. Cold is a fresh browser profile; warm is a second visit with the
snapshot kept. Each row's other side is measured in turn with it.
"""

import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browsers import CHROMIUM_FLAGS, READY, SNAPSHOT_KEPT, ensure
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from run import ROOT, row
from serving import served

from coursewright.cache import cache_folder

PAIRS = 10
MOVES = 100  # of a slider
FRAMES = 300  # of the screen, while a run is shown
PATIENCE = 20 * 120  # looks, twenty a second
CELLS = "lessons/cells/"
SLIDER = ("lessons/how-does-a-brain-learn/", "#rise")
TRAINING = ("lessons/how-does-a-brain-learn/", "#validation-healthy")
PLAIN = """<!doctype html><meta charset="utf-8"><script type="module">
const start = performance.now();
const { loadPyodide } = await import("./pyodide.mjs");
const lock = await (await fetch("./pyodide-lock.json")).text();
const here = new URL("./", location.href).href;
const python = await loadPyodide({ indexURL: here, packageBaseUrl: here, lockFileContents: lock });
await python.loadPackage("numpy", { messageCallback() {} });
python.runPython("import numpy");
window.milliseconds = performance.now() - start;
</script>"""
# From a click on a button of a part of the page until some text is in another: milliseconds.
UNTIL = """([part, button, shown, words]) => new Promise((done, fail) => {
  const root = document.querySelector(part);
  const named = (each) => each.textContent === button;
  const pressed = [...root.querySelectorAll("button")].find(named);
  const look = () => {
    if (!root.querySelector(shown)?.textContent.includes(words)) return;
    watching.disconnect();
    done(performance.now() - start);
  };
  const watching = new MutationObserver(look);
  watching.observe(root, { subtree: true, childList: true, characterData: true });
  setTimeout(() => fail(new Error(`${part} never said ${words}: ${root.innerText}`)), 60_000);
  const start = performance.now();
  pressed.click();
})"""
# From the event of each move of a slider until what follows it is painted, in milliseconds.
WATCH_MOVES = """(part) => {
  const outputs = document.querySelector(part).querySelector(".cw-outputs");
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(null);
  }));
  window.moves = [];
  let before = outputs.innerHTML;
  addEventListener("input", async () => {
    const start = performance.now();
    let took = 0;
    do took = (await painted()) - start;
    while (outputs.ariaBusy === "true" || outputs.innerHTML === before);
    before = outputs.innerHTML;
    window.moves.push(took);
  }, { capture: true });
}"""
# The time from each frame of the screen to the next.
GAPS = """(frames) => new Promise((done) => {
  const found = [];
  let last = null;
  const tick = (now) => {
    if (last !== null) found.push(now - last);
    last = now;
    if (found.length < frames) requestAnimationFrame(tick);
    else done(found);
  };
  requestAnimationFrame(tick);
})"""

Figures = dict[str, list[float]]


def rows() -> list[dict[str, Any]]:
    """Measure everything, each beside its other side."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        site, cells, plain = (Path(scratch) / name for name in ("site", "cells", "plain"))
        build_site(ROOT, site)
        build_site(ROOT / "tests" / "bench" / "page", cells)
        write_plain(plain)
        options: dict[str, Any] = {"executable_path": ensure("chromium", playwright).program}
        browser = playwright.chromium.launch(args=CHROMIUM_FLAGS, **options)
        print(f"Chromium {browser.version}, {PAIRS} runs each, medians; lower is better")
        figures: Figures = defaultdict(list)
        with served(site) as ours, served(cells) as notebook, served(plain) as theirs:
            for _ in range(PAIRS):
                figures["plain"].append(plain_time(browser, theirs))
                visits(browser, notebook + CELLS, figures)
            moves(browser, ours, figures)
            frames(browser, ours, figures)
        browser.close()
    peer = figures["plain"]
    return [
        row("boot/plain-pyodide", peer, "ms", None, None),
        row("boot/cold", figures["cold"], "ms", peer, 1.15, "plain-pyodide"),
        row("boot/warm", figures["warm"], "ms", peer, 0.35, "plain-pyodide"),
        row("boot/warm-no-numpy", figures["warm-no-numpy"], "ms", peer, 0.2, "plain-pyodide"),
        row("boot/stop", figures["stop"], "ms", None, 100),
        row("boot/ready-after-stop", figures["again"], "ms", figures["warm"], None, "boot/warm"),
        row("boot/frame-slider", [p95(figures["slider"])], "ms", None, 20),
        row("boot/stream-frames", [p95(figures["training"])], "ms", None, 20),
        row("boot/still-frames", [p95(figures["still"])], "ms", None, None),
    ]


def p95(times: list[float]) -> float:
    """The time that 95 % of them keep below."""
    return sorted(times)[int(0.95 * len(times))]


def build_site(project: Path, folder: Path) -> None:
    """The site of a project."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    subprocess.run(command, cwd=project, check=True)


def write_plain(folder: Path) -> None:
    """A page with the same Pyodide and NumPy, as they were published."""
    runtime = ROOT / "build" / "runtime"
    sys.path.insert(0, str(runtime))
    from fetch import fetch
    from lockfile import lock_json, upstream_entry
    from pins import read_pins
    from store import Store

    pins = read_pins(runtime / "runtime.lock.json")
    files = fetch(pins, Store(cache_folder()))
    wheels = [upstream_entry(pins, wheel.name, files[wheel.name]) for wheel in pins.wheels]
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "pyodide-lock.json").write_bytes(lock_json(pins.info, wheels))
    (folder / "index.html").write_text(PLAIN)


def plain_time(browser: Browser, address: str) -> float:
    """Milliseconds until plain Pyodide has imported NumPy, in a fresh profile."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    milliseconds = wait_for(page, "window.milliseconds")
    context.close()
    return float(milliseconds)


def visits(browser: Browser, address: str, figures: Figures) -> None:
    """A reader's first visit, and the next ones: one with NumPy, one without, one with a Stop."""
    context = browser.new_context()
    with visit(context, address, "none") as page:
        figures["cold"].append(answer_time(page, "#numpy"))
    with visit(context, address, "used") as page:
        figures["warm"].append(answer_time(page, "#numpy"))
    with visit(context, address, "used") as page:
        figures["warm-no-numpy"].append(answer_time(page, "#plain"))
        stopped, again = stop_times(page)
        figures["stop"].append(stopped)
        figures["again"].append(again)
    context.close()


@contextmanager
def visit(context: BrowserContext, address: str, snapshot: str) -> Iterator[Page]:
    """A page that is looked at until a snapshot is kept; its Python came up as expected."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    yield page
    booted = wait_for(page, READY)
    assert booted["snapshot"] == snapshot, f"expected a snapshot {snapshot}: {booted}"
    wait_for(page, SNAPSHOT_KEPT)
    page.close()


def answer_time(page: Page, cell: str) -> float:
    """Milliseconds from a click on Run until a cell says how long its answer took."""
    return float(page.evaluate(UNTIL, [cell, "Run", ".cw-status", "answered"]))


def stop_times(page: Page) -> tuple[float, float]:
    """Milliseconds from a click on Stop until a loop is over, then until a cell has run again."""
    loop = page.locator("#loop")  # below the others: cells above are run first
    loop.locator(".highlight").click()
    loop.get_by_role("textbox", name="Python code").fill("while True: pass")
    loop.get_by_role("button", name="Run", exact=True).click()
    loop.get_by_role("button", name="Stop").wait_for()
    page.evaluate(f"window.stopped = ({UNTIL})(['#loop', 'Stop', '[role=alert]', 'Stopped'])")
    stopped = float(page.evaluate("window.stopped"))
    return stopped, answer_time(page, "#numpy")


def moves(browser: Browser, origin: str, figures: Figures) -> None:
    """Drag a slider whose every stop was computed at build; no byte of Python is asked for."""
    address, demo = SLIDER
    page = browser.new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(origin + address)
    page.locator(f"{demo} .cw-controls:enabled").wait_for()
    slider = page.locator(f"{demo} input[type=range]")
    slider.press("ArrowRight")
    page.wait_for_load_state("networkidle")
    page.evaluate(WATCH_MOVES, demo)
    stops = int(slider.evaluate("(it) => (it.max - it.min) / (Number(it.step) || 1)"))
    box = slider.bounding_box()
    assert box
    thumb = box["height"]
    place = lambda stop: box["x"] + thumb / 2 + stop / stops * (box["width"] - thumb)  # noqa: E731
    page.mouse.move(place(int(slider.input_value())), box["y"] + box["height"] / 2)
    page.mouse.down()
    for move in range(MOVES):
        page.mouse.move(place((move * 7 + 3) % (stops + 1)), box["y"] + box["height"] / 2)
        wait_for(page, f"window.moves.length > {move}")
    page.mouse.up()
    figures["slider"] += page.evaluate("window.moves")
    assert [url for url in asked if "/assets/runtime/" in url] == []
    page.context.close()


def frames(browser: Browser, origin: str, figures: Figures) -> None:
    """Watch the screen's frames with nothing going on, then while a run trains and is drawn."""
    address, demo = TRAINING
    page = browser.new_context().new_page()
    page.goto(origin + address)
    training = page.locator(demo)
    training.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    figures["still"] += page.evaluate(GAPS, FRAMES)
    training.get_by_role("button", name="Play").click()
    wait_for(page, f"document.querySelector('{demo} .cw-stream-count').textContent")
    figures["training"] += page.evaluate(GAPS, FRAMES)
    page.context.close()


def wait_for(page: Page, expression: str) -> Any:
    """The expression's value, once it has one."""
    for _ in range(PATIENCE):
        if value := page.evaluate(expression):
            return value
        page.wait_for_timeout(50)
    raise TimeoutError(f"{page.url} never had {expression}")
