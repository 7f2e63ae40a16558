"""What stands between a demo and its displays, at build and in the page alike."""

import json
import sys

import numpy as np
import pytest

from coursewright.runner import MOST_PRINTED, MOST_SHOWN, plain, run


@pytest.fixture
def demo(folder, monkeypatch):
    """Write a demo module and call its function `f` with JSON arguments."""
    for name in [name for name in sys.modules if name.split(".")[0] == "demos"]:
        monkeypatch.delitem(sys.modules, name)  # the project's own course has such a package too
    monkeypatch.syspath_prepend(str(folder))

    def ask(source: str, arguments: str = "{}") -> dict:
        (folder / "demos" / "asked.py").write_text(source)
        return json.loads(run("asked:f", arguments))

    return ask


def test_nan_infinities_and_numpy_become_plain_json():
    given = {"a": [1.0, float("nan")], "b": (float("inf"),), "c": np.float32(0.5)}
    assert plain(given) == {"a": [1.0, None], "b": [None], "c": 0.5}
    assert plain(np.array([[1, 2], [3, 4]])) == [[1, 2], [3, 4]]


def test_an_exception_is_described_without_our_own_frames(demo):
    error = demo("def f():\n    return [][1]\n")["error"]
    assert error["type"] == "IndexError"
    assert error["message"] == "list index out of range"
    assert "asked.py" in error["traceback"]
    assert "runner.py" not in error["traceback"]


@pytest.mark.parametrize(
    ("annotation", "sent", "shown"),
    [("float", "1", "1.0"), ("int", "2.0", "2"), ("int", "2.5", "2.5"), ("'float'", "3", "3.0"),
     ("object", "1", "1"), ("float", "true", "True")],
)  # fmt: skip
def test_a_number_arrives_as_its_annotation_says(demo, annotation, sent, shown):
    # JavaScript writes 1.0 as 1: without this a demo would meet another type than at build.
    answer = demo(f"def f(p: {annotation}):\n    return p\n", f'{{"p": {sent}}}')
    assert answer == {"displays": [{"text/plain": shown}]}


def test_printed_and_returned_text_is_cut_where_no_one_reads_on(demo):
    source = f"def f():\n    print('a' * {MOST_PRINTED + 9})\n    return 'b' * {MOST_PRINTED}\n"
    printed, returned = (d["text/plain"] for d in demo(source)["displays"])
    assert printed.endswith("\n… 10 characters more")
    assert returned.endswith("\n… 2 characters more")


def test_displays_too_large_for_a_page_are_an_error(demo):
    source = f"""class Large:
    def _repr_mimebundle_(self): return {{"text/plain": "x" * {MOST_SHOWN}}}
def f(): return Large()
"""
    assert demo(source)["error"]["message"].startswith("expected displays of up to 2,000,000 char")


def test_an_object_without_displays_shows_no_memory_address(demo):
    answer = demo("class Thing: pass\ndef f(): return Thing()\n")
    assert answer == {"displays": [{"text/plain": "<demos.asked.Thing object>"}]}


def test_half_a_character_is_shown_as_one_that_is_missing(demo):
    source = """class Half:
    def _repr_html_(self): return "<b>\\ud800</b>"
    def __repr__(self): return "\\udfff"
def f(): return Half()
"""
    assert demo(source)["displays"] == [{"text/html": "<b>\ufffd</b>", "text/plain": "\ufffd"}]


def test_what_is_not_json_is_an_error_in_words(demo):
    source = """class Wrong:
    def _repr_mimebundle_(self): return {"text/plain": object()}
def f(): return Wrong()
"""
    assert "not JSON serializable" in demo(source)["error"]["message"]


@pytest.mark.parametrize(
    ("methods", "shown"),
    [
        ("def _repr_html_(self): return '<b>1</b>'", {"text/html": "<b>1</b>"}),
        ("def _repr_html_(self): return '<b>1</b>', {'isolated': True}", {"text/html": "<b>1</b>"}),
        ("def _repr_html_(self): return f'<b>{object()}</b>'",
         {"text/html": "<b><object object></b>"}),
        ("def _repr_html_(self): return None", {}),
        ("_repr_html_ = None", {}),
        ("def _repr_svg_(self): return '<svg/>'", {"image/svg+xml": "<svg/>"}),
        ("def _repr_png_(self): return b'\\x89PNG'", {"image/png": "iVBORw=="}),
        ("def _repr_mimebundle_(self): return {'image/png': b'\\x89PNG', 'text/plain': 'A thing'}",
         {"image/png": "iVBORw=="}),
    ],
)  # fmt: skip
def test_what_jupyter_would_show_of_a_value_is_its_display(demo, methods, shown):
    source = f"class A:\n    def __repr__(self): return 'A thing'\n    {methods}\n\n"
    answer = demo(f"{source}def f():\n    return A()\n")
    assert answer == {"displays": [{**shown, "text/plain": "A thing"}]}


@pytest.mark.parametrize("asks", ["input('name? ')", "sys.stdin.readline()", "sys.stdin.read()"])
def test_asking_a_reader_to_type_says_why_it_cannot_work(demo, asks):
    error = demo(f"import sys\ndef f(): return {asks}\n")["error"]
    assert error["type"] == "EOFError"
    expected = "a page cannot ask while Python runs: write what you would type as a value"
    assert error["message"] == expected


def test_a_class_is_not_asked_what_only_its_objects_can_show(demo):
    source = "class A:\n    def _repr_html_(self): return 'x'\n\ndef f():\n    return A\n"
    assert demo(source) == {"displays": [{"text/plain": "<class 'demos.asked.A'>"}]}
