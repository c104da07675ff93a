"""Feet that stand are on the floor and still, feet that swing are clear of it.

A fit and a refiner judge every joint by itself, and degrees of error in a leg are centimetres at
its foot: the swing foot then scrapes along the floor while the stance foot hovers. No body can walk
that way. The smallest smooth change of the pose that puts the feet right is a sparse nonlinear
least-squares problem, solved by Gauss-Newton with conjugate gradients (Nocedal & Wright 2006,
Numerical Optimization, chapters 10 and 5).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from pydantic import BaseModel, ConfigDict, Field

from simgait.body.batches import Batch, batches_without_physics
from simgait.skeleton.coordinates import HORIZONTAL, PELVIS_COORDINATES
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import ADULT_LEG_M, Dimensions
from simgait.skeleton.jacobian import points_and_jacobian
from simgait.skeleton.sides import SIDES
from simgait.skeleton.skeleton import Skeleton

ITERATIONS, INNER_ITERATIONS = 3, 30
"""Chosen: steps of Gauss-Newton, and of conjugate gradients within each; fixed, so that one
compiled program serves all walks."""


class FootingConfig(BaseModel):
    """How much each coordinate may give, and how well feet must stand (standard deviations)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path_m: float = Field(0.06, gt=0, description="change of the pelvis's path, m")
    bound_path_m: float = Field(
        0.02,
        gt=0,
        description="the same where a detector's path binds, so that longer steps carry it: its "
        "speed then stays within 0.2 % on average, with 0.06 m it lost 0.7 %, m",
    )
    height_m: float = Field(0.012, gt=0, description="change of the pelvis's height, m")
    pelvis_rad: float = Field(0.04, gt=0, description="change of a pelvis angle, rad")
    joint_rad: float = Field(0.06, gt=0, description="change of a joint angle, rad")
    path_speed_mps: float = Field(0.06, gt=0, description="change of the path's speed, m/s")
    acceleration_mps2: float = Field(1.5, gt=0, description="of the pelvis's change, m/s²")
    angular_acceleration_radps2: float = Field(16.0, gt=0, description="of angles' change, rad/s²")
    sliding_mps: float = Field(0.03, gt=0, description="speed of a standing sole, m/s")
    sole_m: float = Field(0.004, gt=0, description="height of a standing sole, and sinking, m")
    clearance_m: float = Field(
        0.03,
        ge=0,
        description="of a swinging sole, for a leg of 0.85 m, away from its contacts, where "
        "keypoints are a detector's guess, m",
    )
    marker_clearance_m: float = Field(
        0.015,
        ge=0,
        description="the same where markers show the clearance: a simulated body stands some "
        "millimetres in its soft soles, and a foot that swings low would land early, m",
    )
    foothold_m: float = Field(
        0.005, gt=0, description="distance of a standing heel from where it was measured, m"
    )


HEELS = tuple(f"{side.capitalize()} Heel" for side in SIDES)


def _soles_and_heels(
    pose: Float[Array, "T D"], dims: Dimensions, skeleton: Skeleton
) -> tuple[Float[Array, "T P 3"], Float[Array, "T P 3 D"]]:
    """Lowest points of the contact spheres, then both heels; and how they move with the pose."""
    names = (*skeleton.sphere_names, *HEELS)
    points, jacobian = jax.vmap(lambda p: points_and_jacobian(p, dims, names, skeleton))(pose)
    n_soles = len(skeleton.sphere_names)
    return points.at[:, :n_soles, 2].add(-skeleton.sphere_radii_m(dims)), jacobian


def _tolerances(
    path_m: Float[Array | np.ndarray, ""], config: FootingConfig, skeleton: Skeleton
) -> tuple[Float[Array, " D"], Float[Array, " D"]]:
    """By how much each coordinate may give (m, rad) and bend (m/s², rad/s²)."""
    positions = [path_m, path_m, config.height_m]
    pelvis = [config.pelvis_rad] * (len(PELVIS_COORDINATES) - len(positions))
    give = [*positions, *pelvis, *[config.joint_rad] * skeleton.n_joints]
    of_kind = {
        "position": config.acceleration_mps2,
        "angle": config.angular_acceleration_radps2,
    }
    return jnp.array(give), jnp.array([of_kind[part.kind] for part in skeleton.coordinates])


