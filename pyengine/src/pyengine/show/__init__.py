"""Turn results into displays: what a demo returns is what the page shows.

    show.result(                                      # several displays, and values by name
        show.figure("loss", 0.693, unit="nats", verdict="unsure"),
        show.curve(show.line(xs, ys), show.point(0.5, 0.693), x="probability", y="loss", ...),
        show.table(["probability", "loss"], rows),
        show.chain(show.steps(w, loss)),              # the chain rule along a scalar graph
        loss=0.693,
    )

    figure     one number, large             curve      lines, paths, dots, points, levels, maps
    table      rows of text and numbers      bars       a number per label
    tokens     a text cut into pieces        histogram  how numbers are spread
    chain      the chain rule, in a row      heat_map   a matrix
                                             graph      everything a `Value` was computed from

A display is plain data under MIME types (Jupyter's `_repr_mimebundle_`): always text, and with it
a small tree of text elements, or a Vega-Lite chart with its data table. No HTML is made here, and
the same call gives the same display, byte for byte.
"""

from pyengine.show._bars import bars
from pyengine.show._chain import Step, chain, steps
from pyengine.show._contours import contours
from pyengine.show._curve import curve
from pyengine.show._display import Display, Result, number, result
from pyengine.show._graph import graph
from pyengine.show._heat_map import heat_map
from pyengine.show._histogram import histogram
from pyengine.show._marks import dots, level, line, path, point
from pyengine.show._text import figure, table
from pyengine.show._tokens import tokens

__all__ = [
    "Display",
    "Result",
    "Step",
    "bars",
    "chain",
    "contours",
    "curve",
    "dots",
    "figure",
    "graph",
    "heat_map",
    "histogram",
    "level",
    "line",
    "number",
    "path",
    "point",
    "result",
    "steps",
    "table",
    "tokens",
]
