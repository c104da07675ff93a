"""Mirror images of poses and keypoints agree with geometry."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.skeleton import mirror
from simgait.skeleton.coordinates import ANGLES, JOINTS
from simgait.skeleton.default import BODY_KEYPOINTS, TRIMMED_HUMANOID
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.kinematics import body_keypoints

POSE = TRIMMED_HUMANOID.mirror
MIRRORS = {
    "vector": mirror.vector(),
    "moment": mirror.MOMENT,
    "joints": TRIMMED_HUMANOID.mirror[JOINTS],
    "feet": mirror.FEET,
    "pose": TRIMMED_HUMANOID.mirror,
    "angles": TRIMMED_HUMANOID.mirror[ANGLES],
    "columns": mirror.columns(BODY_KEYPOINTS),
    "points": mirror.points(BODY_KEYPOINTS),
}


@pytest.mark.parametrize("name", MIRRORS)
def test_the_image_of_an_image_is_the_thing_itself(name: str) -> None:
    x = np.random.default_rng(0).normal(size=(2, len(MIRRORS[name].order)))
    assert np.array_equal(MIRRORS[name](MIRRORS[name](x)), x)
    assert not np.array_equal(MIRRORS[name](x), x)


def test_a_mirrored_pose_has_mirrored_keypoints() -> None:
    pose = np.random.default_rng(1).normal(0.0, 0.4, TRIMMED_HUMANOID.n_coordinates)
    dims = dimensions_from_height(1.6)
    here, there = (
        np.asarray(body_keypoints(p, dims)) for p in (pose, TRIMMED_HUMANOID.mirror(pose))
    )
    assert np.allclose(there.ravel(), mirror.points(BODY_KEYPOINTS)(here.ravel()), atol=1e-12)
    seen = np.array([float("Left" in name) for name in BODY_KEYPOINTS])
    assert np.array_equal(
        mirror.columns(BODY_KEYPOINTS)(seen), ["Right" in name for name in BODY_KEYPOINTS]
    )


def test_a_force_and_its_moment_stay_a_force_and_its_moment() -> None:
    lever, force = np.random.default_rng(2).normal(size=(2, 3))
    image = np.cross(mirror.vector()(lever), mirror.vector()(force))
    assert np.allclose(mirror.MOMENT(np.cross(lever, force)), image)
