"""The cache: bytes under the name of their hash, shared by all checkouts and safe to delete.

    <cache>/fetched/<sha256>    an upstream file, named by the hash pinned for it
    <cache>/made/<key>          something computed from those, named by a hash of all its inputs;
                                its first 32 bytes are the SHA-256 of the rest

Every read is checked and every write is a rename, so that a damaged file, a full disk or two
runs at once cost a second download at worst, never a wrong site.
"""

import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from failure import say
from pins import PinnedFile


class Store:
    """A cache folder; it is created when the first file is kept."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def fetched(self, file: PinnedFile) -> bytes | None:
        """Return the cached bytes of `file`, or None if they are absent or not what is pinned."""
        data = _read(self.root / "fetched" / file.sha256)
        if data is None or file.matches(data):
            return data
        say(
            f"{file.name} in the cache {self.root} is damaged or was tampered with "
            f"(expected sha256 {file.sha256}, got {sha256(data).hexdigest()}): fetching it again"
        )
        return None

    def keep(self, file: PinnedFile, data: bytes) -> None:
        """Keep bytes that were checked against their pin."""
        _write(self.root / "fetched" / file.sha256, data)

    def made(self, inputs: list[str], make: Callable[[], bytes]) -> bytes:
        """Return what `make` makes of `inputs` (hashes and names), from the cache if it can."""
        path = self.root / "made" / sha256("\n".join(inputs).encode()).hexdigest()
        kept = _read(path) or b""
        if kept[:32] == sha256(kept[32:]).digest():
            with suppress(OSError):  # a cache that cannot be written is still read
                os.utime(path)  # in use: what is not for a month is swept away
            return kept[32:]
        if kept:
            say(f"{path} is damaged or was tampered with: making it again")
        data = make()
        _write(path, sha256(data).digest() + data)
        return data


def hashes_of(paths: Iterable[Path]) -> list[str]:
    """Return the hash of each file: the programs among the inputs of what they made."""
    return [sha256(path.read_bytes()).hexdigest() for path in paths]


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, data: bytes) -> None:
    """Write a whole file or nothing: to a temporary name beside it, then renamed over it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        _replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _replace(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
    except PermissionError:
        # Windows refuses while another run reads the old file; that run put the same bytes there.
        if not path.exists():
            raise
