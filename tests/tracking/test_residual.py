"""What pulls the pelvis home beside the policy."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.tracking.config import TrackingConfig
from simgait.tracking.residual import root_error, root_feedback
from simgait.tracking.simulation import start_physics

CONFIG = TrackingConfig()


@jax.jit
def _feedback_away_from(reference: jax.Array, pose: jax.Array, rate: jax.Array) -> jax.Array:
    physics = start_physics(CONFIG, pose, rate)
    error = root_error(reference, jnp.zeros(16), physics.qpos, physics.qvel, jnp.asarray(0.9))
    return root_feedback(CONFIG.control, error)


def test_the_feedback_pulls_the_pelvis_home() -> None:
    spring, damper, turn_spring, turn_damper = CONFIG.control.residual_feedback
    # A reference that faces 0.4 rad to the left, so that world and pelvis axes differ.
    reference = jnp.zeros(16).at[2].set(0.9).at[5].set(0.4)
    still = jnp.zeros(16)
    assert np.allclose(_feedback_away_from(reference, reference, still), 0.0, atol=1e-6)
    ahead = _feedback_away_from(reference, reference.at[0].add(0.09), still)
    assert np.allclose(ahead, [-0.1 * spring, 0, 0, 0, 0, 0], atol=1e-5)
    turned = _feedback_away_from(reference, reference.at[5].add(0.2), still)
    assert np.allclose(turned, [0, 0, 0, 0, 0, -turn_spring * np.sin(0.2)], atol=1e-5)
    # Pelvic tilt is anterior positive, about the pelvis's own left axis.
    tilted = _feedback_away_from(reference, reference.at[3].add(0.2), still)
    assert np.allclose(tilted, [0, 0, 0, 0, -turn_spring * np.sin(0.2), 0], atol=1e-5)
    moving = _feedback_away_from(reference, reference, still.at[0].set(0.5).at[5].set(1.5))
    speed_unit = np.sqrt(GRAVITY_MPS2 * 0.9)
    expected = [-0.5 / speed_unit * damper, 0, 0, 0, 0, -1.5 * turn_damper]
    assert np.allclose(moving, expected, atol=1e-5)
