"""The kitchen runs jobs side by side, replaces what breaks and runs nothing without a cause."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from coursewright.assets import GENERATOR
from coursewright.baking import worker
from coursewright.baking.bake import bake
from coursewright.baking.keys import DECIDING, Keys
from coursewright.baking.kitchen import Kitchen
from coursewright.cache import Cache
from coursewright.language.course import load_course
from coursewright.publish.lessons import render_lessons


@pytest.fixture
def write(folder):
    """Write files of the course; returns the course as it is then."""

    def written(**files):
        for name, text in files.items():
            (folder / "demos" / f"{name}.py").write_text(text)
        return load_course(folder)

    return written


@pytest.fixture
def kept(tmp_path):
    """A cache that several kitchens of a test share."""
    return Cache(tmp_path / "bake")


def job(target, **arguments):
    return {"kind": "demo", "target": target, "expect": "", "arguments": arguments}


def shown(outcomes):
    """What demos show, or the type of error they end with."""
    return [
        each["error"]["type"] if "error" in each else each["displays"][0]["text/plain"]
        for each in outcomes
    ]


# Each waits for a file of the other's: one after the other, neither would end.
MEET = """\
import time
from pathlib import Path

def meet(me: str, other: str):
    here = Path(__file__).parent.parent
    (here / me).touch()
    while not (here / other).exists():
        time.sleep(0.01)
    return me
"""


def test_jobs_run_side_by_side_and_come_back_in_order(write, kept):
    course = write(meeting=MEET)
    jobs = [job("meeting:meet", me=me, other=other) for me, other in ("ab", "ba")]
    with Kitchen(course, kept, workers=2) as kitchen:
        assert shown(kitchen.outcomes(jobs)) == ["'a'", "'b'"]


BREAKS = """\
import os

def fine(x: int): return x
def never():
    while True: pass
def crash(): os._exit(3)
def greedy(): return len(bytearray(1 << 40))
"""


@pytest.mark.parametrize("workers", [1, 3])
def test_what_crashes_or_never_ends_harms_no_other(write, kept, workers):
    course = write(breaks=BREAKS)
    names = ("crash", "never", "crash", "greedy")
    jobs = [each for i, name in enumerate(names) for each in (fine(i), job(f"breaks:{name}"))]
    with Kitchen(course, kept, seconds=2.0, workers=workers) as kitchen:
        told = shown(kitchen.outcomes([*jobs, fine(4)]))
    assert told == ["0", "Crash", "1", "TimeoutError", "2", "Crash", "3", "MemoryError", "4"]


def fine(x):
    return job("breaks:fine", x=x)


def test_a_job_asked_for_twice_runs_once_even_if_it_fails(write, kept):
    course = write(breaks=BREAKS)
    with Kitchen(course, kept) as kitchen:
        kitchen.outcomes([fine(1), job("breaks:crash"), fine(1), job("breaks:crash")])
        kitchen.outcome(job("breaks:crash"))
        assert kitchen.ran == 2


def test_outcomes_that_can_be_read_again_are_not_held_in_memory(write, kept):
    with Kitchen(write(breaks=BREAKS), kept) as kitchen:
        kitchen.outcomes([fine(1), job("breaks:crash"), fine(2)])
        (held,) = kitchen.begun.values()
        assert shown([held.result()]) == ["Crash"]


def test_where_all_is_kept_no_process_is_started(course, kept):
    for expected in (1, 0):
        with Kitchen(course, kept) as kitchen:
            bake(course.lessons[0], course, kitchen)
            assert any(cook.process for cook in kitchen.cooks) == expected


def test_one_job_after_another_needs_one_process(write, kept):
    with Kitchen(write(breaks=BREAKS), kept, workers=3) as kitchen:
        for x in range(3):
            kitchen.outcome(fine(x))
        assert sum(cook.process is not None for cook in kitchen.cooks) == 1


def test_what_failed_runs_again_in_the_next_build(write, kept):
    course = write(breaks=BREAKS)
    for _ in range(2):
        with Kitchen(course, kept) as kitchen:
            kitchen.outcome(job("breaks:crash"))
            assert kitchen.ran == 1


def test_leaving_the_kitchen_ends_what_still_runs(write, kept):
    with Kitchen(write(breaks=BREAKS, meeting=MEET), kept, workers=1) as kitchen:
        # The second waits in line; that the first has begun is known from the file it makes.
        running = kitchen.begin(job("meeting:meet", me="in", other="never"))
        waiting = kitchen.begin(fine(1))
        while not Path("course", "in").exists():
            threading.Event().wait(0.01)
    assert shown([running.result()]) == ["Crash"]
    assert waiting.cancelled()
    assert not any(cook.process for cook in kitchen.cooks)


STATE = """\
import os, random, sys
import numpy as np

