"""Where the time of a training step goes, in a tab and in CPython: kernels, and what is around.

`python` is the share of a step that is left when every kernel does nothing: graph, checks, calls,
and the few operations that are NumPy's. Browsers' clocks tick ten times a millisecond, so a
kernel's share is that of its sum over all steps of some seconds.
"""

import json
from typing import Any

import train_step
from run import row
from train import chromium, in_tab, tab

NAMES = ("28k", "158k", "810k")


def rows() -> list[dict[str, Any]]:
    """Profile three models in both places."""
    found: dict[str, dict[str, Any]] = {}
    with chromium() as browser, tab(browser) as page:
        for name in NAMES:
            in_tab(page, f"train_step.speed('{name}', 'c')")  # compiled well from now on
            code = f"train_step.json.dumps(train_step.profile('{name}'))"
            found[f"{name}/tab"] = json.loads(in_tab(page, code)["value"])
            found[f"{name}/cpython"] = train_step.profile(name)
    show(found)
    out = []
    for name, each in found.items():
        out.append(row(f"step/{name}", [each["step"]], "ms", None, None))
        python = [100 * each["without kernels"] / each["step"]]
        out.append(row(f"step/{name}/python", python, "%", None, None))
    return out


def show(found: dict[str, dict[str, Any]]) -> None:
    """Print each kernel's share of a step, in percent, for every model and place."""
    print(f"{'% of a step':24}" + "".join(f"{name:>14}" for name in found))
    names = dict.fromkeys(kernel for each in found.values() for kernel in each["shares"])
    largest = {name: max(each["shares"].get(name, 0) for each in found.values()) for name in names}
    for name in sorted(names, key=lambda name: -largest[name]):
        shares = (100 * each["shares"].get(name, 0) for each in found.values())
        print(f"{name:24}" + "".join(f"{share:14.1f}" for share in shares))
