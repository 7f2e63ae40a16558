"""What the docstrings and the README show is what happens; what they promise is there."""

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import pyengine

ROOT = Path(__file__).resolve().parents[3]
MODULES = ["pyengine"] + [
    module.name for module in pkgutil.walk_packages(pyengine.__path__, "pyengine.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_come_out_as_printed(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.failed == 0


def test_the_examples_of_the_readme_come_out_as_printed() -> None:
    outcome = doctest.testfile(str(ROOT / "pyengine" / "README.md"), module_relative=False)
    assert outcome.attempted > 5
    assert outcome.failed == 0


def test_everything_public_has_a_worked_example() -> None:
    public = [getattr(pyengine, name) for name in pyengine.__all__]
    for module in (pyengine.schedule, pyengine.show):
        public += [thing for name, thing in vars(module).items() if not name.startswith("_")]
    mine = [t for t in public if getattr(t, "__module__", "").startswith("pyengine.")]
    shown = [t for t in mine if inspect.isfunction(t) or inspect.isclass(t)]
    helpers = {"EngineTypeError", "EngineValueError", "ShapeError", "Result", "Step"}
    lacking = {t.__name__ for t in shown if ">>>" not in (inspect.getdoc(t) or "")}
    assert len(shown) > 15
    assert lacking <= helpers


def test_every_public_name_is_there_and_listed() -> None:
    assert set(pyengine.__all__) <= set(dir(pyengine))
    assert all(hasattr(pyengine, name) for name in pyengine.__all__)
    with pytest.raises(AttributeError, match="module 'pyengine' has no attribute 'softmin'"):
        pyengine.softmin  # noqa: B018


def test_numpy_is_loaded_only_when_an_array_operation_is_used() -> None:
    code = (
        "import sys, pyengine; from pyengine import SGD, Value, schedule, show\n"
        "assert 'numpy' not in sys.modules\n"
        "assert pyengine.softmax([0, 0])[0] == 0.5\n"
        "assert 'numpy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_engine_imports_only_numpy_and_the_standard_library() -> None:
    allowed = {*sys.stdlib_module_names, "numpy", "pyengine"}
    for file in (ROOT / "pyengine" / "src").rglob("*.py"):
        for line in file.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] in (["import"], ["from"]) and "import" in words:
                assert words[1].split(".")[0].rstrip(",") in allowed, f"{file.name}: {line}"
