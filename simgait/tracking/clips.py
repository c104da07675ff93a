"""Many trials as arrays of one shape, ready to be tracked in one compiled program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from simgait.body.config import BodyConfig
from simgait.body.model import BodyBank, build_body_bank
from simgait.pytrees import register_parts
from simgait.skeleton import mirror
from simgait.skeleton.coordinates import POSITION
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.kinematics import body_keypoints, sole_heights
from simgait.skeleton.skeleton import Skeleton
from simgait.types import FittedTrial


@dataclass(frozen=True)
class ClipBank:
    """C clips of up to T frames and the bodies that walk them. Past a clip's end frames repeat.

    Attributes:
        length: (C,) frames of each clip.
        target_pose, target_velocity: (C, T, D) what the reward compares with: the truth where it
            is known, else the reference.
        reference_pose, reference_velocity: (C, T, D).
        start_pose, start_velocity: (C, T, D) the state of an episode that starts at that frame;
            the reference, unless something else was put there (see `tracking.initialiser`).
        contact_probability: (C, T, 2) that each foot stands, by the refiner and the motion of the
            feet (`body.contact_timing`).
        hover_m: (C, T, 2) height of the reference's feet above the floor, see `sole_growth_m`.
        keypoints: (C, T, 23, 3) pelvis-centred, in leg lengths, 0 where missing.
        keypoint_mask: (C, T, 23) 1 where seen.
        fitted_keypoints: (C, T, K, 3) the reference body's own, pelvis-centred, in leg lengths.
        witness: (C, T, 2) pelvis velocity (m/s) as the recording shows it, 0 where it does not.
        witness_mask: (C, T).
        residual_scale: (C,) factor on the residual wrench and its bounds; 1 in training.
        springs: (C, 2) stiffness that leads feet in the air, and the pelvis by those on the floor
            (`tracking.foot_guidance`), body weights per leg length; 0 in training.
        bodies: clip c walks in body c.
    """

    length: Int[Array, " C"]
    target_pose: Float[Array, "C T D"]
    target_velocity: Float[Array, "C T D"]
    reference_pose: Float[Array, "C T D"]
    reference_velocity: Float[Array, "C T D"]
    start_pose: Float[Array, "C T D"]
    start_velocity: Float[Array, "C T D"]
    contact_probability: Float[Array, "C T 2"]
    hover_m: Float[Array, "C T 2"]
    keypoints: Float[Array, "C T 23 3"]
    keypoint_mask: Float[Array, "C T 23"]
    fitted_keypoints: Float[Array, "C T K 3"]
    witness: Float[Array, "C T 2"]
    witness_mask: Float[Array, "C T"]
    residual_scale: Float[Array, " C"]
    springs: Float[Array, "C 2"]
    bodies: BodyBank

    @property
    def n_clips(self) -> int:
        """Number of clips."""
        return int(self.length.shape[0])


register_parts(ClipBank)


def with_mirror_images(clips: ClipBank) -> ClipBank:
    """Every clip and its mirror image, so that no policy learns to prefer a side.

    Bodies are symmetric, so a clip and its image share theirs; angles carry clinical signs, so
    left and right trade places and only sideways and turning coordinates change sign.
    """
    everywhere, body = (
        mirror.columns(n).order for n in (KEYPOINT_NAMES, clips.bodies.skeleton.keypoints)
    )
    pose, vector = clips.bodies.skeleton.mirror, mirror.vector()
    image = {
        "length": clips.length,
        "target_pose": pose(clips.target_pose),
        "target_velocity": pose(clips.target_velocity),
        "reference_pose": pose(clips.reference_pose),
        "reference_velocity": pose(clips.reference_velocity),
        "start_pose": pose(clips.start_pose),
        "start_velocity": pose(clips.start_velocity),
        "contact_probability": clips.contact_probability[..., ::-1],
        "hover_m": clips.hover_m[..., ::-1],
        "keypoints": vector(clips.keypoints[:, :, everywhere]),
        "keypoint_mask": clips.keypoint_mask[:, :, everywhere],
        "fitted_keypoints": vector(clips.fitted_keypoints[:, :, body]),
        "witness": mirror.vector(2)(clips.witness),
        "witness_mask": clips.witness_mask,
        "residual_scale": clips.residual_scale,
        "springs": clips.springs,
    }
    both = {name: jnp.concatenate([getattr(clips, name), values]) for name, values in image.items()}

    def twice(values: Array) -> Array:
        return jnp.concatenate([values, values])

    bodies = BodyBank(
        clips.bodies.base,
        {name: twice(leaf) for name, leaf in clips.bodies.leaves.items()},
        jax.tree.map(twice, clips.bodies.dims),
        twice(clips.bodies.stiffness_nm_per_rad),
        clips.bodies.soles,
        clips.bodies.skeleton,
    )
    return ClipBank(**both, bodies=bodies)


def hover_m(
    pose: Float[np.ndarray, "T D"], dims: Dimensions, skeleton: Skeleton = TRIMMED_HUMANOID
) -> Float[np.ndarray, "T 2"]:
    """Height of the lowest point of each foot above the floor; 0 where it is lower."""
    return np.maximum(sole_heights(pose, dims, skeleton).min(axis=-1), 0.0)


def _clip(fitted: FittedTrial) -> dict[str, np.ndarray]:
    trial, leg_m = fitted.trial, float(fitted.dims.leg_m)
    centred = fitted.pose.copy()
    centred[:, POSITION] = 0.0
    if trial.truth is None:
        pose, velocity = fitted.pose, fitted.pose_velocity
    else:
        true_pose = fitted.skeleton.told(trial.truth.pose, TRIMMED_HUMANOID)
        pose = np.where(np.isfinite(true_pose), true_pose, fitted.pose)
        velocity = np.gradient(pose, 1.0 / trial.fps_hz, axis=0)
    seen = np.isfinite(trial.keypoints_m).all(-1)
    witnessed = np.isfinite(fitted.witness_mps).all(-1)
    return {
        "target_pose": pose,
        "target_velocity": velocity,
        "reference_pose": fitted.pose,
        "reference_velocity": fitted.pose_velocity,
        "contact_probability": fitted.contact_probability,
        "hover_m": hover_m(fitted.pose, fitted.dims, fitted.skeleton),
        "keypoints": np.where(seen[..., None], trial.keypoints_m, 0.0) / leg_m,
        "keypoint_mask": seen.astype(float),
        "fitted_keypoints": body_keypoints(centred, fitted.dims, fitted.skeleton) / leg_m,
        "witness": np.where(witnessed[:, None], fitted.witness_mps, 0.0),
        "witness_mask": witnessed.astype(float),
    }


def build_clips(
    fitted: Sequence[FittedTrial],
    body: BodyConfig,
    *,
    frames: int | None = None,
    residual_scale: float = 1.0,
    springs: tuple[float, float] = (0.0, 0.0),
) -> ClipBank:
    """Stacks trials; longer ones than `frames` are cut, shorter ones repeat their last frame.

    Raises:
        ValueError: a trial has another number of keypoints, or something not finite.
    """
    frames = frames or max(one.trial.n_frames for one in fitted)
    columns: dict[str, list[np.ndarray]] = {}
    for one in fitted:
        trial = one.trial
        if trial.keypoints_m.shape[1] != len(KEYPOINT_NAMES):
            raise ValueError(f"{trial.trial_id}: expected {len(KEYPOINT_NAMES)} keypoints")
        for name, values in _clip(one).items():
            if not np.isfinite(values).all():
                raise ValueError(
                    f"{trial.trial_id}: {name} is not finite; it must not reach physics"
                )
            row = np.arange(frames).clip(max=len(values) - 1)
            columns.setdefault(name, []).append(values[row].astype(np.float32))
    stacked = {name: jnp.asarray(np.stack(rows)) for name, rows in columns.items()}
    lengths = np.array([min(one.trial.n_frames, frames) for one in fitted], np.int32)
    return ClipBank(
        jnp.asarray(lengths),
        **stacked,
        start_pose=stacked["reference_pose"],
        start_velocity=stacked["reference_velocity"],
        residual_scale=jnp.full(len(lengths), residual_scale, jnp.float32),
        springs=jnp.tile(jnp.array(springs, jnp.float32), (len(lengths), 1)),
        bodies=build_body_bank([one.dims for one in fitted], body),
    )
