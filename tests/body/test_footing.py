"""Planted feet: what hovers comes down, what scrapes is lifted, what is right stays."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.body.footing import FootingConfig, plant_feet
from simgait.skeleton.default import POSE_INDEX
from simgait.skeleton.kinematics import forward_kinematics, sole_heights
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import WalkTruth, walk

pytestmark = pytest.mark.usefixtures("hardly_optimised")

FPS_HZ = 30.0


@pytest.fixture(scope="module")
def truth() -> WalkTruth:
    return walk(draw_walker(walker_seed("validation", 5), "normal"), 4.0)


def soles(pose: np.ndarray, truth: WalkTruth) -> np.ndarray:
    """Lowest point (m) of each foot."""
    return np.asarray(sole_heights(pose, truth.dimensions)).min(-1)


def planted(pose: np.ndarray, truth: WalkTruth, *, trusted: bool) -> np.ndarray:
    return plant_feet([pose], [truth.contact], [truth.dimensions], [trusted], [False], FPS_HZ)[0]


def test_a_walk_that_is_right_stays_as_it_is(truth: WalkTruth) -> None:
    result = planted(truth.pose, truth, trusted=True)
    assert np.abs(np.degrees(result[:, 3:] - truth.pose[:, 3:])).max() < 3.0
    assert np.abs(result[:, :3] - truth.pose[:, :3]).max() < 0.01


def test_a_hovering_stance_foot_comes_down_and_a_scraping_one_is_lifted(truth: WalkTruth) -> None:
    wrong = truth.pose.copy()
    # The left leg seems 12 degrees straighter and the right one 8 degrees more bent than they are.
    wrong[:, POSE_INDEX["left_knee_flexion"]] -= np.radians(12)
    wrong[:, POSE_INDEX["right_knee_flexion"]] += np.radians(8)
    wrong[:, POSE_INDEX["pelvis_z_m"]] -= np.median(soles(wrong, truth).min(-1))
    result = planted(wrong, truth, trusted=False)
    standing = truth.contact > 0.5
    before, after = (np.abs(soles(p, truth)[standing]) for p in (wrong, result))
    assert np.mean(before) > 0.005
    assert np.mean(after) < 0.5 * np.mean(before)
    # Frames in the middle of a swing, three frames from any contact.
    middle = np.stack(
        [np.convolve(standing[:, i], np.ones(7), mode="same") == 0 for i in (0, 1)], axis=1
    )
    assert soles(wrong, truth)[middle].min() < 0.0005
    assert soles(result, truth)[middle].min() > 0.003
    change = np.degrees(np.abs(result[:, 3:] - wrong[:, 3:]))
    assert change.max() < 20.0


def test_sliding_feet_stand_still(truth: WalkTruth) -> None:
    wrong = truth.pose.copy()
    wrong[:, 0] *= 1.06  # the path is 6 % too long for the legs
    result = planted(wrong, truth, trusted=True)

    def sliding(pose: np.ndarray) -> float:
        points = forward_kinematics(pose, truth.dimensions)
        speeds = []
        for column, side in enumerate(("Left", "Right")):
            velocity = np.gradient(points[f"{side} Ankle"][:, 0], 1 / FPS_HZ)
            flat = np.convolve(truth.contact[:, column], np.ones(9), mode="same") == 9
            speeds.append(np.abs(velocity[flat]))
        return float(np.concatenate(speeds).mean())

    assert sliding(result) < 0.7 * sliding(wrong)


def test_a_path_that_binds_is_carried_by_longer_steps(truth: WalkTruth) -> None:
    compressed = truth.pose.copy()
    for side in ("left", "right"):
        column = POSE_INDEX[f"{side}_hip_flexion"]
        middle = np.mean(truth.pose[:, column])
        compressed[:, column] = middle + 0.8 * (truth.pose[:, column] - middle)
    free, bound = (
        plant_feet([compressed], [truth.contact], [truth.dimensions], [False], [binds], FPS_HZ)[0]
        for binds in (False, True)
    )
    lost = [1.0 - np.ptp(pose[:, 0]) / np.ptp(truth.pose[:, 0]) for pose in (free, bound)]
    assert lost[0] > 0.01
    assert abs(lost[1]) < 0.01
    # The feet that stand under it still stand: hips swing further.
    hip = POSE_INDEX["left_hip_flexion"]
    assert np.ptp(bound[:, hip]) > np.ptp(free[:, hip]) > np.ptp(compressed[:, hip])


def test_standing_heels_go_to_where_they_were_measured(truth: WalkTruth) -> None:
    # The left foot's steps were 2 cm longer than the legs that were fitted make them.
    heels = np.stack(
        [
            np.asarray(forward_kinematics(truth.pose, truth.dimensions)[f"{side} Heel"])[:, :2]
            for side in ("Left", "Right")
        ],
        axis=1,
    )
    flat = np.stack(
        [np.convolve(truth.contact[:, i], np.ones(9), mode="same") == 9 for i in (0, 1)], axis=1
    )
    wanted = np.where(flat[..., None], heels + np.array([[0.02, 0.0], [0.0, 0.0]]), np.nan)
    result = plant_feet(
        [truth.pose],
        [truth.contact],
        [truth.dimensions],
        [True],
        [False],
        FPS_HZ,
        footholds=[wanted],
    )[0]
    points = forward_kinematics(result, truth.dimensions)
    for column, side in enumerate(("Left", "Right")):
        stands = flat[:, column]
        away = np.asarray(points[f"{side} Heel"])[stands, :2] - wanted[stands, column]
        assert np.abs(away).max() < 0.008
        assert np.abs(away).mean() < 0.004


def test_walks_of_any_length_are_planted_together(truth: WalkTruth) -> None:
    short = truth.pose[:50]
    both = plant_feet(
        [truth.pose, short],
        [truth.contact, truth.contact[:50]],
        [truth.dimensions] * 2,
        [True, True],
        [False, False],
        FPS_HZ,
    )
    assert [len(pose) for pose in both] == [len(truth.pose), 50]
    assert all(np.isfinite(pose).all() for pose in both)
    alone = plant_feet([short], [truth.contact[:50]], [truth.dimensions], [True], [False], FPS_HZ)[
        0
    ]
    assert np.allclose(alone, both[1], atol=1e-4)


def test_uncertain_contact_asks_for_nothing_but_not_to_sink(truth: WalkTruth) -> None:
    lifted = truth.pose.copy()
    lifted[:, 2] += 0.05
    unknown = np.full_like(truth.contact, 0.5)
    result = plant_feet([lifted], [unknown], [truth.dimensions], [True], [False], FPS_HZ)[0]
    assert np.allclose(result, lifted, atol=1e-4)


def test_tolerances_must_be_positive() -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        FootingConfig(sole_m=0.0)
