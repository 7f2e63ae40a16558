"""Operations on NumPy arrays, the forward and the backward of each side by side.

    elementwise     + − × ÷ ** exp log tanh sigmoid
    activations     ReLU, GELU, SiLU
    reductions      sum, mean, max
    shapes          reshape, permute, index
    products        matrix product, linear layer, embedding
    layers          layer normalization, dropout, attention
    probabilities   softmax, log-softmax, cross-entropy

An operation is an object that lives for one use. `forward` computes the result and keeps what
`backward` will need; `backward` takes the gradient of the loss with respect to that result and
returns the gradient with respect to each input, as a tuple. That pair is all a `Tensor` has to
know about an operation.

Names and meanings are PyTorch's, with one difference: what has no result (log of 0, division by 0,
softmax of nan) raises an `EngineError` that explains itself where PyTorch would return nan or inf.
"""

from pyengine.ops._op import Array, Integers, Op, as_array, as_floats, check_dim, unbroadcast
from pyengine.ops.activations import GELU, ReLU, SiLU, TanhGELU
from pyengine.ops.elementwise import Add, Div, Exp, Log, Mul, Neg, Pow, Sigmoid, Sub, Tanh
from pyengine.ops.layers import Attention, Dropout, LayerNorm, SelfAttention
from pyengine.ops.probabilities import CrossEntropy, LogSoftmax, Softmax
from pyengine.ops.products import Embedding, Linear, Matmul
from pyengine.ops.reductions import Dim, Max, Mean, Sum
from pyengine.ops.shapes import Index, Permute, Reshape

__all__ = [
    "GELU",
    "Add",
    "Array",
    "Attention",
    "CrossEntropy",
    "Dim",
    "Div",
    "Dropout",
    "Embedding",
    "Exp",
    "Index",
    "Integers",
    "LayerNorm",
    "Linear",
    "Log",
    "LogSoftmax",
    "Matmul",
    "Max",
    "Mean",
    "Mul",
    "Neg",
    "Op",
    "Permute",
    "Pow",
    "ReLU",
    "Reshape",
    "SelfAttention",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Sub",
    "Sum",
    "Tanh",
    "TanhGELU",
    "as_array",
    "as_floats",
    "check_dim",
    "unbroadcast",
]
