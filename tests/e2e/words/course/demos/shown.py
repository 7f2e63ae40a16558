"""Demos that show nothing but x."""


class Chart:
    """A line, without a word on what it is."""

    def __init__(self, slope):
        self.slope = slope

    def _repr_mimebundle_(self, **_):
        rows = [{"x": step, "xx": self.slope * step} for step in range(4)]
        axes = {
            name: {"field": field, "type": "quantitative"}
            for name, field in (("x", "x"), ("y", "xx"))
        }
        return {
            "text/plain": "xx",
            "application/vnd.vegalite.v6+json": {
                "data": {"values": rows},
                "mark": {"type": "line", "color": "#b8340a"},
                "encoding": axes,
            },
            "application/vnd.nudge.elements+json": ["table", {}, ["tbody", {}]],
        }


class Picture:
    """A picture that does not say what it shows."""

    def _repr_mimebundle_(self, **_):
        svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
        return {"text/plain": "", "image/svg+xml": svg}


def slid(x: int):
    return Chart(x)


def all_of_them(rate: float, size: int, kind: str, lit: bool, said: str, seed: int):
    if size == 13:
        raise ValueError("x")
    return Picture()


def played(by: int):
    for step in range(1, 4):
        yield step * by
