"""bench-v2: does what is told follow walkers whom nobody was trained on, through every family?

Synthetic all: a family of detectors that nothing was learned from, and walking that no real person
here shows with a truth. What it tells is no accuracy on people; the gate's marker walks are nearer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from simgait.baselines.tracker import Tracker
from simgait.benchmark.cases import Case, CaseSet
from simgait.benchmark.follow_rows import FOLLOWED, Followed
from simgait.benchmark.gate import LARGEST_SLOPE, LEAST_SLOPE, travels
from simgait.benchmark.over_people import (
    Read,
    bias_over_people,
    by_person,
    rmse_over_people,
    slope_over_people,
)
from simgait.benchmark.score_walks import answers_of, records_of
from simgait.benchmark.scorecard_page import BENCH, number, table
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.truth_errors import DOUBLE_SUPPORT, SINGLE_SUPPORT, STANCE
from simgait.benchmark.verdicts import Judged, judged_walks
from simgait.benchmark.walk_record import Pairs, WalkRecord
from simgait.datasets.detector_mixture import LEFT_OUT
from simgait.skeleton.sides import SIDES

NAN = float("nan")
SLOW_MPS, FAST_MPS = 0.6, 1.3
"""The first as the issue of the bars has it; the second is a healthy adult's usual speed."""
CHILD_M = 1.4
"""Height of a child: nobody's adult height is drawn below."""
SHORT_STANCE_PERCENT = 60.0
"""Of the cycle; a healthy adult's at usual speed is 60 to 62."""
HEMIPARETIC, ALL = "hemiparetic", "all"
ASYMMETRY = "step length left less right"
LARGEST_RMSE_MPS, LARGEST_STEP_RMSE_CM, LEAST_STEP_SLOPE = 0.07, 4.5, 0.9
"""The bars of walkers."""
_BY_LABEL = {one.label: one for one in FOLLOWED}
PHASES = tuple(_BY_LABEL[label] for label in (STANCE, SINGLE_SUPPORT, DOUBLE_SUPPORT))


def _speed(record: WalkRecord) -> Pairs:
    return [record.means("velocity_mps")]


def _steps_cm(record: WalkRecord) -> Pairs:
    pairs = [record.means("step_length_m", side) for side in SIDES]
    return [(100.0 * true, 100.0 * found) for true, found in pairs]


def _true(case: Case, parameter: str) -> float:
    return case.gait.parameters[parameter]["both"].mean


SUBGROUPS: dict[str, Callable[[Case], bool]] = {
    ALL: lambda case: True,
    f"slow (< {SLOW_MPS:g} m/s)": lambda case: _true(case, "velocity_mps") < SLOW_MPS,
    f"fast (> {FAST_MPS:g} m/s)": lambda case: _true(case, "velocity_mps") > FAST_MPS,
    f"child (< {CHILD_M:g} m)": lambda case: case.trial.height_m < CHILD_M,
    HEMIPARETIC: lambda case: case.labels["pattern"] == HEMIPARETIC,
    f"short stance (< {SHORT_STANCE_PERCENT:g} %)": lambda case: (
        _true(case, "stance_percent") < SHORT_STANCE_PERCENT
    ),
}
"""By the truth of the walk, so that nothing that an estimate says decides who is in."""


@dataclass(frozen=True)
class Follows:
    """How one number follows the walkers of a subgroup: bias and RMSE in its unit, and slope."""

    n: int
    bias: float
    rmse: float
    slope: float


def follows(pairs: Callable[[WalkRecord], Pairs], records: Sequence[WalkRecord]) -> Follows:
    """Of the walks in which a number is known, each walker as much as the next."""
    reads = [
        Read(r.case.trial.subject_id, "0", np.array(pairs(r), float).reshape(-1, 2))
        for r in records
    ]
    n = len(by_person(reads))
    return Follows(n, bias_over_people(reads), rmse_over_people(reads), slope_over_people(reads))


@dataclass(frozen=True)
class WalkerLine:
    """The walkers of a subgroup through one family.

    Attributes:
        speed, steps, asymmetry, stance: in m/s, cm, cm, % of the cycle.
        phases: label of each phase of the cycle -> the same.
    """

    detector: str
    subgroup: str
    speed: Follows
    steps: Follows
    asymmetry: Follows
    phases: dict[str, Follows]


@dataclass(frozen=True)
class FamilyShares:
    """What became of the walks that one family made: shares of those offered, %."""

    detector: str
    n_offered: int
    refused_percent: float
    fell_percent: float
    unknown_travel_percent: float


@dataclass(frozen=True)
class WalkerBench:
    """What the bench says of a policy, and what reports would say of its walks."""

    lines: tuple[WalkerLine, ...]
    shares: tuple[FamilyShares, ...]
    judged: tuple[Judged, ...] = ()

    def rows(self) -> list[Row]:
        """Every bar."""
        return [row for line in self.lines for row in _rows(line)]

    def sections(self) -> list[tuple[str, str]]:
        """Headings and Markdown tables."""
        return [
            (f"{BENCH}: synthetic walkers through every family", lines_table(self.lines)),
            (f"{BENCH}: what became of the walks", shares_table(self.shares)),
        ]


def walker_lines(detector: str, records: Sequence[WalkRecord]) -> list[WalkerLine]:
    """Every subgroup of the walks through one family whose travel is known."""
    known = [r for r in records if not r.refusal and travels(r.case)]
    return [
        _line(detector, name, [r for r in known if belongs(r.case)])
        for name, belongs in SUBGROUPS.items()
    ]


