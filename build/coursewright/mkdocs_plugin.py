"""The MkDocs adapter: hands the core's pages and files to MkDocs, and adds the security policy.

on_config         build the course; name its scripts and styles
on_files          add its pages, as outlines, and its files
on_page_content   see which parts of the course a page written by hand asks for
on_page_context   put the blocks into a page that MkDocs has made from its outline
on_post_page      put the policy into every page (also those the course did not make)
on_post_build     see that no lesson's file, with its answers, is in the site; write the worker

How far MkDocs is, is told by a bar. `mkdocs_serve` builds a site again and again with it.
ProperDocs runs it as it is: there `mkdocs` is another name of `properdocs`.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage

from .errors import CoursewrightError, told
from .language.diagnostics import CourseError, Diagnostic, shown
from .language.source import Source
from .pages.lint import unsafe_parts
from .pages.markers import markers, with_excerpts
from .pages.page import Page
from .progress import Steps
from .publish.finish import published_specs
from .publish.offline import marked, write_offline
from .publish.policy import secured
from .publish.site import Site, build_site
from .publish.words import with_words, words_block

LOG = logging.getLogger("mkdocs.plugins.coursewright")


class PluginConfig(Config):
    """The plugin's options in `mkdocs.yml`."""

    course = config_options.Dir(exists=True, default="course")
    """The folder with `course.yml`."""


@dataclass(frozen=True)
class Built:
    """What MkDocs has made of a site, as far as another page needs it."""

    config: MkDocsConfig
    files: Files
    nav: Navigation
    env: Environment
    pages: dict[str, Page]
    excerpts: set[str]


