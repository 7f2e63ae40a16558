"""Where results of earlier builds are kept: outside the repository, by the hash of their causes."""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import platformdirs


def cache_folder() -> Path:
    """The folder of all caches: `NUDGE_CACHE`, or the user's cache folder for `nudge`."""
    given = os.environ.get("NUDGE_CACHE")
    return Path(given) if given else Path(platformdirs.user_cache_dir("nudge", appauthor=False))


def digest(*parts: object) -> str:
    """SHA-256 of parts that are text, bytes or JSON data."""
    total = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else json.dumps(part, sort_keys=True).encode()
        total.update(len(raw).to_bytes(8, "big") + raw)
    return total.hexdigest()


def digest_of_files(*folders: Path, suffixes: tuple[str, ...] = (".py",)) -> str:
    """SHA-256 over the names and contents of the files of folders."""
    parts: list[object] = []
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.suffix in suffixes and "__pycache__" not in file.parts:
                parts += [file.relative_to(folder).as_posix(), file.read_bytes()]
    return digest(*parts)


def write_atomically(file: Path, content: bytes) -> None:
    """Write a file so that no reader ever sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    Path(name).replace(file)


class Cache:
    """Results as JSON files, one per key. A file that cannot be read counts as absent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Any | None:
        """The result kept under a key, or None."""
        try:
            return json.loads(self.file(key).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, key: str, result: Any) -> None:
        """Keep a result under a key."""
        write_atomically(self.file(key), json.dumps(result).encode())

    def file(self, key: str) -> Path:
        """Where a key's result is kept."""
        return self.folder / key[:2] / f"{key}.json"
