"""The refiner: a small temporal network that undoes what monocular keypoints do to a fit.

It reads a fitted reference (poses, their rates, what the keypoints and the pelvis path say) over a
whole trial and returns corrections to the angles, the pelvis velocity, and the probability that
each foot stands. The trial's averages feed every frame, because the compression and the scale of a
recording's depth are constant within it (knowledge: "the leg swing lies"). It sees all keypoints,
arms and head too: they say how the trunk leans, on which the pelvis sits. Marker recordings are
true already: there only joints without foot points are refined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from simgait.body.batches import batches
from simgait.body.contact_timing import mean_timing
from simgait.body.fit import FitConfig, smooth, stance_speed, stand_on_floor
from simgait.body.footing import plant_feet
from simgait.series.derivatives import integrate
from simgait.skeleton import mirror
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import (
    BODY_KEYPOINT_COLUMNS,
    BODY_KEYPOINTS,
    POSE_INDEX,
    TRIMMED_HUMANOID,
)
from simgait.skeleton.dimensions import GRAVITY_MPS2, Dimensions
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES
from simgait.trials.kinematic_events import kinematic_events
from simgait.trials.world_paths import walk_paths
from simgait.types import GaitEvent, Reference, RefinedReference, Trial

N_FEATURES = 129
N_OUTPUTS = 17  # 13 angles, 2 velocities, 2 contact logits
ANGLE_SCALE_RAD = 0.2
SPEED_SCALE = 0.2  # of sqrt(g × leg)
LARGEST_FEATURE = 6.0  # standard deviations


class Refiner(nn.Module):
    """Dilated residual convolutions over time with the trial's averages as context."""

    width: int = 128
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16)

    @nn.compact
    def __call__(
        self, features: Float[Array, "B T F"], valid: Float[Array, "B T"]
    ) -> Float[Array, "B T 17"]:
        """Corrections in units of the scales above; `valid` is 1 for real frames, 0 for padding."""
        mask = valid[..., None]
        x = nn.silu(nn.Dense(self.width)(features)) * mask
        for dilation in self.dilations:
            context = (x * mask).sum(1, keepdims=True) / jnp.maximum(mask.sum(1, keepdims=True), 1)
            y = nn.Conv(self.width, (5,), kernel_dilation=(dilation,))(nn.LayerNorm()(x) * mask)
            y = nn.silu(y + nn.Dense(self.width)(context))
            x = x + nn.Dense(self.width)(y) * mask
        context = (x * mask).sum(1, keepdims=True) / jnp.maximum(mask.sum(1, keepdims=True), 1)
        context = jnp.broadcast_to(context, x.shape)
        y = nn.silu(nn.Dense(self.width)(jnp.concatenate([x, context], axis=-1)))
        return nn.Dense(N_OUTPUTS, kernel_init=nn.initializers.normal(1e-3))(y)


@dataclass(frozen=True)
class RefinerWeights:
    """A trained refiner: network parameters and the standardisation of its features."""

    params: Any
    feature_mean: Float[np.ndarray, " F"]
    feature_sd: Float[np.ndarray, " F"]


jax.tree_util.register_dataclass(
    RefinerWeights, data_fields=["params", "feature_mean", "feature_sd"], meta_fields=[]
)


def refiner_features(
    trial: Trial, reference: Reference, dims: Dimensions
) -> Float[np.ndarray, "T F"]:
    """Dimensionless features of a fitted trial, NaN-free."""
    leg = float(dims.leg_m)
    speed_unit = np.sqrt(GRAVITY_MPS2 * leg)
    n = trial.n_frames
    points = trial.keypoints_m / leg
    seen = np.asarray(np.isfinite(points).all(-1))
    measured = reference.travel_is_measured[:, None]
    feet = smooth(stance_speed(reference.pose, dims, trial.fps_hz), 3.0, trial.fps_hz)
    witness = np.where(measured, reference.pose_velocity[:, :2], 0.0)
    person = np.array([dims.height_m, dims.thigh_m / leg, float(trial.scale_is_metric)])
    features = [
        reference.pose[:, 3:],
        0.2 * reference.pose_velocity[:, 3:],
        feet / speed_unit,
        witness / speed_unit,
        measured.astype(float),
        reference.pose[:, 2:3] / float(dims.standing_hip_height_m),
        np.where(seen[..., None], points, 0.0).reshape(n, -1),
        seen.astype(float),
        np.nan_to_num(reference.fit_error_m)[:, None] / leg,
        np.tile(person, (n, 1)),
        np.full((n, 1), min(n / 300.0, 1.0)),
    ]
    return np.concatenate(features, axis=1).astype(np.float32)


