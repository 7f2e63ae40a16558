"""Zip files whose bytes depend on nothing but what is in them."""

import io
import zipfile

# The oldest time a zip file can name: builds must not differ by the clock.
EPOCH = (1980, 1, 1, 0, 0, 0)
UNIX = 3  # whichever system makes it


def zipped(contents: dict[str, bytes]) -> bytes:
    """A zip file's bytes: the same for the same contents in the same order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, raw in contents.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = UNIX
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, raw)
    return out.getvalue()
