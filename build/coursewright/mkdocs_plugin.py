"""The MkDocs adapter: hands the core's pages and files to MkDocs, and adds the security policy.

on_config      build the course; name its scripts and styles
on_files       add its pages and files
on_post_page   put the policy into every page (also those the course did not make)
"""

from pathlib import Path
from typing import Any

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel

from .diagnostics import CourseError
from .node import NodeNotFoundError
from .policy import secured
from .runtime import RuntimeAssemblyError
from .site import Site, build_site

EXPECTED = (CourseError, FileNotFoundError, NodeNotFoundError, RuntimeAssemblyError)


class PluginConfig(Config):
    """The plugin's options in `mkdocs.yml`."""

    course = config_options.Dir(exists=True, default="course")
    """The folder with `course.yml`."""


class CoursewrightPlugin(BasePlugin[PluginConfig]):
    """Adds a course to an MkDocs site."""

    site: Site

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
        for page in self.site.pages:
            files.append(File.generated(config, page.path, content=page.markdown))
        for path, text in self.site.texts.items():
            included = InclusionLevel.INCLUDED  # also a name that begins with a dot
            files.append(File.generated(config, path, content=text, inclusion=included))
        for path, file in self.site.copies.items():
            files.append(File.generated(config, path, abs_src_path=str(file)))
        return files

    @event_priority(-100)  # last: a script another plugin adds must be in the policy too
    def on_post_page(self, output: str, **_: Any) -> str:
        """Put the security policy into a page."""
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
