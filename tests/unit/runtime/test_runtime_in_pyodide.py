"""The assembled folder in a real Pyodide: packages load by name, NumPy computes, sources show."""

import pytest
from unit.runtime.support import Interpreter

SITE_PACKAGES = "/lib/python3.14/site-packages"


def test_loading_the_course_pulls_in_what_it_depends_on(pyodide: Interpreter) -> None:
    assert sorted(pyodide("list(loaded)")) == ["course", "numpy", "pyengine"]
    assert pyodide("from demos.calculator import loss; loss(0.25)") == pytest.approx(1.386294361)


def test_nothing_of_the_standard_library_that_a_page_loads_is_compiled_again(
    pyodide: Interpreter,
) -> None:
    assert pyodide("sources") == []
    assert pyodide("import json; json.__file__") == "/lib/python314.zip/json/__init__.pyc"


def test_a_traceback_and_inspect_show_the_standard_librarys_source(pyodide: Interpreter) -> None:
    code = """
import inspect, json, traceback
try:
    json.loads("{")
except ValueError:
    shown = traceback.format_exc()
[shown, inspect.getsource(json.dumps), inspect.getsource(json)]
"""
    shown, function, module = pyodide(code)
    assert 'File "/lib/python314.zip/json/decoder.py", line 345, in decode\n    obj, end =' in shown
    assert function.startswith("def dumps(obj, *, skipkeys=False")
    assert function in module


def test_a_module_that_no_page_loads_is_imported_from_its_source(pyodide: Interpreter) -> None:
    code = "import statistics; [statistics.__file__, statistics.mean([1, 2])]"
    assert pyodide(code) == ["/lib/python314.zip/statistics.py", 1.5]


def test_numpy_is_served_without_sources_or_stubs(pyodide: Interpreter) -> None:
    files = f"pathlib.Path('{SITE_PACKAGES}/numpy').rglob('*.*')"
    assert pyodide(f"import pathlib; sorted({{file.suffix for file in {files}}})") == [
        ".pyc",
        ".so",
    ]
    assert pyodide("import numpy; numpy.__file__") == f"{SITE_PACKAGES}/numpy/__init__.pyc"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("(np.arange(6.0).reshape(2, 3) @ np.ones((3, 2))).tolist()", [[3, 3], [12, 12]]),
        ("np.linalg.solve([[2, 1], [1, 3]], [3, 5]).round(9).tolist()", [0.8, 1.4]),
        ("np.linalg.svd(np.diag([3, 2]), compute_uv=False).round(9).tolist()", [3, 2]),
        ("np.linalg.eigvalsh([[2, 0], [0, 1]]).round(9).tolist()", [1, 2]),
        ("np.linalg.lstsq(np.eye(2), np.ones(2))[0].round(9).tolist()", [1, 1]),
        ("np.random.default_rng(0).integers(0, 100, 4).tolist()", [85, 63, 51, 26]),
        ("np.random.RandomState(0).randint(0, 100, 3).tolist()", [44, 47, 64]),
        ("np.fft.rfft([1, 0, 0, 0]).real.tolist()", [1, 1, 1]),
        ("np.einsum('ij,kj->ik', np.eye(2), np.ones((3, 2))).tolist()", [[1, 1, 1], [1, 1, 1]]),
        ("np.ma.masked_array([1, 2, 3], [0, 1, 0]).sum().item()", 4),
        ("np.polynomial.Polynomial([1, 2])(3).item()", 7),
        ("np.testing.assert_allclose(1, 1 + 1e-9)", None),
        ("np.char.upper('a').item()", "A"),
    ],
)
def test_numpy_computes(pyodide: Interpreter, expression: str, value: object) -> None:
    assert pyodide(f"import numpy as np; {expression}") == value


def test_every_public_name_of_numpy_is_there(pyodide: Interpreter) -> None:
    names = """
import types, warnings, numpy

def names(module, seen):
    seen.add(module)
    for name in sorted({*dir(module), *getattr(module, "__all__", ())}):
        value = getattr(module, name)  # raises for what trimming took away by mistake
        yield name
        if isinstance(value, types.ModuleType) and value not in seen:
            if value.__name__.startswith("numpy.") and value.__name__ != "numpy.f2py":
                yield from names(value, seen)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    count = len(list(names(numpy, set())))
count
"""
    assert pyodide(names) > 5000


def test_f2py_says_why_it_is_not_there(pyodide: Interpreter) -> None:
    code = """
import numpy as np
try:
    np.f2py.compile("")
except AttributeError as error:
    said = str(error)
said
"""
    said = "numpy.f2py.compile: f2py needs a compiler, and a browser has none"
    assert pyodide(code) == said


def test_a_traceback_and_inspect_show_the_engines_source(pyodide: Interpreter) -> None:
    code = """
import inspect, traceback, pyengine
try:
    pyengine.loss(2)
except ValueError:
    shown = traceback.format_exc()
[shown, inspect.getsource(pyengine.loss)]
"""
    shown, source = pyodide(code)
    assert f'File "{SITE_PACKAGES}/pyengine/__init__.py", line 8, in loss' in shown
    assert "# the line a traceback must show" in shown
    assert source.startswith("def loss(p: float) -> float:")


def test_the_engine_is_loaded_from_its_compiled_file(pyodide: Interpreter) -> None:
    """Only a .pyc that is trusted unchecked still holds the old code when the source changed."""
    code = f"""
import sys
from pathlib import Path
place = Path("{SITE_PACKAGES}/pyengine")
source = (place / "__init__.py").read_text()
(place / "__init__.py").write_text("raise SystemExit")
saved = sys.modules.pop("pyengine")
import pyengine
(place / "__init__.py").write_text(source)
sys.modules["pyengine"] = saved
[pyengine.__cached__, pyengine.loss(1.0), [p.name for p in (place / "__pycache__").iterdir()]]
"""
    name = "__init__.cpython-314.pyc"
    assert pyodide(code) == [f"{SITE_PACKAGES}/pyengine/__pycache__/{name}", 0.0, [name]]
