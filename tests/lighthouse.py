"""What Lighthouse says of a built site: phones, simulated, the median of several runs.

It is installed on its own, exactly this version: 170 MB that nothing else here needs.
"""

import functools
import gzip
import io
import json
import os
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from serving import Handler, Server

from coursewright.node import find_node, npm_command

ROOT = Path(__file__).parents[1]
VERSION = "12.8.2"  # the last that runs on Node 20
FOLDER = ROOT / ".nox" / "lighthouse"
PROGRAM = FOLDER / "node_modules" / "lighthouse"
PAGES = ("", "lessons/how-does-a-brain-learn/")  # home, and the longest lesson
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
METRICS = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "total-blocking-time": "blocked",
    "cumulative-layout-shift": "shift",
}
TEXT = {".css", ".html", ".js", ".json", ".svg", ".xml"}

Report = dict[str, Any]


class Compressing(Handler):
    """Serves as hosts do: text compressed, connections kept."""

    protocol_version = "HTTP/1.1"

    def send_head(self) -> Any:
        """A compressed file, if it is text; else whatever it is."""
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() and self.path.endswith("/") else file
        if file.suffix not in TEXT or not file.is_file():
            return super().send_head()
        content = gzip.compress(file.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder that is served compressed."""
    handler = functools.partial(Compressing, directory=str(folder), prefix="/")
    with Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def install() -> None:
    """Lighthouse in a folder of its own, unless it is there."""
    package = PROGRAM / "package.json"
    if package.is_file() and json.loads(package.read_text())["version"] == VERSION:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    npm = [*npm_command(find_node()), "install", f"lighthouse@{VERSION}", "--prefix", str(FOLDER)]
    subprocess.run([*npm, *quiet], check=True)


def report(address: str, chromium: str) -> Report:
    """One run on one page."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [str(find_node()), str(PROGRAM / "cli" / "index.js"), address, "--quiet"]
        command += ["--no-enable-error-reporting", "--output=json", f"--output-path={out}"]
        command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
        environment = {**os.environ, "CHROME_PATH": chromium}
        subprocess.run(command, env=environment, check=True, capture_output=True)
        read: Report = json.loads(out.read_text(encoding="utf-8"))
    return read


def failed(read: Report) -> Iterator[str]:
    """The audits that cost a run points, and what they say."""
    for name, category in read["categories"].items():
        for part in category["auditRefs"]:
            audit = read["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{name}: {audit['title']} {audit.get('displayValue', '')}".strip()


def median(reports: list[Report], path: str, name: str) -> float:
    """The median of a category's score or of a measure."""
    return statistics.median(
        read[path][name]["score" if path == "categories" else "numericValue"] for read in reports
    )


def audit(site: Path, chromium: str, runs: int) -> int:
    """Print what Lighthouse says; how many scores are below what they should be."""
    install()
    below = 0
    with served(site) as origin:
        for page in PAGES:
            reports = [report(origin + page, chromium) for _ in range(runs)]
            below += told(page or "home", reports)
    return below


def told(page: str, reports: list[Report]) -> int:
    """Print a page's medians and what cost points; how many scores are too low."""
    scores = {name: round(100 * median(reports, "categories", name)) for name in LEAST}
    speed = statistics.median(read["environment"]["benchmarkIndex"] for read in reports)
    print(f"{page}: median of {len(reports)}, on a machine of {speed:.0f} (a laptop: 1500)")
    for name, score in scores.items():
        print(f"  {name:<16} {score:>4}   {LEAST[name]} wanted")
    for name, words in METRICS.items():
        value = median(reports, "audits", name)
        print(f"  {words:<16} {value:>7.2f}" if value < 10 else f"  {words:<16} {value:>4.0f} ms")
    for line in sorted({line for read in reports for line in failed(read)}):
        print(f"    {line}")
    return sum(score < LEAST[name] for name, score in scores.items())
