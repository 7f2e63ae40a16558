"""`backward`: what adds up, what is freed, what is refused; `no_grad`; operations of one's own."""

import gc
import weakref
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import numpy as np
import pytest
from refusing import raised

from pyengine import (
    EngineError,
    EngineTypeError,
    EngineValueError,
    ShapeError,
    Tensor,
    kernels,
    no_grad,
    ops,
)
from pyengine import functional as F
from pyengine.autograd import Node
from pyengine.checkpoint import load_into
from pyengine.graph import Linked
from pyengine.tensor import run


def leaf(*numbers: float) -> Tensor:
    return Tensor(list(numbers), requires_grad=True)


# Accumulating


def test_leaves_accumulate_over_two_losses() -> None:
    x = leaf(1.0, 2.0)
    (x * 3).sum().backward()
    (x * x).sum().backward()
    assert x.grad.tolist() == [5.0, 7.0]


def test_results_keep_no_gradient() -> None:
    x = leaf(1.0)
    y = x * 2
    (y * y).backward()
    assert (y.grad, x.grad.tolist()) == (None, [8.0])


def test_a_graph_that_is_retained_can_be_walked_again() -> None:
    x = leaf(3.0)
    loss = x * x
    loss.backward(retain_graph=True)
    loss.backward(retain_graph=True)
    loss.backward()
    assert x.grad.tolist() == [18.0]


def test_two_losses_may_share_a_part_that_the_first_retains() -> None:
    x = leaf(2.0)
    shared = x * x
    (shared * 3).backward(retain_graph=True)
    (shared * shared).backward()
    assert x.grad.tolist() == [3 * 4 + 4 * 8.0]


def test_a_node_passes_on_only_when_all_has_arrived() -> None:
    x = leaf(1.0)
    a = x + x
    b = a + a
    c = b * a + b
    c.backward()
    assert x.grad.tolist() == [8 * 2 * 1 + 4.0]  # c = 8 x² + 4 x


def test_gradients_of_two_leaves_never_share_memory() -> None:
    a, b, c = leaf(1.0, 2.0), leaf(1.0, 2.0), leaf(1.0, 2.0)
    sent = np.ones(2)
    ((a + b) + c.reshape(2, 1).reshape(2)).backward(sent)
    arrays = [a.grad, b.grad, c.grad, sent]
    assert not any(np.shares_memory(x, y) for i, x in enumerate(arrays) for y in arrays[:i])
    a.grad *= 0  # as clipping does
    assert (b.grad.tolist(), c.grad.tolist(), sent.tolist()) == ([1, 1], [1, 1], [1, 1])


def test_every_gradient_can_be_written_to() -> None:
    x, y = leaf(1.0, 2.0), Tensor(1.0, requires_grad=True)
    (x.sum() * y).backward()
    for gradient in (x.grad, y.grad):
        gradient *= 2


def test_a_gradient_may_be_sent_back_from_any_shape() -> None:
    x = leaf(1.0, 2.0)
    (x * x).backward([10, 1])
    assert x.grad.tolist() == [20.0, 4.0]


def test_one_number_in_any_shape_is_a_loss() -> None:
    x = Tensor([[3.0]], requires_grad=True)
    (x * 2).backward()
    assert x.grad.tolist() == [[2.0]]


def test_backward_on_a_leaf_counts_itself() -> None:
    x = Tensor(3.0, requires_grad=True)
    x.backward()
    assert x.grad == 1.0


def test_constants_get_no_gradient_and_are_not_recorded() -> None:
    x, constant = leaf(1.0), Tensor([2.0])
    product = constant * 3
    (x * product).backward()
    assert (constant.grad, product.op, product.inputs) == (None, None, ())


def test_what_is_frozen_after_the_fact_gets_none_either() -> None:
    w, x = leaf(2.0), leaf(3.0)
    loss = w * x
    w.requires_grad = False
    loss.backward()
    assert (w.grad, x.grad.tolist()) == (None, [2.0])


def test_gradients_have_their_tensors_precision() -> None:
    x = Tensor(np.ones(2, np.float32), requires_grad=True)
    (x * 2).backward(np.ones(2))  # a float64 gradient
    (x * Tensor(np.ones(2))).sum().backward()  # through a float64 result
    assert (x.grad.dtype, x.grad.tolist()) == (np.float32, [3.0, 3.0])


