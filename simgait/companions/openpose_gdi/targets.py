"""What the networks say of a walk, and the truth of it where the walk is exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.estimators.companion import Order
from simgait.gait.analyse import analyse_markers
from simgait.gait.score_reference import build_reference, gait_features
from simgait.gait.score_reference_file import read_reference
from simgait.gait.scores import SCORED_ANGLES, ScoreReference, gait_deviation_index
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.sides import SIDES, Side
from simgait.synthetic.walkers.specification import Pattern, draw_walker, walker_seed
from simgait.synthetic.walkers.walk import VERSION, WalkTruth, walk

PIPELINE = f"simgait, exact {VERSION}"
"""What makes the angles that the networks learn the GDI of."""
KNEE = SCORED_ANGLES.index("knee_flexion")
FIRST_HEALTHY, N_HEALTHY = 480_000, 60
FIRST_MIXED, N_MIXED = 490_000, 140
"""Training walkers that make the reference: others than those that are learned from."""
REFERENCE_WALK_S = 5.0
"""Chosen: three strides and more of each."""


@dataclass(frozen=True)
class Target:
    """One number that a network says.

    Attributes:
        label, unit: for tables.
        per_side: whether each side has its own.
    """

    label: str
    unit: str
    per_side: bool


TARGETS: Mapping[str, Target] = {
    "gdi_points": Target("GDI", "points", per_side=True),
    "relative_speed": Target("speed", "√(g · height)", per_side=False),
    "cadence_spm": Target("cadence", "steps/min", per_side=False),
    "knee_at_extension_deg": Target("knee flexion at maximum extension", "°", per_side=True),
}
"""In the networks' order. No picture says how tall somebody is: speed is told against
√(g · height), in m/s where the height is given."""


def speed_scale_mps(height_m: float) -> float:
    """√(g · height): by it a relative speed becomes one in m/s."""
    return float(np.sqrt(GRAVITY_MPS2 * height_m))


def whole_strides(truth: WalkTruth) -> dict[Side, Float[np.ndarray, "_ 9 51"]]:
    """The strides of an exact walk (deg), of the sides that have any."""
    points = np.asarray(body_keypoints(truth.pose, truth.dimensions))
    gait = analyse_markers(
        truth.time_s, points, truth.events, truth.pose[:, ANGLES], BODY_KEYPOINTS
    )
    whole = {
        side: curves[np.isfinite(curves).all(axis=(1, 2))]
        for side, curves in gait.scored_curves_deg.items()
    }
    return {side: curves for side, curves in whole.items() if len(curves)}


def targets_of(truth: WalkTruth, reference: ScoreReference) -> dict[Side, Float[np.ndarray, " 4"]]:
    """The exact `TARGETS` of each side that shows a whole stride.

    Args:
        truth: of an exact walk.
        reference: healthy people whose angles were made in the same way.
    """
    speed = truth.velocity_mps / speed_scale_mps(truth.spec.height_m)
    return {
        side: np.array([
            gait_deviation_index(strides, reference).mean(),
            speed,
            truth.cadence_spm,
            strides[:, KNEE].min(axis=1).mean(),
        ])
        for side, strides in whole_strides(truth).items()
    }  # fmt: skip


def synthetic_reference(n_healthy: int = N_HEALTHY, n_mixed: int = N_MIXED) -> ScoreReference:
    """Healthy synthetic walkers, exact, with features of healthy and impaired ones."""
    mixed = [s for side in _strides(FIRST_MIXED, n_mixed, None) for s in side[2]]
    rows = [
        (stride, who, side)
        for who, side, strides in _strides(FIRST_HEALTHY, n_healthy, "normal")
        for stride in strides
    ]
    curves, people, sides = zip(*rows, strict=True)
    return build_reference(
        np.stack(curves),
        people,
        sides,
        gait_features(np.stack(mixed)),
        name=f"{n_healthy} synthetic healthy walkers",
        origin=f"{n_healthy} healthy walkers of {VERSION}, exact; features of {n_mixed} walkers of "
        "every pattern.",
        pipeline=PIPELINE,
    )


def _strides(
    first: int, count: int, pattern: Pattern | None
) -> list[tuple[str, Side, Float[np.ndarray, "_ 9 51"]]]:
    """Walker, side and strides of training walkers that show both sides."""
    found = []
    for index in range(first, first + count):
        spec = draw_walker(walker_seed("train", index), pattern)
        strides = whole_strides(walk(spec, REFERENCE_WALK_S, 50.0))
        if set(strides) == set(SIDES):
            found += [(f"{index}", side, own) for side, own in strides.items()]
    return found


def reference_of(order: Order) -> ScoreReference:
    """The healthy people of the GDI that is learned.

    Raises:
        InputError: labels without a reference, or one whose angles were made otherwise.
    """
    if order.reference is None:
        if order.labels is not None:
            raise InputError(
                f"{order.labels.file}: a GDI means nothing without its healthy people; give their "
                "file (simgait reference build) with --reference."
            )
        return synthetic_reference()
    reference = read_reference(order.reference)
    if order.labels is None and reference.pipeline != PIPELINE:
        raise InputError(
            f"{order.reference.name}: its angles were made by {reference.pipeline}, those of the "
            f"walkers by {PIPELINE}, and have other offsets; leave --reference out, or give labels "
            "that were scored against it."
        )
    return reference
