"""The body fitted to keypoints: reference poses, the path of the pelvis, and how well they fit.

Inverse kinematics frame by frame (Levenberg-Marquardt with a weak normative prior for what the
keypoints do not say), then the legs' contact geometry gives the pelvis its height above the floor.
Keypoints are smoothed before and poses after (zero-phase Butterworth, Winter 2009 ch. 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float
from pydantic import BaseModel, ConfigDict, Field

from simgait.errors import InputError
from simgait.series.derivatives import integrate
from simgait.series.filters import low_pass
from simgait.series.gaps import fill_by_strides, stride_frames
from simgait.skeleton.coordinates import HEIGHT, HORIZONTAL, POSITION
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions, dimensions_from_height
from simgait.skeleton.jacobian import points_and_jacobian
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.kinematics import body_keypoints, contact_points, sole_heights
from simgait.skeleton.sides import SIDES
from simgait.skeleton.skeleton import PELVIS, Skeleton
from simgait.types import FittedTrial, Trial

CHUNK = 512
"""Frames, of any walks, that one call fits: one program, 17 s of a walk."""
ITERATIONS = 8
"""Angles of seven walkers then lie within 0.06° of those after 30; after 4 within 1.1°."""
DAMPING = 1e-5
"""1e-7 to 1e-3 change no angle of these walkers by more than 0.06°: it keeps single precision from
dividing by what a missing limb leaves."""
LARGEST_CHANGE = 0.4  # rad or m per iteration
PADDING_FRAMES = 12
"""Of a trajectory's mirrored ends: the filter has forgotten them after 0.4 s."""
SHORTEST_FRAMES = 16
"""A shorter one has too few frames to mirror as many."""

COUNTED_WEIGHT = 0.1
"""Of keypoints that the fit's error is told of. What a body believes less it only roughly has: an
arm without an elbow does not say how well the legs fit."""

FILLED_WEIGHT = 0.3
"""Of an interpolated keypoint: better than the prior, but not as good as a seen one (1)."""


TRUNK_POINTS = ("Sternum",)
"""Of the body's keypoints those that lie above the pelvis, on a trunk that may be rigid with it."""


class FitConfig(BaseModel):
    """Cut-off frequencies of the fit's zero-phase low-pass filters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    keypoint_cutoff_hz: float = Field(8.0, gt=0, description="keypoints before the fit, Hz")
    pose_cutoff_hz: float = Field(7.0, gt=0, description="poses after the fit, Hz")
    path_cutoff_hz: float = Field(
        1.5, gt=0, description="pelvis path of a detector, Hz (markers keep pose_cutoff_hz)"
    )


def measure_dimensions(trial: Trial) -> Dimensions:
    """A person's segment lengths: median distances between keypoints, height for the rest.

    Raises:
        InputError: the measured legs are outside what people have.
    """
    default = dimensions_from_height(trial.height_m, trial.mass_kg)

    def distance(a: str, b: str) -> float:
        offset = trial.keypoints_m[:, KEYPOINT_INDEX[a]] - trial.keypoints_m[:, KEYPOINT_INDEX[b]]
        length = np.linalg.norm(offset, axis=-1)
        return float(np.nanmedian(length)) if np.isfinite(length).any() else np.nan

    def both(a: str, b: str) -> float:
        return 0.5 * (distance(f"Left {a}", f"Left {b}") + distance(f"Right {a}", f"Right {b}"))

    thigh, shank = both("Hip", "Knee"), both("Knee", "Ankle")
    hip_width = distance("Left Hip", "Right Hip")
    for name, value, expected in (
        ("thigh", thigh, default.thigh_m),
        ("shank", shank, default.shank_m),
    ):
        if not 0.6 * expected < value < 1.5 * expected:
            raise InputError(
                f"{trial.trial_id}: the {name} measures {value:.2f} m, a person of "
                f"{trial.height_m:.2f} m has about {expected:.2f} m; check unit, height and names"
            )
    # Detectors place the hips anywhere between skin and joint; trust them half.
    hip_trust = 1.0 if trial.scale_is_metric else 0.5
    hip_width = float(np.clip(hip_width, 0.6 * default.hip_width_m, 1.6 * default.hip_width_m))
    return Dimensions(
        height_m=float(trial.height_m),
        mass_kg=float(default.mass_kg),
        hip_width_m=hip_trust * hip_width + (1 - hip_trust) * default.hip_width_m,
        thigh_m=thigh,
        shank_m=shank,
        ankle_height_m=default.ankle_height_m,
        foot_length_m=default.foot_length_m,
    )


def smooth(
    motion: Float[np.ndarray, "T ..."], cutoff_hz: float, fps_hz: float
) -> Float[np.ndarray, "T ..."]:
    """A short walk's motion, any unit, low-passed (zero phase) with its ends barely extended."""
    return low_pass(
        motion, fps_hz, cutoff_hz, padding_samples=PADDING_FRAMES, min_samples=SHORTEST_FRAMES
    )


