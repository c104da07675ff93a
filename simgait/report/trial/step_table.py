"""Single steps and joint peaks of a walk: rows of the page, and their CSV files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simgait.files import csv_text, write_text
from simgait.gait.joint_measures import JOINT_MEASURES, joint_statistics
from simgait.gait_result import GaitResult, WalkStep
from simgait.parameters.parameter import interval_columns
from simgait.parameters.wording import number
from simgait.report.number_names import numbers_in_words
from simgait.report.trial.verdict import Verdict

NAN = float("nan")
STEP_PARAMETERS = ("step_length_m", "step_width_m", "step_time_s")
"""Of the catalogue: what the table of steps shows."""
STEPS, PEAKS = "steps.csv", "joint_peaks.csv"
MOST_STEPS = 40
"""On the page, so that a long walk's stays readable; the file has all."""


def step_rows(steps: Sequence[WalkStep]) -> list[tuple[str, ...]]:
    """Number, side, time of landing (s), length and width (cm), duration (s) of each step."""
    return [
        (
            str(place),
            step.side,
            number(step.contact_s, 2),
            number(100.0 * step.length_m, 1),
            number(100.0 * step.width_m, 1),
            number(step.time_s, 2),
        )
        for place, step in enumerate(steps, 1)
    ]


def steps_lost(verdict: Verdict) -> str:
    """Which of the numbers of steps are not to be used, in words; empty for none."""
    return numbers_in_words(
        (one.label, one.pool)
        for one in verdict.numbers
        if one.key in STEP_PARAMETERS and one.level == "do_not_use"
    )


def write_steps(path: Path, result: GaitResult, start_s: float) -> None:
    """One row per step, in order: step, side (of the foot that lands), time_s, recording_time_s...

    ..., step_length_m, step_width_m, step_time_s. Lengths are empty where a footprint is not known.
    """
    header = (
        "step", "side", "time_s", "recording_time_s", "step_length_m", "step_width_m",
        "step_time_s",
    )  # fmt: skip
    rows = [
        (place, step.side, step.contact_s, step.contact_s + start_s, step.length_m, step.width_m,
         step.time_s)
        for place, step in enumerate(result.steps, 1)
    ]  # fmt: skip
    write_text(path, csv_text(header, rows))


def write_peaks(path: Path, result: GaitResult, verdict: Verdict) -> None:
    """One row per joint measure and side: mean, its interval, SD, count, least and greatest...

    ..., level, definition. `mean_deg_lo` and `mean_deg_hi` are the ends of the mean's 90 %
    interval, a peak's as wide as its curve's; `level` is the curve's, a range's by its own
    interval.
    """
    header = (
        "peak", "side", "mean_deg", *interval_columns("mean_deg"), "sd_deg", "n", "low", "high",
        "level", "definition",
    )  # fmt: skip
    found, rows = joint_statistics(result), []
    for name, measure in JOINT_MEASURES.items():
        for side, one in found[name].items():
            judged = verdict.judged_measure(measure, side)
            half, level = (NAN, "") if judged is None else (judged.half_width, judged.level)
            rows.append(
                (name, side, one.mean, one.mean - half, one.mean + half, one.sd, one.n, one.low,
                 one.high, level, measure.definition)
            )  # fmt: skip
    write_text(path, csv_text(header, rows))
