"""Coursewright: one YAML file per lesson becomes a page whose demos run in the reader's browser.

    spec    lesson.yml -> Lesson: typed, every node knows its line; all problems at once
    bake    runs each demo and each computed number in CPython; outputs go into the page
    render  Lesson + outputs -> a page of Markdown and HTML that reads without JavaScript
    site    what surrounds the pages: the browser bundle, the Python runtime, the security policy

The core knows nothing of MkDocs; `mkdocs_plugin` is the thin adapter that hands pages over.
"""

__version__ = "0.1.0"
