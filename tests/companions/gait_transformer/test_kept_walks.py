"""Walks of a training that was stopped come back as they were made."""

from __future__ import annotations

import numpy as np

from simgait.companions.gait_transformer import kept_walks, release
from simgait.companions.gait_transformer.config import GaitTransformerConfig
from simgait.companions.gait_transformer.data import LabelledWalk
from simgait.companions.gait_transformer.kept_walks import KEPT, TrainingWalks
from tests.present import present


def made_up(subject: str, frames: int) -> LabelledWalk:
    rng = np.random.default_rng(frames)
    points, target, known = (rng.normal(size=(frames, *s)) for s in ((23, 4), (20,), (20,)))
    return LabelledWalk(subject, 1.0 + frames / 100.0, points, target, known)


def test_kept_walks_are_those_that_were_made(tmp_path) -> None:
    assert kept_walks.kept(tmp_path) is None
    made = TrainingWalks([made_up("a", 40), made_up("M\u00fcller", 90)], [made_up("c", 50)], 1)
    kept_walks.keep(tmp_path, made)
    back = present(kept_walks.kept(tmp_path))
    assert (len(back.train), len(back.validation), back.n_real) == (2, 1, 1)
    for one, other in zip(
        [*made.train, *made.validation], [*back.train, *back.validation], strict=True
    ):
        assert (one.subject_id, one.height_m) == (other.subject_id, other.height_m)
        for name in ("points", "target", "known"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    kept_walks.remove(tmp_path)
    assert kept_walks.kept(tmp_path) is None and not list(tmp_path.iterdir())


def test_damaged_walks_are_made_again(tmp_path) -> None:
    kept_walks.keep(tmp_path, TrainingWalks([made_up("a", 40)], [made_up("b", 41)], 0))
    content = bytearray((tmp_path / KEPT).read_bytes())
    content[-9] ^= 1
    (tmp_path / KEPT).write_bytes(content)
    assert kept_walks.kept(tmp_path) is None
    (tmp_path / KEPT).write_bytes(b"x" * 99)
    assert kept_walks.kept(tmp_path) is None


def test_a_training_makes_its_walks_once(tmp_path, monkeypatch) -> None:
    calls: list[object] = []

    def make(*given: object) -> tuple[list[LabelledWalk], list[LabelledWalk], int]:
        calls.append(given)
        return [made_up("a", 40)], [made_up("b", 41)], 0

    monkeypatch.setattr(release, "training_and_validation", make)
    said: list[str] = []
    first, second = (
        release.walks_of_training(GaitTransformerConfig(), None, tmp_path, said.append)
        for _ in range(2)
    )
    assert len(calls) == 1 and said == ["the walks were made before, and kept"]
    np.testing.assert_array_equal(first.train[0].points, second.train[0].points)
