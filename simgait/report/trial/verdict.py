"""Which of a trial's numbers may be used, and why: one rule set, every reason a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from simgait.findings import Code, Finding, Severity, Value
from simgait.gait.analyse import helper_findings
from simgait.gait.joint_measures import JointMeasure
from simgait.gait_result import GaitResult
from simgait.parameters.tracked_verdict import WITHOUT_ZERO, ZERO
from simgait.parameters.wording import number
from simgait.report.number_names import numbers_in_words
from simgait.report.trial.contacts import contact_findings
from simgait.report.trial.levels import (
    JudgedNumber,
    NumberLevel,
    judge_numbers,
    rough_scores,
    single_values,
    wide_intervals,
)
from simgait.report.trial.measure import (
    complete_cycles,
    keypoint_errors,
    leg_error_mm,
    path_error_mps,
    path_speed_mps,
    recorded_path_error_mps,
)
from simgait.report.trial.odd_gait import odd_gait
from simgait.report.words import TITLES, Level, sentence, sentences
from simgait.skeleton.sides import SIDES, Side
from simgait.trials.quality import Quality
from simgait.types import Rollout, Trial

# Of each side. The SE of a mean of three is 0.6 of the SD of a stride, below it one odd stride
# decides.
MIN_CYCLES = 3
# A quarter of the weight held up from outside is no walk of this body.
RESIDUAL_STOP_PERCENT_BW = 25.0
# The moment beside it of bodies that were helped by both in one proportion (gait.analyse).
MOMENT_STOP_PERCENT_BW_HEIGHT = 17.0
# Hip centres from markers are off by 2 to 3 cm (Leardini et al. 1999), a detector's joints by 3 to
# 5: beyond that the body is off by itself. 12 cm are as much as the feet are apart.
LEG_ERROR_CAUTION_MM = 50.0
LEG_ERROR_STOP_MM = 120.0
# A change of 0.05 m/s is small to a clinician, 0.10 substantial (Perera et al. 2006).
PATH_CAUTION_MPS = 0.10
PATH_STOP_MPS = 0.25  # a fifth of a healthy adult's speed
# A detector's path may be off by itself, and is corrected by what was learned of detectors: on 96
# synthetic walkers through monocular-v1 by -19 to +18 % of its speed. Beyond that the two
# contradict each other.
DETECTOR_PATH_CAUTION_SHARE = 0.22
DETECTOR_PATH_STOP_SHARE = 0.45  # chosen: beyond twice the widest of those
# What gait.analyse finds and this module judges with its own limits; said once is enough.
JUDGED_HERE = frozenset(
    (Code.FELL, Code.FEW_CYCLES, Code.HELPER_FORCES, Code.HELPER_MOMENT, Code.EVENTS_DISAGREE)
)

GRAVEST_FIRST: tuple[Severity, ...] = ("stop", "caution", "note")


@dataclass(frozen=True)
class Evidence:
    """What was measured of a trial, whatever the verdict.

    Attributes:
        attempts: how many times the walk was simulated until the body stayed up.
        cycles: full gait cycles per side.
        residual_percent_bw: helper forces, NaN unknown.
        moment_percent_bw_height: the helper's moment, NaN unknown.
        leg_error_mm: mean distance of hips, knees and ankles from the recording, NaN unknown.
    """

    duration_s: float
    fell: bool
    attempts: int
    cycles: Mapping[Side, int]
    residual_percent_bw: float
    moment_percent_bw_height: float
    leg_error_mm: float


@dataclass(frozen=True)
class Verdict:
    """What was found (the gravest first), what may be used in spite of it, and the evidence.

    Attributes:
        findings: of the walk.
        numbers: every number that was measured, with the findings that take it away.
        evidence: what was measured beside them.
    """

    findings: tuple[Finding, ...]
    numbers: tuple[JudgedNumber, ...]
    evidence: Evidence

    @property
    def level(self) -> Level:
        """Whether all of its numbers, some, or none may be used; single ones are some.

        One that is rough in every walk speaks against none.
        """
        if {number.level for number in self.numbers} <= {"do_not_use"}:
            return "use_none"
        of_this_walk = (n for n in self.numbers if not (n.never_better and n.level == "rough"))
        return "use_all" if {n.level for n in of_this_walk} <= {"use"} else "use_some"

    def number_level(self, key: str, pool: str) -> NumberLevel | None:
        """Level of one number, `("cadence_spm", "both")`; None where it was not measured."""
        found = (n.level for n in self.numbers if (n.key, n.pool) == (key, pool))
        return next(found, None)

    def measure_level(self, one: JointMeasure, side: str) -> NumberLevel | None:
        """Level of a joint measure; None where its curve was not measured."""
        found = self.judged_measure(one, side)
        return None if found is None else found.level

    def judged_measure(self, one: JointMeasure, side: str) -> JudgedNumber | None:
        """What is said of a joint measure: of a peak that of its curve, a range has its interval.

        None where its curve was not measured.
        """
        found = (n for n in self.numbers if (n.key, n.pool) == (one.curve, side))
        return next((n.of_range if one.is_range else n for n in found), None)

    def names(self, level: NumberLevel) -> tuple[str, ...]:
        """Names of the numbers of one level, as summary.csv heads them."""
        return tuple(number.name for number in self.numbers if number.level == level)

    @property
    def title(self) -> str:
        """The level in words."""
        return TITLES[self.level]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The findings in words."""
        return sentences(self.findings)

    @property
    def reasons_and_losses(self) -> tuple[tuple[str, str], ...]:
        """Each finding in words, with the numbers that it takes away in words, "" for none."""
        return tuple((sentence(finding), self._lost(finding)) for finding in self.findings)

    def _lost(self, finding: Finding) -> str:
        lost = [number for number in self.numbers if finding in number.doubts]
        if lost and len(lost) == len(self.numbers):
            return "everything"
        return numbers_in_words((number.label, number.pool) for number in lost)

    @property
    def usable(self) -> str:
        """The numbers that may be used as they are, in words; empty for none."""
        return self._in_words("use")

    @property
    def rough(self) -> str:
        """The numbers that may be used roughly, in words; empty for none."""
        return self._in_words("rough")

    def _in_words(self, level: NumberLevel) -> str:
        those = (number for number in self.numbers if number.level == level)
        return numbers_in_words((number.label, number.pool) for number in those)

    @property
    def facts(self) -> tuple[str, ...]:
        """The evidence in words."""
        found, cycles = self.evidence, self.evidence.cycles
        return (
            f"{found.duration_s:.1f} s, {cycles['left']} left and {cycles['right']} right gait "
            "cycles",
            *(() if found.fell else (_stood(found.attempts),)),
            f"helper forces {number(found.residual_percent_bw, 1)} % of body weight, moment "
            f"{number(found.moment_percent_bw_height, 1)} % of body weight × height",
            f"hips, knees and ankles {number(found.leg_error_mm, 0)} mm from the recording on "
            "average",
        )