def test_an_operation_receives_the_gradient_in_its_results_precision() -> None:
    received = []

    class Spy:
        def forward(self, x: Any) -> Any:
            return x

        def backward(self, grad: Any) -> Any:
            received.append(grad)
            return (grad,)

    x = Tensor(np.float32(1), requires_grad=True)
    y = run(Spy(), x)
    (y * Tensor(2.0) + y).backward()  # a sum of two gradients, one of them float64
    run(Spy(), x).backward(1.0)
    assert [(type(grad), grad.dtype) for grad in received] == [(np.ndarray, np.float32)] * 2


def test_numbers_run_away_to_inf_and_nan_without_a_warning() -> None:
    x = Tensor(1e200, requires_grad=True)
    assert (x * x).item() == np.inf
    assert np.isnan((x * x - x * x).item())
    (x * np.inf - x * np.inf).backward()  # inf and −inf meet in x
    assert np.isnan(x.grad)
    low = Tensor(np.float32(1), requires_grad=True)
    (low * Tensor(1e300)).backward()  # more than a float32 can hold
    assert low.grad == np.inf


# Letting go


def test_backward_frees_the_graph_though_the_loss_is_kept() -> None:
    x = leaf(*range(1, 100))
    hidden = x * x
    memory = weakref.ref(hidden.data)
    loss = hidden.tanh().sum()
    del hidden
    assert memory() is not None
    loss.backward()
    assert memory() is None
    assert (loss.op, loss.inputs) == (None, ())


def test_a_graph_without_backward_is_freed_with_its_result() -> None:
    x = leaf(1.0, 2.0)
    hidden = x * x
    memory = weakref.ref(hidden.data)
    loss = hidden.sum()
    del hidden
    assert memory() is not None
    del loss
    assert memory() is None


def test_ten_steps_leave_nothing_behind() -> None:
    def step() -> None:
        ((w @ x).tanh() ** 2).mean().backward()
        w.data -= 0.1 * w.grad
        w.grad = None

    w, x = Tensor(np.ones((3, 2)), requires_grad=True), Tensor(np.ones((2, 4)))
    gc.collect()
    before = sum(isinstance(thing, Node) for thing in gc.get_objects())
    for _ in range(10):
        step()
    assert sum(isinstance(thing, Node) for thing in gc.get_objects()) == before


@pytest.mark.parametrize("backward", [True, False])
def test_a_chain_of_100_000_operations_is_walked_and_let_go_without_recursion(
    backward: bool,
) -> None:
    x = Tensor(1.0, requires_grad=True)
    out = x
    for _ in range(100_000):
        out = out + x
    if backward:
        out.backward()
        assert (out.item(), x.grad) == (100_001.0, 100_001.0)
    del out  # a recursive release would be reported here, as an exception nobody catches
    assert Linked._release.queue == []


def test_what_is_still_in_use_survives_the_release_of_its_user() -> None:
    x = leaf(2.0)
    y = x * 3
    z = y + 1
    del z
    y.backward()
    assert x.grad.tolist() == [3.0]


def test_walk_lists_inputs_before_what_they_feed_and_each_once() -> None:
    a, b = Tensor(1.0, True, "a"), Tensor(2.0, True, "b")
    c = a * b
    c.label = "c"
    d = c + a * 0
    d.label = "d"
    labels = [node.label for node in (d * c).walk()]
    assert [label for label in labels if label] == ["a", "b", "c", "d"]


# no_grad


def test_within_no_grad_nothing_is_recorded() -> None:
    x = leaf(1.0)
    with no_grad():
        y = x * 2
    assert (y.requires_grad, y.op) == (False, None)
    assert (x * 2).requires_grad


def test_no_grad_can_be_nested() -> None:
    x, off = leaf(1.0), no_grad()
    with off, no_grad():
        with off:
            assert not (x * 2).requires_grad
        assert not (x * 2).requires_grad
    assert (x * 2).requires_grad


def test_no_grad_decorates_functions_even_recursive_ones() -> None:
    @no_grad()
    def deep(x: Tensor, depth: int) -> Tensor:
        return deep(x, depth - 1) * 2 if depth else x * 2

    x = leaf(1.0)
    assert not deep(x, 3).requires_grad
    assert (x * 2).requires_grad


