"""Checkpoints: exact to the last bit, refused when they do not fit, resumed as if never stopped."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyengine import Adam, EngineTypeError, EngineValueError, safetensors
from pyengine.checkpoint import (
    Checkpoint,
    from_bytes,
    load_checkpoint,
    load_into,
    save_checkpoint,
    to_bytes,
)

# Any text, even half a surrogate pair, which UTF-8 cannot hold as it is.
texts = st.text(st.characters(), max_size=3)
finite = st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | finite | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


class Weights:
    """A parameter that is an array."""

    def __init__(self, data: Any) -> None:
        self.data = np.array(data)
        self.grad: Any = None


# Saving and loading


@given(st.dictionaries(texts, json_values, max_size=3))
@settings(deadline=None)
def test_about_comes_back_exactly(about: dict[str, Any]) -> None:
    assert repr(from_bytes(to_bytes({}, about)).about) == repr(about)  # 1, 1.0, True; 0.0, −0.0


def test_numpys_64_bit_floats_come_back_as_equal_floats() -> None:
    loss = np.float64(2) / 3
    found = from_bytes(to_bytes({}, {"loss": loss})).about["loss"]
    assert (type(found), found) == (float, loss)


def test_arrays_come_back_bit_for_bit(tmp_path: Path) -> None:
    w = np.array([math.nan, -0.0, 5e-324, math.inf], np.float64)
    save_checkpoint(tmp_path / "c.safetensors", {"model.w": w}, {})
    found = load_checkpoint(tmp_path / "c.safetensors").tensors["model.w"]
    assert found.tobytes() == w.tobytes()


def test_parts_are_named_up_to_a_dot() -> None:
    tensors = {name: np.zeros(1) for name in ("model.w", "model.h.0.w", "modelling.w", "model")}
    checkpoint = Checkpoint(tensors, {})
    assert list(checkpoint.part("model")) == ["w", "h.0.w"]
    assert list(checkpoint.part("model.h")) == ["0.w"]
    assert checkpoint.part("optimizer") == {}


def test_a_checkpoint_is_a_safetensors_file_that_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "c.safetensors"
    save_checkpoint(path, {"model.w": np.ones(2)}, {"step": 3})
    tensors, metadata = safetensors.load_safetensors(path)
    assert list(tensors) == ["model.w"]
    assert metadata == {
        "format": "pyengine.checkpoint",
        "version": "1",
        "about": '{"step": 3}',
    }
    assert path.read_bytes() == to_bytes({"model.w": np.ones(2)}, {"step": 3})


# Resuming


class Run:
    """Noisy descent: weights, optimizer, random generator, step."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.w = Weights(self.rng.normal(size=(3, 4)).astype(np.float32))
        self.optimizer = Adam([self.w], lr=0.1)
        self.step = 0

    def train(self, steps: int) -> None:
        for _ in range(steps):
            self.w.grad = self.w.data + self.rng.normal(size=(3, 4)).astype(np.float32)
            self.optimizer.lr = 0.1 / (1 + self.step / 3)
            self.optimizer.step()
            self.step += 1

    def save(self, path: Path) -> None:
        memory = {f"optimizer.{key}": np.array(x) for key, x in self.optimizer.state().items()}
        about = {"step": self.step, "lr": self.optimizer.lr, "rng": self.rng.bit_generator.state}
        save_checkpoint(path, {"model.w": self.w.data, **memory}, about)

    def load(self, path: Path) -> None:
        checkpoint = load_checkpoint(path)
        load_into({"w": self.w}, checkpoint.part("model"))
        self.optimizer.load_state(checkpoint.part("optimizer"))
        self.rng.bit_generator.state = checkpoint.about["rng"]
        self.step, self.optimizer.lr = checkpoint.about["step"], checkpoint.about["lr"]


def test_a_resumed_run_takes_the_steps_it_would_have_taken(tmp_path: Path) -> None:
    path = tmp_path / "c.safetensors"
    whole, first, second = Run(seed=0), Run(seed=0), Run(seed=1)
    whole.train(20)
    first.train(7)
    first.save(path)
    second.load(path)
    second.train(13)
    assert second.w.data.tobytes() == whole.w.data.tobytes()
    assert (second.step, second.optimizer.lr) == (whole.step, whole.optimizer.lr)
    assert second.rng.random() == whole.rng.random()


# Loading into parameters


def test_parameters_get_copies_and_what_they_held_is_left_alone() -> None:
    w, n, array = Weights([1.0, 2.0]), Weights(1), np.array([3.0, 4.0])
    before = w.data
    load_into({"w": w, "n": n}, {"n": np.array(5), "w": array})
    array[:] = 0
    assert (w.data.tolist(), n.data.item()) == ([3.0, 4.0], 5)
    assert before.tolist() == [1.0, 2.0]


