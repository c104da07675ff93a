"""Walks that were made are kept to the bit, and made again where they are not those asked for."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from simgait.learning.examples import synthetic_examples
from simgait.learning.kept_walks import WalkStore, _encoded, read_walks, write_walks
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.types import FittedTrial


def assert_same(one: object, two: object, place: str) -> None:
    assert type(one) is type(two), place
    if is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(two, field.name), f"{place}.{field.name}")
    elif isinstance(one, np.ndarray):
        assert isinstance(two, np.ndarray) and one.dtype == two.dtype, place
        assert one.shape == two.shape and one.tobytes() == two.tobytes(), place
    elif isinstance(one, tuple):
        assert isinstance(two, tuple) and len(one) == len(two), place
        for i, (a, b) in enumerate(zip(one, two, strict=True)):
            assert_same(a, b, f"{place}[{i}]")
    else:
        assert repr(one) == repr(two), place  # NaN is not equal to itself


def test_a_walk_comes_back_to_the_bit(walks: list[FittedTrial], tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    # A number of NumPy's own type behaves otherwise in arithmetic than Python's.
    odd = replace(walks[0], dims=replace(walks[0].dims, mass_kg=np.float32(70.5)))
    write_walks(path, [*walks, odd], {"seed": 1}, TRIMMED_HUMANOID)
    back = read_walks(path, {"seed": 1}, TRIMMED_HUMANOID)
    assert back is not None
    for one, two in zip([*walks, odd], back, strict=True):
        assert_same(one, two, "walk")
    assert read_walks(path, {"seed": 2}, TRIMMED_HUMANOID) is None
    content = bytearray(path.read_bytes())
    content[-9] ^= 1
    path.write_bytes(bytes(content))
    assert read_walks(path, {"seed": 1}, TRIMMED_HUMANOID) is None
    with pytest.raises(TypeError, match="cannot be kept"):
        _encoded(object(), [])


def test_a_stopped_stage_makes_only_what_is_missing(
    walks: list[FittedTrial], tmp_path: Path
) -> None:
    made: list[int] = []

    def make(first: int, last: int, advance) -> list[FittedTrial]:
        made.append(first)
        if len(made) == 3:
            raise KeyboardInterrupt
        advance(last - first)
        return walks[first:last]

    store = WalkStore(tmp_path / "walks", TRIMMED_HUMANOID)
    with pytest.raises(KeyboardInterrupt):
        store.walks("some walks", len(walks), make, {}, size=1)
    found = store.walks("some walks", len(walks), make, {}, size=1)
    assert made == [0, 1, 2, *range(2, len(walks))]
    for one, two in zip(found, walks, strict=True):
        assert_same(one, two, "walk")
    store.remove("some walks")
    assert not (tmp_path / "walks").exists()
    assert WalkStore(None, TRIMMED_HUMANOID).walks("x", 1, make, {}) and made[-1] == 0


def test_parts_are_the_walks_of_one_draw(walks: list[FittedTrial]) -> None:
    # Walker 32 is the third of the draw from 30, however the draw is cut into parts.
    again = synthetic_examples("train", 30, 3, seed=0)
    for one, two in zip(again, walks, strict=False):
        assert one.trial.trial_id == two.trial.trial_id
        assert np.array_equal(one.trial.keypoints_m, two.trial.keypoints_m, equal_nan=True)
