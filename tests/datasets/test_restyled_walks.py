"""Restyled walkers are flat in speed and nobody's of another split; people keep their walk."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.restyled_walks import CANDIDATES, restyled_person, restyled_walker
from simgait.errors import InputError
from simgait.synthetic.recording import subject_of
from simgait.synthetic.walkers.restyled import SPEEDS_MPS
from simgait.synthetic.walkers.specification import walker_seed
from simgait.trials.preparation import prepare
from simgait.types import Recording


def speed_mps(recording: Recording) -> float:
    columns = [recording.keypoint_names.index(f"{side} Hip") for side in ("Left", "Right")]
    hips = recording.keypoints_m[:, columns].mean(axis=1)[:, :2]
    known = np.flatnonzero(np.isfinite(hips).all(axis=-1))
    way = hips[known[-1]] - hips[known[0]]
    return float(np.linalg.norm(way) / (recording.time_s[known[-1]] - recording.time_s[known[0]]))


@pytest.mark.slow
def test_restyled_walkers_are_flat_in_speed() -> None:
    speeds = []
    for index in range(40):
        try:
            speeds.append(speed_mps(restyled_walker("validation", index, 2.0)))
        except InputError:
            continue
    assert len(speeds) > 35
    low, high = SPEEDS_MPS
    middle = 0.5 * (low + high)
    assert min(speeds) < 0.5 and max(speeds) > 1.6
    assert np.mean(np.array(speeds) > middle) == pytest.approx(0.5, abs=0.22)


def test_a_restyled_walker_repeats_itself_and_belongs_to_its_split() -> None:
    one, again = (restyled_walker("train", 7, 3.0) for _ in range(2))
    assert np.array_equal(one.keypoints_m, again.keypoints_m)
    seeds = [walker_seed("train", CANDIDATES * 7 + k) for k in range(CANDIDATES)]
    assert one.subject_id in {subject_of(seed) for seed in seeds}
    assert np.allclose(np.diff(one.time_s), 1.0 / 30.0)
    assert prepare(one, SHORT_WALKS)[0].scale_is_metric


def test_a_restyled_person_walks_the_same_line_at_another_speed(
    marker_recording: Recording,
) -> None:
    paces = []
    for seed in range(12):
        other = restyled_person(marker_recording, seed)
        paces.append(speed_mps(other) / speed_mps(marker_recording))
        assert other.pose is None
    assert 0.08 < np.std(np.log(paces)) < 0.45
    again = restyled_person(marker_recording, 3)
    same = restyled_person(marker_recording, 3)
    assert np.array_equal(again.keypoints_m, same.keypoints_m, equal_nan=True)
