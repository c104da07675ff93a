"""The refiner: a small temporal network that undoes what monocular keypoints do to a fit.

It reads a fitted reference (poses, their rates, what the keypoints and the pelvis path say) over a
whole trial and returns corrections to the angles, the pelvis velocity, and the probability that
each foot stands. The trial's averages feed every frame, because the compression and the scale of a
recording's depth are constant within it (knowledge: "the leg swing lies"). It sees all keypoints,
arms and head too: they say how the trunk leans, on which the pelvis sits. Points that
somebody called measured are true already: there only joints without foot points are refined. Points
that merely look exact may be smoothed: refined, too, measured ones are as good as before (20 walks
of training people: speeds off by .028 m/s, steps by 1.4 cm either way), and smoothed ones of a
detector that looks from the side are better (docs/history/travel.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from simgait.body.batches import batches_without_physics
from simgait.body.contact_timing import (
    bound_timing,
    contacts_by_motion,
    contacts_of_measured_feet,
    mean_timing,
    without_flickers,
)
from simgait.body.fit import FitConfig, smooth, stand_on_floor
from simgait.body.footing import plant_feet
from simgait.body.refiner_blocks import (
    features_before,
    features_layout,
    outputs_layout,
    refiner_features,
    speed_unit_mps,
)
from simgait.series.derivatives import integrate
from simgait.series.filters import low_pass
from simgait.series.trend import steady_rate
from simgait.skeleton.coordinates import ANGLES, HORIZONTAL
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.keypoints import FOOT_POINTS, KEYPOINT_NAMES
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES
from simgait.skeleton.skeleton import Skeleton
from simgait.trials.kinematic_events import kinematic_events
from simgait.trials.measured_contacts import (
    feet_are_measured,
    measured_contacts,
    standing_heels_m,
)
from simgait.trials.trajectories import trajectories_of
from simgait.types import FittedTrial, GaitEvent, Trial

ANGLE_SCALE_RAD = 0.2  # 11°: what a camera's angles are off; part of the released weights
SPEED_SCALE = 0.2  # of sqrt(g × leg)
LARGEST_FEATURE = 6.0  # standard deviations
SPEED_CUTOFF_HZ = 4.0
"""Of the corrected pelvis velocity, which swings with each step: twice a second in walking."""
BOUND_BELOW_HZ = 0.4
"""Of a path that is known: slower than a stride (the slowest walkers': half a cycle per second)."""
SHOWN_SHARE = 0.2
"""A keypoint seen in fewer frames than this share tells nothing about its joint."""
KNEES = tuple(f"{side}_knee_flexion" for side in SIDES)


WIDTH = 128
"""Of a refiner whose recipe names no other."""


class Refiner(nn.Module):
    """Dilated residual convolutions over time with the trial's averages as context."""

    n_outputs: int
    width: int
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16)

    @nn.compact
    def __call__(
        self, features: Float[Array, "B T F"], valid: Float[Array, "B T"]
    ) -> Float[Array, "B T O"]:
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
        return nn.Dense(self.n_outputs, kernel_init=nn.initializers.normal(1e-3))(y)


@dataclass(frozen=True)
class RefinerWeights:
    """A trained refiner: its network's parameters, the standardisation of its features, its body.

    What the F features and O outputs are, `refiner_blocks` says.
    """

    params: Any
    feature_mean: Float[Array | np.ndarray, " F"]
    feature_sd: Float[Array | np.ndarray, " F"]
    skeleton: Skeleton = TRIMMED_HUMANOID


jax.tree_util.register_dataclass(
    RefinerWeights,
    data_fields=["params", "feature_mean", "feature_sd"],
    meta_fields=["skeleton"],
)


def width_of(params: Mapping[str, Any]) -> int:
    """Width of the network whose parameters these are."""
    return int(params["params"]["Dense_0"]["bias"].shape[0])


def initial_refiner(
    key: PRNGKeyArray, skeleton: Skeleton, width: int = WIDTH, features: int | None = None
) -> RefinerWeights:
    """Weights before training, reading so many features (None: all); they are not standardised."""
    features = features or features_layout(skeleton).size
    outputs = outputs_layout(skeleton).size
    blank = jnp.zeros((1, 1, features)), jnp.ones((1, 1))
    params = Refiner(outputs, width).init(key, *blank)
    mean, sd = np.zeros(features, np.float32), np.ones(features, np.float32)
    return RefinerWeights(params, mean, sd, skeleton)


def reading_more(weights: RefinerWeights) -> RefinerWeights:
    """Weights of before a block of features came in, which now are given it and make nothing of it.

    Weights that read all features, or of another network altogether, stay as they are.
    """
    before, now = features_before(weights.skeleton), features_layout(weights.skeleton).size
    first = weights.params["params"]["Dense_0"]
    if first["kernel"].shape[0] != before:
        return weights
    more = now - before
    kernel = np.concatenate([first["kernel"], np.zeros((more, first["kernel"].shape[1]))])
    layers = weights.params["params"] | {"Dense_0": first | {"kernel": kernel.astype(np.float32)}}
    mean, sd = weights.feature_mean, weights.feature_sd
    return replace(
        weights,
        params=weights.params | {"params": layers},
        feature_mean=np.concatenate([mean, np.zeros(more)]).astype(np.float32),
        feature_sd=np.concatenate([sd, np.ones(more)]).astype(np.float32),
    )


