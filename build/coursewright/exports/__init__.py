"""Exports: a lesson as a Jupyter notebook and its cards as an Anki deck; a notebook as a draft.

prose      Markdown with its computed numbers, formulas, code and links told apart
selected   which lessons, and what their Python gave
notebook   a lesson as cells;  markdown   its blocks as a notebook's Markdown
anki       cards as a deck
draft      a notebook as a first draft of a lesson
command    `coursewright export …` and `coursewright import …`
"""
