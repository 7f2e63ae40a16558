"""Write PyTorch's answers to `tests/unit/engine/torch.json`, for tests that run without PyTorch.

python tests/parity/freeze.py
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from parity import cases

FILE = Path(__file__).resolve().parents[1] / "unit" / "engine" / "torch.json"
SGD_STEPS = 6
OPTIMIZER_STEPS = 4


def tensor(data: Any) -> torch.Tensor:
    """Make a float64 tensor that wants a gradient."""
    return torch.tensor(np.asarray(data), dtype=torch.float64, requires_grad=True)


def plain(data: Any) -> Any:
    """Return arrays as lists, −inf and inf as text: what JSON can hold, digit for digit."""
    if isinstance(data, torch.Tensor):
        data = data.detach().numpy()
    if isinstance(data, np.ndarray):
        data = data.tolist()
    if isinstance(data, dict):
        return {key: plain(item) for key, item in data.items()}
    if isinstance(data, (list, tuple)):
        return [plain(item) for item in data]
    return str(data) if isinstance(data, float) and abs(data) == cases.INF else data


def along_dimension(name: str) -> list[Any]:
    """Compute softmax or log_softmax, and the gradient sent back."""
    answers = []
    for case in cases.softmax_cases():
        x = tensor(case["x"])
        y = getattr(torch.nn.functional, name)(x, dim=case["dim"])
        y.backward(torch.tensor(case["grad"]))
        answers.append({**case, "y": y, "dx": x.grad})
    return answers


def cross_entropy() -> list[Any]:
    """Compute the mean loss and its gradient."""
    answers = []
    for case in cases.cross_entropy_cases():
        x = tensor(case["x"])
        loss = torch.nn.functional.cross_entropy(x, torch.tensor(case["targets"]))
        loss.backward()
        answers.append({**case, "loss": loss.item(), "dx": x.grad})
    return answers


def torch_optimizer(name: str) -> Any:
    """Return PyTorch's optimizer of our name."""
    return getattr(torch.optim, {"RMSProp": "RMSprop"}.get(name, name))


def optimizer_path(name: str, options: dict[str, Any], steps: int) -> list[Any]:
    """Compute where each of `steps` steps of an optimizer leads."""
    w = tensor(cases.sgd_start())
    optimizer = torch_optimizer(name)([w], lr=0.1, **options)
    places = []
    for step in range(steps):
        w.grad = torch.tensor(cases.sgd_gradient(w.detach().numpy(), step))
        optimizer.step()
        places.append(w.detach().numpy().copy())
    return places


def scalar() -> dict[str, Any]:
    """Compute each expression and the gradients of its inputs."""
    answers = {}
    for name, (expression, at) in cases.SCALAR.items():
        inputs = [tensor(number) for number in at]
        out = expression(*inputs)
        out.backward()
        answers[name] = {"out": out.item(), "grads": [x.grad.item() for x in inputs]}
    return answers


def answers() -> Any:
    """Compute everything that is frozen."""
    sgd = [
        {"options": o, "places": optimizer_path("SGD", o, SGD_STEPS)} for o in cases.sgd_options()
    ]
    others = [
        {"name": name, "options": o, "places": optimizer_path(name, o, OPTIMIZER_STEPS)}
        for name, o in cases.optimizer_cases()
    ]
    everything = {
        "torch": torch.__version__.split("+")[0],
        "softmax": along_dimension("softmax"),
        "log_softmax": along_dimension("log_softmax"),
        "cross_entropy": cross_entropy(),
        "sgd": sgd,
        "optimizers": others,
        "scalar": scalar(),
    }
    return plain(everything)


def main() -> None:
    """Write the file, one answer per line."""
    parts = []
    for key, value in answers().items():
        lines = value if isinstance(value, list) else [value]
        text = ",\n ".join(json.dumps(line) for line in lines)
        parts.append(f'"{key}": [\n {text}]' if isinstance(value, list) else f'"{key}": {text}')
    FILE.write_text("{" + ",\n".join(parts) + "}\n")


if __name__ == "__main__":
    main()
