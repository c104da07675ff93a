"""What the refiner reads and says, as named blocks: each with its function, size and mirror."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float, Int

from simgait.body.fit import smooth, stance_speed
from simgait.skeleton import mirror
from simgait.skeleton.coordinates import ANGLES, HEIGHT, HORIZONTAL
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.mirror import FEET, Layout, Mirror
from simgait.skeleton.skeleton import Skeleton
from simgait.trials.trembling import trembling_of_trial
from simgait.types import FittedTrial

FEET_CUTOFF_HZ = 3.0
"""Of the pelvis velocity that the standing foot tells."""
LONG_TRIAL_FRAMES = 300.0
"""From 10 s on a trial's length tells nothing more about how far its averages can be trusted."""
RATE_UNIT_S = 0.2
"""Brings rates of angles (a few rad/s) to order one."""

TREMBLING = "trembling"
"""The block that weights of before version 0.2 do not read."""
# Twice an axis's angle turns as a vector does, and how much it trembles is its own image.
_TREMBLING_MIRROR = mirror.joined(*2 * (mirror.vector(2), mirror.same(1)))


@dataclass(frozen=True)
class FeatureBlock:
    """Some features of a fitted trial.

    Attributes:
        name: unique among the blocks.
        values: fitted trial -> (T, N) dimensionless numbers, NaN-free.
        mirror: of the N numbers.
    """

    name: str
    values: Callable[[FittedTrial], Float[np.ndarray, "T N"]]
    mirror: Mirror


def speed_unit_mps(fitted: FittedTrial) -> float:
    """√(g × leg): speeds of people of any size are alike in it."""
    return float(np.sqrt(GRAVITY_MPS2 * float(fitted.dims.leg_m)))


def _feet_speed(fitted: FittedTrial) -> Float[np.ndarray, "T 2"]:
    fps_hz = fitted.trial.fps_hz
    speed = stance_speed(fitted.pose, fitted.dims, fps_hz, fitted.skeleton)
    return smooth(speed, FEET_CUTOFF_HZ, fps_hz) / speed_unit_mps(fitted)


def _measured(fitted: FittedTrial) -> Float[np.ndarray, "T 1"]:
    return fitted.travel_is_measured[:, None].astype(float)


def _witness(fitted: FittedTrial) -> Float[np.ndarray, "T 2"]:
    speed = fitted.pose_velocity[:, HORIZONTAL]
    return np.where(_measured(fitted) > 0.0, speed, 0.0) / speed_unit_mps(fitted)


def _seen(fitted: FittedTrial) -> Float[np.ndarray, "T K"]:
    return np.isfinite(fitted.trial.keypoints_m).all(-1).astype(float)


def _points(fitted: FittedTrial) -> Float[np.ndarray, "T N"]:
    legs = fitted.trial.keypoints_m / float(fitted.dims.leg_m)
    return np.where(_seen(fitted)[..., None] > 0.0, legs, 0.0).reshape(len(legs), -1)


def _constant(fitted: FittedTrial, *values: float) -> Float[np.ndarray, "T N"]:
    return np.tile(np.array(values), (fitted.trial.n_frames, 1))


def _person(fitted: FittedTrial) -> Float[np.ndarray, "T 3"]:
    dims = fitted.dims
    return _constant(
        fitted, dims.height_m, dims.thigh_m / dims.leg_m, float(fitted.trial.scale_is_metric)
    )


@lru_cache(maxsize=16)
def feature_blocks(skeleton: Skeleton) -> tuple[FeatureBlock, ...]:
    """What the refiner of a body reads, in order."""
    angles, one = skeleton.mirror[ANGLES], mirror.same(1)
    return (
        FeatureBlock("angles", lambda f: f.pose[:, ANGLES], angles),
        FeatureBlock("rates", lambda f: RATE_UNIT_S * f.pose_velocity[:, ANGLES], angles),
        FeatureBlock("feet_speed", _feet_speed, mirror.vector(2)),
        FeatureBlock("witness", _witness, mirror.vector(2)),
        FeatureBlock("measured", _measured, one),
        FeatureBlock(
            "height", lambda f: f.pose[:, [HEIGHT]] / float(f.dims.standing_hip_height_m), one
        ),
        FeatureBlock("points", _points, mirror.points(KEYPOINT_NAMES)),
        FeatureBlock("seen", _seen, mirror.columns(KEYPOINT_NAMES)),
        FeatureBlock(
            "fit_error",
            lambda f: np.nan_to_num(f.fit_error_m)[:, None] / float(f.dims.leg_m),
            one,
        ),
        FeatureBlock("person", _person, mirror.same(3)),
        FeatureBlock(
            "length", lambda f: _constant(f, min(f.trial.n_frames / LONG_TRIAL_FRAMES, 1.0)), one
        ),
        # Last, so that weights of before can go on: see `features_before`.
        FeatureBlock(
            TREMBLING, lambda f: _constant(f, *trembling_of_trial(f.trial)), _TREMBLING_MIRROR
        ),
    )


@lru_cache(maxsize=16)
def features_layout(skeleton: Skeleton) -> Layout:
    """Where each block of features lies."""
    return Layout({block.name: block.mirror for block in feature_blocks(skeleton)})


def features_before(skeleton: Skeleton) -> int:
    """How many features a refiner read before it was told how a trial trembles."""
    return features_layout(skeleton)[TREMBLING].start


@lru_cache(maxsize=16)
def outputs_layout(skeleton: Skeleton) -> Layout:
    """What the refiner says: corrections of angles and pelvis velocity, logits of standing."""
    return Layout(
        {"angles": skeleton.mirror[ANGLES], "velocity": mirror.vector(2), "standing": FEET}
    )


def refiner_features(fitted: FittedTrial) -> Float[np.ndarray, "T F"]:
    """Dimensionless features of a fitted trial, NaN-free, laid out as `features_layout` says."""
    parts = [block.values(fitted) for block in feature_blocks(fitted.skeleton)]
    return np.concatenate(parts, axis=1).astype(np.float32)


def beyond_body(skeleton: Skeleton) -> Int[np.ndarray, " N"]:
    """Features of the keypoints that the body has not (arms and head); 0 where not seen."""
    layout = features_layout(skeleton)
    absent = [i for i, name in enumerate(KEYPOINT_NAMES) if name not in skeleton.keypoints]
    points = [layout["points"].start + 3 * i + axis for i in absent for axis in range(3)]
    return np.array(points + [layout["seen"].start + i for i in absent])