def standardised(
    features: Float[Array, "... F"],
    mean: Float[Array | np.ndarray, " F"],
    sd: Float[Array | np.ndarray, " F"],
) -> Float[Array, "... F"]:
    """Features as the network takes them."""
    return jnp.clip((features - mean) / sd, -LARGEST_FEATURE, LARGEST_FEATURE)


def one_sided(
    weights: RefinerWeights, features: Float[Array, "B T F"], valid: Float[Array, "B T"]
) -> Float[Array, "B T O"]:
    """The network's answer as it is; a mirror image may get another."""
    given = standardised(features, weights.feature_mean, weights.feature_sd)
    network = Refiner(outputs_layout(weights.skeleton).size, width_of(weights.params))
    return jnp.asarray(network.apply(weights.params, given, valid))


def corrections(
    weights: RefinerWeights, features: Float[Array, "B T F"], valid: Float[Array, "B T"]
) -> Float[Array, "B T O"]:
    """The network's answer to a trial and, mirrored, to its mirror image; their mean.

    So a walk's mirror image gets the mirror image of its corrections.
    """
    seen, said = (layout(weights.skeleton).mirror for layout in (features_layout, outputs_layout))
    image = said(one_sided(weights, seen(features), valid))
    return 0.5 * (one_sided(weights, features, valid) + image)


_corrections = jax.jit(corrections)


def refine_references(
    weights: RefinerWeights, fitted: Sequence[FittedTrial], *, alike: bool = False
) -> list[FittedTrial]:
    """Refines fitted trials, those of like length together, and plants their feet.

    `alike` is that of `body.batches`.
    """
    results: dict[int, FittedTrial] = {}
    size = features_layout(weights.skeleton).size
    lengths = [one.trial.n_frames for one in fitted]
    for batch in batches_without_physics(lengths, alike=alike):
        features = np.zeros((batch.size, batch.frames, size), np.float32)
        valid = np.zeros((batch.size, batch.frames), np.float32)
        for row, i in enumerate(batch.members):
            raw = refiner_features(fitted[i])
            features[row, : len(raw)] = raw
            valid[row, : len(raw)] = 1.0
        corrected = _corrections(weights, features, valid)
        # The network computes beside this until its answer is asked for.
        events = [events_of_seen_feet(fitted[i]) for i in batch.members]
        outputs = np.asarray(corrected, float)
        for row, i in enumerate(batch.members):
            out = outputs[row, : fitted[i].trial.n_frames]
            results[i] = apply_correction(out, fitted[i], events[row])
    return _with_planted_feet([results[i] for i in range(len(fitted))], alike=alike)


def _with_planted_feet(fitted: Sequence[FittedTrial], *, alike: bool) -> list[FittedTrial]:
    if not fitted:
        return []
    poses = plant_feet(
        [one.pose for one in fitted],
        [one.contact_probability for one in fitted],
        [one.dims for one in fitted],
        [one.trial.scale_is_metric for one in fitted],
        [one.trial.path_binds and not one.trial.scale_is_metric for one in fitted],
        fitted[0].trial.fps_hz,
        skeleton=fitted[0].skeleton,
        footholds=[_footholds(one) for one in fitted],
        alike=alike,
    )
    return [_with_pose(one, pose) for one, pose in zip(fitted, poses, strict=True)]


def _footholds(fitted: FittedTrial) -> Float[np.ndarray, "T 2 2"] | None:
    """Where measured heels stand (m), on the fitted path; None where the feet are not measured."""
    if not feet_are_measured(fitted.trial):
        return None
    return standing_heels_m(fitted.trial, fitted.contact_probability)


def _with_pose(fitted: FittedTrial, pose: Float[np.ndarray, "T D"]) -> FittedTrial:
    velocity = np.gradient(pose, 1.0 / fitted.trial.fps_hz, axis=0)
    return replace(fitted, pose=pose, pose_velocity=velocity)


