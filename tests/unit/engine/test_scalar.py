"""`Value`: results, gradients, the graph, and what it refuses."""

import copy
import gc
import math
import pickle
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from refusing import raised

from pyengine import EngineError, EngineTypeError, EngineValueError, Tensor, Value
from pyengine.graph import Linked

numbers = st.floats(-3, 3, allow_subnormal=False)

ONE_INPUT: dict[str, Callable[[Any], Any]] = {
    "3 + x": lambda x: 3 + x,
    "x - 2": lambda x: x - 2,
    "2 - x": lambda x: 2 - x,
    "5 * x": lambda x: 5 * x,
    "x / 4": lambda x: x / 4,
    "-x": lambda x: -x,
    "x**3": lambda x: x**3,
    "x**0": lambda x: x**0,
    "tanh": lambda x: x.tanh(),
    "exp": lambda x: x.exp(),
    "sigmoid": lambda x: x.sigmoid(),
    "log of 1 + x²": lambda x: (1 + x * x).log(),
    "x feeds three": lambda x: x * x.tanh() + x / (2 + x.exp()),
    "square root": lambda x: (x * x + 1) ** 0.5,
}


def slope_by_nudging(f: Callable[[Any], Any], x: float, nudge: float = 1e-5) -> float:
    return float((f(Value(x + nudge)).data - f(Value(x - nudge)).data) / (2 * nudge))


@pytest.mark.parametrize("name", ONE_INPUT)
@settings(deadline=None, max_examples=40)
@given(at=numbers)
def test_gradients_agree_with_nudging(name: str, at: float) -> None:
    x = Value(at)
    ONE_INPUT[name](x).backward()
    assert x.grad == pytest.approx(slope_by_nudging(ONE_INPUT[name], at), rel=1e-6, abs=1e-7)


@settings(deadline=None)
@given(a=numbers, b=numbers)
def test_gradients_of_two_inputs_agree_with_nudging(a: float, b: float) -> None:
    assume(abs(b) > 0.1)
    x, y = Value(a), Value(b)
    f = lambda x, y: (x * y - x / y).tanh() + x * x * y  # noqa: E731
    f(x, y).backward()
    assert x.grad == pytest.approx(slope_by_nudging(lambda v: f(v, Value(b)), a), abs=2e-5)
    assert y.grad == pytest.approx(slope_by_nudging(lambda v: f(Value(a), v), b), abs=2e-5)


def test_a_reused_value_adds_up_what_it_receives() -> None:
    # Taken from the question learners ask most: why a topological sort?
    # A walk that visits b before c has finished would give a.grad the wrong value.
    a = Value(1.0)
    b = a + a
    c = b + b
    c.backward()
    assert (b.grad, a.grad) == (2.0, 4.0)


def test_relu_is_flat_at_zero() -> None:
    x = Value(0.0)
    x.relu().backward()
    assert x.grad == 0.0


def test_sigmoid_and_tanh_do_not_overflow() -> None:
    assert Value(1000.0).sigmoid().data == 1.0
    assert Value(-1000.0).sigmoid().data == 0.0
    assert Value(1000.0).tanh().data == 1.0
    assert Value(-700.0).sigmoid().data == pytest.approx(math.exp(-700))


def test_the_square_root_is_infinitely_steep_at_zero() -> None:
    x = Value(0.0)
    (x**0.5).backward()
    assert x.grad == math.inf


@pytest.mark.parametrize(
    ("x", "power", "slope"),
    [(1e-200, -1, -math.inf), (-1e-150, -2, math.inf), (1e-200, -0.75, -math.inf)],
)
def test_a_slope_too_large_for_a_float_is_infinite(x: float, power: float, slope: float) -> None:
    assert (Value(x) ** power).local_grads == (slope,)


def test_a_power_of_minus_1_has_the_slope_of_the_division() -> None:
    assert (Value(1e-200) ** -1).edges[0][1] == (1 / Value(1e-200)).edges[1][1]


def test_relu_lets_nan_be_seen() -> None:
    out = Value(math.nan).relu()
    assert math.isnan(out.data)
    assert out.local_grads == (1.0,)  # as PyTorch's


def test_leaves_accumulate_over_two_calls_and_inner_values_do_not() -> None:
    x = Value(3.0)
    inner = x * x
    out = inner * 2
    out.backward()
    assert (x.grad, inner.grad, out.grad) == (12.0, 2.0, 1.0)
    out.backward()
    assert (x.grad, inner.grad, out.grad) == (24.0, 2.0, 1.0)