def verdict_record(verdict: Verdict) -> dict[str, Any]:
    """The level of the walk and of each of its numbers, with the codes that take one away."""
    return {
        "level": verdict.level,
        "numbers": {
            number.name: {
                "level": number.level,
                "doubts": list(dict.fromkeys(finding.code.value for finding in number.doubts)),
                **_zero_record(number),
            }
            for number in verdict.numbers
        },
    }


def _zero_record(number: JudgedNumber) -> dict[str, Any]:
    """What is left of a number where its zero does not matter; nothing of one that has none."""
    if not number.zero_half_width:
        return {}
    return {
        ZERO: number.zero_half_width,
        WITHOUT_ZERO: number.without_zero.level,
    }


def findings_record(verdict: Verdict) -> list[dict[str, str]]:
    """Each finding: its code, what it means for the numbers, where, and its sentence."""
    return [
        {
            "code": finding.code.value,
            "severity": finding.severity,
            "where": finding.where,
            "sentence": sentence(finding),
        }
        for finding in verdict.findings
    ]


def _stood(attempts: int) -> str:
    return "no fall" if attempts == 1 else f"stayed up at attempt {attempts}"


def judge(trial: Trial, rollout: Rollout, result: GaitResult, quality: Quality | None) -> Verdict:
    """Judge one trial.

    Args:
        trial: the prepared recording.
        rollout: the simulated body through that trial.
        result: its gait.
        quality: verdict on the recording itself (`trials.quality.assess`), None if not asked.
    """
    evidence = Evidence(
        duration_s=float(trial.time_s[-1]),
        fell=rollout.fell,
        attempts=rollout.attempts,
        cycles=complete_cycles(result),
        residual_percent_bw=result.residual_force_percent_bw,
        moment_percent_bw_height=result.residual_moment_percent_bw_height,
        leg_error_mm=leg_error_mm(keypoint_errors(rollout)),
    )
    told = () if quality is None else quality.findings
    found = [
        *_fall(rollout),
        *_no_cycles(evidence, result),
        *_helper_forces(evidence),
        *_off_recording(evidence),
        *_off_path(trial, rollout),
        *contact_findings(result),
        *odd_gait(trial, result, float(rollout.dimensions.leg_m), told),
        # What is wrong with the measurement comes before what is merely little of it.
        *single_values(result),
        *_few_cycles(evidence),
        *told,
        *(f for f in result.findings if f.code not in JUDGED_HERE),
    ]
    found += wide_intervals(result, found)
    found += rough_scores(result, found, measured=trial.scale_is_metric)
    findings = _distinct(sorted(found, key=lambda finding: GRAVEST_FIRST.index(finding.severity)))
    return Verdict(findings, judge_numbers(result, findings), evidence)


