"""What of this folder goes into coursewright's wheel beside its Python (a build hook of hatch).

The wheel works without the repository: pages get the bundled browser side, formulas KaTeX, and the
runtime its assembler. `coursewright/assets.py` looks for them in `coursewright/_build`.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INSIDE = "coursewright/_build"
BUNDLE = "browser/dist"
CONTENTS = [
    BUNDLE,
    "browser/src/palette.json",
    "browser/src/vocabulary.json",
    "browser/katex.mjs",
    "browser/package-lock.json",  # which KaTeX
    "browser/node_modules/katex/package.json",
    "browser/node_modules/katex/LICENSE",
    "browser/node_modules/katex/dist/katex.mjs",
    "runtime",
]


class WheelContents(BuildHookInterface[Any]):
    """Adds the folders; an editable installation finds them where they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name what goes where; what is generated has to be there."""
        if version == "editable":
            return
        build = Path(self.root) / "build"
        missing = [name for name in CONTENTS if not (build / name).exists()]
        if missing:
            raise FileNotFoundError(
                f"expected {build / missing[0]}, found none; "
                "run `python3 noxfile.py -s build` first, which bundles the browser side"
            )
        build_data["force_include"] |= {str(build / name): f"{INSIDE}/{name}" for name in CONTENTS}
