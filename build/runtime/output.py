"""The folder a site serves: content-addressed files and the manifest that names them.

A file's URL holds the start of its hash, so browsers may keep it for ever; only manifest.json
keeps its name. All others are gzip that the page inflates itself, and end in `.bin`. None is named
`.gz`, not even inside: a web server that looks at each extension, as Apache does, might add
`Content-Encoding` and have the browser inflate them first.
"""

import contextlib
import gzip
import json
import struct
import tempfile
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from failure import RuntimeFailure


@dataclass(frozen=True)
class Asset:
    """One file as it travels: `name` is what Pyodide asks for, `data` its gzip."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Hash of the transferred bytes, in hex."""
        return sha256(self.data).hexdigest()

    @property
    def url(self) -> str:
        """Where it stands, relative to manifest.json: `pyodide-1a2b3c4d.mjs.bin`."""
        stem, dot, suffix = self.name.rpartition(".")
        return f"{stem}-{self.sha256[:8]}{dot}{suffix}.bin"

    def entry(self) -> dict[str, str | int]:
        """Its line in the manifest."""
        return {
            "name": self.name,
            "url": self.url,
            "bytes": len(self.data),
            "sha256": self.sha256,
        }


def gzipped(data: bytes) -> bytes:
    """Compress to gzip with no time, name or system in the header, whatever Python this is."""
    packer = zlib.compressobj(level=9, wbits=-zlib.MAX_WBITS)
    header = b"\x1f\x8b\x08\x00" + bytes(4) + b"\x02\xff"
    trailer = struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    return header + packer.compress(data) + packer.flush() + trailer


def manifest(
    pyodide: str, packages: Sequence[str], imports: Sequence[str], assets: Sequence[Asset]
) -> bytes:
    """Write manifest.json; `build` names this exact set of files.

    A page loads all `packages`, and imports the modules in `imports` before it is asked anything.
    """
    entries = [asset.entry() for asset in assets]
    build = sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()
    content = {
        "build": build,
        "pyodide": pyodide,
        "packages": list(packages),
        "imports": list(imports),
        "bytes": sum(len(asset.data) for asset in assets),
        "files": entries,
    }
    return (json.dumps(content, indent=1) + "\n").encode()


def check_replaceable(out: Path) -> None:
    """Refuse a folder that holds anything but an earlier runtime: it would be deleted."""
    if out.is_dir() and any(out.iterdir()) and not (out / "manifest.json").is_file():
        raise RuntimeFailure(
            f"{out} is not empty and holds no runtime (no manifest.json): "
            "it would be replaced whole, so name another folder with --out"
        )
    if out.exists() and not out.is_dir():
        raise RuntimeFailure(f"{out} is a file: name a folder with --out")


def read_folder(out: Path) -> dict[str, bytes]:
    """Read a runtime folder back: the files by the name Pyodide asks for, inflated."""
    try:
        files = json.loads((out / "manifest.json").read_bytes())["files"]
    except (OSError, ValueError, KeyError) as error:
        raise RuntimeFailure(f"{out} holds no runtime: {error}") from error
    found = {}
    for file in files:
        found[file["name"]] = gzip.decompress((out / file["url"]).read_bytes())
    return found


def write_folder(out: Path, assets: Sequence[Asset], manifest_json: bytes) -> None:
    """Put the files in place all at once: a server reading `out` sees the old set or the new."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as scratch:
        fresh = Path(scratch) / "fresh"
        fresh.mkdir()
        for asset in assets:
            (fresh / asset.url).write_bytes(asset.data)
        (fresh / "manifest.json").write_bytes(manifest_json)
        _swap(fresh, out, Path(scratch))


def _swap(fresh: Path, out: Path, scratch: Path) -> None:
    """Rename `fresh` to `out`; what stood there goes to `scratch`, to be deleted with it.

    Another run may put its folder there between the two renames; then go round again.
    """
    for attempt in range(10):
        with contextlib.suppress(FileNotFoundError):
            out.rename(scratch / f"old-{attempt}")
        try:
            fresh.rename(out)
            return
        except OSError:
            time.sleep(0.05 * attempt)
    raise RuntimeFailure(f"cannot replace {out}: another program keeps putting files there")
