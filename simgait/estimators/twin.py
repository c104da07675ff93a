"""A walk beside the same walk put right: what a companion that makes such twins gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.types import Recording


@dataclass(frozen=True)
class JudgedJoint:
    """One joint as a companion judges it.

    Attributes:
        name: "left_knee".
        badness: how far from expected, 1 at the threshold; NaN where it is not seen.
        changed_deg: how far the twin's angles are from the person's, RMS over the cycle.
    """

    name: str
    badness: float
    changed_deg: float

    @property
    def is_wrong(self) -> bool:
        """Beyond its threshold."""
        return self.badness > 1.0


@dataclass(frozen=True)
class Twin:
    """A person's walk and its normative twin.

    Attributes:
        joints: judged, in order.
        angles: names of the curves' columns.
        person_deg, twin_deg: (P, A) mean cycles, from where the leg's own heel is furthest ahead
            (the left one's for the pelvis), P samples a cycle.
        band_mean_deg, band_sd_deg: (P, A) of normal walks; NaN where none is for such a person.
        posture_m: (P, 12, 3) mean cycle of the person's points about mid-hip, posture_twin_m the
            twin's; point_names those of the 12.
        recording: the twin as a recording, pelvis-centred.
        made_by: whose twin, and by which weights.
        band_of: the normal people whose band it is: "walkers below 1.20 m"; empty without one.
        starts_s: where the recording begins, on the clock of the person's trial.
    """

    joints: tuple[JudgedJoint, ...]
    angles: tuple[str, ...]
    person_deg: Float[np.ndarray, "P A"]
    twin_deg: Float[np.ndarray, "P A"]
    band_mean_deg: Float[np.ndarray, "P A"]
    band_sd_deg: Float[np.ndarray, "P A"]
    point_names: tuple[str, ...]
    posture_m: Float[np.ndarray, "P K 3"]
    posture_twin_m: Float[np.ndarray, "P K 3"]
    recording: Recording
    made_by: str
    starts_s: float = 0.0
    band_of: str = ""
