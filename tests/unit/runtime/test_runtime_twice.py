"""The whole program again: from the same downloads, the same bytes, compiled again or not."""

from pathlib import Path

from unit.runtime.support import NO_NODE, Running, contents, run_program


def test_a_second_run_starts_no_node_and_writes_the_same(
    runtime: Path, cache: Path, own_wheels: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "runtime"
    done = run_program(
        "assemble.py", "--out", out, "--cache", cache, "--node", NO_NODE, *own_wheels
    )
    assert done.returncode == 0, done.stderr
    assert contents(out) == contents(runtime)
    assert done.stdout == ""


def test_another_cache_makes_the_same_bytes(runtime: Path, compiled_again: Running) -> None:
    said = compiled_again.finish()
    assert [line.split(": ")[1].split()[0] for line in said.splitlines()[:-1]] == [
        "finding", *["compiling"] * 3
    ]  # fmt: skip
    assert contents(compiled_again.out) == contents(runtime)
