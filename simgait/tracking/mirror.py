"""The mirror image of what a policy sees and does, block by block as they are put together."""

from __future__ import annotations

from simgait.skeleton import mirror
from simgait.skeleton.coordinates import ANGLES, JOINTS
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.mirror import FEET, MOMENT, Mirror, joined, same, vector
from simgait.tracking.config import TrackingConfig


def mirror_of_action(config: TrackingConfig) -> Mirror:
    """Of the actions: ten joints, residual force and moment, learned gains."""
    joints = config.body.skeleton.mirror[JOINTS]
    gains = [joints, joints] if config.control.mode == "pd_learned_gains" else []
    return joined(joints, vector(), MOMENT, *gains)


def mirror_of_observation(config: TrackingConfig) -> Mirror:
    """Of what `observations.observe` gives."""
    seen = config.observation
    skeleton = config.body.skeleton
    angles = skeleton.mirror[ANGLES]
    body = [same(1), angles, vector(), angles, FEET, same(3)]
    names = KEYPOINT_NAMES if seen.all_keypoints else skeleton.keypoints
    frames = seen.future_frames + 1
    keypoints = [mirror.points(names)] * frames + [mirror.columns(names)] * frames
    moments = [vector(2), same(1), angles, FEET] * len(seen.reference_frames)
    reference = [*moments, vector(), angles] if seen.reference else []
    witness = [vector(2), same(1)] if seen.pelvis_velocity else []
    return joined(*body, mirror_of_action(config), *keypoints, *reference, *witness)
