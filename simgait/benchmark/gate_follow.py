"""The gate beyond speed: do steps, phases, knees, asymmetry and width follow people it has not met?

Each person counts as much as the next. Truth is read from the same markers: footprints, contacts of
measured feet (`trials.measured_contacts`), the laboratory's or the skeleton's knees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simgait.benchmark.follow_rows import FOLLOWED, Followed
from simgait.benchmark.gate_cases import UNSEEN
from simgait.benchmark.over_people import (
    Read,
    bias_over_people,
    by_person,
    of_known,
    person_means,
    slope_over_people,
    slope_within_people,
)
from simgait.benchmark.scorecard_page import table
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.truth_errors import SD_BY_MEASURED_FEET, attainable_slope
from simgait.benchmark.walk_record import KNEE_PERCENTILES, Pairs, WalkRecord
from simgait.skeleton.sides import SIDES


def _steps_cm(record: WalkRecord) -> Pairs:
    pairs = [record.means("step_length_m", side) for side in SIDES]
    return [(100.0 * true, 100.0 * found) for true, found in pairs]


def _knee_deg(column: int) -> Callable[[WalkRecord], Pairs]:
    return lambda record: [pairs[column] for pairs in record.knee_percentiles_deg.values()]


_BY_LABEL = {one.label: one for one in FOLLOWED}
STEPS = (
    Followed("step length", "cm", _steps_cm, None, 0.9),
    replace(_BY_LABEL["step length left less right"], slope_bar=None),
    replace(_BY_LABEL["step width"], slope_bar=None),
)
"""Real people's steps are nearly alike left and right: their asymmetry decides nothing here."""
PHASES = tuple(replace(_BY_LABEL[label], truth_sd=sd) for label, sd in SD_BY_MEASURED_FEET.items())
KNEES = tuple(
    Followed(f"knee, {percentile}th percentile", "°", _knee_deg(column), 3.0)
    for column, percentile in enumerate(KNEE_PERCENTILES)
)
LEAST_RANGE = {"cm": 5.0, "% of cycle": 1.5, "°": 3.0}
"""Unit -> by how much a person's walks must differ to tell a slope within that person."""


@dataclass(frozen=True)
class FollowLine:
    """One number of the walks of some people through one detector.

    Attributes:
        bias: in the number's unit, mean over people.
        slope: of estimate on truth over people, means of each.
        attainable: slope of a perfect estimate, see `truth_errors`; NaN where the truth's own
            errors do not count.
        slope_within: within people whose walks differ, one camera at a time.
    """

    people: str
    detector: str
    number: Followed
    n_people: int
    bias: float
    slope: float
    slope_within: float
    attainable: float = float("nan")


def follow_lines(people: str, detector: str, records: Sequence[WalkRecord]) -> list[FollowLine]:
    """What the walks of some people through one detector say of every number."""
    return [_line(people, detector, one, records) for one in (*STEPS, *PHASES, *KNEES)]


def _line(
    people: str, detector: str, number: Followed, records: Sequence[WalkRecord]
) -> FollowLine:
    reads = of_known(
        Read(
            record.case.trial.subject_id,
            record.case.labels["camera"],
            np.array(number.pairs(record), float).reshape(-1, 2),
        )
        for record in records
    )
    attainable = float("nan")
    if number.truth_sd is not None:
        attainable = attainable_slope(person_means(reads)[:, 0], number.truth_sd)
    return FollowLine(
        people, detector, number, len(by_person(reads)),
        bias=bias_over_people(reads),
        slope=slope_over_people(reads),
        slope_within=slope_within_people(reads, LEAST_RANGE[number.unit]),
        attainable=attainable,
    )  # fmt: skip


def follow_rows_of_gate(lines: Sequence[FollowLine]) -> list[Row]:
    """The bars of issue and release: of the people whom nothing was trained on."""
    rows: list[Row] = []
    for line in lines:
        one, name = line.number, f"gate, {line.detector}"
        if line.people != UNSEEN:
            continue
        if one.bias_bar is not None:
            rows.append(
                Row(f"{one.label} bias, {name}", line.bias, one.unit, line.n_people, one.bias_bar,
                    by_size=True)
            )  # fmt: skip
        if one.slope_bar is not None:
            rows.append(
                Row(f"{one.label} slope on truth, {name}", line.slope, "1", line.n_people,
                    one.slope_bar, "at_least")
            )  # fmt: skip
    return rows


def follow_sections(lines: Sequence[FollowLine]) -> list[tuple[str, str]]:
    """Headings and Markdown tables, one for each kind of number."""
    return [
        ("The gate: steps", _table(lines, STEPS, with_slopes=True)),
        ("The gate: phases", _table(lines, PHASES, with_slopes=True)),
        ("The gate: knees", _table(lines, KNEES, with_slopes=False)),
    ]


def _table(lines: Sequence[FollowLine], numbers: Sequence[Followed], *, with_slopes: bool) -> str:
    head = (
        "people",
        "detector",
        "n people",
        *(f"{n.label}: {_told(n, with_slopes)}" for n in numbers),
    )
    rows: dict[tuple[str, str], dict[str, FollowLine]] = {}
    for line in lines:
        rows.setdefault((line.people, line.detector), {})[line.number.label] = line
    body = [
        [*key, str(max(own[n.label].n_people for n in numbers)),
         *(_cell(own[n.label], with_slopes) for n in numbers)]
        for key, own in rows.items()
    ]  # fmt: skip
    return table(head, body)


def _told(number: Followed, with_slopes: bool) -> str:
    """What stands in a number's cells."""
    if not with_slopes:
        return f"bias {number.unit}"
    of = "" if number.truth_sd is None else " (of attainable)"
    return f"bias {number.unit}, slope{of}, within"


def _cell(line: FollowLine, with_slopes: bool) -> str:
    bias = f"{line.bias:+.1f}" if np.isfinite(line.bias) else "-"
    if not with_slopes:
        return bias
    slope, within, attainable = (
        f"{v:.2f}" if np.isfinite(v) else "-"
        for v in (line.slope, line.slope_within, line.attainable)
    )
    of = "" if line.number.truth_sd is None else f" ({attainable})"
    return f"{bias}, {slope}{of}, {within}"
