"""One palette: what the engine draws with is what the pages know, and give a dark scheme."""

import json

from coursewright.assets import browser_folder
from pyengine.show import _display


def test_engine_and_page_mean_the_same_colours():
    colors = json.loads((browser_folder() / "src" / "palette.json").read_text())["colors"]
    engines = {**_display.CONCEPTS, "ink": _display.INK}
    assert engines == {name: colors[name]["light"] for name in engines}
