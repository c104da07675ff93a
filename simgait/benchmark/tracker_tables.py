"""Trackers side by side as the report's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simgait.benchmark.certainty_tables import interval_table, n_people, paired_table
from simgait.benchmark.columns import COLUMNS, EVENT_LABELS, SPATIOTEMPORAL, Column
from simgait.benchmark.pooling import JOINTS
from simgait.benchmark.score_walks import BenchResult
from simgait.benchmark.walk_record import WalkRecord
from simgait.compare.evidence import Cell, ComparisonTable, TrackerRow
from simgait.gait.forces import FORCE_CUTOFF_HZ
from simgait.report.trial.plate_stances import PLATE_CUTOFF_HZ

KEYPOINTS = ("monocular-v1", "exact")
# Smyrnakis, Karakostas & Cotton 2024, table I, row "final", and the Gait Transformer on their test
# set: other people, other walks; beside ours for scale only.
PUBLISHED: dict[str, dict[str, float]] = {
    "paper, final (their test set)": {
        "velocity_mps_sigma": 0.0942, "velocity_mps_rmse": 0.1091, "velocity_mps_r": 0.899,
        "step_length_m_sigma": 0.0649, "step_length_m_rmse": 0.087, "step_length_m_r": 0.732,
        "step_width_m_sigma": 0.0643, "step_width_m_rmse": 0.0747,
        "hip_rmse_deg": 10.58, "hip_debiased_deg": 6.40,
        "knee_rmse_deg": 12.00, "knee_debiased_deg": 8.26,
    },
    "Gait Transformer (their test set)": {
        "velocity_mps_rmse": 0.149, "velocity_mps_r": 0.877,
        "step_length_m_rmse": 0.089, "step_length_m_r": 0.704, "initial_contact_mae_ms": 25.0,
    },
}  # fmt: skip


def columns_of(*keys: str) -> tuple[Column, ...]:
    """Columns by key, in this order."""
    return tuple(COLUMNS[key] for key in keys)


WALKING_COLUMNS = columns_of(
    "walks", "failed_percent",
    *(f"{p}_{what}" for p in SPATIOTEMPORAL for what in ("n", "sigma", "rmse", "r")),
)  # fmt: skip
JOINT_COLUMNS = columns_of(
    *(f"{joint}_{what}" for joint in JOINTS for what in ("n", "rmse_deg", "debiased_deg")),
    *(
        f"{kind}_{what}"
        for kind in EVENT_LABELS
        for what in ("matched", "missed", "extra", "mae_ms")
    ),
)
PHYSICS_COLUMNS = columns_of(
    "sliding_cmps", "penetration_mm", "jerk_mps3", "residual_force_percent_bw",
    "residual_moment_percent_bw_height", "plate_stances", "force_rmse_percent_bw",
    "force_ringing_percent_bw", "first_peak_percent_bw", "second_peak_percent_bw",
    "impulse_percent_bw_s",
)  # fmt: skip
PELVIS_COLUMNS = columns_of(
    "pelvis_median_percent", "pelvis_worst_percent", "pelvis_within_percent"
)


def comparison_tables(result: BenchResult) -> list[ComparisonTable]:
    """Trackers side by side, how certain that is, single aspects, the first in parts."""
    tables = []
    for source, label in (("synthetic", "synthetic walkers"), ("real", "real test subjects")):
        for keypoints in KEYPOINTS:
            walks = {
                tracker: _part(result.of(tracker, keypoints=keypoints), source)
                for tracker in result.trackers
            }
            published = PUBLISHED if keypoints == "monocular-v1" else {}
            tables += _main_tables(f"{label}, {keypoints} keypoints", walks, published)
    for keypoints in KEYPOINTS:
        tables += _certainty(result, keypoints)
    tables.append(_undefined_table(result))
    tables.append(_late_table(result))
    tables.append(_pelvis_table(result))
    tables.append(_physics_table(result))
    tables += _parts_of_first(result)
    return [table for table in tables if table.rows]


def _main_tables(
    caption: str,
    walks: Mapping[str, Sequence[WalkRecord]],
    published: Mapping[str, Mapping[str, float]],
    rows_are: str = "Tracker",
) -> list[ComparisonTable]:
    """Walking parameters, then joint angles and events: in one, no page would be wide enough."""
    rows = {name: records for name, records in walks.items() if records}
    if not rows:
        return []
    parts = (
        (
            "walking parameters",
            WALKING_COLUMNS,
            "Velocity in m/s, lengths in m; σ = 0.7413 × IQR. n: walks with both values.",
        ),
        (
            "joint angles and events",
            JOINT_COLUMNS,
            "Angles from frame 0. n: walks with both angles known.",
        ),
    )
    return [
        ComparisonTable(
            f"{caption}: {part}",
            tuple(column.heading for column in columns),
            (
                *(_row(name, records, columns) for name, records in rows.items()),
                *_published_rows(columns, published),
            ),
            note=note,
            rows_are=rows_are,
        )
        for part, columns, note in parts
    ]


def _published_rows(
    columns: Sequence[Column], published: Mapping[str, Mapping[str, float]]
) -> list[TrackerRow]:
    """Published numbers of these columns, of those who published any."""
    return [
        TrackerRow(name, tuple(cells.get(column.key) for column in columns), "published")
        for name, cells in published.items()
        if any(column.key in cells for column in columns)
    ]


def _part(records: Sequence[WalkRecord], source: str) -> list[WalkRecord]:
    synthetic = source == "synthetic"
    return [r for r in records if (r.case.labels.get("source") == "synthetic") == synthetic]


def _row(name: str, records: Sequence[WalkRecord], columns: Sequence[Column]) -> TrackerRow:
    return TrackerRow(name, tuple(column.cell(records) for column in columns))


def _certainty(result: BenchResult, keypoints: str) -> list[ComparisonTable]:
    """Intervals of every column, and the other trackers against the first."""
    every = {t: result.of(t, keypoints=keypoints) for t in result.trackers}
    if not any(every.values()):
        return []
    parts = {
        source: {tracker: _part(records, source) for tracker, records in every.items()}
        for source in ("synthetic", "real")
    }
    walks = {"all walks": every}
    if all(any(part.values()) for part in parts.values()):
        walks |= parts
    paired = paired_table(keypoints, walks)
    return [interval_table(keypoints, every), *([paired] if paired else [])]


def _by_keypoints(result: BenchResult) -> list[tuple[str, list[WalkRecord]]]:
    """Name of a row and its records: trackers on the one kind of keypoints, then on the other."""
    rows = [
        (f"{tracker}, {keypoints}", result.of(tracker, keypoints=keypoints))
        for keypoints in KEYPOINTS
        for tracker in result.trackers
    ]
    return [(name, records) for name, records in rows if records]


def _undefined_table(result: BenchResult) -> ComparisonTable:
    """Ankle angles that a tracker does not give, with the reason; no rows where all are given."""
    rows = []
    for tracker in result.trackers:
        records = result.of(tracker)
        for why in dict.fromkeys(why for r in records for why in r.undefined.values()):
            without = [r for r in records if why in r.undefined.values()]
            sides = sum(list(r.undefined.values()).count(why) for r in without)
            cells = (len(without), len(records), n_people(without), sides, why)
            rows.append(TrackerRow(tracker, cells))
    return ComparisonTable(
        "Ankle angles that are not given, all walks",
        ("walks", "of walks", "people", "ankles", "why"),
        tuple(rows),
        note="These ankles are in no error of the tables above and below.",
    )


def _late_table(result: BenchResult) -> ComparisonTable:
    """Angles as the paper counts them, beside the paper's."""
    rows = [TrackerRow(name, _late_cells(records)) for name, records in _by_keypoints(result)]
    # The paper's angles are counted so, and its columns carry no counts of walks.
    rows += [
        TrackerRow(
            name,
            tuple(
                cell
                for joint in JOINTS
                for cell in (
                    None,
                    cells.get(f"{joint}_rmse_deg"),
                    cells.get(f"{joint}_debiased_deg"),
                )
            ),
            "published",
        )
        for name, cells in PUBLISHED.items()
        if "hip_rmse_deg" in cells
    ]
    return ComparisonTable(
        "Joint angles from frame 45, as the paper counts them, all walks",
        tuple(
            f"{joint} {what}"
            for joint in JOINTS
            for what in ("walks, frames", "RMSE °", "debiased °")
        ),
        tuple(rows),
        note="The paper leaves out the first 45 frames (1.5 s), in which its body settles; the "
        "other tables count from frame 0. Walks with both angles known, frames of both legs. "
        "Some trackers have no ankle, some real people no measured angles.",
    )


