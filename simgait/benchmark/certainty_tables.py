"""How certain the differences between trackers are, as the report's tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from simgait.agreement import Estimate
from simgait.benchmark.columns import INTERVAL_COLUMNS, SPATIOTEMPORAL
from simgait.benchmark.intervals import intervals_of, percent_below, sigma_ratio
from simgait.benchmark.walk_record import WalkRecord
from simgait.compare.evidence import ComparisonTable, TrackerRow
from simgait.parameters.wording import number

COMPARED = ("velocity_mps", "step_length_m")


def shown(estimate: Estimate, digits: int = 3) -> str | None:
    """Significant digits of the value, and its interval with as many decimals; None for NaN."""
    value = estimate.value
    if not math.isfinite(value):
        return None
    lead = 0 if value == 0 else math.floor(math.log10(abs(value)))
    return _with_decimals(estimate, min(6, max(0, digits - 1 - lead)))


def _with_decimals(estimate: Estimate, places: int) -> str:
    value = number(estimate.value, places)
    if not (math.isfinite(estimate.low) and math.isfinite(estimate.high)):
        return f"{value} (no interval)"
    return f"{value} ({number(estimate.low, places)} to {number(estimate.high, places)})"


def shown_below(ratio: Estimate) -> str | None:
    """How far below another the first tracker lies, in whole percent; None for NaN."""
    below = percent_below(ratio)
    if not math.isfinite(below.value):
        return None
    # The percentage has no lower end; above the other, the ratio says it better.
    return "not below" if below.value < 0.0 else _with_decimals(below, 0)


def n_people(records: Sequence[WalkRecord]) -> int:
    """Different people of these walks."""
    return len({r.case.trial.subject_id for r in records})


def interval_table(keypoints: str, walks: Mapping[str, Sequence[WalkRecord]]) -> ComparisonTable:
    """Every column that tells trackers apart, one row each, with its 95 % interval.

    Args:
        keypoints: what the trackers saw, for the caption.
        walks: tracker -> records.
    """
    by_tracker = {tracker: intervals_of(records) for tracker, records in walks.items()}
    people = max((n_people(records) for records in walks.values()), default=0)
    return ComparisonTable(
        f"All walks with {keypoints} keypoints: values with 95 % intervals",
        tuple(by_tracker),
        tuple(
            TrackerRow(c.heading, tuple(shown(found[c.key]) for found in by_tracker.values()))
            for c in INTERVAL_COLUMNS
        ),
        note=f"Intervals by bootstrap of people with all their walks "
        f"(1000 resamples, percentiles): {people} people; where only some have a value, of those. "
        "Where no walk failed, or every one, the interval of the share is the exact one over "
        "people. Velocity in m/s, lengths in m. Angles pool frames, events pool events, the "
        "vertical force with its peaks and impulse pools stances on plates, all else walks; all "
        "from frame 0.",
        rows_are="Measure",
    )


def paired_table(
    keypoints: str, walks: Mapping[str, Mapping[str, Sequence[WalkRecord]]]
) -> ComparisonTable | None:
    """σ of every other tracker against the first one's; None where there is no other.

    Args:
        keypoints: what the trackers saw, for the caption.
        walks: part of the walks ("all", "synthetic") -> tracker -> records of the same walks.
    """
    trackers = list(next(iter(walks.values()), {}))
    if len(trackers) < 2:
        return None
    first, *others = trackers
    columns = ["walks", "people"]
    for parameter in COMPARED:
        label, _ = SPATIOTEMPORAL[parameter]
        columns += [f"{label} σ ratio", f"{label}: below by %"]
    return ComparisonTable(
        f"Other trackers' σ over that of {first}, {keypoints} keypoints",
        tuple(columns),
        tuple(
            _paired_row(f"{tracker}, {part}", records[tracker], records[first])
            for tracker in others
            for part, records in walks.items()
            if records[tracker]
        ),
        note=f"A ratio of 2 is a spread of errors twice that of {first}, whose own then lies 50 % "
        "below. Walks in which both have a value, and both on the same resampled people, so that "
        "what makes a person hard for both does not widen the interval. 25 % below is certain "
        "where the interval in % begins at 25 or more.",
    )


def _paired_row(
    name: str, records: Sequence[WalkRecord], first: Sequence[WalkRecord]
) -> TrackerRow:
    cells: list[str | int | None] = [len(records), n_people(records)]
    for parameter in COMPARED:
        ratio = sigma_ratio(records, first, parameter)
        cells += [shown(ratio, 2), shown_below(ratio)]
    return TrackerRow(name, tuple(cells))