count = 0

def state(x: int):
    global count
    count += 1
    return count, random.random(), np.random.rand()

def settings(): return [sys.flags.hash_randomization, *map(os.environ.get, NAMES)]

NAMES = ["PYTHONHASHSEED", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]
"""


def test_what_ran_before_in_a_process_changes_no_outcome(write, kept):
    course = write(state=STATE)
    with Kitchen(course, kept, workers=1) as kitchen:
        first, second = shown(kitchen.outcomes(job("state:state", x=x) for x in (1, 2)))
    assert first == second
    assert first.startswith("(1, 0.84442")  # random.seed(0)


def test_neither_hashes_nor_the_number_of_cores_change_an_outcome(write, kept, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    with Kitchen(write(state=STATE), kept) as kitchen:
        assert shown([kitchen.outcome(job("state:settings"))]) == ["[0, '0', '1', '1', '1']"]


CHANCE = """\
import random

def double(x: float):
    print(random.random(), {"a", "b", "c"})
    return 2 * x
"""


def test_two_builds_give_the_same_bytes(tmp_path, write, monkeypatch):
    built = []
    for name in ("one", "other"):
        monkeypatch.setenv("NUDGE_CACHE", str(tmp_path / name))
        built.append(render_lessons(write(sums=CHANCE), 0))
    assert built[0] == built[1]


def test_an_error_is_told_with_the_authors_lines_only(folder, write, kept):
    course = write(
        sums="from .halves import half\n\ndef double(x: float):\n    return 4 * half(x)\n",
        halves="def half(x):\n    return x / 0\n",
    )
    with Kitchen(course, kept) as kitchen:
        bake(course.lessons[0], course, kitchen)
    (told,) = course.lessons[0].source.problems
    lines = str(told).splitlines()
    assert lines[0] == (
        "course/lessons/one.yml:17:16  sections[0].blocks[2].demo.run: "
        "ZeroDivisionError: float division by zero"
    )
    files = [line.split('"')[1] for line in lines if 'File "' in line]
    demos = folder / "demos"
    assert files == [str(demos / "sums.py"), str(demos / "halves.py")]


COURSE = {
    "top": "from .middle import m\n\ndef f(): return m()\n",
    "middle": "def m():\n    import demos.bottom as b\n    return b.b\n\ndef f(): return m()\n",
    "bottom": "b = 1\n\ndef f(): return b\n",
    "alone": "import json, math\n\ndef f(): return math.pi\n",
    "any": "from importlib import import_module\n\ndef f(): return import_module('demos.alone')\n",
}


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("demos/bottom.py", {"top", "middle", "bottom", "any"}),
        ("demos/middle.py", {"top", "middle", "any"}),
        ("demos/top.py", {"top", "any"}),
        ("demos/alone.py", {"alone", "any"}),
        ("demos/any.py", {"any"}),
        ("demos/new.py", {"any"}),
        ("demos/__init__.py", {*COURSE}),
        ("demos/data.json", {*COURSE}),
        ("demos/__pycache__/any.pyc", set()),
        ("lessons/one.yml", set()),
        ("course.yml", set()),
    ],
)
def test_a_change_runs_again_only_what_rests_on_it(folder, write, kept, changed, again):
    course = write(**COURSE)
    with Kitchen(course, kept) as kitchen:
        kitchen.outcomes(job(f"{name}:f") for name in COURSE)
        assert kitchen.ran == len(COURSE)
    file = folder / changed
    file.parent.mkdir(exist_ok=True)
    with file.open("a") as out:
        out.write("\n# changed\n")
    ran = set()
    with Kitchen(course, kept) as kitchen:
        for name in COURSE:
            before = kitchen.ran
            kitchen.outcome(job(f"{name}:f"))
            ran |= {name} if kitchen.ran > before else set()
    assert ran == again


def test_a_changed_package_runs_everything_again(folder, kept):
    package = folder.parent / "abacus"
    (package / "src").mkdir(parents=True)
    (package / "pyproject.toml").write_text("")
    (package / "src" / "abacus.py").write_text("def log(x): return 0.25\n")
    file = folder / "course.yml"
    file.write_text(file.read_text().replace("[math]", "[abacus]") + "packages: [../abacus]\n")
    given = []
    for number in ("0.25", "0.75"):
        (package / "src" / "abacus.py").write_text(f"def log(x): return -{number}\n")
        course = load_course(folder)
        with Kitchen(course, kept) as kitchen:
            given += bake(course.lessons[0], course, kitchen).claims.values()
            assert kitchen.ran == 2
    assert given == ["0.25", "0.75"]  # of the sources, though it is installed nowhere


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import json, numpy as np", set()),
        ("# the demos are elsewhere", set()),
        ("import demos.a as a, demos.b.c", {"demos.a", "demos.b.c"}),
        ("from demos import a", {"demos", "demos.a"}),
        ("from demos.b.c import x", {"demos.b.c", "demos.b.c.x"}),
        ("from . import a", {"demos.b", "demos.b.a"}),
        ("from .c import x", {"demos.b.c", "demos.b.c.x"}),
        ("from.c import x", {"demos.b.c", "demos.b.c.x"}),
        ("from ..a import x", {"demos.a", "demos.a.x"}),
        ("from \\\n  ..a import x", {"demos.a", "demos.a.x"}),
        ("def f():\n    from demos.a import x", {"demos.a", "demos.a.x"}),
        ("import demos", None),
        ("from demos.a import *", None),
        ("from . import *", None),
        ("import importlib.util", None),
        ("from importlib import reload", None),
        ("__import__('de' + 'mos.a')", None),
        ("exec(text)", None),
        ("import demos.a\nthis is no Python", None),
    ],
)
def test_what_code_imports_is_read_from_its_source(write, code, found):
    keys = Keys(write(a="", b=""))
    assert keys.imports(code, "demos.b") == ({*keys.files} if found is None else found)


def test_a_cell_rests_on_the_demos_it_imports(folder, write, kept):
    course = write(a="x = 1\n", b="x = 1\n")
    cells = [{"kind": "cells", "cells": [["one", f"from demos.{name} import x"]]} for name in "ab"]
    before = [Keys(course).of(each) for each in cells]
    (folder / "demos" / "a.py").write_text("x = 2\n")
    after = [Keys(course).of(each) for each in cells]
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_a_module_that_was_missing_counts_once_it_is_there(write, kept):
    maybe = "try:\n    from .fast import x\nexcept ImportError:\n    x = 1\n\ndef f(): return x\n"
    answers = []
    for modules in ({"maybe": maybe}, {"fast": "x = 2\n"}):
        with Kitchen(write(**modules), kept) as kitchen:
            answers += shown([kitchen.outcome(job("maybe:f"))])
    assert answers == ["1", "2"]


def test_a_demo_changed_within_a_second_to_one_as_long_is_seen(folder, write, kept, monkeypatch):
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    answers = []
    for number in range(3):
        with Kitchen(write(now=f"def f(): return {number}\n"), kept) as kitchen:
            answers += shown([kitchen.outcome(job("now:f"))])
    assert answers == ["0", "1", "2"]
    assert not (folder / "demos" / "__pycache__").exists()


def test_the_modules_that_decide_an_outcome_are_all_in_its_key():
    # All that the worker has loaded of this package, but for packages with nothing in them.
    code = """if True:
        import sys, coursewright.baking.worker
        print(*(m.__file__ for n, m in sys.modules.items() if n.startswith("coursewright")))
    """
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    files = [Path(file) for file in loaded.split() if not file.endswith("__init__.py")]
    assert {file.relative_to(GENERATOR).as_posix() for file in files} == {*DECIDING}


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw.replace(b"4.0", b"5.0"),
        lambda raw: raw.partition(b"\n")[2],
        lambda raw: b"\xff" + raw,
        lambda raw: b"\n[]",
    ],
)
def test_a_damaged_result_is_made_again(course, kept, damage):
    double = job("sums:double", x=2)
    with Kitchen(course, kept) as kitchen:
        first = kitchen.outcome(double)
    (file,) = kept.folder.rglob("*.json")
    sound = file.read_bytes()
    file.write_bytes(damage(sound))
    with Kitchen(course, kept) as kitchen:
        assert kitchen.outcome(double) == first
        assert kitchen.ran == 1
    assert file.read_bytes() == sound


def test_builds_at_the_same_time_share_a_cache(write, kept):
    course = write(breaks=BREAKS)
    jobs = [fine(x) for x in range(20)]
    given = []

    def build():
        with Kitchen(course, kept, workers=2) as kitchen:
            given.append(shown(kitchen.outcomes(jobs)))

    threads = [threading.Thread(target=build) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given == [[str(x) for x in range(20)]] * 2
    kept_files = [file for file in kept.folder.rglob("*") if file.is_file()]
    assert len(kept_files) == 20
    assert all(file.suffix == ".json" for file in kept_files)
    with Kitchen(course, kept) as kitchen:
        kitchen.outcomes(jobs)
        assert kitchen.ran == 0


def test_a_result_that_cannot_be_kept_leaves_nothing_behind(kept):
    kept.file("key").mkdir(parents=True)
    with pytest.raises(OSError, match="key"):
        kept.put("key", {})
    assert [file.name for file in kept.folder.rglob("*")] == ["ke", "key.json"]


def test_a_warm_kitchen_has_a_process_for_the_next_job(write, kept):
    with Kitchen(write(now="def f(): return 1\n"), kept, workers=1) as kitchen:
        kitchen.warm()
        kitchen.threads.submit(int).result()  # comes after it
        (cook,) = kitchen.cooks
        ready = cook.process
        assert ready is not None
        kitchen.outcome(job("now:f"))
        assert cook.process is ready


# As an author may while the build is at work: at once, as they all rest on the file.
SAVES = """\
from pathlib import Path

