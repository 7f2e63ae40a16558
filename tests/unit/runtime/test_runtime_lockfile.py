"""The lock entries: what depends on what, in an order that can be loaded, or a clear error."""

import json
from hashlib import sha256

import pytest
from unit.runtime.support import make_wheel

from failure import RuntimeFailure
from lockfile import Entry, in_load_order, lock_json, own_entry
from packages import check_distinct

AVAILABLE = {"numpy", "pyengine", "course"}


def entry(name: str, *depends: str) -> Entry:
    return {"name": name, "depends": list(depends)}


def test_an_entry_has_all_that_pyodide_reads() -> None:
    wheel = make_wheel(
        "course", {"demos/__init__.py": "", "coursewright/runner.py": ""}, ["PyEngine"]
    )
    assert own_entry(wheel, b"bytes", AVAILABLE) == {
        "name": "course",
        "version": "1.0",
        "file_name": "course-1.0-py3-none-any.whl",
        "install_dir": "site",
        "sha256": sha256(b"bytes").hexdigest(),
        "package_type": "package",
        "imports": ["coursewright", "demos"],
        "depends": ["pyengine"],
        "unvendored_tests": False,
    }


def test_requirements_behind_a_marker_count_only_if_they_are_served() -> None:
    needs = [
        "numpy; python_version > '3'",
        "tzdata; sys_platform == 'win32'",
        "course; extra == 'x'",
    ]
    assert own_entry(make_wheel("pyengine", {}, needs), b"", AVAILABLE)["depends"] == ["numpy"]


def test_a_requirement_that_nothing_serves_is_an_error() -> None:
    wheel = make_wheel("pyengine", {}, ["numpy", "scipy>=1"])
    with pytest.raises(RuntimeFailure) as caught:
        own_entry(wheel, b"", AVAILABLE)
    assert str(caught.value) == (
        "pyengine-1.0-py3-none-any.whl requires scipy, which the site does not serve "
        "(it serves course, numpy, pyengine): pass its wheel with --wheel, "
        "or make the requirement an extra"
    )


def test_packages_stand_after_those_they_depend_on() -> None:
    entries = [entry("course", "pyengine"), entry("pyengine", "numpy"), entry("numpy"), entry("a")]
    assert [one["name"] for one in in_load_order(entries)] == ["numpy", "pyengine", "course", "a"]


def test_packages_that_require_each_other_are_an_error() -> None:
    with pytest.raises(RuntimeFailure) as caught:
        in_load_order([entry("b", "a"), entry("a", "b"), entry("numpy")])
    assert str(caught.value) == "these wheels require each other in a circle: a, b"


def test_a_package_given_twice_is_an_error() -> None:
    with pytest.raises(RuntimeFailure) as caught:
        check_distinct(["numpy", "course", "numpy"])
    assert str(caught.value) == "more than one wheel of numpy: pass each package once"


def test_the_lock_file_is_the_same_whatever_the_order_of_packages() -> None:
    one = lock_json({"python": "3.14.0"}, [entry("numpy"), entry("course")])
    assert one == lock_json({"python": "3.14.0"}, [entry("course"), entry("numpy")])
    assert list(json.loads(one)["packages"]) == ["course", "numpy"]
