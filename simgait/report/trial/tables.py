"""The CSV files of a trial: parameters, cycles, curves, angles, events, vertical force."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from simgait.files import csv_text, write_text
from simgait.gait.scores import SCORE_POINTS, SCORED_ANGLES
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import both_key, parameter
from simgait.parameters.curves import CURVES
from simgait.parameters.norm_choice import Norms
from simgait.parameters.parameter import interval_columns
from simgait.report.norm_words import NORM_COLUMNS, norm_cells
from simgait.report.trial.levels import JudgedNumber
from simgait.skeleton.sides import SIDES
from simgait.skeleton.signs import clinical_angles_deg
from simgait.types import Rollout

NAN = float("nan")
PARAMETERS, MEAN_CURVES = "parameters.csv", "mean_curves.csv"
NORMAL_RANGES = "normal_ranges.csv"
"""Of `simgait compare` and `simgait scores`, which read them."""
MEAN_CURVES_HEAD = ("curve", "percent", "mean_deg", *interval_columns("mean_deg"), "level")
SCORED_CURVES = "scored_curves.csv"
"""Of `simgait scores` and `simgait reference`, which read it."""
MADE_BY = "made_by"
"""Its column of what made the angles, the same in every row; empty where nobody knows."""


def write_parameters(path: Path, result: GaitResult, numbers: Iterable[JudgedNumber]) -> None:
    """parameter, side, mean, mean_lo, mean_hi, sd, n, low, high, unit, level, doubts, definition...

    ..., reference: healthy people whom a score was made with, empty of all other numbers.

    Full precision. `mean_lo` and `mean_hi` are the ends of the mean's 90 % interval, empty where
    none is known; `low` and `high` the least and the greatest of the n values. `level` is "use",
    "single" (of one cycle or step) or "do_not_use", empty where nothing was measured; `doubts` the
    codes of the findings that take the number away.
    """
    judged = {(str(number.key), str(number.pool)): number for number in numbers}
    rows = []
    for key, pools in result.parameters.items():
        for pool, s in pools.items():
            number = judged.get((key, pool))
            level = "" if number is None else number.level
            codes = () if number is None else (finding.code for finding in number.doubts)
            rows.append(
                (key, pool, s.mean, *result.interval(key, pool), s.sd, s.n, s.low, s.high,
                 parameter(key).unit.symbol, level,
                 " ".join(dict.fromkeys(codes)), _definition(result, key, pool),
                 _reference(result, key))
            )  # fmt: skip
    header = (
        "parameter", "side", "mean", *interval_columns("mean"), "sd", "n", "low", "high", "unit",
        "level", "doubts", "definition", "reference",
    )  # fmt: skip
    _write(path, header, rows)


def _definition(result: GaitResult, key: str, pool: str) -> str:
    own = result.definitions.get(key, "")
    return result.definitions.get(both_key(key), own) if pool == "both" else own


def _reference(result: GaitResult, key: str) -> str:
    is_score = parameter(key).of_scores is not None
    return result.scores.reference if is_score and result.scores is not None else ""


def write_normal_ranges(path: Path, result: GaitResult, norms: Norms) -> None:
    """One row per parameter of the walk: its normal range and whose that is (`NORM_COLUMNS`)."""
    rows = [norm_cells(parameter(key), norms) for key in result.parameters]
    _write(path, NORM_COLUMNS, rows)


def write_scored_curves(path: Path, result: GaitResult, person: str, made_by: str) -> None:
    """person, side, cycle, percent (0, 2, ... 100), a column for each scored angle, made_by.

    `made_by` says what made the angles, so that a file that was moved away is scored against the
    same.
    """
    rows = [
        (person, side, cycle, 2 * point, *curves[:, point].tolist(), made_by)
        for side, strides in result.scored_curves_deg.items()
        for cycle, curves in enumerate(strides, 1)
        for point in range(SCORE_POINTS)
    ]
    names = (f"{name}_deg" for name in SCORED_ANGLES)
    _write(path, ("person", "side", "cycle", "percent", *names, MADE_BY), rows)


def write_cycles(path: Path, result: GaitResult, start_s: float) -> None:
    """One row per gait cycle; times in seconds on the trial's clock.

    `recording_time_s` is the cycle's start on the recording's own clock, on which the trial starts
    at `start_s`.
    """
    header = (
        "cycle", "side", "start_s", "end_s", "foot_off_s",
        "opposite_foot_off_s", "opposite_contact_s", "recording_time_s",
    )  # fmt: skip
    count = {"left": 0, "right": 0}
    rows = []
    for c in result.cycles:
        count[c.side] += 1
        rows.append(
            (count[c.side], c.side, c.start_s, c.end_s, c.foot_off_s,
             c.opposite_foot_off_s, c.opposite_contact_s, c.start_s + start_s)
        )  # fmt: skip
    _write(path, header, rows)


def write_mean_curves(path: Path, result: GaitResult, numbers: Iterable[JudgedNumber]) -> None:
    """Tidy: curve, percent of the cycle (0 to 100), mean over the cycles and its 90 % interval.

    curve, percent, mean_deg, mean_deg_lo, mean_deg_hi, level; the ends are empty where nobody
    knows. `level` is the curve's: "use", "rough", "single" or "do_not_use".
    """
    names = {curve.key: curve.coordinate for curve in CURVES}
    levels = {(str(one.key), str(one.pool)): one.level for one in numbers}
    rows = [
        (f"{side}_{names[key]}", percent, value, value - half, value + half,
         levels.get((key, side), ""))
        for side in SIDES
        for key, (mean, half) in result.mean_curves(side, list(names)).items()
        for percent, value in enumerate(mean.tolist())
    ]  # fmt: skip
    _write(path, MEAN_CURVES_HEAD, rows)


def write_curves(path: Path, result: GaitResult) -> None:
    """Tidy: curve, cycle (from 1), percent of the cycle (0 to 100), value_deg."""
    # The unit stands in the value's heading.
    names = {curve.key: curve.coordinate for curve in CURVES}
    names |= {c.of_side(side): f"{side}_{c.coordinate}" for c in CURVES for side in SIDES}
    _write(
        path,
        ("curve", "cycle", "percent", "value_deg"),
        (
            (names.get(key, key), cycle, percent, value)
            for key, cycles in result.curves_deg.items()
            for cycle, values in enumerate(cycles, 1)
            for percent, value in enumerate(values)
        ),
    )


def write_vertical_force(path: Path, result: GaitResult) -> None:
    """Tidy: side, cycle, percent, value_percent_bw."""
    _write(
        path,
        ("side", "cycle", "percent", "value_percent_bw"),
        (
            (side, cycle, percent, value)
            for side, cycles in result.vertical_force_percent_bw.items()
            for cycle, values in enumerate(cycles, 1)
            for percent, value in enumerate(values)
        ),
    )


def write_angles(path: Path, rollout: Rollout) -> None:
    """time_s and one `_deg` column per clinical angle; empty from a fall on."""
    angles = clinical_angles_deg(rollout.pose, rollout.skeleton)
    table = np.column_stack([rollout.time_s, *angles.values()])
    table[~rollout.alive, 1:] = np.nan
    _write(path, ("time_s", *(f"{name}_deg" for name in angles)), table.tolist())


def write_events(
    path: Path, result: GaitResult, start_s: float, *, source: str = "contact"
) -> None:
    """time_s, side, event, source (as named = the result, kinematic = its cross-check).

    `time_s_lo` and `time_s_hi` are the ends of the 90 % interval of the result's events.
    `recording_time_s` is the time on the recording's own clock, on which the trial starts at
    `start_s`.
    """
    rows = [
        (e.time_s, e.side, e.kind, name, e.time_s + start_s,
         *((NAN, NAN) if name == "kinematic" else result.event_interval(e)))
        for name, events in ((source, result.events), ("kinematic", result.kinematic_events))
        # Where nobody gave events the cross-check stands for them.
        if name == "kinematic" or events != result.kinematic_events
        for e in events
    ]  # fmt: skip
    head = ("time_s", "side", "event", "source", "recording_time_s", *interval_columns("time_s"))
    _write(path, head, sorted(rows))


def _write(path: Path, header: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> None:
    write_text(path, csv_text(header, rows))