def apply_correction(
    output: Float[np.ndarray, "T O"], fitted: FittedTrial, events: Sequence[GaitEvent] = ()
) -> FittedTrial:
    """A refiner's output laid over a fit; `events` are those of `events_of_seen_feet`."""
    trial, fps_hz = fitted.trial, fitted.trial.fps_hz
    layout = outputs_layout(fitted.skeleton)
    probability = 1.0 / (1.0 + np.exp(-output[:, layout["standing"]]))
    measured: tuple[GaitEvent, ...] = ()
    if feet_are_measured(trial):
        probability = bound_timing(probability, events, fps_hz)
        measured = contacts_of_measured_feet(trial, probability, events)
    else:
        probability = mean_timing(without_flickers(probability, fps_hz), events, fps_hz)
    angles = ANGLE_SCALE_RAD * output[:, layout["angles"]]
    pose = fitted.pose.copy()
    if trial.scale_is_metric:
        pose[:, ANGLES] += angles * _unseen_angles(fitted)
    else:
        pose[:, ANGLES] += angles
    pose = smooth(pose, FitConfig().pose_cutoff_hz, fps_hz)
    if trial.joint_definitions:
        knees = [fitted.skeleton.pose_index[name] for name in KNEES]
        pose[:, knees] = as_far_as(pose[:, knees], fitted.pose[:, knees])
    change = SPEED_SCALE * speed_unit_mps(fitted) * output[:, layout["velocity"]]
    pose[:, HORIZONTAL] = corrected_path(pose[:, HORIZONTAL], change, fitted)
    pose = stand_on_floor(pose, fitted.dims, fps_hz, fitted.skeleton)
    contacts = contacts_by_motion(fitted, pose)
    return replace(
        _with_pose(fitted, pose),
        contact_probability=probability,
        foot_events=contacts,
        measured_events=measured,
    )


def as_far_as(
    angles_rad: Float[np.ndarray, "T N"], known_rad: Float[np.ndarray, "T N"]
) -> Float[np.ndarray, "T N"]:
    """The curves of these angles with mean and SD of those.

    Joints that lie where a person's do show how far they bend. What was learned of detectors says
    how; it bends the knees of healthy adults by 10° too far (docs/trust.md).
    """
    shape = angles_rad - angles_rad.mean(axis=0)
    of_shape, of_known = (np.maximum(np.std(a, axis=0), 1e-6) for a in (shape, known_rad))
    return np.asarray(known_rad.mean(axis=0) + of_known / of_shape * shape)


def corrected_path(
    path_m: Float[np.ndarray, "T 2"], change_mps: Float[np.ndarray, "T 2"], fitted: FittedTrial
) -> Float[np.ndarray, "T 2"]:
    """The pelvis's path (m) with corrections of its speed, as far as it may be corrected.

    A measured path stays as it is. One that binds though a detector saw it keeps its way: only
    what it does within a stride is corrected. What was learned of detectors reads speed from the
    shape of a gait, and pulled differences between people together by 40 % (docs/trust.md).

    Args:
        path_m: as recorded, or as the stance feet make it.
        change_mps: the refiner's.
        fitted: the trial and the rates of that path.
    """
    trial = fitted.trial
    if trial.scale_is_metric and fitted.travel_is_measured.any():
        return path_m
    speed = smooth(fitted.pose_velocity[:, HORIZONTAL] + change_mps, SPEED_CUTOFF_HZ, trial.fps_hz)
    corrected = integrate(speed, trial.fps_hz)
    if not trial.path_binds:
        return corrected
    return corrected + slow_way(path_m - corrected, trial.fps_hz)


def slow_way(change_m: Float[np.ndarray, "T 2"], fps_hz: float) -> Float[np.ndarray, "T 2"]:
    """What a path does more slowly than a stride: its steady rate, and the slow way beside it."""
    time_s = np.arange(len(change_m)) / fps_hz
    line = time_s[:, None] * steady_rate(change_m, time_s)
    beside = change_m - line
    return line + low_pass(beside, fps_hz, BOUND_BELOW_HZ)


def events_of_seen_feet(fitted: FittedTrial) -> list[GaitEvent]:
    """Events of the feet that the recording shows: measured ones, else those of the fitted body."""
    if feet_are_measured(fitted.trial):
        return measured_contacts(fitted.trial)
    names = fitted.skeleton.keypoints
    points = np.asarray(body_keypoints(fitted.pose, fitted.dims, fitted.skeleton), float)
    events = kinematic_events(trajectories_of(fitted.trial.time_s, points, names))
    shown = _shown_keypoints(fitted.trial)
    seen = [
        side
        for side in SIDES
        if any(f"{side.capitalize()} {name}" in shown for name in FOOT_POINTS)
    ]
    return [event for event in events if event.side in seen]


def _shown_keypoints(trial: Trial) -> set[str]:
    """Keypoints that a recording shows often enough to go by."""
    share = np.isfinite(trial.keypoints_m).all(-1).mean(axis=0)
    return {name for name, of in zip(KEYPOINT_NAMES, share, strict=True) if of > SHOWN_SHARE}


def _unseen_angles(fitted: FittedTrial) -> Float[np.ndarray, " A"]:
    """1 for angles that the recording's keypoints do not determine, 0 for the rest."""
    shown = _shown_keypoints(fitted.trial)
    angles = fitted.skeleton.coordinates[ANGLES]
    return np.array([float(bool(a.shown_by) and not shown & set(a.shown_by)) for a in angles])
