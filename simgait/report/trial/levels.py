"""Which numbers of a walk may be used: findings take numbers away, intervals say how far they go.

A number is used as it is where its 90 % interval reaches no further than what matters (its
`tolerance`), roughly where it reaches up to twice that, and not where it reaches beyond.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from simgait.certainty.pelvic_zero import without_zero
from simgait.findings import Basis, Code, Finding, Value
from simgait.gait.scores import SCORED_ANGLES
from simgait.gait_result import Certainty, GaitResult
from simgait.parameters.catalogue import find_parameter, parameter
from simgait.parameters.curves import CURVES
from simgait.parameters.parameter import POOLS, Pool
from simgait.skeleton.sides import SIDES

NumberLevel = Literal["use", "rough", "single", "do_not_use"]
"""Use it; its interval is wider than what matters, or a finding leaves it no better; it is the
value of one cycle or step, and nobody's mean; do not use it.

Within a walk the values of a leg vary by 0.3 (speed, cadence) to 0.6 (step length, stance) of the
SD between healthy people, those of step width by 0.9 (16 to 58 legs of real marker walks with three
values or more), and one value cannot show it.
"""
GRAVEST_FIRST: tuple[NumberLevel, ...] = ("do_not_use", "rough", "single", "use")
TOO_WIDE = 2.0
"""Times what matters: a difference that matters twice over could be in either direction."""


@dataclass(frozen=True)
class JudgedNumber:
    """One number of a walk, or one curve over the gait cycle, and what takes it away.

    Attributes:
        key: of the parameter ("cadence_spm") or of the curve ("knee_flexion_deg").
        pool: "left", "right" or "both".
        label: what a person reads, without the side.
        rests_on: what must be right for it.
        n: values, or cycles of a curve, behind it.
        half_width: of its 90 % interval, in its stored unit; NaN where none is known.
        zero_half_width: the part of that which is a curve's unknown zero (`Certainty.zeros_deg`).
        range_half_width: of the 90 % interval of a curve's range of motion, NaN unknown.
        tolerance: half-width up to which it can be used as it is; infinite where nobody said.
        doubts: the findings that touch it; empty where it may be used.
        is_rough: what it is made of is no better, however narrow its interval.
        never_better: no interval of it is known in any walk, and it is rough in all of them. So is
            the vertical force, which was 12 to 14 % of body weight off plates
            (docs/report-guide.md).
    """

    key: str
    pool: Pool
    label: str
    rests_on: frozenset[Basis]
    n: int
    half_width: float = float("nan")
    tolerance: float = float("inf")
    doubts: tuple[Finding, ...] = ()
    is_rough: bool = False
    never_better: bool = False
    zero_half_width: float = 0.0
    range_half_width: float = float("nan")

    @property
    def without_zero(self) -> JudgedNumber:
        """The same as far as its zero does not matter: of a change."""
        if not self.zero_half_width:
            return self
        return self._as_far_as(without_zero(self.half_width, self.zero_half_width))

    @property
    def of_range(self) -> JudgedNumber:
        """A curve's range of motion: what takes the curve away takes it, but for its interval.

        Of a range whose interval nobody knows the curve's holds.
        """
        unknown = math.isnan(self.range_half_width)
        return self if unknown else self._as_far_as(self.range_half_width)

    def _as_far_as(self, half_width: float) -> JudgedNumber:
        """The same with another interval, which is too wide or not by itself."""
        others = tuple(d for d in self.doubts if d.code is not Code.INTERVAL_TOO_WIDE)
        too_wide = half_width > TOO_WIDE * self.tolerance
        doubts = self.doubts if too_wide else others
        return replace(self, half_width=half_width, zero_half_width=0.0, doubts=doubts)

    @property
    def level(self) -> NumberLevel:
        """Whether it may be used, and as what."""
        if self.doubts or self.half_width > TOO_WIDE * self.tolerance:
            return "do_not_use"
        if self.is_rough or self.never_better or self.half_width > self.tolerance:
            return "rough"
        return "single" if self.n == 1 else "use"

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
        replace(
            one,
            doubts=tuple(f for f in findings if touches(f, one)),
            is_rough=any(roughens(f, one) for f in findings),
        )
        for one in _measured(result)
    )


def _names(finding: Finding, number: JudgedNumber) -> bool:
    named: Any = finding.values["numbers"]
    return number.name in named


def _doubted(finding: Finding, number: JudgedNumber) -> tuple[frozenset[Basis], frozenset[Basis]]:
    """What a finding takes away from numbers of this side or of both, and what it roughens."""
    if finding.code is not Code.SIDE_RHYTHM_DENIED:
        return finding.touches, finding.roughens
    # One side's contacts take that side's numbers away, and are half of what both share.
    nothing: frozenset[Basis] = frozenset()
    taken = finding.touches if number.pool == finding.where else nothing
    return taken, finding.roughens if number.pool == "both" else nothing


def touches(finding: Finding, number: JudgedNumber) -> bool:
    """Whether a finding takes a number away: it doubts something that the number rests on."""
    doubted, _ = _doubted(finding, number)
    if finding.code is Code.INTERVAL_TOO_WIDE:
        return _names(finding, number)
    if finding.code is Code.IMPLAUSIBLE:
        odd = parameter(str(finding.values["parameter"]))
        if number.key == odd.key:
            return True
        doubted &= odd.rests_on
    return bool(number.rests_on & doubted)


def roughens(finding: Finding, number: JudgedNumber) -> bool:
    """Whether a finding leaves a number no better than rough, however narrow its interval."""
    if finding.code is Code.SCORES_ROUGH:
        return _names(finding, number)
    _, doubted = _doubted(finding, number)
    if finding.code is Code.SWING_UNSEEN and finding.values.get("way_is_known"):
        doubted -= {Basis.TRAVEL}
    return bool(number.rests_on & doubted)


def single_values(result: GaitResult) -> Iterator[Finding]:
    """The parameters that are of one cycle or one step."""
    alone = (one for one in _measured(result) if one.n == 1)
    names = tuple(one.name for one in alone if find_parameter(one.key) is not None)
    if names:
        yield Finding(Code.SINGLE_VALUES, "note", {"numbers": names})


def wide_intervals(result: GaitResult, others: Sequence[Finding]) -> Iterator[Finding]:
    """The numbers whose interval is wider than what matters, and those where it is much wider.

    Args:
        result: gait of a walk.
        others: what else was found; a number that one of them takes away is not named again.
    """
    left = [one for one in _measured(result) if not any(touches(f, one) for f in others)]
    wide = [one for one in left if one.half_width > one.tolerance]
    too_wide = [one for one in wide if one.half_width > TOO_WIDE * one.tolerance]
    rough = [one for one in wide if one not in too_wide]
    if too_wide:
        yield Finding(Code.INTERVAL_TOO_WIDE, "caution", _named(too_wide))
    if rough:
        yield Finding(Code.INTERVAL_WIDE, "note", _named(rough))


def rough_scores(
    result: GaitResult, others: Sequence[Finding], *, measured: bool
) -> Iterator[Finding]:
    """The scores that are no better than rough, as their angles are.

    A finding that takes the angles away takes the scores, too. Where single angles are too
    uncertain the score's own interval holds, which was measured on scores; and one camera's
    detector gives every angle offsets that the healthy people, tracked from markers, do not have.

    Args:
        result: gait of a walk.
        others: what else was found, intervals among it.
        measured: points of markers or several cameras, no single camera's detector.
    """
    judged = judge_numbers(result, others)
    lost = {one.name for one in judged if one.level == "do_not_use"}
    scores = [one for one in judged if _is_score(one) and one.name not in lost]
    angles = {
        one.name: [
            f"{side}_{angle}_deg"
            for side in (SIDES if one.pool == "both" else (one.pool,))
            for angle in SCORED_ANGLES
            if f"{side}_{angle}_deg" in lost
        ]
        for one in scores
    }
    rough = [name for name, own in angles.items() if own or not measured]
    if rough:
        of_these = dict.fromkeys(angle for own in angles.values() for angle in own)
        values = {"numbers": tuple(rough), "angles": tuple(of_these) if measured else ()}
        yield Finding(Code.SCORES_ROUGH, "note", values)


def _is_score(number: JudgedNumber) -> bool:
    found = find_parameter(number.key)
    return found is not None and found.of_scores is not None


def _named(numbers: Sequence[JudgedNumber]) -> dict[str, Value]:
    return {
        "numbers": tuple(one.name for one in numbers),
        "half_widths": tuple(one.half_width for one in numbers),
    }


def _measured(result: GaitResult) -> Iterator[JudgedNumber]:
    known = result.certainty or Certainty({}, {}, {})
    half = known.half_width
    for key, pools in result.parameters.items():
        one = parameter(key)
        for pool in POOLS:
            if pool in pools and np.isfinite(pools[pool].mean):
                yield JudgedNumber(
                    key, pool, one.label, one.basis_of(pool), pools[pool].n, half(key, pool),
                    one.tolerance,
                )  # fmt: skip
    for curve in CURVES:
        for side in SIDES:
            n = len(result.curves_deg.get(curve.of_side(side), ()))
            if n:
                yield JudgedNumber(
                    curve.key, side, curve.label, curve.rests_on, n, half(curve.key, side),
                    curve.clinical_change.substantial,
                    zero_half_width=known.zeros_deg.get(curve.of_side(side), 0.0),
                    range_half_width=known.ranges_deg.get(curve.of_side(side), math.nan),
                )  # fmt: skip
    for side in SIDES:
        n = len(result.vertical_force_percent_bw.get(side, ()))
        if n:
            yield JudgedNumber(
                "vertical_force_percent_bw", side, "Vertical force", frozenset((Basis.FORCES,)), n,
                never_better=True,
            )  # fmt: skip
