"""The sagittal mirror image of what a policy sees and does.

Bodies are symmetric and so is the task: seen in a mirror, a walk is again a walk. Each number of an
observation or an action has its image at another place of the same vector, up to its sign.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Array, Float, Int

from simgait.recording.keypoints import BODY_KEYPOINTS, KEYPOINT_NAMES
from simgait.tracking.clips import POSE_MIRROR, mirrored_columns
from simgait.tracking.config import TrackingConfig

LEG_SWAP = np.array([*range(5, 10), *range(5)])
# A force is a vector, a moment a pseudovector: in the mirror they change sign on other axes.
VECTOR_SIGN, MOMENT_SIGN = np.array([1, -1, 1]), np.array([-1, 1, -1])
FEET = (np.array([1, 0]), np.ones(2))


@dataclass(frozen=True)
class Mirror:
    """`image[..., i] = sign[i] * x[..., order[i]]`; applied twice, nothing has changed."""

    order: Int[np.ndarray, " N"]
    sign: Float[np.ndarray, " N"]

    def __call__(self, x: Float[Array, "... N"]) -> Float[Array, "... N"]:
        """The mirror image."""
        return x[..., self.order] * self.sign


def _joined(*blocks: tuple[np.ndarray, np.ndarray]) -> Mirror:
    orders, signs, start = [], [], 0
    for order, sign in blocks:
        orders.append(start + order)
        signs.append(sign)
        start += len(order)
    return Mirror(np.concatenate(orders), np.concatenate(signs).astype(np.float32))


def _same(n: int) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(n), np.ones(n)


def _vector(n: int = 3) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(n), VECTOR_SIGN[:n]


def _action(config: TrackingConfig) -> list[tuple[np.ndarray, np.ndarray]]:
    legs = LEG_SWAP, np.ones(10)
    gains = [legs, legs] if config.control.mode == "pd_learned_gains" else []
    return [legs, _vector(), (np.arange(3), MOMENT_SIGN), *gains]


def mirror_of_action(config: TrackingConfig) -> Mirror:
    """Of the actions: ten joints, residual force and moment, learned gains."""
    return _joined(*_action(config))


def mirror_of_observation(config: TrackingConfig) -> Mirror:
    """Of what `observations.observe` gives, block by block."""
    seen = config.observation
    order, sign = POSE_MIRROR
    angles = order[3:] - 3, sign[3:]
    body = [_same(1), angles, _vector(), angles, FEET, _same(3)]
    frames = seen.future_frames + 1
    columns = mirrored_columns(KEYPOINT_NAMES if seen.all_keypoints else BODY_KEYPOINTS)
    all_columns = (np.arange(frames)[:, None] * len(columns) + columns).ravel()
    points = (
        (3 * all_columns[:, None] + np.arange(3)).ravel(),
        np.tile(VECTOR_SIGN, len(all_columns)),
    )
    keypoints = [points, (all_columns, np.ones(len(all_columns)))]
    reference: list[tuple[np.ndarray, np.ndarray]] = []
    if seen.reference:
        moment = [_vector(2), _same(1), angles, FEET]
        reference = moment * len(seen.reference_frames) + [_vector(), angles]
    witness = [_vector(2), _same(1)] if seen.pelvis_velocity else []
    return _joined(*body, *_action(config), *keypoints, *reference, *witness)