class CoursewrightPlugin(BasePlugin[PluginConfig]):
    """Adds a course to an MkDocs site."""

    site: Site
    nav: Navigation
    outline: str

    def __init__(self) -> None:
        """`given` may be set before the build begins; `built` is there once its pages are read."""
        self.given: Site | None = None
        self.built: Built | None = None
        self.pages: dict[str, Page] = {}
        self.asked: set[str] = set()
        self.problems: list[Diagnostic] = []
        self.steps = Steps()
        self.offline = False

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Build the course. What is wrong with it ends the build with its diagnostics."""
        course = Path(self.config.course).resolve()
        if Path(config.docs_dir).resolve() in (course, *course.parents):
            raise PluginError(
                f"expected the course outside of docs_dir, found it in {config.docs_dir}: "
                "MkDocs would publish the lessons' files, answers and all; move it beside it"
            )
        try:
            address = config.site_url or ""
            self.site = self.given or build_site(Path(self.config.course), address)
        except (CoursewrightError, OSError) as error:
            raise PluginError(told(error)) from None
        # A preview changes all the time: no browser is to keep it.
        self.offline = self.site.offline and not (self.given or is_here(config.site_url))
        if self.site.report:
            LOG.info(self.site.report)
        for note in self.site.notes:  # no warnings: a strict build is to go on
            LOG.info(str(note))
        self.check_language(config)
        config.extra_css = [*config.extra_css, *self.site.styles]
        for script in self.site.scripts:
            config.extra_javascript.append(module(script))
        if "attr_list" not in config.markdown_extensions:  # headings carry ids
            config.markdown_extensions.append("attr_list")
        return config

    def check_language(self, config: MkDocsConfig) -> None:
        """Tell that a page would be half in one language: the theme's says what it is in."""
        ours, theirs = self.site.words.language, config.theme.get("language")
        if theirs and str(theirs).lower() != ours.lower() and self.site.words.own:
            fix = f"set `theme: {{language: {ours}}}`"
            LOG.warning(f"the course's words are in {ours!r}, the theme's in {theirs!r}; {fix}")

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the course's pages and files."""
        self.pages = {page.path: page for page in self.site.pages}
        for page in self.site.pages:
            files.append(generated(config, page))
        for path, text in self.site.texts.items():
            included = InclusionLevel.INCLUDED  # also a name that begins with a dot
            files.append(File.generated(config, path, content=text, inclusion=included))
        for path, file in self.site.copies.items():
            files.append(File.generated(config, path, abs_src_path=str(file)))
        return files

    def on_nav(self, nav: Navigation, *, files: Files, **_: Any) -> Navigation:
        """Begin to tell how far it is: each page is read, and later written."""
        self.nav = nav
        self.steps.begin("Building pages", 2 * len(files.documentation_pages()))
        return nav

    def on_page_content(self, html: str, *, page: MkDocsPage, **_: Any) -> str:
        """Tell MkDocs which ids a page will have: it checks the links that name them.

        A page that somebody wrote by hand is looked at as ours were.
        """
        self.steps.step()
        if page.file.src_uri not in self.pages:
            for part in filter(is_told, unsafe_parts(html)):
                LOG.warning(f"{page.file.src_uri} holds {part}, which the pages' policy refuses")
            html = self.with_marks(html, page)
        if made := self.pages.get(page.file.src_uri):
            page.present_anchor_ids = (page.present_anchor_ids or set()) | made.ids
        return html

    def with_marks(self, html: str, page: MkDocsPage) -> str:
        """A page written by hand, with marks for what it asks for of the course."""
        file = page.file
        source = Source(shown(Path(file.abs_src_path or file.src_uri)), file.content_string)
        if found := {marker.words for marker in markers(html, source.text)}:
            self.asked |= found
            given = (self.site.excerpts, file.src_uri, "../" * file.dest_uri.count("/"))
            filled = with_excerpts(html, source, *given, self.site.words)
            html, self.pages[file.src_uri] = filled
            self.problems += source.problems
        return html

    @event_priority(-100)  # last: what other plugins have done to it counts
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Keep what another page needs; later ones are built with the same.

        All pages have been read: what is wrong with markers in them ends the build.
        """
        if self.problems:
            raise PluginError(str(CourseError(self.problems)))
        self.built = self.built or Built(config, files, self.nav, env, self.pages, self.asked)
        return env

    @event_priority(100)
    def show_search(self, /, context: Any, *, page: MkDocsPage, **_: Any) -> Any:
        """Let the search look at what it should find in a page."""
        if made := self.pages.get(page.file.src_uri):
            self.outline = page.content or ""
            page.content = made.searched(self.outline)
        return context

    @event_priority(-100)
    def fill(self, /, context: Any, *, page: MkDocsPage, **_: Any) -> Any:
        """Put the blocks into a page."""
        if made := self.pages.get(page.file.src_uri):
            page.content = made.filled(self.outline)
        return context

    on_page_context = CombinedEvent(show_search, fill)

    @event_priority(-100)  # last: a script another plugin adds must be in the policy too
    def on_post_page(self, output: str, *, page: MkDocsPage, **_: Any) -> str:
        """Put the security policy into a page, of which MkDocs needs no other copy from now on."""
        self.steps.step()
        page.content = None
        return self.finished(marked(output, page.file.dest_uri, self.offline))

    @event_priority(-100)
    def on_post_template(self, output_content: str, *, template_name: str, **_: Any) -> str:
        """Put it into theme pages too (404)."""
        is_page = template_name.endswith(".html")
        return self.finished(output_content) if is_page else output_content

    def finished(self, html: str) -> str:
        """A page with the course's words, and the security policy of its site."""
        html = with_words(html, words_block(self.site.words))
        return secured(html, self.site.frame_hash, connect=self.site.connect)

    @event_priority(-100)  # last: another plugin may copy files
    def on_post_build(self, *, config: MkDocsConfig, **_: Any) -> None:
        """All is written; nothing of it may give the answers away, and browsers may keep it."""
        self.steps.end()
        lessons = (Path(page.path).stem for page in self.site.pages)
        if problems := published_specs(Path(config.site_dir), lessons):
            raise PluginError("\n".join(problems))
        write_offline(Path(config.site_dir), self.offline)

    def on_build_error(self, **_: Any) -> None:
        """The build broke off."""
        self.steps.end()


def generated(config: MkDocsConfig, page: Page) -> File:
    """A page as MkDocs takes it."""
    inclusion = InclusionLevel.UNDEFINED if page.in_menu else InclusionLevel.NOT_IN_NAV
    return File.generated(config, page.path, content=page.outline, inclusion=inclusion)


def is_here(address: str | None) -> bool:
    """Whether a site's address is one of this machine, as `mkdocs serve` has it."""
    return urlsplit(address or "").hostname in ("127.0.0.1", "localhost", "::1", "0.0.0.0")


def is_told(part: str) -> bool:
    """Whether the author of a page is told of a part; a table's alignment is no harm, only lost."""
    return ' style="' not in part


def module(path: str) -> config_options.ExtraScriptValue:
    """A script MkDocs loads as a module."""
    script = config_options.ExtraScriptValue(path)
    script.type = "module"
    return script
