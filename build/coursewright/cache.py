"""Results of earlier builds, kept outside the repository by the hash of their causes."""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs

from .errors import CoursewrightError

DAY = 24 * 3600.0  # seconds
MONTH = 30 * DAY
SWEPT = ("wheels/*", "unpacked/*", "made/*", "runtimes/*")  # beside `bake`, which has a depth more


class CacheError(CoursewrightError):
    """The cache folder cannot be used; says why, and how to choose another."""


def cache_folder() -> Path:
    """The folder of all caches: `NUDGE_CACHE`, or the user's cache folder for `nudge`.

    Made if it is not there; raises `CacheError` if nothing can be kept in it.
    """
    given = os.environ.get("NUDGE_CACHE")
    user = platformdirs.user_cache_dir("nudge", appauthor=False)
    folder = Path(given) if given else Path(user)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()  # only writing tells whether one may write
    except OSError as error:
        place = f"NUDGE_CACHE={given}" if given else f"{folder} (NUDGE_CACHE is not set)"
        raise CacheError(
            f"expected a cache folder that can be written, got {place}: {error.strerror}; "
            "set NUDGE_CACHE to a folder of yours"
        ) from None
    return folder


def digest(*parts: object) -> str:
    """SHA-256 of parts that are text, bytes or JSON data."""
    total = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else json.dumps(part, sort_keys=True).encode()
        total.update(len(raw).to_bytes(8, "big") + raw)
    return total.hexdigest()


def digest_of_files(*folders: Path, suffixes: tuple[str, ...] = ()) -> str:
    """SHA-256 over the names and contents of the files of folders, or of those with a suffix.

    What Python compiled and what begins with a dot is left out.
    """
    parts: list[object] = []
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            inside = file.relative_to(folder)
            if file.is_file() and is_written(inside) and file.suffix in (suffixes or {file.suffix}):
                parts += [inside.as_posix(), file.read_bytes()]
    return digest(*parts)


def stamps(*places: Path) -> dict[Path, tuple[int, int]]:
    """When files were written last, and how long they are: those named, and those in folders.

    What Python compiled and what begins with a dot is left out.
    """
    found: dict[Path, tuple[int, int]] = {}
    for place in places:
        with contextlib.suppress(OSError):  # it is not there, or just being replaced
            if place.is_dir() and not place.is_symlink():
                found |= stamps(*(each for each in place.iterdir() if is_written(Path(each.name))))
            else:
                about = place.stat()
                found[place] = (about.st_mtime_ns, about.st_size)
    return found


def is_written(file: Path) -> bool:
    """Whether a file is somebody's work, by its path: not compiled, not hidden."""
    hidden = any(part.startswith(".") or part == "__pycache__" for part in file.parts)
    return not hidden and file.suffix != ".pyc"


def write_atomically(file: Path, content: bytes) -> None:
    """Write a file so that no reader ever sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


class Cache:
    """Results as JSON files, one per key, each below its digest: a damaged one counts as absent.

    Builds may share it: a file is there whole or not at all, and who comes second writes the same.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Any | None:
        """The result kept under a key, or None."""
        file = self.file(key)
        try:
            seal, _, content = file.read_bytes().partition(b"\n")
            os.utime(file)  # in use: see `sweep`
        except OSError:
            return None
        return json.loads(content) if seal == sealed(content) else None

    def put(self, key: str, result: Any) -> None:
        """Keep a result under a key."""
        content = json.dumps(result).encode()
        write_atomically(self.file(key), sealed(content) + b"\n" + content)

    def put_file(self, name: str, content: bytes) -> str:
        """Keep a file as it is; returns its name, to which a digest of its content is added."""
        stem, dot, suffix = name.rpartition(".")
        name = f"{stem}-{short(content)}{dot}{suffix}"
        if not self.has_file(name):
            write_atomically(self.folder / name, content)
        return name

    def has_file(self, name: str) -> bool:
        """Whether a file that was kept is there, and is still what its name says."""
        file = self.folder / name
        try:
            os.utime(file)  # in use: see `sweep`
            return file.stem.endswith(f"-{short(file.read_bytes())}")
        except OSError:
            return False

    def sweep(self) -> None:
        """Forget what no build has used for a month; looked for once a day."""
        sweep(self.folder, "*/*")

    def file(self, key: str) -> Path:
        """Where a key's result is kept."""
        return self.folder / key[:2] / f"{key}.json"


def bake_cache() -> Cache:
    """Where everything is kept that a course's lessons are made from."""
    return Cache(cache_folder() / "bake")


def sweep_caches() -> None:
    """Forget what no build has used for a month, in all caches but that of downloads."""
    bake_cache().sweep()
    sweep(cache_folder(), *SWEPT)


def sweep(folder: Path, *patterns: str) -> None:
    """Forget files and folders in a folder that were not used for a month; once a day."""
    now, stamp = time.time(), folder / ".swept"
    if stamp.exists() and now - stamp.stat().st_mtime < DAY:
        return
    write_atomically(stamp, b"")
    for kept in [kept for pattern in patterns for kept in folder.glob(pattern)]:
        with contextlib.suppress(FileNotFoundError):  # another build forgets it as well
            if now - kept.stat().st_mtime > MONTH:
                shutil.rmtree(kept) if kept.is_dir() else kept.unlink()


def short(content: bytes) -> str:
    """What a file's name says of its content."""
    return digest(content)[:8]


def sealed(content: bytes) -> bytes:
    """The line above a result that is kept."""
    return hashlib.sha256(content).hexdigest().encode()


def kept_folder(place: Path, key: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` fills, from the cache in `place` if it is still what was kept.

    Its name is the key and a digest of all that is in it, so that no damage goes unnoticed.
    """
    for found in sorted(place.glob(f"{key}-*")):
        if is_as_kept(found):
            os.utime(found)  # in use: not among the oldest
            return found
        message = f"{found} is damaged or was tampered with: making it again"
        print(message, file=sys.stderr, flush=True)
        shutil.rmtree(found, ignore_errors=True)
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".new-") as scratch:
        fresh = Path(scratch) / key
        make(fresh)
        kept = place / f"{key}-{seal(fresh)}"
        try:
            fresh.rename(kept)
        except OSError:
            if not is_as_kept(kept):  # else another build kept the same a moment ago
                raise
    return kept


def seal(folder: Path) -> str:
    """The digest of everything in a folder, hidden files too, short enough for a file's name."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    parts = ((file.relative_to(folder).as_posix(), file.read_bytes()) for file in files)
    return digest(*(part for pair in parts for part in pair))[:32]


def is_as_kept(folder: Path) -> bool:
    """Whether a kept folder holds exactly what its name says."""
    try:
        return folder.name.rpartition("-")[2] == seal(folder)
    except OSError:  # it cannot be read, or another build is just replacing it
        return False
