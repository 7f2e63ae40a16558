"""What no build has used for a month is forgotten; everything else stays."""

import os
import time

import pytest

from coursewright.cache import DAY, MONTH, Cache, kept_folder, sweep_caches


@pytest.fixture
def cache(tmp_path):
    cache = Cache(tmp_path)
    for key in ("aa1", "bb2"):
        cache.put(key, key)
        age(cache.file(key), MONTH + DAY)
    return cache


def age(file, seconds):
    then = time.time() - seconds
    os.utime(file, (then, then))


def make(folder):
    folder.mkdir()
    (folder / "file").write_text("kept")


def test_a_result_that_was_not_used_for_a_month_is_forgotten(cache):
    cache.sweep()
    assert (cache.get("aa1"), cache.get("bb2")) == (None, None)


def test_a_result_that_was_used_stays(cache):
    assert cache.get("aa1") == "aa1"
    cache.sweep()
    assert (cache.get("aa1"), cache.get("bb2")) == ("aa1", None)


def test_a_folder_that_was_not_used_for_a_month_is_forgotten(cache):
    old, used = (kept_folder(cache.folder / "dd", key, make) for key in ("dd1", "dd2"))
    for folder in (old, used):
        age(folder, MONTH + DAY)
    assert kept_folder(cache.folder / "dd", "dd2", make) == used
    cache.sweep()
    assert (old.exists(), used.exists()) == (False, True)


def test_it_is_looked_for_once_a_day(cache):
    cache.sweep()
    cache.put("cc3", "cc3")
    age(cache.file("cc3"), MONTH + DAY)
    cache.sweep()
    assert cache.file("cc3").exists()
    age(cache.folder / ".swept", DAY + 1)
    cache.sweep()
    assert not cache.file("cc3").exists()


def test_a_file_that_was_not_used_for_a_month_is_forgotten_as_well(cache):
    used, unused = (cache.put_file(f"frames/{name}.json", b"[]") for name in ("used", "unused"))
    for name in (used, unused):
        age(cache.folder / name, MONTH + DAY)
    assert cache.has_file(used)
    cache.sweep()
    assert (cache.has_file(used), cache.has_file(unused)) == (True, False)


def test_wheels_and_runtimes_are_forgotten_too_but_no_download(tmp_path, monkeypatch):
    monkeypatch.setenv("NUDGE_CACHE", str(tmp_path))
    names = ("wheels", "unpacked", "made", "runtimes", "fetched")
    old, used = ([tmp_path / name / use / "file" for name in names] for use in ("old", "used"))
    for file in (*old, *used):
        file.parent.mkdir(parents=True)
        file.write_text("kept")
    for file in old:
        age(file.parent, MONTH + DAY)
    sweep_caches()
    assert [file.exists() for file in old] == [False] * 4 + [True]
    assert all(file.exists() for file in used)
