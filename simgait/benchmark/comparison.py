"""Trackers side by side as the report's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simgait.benchmark.interval_tables import interval_table, n_people, paired_table
from simgait.benchmark.plates import PLATE_CUTOFF_HZ
from simgait.benchmark.pooled import EVENT_LABELS
from simgait.benchmark.records import WalkRecord
from simgait.benchmark.run import BenchResult
from simgait.benchmark.tables import PELVIS, SPATIOTEMPORAL, WORST_MEANS, numbers_of
from simgait.compare.evidence import Cell, ComparisonTable, TrackerRow
from simgait.gait.forces import FORCE_CUTOFF_HZ

JOINT_NAMES = ("hip", "knee", "ankle")
KEYPOINTS = ("monocular-v1", "exact")
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
WALKING_COLUMNS = (
    "walks", "failed %",
    *(f"{label} {what}" for label in SPATIOTEMPORAL.values() for what in ("n", "σ", "RMSE", "r")),
)  # fmt: skip
JOINT_COLUMNS = (
    *(f"{joint} {what}" for joint in JOINT_NAMES for what in ("n", "RMSE °", "debiased °")),
    *(
        f"{label} {what}"
        for label in EVENT_LABELS.values()
        for what in ("matched", "missed", "extra", "MAE ms")
    ),
)  # fmt: skip
PHYSICS_COLUMNS = (
    "sliding cm/s", "penetration mm", "jerk m/s³",
    "residual force % BW", "residual moment % BW·height",
    "plate stances", "vertical force RMSE % BW", "the same up to 20 Hz % BW",
    "first peak error % BW", "second peak error % BW",
    "impulse error % BW·s",
)  # fmt: skip
CONSISTENCY_COLUMNS = (
    WORST_MEANS,
    *(f"{PELVIS}: {what}" for what in ("median %", "worst %", "% of walks within 1 %")),
)
LATE_COLUMNS = tuple(
    f"{joint} {what}" for joint in JOINT_NAMES for what in ("walks, frames", "RMSE °", "debiased °")
)
COUNTS = ("walks", "plate stances")
COUNT_ENDINGS = (" n", " matched", " missed", " extra")


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
    tables.append(_consistency_table(result))
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
    rows = {name: numbers_of(records) for name, records in walks.items() if records}
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
            columns,
            (
                *(_row(name, numbers, columns) for name, numbers in rows.items()),
                *_published_rows(columns, published),
            ),
            note=note,
            rows_are=rows_are,
        )
        for part, columns, note in parts
    ]


def _published_rows(
    columns: Sequence[str], published: Mapping[str, Mapping[str, float]]
) -> list[TrackerRow]:
    """Published numbers of these columns, of those who published any."""
    return [
        TrackerRow(name, tuple(cells.get(column) for column in columns), "published")
        for name, cells in published.items()
        if any(column in cells for column in columns)
    ]


def _part(records: Sequence[WalkRecord], source: str) -> list[WalkRecord]:
    synthetic = source == "synthetic"
    return [r for r in records if (r.case.labels.get("source") == "synthetic") == synthetic]


def _row(name: str, numbers: Mapping[str, float], columns: Sequence[str]) -> TrackerRow:
    return TrackerRow(name, tuple(_cell(column, numbers[column]) for column in columns))


def _cell(column: str, value: float) -> Cell:
    """Counts without decimals."""
    return int(value) if column in COUNTS or column.endswith(COUNT_ENDINGS) else value


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
    rows += _published_rows(LATE_COLUMNS, PUBLISHED)
    return ComparisonTable(
        "Joint angles from frame 45, as the paper counts them, all walks",
        LATE_COLUMNS,
        tuple(rows),
        note="The paper leaves out the first 45 frames (1.5 s), in which its body settles; the "
        "other tables count from frame 0. Walks with both angles known, frames of both legs. "
        "Some trackers have no ankle, some real people no measured angles.",
    )


def _late_cells(records: Sequence[WalkRecord]) -> tuple[Cell, ...]:
    numbers = numbers_of(records)
    cells: list[Cell] = []
    for joint in JOINT_NAMES:
        counts = (numbers[f"{joint} {what} from frame 45"] for what in ("n", "frames"))
        errors = (numbers[f"{joint} {what} ° from frame 45"] for what in ("RMSE", "debiased"))
        cells += [", ".join(f"{count:.0f}" for count in counts), *errors]
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
        PHYSICS_COLUMNS,
        tuple(_row(name, numbers_of(records), PHYSICS_COLUMNS) for name, records in walks),
        note="Vertical force against force plates: whole stances on one plate, each force over its "
        f"own body's weight, the measured one low-passed at {PLATE_CUTOFF_HZ:g} Hz, the simulated "
        f"one at {FORCE_CUTOFF_HZ:g} Hz as trial reports show it. {seen}",
    )


def _consistency_table(result: BenchResult) -> ComparisonTable:
    walks = _by_keypoints(result)
    return ComparisonTable(
        "Consistency of velocity, % of v, all walks",
        CONSISTENCY_COLUMNS,
        tuple(_row(name, numbers_of(records), CONSISTENCY_COLUMNS) for name, records in walks),
        note="Mean step length × cadence is velocity by definition: all three are of the same "
        "steps. What no definition ties to the feet is the speed of the pelvis over the same "
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
