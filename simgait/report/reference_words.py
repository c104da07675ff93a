"""Sentences of how a walk differs from what came with it: its truth, a laboratory's events."""

from __future__ import annotations

from simgait.findings import Code, Finding
from simgait.parameters.wording import beside_limit, number
from simgait.report.sentence_table import Sentences, Values, passing
from simgait.report.walk_words import out_of_range


def error_in_words(finding: Finding) -> str:
    """How far one angle is off, its constant part apart: that may be another definition of 0."""
    values: Values = finding.values
    spread = f"{number(values['spread_deg'], 0)}° without a constant offset"
    rms, _ = beside_limit(values["rms_deg"], values["limit_deg"], ".0f")
    return f"{finding.where.replace('_', ' ')} {rms}° ({spread})"


def _laboratory_shift(finding: Finding) -> str:
    values: Values = finding.values
    when = "late" if values["shift_ms"] > 0 else "early"
    shown, limit = beside_limit(abs(values["shift_ms"]), values["limit_ms"], ".0f")
    return (
        f"Its curve of {finding.where.replace('_', ' ')} is {shown} ms {when} against its own "
        f"markers (limit {limit} ms)."
    )


def _truth_speed(finding: Finding) -> str:
    values: Values = finding.values
    too = "high" if values["error_mps"] > 0 else "low"
    shown, limit = beside_limit(abs(values["error_mps"]), values["limit_mps"], ".2f")
    return f"The walking speed is {shown} m/s too {too} (limit {limit} m/s)."


def _truth_angle(finding: Finding) -> str:
    text = f"{error_in_words(finding)} off on average (limit {finding.values['limit_deg']:g}°)."
    return text[0].upper() + text[1:]


def _laboratory_implausible(finding: Finding) -> str:
    said = out_of_range(finding)
    return f"Its {said[0].lower()}{said[1:]}."


REFERENCE_SENTENCES: Sentences = {
    Code.LABORATORY_IMPLAUSIBLE: _laboratory_implausible,
    Code.LABORATORY_EVENTS: passing(
        "Its foot events differ by {shown} ms on average from the movement of its own markers "
        "(limit {allowed} ms).",
        "ms", "limit_ms",
    ),
    Code.LABORATORY_STANCE: (
        "Its {where} stance of {percent:.0f} % of the cycle is {markers_percent:.0f} % by the "
        "movement of its own markers (limit {limit_percent:.0f} apart)."
    ),
    Code.LABORATORY_SHIFT: _laboratory_shift,
    Code.TRUTH_SPEED: _truth_speed,
    Code.TRUTH_ANGLE: _truth_angle,
}  # fmt: skip
