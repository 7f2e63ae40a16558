"""Write PyTorch's training run to `tests/unit/engine/torch_gpt.json`, for tests without PyTorch.

python tests/parity/freeze_gpt.py
"""

import json
import sys
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from parity import gpt_cases, torch_gpt

FILE = Path(__file__).resolve().parents[1] / "unit" / "engine" / "torch_gpt.json"


def answers(runs: dict[str, Any]) -> Any:
    """What is frozen of a run in each precision."""
    return {
        "torch": torch.__version__.split("+")[0],
        "losses": {dtype: losses for dtype, (losses, _) in runs.items()},
        "parameters": gpt_cases.samples(runs["float64"][1]),
    }


def main() -> None:
    """Write the file."""
    runs = {dtype: torch_gpt.train(dtype) for dtype in ("float64", "float32")}
    FILE.write_text(json.dumps(answers(runs), indent=0) + "\n")


if __name__ == "__main__":
    main()
