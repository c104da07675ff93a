"""What a refiner learns from: every walk has a truth, and detectors come by their shares."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from simgait.datasets.detector_mixture import DETECTOR_SHARES, EXACT, LEFT_OUT
from simgait.learning.family_examples import people_examples, restyled_examples
from simgait.learning.kept_walks import WalkStore
from simgait.learning.refiner_training import targets, true_speed
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.types import FittedTrial

STORE = WalkStore(None, TRIMMED_HUMANOID)


@pytest.fixture(scope="module")
def walkers() -> list[FittedTrial]:
    return restyled_examples("train", 0, 8, seed=1, store=STORE, name="walks")


@pytest.mark.slow
def test_restyled_walkers_have_truth_and_a_fit(walkers: list[FittedTrial]) -> None:
    assert len(walkers) >= 6
    for walk in walkers:
        assert walk.trial.error_model in {*DETECTOR_SHARES, ""} - {EXACT}
        assert walk.trial.error_model not in LEFT_OUT
        target, known = targets(walk)
        assert np.isfinite(target).all()
        assert known[:, :10].mean() > 0.8
        assert 0.02 < true_speed(walk) < 1.0


def test_a_detector_that_is_left_out_is_seen_by_nobody(walkers: list[FittedTrial]) -> None:
    without = sorted({walk.trial.error_model for walk in walkers} - {""})
    kept = [name for name in DETECTOR_SHARES if name not in {*without, EXACT}]
    left_out = without if kept else without[1:]
    others = restyled_examples("train", 0, 4, seed=1, store=STORE, name="walks", left_out=left_out)
    assert others and not {walk.trial.error_model for walk in others} & set(left_out)


def test_kept_walks_of_the_whole_mixture_do_not_serve_one_without(tmp_path: Path) -> None:
    store = WalkStore(tmp_path, TRIMMED_HUMANOID)
    whole = restyled_examples("train", 0, 2, seed=1, store=store, name="walks")
    seen = {walk.trial.error_model for walk in whole} - {""}
    assert seen, "the seed has to show some detector"
    left_out = sorted(seen)
    part = restyled_examples("train", 0, 2, seed=1, store=store, name="walks", left_out=left_out)
    assert not {walk.trial.error_model for walk in part} & seen


def test_any_part_of_the_walkers_can_be_made_alone(walkers: list[FittedTrial]) -> None:
    last = restyled_examples("train", 6, 2, seed=1, store=STORE, name="walks")
    assert [walk.trial.trial_id for walk in last] == [w.trial.trial_id for w in walkers][
        -len(last) :
    ]
    assert np.allclose(last[-1].pose, walkers[-1].pose, atol=1e-4)


def test_people_are_seen_by_many_detectors(data_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cmu_asfamc"
    for subject, walk in (("07", "07_01"), ("05", "05_01")):
        (folder / subject).mkdir(parents=True)
        for name in (f"{subject}.asf", f"{walk}.amc"):
            os.symlink(data_dir / "cmu_asfamc" / subject / name, folder / subject / name)
    walks = people_examples(tmp_path, copies=6, seed=3, store=STORE, name="people")
    assert {walk.trial.subject_id for walk in walks} == {"cmu_asfamc-05"}, "07 is a test subject"
    assert len({walk.trial.error_model for walk in walks}) >= 2
    assert np.std([true_speed(walk) for walk in walks]) > 0.01, "some are restyled"
