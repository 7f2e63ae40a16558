"""A lesson that another builder published: its demos answer, under the same policy."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect
from serving import served

BOOT = 60_000
CODE = Path(__file__).parent / "code"
# Of the window of its search; the browser names it where it is refused.
SEARCH = "sha256-NwSx/R2V/U4jnW0Tq5pQ53Y/rzPVJ4dqE7D6UTA/J1k="


@pytest.fixture(scope="module")
def zensical_origin(tmp_path_factory):
    """A course rendered, built by Zensical and finished, as an author would."""
    folder = tmp_path_factory.mktemp("zensical")

    def run(module: str, *arguments: str) -> None:
        done = subprocess.run([sys.executable, "-m", module, *arguments], cwd=folder)
        assert done.returncode == 0

    run("coursewright", "render", str(CODE / "course"), "--out", "out")
    said = json.loads((folder / "out" / "coursewright.json").read_text())
    shutil.copy(CODE / "docs" / "index.md", folder / "out")
    (folder / "zensical.toml").write_text(
        f"""\
[project]
site_name = "Code"
docs_dir = "out"
extra_css = {json.dumps(said["styles"])}
extra_javascript = [{{path = "{said["scripts"][0]}", type = "module"}}]
theme = {{font = false}}
"""
    )
    run("zensical", "build", "--strict")
    run("coursewright", "finish", "site", "--rendered", "out", "--style", SEARCH)
    with served(folder / "site") as origin:
        yield origin


def test_a_demo_answers_on_a_page_that_zensical_built(on_a_phone, zensical_origin):
    page = on_a_phone(zensical_origin, "lessons/code/")
    demo = page.locator("cw-demo:not([data-streams])").first
    before = demo.locator(".cw-outputs").inner_text()
    demo.locator("input[type=range]").first.press("ArrowRight")
    expect(demo.locator(".cw-status")).to_contain_text("answered", timeout=BOOT)
    expect(demo.locator(".cw-outputs")).not_to_have_text(before)