def f():
    file = Path(__file__).parent / "now.py"
    file.write_text("def g(): return 'saved meanwhile'\\n")
    from .now import g
    return g()
"""


def test_what_was_saved_while_it_ran_is_not_kept_for_what_was_there_before(write, kept):
    old = "def g(): return 'old'\n"
    with Kitchen(write(saves=SAVES, now=old), kept, workers=1) as kitchen:
        jobs = [job("saves:f"), job("now:g"), job("saves:f")]
        assert shown(kitchen.outcomes(jobs)) == ["'saved meanwhile'"] * 3
        assert kitchen.ran == 2
    with Kitchen(write(now=old), kept) as kitchen:
        assert shown([kitchen.outcome(job("now:g"))]) == ["'old'"]


@pytest.mark.parametrize(
    ("file", "holds"),
    [
        ("course/demos/sums.py", False),
        ("course/demos/new.json", False),
        ("abacus/src/abacus.py", False),
        ("abacus/.git/index", True),
        ("course/demos/__pycache__/sums.pyc", True),
        ("course/demos/.sums.py.swp", True),
        ("course/lessons/one.yml", True),
    ],
)
def test_keys_hold_until_something_they_tell_of_is_saved(folder, file, holds):
    for name in ("abacus/src/abacus.py", "abacus/pyproject.toml"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("")
    settings = folder / "course.yml"
    settings.write_text(settings.read_text() + "packages: [../abacus]\n")
    keys = Keys(load_course(folder))
    assert keys.hold()
    Path(file).parent.mkdir(exist_ok=True)
    with Path(file).open("a") as out:
        out.write("# saved\n")
    assert keys.hold() == holds


LEAKS = """\
import warnings
import abacus
import numpy as np

