"""Springs that lead feet in the air, and the pelvis by those on the floor."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from simgait.skeleton.coordinates import JOINTS, POSITION
from simgait.skeleton.default import POSE_INDEX, TRIMMED_HUMANOID
from simgait.skeleton.dimensions import GRAVITY_MPS2, dimensions_from_height
from simgait.tracking.foot_guidance import LARGEST_ERROR_M, foot_places, guiding_torque_nm

DIMS = dimensions_from_height(1.75)
WEIGHT_N = float(DIMS.mass_kg) * GRAVITY_MPS2
IN_THE_AIR, STANDING = np.zeros(2), np.full(2, 0.5 * WEIGHT_N)


def pose() -> np.ndarray:
    """Left leg ahead, right leg behind, knees bent."""
    found = np.zeros(TRIMMED_HUMANOID.n_coordinates)
    found[2] = 0.9
    found[POSE_INDEX["left_hip_flexion"]], found[POSE_INDEX["right_hip_flexion"]] = 0.4, -0.2
    found[POSE_INDEX["left_knee_flexion"]] = found[POSE_INDEX["right_knee_flexion"]] = 0.3
    return found


def torque(
    here: np.ndarray,
    feet_m: np.ndarray,
    load_n: np.ndarray,
    pelvis_m: np.ndarray | None = None,
    springs: tuple[float, float] = (12.0, 6.0),
) -> np.ndarray:
    pelvis_m = here[POSITION] if pelvis_m is None else pelvis_m
    return np.asarray(
        guiding_torque_nm(
            jnp.asarray(here), jnp.asarray(pelvis_m), jnp.asarray(feet_m), jnp.asarray(load_n),
            jnp.asarray(springs), DIMS, TRIMMED_HUMANOID,
        )
    )  # fmt: skip


def feet(here: np.ndarray) -> np.ndarray:
    return np.array(foot_places(jnp.asarray(here), DIMS, TRIMMED_HUMANOID)[0])


def yielding(here: np.ndarray, torque_nm: np.ndarray) -> np.ndarray:
    """Where the feet go when the joints give way to a torque a little."""
    moved = here.copy()
    moved[JOINTS] += 1e-5 * torque_nm
    return feet(moved) - feet(here)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_foot_in_the_air_goes_where_it_is_wanted(axis: int) -> None:
    here = pose()
    wanted = feet(here)
    wanted[0, axis] += 0.02
    led = torque(here, wanted, IN_THE_AIR)
    left, right = yielding(here, led)
    assert left[axis] > 0.0 and np.allclose(right, 0.0, atol=1e-9)
    # By the work of a spring: force times way.
    force_n = 12.0 * WEIGHT_N / float(DIMS.leg_m) * 0.02
    assert np.dot(led, led) * 1e-5 == pytest.approx(force_n * left[axis], rel=1e-2)


def test_a_foot_in_its_place_feels_nothing_and_one_that_stands_is_let_be() -> None:
    here = pose()
    assert np.allclose(torque(here, feet(here), IN_THE_AIR), 0.0, atol=1e-3)
    away = feet(here) + 0.03
    assert np.allclose(torque(here, away, STANDING), 0.0, atol=1e-3)
    assert np.allclose(torque(here, away, IN_THE_AIR, springs=(0.0, 0.0)), 0.0)


def test_a_body_that_lost_its_way_is_not_torn() -> None:
    here = pose()
    near, far = feet(here), feet(here)
    near[0, 0] += LARGEST_ERROR_M
    far[0, 0] += 1.0
    assert np.allclose(
        torque(here, near, IN_THE_AIR), torque(here, far, IN_THE_AIR), rtol=1e-3, atol=1e-3
    )


def test_legs_that_stand_push_the_floor_back_to_bring_the_pelvis_forward() -> None:
    here = pose()
    ahead = here[POSITION] + np.array([0.02, 0.0, 0.0])
    pushed = yielding(here, torque(here, feet(here), STANDING, ahead))
    assert (pushed[:, 0] < 0.0).all()
    # Nothing stands, nothing pushes.
    assert np.allclose(torque(here, feet(here), IN_THE_AIR, ahead), 0.0, atol=1e-3)
