"""Mixers: a neuron blends the numbers it is given, and a second layer blends the blends."""

from pyengine import show

SETTINGS = {"both off": (0, 0), "only 1 on": (1, 0), "only 2 on": (0, 1), "both on": (1, 1)}
RINGS = {  # with none, one and both of the inputs on
    (False, False, False): "never",
    (False, False, True): "only when both inputs are on",
    (False, True, False): "only when exactly one input is on",
    (False, True, True): "when at least one input is on",
    (True, False, False): "only when both inputs are off",
    (True, False, True): "when both inputs are alike",
    (True, True, False): "unless both inputs are on",
    (True, True, True): "always",
}
INPUTS = "1 × input 1 + 1 × input 2"
Mixed = tuple[float, float]  # the sum, and what is passed on


def desk(first: bool, second: bool, a: float, b: float, bend: bool = True) -> show.Result:
    """Send two inputs through mixers A and B, and what these pass on through C."""
    now = layers((first, second), a, b, bend)
    passed = {name: layers(inputs, a, b, bend)[2][1] for name, inputs in SETTINGS.items()}
    pattern = RINGS[passed["both off"] > 0, passed["only 1 on"] > 0, passed["both on"] > 0]
    output = now[2][1]
    blends = [INPUTS, f"{INPUTS} − 1", f"{weight(a)} × A + {weight(b)} × B"]
    rows = [[name, *row] for name, *row in zip("ABC", blends, *zip(*now, strict=True), strict=True)]
    return show.result(
        show.figure(
            "from mixer C",
            output,
            verdict="it rings" if output > 0 else "silent",
            words=f"with these weights C {rings(pattern)}",
            concept="prob",
        ),
        show.table(["mixer", "its blend", "sum", "passed on"], rows, caption=folded(a, b, bend)),
        show.bars(
            list(passed),
            list(passed.values()),
            name="passed on by C",
            label_name="inputs",
            highlight=list(passed)[list(SETTINGS.values()).index((first, second))],
            summary=f"C {rings(pattern)}. It rings where it passes on more than 0.",
        ),
        output=output,
        passed=list(passed.values()),
        pattern=pattern,
    )


def rings(pattern: str) -> str:
    """Say when mixer C rings.

    >>> rings("never")
    'never rings'
    """
    return "never rings" if pattern == "never" else f"rings {pattern}"


def layers(inputs: tuple[float, float], a: float, b: float, bend: bool) -> list[Mixed]:
    """Return what mixers A, B and C make of the inputs."""
    mixed_a = mixer(inputs, (1, 1), 0, bend)
    mixed_b = mixer(inputs, (1, 1), -1, bend)
    return [mixed_a, mixed_b, mixer((mixed_a[1], mixed_b[1]), (a, b), 0, bend)]


def mixer(
    inputs: tuple[float, float], weights: tuple[float, float], bias: float, bend: bool
) -> Mixed:
    """Blend: add up each input times its weight. The bend lets nothing below 0 through."""
    total = float(sum(w * x for w, x in zip(weights, inputs, strict=True)) + bias)
    return total, max(0.0, total) if bend else total


def folded(a: float, b: float, bend: bool) -> str:
    """Say what the bend does, or write all three mixers as one: without it, they are no more."""
    if bend:
        return "The bend: a sum below 0 is passed on as 0."
    # a (x₁ + x₂) + b (x₁ + x₂ − 1)
    one = f"{weight(a + b)} × input 1 + {weight(a + b)} × input 2 + {weight(-b)}"
    return f"Without the bend all three mixers do no more than this one: {one}."


def weight(number: float) -> str:
    """Write a weight."""
    return show.number(number, 0)