def _line(detector: str, subgroup: str, records: Sequence[WalkRecord]) -> WalkerLine:
    return WalkerLine(
        detector,
        subgroup,
        speed=follows(_speed, records),
        steps=follows(_steps_cm, records),
        asymmetry=follows(_BY_LABEL[ASYMMETRY].pairs, records),
        phases={one.label: follows(one.pairs, records) for one in PHASES},
    )


def run_walkers(
    tracker: Tracker, sets: Iterable[CaseSet], tell: Callable[[str], None] = lambda _: None
) -> WalkerBench:
    """Tracks, scores and judges the walkers, one family after the other.

    Args:
        tracker: a policy.
        sets: of `walker_cases.walker_set`, one for each family; each is let go of before the next.
        tell: called with a sentence before each.

    Raises:
        InputError: the tracker is no policy.
    """
    lines: list[WalkerLine] = []
    shares: list[FamilyShares] = []
    judged: list[Judged] = []
    for offered in sets:
        tell(f"{offered.name}: {len(offered.cases)} synthetic walkers")
        detector = offered.name.removeprefix(f"{BENCH}, ")
        answers = answers_of(tracker, offered.cases)
        records = records_of(tracker.name, offered.cases, answers)
        lines += walker_lines(detector, records)
        shares.append(family_shares(detector, records, len(offered.excluded)))
        judged += judged_walks(offered.cases, answers)
    return WalkerBench(tuple(lines), tuple(shares), tuple(judged))


def family_shares(
    detector: str, records: Sequence[WalkRecord], n_refused_before: int
) -> FamilyShares:
    """Of the walks through one family, those that preparation refused among them."""
    walked = [r for r in records if not r.refusal]
    n = len(records) + n_refused_before

    def share(count: int) -> float:
        return 100.0 * count / n if n else NAN

    return FamilyShares(
        detector,
        n,
        refused_percent=share(n - len(walked)),
        fell_percent=share(sum(r.fell for r in walked)),
        unknown_travel_percent=share(sum(not travels(r.case) for r in walked)),
    )


def family_name(detector: str) -> str:
    """The family as rows name it, with whether anything released learned from it."""
    return f"{detector} (left out)" if detector in LEFT_OUT else detector


def _rows(line: WalkerLine) -> list[Row]:
    name = f"{BENCH}, synthetic walkers, {family_name(line.detector)}"
    if line.subgroup == HEMIPARETIC:
        own = line.asymmetry
        bar = _BY_LABEL[ASYMMETRY].slope_bar
        label = f"{ASYMMETRY} slope on truth, {HEMIPARETIC}, {name}"
        return [Row(label, own.slope, "1", own.n, bar, "at_least")]
    if line.subgroup != ALL:
        return []
    speed, steps = line.speed, line.steps
    rows = [
        Row(f"velocity RMSE, {name}", speed.rmse, "m/s", speed.n, LARGEST_RMSE_MPS),
        Row(f"slope of velocity, {name}", speed.slope, "1", speed.n, LEAST_SLOPE, "at_least",
            up_to=LARGEST_SLOPE),
        Row(f"step length RMSE, {name}", steps.rmse, "cm", steps.n, LARGEST_STEP_RMSE_CM),
        Row(f"step length slope on truth, {name}", steps.slope, "1", steps.n, LEAST_STEP_SLOPE,
            "at_least"),
    ]  # fmt: skip
    return rows + [row for one in PHASES for row in _phase_rows(one, line.phases[one.label], name)]


def _phase_rows(phase: Followed, found: Follows, name: str) -> list[Row]:
    return [
        Row(f"{phase.label} bias, {name}", found.bias, phase.unit, found.n, phase.bias_bar,
            by_size=True),
        Row(f"{phase.label} slope on truth, {name}", found.slope, "1", found.n, phase.slope_bar,
            "at_least"),
    ]  # fmt: skip


HEAD = (
    "through", "walkers", "n", "speed bias m/s", "RMSE m/s", "slope", "step RMSE cm", "slope",
    "left less right RMSE cm", "slope", "stance bias %", "slope",
)  # fmt: skip


def lines_table(lines: Sequence[WalkerLine]) -> str:
    """Every subgroup through every family, the slope of estimate on truth beside each error."""
    return table(HEAD, [_cells(line) for line in lines])


def _cells(line: WalkerLine) -> list[str]:
    speed, steps, apart, stance = line.speed, line.steps, line.asymmetry, line.phases[STANCE]
    return [
        family_name(line.detector), line.subgroup, str(speed.n),
        _signed(speed.bias, 3), number(speed.rmse, 2), _slope(speed),
        number(steps.rmse, 2), _slope(steps), number(apart.rmse, 2), _slope(apart),
        _signed(stance.bias, 1), _slope(stance),
    ]  # fmt: skip


def _signed(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}" if np.isfinite(value) else "-"


def _slope(found: Follows) -> str:
    return f"{found.slope:.2f}" if np.isfinite(found.slope) else "-"


def shares_table(shares: Sequence[FamilyShares]) -> str:
    """What became of the walks, as a Markdown table."""
    head = ("through", "walks offered", "refused %", "fell %", "travel unknown %")
    return table(
        head,
        [
            [family_name(one.detector), str(one.n_offered), number(one.refused_percent, 2),
             number(one.fell_percent, 2), number(one.unknown_travel_percent, 2)]
            for one in shares
        ],
    )  # fmt: skip