_ONE = mirror.same(1)
_ANGLES = TRIMMED_HUMANOID.mirror[ANGLES]
_BEFORE_POINTS = mirror.joined(_ANGLES, _ANGLES, mirror.vector(2), mirror.vector(2), _ONE, _ONE)
_POINTS_FROM = len(_BEFORE_POINTS.order)
_SEEN_FROM = _POINTS_FROM + 3 * len(KEYPOINT_NAMES)
_BEYOND = [i for i, name in enumerate(KEYPOINT_NAMES) if name not in BODY_KEYPOINTS]
BEYOND_BODY = np.array(
    [_POINTS_FROM + 3 * i + axis for i in _BEYOND for axis in range(3)]
    + [_SEEN_FROM + i for i in _BEYOND]
)
"""Features of the keypoints that the body has not (arms and head); 0 where not seen."""
MIRROR_OF_FEATURES = mirror.joined(
    _BEFORE_POINTS, mirror.points(KEYPOINT_NAMES), mirror.columns(KEYPOINT_NAMES), _ONE,
    mirror.same(3), _ONE,
)  # fmt: skip
MIRROR_OF_OUTPUTS = mirror.joined(_ANGLES, mirror.vector(2), mirror.FEET)


def standardised(
    features: Float[Array, "... F"],
    mean: Float[Array | np.ndarray, " F"],
    sd: Float[Array | np.ndarray, " F"],
) -> Float[Array, "... F"]:
    """Features as the network takes them."""
    return jnp.clip((features - mean) / sd, -LARGEST_FEATURE, LARGEST_FEATURE)


def one_sided(
    weights: RefinerWeights, features: Float[Array, "B T F"], valid: Float[Array, "B T"]
) -> Float[Array, "B T 17"]:
    """The network's answer as it is; a mirror image may get another."""
    given = standardised(features, weights.feature_mean, weights.feature_sd)
    return jnp.asarray(Refiner().apply(weights.params, given, valid))


def corrections(
    weights: RefinerWeights, features: Float[Array, "B T F"], valid: Float[Array, "B T"]
) -> Float[Array, "B T 17"]:
    """The network's answer to a trial and, mirrored, to its mirror image; their mean.

    So a walk's mirror image gets the mirror image of its corrections.
    """
    image = MIRROR_OF_OUTPUTS(one_sided(weights, MIRROR_OF_FEATURES(features), valid))
    return 0.5 * (one_sided(weights, features, valid) + image)


_corrections = jax.jit(corrections)


def refine_references(
    weights: RefinerWeights,
    trials: Sequence[Trial],
    references: Sequence[Reference],
    people: Sequence[Dimensions],
) -> list[RefinedReference]:
    """Refines fitted references, trials of like length together, and plants their feet."""
    results: dict[int, RefinedReference] = {}
    for batch in batches([trial.n_frames for trial in trials]):
        features = np.zeros((batch.size, batch.frames, N_FEATURES), np.float32)
        valid = np.zeros((batch.size, batch.frames), np.float32)
        for row, i in enumerate(batch.members):
            raw = refiner_features(trials[i], references[i], people[i])
            features[row, : len(raw)] = raw
            valid[row, : len(raw)] = 1.0
        corrected = _corrections(weights, features, valid)
        # The network computes beside this until its answer is asked for.
        events = [events_of_seen_feet(trials[i], references[i], people[i]) for i in batch.members]
        outputs = np.asarray(corrected, float)
        for row, i in enumerate(batch.members):
            out = outputs[row, : trials[i].n_frames]
            results[i] = apply_correction(out, trials[i], references[i], people[i], events[row])
    return _with_planted_feet([results[i] for i in range(len(trials))], trials, people)


