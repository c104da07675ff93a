"""Each block of the observation, and what the masks hide."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from simgait.skeleton import mirror
from simgait.skeleton.default import BODY_KEYPOINT_COLUMNS
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.kinematics import body_keypoints
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import ObservationConfig, TrackingConfig
from simgait.tracking.observation_terms import (
    OBSERVATION_TERMS,
    body_state,
    keypoints,
    pelvis_velocity,
    reference,
    register_observation,
)
from tests.tracking.moments import moment

CONFIG = TrackingConfig()


def seeing(**changes) -> TrackingConfig:
    """The default but for what is observed."""
    return TrackingConfig(observation=ObservationConfig(**changes))


def split_keypoints(block, frames: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    block = np.asarray(block)
    assert block.shape == (frames * n * 4,)
    return block[: frames * n * 3].reshape(frames, n, 3), block[frames * n * 3 :].reshape(frames, n)


@pytest.mark.parametrize("all_keypoints", [False, True])
def test_missing_keypoints_are_zero_and_masked(clips: ClipBank, all_keypoints: bool) -> None:
    config = seeing(future_frames=2, keypoints="recorded", all_keypoints=all_keypoints)
    columns = list(range(23)) if all_keypoints else list(BODY_KEYPOINT_COLUMNS)
    block = keypoints(moment(clips, 2, 10), config)
    points, mask = split_keypoints(block, 3, len(columns))
    assert np.array_equal(mask[0], np.asarray(clips.keypoint_mask[2, 10])[columns])
    assert 0 < mask[0].sum() < len(columns)
    assert not points[mask == 0].any()
    for ahead in range(3):
        assert np.array_equal(
            points[ahead], np.asarray(clips.keypoints[2, 10 + ahead])[np.array(columns)]
        )


def test_a_masked_point_is_zero_whatever_the_bank_holds(clips: ClipBank) -> None:
    config = seeing(future_frames=0, keypoints="recorded")
    loud = replace(clips, keypoints=clips.keypoints + 3.0)
    points, mask = split_keypoints(keypoints(moment(loud, 2, 10), config), 1, 14)
    assert not points[mask == 0].any()
    assert (points[mask == 1] != 0).all()


@pytest.mark.parametrize("shown", ["fitted", "recorded"])
def test_beyond_the_clips_end_nothing_is_known(clips: ClipBank, shown) -> None:
    config = seeing(future_frames=4, keypoint_stride=2, keypoints=shown)
    # Clip 0 has 40 frames: from 36, frames 36 and 38 exist, 40 and later do not.
    points, mask = split_keypoints(keypoints(moment(clips, 0, 36), config), 5, 14)
    assert mask[:2].all()
    assert not mask[2:].any()
    assert not points[2:].any()


def test_fitted_keypoints_are_the_reference_bodys_own(clips: ClipBank) -> None:
    config = seeing(future_frames=1)
    now = moment(clips, 2, 10)
    points, mask = split_keypoints(keypoints(now, config), 2, 14)
    assert mask.all()
    for ahead in (0, 1):
        pose = clips.reference_pose[2, 10 + ahead].at[:3].set(0.0)
        expected = np.asarray(body_keypoints(pose, now.dims)) / float(now.dims.leg_m)
        assert np.allclose(points[ahead], expected, atol=1e-5)


def test_the_fitted_body_has_not_all_keypoints() -> None:
    with pytest.raises(ValueError, match="needs keypoints = 'recorded'"):
        ObservationConfig(all_keypoints=True)


def test_body_state_is_dimensionless_and_ordered(clips: ClipBank) -> None:
    now = moment(clips, 1, 5)
    state = np.asarray(body_state(now, CONFIG))
    assert state.shape == (35,)
    assert state[0] == pytest.approx(
        float(now.pose[2] / now.dims.standing_hip_height_m - 1.0), abs=1e-6
    )
    assert np.allclose(state[1:14], now.pose[3:])
    froude = float(now.pose_velocity[0] / np.sqrt(GRAVITY_MPS2 * float(now.dims.leg_m)))
    assert state[14] == pytest.approx(froude, rel=1e-5)
    assert np.allclose(state[30:32], [0.6, 0.4])
    # Where the walk is in the world must not matter.
    moved = replace(now, pose=now.pose.at[:2].add(100.0))
    assert np.array_equal(body_state(moved, CONFIG), body_state(now, CONFIG))


def test_reference_ahead_is_relative_to_the_body(clips: ClipBank) -> None:
    now = moment(clips, 1, 5)
    block = np.asarray(reference(now, seeing(reference_frames=(1, 4))))
    assert block.shape == (2 * 18 + 16,)
    following = np.asarray(clips.reference_pose[1, 6] - clips.reference_pose[1, 5])
    leg = float(now.dims.leg_m)
    assert np.allclose(block[:3], following[:3] / leg, atol=1e-6)
    assert np.allclose(block[3:16], following[3:], atol=1e-6)
    assert np.allclose(block[16:18], clips.contact_probability[1, 6])
    # A body that stands beside its path by exactly the offset sees the same.
    offset = jnp.array([0.3, -0.2])
    moved = replace(now, pose=now.pose.at[:2].add(offset), path_offset_m=offset)
    assert np.allclose(reference(moved, seeing(reference_frames=(1, 4))), block, atol=1e-6)
    # The end of the clip stands still instead of wrapping round.
    last = np.asarray(reference(moment(clips, 0, 39), seeing(reference_frames=(8,))))
    assert np.allclose(last[:16], 0.0, atol=1e-6)


def test_witnessed_velocity_hides_what_is_unknown(clips: ClipBank) -> None:
    now = moment(clips, 1, 12)
    known = np.asarray(pelvis_velocity(now, CONFIG))
    assert known[2] == 1.0
    speed_unit = np.sqrt(GRAVITY_MPS2 * float(now.dims.leg_m))
    assert np.allclose(known[:2], np.asarray(clips.witness[1, 12]) / speed_unit, atol=1e-6)
    blind = replace(clips, witness_mask=jnp.zeros_like(clips.witness_mask))
    assert np.array_equal(pelvis_velocity(replace(now, clips=blind), CONFIG), np.zeros(3))


def test_a_name_is_given_once() -> None:
    with pytest.raises(ValueError, match="observation term 'body_state' already"):
        register_observation("body_state", mirror.same(1))(lambda now, config: now.pose[:1])
    assert OBSERVATION_TERMS["body_state"].function is body_state
    # A module that is loaded again registers its own functions again.
    again = register_observation("body_state", OBSERVATION_TERMS["body_state"].mirror)(body_state)
    assert again is body_state
