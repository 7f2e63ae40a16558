"""The Python behind the lessons' demos: plain functions on the engine, one module per topic.

A function here takes one argument per control and returns what `pyengine.show` makes of its
result. Readers are shown its source, so it says everything that matters and nothing else.
"""