def _fall(rollout: Rollout) -> Iterator[Finding]:
    if rollout.fell:
        fall_s, end_s = rollout.time_s[np.argmin(rollout.alive)], rollout.time_s[-1]
        yield Finding(Code.FELL, "stop", {"time_s": float(fall_s), "duration_s": float(end_s)})


def _no_cycles(evidence: Evidence, result: GaitResult) -> Iterator[Finding]:
    if any(evidence.cycles.values()):
        return
    lengths = result.parameters.get("step_length_m", {})
    steps = sum(lengths[side].n for side in SIDES if side in lengths)
    if steps:
        yield Finding(Code.STEPS_ONLY, "note", {"steps": steps})
    else:
        yield Finding(Code.NO_CYCLE, "stop")


def _few_cycles(evidence: Evidence) -> Iterator[Finding]:
    few = {side: n for side, n in evidence.cycles.items() if n < MIN_CYCLES}
    if few and any(evidence.cycles.values()):
        values: dict[str, Value] = {
            "least": MIN_CYCLES,
            "sides": tuple(few),
            "counts": tuple(few.values()),
        }
        yield Finding(Code.FEW_CYCLES, "note", values)


def _helper_forces(evidence: Evidence) -> Iterator[Finding]:
    force, moment = evidence.residual_percent_bw, evidence.moment_percent_bw_height
    if not np.isfinite([force, moment]).all():
        yield Finding(Code.HELPER_FORCES_UNKNOWN)
    grave = {
        Code.HELPER_FORCES: _severity(force, RESIDUAL_STOP_PERCENT_BW),
        Code.HELPER_MOMENT: _severity(moment, MOMENT_STOP_PERCENT_BW_HEIGHT),
    }
    for found in helper_findings(force, moment):
        yield replace(found, severity=grave[found.code])


def _off_recording(evidence: Evidence) -> Iterator[Finding]:
    error = evidence.leg_error_mm
    if not np.isfinite(error):
        yield Finding(Code.NO_LEG_POINTS, "stop")
    elif error > LEG_ERROR_CAUTION_MM:
        values = {"mm": error, "limit_mm": LEG_ERROR_CAUTION_MM}
        yield Finding(Code.OFF_RECORDING, _severity(error, LEG_ERROR_STOP_MM), values)


def _off_path(trial: Trial, rollout: Rollout) -> Iterator[Finding]:
    """The body away from where it was to go, or all of that away from the recorded path."""
    drift_mps = path_error_mps(rollout)
    if drift_mps > PATH_CAUTION_MPS:
        values = {"mps": drift_mps, "limit_mps": PATH_CAUTION_MPS}
        yield Finding(Code.OFF_PATH, _severity(drift_mps, PATH_STOP_MPS), values)
        return
    drift_mps, speed_mps = recorded_path_error_mps(trial, rollout), path_speed_mps(trial)
    caution_mps, stop_mps = PATH_CAUTION_MPS, PATH_STOP_MPS
    if not trial.path_binds:
        caution_mps = max(caution_mps, DETECTOR_PATH_CAUTION_SHARE * speed_mps)
        stop_mps = max(stop_mps, DETECTOR_PATH_STOP_SHARE * speed_mps)
    if drift_mps > caution_mps:
        values = {
            "mps": drift_mps, "limit_mps": caution_mps, "path_mps": speed_mps,
            "can_be_measured": int(not (trial.is_filmed or trial.scale_is_metric)),
        }  # fmt: skip
        yield Finding(Code.OFF_RECORDED_PATH, _severity(drift_mps, stop_mps), values)


def _severity(value: float, stop_above: float) -> Severity:
    return "stop" if value > stop_above else "caution"


def _distinct(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    kept: list[Finding] = []
    for finding in findings:
        if not any(finding.is_about(other) for other in kept):
            kept.append(finding)
    return tuple(kept)