def _standing_and_swinging(
    pose: Float[Array, "T D"],
    contact: Float[Array, "T 2"],
    dims: Dimensions,
    measured: Float[Array | np.ndarray, ""],
    skeleton: Skeleton,
) -> tuple[Float[Array, "T S"], Float[Array, "T S"]]:
    """How much each contact sphere is asked to stand still on the floor, and to swing clear of it.

    Returns:
        Two shares, 0 to 1, of each sphere in each frame.
    """
    n_soles = len(skeleton.sphere_names)
    heights = _soles_and_heels(pose, dims, skeleton)[0][:, :n_soles, 2]
    per_foot = heights.reshape(-1, len(SIDES), skeleton.spheres_per_foot)
    # Of a standing foot, the spheres that touch: a heel or toe that is up may stay up.
    touching = jnp.exp(-(per_foot - per_foot.min(-1, keepdims=True)) / 0.01)
    standing = (jnp.clip(2.5 * (contact - 0.5), 0.0, 1.0)[..., None] * touching).reshape(
        heights.shape
    )
    swinging = jnp.clip(2.5 * (0.5 - contact), 0.0, 1.0)
    # Just after foot off a foot is low. Just before contact it must not be: feet that come down
    # late in a smooth reference come down on time in the simulation, which leads it.
    swinging = jnp.minimum(swinging, jnp.roll(swinging, 1, axis=0))
    # Measured contacts are to be met: their feet come down at 0.15 m/s (heels do at 0.1 to 0.4).
    coming = jnp.stack([jnp.roll(swinging, -ahead, axis=0) for ahead in (0, 1, 2)]).mean(axis=0)
    swinging = jnp.minimum(swinging, jnp.where(measured > 0.5, coming, swinging))
    return standing, jnp.repeat(swinging, skeleton.spheres_per_foot, axis=1)


class WalkFacts(NamedTuple):
    """What is known of a walk; of many, all along a leading axis.

    Attributes:
        clearance_m: least height of a swinging sole, for a leg of 0.85 m.
        path_m: by how much the pelvis's path may give.
        footholds_m: where the left and the right heel were measured, horizontally.
        held_there: 1 where that binds, 0 where nothing is known.
        measured: 1 where contacts were measured, 0 where they were estimated.
    """

    clearance_m: Float[Array | np.ndarray, "*B"]
    path_m: Float[Array | np.ndarray, "*B"]
    footholds_m: Float[Array | np.ndarray, "*B T 2 2"]
    held_there: Float[Array | np.ndarray, "*B T 2"]
    measured: Float[Array | np.ndarray, "*B"]


def _gauss_newton_step(
    residuals: Callable[[Array, Array], list[Array]],
    change: Float[Array, "T D"],
    points: Float[Array, "T P 3"],
    jacobian: Float[Array, "T P 3 D"],
    give: Float[Array, " D"],
) -> Float[Array, "T D"]:
    """What to add to the change of the pose: conjugate gradients on the normal equations."""
    value, forward = jax.linearize(residuals, change, points)
    transpose = jax.linear_transpose(forward, change, points)

    def backward(rows: list[Array]) -> Array:
        by_pose, by_points = transpose(rows)
        return by_pose + jnp.einsum("tskc,tsk->tc", jacobian, by_points)

    def normal(x: Array) -> Array:
        return backward(forward(x, jnp.einsum("tskc,tc->tsk", jacobian, x)))

    step, _ = jax.scipy.sparse.linalg.cg(
        normal,
        -backward(value),
        maxiter=INNER_ITERATIONS,
        M=lambda x: x * give**2,
    )
    return step


def plant(
    pose: Float[Array, "T D"],
    contact: Float[Array, "T 2"],
    fps_hz: Float[Array, ""],
    dims: Dimensions,
    facts: WalkFacts,
    config: FootingConfig,
    skeleton: Skeleton,
) -> Float[Array, "T D"]:
    """The pose with its feet put right.

    Args:
        pose: skeleton coordinates on the floor z = 0.
        contact: probability that the left and the right foot stands; 0.5 asks for nothing.
        fps_hz: frame rate.
        dims: the person's.
        facts: what is known of this walk.
        config: tolerances.
        skeleton: the body.
    """
    give, bend = _tolerances(facts.path_m, config, skeleton)
    standing, swinging = _standing_and_swinging(pose, contact, dims, facts.measured, skeleton)
    n_soles = len(skeleton.sphere_names)
    wanted = facts.clearance_m * dims.leg_m / ADULT_LEG_M * swinging
    held = jnp.sqrt(jnp.minimum(standing[1:], standing[:-1]))[..., None]

    def residuals(change: Array, points: Array) -> list[Array]:
        soles, heels = points[:, :n_soles], points[:, n_soles:]
        height = soles[..., 2]
        held_heels = jnp.asarray(facts.held_there)[..., None]
        away_m = held_heels * (heels[..., HORIZONTAL] - facts.footholds_m)
        speed = jnp.diff(change[:, HORIZONTAL], axis=0) * fps_hz
        curvature = jnp.diff(change, n=2, axis=0) * fps_hz**2
        return [
            change / give,
            speed / config.path_speed_mps,
            curvature / bend,
            held * jnp.diff(soles[..., HORIZONTAL], axis=0) * fps_hz / config.sliding_mps,
            jnp.sqrt(standing) * height / config.sole_m,
            jnp.minimum(height - wanted, 0.0) / config.sole_m,
            away_m / config.foothold_m,
        ]

    def improve(change: Array, _: None) -> tuple[Array, None]:
        points, jacobian = _soles_and_heels(pose + change, dims, skeleton)
        return change + _gauss_newton_step(residuals, change, points, jacobian, give), None

    change, _ = jax.lax.scan(improve, jnp.zeros_like(pose), None, length=ITERATIONS)
    return pose + change