def test_recording_goes_on_after_an_exception() -> None:
    x = leaf(1.0)
    with pytest.raises(EngineError), no_grad():
        (x * 0).log()
    assert (x * 2).requires_grad


def test_one_no_grad_may_serve_threads_and_tasks_that_overlap() -> None:
    x, off = leaf(1.0), no_grad()
    one, two = copy_context(), copy_context()  # every thread and every asyncio task has one

    def recorded() -> bool:
        return (x * 2).requires_grad

    one.run(off.__enter__)
    two.run(off.__enter__)
    assert [each.run(recorded) for each in (one, two)] == [False, False]
    one.run(off.__exit__)
    assert [each.run(recorded) for each in (one, two)] == [True, False]
    two.run(off.__exit__)
    assert (two.run(recorded), recorded()) == (True, True)


def test_no_grad_decorates_without_brackets_too() -> None:
    @no_grad
    def double(x: Tensor) -> Tensor:
        """Twice x."""
        return x * 2

    x = leaf(1.0)
    assert not double(x).requires_grad
    assert (x * 2).requires_grad
    assert (double.__name__, double.__doc__) == ("double", "Twice x.")


# Numbers that change between forward and backward


def test_numbers_changed_after_a_result_is_done_with_do_no_harm() -> None:
    x = leaf(2.0)
    (x * x).backward()
    x.data = [5.0]
    (x * x).backward()
    assert x.grad.tolist() == [14.0]


def test_weights_loaded_since_are_noticed() -> None:
    w = leaf(2.0)
    loss = w * w
    load_into({"w": w}, {"w": np.array([5.0])})
    with pytest.raises(EngineValueError, match="other numbers, assigned"):
        loss.backward()


CHANGED = "got other numbers, assigned to .data since. "
COMPUTE = "Call backward before optimizer.step(), or compute the result again."


@pytest.mark.parametrize("which", ["leaf", "inner", "result"])
def test_backward_refuses_numbers_assigned_since_and_touches_no_gradient(which: str) -> None:
    x, other = leaf(2.0), leaf(3.0)
    inner = x.exp()
    result = inner * inner
    loss = result + other * 2
    nodes = {"leaf": x, "inner": inner, "result": result}
    nodes[which].data -= 1
    with pytest.raises(EngineValueError) as caught:
        loss.backward()
    # The operation met first: whose input or result it is.
    name = {"leaf": "Exp", "inner": "Exp", "result": "Mul"}[which]
    expected = f"backward: expected the numbers {name} was computed with; {CHANGED}{COMPUTE}"
    assert str(caught.value) == expected
    assert (x.grad, other.grad) == (None, None)


def test_a_second_backward_is_refused_and_touches_no_gradient() -> None:
    x, y = leaf(2.0), leaf(3.0)
    shared = x * x
    shared.backward()
    for again in (shared, shared * y):
        with pytest.raises(EngineValueError) as caught:
            again.backward()
        assert str(caught.value) == (
            "backward: expected one backward per forward; got a second backward through a graph "
            "that the first has let go. "
            "Compute the loss again, or pass retain_graph=True to the first backward."
        )
    assert (x.grad.tolist(), y.grad) == ([4.0], None)


# Operations of one's own


class Cube:
    """x³, as a reader would write it."""

    def forward(self, x: Any) -> Any:
        self.x = x
        return x**3

    def backward(self, grad: Any) -> Any:
        return (3 * self.x**2 * grad,)


def test_an_operation_of_ones_own_joins_the_graph() -> None:
    x = leaf(1.0, 2.0)
    run(Cube(), x * 2).sum().backward()
    assert x.grad.tolist() == [3 * 4 * 2, 3 * 16 * 2]


class Careless(Cube):
    """An operation whose backward returns what it is told to."""

    def __init__(self, returns: Callable[[Any], Any]) -> None:
        self.returns = returns

    def backward(self, grad: Any) -> Any:
        return self.returns(grad)


def after(returns: Callable[[Any], Any]) -> Callable[[], None]:
    return lambda: run(Careless(returns), leaf(1.0, 2.0, 3.0)).sum().backward()


