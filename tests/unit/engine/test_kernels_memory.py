"""No kernel reads or writes outside its arrays: the address sanitizer watches."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SOURCE = HERE.parents[2] / "pyengine" / "kernels" / "kernels.c"
FLAGS = ["-O1", "-g", "-fPIC", "-shared", "-fsanitize=address", "-ffp-contract=fast", "-Wno-psabi"]
GCC = shutil.which("gcc") if sys.platform == "linux" else None
pytestmark = pytest.mark.skipif(GCC is None, reason="gcc, whose sanitizer is used, is not here")


def ran(build: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    """Run the cases with a build; the sanitizer has to be there before Python is."""
    sanitizer = subprocess.check_output([str(GCC), "-print-file-name=libasan.so"], text=True)
    environment = {
        **os.environ,
        "LD_PRELOAD": sanitizer.strip(),
        "ASAN_OPTIONS": "detect_leaks=0",
        "PYTHONMALLOC": "malloc",  # else small arrays share blocks, whose ends nobody knows
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, str(HERE / "kernel_cases.py"), str(build), *more]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module", params=[4, 8, 16])
def build(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kernels with vectors of that many floats; any processor runs them, if slowly."""
    out = tmp_path_factory.mktemp("kernels") / "checked.so"
    command = [str(GCC), *FLAGS, f"-DWIDTH={request.param}", str(SOURCE), "-o", str(out)]
    subprocess.run(command, check=True)
    return out


def test_kernels_stay_within_their_arrays(build: Path) -> None:
    result = ran(build)
    assert (result.returncode, result.stdout) == (0, "done\n"), result.stderr[-3000:]


def test_the_sanitizer_sees_one_number_too_many(build: Path) -> None:
    result = ran(build, "beyond")
    assert result.returncode != 0
    assert "heap-buffer-overflow" in result.stderr
