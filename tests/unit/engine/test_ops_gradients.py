"""Every operation of the table: gradients against measured slopes, precision, no side effects."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
    arrays,
    basic_indices,
    integer_array_indices,
    mutually_broadcastable_shapes,
)
from parity import op_cases
from parity.op_cases import CASES, Shapes

from pyengine import Tensor, check_grads, ops
from pyengine import functional as F

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

quick = settings(deadline=None, max_examples=50, derandomize=True)
some, any_number = st.integers(1, 4), st.integers(0, 3)
anything = array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)
batch = array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3)  # all but the last dimensions
pairs = mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=3, max_dims=4)
matrices = mutually_broadcastable_shapes(
    signature="(m,k),(k,n)->(m,n)", min_side=0, max_side=3, max_dims=2
)
of_one_input = st.builds(lambda shape: (shape,), anything)
heads = st.builds(lambda b, t, c: ((*b, t, c),) * 3, batch, some, some)

SHAPES_OF: dict[str, st.SearchStrategy[Shapes]] = {
    **dict.fromkeys(op_cases.ELEMENTWISE, of_one_input),
    **dict.fromkeys(("a + b", "a - b", "a * b", "a / b"), pairs.map(lambda p: p.input_shapes)),
    **dict.fromkeys(op_cases.ACTIVATIONS, of_one_input),
    "a @ b": matrices.map(lambda m: m.input_shapes),
    "linear": st.builds(lambda b, n, m: ((*b, n), (m, n), (m,)), batch, some, some),
    "linear without bias": st.builds(lambda b, n, m: ((*b, n), (m, n)), batch, some, some),
    "embedding, ids repeated": st.builds(lambda c, v: ((4 + v, c),), any_number, any_number),
    "embedding of one id": st.builds(lambda c, v: ((2 + v, c),), any_number, any_number),
    "embedding of nothing": st.builds(lambda c, v: ((v, c),), any_number, some),
    "layer norm": st.builds(lambda b, c: ((*b, c), (c,), (c,)), batch, some),
    "layer norm without bias": st.builds(lambda b, c: ((*b, c), (c,)), batch, some),
    "layer norm of single numbers": st.builds(lambda b: ((*b, 1), (1,), (1,)), batch),
    "dropout": of_one_input,
    "attention, causal": heads,
    "attention, not causal": st.builds(
        lambda b, t, s, c, d: ((*b, t, c), (*b, s, c), (*b, s, d)), batch, some, some, some, some
    ),
    "attention with dropout": heads,
    "self-attention": st.builds(lambda b, t, d: ((b, t, 6 * d),), some, some, some),
    "softmax": st.builds(lambda b, c: ((*b, c),), batch, some),
    "softmax over 0": st.builds(lambda b, c: ((c, *b),), batch, some),
    "log softmax": st.builds(lambda b, c: ((*b, c),), batch, some),
    "log softmax over -2": st.builds(lambda b, c, n: ((*b, c, n),), batch, some, any_number),
    "cross-entropy": st.builds(lambda c: ((4, 2 + c),), some),
    "cross-entropy of one row": st.builds(lambda c: ((1 + c,),), some),
}


@pytest.mark.parametrize("name", SHAPES_OF)
@given(data=st.data())
@settings(quick, max_examples=25)  # for each operation
def test_gradients_are_slopes_whatever_the_shapes(name: str, data: st.DataObject) -> None:
    shapes = data.draw(SHAPES_OF[name])
    rng = np.random.default_rng(0)
    check_grads(CASES[name].ours, *inputs(name, shapes), rng=rng, projections=1)


def test_every_operation_meets_such_shapes() -> None:
    apart = op_cases.REDUCTIONS.keys() | op_cases.SHAPES.keys()  # below, with any dims and indices
    assert SHAPES_OF.keys() == CASES.keys() - apart


# And for arguments that nobody thought of, against NumPy too

TWO_INPUTS: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]] = {
    "add": (lambda a, b: a + b, np.add),
    "sub": (lambda a, b: a - b, np.subtract),
    "mul": (lambda a, b: a * b, np.multiply),
    "div": (lambda a, b: a / b, np.divide),
}


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


@given(shape=array_shapes(min_dims=1, max_dims=4, max_side=4), data=st.data())
@quick
def test_whatever_is_picked_out(shape: Any, data: st.DataObject) -> None:
    parts, places = basic_indices(shape, allow_newaxis=True), integer_array_indices(shape)
    index = data.draw(parts | places)
    check(lambda x: x[index], lambda x: x[index], [shape])


@given(shape=array_shapes(min_dims=1, max_dims=4, max_side=4), data=st.data())
@quick
def test_whatever_dimension_holds_the_probabilities(shape: Any, data: st.DataObject) -> None:
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))

    def softmax(x: Any) -> Any:
        return np.exp(x) / np.exp(x).sum(dim, keepdims=True)

    check(lambda x: F.softmax(x, dim), softmax, [shape])
    check(lambda x: F.log_softmax(x, dim), lambda x: np.log(softmax(x)), [shape])


@given(b=array_shapes(min_dims=0, max_dims=1, max_side=5), v=st.integers(1, 5), data=st.data())
@quick
def test_whatever_tokens_came(b: Any, v: int, data: st.DataObject) -> None:
    ids = data.draw(arrays(np.int64, b, elements=st.integers(0, v - 1)))

    def mean_surprise(x: Any) -> Any:
        p = np.exp(x) / np.exp(x).sum(-1, keepdims=True)
        return -np.log(np.take_along_axis(p, ids[..., None], -1)).mean()

    check(lambda x: F.cross_entropy(x, ids), mean_surprise, [(*b, v)])
    check(lambda w: F.embedding(ids, w), lambda w: w[ids], [(v, 3)])
