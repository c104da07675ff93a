"""Standing trials are told from walks, whatever is seen of the person and whoever saw it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.errors import StandingTrialError
from simgait.recordings.read import read_recording
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk
from simgait.trials.preparation import PreparationConfig, prepare
from simgait.trials.standing import refuse_standing
from simgait.types import Recording


@pytest.fixture(scope="module")
def walking() -> Recording:
    spec = draw_walker(4, "normal")
    points = exact_keypoints(walk(spec, 4.0).pose, spec.dimensions)
    n, k = points.shape[:2]
    return Recording(
        "visit", "npz", np.arange(n) / 30.0, KEYPOINT_NAMES, points, np.ones((n, k)),
        scale_is_metric=True, pelvis_travels=True, height_m=spec.height_m,
    )  # fmt: skip


def standing(walking: Recording, seconds: float, noise_m: float = 0.001) -> Recording:
    n = max(2, round(30 * seconds) + 1)
    noise = np.random.default_rng(0).standard_normal((n, *walking.keypoints_m.shape[1:]))
    return replace(
        walking,
        time_s=np.arange(n) / 30.0,
        keypoints_m=walking.keypoints_m[:1] + noise_m * noise,
        confidence=np.ones((n, len(KEYPOINT_NAMES))),
    )


@pytest.mark.parametrize("seconds", [0.5, 1.0, 3.0, 20.0])
@pytest.mark.parametrize("noise_m", [0.0, 0.002, 0.015])
def test_who_stands_stands(walking: Recording, seconds: float, noise_m: float) -> None:
    with pytest.raises(StandingTrialError, match=f"in its {seconds:.1f} s nobody takes a step"):
        prepare(standing(walking, seconds, noise_m))


def test_arms_may_move_and_points_may_be_missing(walking: Recording) -> None:
    still = standing(walking, 2.0)
    points = still.keypoints_m.copy()
    for name in ("Left Hand", "Right Wrist"):
        points[:, KEYPOINT_NAMES.index(name), 2] += np.linspace(0.0, 0.6, len(points))
    points[:, KEYPOINT_NAMES.index("Left Heel")] = np.nan
    points[3:9, KEYPOINT_NAMES.index("Right Hip")] = np.nan
    points[7] += 5.0  # one wild frame
    with pytest.raises(StandingTrialError):
        refuse_standing(replace(still, keypoints_m=points))


def test_whoever_moves_feet_or_pelvis_does_not_stand(walking: Recording) -> None:
    refuse_standing(walking)
    treadmill = walking.keypoints_m - walking.keypoints_m[:, :1].mean(axis=1, keepdims=True)
    refuse_standing(replace(walking, keypoints_m=treadmill))
    still = standing(walking, 3.0)
    squat = still.keypoints_m.copy()
    depth = 0.3 * np.sin(np.linspace(0.0, np.pi, len(squat)))
    hips = [KEYPOINT_NAMES.index(name) for name in ("Left Hip", "Right Hip")]
    squat[:, hips, 2] -= depth[:, None]
    refuse_standing(replace(still, keypoints_m=squat))
    lift = still.keypoints_m.copy()
    lift[:, KEYPOINT_NAMES.index("Left Ankle"), 0] += np.linspace(0.0, 0.25, len(lift))
    refuse_standing(replace(still, keypoints_m=lift))
    refuse_standing(standing(walking, 0.2))


def test_a_walk_that_begins_with_standing_is_a_walk(walking: Recording) -> None:
    still = standing(walking, 3.0)
    points = np.concatenate([still.keypoints_m, walking.keypoints_m])
    n = len(points)
    both = replace(
        walking, time_s=np.arange(n) / 30.0, keypoints_m=points,
        confidence=np.ones((n, len(KEYPOINT_NAMES))),
    )  # fmt: skip
    assert len(prepare(both, PreparationConfig(min_frames=60))) == 1


@pytest.mark.slow  # standing of every kind is made up in the tests above
def test_the_standing_trials_of_real_visits(data_dir: Path) -> None:
    """Each folder of this laboratory holds one standing trial and one walk."""
    found = {}
    folders = sorted(p for p in (data_dir / "mcgill_c3d").iterdir() if p.is_dir())
    for path in (path for folder in folders for path in sorted(folder.glob("*.c3d"))):
        try:
            refuse_standing(read_recording(path))
        except StandingTrialError as error:
            found[path.stem] = error.duration_s
    assert len(found) == len(folders) and not {"HC039A17", "HC040A14", "HC038A11"} & set(found)
    assert min(found.values()) == pytest.approx(0.5, abs=0.01)
