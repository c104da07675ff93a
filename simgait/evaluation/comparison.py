"""Trackers side by side as the report's tables."""

from __future__ import annotations

from collections.abc import Sequence

from simgait.agreement import Estimate
from simgait.evaluation.records import WalkRecord
from simgait.evaluation.run import BenchResult
from simgait.evaluation.tables import (
    SPATIOTEMPORAL,
    numbers_of,
    rmse_with_interval,
    sigma_with_interval,
)
from simgait.report.agreement_types import ComparisonTable, TrackerRow

# Smyrnakis, Karakostas & Cotton 2024, table I, row "final", and the Gait Transformer on their test
# set: other people, other walks; beside ours for scale only.
PUBLISHED = {
    "paper, final (their test set)": {
        "velocity σ": 0.0942, "velocity RMSE": 0.1091, "velocity r": 0.899,
        "step length σ": 0.0649, "step length RMSE": 0.087, "step length r": 0.732,
        "step width σ": 0.0643, "step width RMSE": 0.0747,
        "hip RMSE °": 10.58, "hip debiased °": 6.40,
        "knee RMSE °": 12.00, "knee debiased °": 8.26,
    },
    "Gait Transformer (their test set)": {
        "velocity RMSE": 0.149, "velocity r": 0.877,
        "step length RMSE": 0.089, "step length r": 0.704, "IC MAE ms": 25.0,
    },
}  # fmt: skip
MAIN_COLUMNS = (
    "walks", "failed %",
    *(f"{label} {what}" for label in SPATIOTEMPORAL.values() for what in ("n", "σ", "RMSE", "r")),
    *(f"{joint} {what}" for joint in ("hip", "knee", "ankle") for what in ("RMSE °", "debiased °")),
    "IC MAE ms", "FO MAE ms", "IC missed", "FO missed", "IC extra", "FO extra",
)  # fmt: skip
PHYSICS_COLUMNS = (
    "sliding cm/s", "penetration mm", "jerk m/s³", "worst |v - step length × cadence| %",
    "residual force % BW", "residual moment % BW·height",
    "plate stances", "vertical force RMSE % BW", "first peak error % BW", "second peak error % BW",
    "impulse error % BW·s",
)  # fmt: skip


def comparison_tables(result: BenchResult) -> list[ComparisonTable]:
    """Trackers by kind of keypoints and source, then physics, then the first tracker in parts."""
    tables = []
    for source, label in (("synthetic", "synthetic walkers"), ("real", "real test subjects")):
        for keypoints in ("monocular-v1", "exact"):
            rows = []
            for tracker in result.trackers:
                records = _part(result.of(tracker, keypoints=keypoints), source)
                if records:
                    rows.append(_row(tracker, records, MAIN_COLUMNS))
            if not rows:
                continue
            if keypoints == "monocular-v1":
                rows += [
                    TrackerRow(name, tuple(cells.get(c) for c in MAIN_COLUMNS), "published")
                    for name, cells in PUBLISHED.items()
                ]
            tables.append(ComparisonTable(f"{label}, {keypoints} keypoints", MAIN_COLUMNS, rows=tuple(rows), note="Velocity in m/s, lengths in m; σ = 0.7413 × IQR. Angles from frame 0."))  # noqa: E501  # fmt: skip
    tables.append(_interval_table(result))
    tables.append(_physics_table(result))
    tables += _parts_of_first(result)
    return tables


def _part(records: Sequence[WalkRecord], source: str) -> list[WalkRecord]:
    synthetic = source == "synthetic"
    return [r for r in records if (r.case.labels.get("source") == "synthetic") == synthetic]


def _row(name: str, records: Sequence[WalkRecord], columns: Sequence[str]) -> TrackerRow:
    numbers = numbers_of(records)
    return TrackerRow(name, tuple(numbers[column] for column in columns))


def _interval_table(result: BenchResult) -> ComparisonTable:
    columns = tuple(
        f"{label} {what}" for label in ("velocity", "step length") for what in ("σ", "RMSE")
    )

    def shown(value: Estimate) -> str:
        return f"{value.value:.3f} ({value.low:.3f} to {value.high:.3f})"

    rows = []
    for tracker in result.trackers:
        records = result.of(tracker, keypoints="monocular-v1")
        cells = [
            shown(statistic(records, parameter))
            for parameter in ("velocity_mps", "step_length_m")
            for statistic in (sigma_with_interval, rmse_with_interval)
        ]
        rows.append(TrackerRow(tracker, tuple(cells)))
    return ComparisonTable(
        "All walks with monocular-v1 keypoints, 95 % intervals by bootstrap of people",
        columns,
        tuple(rows),
    )


def _physics_table(result: BenchResult) -> ComparisonTable:
    rows = [_row(tracker, result.of(tracker), PHYSICS_COLUMNS) for tracker in result.trackers]
    return ComparisonTable(
        "Physics, all walks",
        PHYSICS_COLUMNS,
        tuple(rows),
        note="Vertical force against force plates: whole stances on one plate, each force over its "
        "own body's weight, both low-passed at 20 Hz.",
    )


def _parts_of_first(result: BenchResult) -> list[ComparisonTable]:
    tracker = result.trackers[0]
    tables = []
    for label, heading in (
        ("condition", "camera"),
        ("pattern", "gait pattern"),
        ("source", "source"),
    ):
        values = list(dict.fromkeys(r.case.labels.get(label, "") for r in result.of(tracker)))
        rows = [
            _row(value, result.of(tracker, **{label: value}), MAIN_COLUMNS)
            for value in values
            if value
        ]
        if rows:
            caption = f"{tracker}, by {heading}"
            tables.append(ComparisonTable(caption, MAIN_COLUMNS, tuple(rows)))
    return tables