def test_every_mismatch_is_named_and_nothing_is_loaded() -> None:
    parameters = {
        "fits": Weights([1.0]),
        "wte.weight": Weights(np.zeros((65, 128))),
        "wpe.weight": Weights(np.zeros((8, 4))),
        "lm_head.weight": Weights(np.zeros(3, np.float32)),
        "ln_f.bias": Weights(np.zeros(2)),
    }
    arrays = {
        "fits": np.array([2.0]),
        "wte.weight": np.zeros((65, 64)),
        "wpe.weight": np.zeros(8),
        "lm_head.weight": np.zeros(3),
        "h.9.bias": np.zeros(1),
    }
    with pytest.raises(EngineValueError) as caught:
        load_into(parameters, arrays, {"wte.weight": ("V", "C")})
    assert str(caught.value) == (
        "load_into: expected one array for each parameter, of its shape and dtype; "
        "got 5 that do not fit, so nothing was loaded:\n"
        "  wte.weight: expected shape (V, C) = (65, 128), got (65, 64)\n"
        "  wpe.weight: expected shape (8, 4), got (8,)\n"
        "  lm_head.weight: expected dtype float32, got float64\n"
        "  ln_f.bias: missing\n"
        "  h.9.bias: unexpected, there is no such parameter."
    )
    assert parameters["fits"].data.tolist() == [1.0]


# Refusals


A_LIST_OR = "None, a bool, int, float, string, list or dict"
USE_ITEM = "For NumPy's numbers and arrays, use .item() or .tolist(); for tuples, list(...)."
UNWRITABLE: dict[str, tuple[Any, type[Exception]]] = {
    "about to be a dict; got list.": ([1], EngineTypeError),
    "about['history'][1] to be finite; got nan. Write None for a number that is not known.": (
        {"history": [1.0, math.nan]},
        EngineValueError,
    ),
    "about['best'] to be finite; got inf. Write None for a number that is not known.": (
        {"best": math.inf},
        EngineValueError,
    ),
    f"about['adam']['betas'] to be {A_LIST_OR}; got tuple. {USE_ITEM}": (
        {"adam": {"betas": (0.9, 0.95)}},
        EngineTypeError,
    ),
    f"about['lr'] to be {A_LIST_OR}; got float32. {USE_ITEM}": (
        {"lr": np.float32(0.1)},
        EngineTypeError,
    ),
    "the keys of about['losses'] to be strings; got 10.": ({"losses": {10: 2.5}}, EngineTypeError),
}


@pytest.mark.parametrize("message", UNWRITABLE)
def test_saving_refuses_what_would_come_back_changed(message: str, tmp_path: Path) -> None:
    about, error = UNWRITABLE[message]
    with pytest.raises(error) as caught:
        save_checkpoint(tmp_path / "c.safetensors", {}, about)
    assert str(caught.value) == f"save_checkpoint: expected {message}"
    assert list(tmp_path.iterdir()) == []


def reading(metadata: dict[str, str]) -> Callable[[], object]:
    whole = {"format": "pyengine.checkpoint", "version": "1", "about": "{}", **metadata}
    return lambda: from_bytes(safetensors.to_bytes({}, whole))


UNREADABLE: dict[str, Callable[[], object]] = {
    "a checkpoint, of format 'pyengine.checkpoint'; got 'pt'. "
    "Read plain weights with load_safetensors.": reading({"format": "pt"}),
    "a checkpoint, of format 'pyengine.checkpoint'; got None. "
    "Read plain weights with load_safetensors.": lambda: from_bytes(safetensors.to_bytes({})),
    "a checkpoint of version '1'; got '2'. If it is a newer one, update pyengine.": reading(
        {"version": "2"}
    ),
    "about in JSON; got Expecting value: line 1 column 1 (char 0).": reading({"about": ""}),
    "about to be a dict; got list.": reading({"about": "[]"}),
}


@pytest.mark.parametrize("message", UNREADABLE)
def test_loading_refuses_with_an_explanation(message: str) -> None:
    with pytest.raises(EngineValueError) as caught:
        UNREADABLE[message]()
    assert str(caught.value) == f"from_bytes: expected {message}"


def test_about_may_be_nested_100_deep() -> None:
    about: dict[str, Any] = {}
    for _ in range(98):
        about = {"a": about}
    assert from_bytes(to_bytes({}, {"a": about})).about == {"a": about}
    with pytest.raises(EngineValueError) as caught:
        to_bytes({}, {"a": {"a": about}})
    assert str(caught.value) == (
        "to_bytes: expected about nested at most 100 deep; got more. Does it contain itself?"
    )
    with pytest.raises(EngineValueError, match="got brackets nested more than 100 deep"):
        reading({"about": "[" * 200_000})()


def test_about_may_not_contain_itself() -> None:
    about: dict[str, Any] = {}
    about["self"] = about
    with pytest.raises(EngineValueError, match="Does it contain itself"):
        to_bytes({}, about)


def test_a_refusal_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    safetensors.save_safetensors(path, {"w": np.ones(1)})
    with pytest.raises(EngineValueError) as caught:
        load_checkpoint(path)
    assert str(caught.value).startswith(f"load_checkpoint({str(path)!r}): expected a checkpoint")


def test_a_checkpoint_of_version_1_can_be_read_for_ever() -> None:
    header = {
        "__metadata__": {
            "about": '{"step": 7, "lr": 0.1}',
            "format": "pyengine.checkpoint",
            "version": "1",
        },
        "model.w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
    }
    text = json.dumps(header).encode()
    data = len(text).to_bytes(8, "little") + text + b"\x00\x00\x80\x3f"
    checkpoint = from_bytes(data)
    assert checkpoint.part("model")["w"].tolist() == [1.0]
    assert checkpoint.about == {"step": 7, "lr": 0.1}
