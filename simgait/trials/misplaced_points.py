"""Measured points that do not keep their places on the body: a marker that slipped, or sits wrong.

Thighs, shanks and feet are rigid, and as long on one side as on the other. A marker that slips
changes them within the walk; one that was stuck on elsewhere makes the sides differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.findings import Code, Finding, Value
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.sides import SIDES, Side
from simgait.types import Trial


@dataclass(frozen=True)
class Allowed:
    """How far (m) a part may change within a walk, and differ between the sides."""

    within_m: float
    between_m: float


ALLOWED: Mapping[str, Allowed] = {
    "thigh": Allowed(0.025, 0.045),
    "shank": Allowed(0.025, 0.045),
    "foot": Allowed(0.025, 0.045),
}
"""Twice what was seen in 72 real walks of markers and skeletons: at most 12 mm within a walk, 22 mm
between the sides (25 mm of a foot whose heel marker came loose)."""
LEAST_SHARE = 0.25
"""Of the frames that show a part, on either side of a slip; less is the end of a gait cycle."""
LEAST_FRAMES = 10
"""Chosen: for a median that single frames do not move."""


def misplaced_findings(trial: Trial) -> Iterator[Finding]:
    """Parts of the legs that change within the walk, or differ between its sides.

    Asked of measured points only: a detector's parts breathe by more.

    Args:
        trial: prepared, of markers or several cameras.
    """
    if not trial.scale_is_metric:
        return
    if trial.asis_apart_m > 0.0:
        yield Finding(Code.ASIS_DIFFER, values={"mm": 1000.0 * trial.asis_apart_m})
    shapes = {side: leg_shapes(trial.keypoints_m.astype(float), side) for side in SIDES}
    for part, allowed in ALLOWED.items():
        slips_m = {side: slip_m(shapes[side][part]) for side in SIDES}
        for side in SIDES:
            if slips_m[side] > allowed.within_m:
                slipped: dict[str, Value] = {"part": part, "mm": 1000.0 * slips_m[side]}
                yield Finding(Code.POINT_SLIPPED, values=slipped, where=side)
        left, right = (_middle(shapes[side][part]) for side in SIDES)
        apart_m = float(np.linalg.norm(left - right))
        if max(slips_m.values()) <= allowed.within_m and apart_m > allowed.between_m:
            differ: dict[str, Value] = {"part": part, "mm": 1000.0 * apart_m}
            yield Finding(Code.SIDES_DIFFER, values=differ)


def leg_shapes(
    points_m: Float[np.ndarray, "T 23 3"], side: Side
) -> dict[str, Float[np.ndarray, "T _"]]:
    """What stays the same of thigh, shank and foot, whatever the leg does, in metres.

    Thigh and shank: their lengths. Foot: where the heel lies from the ankle, along the line to the
    ball of the foot and square to it towards the knee, and how far that ball is.
    """
    hip, knee, ankle, heel, ball = (
        points_m[:, KEYPOINT_INDEX[f"{side.title()} {name}"]]
        for name in ("Hip", "Knee", "Ankle", "Heel", "Foot")
    )
    thigh, shank, foot = (np.linalg.norm(a - b, axis=-1) for a, b in
                          ((hip, knee), (knee, ankle), (ankle, ball)))  # fmt: skip
    with np.errstate(invalid="ignore", divide="ignore"):
        along = (ball - ankle) / foot[:, None]
        square = knee - ankle - np.sum((knee - ankle) * along, axis=-1)[:, None] * along
        square = square / np.linalg.norm(square, axis=-1)[:, None]
    behind, above = (np.sum((heel - ankle) * one, axis=-1) for one in (along, square))
    return {
        "thigh": thigh[:, None],
        "shank": shank[:, None],
        "foot": np.stack([behind, above, foot], axis=-1),
    }


def slip_m(shape_m: Float[np.ndarray, "T K"]) -> float:
    """How far the medians before and after some moment of the walk lie apart at the most (m)."""
    known = shape_m[np.isfinite(shape_m).all(axis=-1)]
    least = max(LEAST_FRAMES, int(np.ceil(LEAST_SHARE * len(known))))
    if len(known) < 2 * least:
        return 0.0
    moments = np.linspace(least, len(known) - least, 9).astype(int)
    return max(
        float(np.linalg.norm(np.median(known[:k], axis=0) - np.median(known[k:], axis=0)))
        for k in moments
    )


def _middle(shape_m: Float[np.ndarray, "T K"]) -> Float[np.ndarray, " K"]:
    known = shape_m[np.isfinite(shape_m).all(axis=-1)]
    return np.median(known, axis=0) if len(known) else np.full(shape_m.shape[1], np.nan)
