"""What is known of a detector's points: where their joints lie, and how long their paths are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class JointShifts:
    """By how much a keypoint set's joints are moved to where people's are.

    In lengths of the leg as the set has it, thigh and shank. Hips go along the thigh, knees and
    ankles along the shank; "back" is square to that segment and to the line between the hips,
    "inward" along this line towards the other side.

    Attributes:
        name: of the set.
        says: where these come from.
    """

    name: str
    says: str
    hip_down: float = 0.0
    hip_inward: float = 0.0
    hip_back: float = 0.0
    knee_up: float = 0.0
    knee_inward: float = 0.0
    knee_back: float = 0.0
    ankle_up: float = 0.0
    ankle_inward: float = 0.0
    ankle_back: float = 0.0


@dataclass(frozen=True)
class KnownTravel:
    """What a detector's path is multiplied by, along the line of sight.

    Attributes:
        factor: of the path, scaled to the person's height with the joints where they are put.
        spread: SD of its logarithm between recordings.
    """

    factor: float
    spread: float


@dataclass(frozen=True)
class DetectorFacts:
    """What somebody stated of a detector.

    Attributes:
        name: of its keypoint set.
        says: where these facts come from.
        joints: where they lie; None where nobody said it.
        travel: how long its paths are; None where nobody said it.
    """

    name: str
    says: str
    joints: JointShifts | None = None
    travel: KnownTravel | None = None
