"""Compile the engine's kernels: `pyengine/kernels` to `pyengine/src/pyengine/kernels/lib`.

The compiler is Zig's, which is one wheel and makes code for every target from any machine. What it
makes goes into the engine's wheel and is never committed. Without it the engine computes with
NumPy.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "pyengine" / "kernels"
MADE = ROOT / "pyengine" / "src" / "pyengine" / "kernels" / "lib"
ZIG = [sys.executable, "-m", "ziglang"]
# One instruction for a x b + c where there is one; no errno, no traps; but nan and inf stay exact.
ALWAYS = ["-O3", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math", "-g0", "-fPIC"]
ALWAYS += ["-fno-sanitize=all", "-fno-stack-protector", "-fvisibility=hidden", "-Wall", "-Wextra"]
# The oldest C library that Zig's Linux targets are linked for: NumPy's wheels need a newer one.
X86, ARM = "x86_64-linux-gnu.2.17", "aarch64-linux-gnu.2.17"
LEVELS = {"base": ("x86_64_v2", 4), "avx2": ("x86_64_v3", 8), "avx512": ("x86_64_v4", 16)}


def zig(*words: str | Path) -> None:
    """Run the compiler; what it says goes to the terminal."""
    subprocess.run([*ZIG, *map(str, words)], check=True)


def wasm(out: Path, work: Path, *flags: str) -> None:
    """A WebAssembly side module that imports nothing but the interpreter's memory."""
    made = work / "wasm.o"
    target = ["--target=wasm32-emscripten", "-msimd128", *flags]
    zig("cc", *target, *ALWAYS, "-c", SOURCES / "kernels.c", "-o", made)
    link = ["-shared", "--experimental-pic", "--no-entry", "--import-memory", "--strip-all"]
    zig("wasm-ld", *link, "--export-dynamic", made, "-o", out)


def x86(out: Path, work: Path) -> None:
    """A shared library with the kernels three times; the engine asks it which to call."""
    parts = [work / f"{level}.o" for level in LEVELS]
    for part, (level, (processor, width)) in zip(parts, LEVELS.items(), strict=True):
        about = [f"-mcpu={processor}", f"-DWIDTH={width}", f"-DSUFFIX={level}"]
        about += ["-mprefer-vector-width=512"] if width == 16 else []  # else they are split in two
        zig("cc", "-target", X86, *about, *ALWAYS, "-c", SOURCES / "kernels.c", "-o", part)
    zig("cc", "-target", X86, *ALWAYS, "-shared", "-s", SOURCES / "cpu.c", *parts, "-o", out)


def arm(out: Path, work: Path) -> None:
    """A shared library for 64-bit ARM, where all processors have the same vectors."""
    zig("cc", "-target", ARM, *ALWAYS, "-shared", "-s", SOURCES / "kernels.c", "-o", out)


def main() -> None:
    """Compile for every target."""
    MADE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        # No name ends in .so: Pyodide opens every such file of a wheel at once.
        wasm(MADE / "simd.wasm", work)
        wasm(MADE / "relaxed.wasm", work, "-mrelaxed-simd")
        x86(MADE / "linux-x86_64.lib", work)
        arm(MADE / "linux-aarch64.lib", work)


if __name__ == "__main__":
    main()
