"""The body that simgait walks unless a config names another, and its names.

Recordings, synthetic walkers and results tell what they know in the coordinates of this body.
"""

from __future__ import annotations

from simgait.skeleton.spec import load_skeleton

TRIMMED_HUMANOID = load_skeleton("trimmed_humanoid")

POSE_NAMES = TRIMMED_HUMANOID.pose_names
POSE_INDEX = TRIMMED_HUMANOID.pose_index
ANGLE_NAMES = TRIMMED_HUMANOID.angle_names
JOINT_NAMES = TRIMMED_HUMANOID.joint_names
BODY_KEYPOINTS = TRIMMED_HUMANOID.keypoints
BODY_KEYPOINT_COLUMNS = TRIMMED_HUMANOID.keypoint_columns