SHAPE = "A gradient has the shape of what it is the gradient of; see ops.unbroadcast."
REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "several numbers as a loss": (
        lambda: leaf(1.0, 2.0).backward(),
        ShapeError,
        "backward: expected a single number, the loss; got shape (2,). "
        "Reduce it to one loss first, as with .mean(), or pass grad.",
    ),
    "no number as a loss": (
        lambda: leaf().backward(),
        ShapeError,
        "backward: expected a single number, the loss; got shape (0,). "
        "Reduce it to one loss first, as with .mean(), or pass grad.",
    ),
    "a gradient of another shape": (
        lambda: leaf(1.0, 2.0).backward([1.0]),
        ShapeError,
        "backward: expected grad of shape (2,); got shape (1,).",
    ),
    "a tensor as gradient": (
        lambda: leaf(1.0).backward(leaf(1.0)),  # type: ignore[arg-type]
        EngineTypeError,
        "NumPy: expected an array; got a Tensor. Write tensor.data for its numbers.",
    ),
    "nothing to train": (
        lambda: (Tensor(1.0) * 2).backward(),
        EngineValueError,
        "backward: expected a result of something to train; got Tensor(2.). "
        "Is it computed from parameters (requires_grad=True), outside no_grad?",
    ),
    "a sum for a gradient": (
        after(lambda grad: (grad.sum(),)),
        ShapeError,
        f"Careless.backward: expected gradients of shapes [(3,)]; got [()]. {SHAPE}",
    ),
    "a gradient that broadcasting stretched": (
        after(lambda grad: (grad + np.zeros((2, 1)),)),
        ShapeError,
        f"Careless.backward: expected gradients of shapes [(3,)]; got [(2, 3)]. {SHAPE}",
    ),
    "two gradients for one input": (
        after(lambda grad: (grad, grad)),
        ShapeError,
        f"Careless.backward: expected gradients of shapes [(3,)]; got [(3,), (3,)]. {SHAPE}",
    ),
    "a gradient without its tuple": (
        after(lambda grad: grad),
        EngineTypeError,
        "Careless.backward: expected a tuple of gradients, one for each input; got ndarray. "
        "For a single one, mind the comma: return (grad,).",
    ),
    "no gradient": (
        after(lambda grad: (None,)),
        EngineTypeError,
        "Careless.backward: expected real numbers; got an array of object.",
    ),
    "tensors for gradients": (
        after(lambda grad: (Tensor(grad),)),
        EngineTypeError,
        "NumPy: expected an array; got a Tensor. Write tensor.data for its numbers.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_an_explanation(name: str) -> None:
    call, error, message = REFUSED[name]
    assert raised(error, call) == message


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_gradient_is_one_array_of_its_leafs_own(dtype: Any) -> None:
    x, w, b = (Tensor(np.ones(s, dtype), requires_grad=True) for s in ((2, 3), (4, 3), (4,)))
    kinds = [lambda: F.linear(x, w, b), lambda: x + x, lambda: x.reshape(3, 2), lambda: x + x * 1]
    for compute in kinds:
        leaves = [x, w, b]
        for leaf in leaves:
            leaf.grad = None
        out = compute()
        given = np.ones(out.shape, dtype)
        out.backward(given)
        found = [given, *[leaf.grad for leaf in leaves if leaf.grad is not None]]
        for i, one in enumerate(found):
            assert one.flags.writeable
            assert not any(np.shares_memory(one, other) for other in found[:i])


def test_the_gradient_of_a_leaf_by_itself_is_its_own() -> None:
    x, given = Tensor([1.0, 2.0], requires_grad=True), np.array([3.0, 4.0])
    x.backward(given)
    given[:] = 0
    assert x.grad.tolist() == [3.0, 4.0]


def test_two_leaves_of_one_sum_do_not_share_a_gradient() -> None:
    x, y = (Tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    (x + y).backward(np.ones(2))
    x.grad *= 0.5
    assert y.grad.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("which", ["auto", "numpy"])
def test_a_layers_gradients_are_kept_without_a_copy(which: str) -> None:
    made = []

    class Seen(ops.Linear):
        def backward(self, grad: Any) -> Any:
            made.extend(super().backward(grad))
            return tuple(made)

    x, w = (Tensor(np.ones((2, 2)), requires_grad=True) for _ in range(2))
    with kernels.use(which):
        run(Seen(), x, w).backward(np.ones((2, 2)))
    assert [x.grad is made[0], w.grad is made[1]] == [True, True]
