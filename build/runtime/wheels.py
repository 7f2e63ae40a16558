"""Wheels as values: read one, look into it, write it again so that equal contents are equal bytes.

A wheel is a zip of the files to put into site-packages plus a `.dist-info` folder about them.
Its RECORD lists every file's hash, so it is dropped on reading and written anew on packing.
"""

import base64
import csv
import email
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.message import Message
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from failure import RuntimeFailure

# RECORD and the signatures over it, which no repacked wheel can keep.
_RECORDS = ("RECORD", "RECORD.jws", "RECORD.p7s")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)[^;]*(;.*)?")


def normalized(name: str) -> str:
    """Return the one spelling of a distribution's name (PEP 503): `My_Course` is "my-course"."""
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True)
class Requirement:
    """One Requires-Dist line: the name it asks for and whether it always does."""

    name: str
    conditional: bool  # has a marker, such as an extra or a platform
    extra: bool  # its marker asks for an extra, which nobody asks for in the browser


@dataclass(frozen=True)
class Wheel:
    """The files of a wheel by their path in it, without RECORD."""

    file_name: str
    members: Mapping[str, bytes]

    @cached_property
    def dist_info(self) -> str:
        """The folder with the wheel's own data, such as "numpy-2.4.3.dist-info"."""
        found = [name for name in self.members if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
        if len(found) != 1:
            raise RuntimeFailure(
                f"{self.file_name}: expected one .dist-info/METADATA in it, found {len(found)}"
            )
        return found[0].removesuffix("/METADATA")

    @cached_property
    def metadata(self) -> Message:
        """The wheel's METADATA file, read as the mail headers it is."""
        return email.message_from_bytes(self.members[f"{self.dist_info}/METADATA"])

    @property
    def name(self) -> str:
        """The distribution's normalized name."""
        return normalized(self.metadata["Name"])

    @property
    def version(self) -> str:
        """The distribution's version."""
        return str(self.metadata["Version"])

    @property
    def requirements(self) -> list[Requirement]:
        """What the wheel's metadata says it needs, in the order it says so."""
        return [_requirement(str(line)) for line in self.metadata.get_all("Requires-Dist", [])]

    @property
    def imports(self) -> list[str]:
        """The top-level modules and packages: what `import` can name once this is installed."""
        python = [Path(name) for name in self.members if name.endswith(".py")]
        tops = {path.parts[0] if len(path.parts) > 1 else path.stem for path in python}
        return sorted(top for top in tops if top.isidentifier())

    def with_members(self, members: Mapping[str, bytes]) -> "Wheel":
        """Return the same wheel with other files in it."""
        return replace(self, members=members)


def open_wheel(file_name: str, data: bytes) -> Wheel:
    """Read a wheel from its bytes."""
    try:
        members = {name: data for name, data in unzipped(data).items() if not _is_record(name)}
    except zipfile.BadZipFile as error:
        raise RuntimeFailure(f"{file_name} is not a wheel: {error}") from error
    return Wheel(file_name, dict(sorted(members.items())))


def read_wheel(path: Path) -> Wheel:
    """Read a wheel from a file."""
    if path.suffix != ".whl":
        raise RuntimeFailure(f"{path}: expected the path of a wheel (.whl)")
    try:
        return open_wheel(path.name, path.read_bytes())
    except OSError as error:
        raise RuntimeFailure(f"cannot read the wheel {path}: {error.strerror}") from error


def pack(wheel: Wheel) -> bytes:
    """Write a wheel: sorted, without times or permissions of this machine, RECORD last.

    It is not compressed: it travels in gzip, and the page takes it apart without Python.
    """
    record = f"{wheel.dist_info}/RECORD"
    members = {**dict(sorted(wheel.members.items())), record: _record(wheel, record)}
    return zipped(members, zipfile.ZIP_STORED)


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Write a zip in which nothing but `members`, in their order, decides a byte."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, on Windows too
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data, compress_type=compression, compresslevel=9)
    return target.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """Return the files in a zip by their path in it, which implies its folders."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        return {name: archive.read(name) for name in names}


def _is_record(name: str) -> bool:
    folder, _, file = name.partition("/")
    return folder.endswith(".dist-info") and file in _RECORDS


def _record(wheel: Wheel, own_name: str) -> bytes:
    """List every file with its hash and size, as installers expect it (PEP 427)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for name, data in sorted(wheel.members.items()):
        digest = base64.urlsafe_b64encode(sha256(data).digest()).rstrip(b"=").decode()
        writer.writerow([name, f"sha256={digest}", len(data)])
    writer.writerow([own_name, "", ""])
    return text.getvalue().encode()


def _requirement(line: str) -> Requirement:
    match = _REQUIREMENT.match(line)
    if not match:
        raise RuntimeFailure(f"cannot read the requirement {line!r}")
    marker = match[2] or ""
    return Requirement(normalized(match[1]), bool(marker), bool(re.search(r"\bextra\b", marker)))
