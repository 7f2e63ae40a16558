"""A runtime from the cache: taken only if it is still, byte for byte, what was assembled."""

from pathlib import Path

import pytest

from coursewright.language.course import Course
from coursewright.publish import runtime
from coursewright.publish.runtime import Runtime, RuntimeAssemblyError, assemble

ASSEMBLER = """\
import json, sys
from pathlib import Path

here, out = Path(__file__).parent, Path(sys.argv[sys.argv.index("--out") + 1])
(here / "runs.txt").open("a").write("run\\n")
out.mkdir(parents=True)
(out / "pyodide.mjs.bin").write_bytes(b"good")
(out / "manifest.json").write_text(json.dumps({"bytes": 4}))
sys.exit((here / "fails.txt").exists())
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a program in place of the assembler: as quick as it is small."""
    file = tmp_path / "assembler" / "assemble.py"
    file.parent.mkdir()
    file.write_text(ASSEMBLER)
    monkeypatch.setattr(runtime, "assembler", lambda: file)
    monkeypatch.setattr(runtime, "find_node", lambda: Path("node"))
    return file.parent


def runs(program: Path) -> int:
    return len((program / "runs.txt").read_text().splitlines())


def is_whole(made: Runtime) -> bool:
    names = {file.name for file in made.folder.iterdir()}
    content = (made.folder / "pyodide.mjs.bin").read_bytes()
    return names == {"pyodide.mjs.bin", "manifest.json"} and content == b"good" and made.size == 4


def tampered(folder: Path) -> None:
    (folder / "pyodide.mjs.bin").write_bytes(b"EVIL")


def incomplete(folder: Path) -> None:
    (folder / "pyodide.mjs.bin").unlink()


def with_a_damaged_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"by')


def with_another_size_in_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"bytes": 5}')


def without_a_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def with_a_file_more(folder: Path) -> None:
    (folder / "evil.js").write_text("alert(1)")


def test_a_whole_runtime_is_taken_from_the_cache(
    course: Course, program: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first = assemble(course)
    assert assemble(course) == first
    assert is_whole(first)
    assert runs(program) == 1
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "damage",
    [
        tampered,
        incomplete,
        with_a_damaged_manifest,
        with_another_size_in_the_manifest,
        without_a_manifest,
        with_a_file_more,
    ],
)
def test_a_damaged_runtime_is_reported_and_assembled_again(
    damage, course: Course, program: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first = assemble(course)
    damage(first.folder)
    second = assemble(course)
    assert is_whole(second)
    assert runs(program) == 2
    assert capfd.readouterr().err == (
        f"{first.folder} is damaged or was tampered with: making it again\n"
    )


def test_a_failed_assembly_leaves_nothing_in_the_cache(course: Course, program: Path) -> None:
    (program / "fails.txt").touch()
    with pytest.raises(RuntimeAssemblyError):
        assemble(course)
    (program / "fails.txt").unlink()
    made = assemble(course)
    assert is_whole(made)
    assert list(made.folder.parent.iterdir()) == [made.folder]


def test_only_the_newest_runtimes_are_kept(course: Course, program: Path) -> None:
    for i in range(runtime.KEPT + 2):
        (course.folder / "demos" / "sums.py").write_text(f"def double(x: float):\n    return {i}\n")
        newest = assemble(course).folder
    kept = list(newest.parent.iterdir())
    assert len(kept) == runtime.KEPT
    assert newest in kept
