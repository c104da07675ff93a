"""Joint measures of a benchmark's walk, true and estimated (`gait.joint_measures`)."""

from __future__ import annotations

from simgait.benchmark.walk_record import WalkRecord
from simgait.gait.joint_measures import JointMeasure
from simgait.skeleton.sides import Side

NAN = float("nan")


def joint_measure(record: WalkRecord, measure: JointMeasure, side: Side) -> tuple[float, float]:
    """One measure of one leg of a walk, (true, estimated), deg; NaN where either has no curve.

    Each is read from its own mean curve, with its own foot off.
    """
    curves = record.curves_deg.get(f"{side}_{measure.curve}")
    if curves is None:
        return NAN, NAN
    true, found = (
        measure.reading(curve, foot_off)
        for curve, foot_off in zip(curves, record.means("stance_percent", side), strict=True)
    )
    return true, found
