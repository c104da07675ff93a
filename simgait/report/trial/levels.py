"""Which numbers of a walk may be used: a number's level follows from the findings that touch it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from simgait.findings import Basis, Code, Finding
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import find_parameter, parameter
from simgait.parameters.curves import CURVES
from simgait.parameters.parameter import POOLS, Pool
from simgait.skeleton.sides import SIDES

NumberLevel = Literal["use", "single", "do_not_use"]
"""Use it; it is the value of one cycle or step, and nobody's mean; do not use it.

Within a walk the values of a leg vary by 0.3 (speed, cadence) to 0.6 (step length, stance) of the
SD between healthy people, those of step width by 0.9 (16 to 58 legs of real marker walks with three
values or more), and one value cannot show it.
"""


@dataclass(frozen=True)
class JudgedNumber:
    """One number of a walk, or one curve over the gait cycle, and what takes it away.

    Attributes:
        key: of the parameter ("cadence_spm") or of the curve ("knee_flexion_deg").
        pool: "left", "right" or "both".
        label: what a person reads, without the side.
        rests_on: what must be right for it.
        n: values, or cycles of a curve, behind it.
        doubts: the findings that touch it; empty where it may be used.
    """

    key: str
    pool: Pool
    label: str
    rests_on: frozenset[Basis]
    n: int
    doubts: tuple[Finding, ...] = ()

    @property
    def level(self) -> NumberLevel:
        """Whether it may be used, and as what."""
        return "do_not_use" if self.doubts else "single" if self.n == 1 else "use"

    @property
    def name(self) -> str:
        """As summary.csv heads it: "cadence_spm" of both sides, "left_step_length_m"."""
        return self.key if self.pool == "both" else f"{self.pool}_{self.key}"


def judge_numbers(result: GaitResult, findings: Sequence[Finding]) -> tuple[JudgedNumber, ...]:
    """Every number that was measured, parameters before curves, with the findings that touch it.

    Args:
        result: gait of a walk. What it does not hold has no level.
        findings: all that was found; a number is not to be used if one of them touches it.
    """
    return tuple(
        replace(one, doubts=tuple(f for f in findings if touches(f, one)))
        for one in _measured(result)
    )


def touches(finding: Finding, number: JudgedNumber) -> bool:
    """Whether a finding takes a number away: it doubts something that the number rests on."""
    doubted = finding.touches
    if finding.code is Code.IMPLAUSIBLE:
        odd = parameter(str(finding.values["parameter"]))
        if number.key == odd.key:
            return True
        doubted &= odd.rests_on
    return bool(number.rests_on & doubted)


def single_values(result: GaitResult) -> Iterator[Finding]:
    """The parameters that are of one cycle or one step."""
    alone = (one for one in _measured(result) if one.n == 1)
    names = tuple(one.name for one in alone if find_parameter(one.key) is not None)
    if names:
        yield Finding(Code.SINGLE_VALUES, "note", {"numbers": names})


def _measured(result: GaitResult) -> Iterator[JudgedNumber]:
    for key, pools in result.parameters.items():
        one = parameter(key)
        for pool in POOLS:
            if pool in pools and np.isfinite(pools[pool].mean):
                yield JudgedNumber(key, pool, one.label, one.rests_on, pools[pool].n)
    for curve in CURVES:
        for side in SIDES:
            n = len(result.curves_deg.get(curve.of_side(side), ()))
            if n:
                yield JudgedNumber(curve.key, side, curve.label, curve.rests_on, n)
    for side in SIDES:
        n = len(result.vertical_force_percent_bw.get(side, ()))
        if n:
            yield JudgedNumber(
                "vertical_force_percent_bw", side, "Vertical force", frozenset((Basis.FORCES,)), n
            )