def leak(x: int):
    shown = str(np.array([2 / 3])), np.geterr()["divide"], abacus.count, len(warnings.filters)
    np.set_printoptions(precision=x)
    np.seterr(all="raise")
    warnings.simplefilter("error")
    abacus.count += 1
    return shown
"""


@pytest.fixture
def abacus(folder):
    """Gives the course a package with some source."""

    def write(source):
        package = folder.parent / "abacus"
        (package / "src").mkdir(parents=True)
        (package / "pyproject.toml").write_text("")
        (package / "src" / "abacus.py").write_text(source)
        file = folder / "course.yml"
        file.write_text(file.read_text() + "packages: [../abacus]\n")

    return write


def test_neither_settings_of_numpy_nor_state_of_packages_outlive_a_job(write, kept, abacus):
    abacus("count = 0\n")
    with Kitchen(write(leaks=LEAKS), kept, workers=1) as kitchen:
        first, second = shown(kitchen.outcomes(job("leaks:leak", x=x) for x in (2, 3)))
    assert first == second
    assert first.startswith("('[0.66666667]', 'warn', 0,")


def test_packages_are_imported_before_the_first_job_and_say_nothing_in_it(write, kept, abacus):
    abacus("import os\nprint('imported')\nhome = os.getpid()\n")
    code = "import os, abacus\n\ndef f(x: int): return abacus.home == os.getpid()\n"
    with Kitchen(write(asks=code), kept, workers=1) as kitchen:
        assert shown(kitchen.outcomes(job("asks:f", x=x) for x in (1, 2))) == ["False"] * 2


def test_a_process_that_does_not_get_ready_is_not_waited_for(write, kept, abacus, monkeypatch):
    monkeypatch.setattr("coursewright.baking.kitchen.STARTING", 1.0)
    abacus("while True: pass\n")
    with Kitchen(write(asks="import abacus\n\ndef f(): return 1\n"), kept, workers=1) as kitchen:
        (cook,) = kitchen.cooks
        told = kitchen.outcome(job("asks:f"))["error"]
        assert told["message"] == "Python was not ready within 1 seconds"
        assert cook.process is None


ENDLESS = """\
import os, re
from pathlib import Path

