"""One palette: what the engine draws with is what the pages know, and give a dark scheme."""

import json
import re

import pytest

from coursewright.assets import browser_folder
from pyengine.show import _display, _tokens

COLORS = json.loads((browser_folder() / "src" / "palette.json").read_text())["colors"]
CSS = (browser_folder() / "styles" / "token-boxes.css").read_text()


def test_engine_and_page_mean_the_same_colours():
    engines = {
        **_display.CONCEPTS,
        "ink": _display.INK,
        "card": _display.CARD,
        "line": _display.LINE,
    }
    assert engines == {name: COLORS[name]["light"] for name in engines}


def shades() -> dict[int, int]:
    """Strength of a token's box → share of the concept's colour, in percent."""
    found = re.findall(r"\.token-(\d) \{\s*--cw-shade: (\d+)%;", CSS)
    return {int(strength): int(percent) for strength, percent in found}


def test_every_strength_of_a_token_has_a_shade_of_its_own():
    assert list(shades()) == list(range(1, _tokens._SHADES + 1))
    assert sorted(set(shades().values())) == list(shades().values())


def luminance(rgb: list[float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def rgb(name: str, scheme: str) -> list[float]:
    color = COLORS[name][scheme]
    return [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("concept", _display.CONCEPTS)
def test_ink_can_be_read_on_the_strongest_shade(concept, scheme):
    share = max(shades().values()) / 100
    shaded = [
        a * share + b * (1 - share)
        for a, b in zip(rgb(concept, scheme), rgb("card", scheme), strict=True)
    ]
    light, dark = sorted((luminance(shaded), luminance(rgb("ink", scheme))), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
