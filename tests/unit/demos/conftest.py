"""The recorded run that demos read: made as a build makes it, or taken from the same cache."""

from pathlib import Path

import pytest

from coursewright.cache import bake_cache
from coursewright.language.course import load_course
from coursewright.publish.data import made
from demos import micro

COURSE = Path(__file__).parents[3] / "course"


@pytest.fixture(scope="session")
def record() -> bytes:
    return made(load_course(COURSE), bake_cache())["micro.safetensors"]


@pytest.fixture
def recorded(record: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives the demos' model its checkpoints."""
    monkeypatch.setattr(micro, "recorded", lambda: record)
