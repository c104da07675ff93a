"""The geometric Jacobian is the derivative of forward kinematics."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.jacobian import points_and_jacobian
from simgait.skeleton.kinematics import forward_kinematics

N_POSE = TRIMMED_HUMANOID.n_coordinates

NAMES = sorted(forward_kinematics(np.zeros(N_POSE), dimensions_from_height(1.7)))


@pytest.mark.parametrize("seed", range(4))
def test_columns_are_what_automatic_differentiation_says(seed: int) -> None:
    dims = dimensions_from_height(1.2 + 0.2 * seed)
    pose = jnp.asarray(np.random.default_rng(seed).normal(0.0, 0.7, N_POSE), jnp.float32)

    def points(pose: jax.Array) -> jax.Array:
        found = forward_kinematics(pose, dims)
        return jnp.stack([found[name] for name in NAMES])

    place, jacobian = points_and_jacobian(pose, dims, NAMES)
    assert np.array_equal(place, points(pose))
    assert np.allclose(jacobian, jax.jacfwd(points)(pose), atol=2e-6)


def test_a_leg_moves_its_own_points_only() -> None:
    dims = dimensions_from_height(1.7)
    names = ("Left Hip", "Left Knee", "Left Ankle", "Left Heel", "Right Heel", "Sternum")
    _, jacobian = points_and_jacobian(jnp.full(N_POSE, 0.2), dims, names)
    moves = np.abs(np.asarray(jacobian)).max(axis=1) > 1e-6
    assert moves[:, :3].all()
    assert moves[:, 6:11].tolist() == [
        [False] * 5,
        [True, True, False, False, False],
        [True, True, True, True, False],
        [True] * 5,
        [False] * 5,
        [False] * 5,
    ]
