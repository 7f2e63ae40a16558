"""Code in the manner of micrograd runs on `Value` as it is; the numbers are PyTorch's, frozen."""

import math

import numpy as np
import pytest
from parity.cases import assigned_anew, rectified

from pyengine import EngineTypeError, Value


def test_chains_of_relu_give_the_known_numbers() -> None:
    x = Value(-4.0)
    y = rectified(x)
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)


def test_assigning_a_name_anew_changes_no_value_in_place() -> None:
    a, b = Value(-4.0), Value(2.0)
    g = assigned_anew(a, b)
    g.backward()
    assert g.data == pytest.approx(24.70408163265306, rel=1e-14)
    assert a.grad == pytest.approx(138.83381924198252, rel=1e-14)
    assert b.grad == pytest.approx(645.5772594752186, rel=1e-14)


class Neuron:
    def __init__(self, weights: list[float], bias: float, rectified: bool = True) -> None:
        self.w, self.b = [Value(w) for w in weights], Value(bias)
        self.rectified = rectified

    def __call__(self, x: list[Value]) -> Value:
        out = sum((w * each for w, each in zip(self.w, x, strict=True)), self.b)
        return out.relu() if self.rectified else out


def test_a_network_of_neurons_trains_to_the_known_parameters() -> None:
    points = [(0.9, 0.3), (-0.8, 0.5), (0.2, 0.9), (1.1, -0.4), (0.4, -0.5), (2.0, 0.1)]
    sides = np.array([-1, -1, -1, 1, 1, 1])  # NumPy's integers mix with values, as in its demo
    starts = [([0.25, 0.79], 0.55), ([-0.55, -0.4], 0.75), ([-0.99, 0.64], 0.59)]
    hidden = [Neuron(*start) for start in starts]
    last = Neuron([-0.06, -0.39, -0.44], -0.49, rectified=False)
    parameters = [p for neuron in [*hidden, last] for p in [*neuron.w, neuron.b]]
    seen = []
    for _ in range(5):
        scores = [last([neuron(list(map(Value, point))) for neuron in hidden]) for point in points]
        losses = [(1 + -side * score).relu() for side, score in zip(sides, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in parameters)
        for p in parameters:
            p.grad = 0  # a whole number will do
        loss.backward()
        for p in parameters:
            p.data -= 0.5 * p.grad
        seen.append(loss.data)
    known = [0.8977441300000001, 0.8455627285253691, 0.8002951751783886, 0.7540276426514803]
    assert seen == pytest.approx([*known, 0.7089984671633932], rel=1e-13)
    assert [p.data for p in last.w] == pytest.approx(
        [-0.04442486035516803, -0.15926284878059177, -0.7149713804928407], rel=1e-12
    )


def trace(root: Value) -> tuple[set[Value], set[tuple[Value, Value]]]:
    """Collect nodes and edges by micrograd's names, as code that draws graphs does."""
    nodes, edges, stack = {root}, set(), [root]
    while stack:
        value = stack.pop()
        for child in value._prev:
            edges.add((child, value))
            if child not in nodes:
                nodes.add(child)
                stack.append(child)
    return nodes, edges


def test_a_graph_can_be_collected_by_micrograds_names() -> None:
    x = Value(1.0)
    y = (x * 2 + 1).relu()
    y.backward()
    nodes, edges = trace(y)
    assert sorted(value._op for value in nodes) == ["", "", "", "*", "+", "relu"]
    assert len(edges) == 5
    assert f"data {x.data:.4f} | grad {x.grad:.4f}" == "data 1.0000 | grad 2.0000"


def test_an_input_that_enters_twice_is_one_of_prev() -> None:
    x = Value(3.0)
    assert (x * x)._prev == {x}
    assert x._prev == set()


@pytest.mark.parametrize("name", ["_prev", "_op"])
def test_micrograds_names_are_for_reading_only(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(Value(1.0), name, "+")


def test_an_operation_of_ones_own_states_its_slopes_where_micrograd_has_a_backward() -> None:
    x = Value(0.5)
    sine = Value(math.sin(x.data), (x,), (math.cos(x.data),), "sin")
    (sine * sine).backward()
    assert x.grad == pytest.approx(math.sin(1.0))  # 2 sin cos
    with pytest.raises(EngineTypeError, match="no _backward is needed"):
        Value(math.sin(x.data), (x,), "sin")  # type: ignore[arg-type]


def test_the_power_may_be_any_plain_number() -> None:
    x = Value(2.0)
    (x**-1 + x**0.5 + x ** np.float64(3)).backward()
    assert x.grad == pytest.approx(-0.25 + 0.5 / math.sqrt(2) + 12)
