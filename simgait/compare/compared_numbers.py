"""What visits and sides are compared by: the gait parameters, and joint peaks and ranges.

A peak may be used where its curve may, and is as far off as the band about that. A range has an
interval of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgait.compare.visit_walks import WalkNumbers
from simgait.gait.joint_measures import JOINT_MEASURES, JointMeasure
from simgait.parameters.catalogue import parameters
from simgait.parameters.column import ANGLE_CHANGE_DEG, Column, Display
from simgait.parameters.parameter import Parameter, Pool
from simgait.parameters.units import DEGREE
from simgait.skeleton.sides import SIDES


@dataclass(frozen=True, kw_only=True)
class JointNumber(Column):
    """A joint peak or range of each side, with what comparisons ask of a `Parameter`.

    Attributes:
        walk_sd: SD between walks of one person on one day, deg.
        pools, summary: the sides that a walk has it of, and those that a page shows.
        tolerance: a difference that is substantial to a clinician, deg.
    """

    walk_sd: float
    pools: tuple[Pool, ...] = SIDES
    summary: tuple[Pool, ...] = SIDES
    tolerance: float = ANGLE_CHANGE_DEG.substantial


ComparedNumber = Parameter | JointNumber


def _joint_number(name: str, one: JointMeasure) -> JointNumber:
    return JointNumber(
        quantity=name.removesuffix(f"_{DEGREE.suffix}"),
        unit=DEGREE,
        label=one.label.replace(", ", " "),  # in a list of names a comma parts two of them
        definition=one.definition,
        display=Display(DEGREE, decimals=1),
        clinical_change=ANGLE_CHANGE_DEG,
        walk_sd=one.walk_sd_deg,
    )


JOINT_NUMBERS = tuple(_joint_number(name, one) for name, one in JOINT_MEASURES.items())


def compared_numbers() -> tuple[ComparedNumber, ...]:
    """All that is compared, in the order of tables."""
    return (*parameters(), *JOINT_NUMBERS)


def typical_sd(one: ComparedNumber) -> float:
    """SD of a number between walks of one person on one day; NaN where nobody knows."""
    return math.nan if one.walk_sd is None else one.walk_sd


def usable_number(walk: WalkNumbers, key: str, pool: Pool) -> tuple[float, float] | None:
    """One number of a walk: mean, half of its 90 % interval (NaN unknown); None: not to be used."""
    peak = walk.peaks.get((key, pool))
    if peak is None:
        return walk.numbers.get((key, pool))
    one = JOINT_MEASURES[key]
    if one.is_range:
        return (peak.mean_deg, peak.half_width_deg) if peak.may_be_used else None
    # Not the peak's own level: where visits share the zero of a curve, more of it may be used.
    curve = walk.curves.get(f"{pool}_{one.curve.removesuffix(f'_{DEGREE.suffix}')}")
    return None if curve is None else (peak.mean_deg, curve[1])
