"""What the network learns: phases, velocities and heels of walks with known truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.companions.gait_transformer.columns import (
    ANGLE_COLUMNS,
    HEEL_COLUMNS,
    KEYPOINT_ORDER,
    N_OUTPUTS,
    OUTPUT_ORDER,
    OUTPUT_SIGN,
    OUTPUTS,
    PHASE_COLUMNS,
    VELOCITY_COLUMNS,
    Unit,
    mirror_input,
)
from simgait.companions.gait_transformer.targets import event_phases, network_targets
from simgait.datasets.synthetic_trials import synthetic_trial
from simgait.estimators.points_in_heights import points_in_heights
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.types import GaitEvent


@pytest.fixture(scope="module")
def walker():
    trial = synthetic_trial("validation", 2, "exact", 6.0, "normal")
    return trial, draw_walker(walker_seed("validation", 2), "normal").dimensions


def test_phases_turn_once_from_event_to_event():
    time_s = np.arange(0.0, 4.0, 0.1)
    events = tuple(GaitEvent(t, "left", "initial_contact") for t in (1.0, 2.0, 3.2))
    phases = event_phases(time_s, events)
    turns = phases[:, 0] / (2 * np.pi)
    whole = (turns - np.round(turns))[[10, 20, 32]]
    np.testing.assert_allclose(whole, 0.0, atol=1e-9)
    assert turns[15] % 1.0 == pytest.approx(0.5)
    assert turns[5] % 1.0 == pytest.approx(0.5)  # a stride before the first
    assert turns[38] % 1.0 == pytest.approx(0.6 / 1.2)  # the last stride goes on
    assert np.isnan(phases[:, 1:]).all()


def test_phases_are_unknown_far_from_events_and_across_a_missed_one():
    time_s = np.arange(0.0, 12.0, 0.1)
    events = [GaitEvent(t, "left", "initial_contact") for t in (3.0, 4.0, 5.0, 7.0, 8.0)]
    phases = event_phases(time_s, events)[:, 0]
    unknown = time_s[np.isnan(phases)]
    assert (unknown < 2.0 + 1e-6).sum() == 20  # more than a stride before the first
    assert ((unknown > 5.0) & (unknown < 7.0)).sum() == 19  # one contact was not marked
    assert (unknown > 9.0 + 1e-6).sum() == 29
    assert np.isnan(event_phases(time_s, events[:1])).all()


def test_targets_are_the_truth_in_the_networks_units(walker):
    trial, dims = walker
    target, known = network_targets(trial, dims)
    assert target.shape == known.shape == (trial.n_frames, N_OUTPUTS)
    assert np.isfinite(target).all() and known.all()
    values = target * Unit.of(trial.height_m).factor
    heel = KEYPOINT_INDEX["Left Heel"]
    np.testing.assert_allclose(
        values[:, HEEL_COLUMNS][:, :2], trial.keypoints_m[:, heel, :2], atol=0.002
    )
    travel = trial.truth.pose[-1, 0] - trial.truth.pose[0, 0]
    mean_speed = travel / trial.time_s[-1]
    assert values[:, VELOCITY_COLUMNS][:, 0].mean() == pytest.approx(mean_speed, rel=0.02)
    sines = target[:, PHASE_COLUMNS]
    np.testing.assert_allclose(sines[:, 0::2] ** 2 + sines[:, 1::2] ** 2, 1.0, atol=1e-5)
    # A foot stands more than half of the time.
    foot = values[:, OUTPUTS.index("left_foot_velocity_x")]
    assert (np.abs(foot) < 0.25 * foot.max()).mean() > 0.5
    with pytest.raises(ValueError, match="no truth"):
        network_targets(replace(trial, truth=None), dims)


def test_exact_markers_give_velocity_and_heels_where_no_pose_is_known(walker):
    trial, dims = walker
    full, _ = network_targets(trial, dims)
    angles = np.full((trial.n_frames, 13), np.nan)
    truth = replace(
        trial.truth, pose=np.full_like(trial.truth.pose, np.nan), reference_angles_rad=angles
    )
    target, known = network_targets(replace(trial, truth=truth), dims)
    assert known[:, VELOCITY_COLUMNS].all() and not known[:, ANGLE_COLUMNS].any()
    columns = [*range(8, 12), *range(16, 20)]
    np.testing.assert_allclose(target[2:-2, columns], full[2:-2, columns], atol=0.05)
    seen = replace(trial, truth=truth, scale_is_metric=False)
    _, known = network_targets(seen, dims)
    assert not known[:, VELOCITY_COLUMNS].any() and known[:, PHASE_COLUMNS].all()


def test_the_labs_own_angles_come_first(walker):
    trial, dims = walker
    lab = np.full((trial.n_frames, 13), np.nan)
    lab[5:, :] = 0.6
    truth = replace(trial.truth, reference_angles_rad=lab)
    target, _ = network_targets(replace(trial, truth=truth), dims)
    own, _ = network_targets(trial, dims)
    np.testing.assert_allclose(target[5:, ANGLE_COLUMNS], 2.0, rtol=1e-6)
    np.testing.assert_array_equal(target[:5, ANGLE_COLUMNS], own[:5, ANGLE_COLUMNS])


def test_a_mirror_swaps_sides_and_is_undone_by_another(walker):
    trial, dims = walker
    points, (target, _) = points_in_heights(trial), network_targets(trial, dims)
    np.testing.assert_array_equal(mirror_input(mirror_input(points)), points)
    image = target[:, OUTPUT_ORDER] * OUTPUT_SIGN
    np.testing.assert_array_equal(image[:, OUTPUT_ORDER] * OUTPUT_SIGN, target)
    for name, other, sign in (
        ("left_knee_flexion", "right_knee_flexion", 1.0),
        ("left_heel_y", "right_heel_y", -1.0),
        ("left_foot_off_cos", "right_foot_off_cos", 1.0),
        ("pelvis_velocity_y", "pelvis_velocity_y", -1.0),
        ("pelvis_velocity_x", "pelvis_velocity_x", 1.0),
    ):
        np.testing.assert_array_equal(
            image[:, OUTPUTS.index(name)], sign * target[:, OUTPUTS.index(other)]
        )
    assert KEYPOINT_NAMES[KEYPOINT_ORDER[KEYPOINT_INDEX["Left Big Toe"]]] == "Right Big Toe"
    assert KEYPOINT_ORDER[KEYPOINT_INDEX["Head"]] == KEYPOINT_INDEX["Head"]


def test_missing_points_are_masked_zeros(walker):
    trial, _ = walker
    points = trial.keypoints_m.copy()
    points[3, 7] = np.nan
    seen = points_in_heights(replace(trial, keypoints_m=points))
    assert (seen[3, 7] == 0.0).all()
    assert seen[4, 7, 3] == 1.0 and np.isfinite(seen).all()