def _late_cells(records: Sequence[WalkRecord]) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for joint in JOINTS:
        n, frames, rmse, debiased = columns_of(
            *(f"{joint}_{what}_late" for what in ("n", "frames", "rmse_deg", "debiased_deg"))
        )
        counts = f"{n.cell(records)}, {frames.cell(records)}"
        cells += [counts, rmse.cell(records), debiased.cell(records)]
    return tuple(cells)


def _physics_table(result: BenchResult) -> ComparisonTable:
    """One row per tracker and kind of keypoints: the same stance is seen in every condition."""
    walks = _by_keypoints(result)
    every = [r for _, records in walks for r in records]
    stances = distinct_stances(every)
    people = {r.case.trial.subject_id for r in every if r.plates}
    seen = (
        f"There are {len(stances)} distinct stances of {len(people)} people; a row with more "
        "counts them once for each camera."
        if stances
        else "No stance on a plate was compared."
    )
    return ComparisonTable(
        "Physics, all walks",
        tuple(column.heading for column in PHYSICS_COLUMNS),
        tuple(_row(name, records, PHYSICS_COLUMNS) for name, records in walks),
        note="Vertical force against force plates: whole stances on one plate, each force over its "
        f"own body's weight, the measured one low-passed at {PLATE_CUTOFF_HZ:g} Hz, the simulated "
        f"one at {FORCE_CUTOFF_HZ:g} Hz as trial reports show it. {seen}",
    )


