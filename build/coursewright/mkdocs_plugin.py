"""The MkDocs adapter: hands the core's pages and files to MkDocs, and adds the security policy.

on_config         build the course; name its scripts and styles
on_files          add its pages, as outlines, and its files
on_page_context   put the blocks into a page that MkDocs has made from its outline
on_post_page      put the policy into every page (also those the course did not make)

`mkdocs_build` builds a site again and again for `coursewright serve`.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as build_mkdocs
from mkdocs.config import config_options, load_config
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException, PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage

from .cache import CacheError
from .language.diagnostics import CourseError
from .node import NodeNotFoundError
from .pages.page import Page
from .publish.policy import secured
from .publish.runtime import RuntimeAssemblyError
from .publish.site import Site, SiteError, build_site

EXPECTED = (CacheError, CourseError, FileNotFoundError, NodeNotFoundError, RuntimeAssemblyError)


class PluginConfig(Config):
    """The plugin's options in `mkdocs.yml`."""

    course = config_options.Dir(exists=True, default="course")
    """The folder with `course.yml`."""


class CoursewrightPlugin(BasePlugin[PluginConfig]):
    """Adds a course to an MkDocs site."""

    site: Site
    pages: dict[str, Page]
    outline: str

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Build the course. What is wrong with it ends the build with its diagnostics."""
        try:
            self.site = build_site(Path(self.config.course))
        except EXPECTED as error:
            raise PluginError(str(error)) from None
        config.extra_css = [*config.extra_css, *self.site.styles]
        for script in self.site.scripts:
            config.extra_javascript.append(module(script))
        if "attr_list" not in config.markdown_extensions:  # headings carry ids
            config.markdown_extensions.append("attr_list")
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the course's pages and files."""
        self.pages = {page.path: page for page in self.site.pages}
        for page in self.site.pages:
            files.append(File.generated(config, page.path, content=page.outline))
        for path, text in self.site.texts.items():
            included = InclusionLevel.INCLUDED  # also a name that begins with a dot
            files.append(File.generated(config, path, content=text, inclusion=included))
        for path, file in self.site.copies.items():
            files.append(File.generated(config, path, abs_src_path=str(file)))
        return files

    def on_page_content(self, html: str, *, page: MkDocsPage, **_: Any) -> str:
        """Tell MkDocs which ids a page will have: it checks the links that name them."""
        if made := self.pages.get(page.file.src_uri):
            page.present_anchor_ids = (page.present_anchor_ids or set()) | made.ids
        return html

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
        page.content = None
        return secured(output, self.site.frame_hash)

    @event_priority(-100)
    def on_post_template(self, output_content: str, *, template_name: str, **_: Any) -> str:
        """Put it into theme pages too (404)."""
        is_page = template_name.endswith(".html")
        return secured(output_content, self.site.frame_hash) if is_page else output_content


def module(path: str) -> config_options.ExtraScriptValue:
    """A script MkDocs loads as a module."""
    script = config_options.ExtraScriptValue(path)
    script.type = "module"
    return script


def mkdocs_build(config: Path) -> Callable[[Path], None]:
    """A function that builds the MkDocs site into a folder, as it is served at a server's root.

    It raises `SiteError`.
    """
    said = logging.StreamHandler()  # MkDocs logs what is wrong, and then just says "Aborted"
    said.setLevel(logging.WARNING)
    logging.getLogger("mkdocs").addHandler(said)

    def build(folder: Path) -> None:
        try:
            loaded = load_config(str(config), strict=True, site_dir=str(folder), site_url="")
            loaded.plugins.on_startup(command="serve", dirty=False)
            build_mkdocs(loaded)
        except MkDocsException as error:
            raise SiteError(str(error)) from None

    return build
