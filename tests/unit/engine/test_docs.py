"""What docstrings and pages show is what happens; what they promise is there, and explained."""

import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import pyengine

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "docs" / "engine"
MODULES = ["pyengine"] + [
    module.name for module in pkgutil.walk_packages(pyengine.__path__, "pyengine.")
]
NEEDS_THE_PAGES = pytest.mark.skipif(
    sys.platform == "emscripten", reason="the site's pages are not in the browser's file system"
)

# What stands without a worked example, and why.
WITHOUT = {
    "says what a thing must have, and holds nothing": {"Op", "Parameter", "Tokenizer"},
    "is what a function returns, in whose example it is seen": {
        *("BatchNoise", "Description", "Diagnosis", "Finding", "GradientNoise"),
        *("Report", "Result", "Step"),
    },
    "is an EngineError, whose example shows all of them": {
        *("EngineTypeError", "EngineValueError", "GradientError", "ShapeError"),
    },
    "is half of Tensor, whose example shows both": {"Linked", "Node"},
    "is a step of the function before it, not called from outside": {
        *("check_vocab_size", "gradients", "optional", "quiet"),
        *("read_json", "slope_along", "slope_measured", "write_json"),
    },
}


def own(module: ModuleType) -> list[str]:
    """The public classes and functions of a module: those it lists, or those defined in it."""
    from_here = {
        name
        for name, thing in vars(module).items()
        if getattr(thing, "__module__", "") == module.__name__ and not name.startswith("_")
    }
    names = getattr(module, "__all__", from_here)
    things = ((name, getattr(module, name)) for name in names)
    return [name for name, thing in things if inspect.isclass(thing) or inspect.isfunction(thing)]


def public() -> dict[str, Any]:
    """Every public class and function by its full name; that of a package where it lists it."""
    modules = [importlib.import_module(name) for name in MODULES[1:] if "._" not in name]
    packages = tuple(f"{module.__name__}." for module in modules if hasattr(module, "__path__"))
    return {
        f"{module.__name__}.{name}": getattr(module, name)
        for module in modules
        if not module.__name__.startswith(packages)
        for name in own(module)
    }


class Fenced(doctest.DocTestParser):
    """Finds the examples of a Markdown page, where a fence ends what was printed."""

    def parse(self, string: str, name: str = "<string>") -> list[Any]:
        return super().parse(re.sub(r"^```.*$", "", string, flags=re.MULTILINE), name)


def outcome_of(page: Path) -> doctest.TestResults:
    return doctest.testfile(
        str(page),
        module_relative=False,
        parser=Fenced(),
        encoding="utf-8",
        optionflags=doctest.NORMALIZE_WHITESPACE,  # long messages are wrapped, as terminals do
    )


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_come_out_as_printed(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.failed == 0


def test_the_examples_of_the_readme_come_out_as_printed() -> None:
    outcome = outcome_of(ROOT / "pyengine" / "README.md")
    assert outcome.attempted > 5
    assert outcome.failed == 0


@NEEDS_THE_PAGES
@pytest.mark.parametrize("page", ["tour.md", "gpu.md"])
def test_the_examples_of_the_pages_come_out_as_printed(page, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)  # they write files
    outcome = outcome_of(PAGES / page)
    assert outcome.attempted > 10
    assert outcome.failed == 0


def test_everything_public_is_explained_by_a_worked_example() -> None:
    lacking = {
        name.rpartition(".")[2]
        for name, thing in public().items()
        if ">>>" not in (inspect.getdoc(thing) or "")
    }
    assert lacking == set().union(*WITHOUT.values())


@pytest.mark.parametrize("name", [name for name in MODULES if "._" not in name])
def test_every_module_begins_with_what_it_is_about(name: str) -> None:
    first, *rest = (importlib.import_module(name).__doc__ or "").splitlines()
    assert first.endswith((".", "?", ":"))
    assert not rest or rest[0] == ""


def test_the_arguments_a_docstring_explains_are_those_there_are() -> None:
    explained = 0
    for name, thing in public().items():
        section = re.search(
            r"^Args:\n((?:    .*\n|\n)+)", (inspect.getdoc(thing) or "") + "\n", re.M
        )
        if section:
            said = re.findall(r"^    (\w+(?:, \w+)*): ", section[1], re.M)
            arguments = {each for names in said for each in names.split(", ")}
            assert arguments, name
            assert arguments <= set(inspect.signature(thing).parameters), name
            explained += len(arguments)
    assert explained > 100


@NEEDS_THE_PAGES
def test_everything_public_is_in_the_reference() -> None:
    block = re.compile(r"^::: ([\w.]+)(?:\n +options:\n +members: \[(.*)\])?", re.M)
    shown = set()
    for page in (PAGES / "reference").glob("*.md"):
        for name, members in block.findall(page.read_text(encoding="utf-8")):
            names = members.split(", ") if members else own(importlib.import_module(name))
            shown |= {getattr(importlib.import_module(name), each) for each in names}
    assert [name for name, thing in public().items() if thing not in shown] == []


def test_every_public_name_is_there_and_listed() -> None:
    assert set(pyengine.__all__) <= set(dir(pyengine))
    assert all(hasattr(pyengine, name) for name in pyengine.__all__)
    with pytest.raises(AttributeError, match="module 'pyengine' has no attribute 'softmin'"):
        pyengine.softmin  # noqa: B018


@pytest.mark.skipif(sys.platform == "emscripten", reason="a page has one interpreter")
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
    engine = ROOT / "pyengine" / "src" / "pyengine"
    for file in engine.rglob("*.py"):
        if file.parent == engine / "export" / "run":  # programs that it writes, not its own
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] in (["import"], ["from"]) and "import" in words:
                assert words[1].split(".")[0].rstrip(",") in allowed, f"{file.name}: {line}"