def never(name: str):
    Path(name).write_text(str(os.getpid()))
    re.match("(a*)*b", "a" * 60)  # holds Python's lock
"""
BUILD = """\
import sys
from pathlib import Path
from coursewright.baking.kitchen import Kitchen
from coursewright.cache import Cache
from coursewright.language.course import load_course
with Kitchen(load_course(Path("course")), Cache(Path("kept")), workers=1) as kitchen:
    job = {"kind": "demo", "target": "endless:never", "expect": ""}
    kitchen.outcome({**job, "arguments": {"name": sys.argv[1]}})
"""


def awaited(condition, seconds=20.0):
    """What a condition gives once it holds; fails if it does not in time."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "it did not come about"
        threading.Event().wait(0.02)
    return found


def is_running(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="it reads /proc")


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_demo_that_never_ends_ends_with_the_build(write, tmp_path, number):
    write(endless=ENDLESS)
    file = tmp_path / "endless.pid"
    build = subprocess.Popen([sys.executable, "-c", BUILD, str(file)])
    demo = int(awaited(lambda: file.exists() and file.read_text()))
    assert is_running(demo)
    build.send_signal(number)
    build.wait()
    awaited(lambda: not is_running(demo))


@needs_proc
def test_a_demo_that_takes_too_long_has_ended_when_that_is_said(write, tmp_path, kept):
    file = tmp_path / "endless.pid"
    with Kitchen(write(endless=ENDLESS), kept, seconds=1.0, workers=1) as kitchen:
        asked = job("endless:never", name=str(file))
        assert shown([kitchen.outcome(asked)]) == ["TimeoutError"]
        awaited(lambda: not is_running(int(file.read_text())), 2.0)


IN_PLACE = """\
import sys
from coursewright.baking import worker
worker.FORKS = False
worker.main()
"""


@pytest.fixture
def alone(write, abacus, tmp_path):
    """A worker on a system where a process cannot copy itself, of a course with demos."""
    abacus("count = 0\n")
    write(leaks=LEAKS, endless=ENDLESS.replace("re.match", "while True: pass #"))
    places = [str(tmp_path / "course"), str(tmp_path / "abacus" / "src")]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", IN_PLACE], env=env, text=True, **pipes) as worker:
        print('{"imports": [], "packages": ["abacus"]}', file=worker.stdin, flush=True)
        assert worker.stdout.readline() == "ready\n"
        yield worker
        worker.kill()


def test_nor_do_they_where_a_process_cannot_copy_itself(alone):
    told = []
    for x in (2, 3):
        print(json.dumps(job("leaks:leak", x=x)), file=alone.stdin, flush=True)
        told += shown([json.loads(alone.stdout.readline())])
    assert told[0].startswith("('[0.66666667]', 'warn', 0,")
    assert told[0].rpartition(",")[0] == told[1].rpartition(",")[0]


def test_there_too_a_demo_that_never_ends_ends_with_the_build(alone, tmp_path):
    file = tmp_path / "endless.pid"
    print(json.dumps(job("endless:never", name=str(file))), file=alone.stdin, flush=True)
    awaited(lambda: file.exists() and file.read_text())
    alone.stdin.close()
    assert alone.wait(20) == 0


def test_what_a_claim_prints_does_not_flood_the_terminal(tmp_path, monkeypatch, capsys):
    (tmp_path / "noisy.py").write_text("def f():\n    print('x' * 10_000)\n    return 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    job = {"packages": ["noisy"], "expression": "f()", "format": ""}
    assert worker.claim(job) == {"text": "1", "value": "1"}
    assert capsys.readouterr().out == ""
