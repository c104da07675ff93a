"""What a policy sees of a mirrored walk is the mirror image of what it sees of the walk."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from simgait.skeleton import mirror
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.tracking.clips import ClipBank, with_mirror_images
from simgait.tracking.config import ObservationConfig, TrackingConfig
from simgait.tracking.mirror import mirror_of_action, mirror_of_observation
from simgait.tracking.observations import Moment, observation_size, observe

RECORDED = {"keypoints": "recorded", "future_frames": 2}
SEEN = {
    "default": ObservationConfig(),
    "the paper": ObservationConfig(
        all_keypoints=True, reference=False, pelvis_velocity=False, **RECORDED
    ),
    "recorded, reference": ObservationConfig(reference_frames=(1, 3), **RECORDED),
}


@pytest.fixture(scope="module")
def both(clips: ClipBank) -> ClipBank:
    """Clip 3 + i is clip i's image."""
    return with_mirror_images(clips)


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("clip", [1, 2])
def test_observations_of_images_are_images(both: ClipBank, seen: str, clip: int) -> None:
    config = TrackingConfig(observation=SEEN[seen])
    rng = np.random.default_rng(0)
    here = Moment(
        clip=jnp.asarray(clip),
        frame=jnp.asarray(20),
        # Off the reference, so that no block is zero.
        pose=both.target_pose[clip, 20] + jnp.asarray(rng.normal(0, 0.05, 16), jnp.float32),
        pose_velocity=both.target_velocity[clip, 20],
        foot_load_bw=jnp.array([0.6, 0.4]),
        stood=jnp.ones(2),
        impact=jnp.zeros(()),
        path_offset_m=jnp.array([0.1, -0.2]),
        dims=both.bodies.dimensions(jnp.asarray(clip)),
    )
    there = replace(
        here,
        clip=jnp.asarray(clip + 3),
        pose=TRIMMED_HUMANOID.mirror(here.pose),
        pose_velocity=TRIMMED_HUMANOID.mirror(here.pose_velocity),
        foot_load_bw=mirror.FEET(here.foot_load_bw),
        path_offset_m=mirror.vector(2)(here.path_offset_m),
    )
    action = jnp.asarray(rng.normal(size=16), jnp.float32)
    image_of = mirror_of_observation(config)
    a = observe(here, both, config.observation, action)
    b = observe(there, both, config.observation, mirror_of_action(config)(action))
    assert len(image_of.order) == observation_size(config.observation, 16) == len(a)
    assert np.allclose(b, image_of(a), atol=1e-5)
    assert np.array_equal(image_of(image_of(a)), a)