@partial(jax.jit, static_argnames=("config", "skeleton"))
def _plant_batch(
    pose: Float[Array, "B T D"],
    contact: Float[Array, "B T 2"],
    fps_hz: Float[Array, ""],
    dims: Dimensions,
    facts: WalkFacts,
    config: FootingConfig,
    skeleton: Skeleton,
) -> Float[Array, "B T D"]:
    def one(pose: Array, contact: Array, dims: Dimensions, facts: WalkFacts) -> Array:
        return plant(pose, contact, fps_hz, dims, facts, config, skeleton)

    return jax.vmap(one)(pose, contact, dims, facts)


def _facts(
    batch: Batch,
    trusted: Sequence[bool],
    bound: Sequence[bool],
    footholds: Sequence[Float[np.ndarray, "_ 2 2"] | None] | None,
    config: FootingConfig,
) -> WalkFacts:
    """Of a batch's walks, as `plant_feet` is told them."""
    holds = np.full((batch.size, batch.frames, len(SIDES), 2), np.nan)
    measured = np.zeros(batch.size)
    for row, i in enumerate(batch.filled):
        own = None if footholds is None else footholds[i]
        if own is not None:
            holds[row, : len(own)] = own
            measured[row] = 1.0
    held = np.isfinite(holds).all(axis=-1)
    clearance = [
        config.marker_clearance_m if trusted[i] else config.clearance_m for i in batch.filled
    ]
    path = [config.bound_path_m if bound[i] else config.path_m for i in batch.filled]
    return WalkFacts(
        np.array(clearance, np.float32),
        np.array(path, np.float32),
        np.where(held[..., None], holds, 0.0).astype(np.float32),
        held.astype(np.float32),
        measured.astype(np.float32),
    )


def plant_feet(
    poses: Sequence[Float[np.ndarray, "_ D"]],
    contacts: Sequence[Float[np.ndarray, "_ 2"]],
    people: Sequence[Dimensions],
    trusted: Sequence[bool],
    bound: Sequence[bool],
    fps_hz: float,
    config: FootingConfig | None = None,
    skeleton: Skeleton = TRIMMED_HUMANOID,
    footholds: Sequence[Float[np.ndarray, "_ 2 2"] | None] | None = None,
    *,
    alike: bool = False,
) -> list[Float[np.ndarray, "_ D"]]:
    """`plant` for many walks, those of like length together.

    Args:
        poses: skeleton coordinates on the floor z = 0.
        contacts: probability that the left and the right foot stands.
        people: their sizes.
        trusted: walks of markers, which show a swinging foot's clearance themselves.
        bound: walks that keep a detector's path.
        fps_hz: frame rate.
        config: tolerances.
        skeleton: the body.
        footholds: where measured heels (left, right) stand (m, horizontally), NaN where they do
            not; None for a walk whose feet are not measured.
        alike: see `body.batches`.
    """
    config = config or FootingConfig()
    planted: dict[int, np.ndarray] = {}
    for batch in batches_without_physics([len(pose) for pose in poses], alike=alike):
        # Beyond a walk's end the last pose stays, and nothing is asked of it.
        frame = np.arange(batch.frames)
        pose = np.stack([poses[i][frame.clip(max=len(poses[i]) - 1)] for i in batch.filled])
        contact = np.full((batch.size, batch.frames, 2), 0.5)
        for row, i in enumerate(batch.filled):
            contact[row, : len(contacts[i])] = contacts[i]
        dims = jax.tree.map(
            lambda *v: np.asarray(v, np.float32), *[people[i] for i in batch.filled]
        )
        facts = _facts(batch, trusted, bound, footholds, config)
        result = _plant_batch(
            pose.astype(np.float32),
            contact.astype(np.float32),
            fps_hz,
            dims,
            facts,
            config,
            skeleton,
        )
        for row, i in enumerate(batch.members):
            planted[i] = np.asarray(result[row, : len(poses[i])], float)
    return [planted[i] for i in range(len(poses))]