def _pelvis_table(result: BenchResult) -> ComparisonTable:
    walks = _by_keypoints(result)
    return ComparisonTable(
        "Speed of the pelvis against that of the footprints, % of v, all walks",
        tuple(column.heading for column in PELVIS_COLUMNS),
        tuple(_row(name, records, PELVIS_COLUMNS) for name, records in walks),
        note="Velocity is read from footprints, and mean step length × cadence is velocity by "
        "definition. What no definition ties to the feet is the speed of the pelvis over the same "
        "cycles; people's own differs by some per cent in walks of two or three cycles.",
    )


def distinct_stances(records: Sequence[WalkRecord]) -> set[tuple[str, str, int, int]]:
    """Contacts on plates that these walks compared: person, recording, plate, time in ms."""
    return {
        (
            r.case.trial.subject_id,
            r.case.labels.get("recording", r.case.trial.trial_id),
            stance.plate,
            round(1000.0 * (r.case.trial.start_s + stance.contact_s)),
        )
        for r in records
        for stance in r.plates
    }


def _parts_of_first(result: BenchResult) -> list[ComparisonTable]:
    tracker = result.trackers[0]
    tables = []
    for label, heading in (
        ("condition", "camera"),
        ("pattern", "gait pattern"),
        ("source", "source"),
    ):
        values = list(dict.fromkeys(r.case.labels.get(label, "") for r in result.of(tracker)))
        walks = {value: result.of(tracker, **{label: value}) for value in values if value}
        tables += _main_tables(f"{tracker}, by {heading}", walks, {}, heading.capitalize())
    return tables
