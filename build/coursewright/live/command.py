"""`coursewright serve`: reading the command line."""

import argparse
import signal
import tempfile
from functools import partial
from pathlib import Path

from ..assets import BUILD, browser_folder
from ..errors import CoursewrightError
from .serve import serve
from .workshop import Builder, Worker, Workshop


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what this command takes."""
    serving = commands.add_parser("serve", help="build, serve, rebuild and reload on change")
    serving.add_argument("--config", type=Path, default=Path("mkdocs.yml"))
    serving.add_argument("--port", type=int, default=8000)
    serving.set_defaults(run=live)


def live(options: argparse.Namespace) -> int:
    """Serve a course's MkDocs site while its author works on it.

    It is built in a folder of its own, which goes when the server ends.
    """
    config: Path = options.config
    if not config.is_file():
        raise CoursewrightError(f"expected an MkDocs configuration at {config}, found none")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl+C: tidy up
    with tempfile.TemporaryDirectory(prefix="coursewright-", ignore_cleanup_errors=True) as own:
        worker = Worker(partial(site_builder, config))
        workshop = Workshop(worker, Path(own) / "site", browser_folder())
        return serve(workshop, partial(watched, config, worker), options.port)


def site_builder(config: Path) -> Builder:
    """What builds the site into a folder; only here, so that nothing else needs MkDocs."""
    from ..mkdocs_serve import MkDocsBuilder

    return MkDocsBuilder(config)


def watched(config: Path, worker: Worker) -> list[Path]:
    """What the site is made from: the author's files, the course's packages, the generator."""
    roots = [config.resolve(), *worker.sources(), BUILD]
    return [path for path in roots if path.exists()]