def _solve(matrices: Float[Array, "N D D"], vectors: Float[Array, "N D"]) -> Float[Array, "N D"]:
    """Solutions of positive definite systems by Gauss-Jordan elimination, all N side by side.

    LAPACK's batched solvers run one system after the other, and two of them at a time on two
    threads deadlock in jaxlib 0.10.
    """
    rows = jnp.moveaxis(jnp.concatenate([matrices, vectors[..., None]], axis=-1), 0, -1)
    for i in range(rows.shape[0]):
        pivot = rows[i] / rows[i, i]
        rows = (rows - rows[:, i, None] * pivot).at[i].set(pivot)
    return jnp.moveaxis(rows[:, -1], -1, 0)


@partial(jax.jit, static_argnames="skeleton")
def _fit_frames(
    target: Float[Array, "N K 3"],
    weight: Float[Array, "N K"],
    dims: Dimensions,
    skeleton: Skeleton,
) -> Float[Array, "N D"]:
    parts = skeleton.coordinates
    # A weak prior for what the keypoints do not say: the mean of a normal gait cycle.
    prior = jnp.square(jnp.array([part.prior_m_per_rad for part in parts], jnp.float32))
    mean = jnp.array([part.usual for part in parts], jnp.float32)
    lower, upper = (jnp.array([getattr(p, b) for p in parts]) for b in ("lower", "upper"))

    def normal_equations(
        pose: Array, target: Array, weight: Array, dims: Dimensions
    ) -> tuple[Array, Array]:
        points, jacobian = points_and_jacobian(pose, dims, skeleton.keypoints, skeleton)
        error = ((points - target) * weight[:, None]).ravel()
        jacobian = (jacobian * weight[:, None, None]).reshape(-1, len(parts))
        matrix = jacobian.T @ jacobian + jnp.diag(prior + DAMPING)
        return matrix, jacobian.T @ error + prior * (pose - mean)

    def step(pose: Array, _: None) -> tuple[Array, None]:
        change = _solve(*jax.vmap(normal_equations)(pose, target, weight, dims))
        change = jnp.clip(change, -LARGEST_CHANGE, LARGEST_CHANGE)
        return jnp.clip(pose - change, lower, upper), None

    start = jnp.broadcast_to(mean, (len(target), len(parts)))
    pose, _ = jax.lax.scan(step, start, None, length=ITERATIONS)
    return pose


