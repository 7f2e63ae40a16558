"""Coursewright: one YAML file per lesson becomes a page whose demos run in the reader's browser.

    language  lesson.yml -> Lesson: typed, every node knows its line; all problems at once
    baking    runs each demo and each computed number in CPython; outputs go into the page
    pages     Lesson + outputs -> a page of Markdown and HTML that reads without JavaScript
    publish   what surrounds the pages: the browser bundle, the Python runtime, the policy
    live      the author's server: builds again at every save, and swaps what differs into the page
    scaffold  a course or a lesson to begin with
    exports   a lesson as a notebook, its cards as an Anki deck; a notebook as a draft of a lesson
    testing   runs all of a course afresh: in CPython, and in a real browser against that

The core knows nothing of MkDocs; `mkdocs_plugin` is the thin adapter that hands pages over, and
`mkdocs_serve` makes a page of a site that is served anew.
`runner` is the one module that readers' browsers get.
"""

__version__ = "0.1.0"
