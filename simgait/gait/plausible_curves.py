"""Joint angles that no walking person has: a sign, a zero or a side that is another's.

Limits lie far from what patients show and half way to what a mistake makes. In 166 controls of a
laboratory and in 40 walks of five others the hip is 24 to 53 degrees more flexed around the foot's
contact than half a cycle later, the knee 14 to 55 degrees more in swing than in stance; with sides
exchanged, a sign turned, or a cycle begun at the other foot's contact these are as far below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError

LARGEST_MEAN_DEG: dict[str, tuple[float, str]] = {
    "pelvis_tilt": (60.0, "count it from the level, anterior tilt positive"),
    "pelvis_obliquity": (45.0, "count it from the level"),
    "pelvis_rotation": (90.0, "count it from the direction of progression"),
    "hip_flexion": (100.0, "count it from the straight leg"),
    "hip_adduction": (45.0, "count it from the straight leg"),
    "hip_rotation": (75.0, "count it from the neutral position"),
    "knee_flexion": (110.0, "count it from the straight knee"),
    "ankle_dorsiflexion": (65.0, "count it from the right angle of foot and shank"),
    "foot_progression": (90.0, "count it from the direction of progression"),
}
"""Mean over the cycle, with what to do. Beyond the passive range of the joint (American Academy of
Orthopaedic Surgeons 1965: hip rotation 45, adduction 30, ankle 50 to plantar flexion), of the hip
and knee beyond what one can walk on; a pelvis or foot beyond 90 faces backwards."""
RECURVATUM_DEG = -30.0
"""No knee bends further the wrong way under load."""
OPPOSITE_DEG = -15.0
"""Hip at contact less half a cycle later, knee in swing less stance; healthy ones: +14 or more."""
KNEE_LEADS_DEG, HIP_SWINGS_DEG = 15.0, 12.0
"""A knee so much more flexed at contact than half a cycle later, a hip so much in swing than in
stance: in 166 healthy legs 9 and 11 at the most, of exchanged columns 25 and 18 at least."""
HALF_LATER_DEG = -22.0
"""A knee that stands for the hip leads by -20 at the least, a hip half a cycle later by -25 at the
most."""
LEAST_TILT_DEG = -3.0
"""Mean over the cycle; of 166 healthy legs the least is -1.1 and the middle 12.5. Patients may lean
back further, so that it is said and not refused."""
STANDS_DEG = 4.0
"""Range of hip and of knee; those who stand for a static trial keep within 1 to 3."""
_AT_CONTACT = np.r_[0:6, 46:50]
_HALF_LATER = slice(20, 31)
_STANCE = slice(5, 18)
"""Of the 51 points: 10 % to either side of contact, 40 to 60 % of the cycle, and 10 to 34 %."""
_SWING = slice(30, 43)
"""10 to 34 % and 60 to 84 %: half a cycle apart, so that exchanged sides turn the difference."""


@dataclass(frozen=True)
class Implausible:
    """Why no walking person has such curves: what is wrong, and what to do about it."""

    what: str
    cure: str


def check_plausible(
    curve_deg: Float[np.ndarray, "A 51"], angles: Sequence[str], where: str
) -> None:
    """Refuses mean curves of a leg that no walking person has.

    Args:
        curve_deg: mean of a leg's strides, degrees and clinical signs.
        angles: which they are; hip and knee flexion among them.
        where: whose, for the message.

    Raises:
        InputError: names the angle, and what to do.
    """
    odd = implausible_curves(curve_deg, angles)
    if odd is not None:
        raise InputError(f"{where}: {odd.what}; {odd.cure}.")


def implausible_curves(
    curve_deg: Float[np.ndarray, "A 51"], angles: Sequence[str]
) -> Implausible | None:
    """What is wrong with mean curves of a leg that no walking person has; None of others.

    Args:
        curve_deg: mean of a leg's strides, degrees and clinical signs.
        angles: which they are; hip and knee flexion among them.
    """
    for i, name in enumerate(angles):
        limit_deg, cure = LARGEST_MEAN_DEG[name]
        mean_deg = float(curve_deg[i].mean())
        if abs(mean_deg) > limit_deg:
            return Implausible(f"{_words(name)} is {mean_deg:.0f}° on the mean", cure)
    hip, knee = (curve_deg[angles.index(f"{one}_flexion")] for one in ("hip", "knee"))
    return _odd_course(hip, knee)


def _odd_course(
    hip: Float[np.ndarray, " 51"], knee: Float[np.ndarray, " 51"]
) -> Implausible | None:
    if max(float(np.ptp(hip)), float(np.ptp(knee))) < STANDS_DEG:
        return Implausible("hip and knee hardly move", "give cycles of walking")
    if knee.min() < RECURVATUM_DEG and -knee.min() > knee.max():
        span = f"{knee.min():.0f} to {knee.max():.0f}°"
        return Implausible(f"knee flexion is negative ({span})", "turn its sign")
    hip_is_opposite = _leads(hip) < OPPOSITE_DEG
    knee_is_opposite = _swings(knee) < OPPOSITE_DEG
    knee_is_hip = _leads(knee) > max(KNEE_LEADS_DEG, _leads(hip)) and _leads(hip) > HALF_LATER_DEG
    hip_is_knee = _swings(hip) > max(HIP_SWINGS_DEG, _swings(knee))
    gravest_first = (
        (knee_is_hip and hip_is_knee, Implausible(
            "the hip moves as a knee and the knee as a hip",
            "exchange the columns of hip and knee flexion",
        )),
        (hip_is_opposite and knee_is_opposite, Implausible(
            "hip and knee move as half a cycle later",
            "let each side's cycle begin at its own foot's contact, and check whether the sides "
            "are exchanged",
        )),
        (hip_is_opposite, Implausible(
            "the hip is extended when the foot strikes and flexed half a cycle later",
            "turn the sign of hip flexion",
        )),
        (knee_is_opposite, Implausible(
            "the knee bends in stance instead of swing",
            "check whether left and right knee are exchanged",
        )),
    )  # fmt: skip
    return next((odd for holds, odd in gravest_first if holds), None)


def _leads(curve: Float[np.ndarray, " 51"]) -> float:
    """How much more flexed a joint is around the foot's contact than half a cycle later."""
    return float(curve[_AT_CONTACT].mean() - curve[_HALF_LATER].mean())


def _swings(curve: Float[np.ndarray, " 51"]) -> float:
    """How much more flexed a joint is in swing than in stance."""
    return float(curve[_SWING].mean() - curve[_STANCE].mean())


def unusual_tilt(tilt_deg: Float[np.ndarray, " 51"], where: str) -> tuple[str, ...]:
    """A sentence on a pelvis that leans back; none on another.

    Args:
        tilt_deg: mean of a leg's strides.
        where: whose, for the sentence.
    """
    mean_deg = float(tilt_deg.mean())
    if not mean_deg < LEAST_TILT_DEG:
        return ()
    return (
        f"{where}: the pelvis leans back by {-mean_deg:.0f}° on the mean, which is rare; check "
        "that anterior tilt is positive.",
    )


def _words(name: str) -> str:
    return name.replace("_", " ")
