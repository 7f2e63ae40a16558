"""MkDocs's part of `coursewright serve`: the whole site, or only the pages a save has changed.

For these it calls the two functions of MkDocs that make a page in a whole build, with all that such
a build has left in memory, so that the page is the same to the byte. They have names with an
underscore, but MkDocs 1.6.1 is pinned and was the last of its line. The search finds a changed
page's new words after the next whole build.
"""

import contextlib
import logging
from collections.abc import Collection
from pathlib import Path

from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.commands.build import build as build_mkdocs
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import Files

from .errors import CoursewrightError, told
from .language.diagnostics import CourseError
from .live.kept import KeptCourse
from .live.watched import brought
from .mkdocs_plugin import Built, CoursewrightPlugin
from .pages.page import Page
from .publish.data import ready_course
from .publish.folder import write_files
from .publish.runtime import assemble
from .publish.site import SiteError


class Said(logging.Handler):
    """What MkDocs says is wrong; of a build that fails it only says that it was aborted."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        logging.getLogger("mkdocs").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self.messages.append(record.getMessage())

    def taken(self) -> list[str]:
        """The messages so far, which then are forgotten."""
        messages, self.messages = self.messages, []
        return messages


class MkDocsBuilder:
    """Builds an MkDocs site into a folder, as it is served at a server's root."""

    def __init__(self, config: Path) -> None:
        self.config = config
        self.said = Said()
        self.kept: KeptCourse | None = None
        self.built: Built | None = None
        self.known: list[Path] = []

    def __call__(self, folder: Path, changed: Collection[Path]) -> list[str] | None:
        """Build what is new after files changed; the addresses of the pages, None for a whole site.

        Raises `SiteError`.
        """
        self.said.taken()
        try:
            pages = self.renew(folder, changed)
            if pages is None:
                self.build(folder)
        except CourseError as error:
            raise SiteError(str(error), error.diagnostics) from None
        except (MkDocsException, CoursewrightError, OSError) as error:
            self.forget()
            why = str(error) if isinstance(error, MkDocsException) else told(error)
            raise SiteError("\n".join([*self.said.taken(), why])) from None
        except BaseException:
            self.forget()
            raise
        return pages

    def sources(self) -> list[Path]:
        """What the site is made from; as it was, while the configuration is wrong."""
        with contextlib.suppress(Exception):  # the build says it
            self.known = named_in(load_config(str(self.config)))
        return self.known

    def forget(self) -> None:
        """Whatever comes next, it is a whole build."""
        if self.kept:
            self.kept.close()
        self.kept = self.built = None

    def build(self, folder: Path) -> None:
        """Build the whole site."""
        self.forget()
        loaded = load_config(str(self.config), strict=True, site_dir=str(folder), site_url="")
        loaded.plugins.on_startup(command="serve", dirty=False)
        plugin = loaded.plugins.get("coursewright")
        if not isinstance(plugin, CoursewrightPlugin):
            return build_mkdocs(loaded)
        course = ready_course(Path(plugin.config.course))
        self.kept = KeptCourse(course, assemble(course))
        plugin.given = self.kept.site
        try:
            build_mkdocs(loaded)
        except MkDocsException:
            if plugin.problems:  # with their places, which MkDocs does not pass on
                raise CourseError(plugin.problems) from None
            raise
        self.built = plugin.built
        return None

    def renew(self, folder: Path, changed: Collection[Path]) -> list[str] | None:
        """Build the pages that changed; None if the whole site is to be built."""
        built = self.built
        if not (self.kept and built and changed) or Path(built.config.site_dir) != folder:
            return None
        before = self.kept.site.excerpts
        news = self.kept.renew(changed)
        after = self.kept.site.excerpts
        if news is None or any(before[each] != after.get(each) for each in built.excerpts):
            return None
        write_files(folder, news.texts, news.copies)
        urls = [write_page(page, built) for page in news.pages]
        if self.said.messages:  # which ends a whole build as well: it is strict
            raise MkDocsException("The page is not shown.")
        return urls


def named_in(config: MkDocsConfig) -> list[Path]:
    """The files and folders that a configuration says the site is made from."""
    places = [config.docs_dir, *config.watch, config.theme.custom_dir]
    found = [Path(place) for place in places if place]
    plugin = config.plugins.get("coursewright")
    if isinstance(plugin, CoursewrightPlugin):
        course = Path(plugin.config.course)
        found += [course, *brought(course)]
    return found


def write_page(page: Page, built: Built) -> str:
    """Make a page anew, in the steps of a whole build; its address in the site."""
    config, files = built.config, built.files
    file = files.get_file_from_path(page.path)
    assert file is not None
    assert file.page is not None  # it was in the whole build
    file.content_string = page.outline
    built.pages[page.path] = page
    _populate_page(file.page, config, files)
    config.plugins.on_env(built.env, config=config, files=Files([file]))
    _build_page(file.page, config, files.documentation_pages(), built.nav, built.env)
    level = config.validation.links.anchors
    file.page.validate_anchor_links(files=files, log_level=level)
    return file.url