def _with_planted_feet(
    refined: Sequence[RefinedReference], trials: Sequence[Trial], people: Sequence[Dimensions]
) -> list[RefinedReference]:
    if not refined:
        return []
    poses = plant_feet(
        [one.reference.pose for one in refined],
        [one.contact_probability for one in refined],
        people,
        [trial.scale_is_metric for trial in trials],
        trials[0].fps_hz,
    )
    planted = []
    for one, pose, trial in zip(refined, poses, trials, strict=True):
        velocity = np.gradient(pose, 1.0 / trial.fps_hz, axis=0)
        reference = replace(one.reference, pose=pose, pose_velocity=velocity)
        planted.append(replace(one, reference=reference))
    return planted


def apply_correction(
    output: Float[np.ndarray, "T 17"],
    trial: Trial,
    reference: Reference,
    dims: Dimensions,
    events: Sequence[GaitEvent] = (),
) -> RefinedReference:
    """A refiner's output laid over a reference; `events` are those of `events_of_seen_feet`."""
    config = FitConfig()
    angles = ANGLE_SCALE_RAD * output[:, :13]
    probability = 1.0 / (1.0 + np.exp(-output[:, 15:17]))
    probability = mean_timing(probability, events, trial.fps_hz)
    speed_unit = np.sqrt(GRAVITY_MPS2 * float(dims.leg_m))
    pose = reference.pose.copy()
    witness = np.where(
        reference.travel_is_measured[:, None], reference.pose_velocity[:, :2], np.nan
    )
    if trial.scale_is_metric:
        pose[:, 3:] += angles * _unseen_joints(trial)
    else:
        pose[:, 3:] += angles
    pose = smooth(pose, config.pose_cutoff_hz, trial.fps_hz)
    if not (trial.scale_is_metric and reference.travel_is_measured.any()):
        speed = reference.pose_velocity[:, :2] + SPEED_SCALE * speed_unit * output[:, 13:15]
        pose[:, :2] = integrate(smooth(speed, 4.0, trial.fps_hz), trial.fps_hz)
    pose = stand_on_floor(pose, dims, trial.fps_hz)
    velocity = np.gradient(pose, 1.0 / trial.fps_hz, axis=0)
    refined = replace(reference, pose=pose, pose_velocity=velocity)
    return RefinedReference(refined, probability, witness)


def events_of_seen_feet(trial: Trial, reference: Reference, dims: Dimensions) -> list[GaitEvent]:
    """Kinematic events of the fitted body's feet, of those that the recording shows."""
    unseen = _unseen_joints(trial)
    seen = [side for side in SIDES if not unseen[POSE_INDEX[f"{side}_ankle_dorsiflexion"] - 3]]
    points = np.asarray(body_keypoints(reference.pose, dims), float)
    paths = walk_paths(trial.time_s, points, BODY_KEYPOINTS)
    return [event for event in kinematic_events(paths) if event.side in seen]


def _unseen_joints(trial: Trial) -> Float[np.ndarray, " A"]:
    """1 for coordinates that the recording's keypoints do not determine, 0 for the rest."""
    finite = np.isfinite(trial.keypoints_m[:, BODY_KEYPOINT_COLUMNS]).all(-1)
    seen = dict(zip(BODY_KEYPOINTS, finite.mean(axis=0) > 0.2, strict=True))
    unseen = np.zeros(13)
    for side in ("Left", "Right"):
        if not (seen[f"{side} Heel"] or seen[f"{side} Big Toe"] or seen[f"{side} Foot"]):
            unseen[POSE_INDEX[f"{side.lower()}_ankle_dorsiflexion"] - 3] = 1.0
    if not (seen["Pelvis"] or seen["Sternum"]):
        for name in ("pelvis_tilt", "left_hip_flexion", "right_hip_flexion"):
            unseen[POSE_INDEX[name] - 3] = 1.0
    return unseen
