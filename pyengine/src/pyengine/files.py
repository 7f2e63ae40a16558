"""Files that are written whole or not at all, and JSON that is read with care. No NumPy."""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from reprlib import repr as shorten
from typing import Any

MAX_DEPTH = 100  # of brackets in JSON; nothing here needs more than a few


def write_atomically(path: str | os.PathLike[str], pieces: Iterable[bytes]) -> None:
    """Write a file so that its old content is there until all of the new is.

    Args:
        path: where; an existing file is replaced, a symbolic link is followed.
        pieces: the content, in order.

    Raises:
        OSError: the file cannot be written. Whatever is raised, the old file is still there.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(f"{folder}/config.json", [b"{", b"}"])
    ...     Path(f"{folder}/config.json").read_text()
    '{}'
    """
    target = Path(path).resolve()
    # In the same folder, for only within a file system is a rename one instant.
    fresh = target.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp")
    try:
        with fresh.open("xb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            # subtle: without this the new name may reach the disk before the new content.
            os.fsync(file.fileno())
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Put the new name on disk too, where the platform has folders that can be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def parse_json(text: str) -> Any:
    """Parse JSON that may mean harm.

    Args:
        text: JSON, from whatever source.

    Returns:
        What `json.loads` would.

    Raises:
        ValueError: it is no JSON, names a key twice, or nests brackets more than 100 deep. (A
            browser's stack is small: there, 10,000 would end the interpreter.)

    >>> parse_json('{"shape": [2, 2]}')
    {'shape': [2, 2]}
    """
    # Without escaped backslashes and quotes, every second piece between quotes is a string.
    pieces = text.replace(r"\\", "").replace(r"\"", "").split('"')
    steps = ((c in "[{") - (c in "]}") for piece in pieces[::2] for c in piece)
    if any(depth > MAX_DEPTH for depth in accumulate(steps)):
        raise ValueError(f"brackets nested more than {MAX_DEPTH} deep")
    return json.loads(text, object_pairs_hook=_without_duplicates)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{shorten(key)} twice")
        found[key] = value
    return found