def test_two_losses_add_up_in_a_shared_parameter() -> None:
    w = Value(2.0)
    shared = w * 3
    (shared * 2).backward()
    (shared * shared).backward()
    assert w.grad == 3 * 2 + 3 * 2 * 6


def test_backward_on_a_leaf_counts_itself() -> None:
    x = Value(3.0)
    x.backward()
    assert x.grad == 1.0


def test_the_graph_keeps_the_numbers_of_its_own_forward_pass() -> None:
    w = Value(2.0)
    loss = w * w
    w.data = 100.0  # as an optimizer would
    loss.backward()
    assert w.grad == 4.0


def test_a_chain_of_100_000_operations_is_walked_and_let_go_without_recursion() -> None:
    x = Value(1.0)
    out = x
    for _ in range(100_000):
        out = out + x
    out.backward()
    assert (out.data, x.grad) == (100_001.0, 100_001.0)
    assert len(out.walk()) == 100_001
    del out  # a recursive release would be reported here, as an exception nobody catches
    assert Linked._release.queue == []


def test_a_long_chain_caught_in_a_cycle_is_collected_as_well() -> None:
    gc.collect()
    before = sum(type(thing) is Value for thing in gc.get_objects())
    out = Value(1.0)
    for _ in range(20_000):
        out = out * 1.0
    cycle: list[object] = [out]
    cycle.append(cycle)
    del cycle, out
    gc.collect()
    assert sum(type(thing) is Value for thing in gc.get_objects()) == before
    assert Linked._release.queue == []


@pytest.mark.parametrize("at", range(1, 25))
def test_a_release_that_ctrl_c_ends_leaves_its_rest_to_the_next(
    at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chain() -> Value:
        out = Value(1.0)
        for _ in range(10):
            out = out * 1.0
        return out

    def interrupt(frame: Any, event: str, _: object) -> Any:
        """Raise at one line of the release, counted over all nodes."""
        if frame.f_code is Linked.__del__.__code__:
            lines.append(event)
            if lines.count("line") == at:
                raise KeyboardInterrupt
            return interrupt
        return None

    lines: list[str] = []
    ignored: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda each: ignored.append(each.exc_type))
    gc.collect()
    before = sum(type(thing) is Value for thing in gc.get_objects())
    out, traced = chain(), sys.gettrace()
    sys.settrace(interrupt)
    try:
        del out
    finally:
        sys.settrace(traced)
    assert ignored == [KeyboardInterrupt]
    for _ in range(2):
        chain()
    assert sum(type(thing) is Value for thing in gc.get_objects()) == before
    assert Linked._release.queue == []


def test_a_construction_that_fails_is_let_go_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    ignored: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    for made in (Value, Tensor):
        with pytest.raises(TypeError):
            made()
    with pytest.raises(TypeError):
        Value("2")  # type: ignore[arg-type]
    gc.collect()
    assert ignored == []


def test_a_branching_graph_is_let_go_completely() -> None:
    gc.collect()
    before = sum(type(thing) is Value for thing in gc.get_objects())
    values = [Value(i) for i in range(50)]
    for _ in range(50):
        values = [a * b + a for a, b in zip(values, values[1:] + values[:1], strict=True)]
        values = [value.tanh() for value in values]
    kept = values[7]
    del values
    kept.backward()
    del kept
    assert sum(type(thing) is Value for thing in gc.get_objects()) == before


def test_what_is_still_in_use_survives_the_release_of_its_user() -> None:
    x = Value(2.0)
    y = x * 3
    z = y + 1
    del z
    y.backward()
    assert (y.inputs[0] is x, x.grad) == (True, 3.0)


def test_walk_lists_inputs_before_what_they_feed_and_each_once() -> None:
    a, b = Value(1.0, label="a"), Value(2.0, label="b")
    c = (a * b).named("c")
    d = (c + a).named("d")
    assert [value.label for value in (d * c).named("e").walk()] == ["a", "b", "c", "d", "e"]


def test_edges_carry_the_local_derivatives() -> None:
    a, b = Value(6.0), Value(3.0)
    assert [(v.data, slope) for v, slope in (a / b).edges] == [(6.0, 1 / 3), (3.0, -6 / 9)]
    assert [(v.data, slope) for v, slope in (a - b).edges] == [(6.0, 1.0), (3.0, -1.0)]
    assert Value(1.0).edges == ()


