"""The catalogue: every gait parameter, each said once.

To add one, add a value to `SPATIOTEMPORAL`: it is then computed for every walk and appears in the
report, in parameters.csv, in the API's results, in the labels and thresholds of `simgait evaluate`,
and in tiles, index, summary.csv and benchmark where it says so.

Plausible ranges of walking are those of mobgap, and what follows from them (`plausible`); the norms
are explained in `norms`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from simgait.errors import InputError
from simgait.findings import PHASES, Basis
from simgait.parameters import plausible
from simgait.parameters.column import SPEED_CHANGE_MPS, ClinicalChange, Display
from simgait.parameters.facts import CycleFacts
from simgait.parameters.norms import Norm
from simgait.parameters.parameter import POOLS, Parameter, Term
from simgait.parameters.scores import SCORES
from simgait.parameters.units import (
    CENTIMETRE,
    METRE,
    METRES_PER_SECOND,
    PERCENT_OF_CYCLE,
    SECOND,
    STEPS_PER_MINUTE,
)

PROGRESSION = Term(
    "direction_of_progression",
    "Horizontal displacement of the pelvis (midpoint of the hip joint centres) over the gait "
    "cycle that ends at the step's initial contact, or else the one that starts there, or "
    "the whole walk; on a treadmill the mean direction that the hips face over that cycle.",
)
FOOTPRINT = Term(
    "footprint",
    "Where a foot stands: the median position of its {heel} from 15 to 45 % of the time "
    "between its initial contact and its foot off; of a simulated body that of the foot which it "
    "follows, where that is measured and its own stands within 5 cm of it. On a treadmill of "
    "unknown speed, where no foot stands still: both feet's {heel} positions at the leading foot's "
    "initial contact.",
)
BOTH_SIDES = Term(
    "both",
    "The column 'both' pools the values of left and right; SD has n - 1 in its denominator. "
    "The means of velocity, cadence, step length and step time are there those of the mean step, "
    "as on walkways: distance over time and steps over time, left and right weighing the same, "
    "so that velocity is step length x cadence.",
)

STEP_LENGTH_CHANGE_M = ClinicalChange(0.025, 0.05)
"""A small and a substantial change of speed (0.05 and 0.10 m/s, Perera et al. 2006) at the healthy
cadence of 116 steps/min are these of step length; twice that of a stride."""
STRIDE_LENGTH_CHANGE_M = ClinicalChange(*(2.0 * step_m for step_m in STEP_LENGTH_CHANGE_M))

_CM = Display(CENTIMETRE, decimals=1, factor=100.0)
_S = Display(SECOND, decimals=2)
_SHARE = Display(PERCENT_OF_CYCLE, decimals=1)


def _double_support_percent(cycle: CycleFacts) -> float:
    """NaN where a foot leaves before the other lands: there is no double support in flight."""
    if not cycle.terminal_double_support_s >= 0.0:
        return math.nan
    both_s = cycle.initial_double_support_s + cycle.terminal_double_support_s
    return 100.0 * both_s / cycle.stride_s


SPATIOTEMPORAL: tuple[Parameter, ...] = (
    Parameter(
        quantity="velocity",
        unit=METRES_PER_SECOND,
        label="Walking speed",
        definition=(
            "Stride length divided by stride time of a gait cycle, as walkways report it. The "
            "pelvis travels as fast over many cycles; within one it may run ahead of the feet or "
            "lag behind."
        ),
        terms=(PROGRESSION,),
        of_cycle=lambda cycle: cycle.stride_length_m / cycle.stride_s,
        of_mean_step=lambda step: step.length_m / step.time_s,
        of_both="Mean step length divided by mean step time, which is step length x cadence.",
        rests_on=frozenset((Basis.CLOCK, Basis.SCALE, Basis.TRAVEL)),
        display=Display(METRES_PER_SECOND, decimals=2),
        norm=Norm(1.28, 0.17, "velocity"),
        walk_sd=0.05,
        plausible=plausible.SPEED,
        clinical_change=SPEED_CHANGE_MPS,
        matters=SPEED_CHANGE_MPS.substantial,
        summary=("both",),
        tile=("both",),
        benchmarked=True,
        on_first_sheet=True,
    ),
    Parameter(
        quantity="cadence",
        unit=STEPS_PER_MINUTE,
        label="Cadence",
        definition=(
            "Steps (not strides) per minute: 120 divided by the stride time in s, which is the sum "
            "of the cycle's two step times."
        ),
        of_cycle=lambda cycle: 120.0 / cycle.stride_s,
        of_mean_step=lambda step: 60.0 / step.time_s,
        of_both="60 divided by the mean time in s of all steps, left and right weighing the same.",
        rests_on=frozenset((Basis.CLOCK, Basis.RHYTHM)),
        paces=POOLS,
        display=Display(STEPS_PER_MINUTE, decimals=0),
        norm=Norm(116.0, 9.0, "frequency"),
        walk_sd=4.6,
        plausible=plausible.CADENCE,
        summary=("both",),
        tile=("both",),
        benchmarked=True,
        on_first_sheet=True,
    ),
    Parameter(
        quantity="step_length",
        unit=METRE,
        label="Step length",
        definition=(
            "Distance along the direction of progression from the other foot's last footprint to "
            "this foot's; named by the leading foot; negative where it lands behind the other."
        ),
        terms=(FOOTPRINT,),
        of_step=lambda step: step.length_m,
        of_mean_step=lambda step: step.length_m,
        of_both="Mean of all steps of known footprints, left and right weighing the same.",
        rests_on=frozenset((Basis.SCALE, Basis.TRAVEL, Basis.FOOTPRINTS)),
        display=_CM,
        norm=Norm(0.66, 0.06, "length"),
        walk_sd=0.028,
        clinical_change=STEP_LENGTH_CHANGE_M,
        matters=STEP_LENGTH_CHANGE_M.substantial,
        plausible=plausible.STEP_LENGTH,
        summary=("left", "right"),
        tile=("left", "right"),
        benchmarked=True,
        on_first_sheet=True,
        is_compared=True,
    ),
    Parameter(
        quantity="step_width",
        unit=METRE,
        label="Step width",
        definition=(
            "Distance across the direction of progression between the same two footprints; "
            "negative where the feet cross over."
        ),
        of_step=lambda step: step.width_m,
        rests_on=frozenset((Basis.SCALE, Basis.FOOTPRINTS)),
        display=_CM,
        norm=Norm(0.10, 0.03, "length"),
        walk_sd=0.021,
        plausible=plausible.STEP_WIDTH,
        summary=("both",),
        benchmarked=True,
        on_first_sheet=True,
    ),
    Parameter(
        quantity="stride_length",
        unit=METRE,
        label="Stride length",
        definition=(
            "Distance along the direction of progression between successive footprints of one foot."
        ),
        of_cycle=lambda cycle: cycle.stride_length_m,
        rests_on=frozenset((Basis.SCALE, Basis.TRAVEL, Basis.RHYTHM)),
        display=_CM,
        norm=Norm(1.32, 0.12, "length"),
        walk_sd=0.048,
        clinical_change=STRIDE_LENGTH_CHANGE_M,
        matters=STRIDE_LENGTH_CHANGE_M.substantial,
        plausible=plausible.STRIDE_LENGTH,
        summary=("left", "right"),
    ),
    Parameter(
        quantity="stride_time",
        unit=SECOND,
        label="Stride time",
        definition="Time between successive initial contacts of the same foot.",
        of_cycle=lambda cycle: cycle.stride_s,
        rests_on=frozenset((Basis.CLOCK, Basis.RHYTHM)),
        # That of both sides is no mean step's doubled: it rests on other contacts than cadence.
        paces=("left", "right"),
        display=_S,
        norm=Norm(1.034, 0.08, "time"),
        walk_sd=0.055,
        plausible=plausible.STRIDE_TIME,
    ),
    Parameter(
        quantity="step_time",
        unit=SECOND,
        label="Step time",
        definition=(
            "Time from the other foot's initial contact to this foot's; named by the foot that "
            "lands."
        ),
        of_step=lambda step: step.time_s,
        of_mean_step=lambda step: step.time_s,
        of_both="Mean of all steps, left and right weighing the same.",
        rests_on=frozenset((Basis.CLOCK, Basis.RHYTHM, Basis.LANDINGS)),
        both_rests_on=frozenset((Basis.CLOCK, Basis.RHYTHM)),
        paces=("both",),
        display=_S,
        norm=Norm(0.517, 0.04, "time"),
        walk_sd=0.035,
        plausible=plausible.STEP_TIME,
        on_first_sheet=True,
        is_compared=True,
    ),
    Parameter(
        quantity="stance",
        unit=PERCENT_OF_CYCLE,
        label="Stance",
        definition="Time from initial contact to foot off of the same foot, % of its stride.",
        of_cycle=lambda cycle: 100.0 * cycle.stance_s / cycle.stride_s,
        rests_on=PHASES,
        swing_of="own",
        display=_SHARE,
        norm=Norm(61.5, 2.0, "none"),
        walk_sd=1.0,
        plausible=plausible.STANCE,
        summary=("left", "right"),
        tile=("left", "right"),
        benchmarked=True,
        on_first_sheet=True,
        is_compared=True,
    ),
    Parameter(
        quantity="swing",
        unit=PERCENT_OF_CYCLE,
        label="Swing",
        definition="100 minus stance percent.",
        of_cycle=lambda cycle: 100.0 - 100.0 * cycle.stance_s / cycle.stride_s,
        rests_on=PHASES,
        swing_of="own",
        display=_SHARE,
        norm=Norm(38.5, 2.0, "none"),
        walk_sd=1.1,
        plausible=plausible.SWING,
    ),
    Parameter(
        quantity="single_support",
        unit=PERCENT_OF_CYCLE,
        label="Single support",
        definition=(
            "Time from the other foot's foot off to its initial contact, % of this foot's stride."
        ),
        of_cycle=lambda cycle: 100.0 * cycle.single_support_s / cycle.stride_s,
        rests_on=PHASES,
        swing_of="other",
        display=_SHARE,
        norm=Norm(38.5, 2.0, "none"),
        walk_sd=1.1,
        plausible=plausible.SINGLE_SUPPORT,
        on_first_sheet=True,
        is_compared=True,
    ),
    Parameter(
        quantity="double_support",
        unit=PERCENT_OF_CYCLE,
        label="Double support",
        definition=(
            "Initial plus terminal double support of this foot's own cycle (its initial contact to "
            "the other's foot off, and the other's initial contact to its foot off), % of the "
            "stride."
        ),
        of_cycle=_double_support_percent,
        rests_on=PHASES,
        display=_SHARE,
        norm=Norm(23.0, 4.0, "none"),
        walk_sd=1.3,
        plausible=plausible.DOUBLE_SUPPORT,
        summary=("left", "right"),
        on_first_sheet=True,
    ),
)
"""The parameters of this package, in the order in which files and reports list them."""

_known: dict[str, Parameter] = {
    parameter.key: parameter for parameter in (*SPATIOTEMPORAL, *SCORES)
}


def parameters() -> tuple[Parameter, ...]:
    """All parameters, those from outside the package last."""
    return tuple(_known.values())


def find_parameter(key: str) -> Parameter | None:
    """The parameter of that key ("step_length_m"); None where there is none."""
    return _known.get(key)


def parameter(key: str) -> Parameter:
    """The parameter of that key.

    Raises:
        InputError: there is none.
    """
    if key not in _known:
        raise InputError(f"There is no gait parameter {key}; known: {', '.join(_known)}.")
    return _known[key]


def register(new: Parameter) -> None:
    """Add a parameter from outside the package; every later analysis and file has it.

    Raises:
        InputError: there is one of the same quantity.
    """
    taken = next((p for p in parameters() if p.quantity == new.quantity), None)
    if taken is not None:
        raise InputError(f"There is a parameter {taken.key} already; choose another quantity.")
    _known[new.key] = new


@contextmanager
def registered(new: Parameter) -> Iterator[None]:
    """A parameter from outside the package, for as long as the block runs."""
    register(new)
    try:
        yield
    finally:
        del _known[new.key]


def both_key(key: str) -> str:
    """What `definitions` calls the definition of a parameter's value of both sides."""
    return f"{key}_both"


def defined_label(key: str) -> str:
    """What a definition is headed with: the parameter's label; a term's own name in words."""
    for one in parameters():
        if key == one.key:
            return one.label
        if key == both_key(one.key):
            return f"{one.label}, both sides"
    return key.replace("_", " ").capitalize()


def definitions() -> dict[str, str]:
    """Key -> definition of every parameter, each after the terms that it uses.

    After a parameter whose value of both sides is defined for itself, that (`both_key`).
    """
    found: dict[str, str] = {}
    for one in parameters():
        found |= {term.key: term.definition for term in one.terms if term.key not in found}
        found[one.key] = one.definition
        if one.of_both:
            found[both_key(one.key)] = one.of_both
    return found | {BOTH_SIDES.key: BOTH_SIDES.definition}
