"""How long Python takes to be ready in Chromium: plain Pyodide with NumPy, ours cold, ours warm.

Plain is what Pyodide's documentation shows: `loadPyodide`, `loadPackage("numpy")`, `import numpy`,
on a page's main thread, unsandboxed and unchecked. Ours runs from the first touch of a control to
the demo's answer: download, hashes, sandbox, boot, NumPy, engine, demos, one call. Cold is a fresh
browser profile; warm is a second visit with the snapshot kept.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from browsers import CHROMIUM_FLAGS, READY, SNAPSHOT_KEPT, ensure
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from run import ROOT, row
from serving import served

from coursewright.cache import cache_folder

RUNS = 5
PATIENCE = 20 * 120  # looks, twenty a second
LESSON = "lessons/how-does-a-brain-learn/"
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
OURS = """() => new Promise((done) => {
  const demo = document.querySelector("#loss-calculator");
  const slider = demo.querySelector("input[type=range]");
  const start = performance.now();
  const look = () => {
    if (demo.querySelector(".cw-status").textContent.includes("answered")) {
      done(performance.now() - start);
      watching.disconnect();
    }
  };
  const watching = new MutationObserver(look);
  watching.observe(demo, { subtree: true, childList: true, characterData: true });
  slider.value = "0.25";
  slider.dispatchEvent(new Event("input", { bubbles: true }));
})"""


def rows() -> list[dict[str, Any]]:
    """Measure all three, in turn, several times."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        site, plain = Path(scratch) / "site", Path(scratch) / "plain"
        build_site(site)
        write_plain(plain)
        options: dict[str, Any] = {"executable_path": ensure("chromium", playwright).program}
        browser = playwright.chromium.launch(args=CHROMIUM_FLAGS, **options)
        print(f"Chromium {browser.version}, {RUNS} runs each, medians; lower is better")
        figures: dict[str, list[float]] = {"plain": [], "cold": [], "warm": []}
        with served(site) as ours, served(plain) as theirs:
            for _ in range(RUNS):
                figures["plain"].append(plain_time(browser, theirs))
                cold, warm = our_times(browser, ours + LESSON)
                figures["cold"].append(cold)
                figures["warm"].append(warm)
        browser.close()
    return [
        row("boot/plain", figures["plain"], "ms", None, None),
        row("boot/cold", figures["cold"], "ms", figures["plain"], 1.15),
        row("boot/warm", figures["warm"], "ms", figures["plain"], 0.35),
    ]


def build_site(folder: Path) -> None:
    """The project's site."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)


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


def our_times(browser: Browser, address: str) -> tuple[float, float]:
    """Milliseconds until a demo's first answer: in a fresh profile, then on the next visit."""
    context = browser.new_context()
    cold = answer_time(context, address, snapshot="none")
    warm = answer_time(context, address, snapshot="used")
    context.close()
    return cold, warm


def answer_time(context: BrowserContext, address: str, *, snapshot: str) -> float:
    """Milliseconds from touching a control to the answer; leaves once a snapshot is kept."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    milliseconds = page.evaluate(OURS)
    booted = page.evaluate(READY)
    assert booted["snapshot"] == snapshot, f"expected a snapshot {snapshot}: {booted}"
    wait_for(page, SNAPSHOT_KEPT)
    page.close()
    return float(milliseconds)


def wait_for(page: Page, expression: str) -> Any:
    """The expression's value, once it has one."""
    for _ in range(PATIENCE):
        if value := page.evaluate(expression):
            return value
        page.wait_for_timeout(50)
    raise TimeoutError(f"{page.url} never had {expression}")