def test_numpy_scalars_mix_with_values_on_either_side() -> None:
    x = Value(np.float32(0.5))
    assert type(x.data) is float
    for mixed in (np.float64(2) * x, x * np.float64(2), np.int64(2) * x, np.float32(2) * x):
        assert isinstance(mixed, Value)
        assert mixed.data == 1.0


def test_sum_works_on_values() -> None:
    assert sum([Value(1.0), Value(2.0)]).data == 3.0


def test_math_functions_refuse_values_rather_than_drop_their_gradient() -> None:
    with pytest.raises(TypeError):
        math.exp(Value(1.0))  # type: ignore[arg-type]


def test_repr_shows_data_gradient_and_label() -> None:
    assert repr(Value(2)) == "Value(data=2.0, grad=0.0)"
    assert repr(Value(2, label="w")) == "Value(data=2.0, grad=0.0, label='w')"


REFUSED: dict[str, tuple[Callable[[], object], type[EngineError], str]] = {
    "log of zero": (
        lambda: Value(0.0).log(),
        EngineValueError,
        "log: expected a number above 0; got 0.0. "
        "A probability that reached 0 has infinite loss; work from logits instead.",
    ),
    "division by zero": (
        lambda: Value(1.0) / 0,
        EngineValueError,
        "/: expected a divisor other than 0; got 1.0 / 0.0.",
    ),
    "zero to a negative power": (
        lambda: Value(0.0) ** -1,
        EngineValueError,
        "**: expected a base other than 0; got 0.0 ** -1.",
    ),
    "root of a negative number": (
        lambda: Value(-8.0) ** 0.5,
        EngineValueError,
        "**: expected a base of at least 0; got -8.0 ** 0.5. "
        "A negative number has no real power of that kind.",
    ),
    "power too large": (
        lambda: Value(1e200) ** 2,
        EngineValueError,
        "**: expected a power that fits a 64-bit float; got 1e+200 ** 2.",
    ),
    "exponential too large": (
        lambda: Value(1000.0).exp(),
        EngineValueError,
        "exp: expected a number up to 709.78, beyond which e to its power exceeds a 64-bit "
        "float; got 1000.0.",
    ),
    "a Value as exponent": (
        lambda: Value(2.0) ** Value(3.0),  # type: ignore[operator]
        EngineTypeError,
        "**: expected a plain number as exponent; got Value(data=3.0, grad=0.0) (Value). "
        "For a power that is itself a Value, write (exponent * base.log()).exp().",
    ),
    "a Value as exponent of a number": (
        lambda: 2 ** Value(3.0),
        EngineTypeError,
        "**: expected a plain number as exponent; got Value(data=3.0, grad=0.0) (Value). "
        "For a power with a Value as exponent, write (exponent * math.log(base)).exp().",
    ),
    "a name where slopes belong": (
        lambda: Value(4.0, (Value(2.0),), "s"),  # type: ignore[arg-type]
        EngineTypeError,
        "Value: expected local_grads of length 1, a slope for each input; got 's'. "
        "Write Value(data, inputs, local_grads, op); no _backward is needed.",
    ),
    "a slope too few": (
        lambda: Value(4.0, (Value(2.0), Value(2.0)), (1.0,), "+"),
        EngineTypeError,
        "Value: expected local_grads of length 2, a slope for each input; got (1.0,). "
        "Write Value(data, inputs, local_grads, op); no _backward is needed.",
    ),
    "no slopes": (
        lambda: Value(4.0, (Value(2.0),)),
        EngineTypeError,
        "Value: expected local_grads of length 1, a slope for each input; got (). "
        "Write Value(data, inputs, local_grads, op); no _backward is needed.",
    ),
    "text": (
        lambda: Value("2"),  # type: ignore[arg-type]
        EngineTypeError,
        "Value: expected one real number; got '2' (str). A Value holds one number.",
    ),
    "an array": (
        lambda: np.ones(2) * Value(1.0),
        EngineTypeError,
        "Value: expected one real number; got array([1., 1.]) (ndarray). A Value holds one number.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_an_explanation(name: str) -> None:
    call, error, message = REFUSED[name]
    assert raised(error, call) == message


def test_errors_are_also_pythons_own_and_survive_pickling() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Value(-1.0).log()
    with pytest.raises(TypeError, match="one real number"):
        Value(None)  # type: ignore[arg-type]
    error = EngineValueError("f", "x", "y", "Do z.")
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(twin), str(twin)) == (EngineValueError, "f: expected x; got y. Do z.")
