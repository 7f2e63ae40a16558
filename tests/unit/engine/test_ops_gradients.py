"""Every operation of the table: gradients against measured slopes, precision, no side effects."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes
from parity import op_cases
from parity.op_cases import CASES, Shapes

from pyengine import Tensor, check_grads, ops

every_case = pytest.mark.parametrize(("name", "shapes"), op_cases.all_of_them(), ids=str)


def inputs(name: str, shapes: Shapes, dtype: Any = np.float64) -> list[Tensor]:
    arrays = op_cases.numbers(shapes, CASES[name].low, CASES[name].high)
    return [Tensor(x.astype(dtype), requires_grad=True) for x in arrays]


@every_case
def test_gradients_are_the_slopes_that_are_measured(name: str, shapes: Shapes) -> None:
    check_grads(CASES[name].ours, *inputs(name, shapes), rng=np.random.default_rng(0))


@every_case
def test_float32_stays_float32_there_and_back(name: str, shapes: Shapes) -> None:
    leaves = inputs(name, shapes, np.float32)
    out = CASES[name].ours(*leaves)
    passed = []
    for node in out.walk():
        assert node.dtype == np.float32
        if node.op:
            passed += node.op.backward(np.ones_like(node.data))
    assert {grad.dtype for grad in passed} == {np.dtype(np.float32)}


@every_case
def test_neither_inputs_nor_results_are_written_to(name: str, shapes: Shapes) -> None:
    leaves = inputs(name, shapes)
    before = [leaf.data.copy() for leaf in leaves]
    for leaf in leaves:
        leaf.data.flags.writeable = False
    out = CASES[name].ours(*leaves)
    result, grad = out.data.copy(), op_cases.numbers((out.shape,), seed=1)[0]
    grad.flags.writeable = False
    out.backward(grad, retain_graph=True)
    once = [leaf.grad for leaf in leaves]
    out.backward(grad)
    np.testing.assert_array_equal(out.data, result)
    for leaf, old, first in zip(leaves, before, once, strict=True):
        np.testing.assert_array_equal(leaf.data, old)
        np.testing.assert_array_equal(leaf.grad, 2 * first)  # twice the same


def test_the_table_has_every_operation() -> None:
    public = [getattr(ops, name) for name in ops.__all__]
    operations = {each for each in public if hasattr(each, "backward") and each is not ops.Op}
    used = set()
    for name, shapes in op_cases.all_of_them():
        used |= {type(node.op) for node in CASES[name].ours(*inputs(name, shapes)).walk()}
    assert len(operations) > 25
    assert operations == used - {type(None)}


# The same for shapes that nobody thought of

TWO_INPUTS: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]] = {
    "add": (lambda a, b: a + b, np.add),
    "sub": (lambda a, b: a - b, np.subtract),
    "mul": (lambda a, b: a * b, np.multiply),
    "div": (lambda a, b: a / b, np.divide),
}
pairs = mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=3, max_dims=4)
matrices = mutually_broadcastable_shapes(
    signature="(m,k),(k,n)->(m,n)", min_side=0, max_side=3, max_dims=2
)
quick = settings(deadline=None, max_examples=50)


def check(function: Callable[..., Tensor], expected: Callable[..., Any], shapes: Any) -> None:
    arrays = op_cases.numbers(tuple(shapes), 0.5, 2.0)
    tensors = [Tensor(x) for x in arrays]
    np.testing.assert_allclose(function(*tensors).data, expected(*arrays), rtol=1e-13, atol=1e-13)
    check_grads(function, *tensors, rng=np.random.default_rng(0), projections=1)


@pytest.mark.parametrize("name", TWO_INPUTS)
@given(shapes=pairs)
@quick
def test_whatever_broadcasts(name: str, shapes: Any) -> None:
    check(*TWO_INPUTS[name], shapes.input_shapes)


@given(shapes=matrices)
@quick
def test_whatever_matrices_can_be_multiplied(shapes: Any) -> None:
    check(lambda a, b: a @ b, np.matmul, shapes.input_shapes)


@given(shape=array_shapes(min_dims=0, max_dims=4, max_side=3), data=st.data())
@quick
def test_whatever_dimensions_are_summed(shape: Any, data: st.DataObject) -> None:
    dims = st.integers(-len(shape), len(shape) - 1) if shape else st.nothing()
    several = st.lists(dims, unique_by=lambda dim: dim % len(shape)).map(tuple)
    dim, kept = data.draw(several), data.draw(st.booleans())
    for name in ("sum", "mean", "max"):
        check(
            lambda x, name=name: getattr(x, name)(dim, keepdim=kept),
            lambda x, name=name: getattr(np, name)(x, axis=dim, keepdims=kept),
            [shape],
        )


@given(shape=array_shapes(min_dims=0, max_dims=4, max_side=3), data=st.data())
@quick
def test_whatever_order_the_dimensions_are_put_in(shape: Any, data: st.DataObject) -> None:
    dims = data.draw(st.permutations(range(len(shape))))
    dims = [dim - data.draw(st.sampled_from([0, len(shape)])) for dim in dims]
    check(lambda x: x.permute(*dims), lambda x: x.transpose(dims), [shape])
    check(lambda x: x.permute(*dims).reshape(-1), lambda x: x.transpose(dims).reshape(-1), [shape])