def fit_poses(
    keypoints_m: Float[np.ndarray, "N K 3"],
    weight: Float[np.ndarray, "N K"],
    dims: Dimensions,
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> Float[np.ndarray, "N D"]:
    """Inverse kinematics of N frames at once (m, rad).

    Args:
        keypoints_m: `skeleton.keypoints`, NaN where missing.
        weight: how much each is believed.
        dims: scalar or (N,) fields.
        skeleton: the body.
    """
    n = len(keypoints_m)
    padded = -(-n // CHUNK) * CHUNK
    target = np.zeros((padded, len(skeleton.keypoints), 3), np.float32)
    target[:n] = np.nan_to_num(keypoints_m)
    weights = np.zeros((padded, len(skeleton.keypoints)), np.float32)
    weights[:n] = weight * np.isfinite(keypoints_m).all(-1)
    fields = {}
    for name, value in vars(dims).items():
        full = np.ones(padded, np.float32) * np.float32(np.ravel(value)[0])
        full[:n] = value
        fields[name] = full
    parts = [
        np.asarray(
            _fit_frames(
                target[i : i + CHUNK],
                weights[i : i + CHUNK],
                Dimensions(**{k: v[i : i + CHUNK] for k, v in fields.items()}),
                skeleton,
            )
        )
        for i in range(0, padded, CHUNK)
    ]
    return np.concatenate(parts)[:n]


def stance_speed(
    pose: Float[np.ndarray, "T D"],
    dims: Dimensions,
    fps_hz: float,
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> Float[np.ndarray, "T 2"]:
    """Horizontal velocity (m/s) the pelvis must have for the lowest sole point to stand still.

    Poses need no pelvis position. The lowest contact sphere carries; where two are about as low,
    the carrying is shared.
    """
    still = pose.copy()
    still[:, POSITION] = 0.0
    spheres = contact_points(still, dims, skeleton)
    heights = spheres[..., 2] - skeleton.sphere_radii_m(dims)
    velocity = np.gradient(spheres, 1.0 / fps_hz, axis=0)
    softness_m = 0.004 * float(dims.height_m) / 1.75
    load = np.exp(-(heights - heights.min(axis=1, keepdims=True)) / softness_m)
    load /= load.sum(axis=1, keepdims=True)
    return -np.einsum("ts,tsk->tk", load, velocity[..., HORIZONTAL])


def stand_on_floor(
    pose: Float[np.ndarray, "T D"],
    dims: Dimensions,
    fps_hz: float,
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> Float[np.ndarray, "T D"]:
    """Sets the pelvis height so that the lowest sole point touches the floor, smoothed."""
    grounded = pose.copy()
    grounded[:, HEIGHT] = 0.0
    heights = np.asarray(sole_heights(grounded, dims, skeleton)).reshape(len(pose), -1)
    grounded[:, HEIGHT] = smooth(-heights.min(axis=1), 6.0, fps_hz)
    return grounded


def fit_references(
    trials: Sequence[Trial],
    people: Sequence[Dimensions],
    config: FitConfig | None = None,
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> list[FittedTrial]:
    """Fits the body to prepared trials, all their frames in one batch.

    Args:
        trials: heading frame, keypoints centred at mid-hip.
        people: one per trial, see `measure_dimensions`.
        config: cut-off frequencies.
        skeleton: the body.
    """
    config = config or FitConfig()
    targets, weights = zip(*(_fit_target(trial, config, skeleton) for trial in trials), strict=True)
    lengths = [trial.n_frames for trial in trials]
    dims = jax.tree.map(lambda *v: np.repeat(np.asarray(v, np.float32), lengths), *people)
    poses = fit_poses(np.concatenate(targets), np.concatenate(weights), dims, skeleton)
    parts = np.split(poses.astype(float), np.cumsum(lengths)[:-1])
    return [
        _finish_reference(trial, person, pose, config, skeleton)
        for trial, person, pose in zip(trials, people, parts, strict=True)
    ]


def _fit_target(
    trial: Trial, config: FitConfig, skeleton: Skeleton
) -> tuple[Float[np.ndarray, "T K 3"], Float[np.ndarray, "T K"]]:
    """The body's keypoints (m), gaps filled and smoothed, and their weights in the fit."""
    body = trial.keypoints_m[:, skeleton.keypoint_columns].astype(float)
    seen = np.isfinite(body).all(-1)
    left, right = (trial.keypoints_m[:, KEYPOINT_INDEX[f"{s} Ankle"], 0] for s in ("Left", "Right"))
    ahead = (left - right).astype(float)
    stride = None if seen.all() else stride_frames(ahead, trial.fps_hz)
    flat = fill_by_strides(body.reshape(trial.n_frames, -1), trial.fps_hz, stride)
    known = np.isfinite(flat).all(axis=0)
    flat[:, known] = smooth(flat[:, known], config.keypoint_cutoff_hz, trial.fps_hz)
    weight = np.where(seen, 1.0, FILLED_WEIGHT) * [site.fit_weight for site in skeleton.sites]
    if trial.scale_is_metric and "Pelvis" in skeleton.keypoints:
        # Where the pelvis is measured a trunk that is one with it says nothing of its tilt: a
        # person's leans by itself.
        measured = seen[:, skeleton.keypoints.index("Pelvis")]
        rigid = {site.keypoint for site in skeleton.segment(PELVIS).sites} & set(TRUNK_POINTS)
        weight[np.ix_(measured, [skeleton.keypoints.index(name) for name in rigid])] = 0.0
    return flat.reshape(body.shape), weight


def _finish_reference(
    trial: Trial,
    dims: Dimensions,
    pose: Float[np.ndarray, "T D"],
    config: FitConfig,
    skeleton: Skeleton,
) -> FittedTrial:
    """Path, floor, rates and fit error of fitted poses."""
    pose = smooth(pose, config.pose_cutoff_hz, trial.fps_hz)
    body = trial.keypoints_m[:, skeleton.keypoint_columns]
    counted = np.array([site.fit_weight >= COUNTED_WEIGHT for site in skeleton.sites])
    seen = np.isfinite(body).all(-1) & counted
    error = np.linalg.norm(np.asarray(body_keypoints(pose, dims, skeleton)) - body, axis=-1)
    with np.errstate(invalid="ignore"):
        fit_error = np.sqrt(
            np.nansum(error[:, counted] ** 2, axis=1) / np.where(seen.any(1), seen.sum(1), np.nan)
        )
    cutoff = config.pose_cutoff_hz if trial.scale_is_metric else config.path_cutoff_hz
    speed, measured = pelvis_speed(trial, pose, dims, cutoff, skeleton)
    pose[:, HORIZONTAL] = integrate(speed, trial.fps_hz)
    pose = stand_on_floor(pose, dims, trial.fps_hz, skeleton)
    velocity = np.gradient(pose, 1.0 / trial.fps_hz, axis=0)
    return FittedTrial(
        trial=trial,
        dims=dims,
        skeleton=skeleton,
        pose=pose,
        pose_velocity=velocity,
        fit_error_m=fit_error,
        travel_is_measured=measured,
        witness_mps=np.where(measured[:, None], velocity[:, HORIZONTAL], np.nan),
        contact_probability=np.full((trial.n_frames, len(SIDES)), 0.5),
    )


def pelvis_speed(
    trial: Trial,
    pose: Float[np.ndarray, "T D"],
    dims: Dimensions,
    cutoff_hz: float,
    skeleton: Skeleton = TRIMMED_HUMANOID,
) -> tuple[Float[np.ndarray, "T 2"], Bool[np.ndarray, " T"]]:
    """Horizontal pelvis velocity (m/s), and where it was measured.

    From the recorded path between its first frame and its last, beyond them from the stance foot.
    """
    path = trial.believed_path_m[:, HORIZONTAL]
    measured = np.isfinite(path).all(axis=1)
    from_feet = stance_speed(pose, dims, trial.fps_hz, skeleton)
    from_feet = smooth(from_feet, 3.0, trial.fps_hz)
    if measured.sum() < 2:
        return from_feet, np.zeros(trial.n_frames, bool)
    filled = fill_by_strides(path, trial.fps_hz)
    from_path = np.gradient(smooth(filled, cutoff_hz, trial.fps_hz), 1 / trial.fps_hz, axis=0)
    # Where the path was lost for a while, its ends still say how far the person went meanwhile.
    first, last = np.flatnonzero(measured)[[0, -1]]
    frames = np.arange(trial.n_frames)
    within = (frames >= first) & (frames <= last)
    return np.where(within[:, None], from_path, from_feet), measured
