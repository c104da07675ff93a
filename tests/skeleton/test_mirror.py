"""Mirror images of poses and keypoints agree with geometry; the refiner treats both sides alike."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.body.refiner import (
    MIRROR_OF_FEATURES,
    MIRROR_OF_OUTPUTS,
    N_FEATURES,
    N_OUTPUTS,
    RefinerWeights,
    corrections,
)
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
    "features": MIRROR_OF_FEATURES,
    "outputs": MIRROR_OF_OUTPUTS,
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
    seen = np.array(["Left" in name for name in BODY_KEYPOINTS])
    assert np.array_equal(
        mirror.columns(BODY_KEYPOINTS)(seen), ["Right" in name for name in BODY_KEYPOINTS]
    )


def test_a_force_and_its_moment_stay_a_force_and_its_moment() -> None:
    lever, force = np.random.default_rng(2).normal(size=(2, 3))
    image = np.cross(mirror.vector()(lever), mirror.vector()(force))
    assert np.allclose(mirror.MOMENT(np.cross(lever, force)), image)


def test_mirrored_trials_get_mirrored_corrections(loud_refiner: RefinerWeights) -> None:
    features = np.random.default_rng(3).normal(size=(2, 64, N_FEATURES)).astype(np.float32)
    valid = np.ones((2, 64), np.float32)
    here = corrections(loud_refiner, features, valid)
    there = corrections(loud_refiner, MIRROR_OF_FEATURES(features), valid)
    assert here.shape == (2, 64, N_OUTPUTS)
    assert np.abs(here).max() > 0.01
    assert np.allclose(there, MIRROR_OF_OUTPUTS(here), atol=1e-5)
