"""One environment's now, which the terms of observations and rewards read."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from simgait.skeleton.dimensions import GRAVITY_MPS2, Dimensions
from simgait.skeleton.skeleton import Skeleton
from simgait.tracking.clips import ClipBank


@dataclass(frozen=True)
class Moment:
    """One environment's now: everything an observation or a reward term may read.

    Attributes:
        clips: the walks; `clip` and `frame` say where in which.
        clip, frame: indices into them.
        pose, pose_velocity: (D,) skeleton coordinates (m, rad) and their rates.
        foot_load_bw: (2,) vertical force on each foot, body weights.
        stood: (2,) share of the last control step in which each foot stood.
        impact: mean square of the load of a foot beyond what walking takes, of that step.
        path_offset_m: (2,) by which the reference's path is moved.
        action, previous_action: (A,) of the last control step and of the one before it, in [-1, 1];
            zeros where an episode starts.
        residual_share: (6,) residual wrench of the last control step as a share of its bounds.
        dims: of the body.
    """

    clips: ClipBank
    clip: Int[Array, ""]
    frame: Int[Array, ""]
    pose: Float[Array, " D"]
    pose_velocity: Float[Array, " D"]
    foot_load_bw: Float[Array, " 2"]
    stood: Float[Array, " 2"]
    impact: Float[Array, ""]
    path_offset_m: Float[Array, " 2"]
    action: Float[Array, " A"]
    previous_action: Float[Array, " A"]
    residual_share: Float[Array, " 6"]
    dims: Dimensions

    @property
    def skeleton(self) -> Skeleton:
        """The body, whose D coordinates these are."""
        return self.clips.bodies.skeleton

    @property
    def speed_unit_mps(self) -> Float[Array, ""]:
        """√(g · leg): velocities in this unit are those of dynamically similar walks."""
        return jnp.sqrt(GRAVITY_MPS2 * self.dims.leg_m)

    @property
    def last_frame(self) -> Int[Array, ""]:
        """Index of the clip's last frame."""
        return self.clips.length[self.clip] - 1
