"""The gate of every release: is speed right on people whom nothing was trained on?

People, not walks, are counted: each person weighs as much as the next, however many walks and
cameras there are of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simgait.baselines.tracker import Tracker
from simgait.benchmark.cases import Case, CaseSet
from simgait.benchmark.gate_cases import UNSEEN
from simgait.benchmark.gate_follow import (
    FollowLine,
    follow_lines,
    follow_rows_of_gate,
    follow_sections,
)
from simgait.benchmark.over_people import (
    Read,
    bias_over_people,
    by_person,
    n_within_people,
    of_known,
    rmse_over_people,
    slope_over_people,
    slope_within_people,
)
from simgait.benchmark.score_walks import answers_of, records_of
from simgait.benchmark.scorecard_page import number, table
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.walk_record import WalkRecord
from simgait.series.trend import straight_rate
from simgait.skeleton.coordinates import HORIZONTAL
from simgait.types import Trial

NAN = float("nan")
LARGEST_BIAS_MPS, LARGEST_RMSE_MPS, LARGEST_STEP_RMSE_CM = 0.02, 0.06, 4.0
LEAST_SLOPE, LARGEST_SLOPE = 0.95, 1.05
"""The bars: bias and RMSE, of steps' length too; slope over people, which has two sides, and within
a person, which has the lower one."""
LEAST_RANGE_MPS = 0.1
"""A person whose walks differ in speed by less tells nothing about a slope within a person."""
PLAIN = "plain travel"


@dataclass(frozen=True)
class Walked:
    """True and estimated speed (m/s) and step length (m) of one walk; NaN unknown."""

    subject: str
    camera: str
    speed_mps: tuple[float, float]
    step_m: tuple[float, float] = (NAN, NAN)


@dataclass(frozen=True)
class GateLine:
    """One tracker on the walks of some people through one detector.

    Attributes:
        n_walks: those with a speed.
        slope: of estimated on true speed over people, means of each.
        slope_within: within people who walk at several speeds, one camera at a time.
        n_within: such people.
        fell_percent, refused_percent: of the walks offered.
        travel_rmse_mps: what the detector's scale of travel alone makes; NaN where nobody looked.
    """

    people: str
    tracker: str
    detector: str
    n_people: int
    n_walks: int
    bias_mps: float
    slope: float
    slope_within: float
    rmse_mps: float
    step_rmse_m: float
    fell_percent: float = NAN
    refused_percent: float = NAN
    travel_rmse_mps: float = NAN
    n_within: int = 0


def line_of(
    people: str, tracker: str, detector: str, walks: Sequence[Walked], **shares: float
) -> GateLine:
    """What these walks say, each person as much as the next."""
    speeds = of_known(Read(w.subject, w.camera, np.array([w.speed_mps])) for w in walks)
    steps = [
        Read(w.subject, w.camera, np.array([w.step_m]))
        for w in walks
        if np.isfinite(w.speed_mps).all()
    ]
    return GateLine(
        people, tracker, detector, len(by_person(speeds)), len(speeds),
        bias_mps=bias_over_people(speeds),
        slope=slope_over_people(speeds),
        slope_within=slope_within_people(speeds, LEAST_RANGE_MPS),
        rmse_mps=rmse_over_people(speeds),
        step_rmse_m=rmse_over_people(steps),
        n_within=n_within_people(speeds, LEAST_RANGE_MPS),
        **shares,
    )  # fmt: skip


def plain_speed_mps(trial: Trial) -> float:
    """Speed of the height-scaled pelvis path alone, its straight line over time; NaN of none."""
    path, mask = trial.pelvis_path_m[:, HORIZONTAL], trial.pelvis_path_mask
    return float(np.hypot(*straight_rate(path[mask], trial.time_s[mask])))


def rmse_but_for_a_factor(walks: Sequence[Walked]) -> float:
    """RMSE of speeds over people once they are divided by the factor that suits them all best.

    Of speeds that err by their cameras' scale of travel alone it is what is left to an estimate
    that sees everything else, and knows the detector: no walk of unknown length tells its scale.
    """
    known = [walk for walk in walks if np.isfinite(walk.speed_mps).all()]
    if not known:
        return NAN
    true, told = np.array([walk.speed_mps for walk in known]).T
    factor = (told @ told) / (told @ true)
    return rmse_over_people(
        Read(walk.subject, walk.camera, np.array([[truth, speed]]))
        for walk, truth, speed in zip(known, true, told / factor, strict=True)
    )


def _by_travel_alone(case: Case) -> Walked:
    true = case.gait.parameters["velocity_mps"]["both"].mean
    labels = case.labels
    return Walked(labels["subject"], labels["camera"], (true, case.travel_scale * true))


def _plainly(case: Case) -> Walked:
    true = case.gait.parameters["velocity_mps"]["both"].mean
    labels = case.labels
    return Walked(labels["subject"], labels["camera"], (true, plain_speed_mps(case.trial)))


def _walked(record: WalkRecord) -> Walked:
    labels = record.case.labels
    return Walked(
        labels["subject"], labels["camera"],
        record.means("velocity_mps"), record.means("step_length_m"),
    )  # fmt: skip


def travels(case: Case) -> bool:
    """Whether the pelvis's way is known and believed: without it nobody can tell speed."""
    return case.trial.path_binds


@dataclass(frozen=True)
class Gate:
    """What the gate says of a tracker: of speed, and of what else has to follow the person."""

    speed: tuple[GateLine, ...]
    follow: tuple[FollowLine, ...]

    def rows(self) -> list[Row]:
        """Every bar."""
        return gate_rows(self.speed) + follow_rows_of_gate(self.follow)

    def sections(self) -> list[tuple[str, str]]:
        """Headings and Markdown tables."""
        return [("The gate", gate_table(self.speed)), *follow_sections(self.follow)]


def run_gate(
    tracker: Tracker, sets: Sequence[CaseSet], tell: Callable[[str], None] = lambda _: None
) -> Gate:
    """Tracks and scores the gate's walks, with the plain travel beside the tracker's speeds.

    Walks whose travel is unknown are lines of their own.

    Args:
        tracker: to be scored.
        sets: from `gate_cases.gate_sets`.
        tell: called with a sentence before each set.
    """
    speed: list[GateLine] = []
    follow: list[FollowLine] = []
    for offered in sets:
        tell(f"the gate: {len(offered.cases)} walks of {offered.name}")
        answers = answers_of(tracker, offered.cases)
        records = records_of(tracker.name, offered.cases, answers)
        for detector in sorted({case.labels["detector"] for case in offered.cases}):
            own = [r for r in records if r.case.labels["detector"] == detector]
            before = sum(one.keypoints == detector for one in offered.excluded)
            speed += _of_detector(offered.name, detector, own, before)
            walked = [r for r in own if not r.refusal and travels(r.case)]
            follow += follow_lines(offered.name, detector, walked)
    return Gate(tuple(speed), tuple(follow))


def _of_detector(
    people: str, detector: str, records: Sequence[WalkRecord], n_refused_before: int
) -> list[GateLine]:
    tracker, n_offered = records[0].tracker, n_refused_before + len(records)
    walked = [r for r in records if not r.refusal]
    shares = {
        "fell_percent": 100.0 * sum(r.fell for r in walked) / n_offered,
        "refused_percent": 100.0 * (n_offered - len(walked)) / n_offered,
    }
    way = [_walked(r) for r in walked if travels(r.case)]
    no_way = [_walked(r) for r in walked if not travels(r.case)]
    by_travel = rmse_but_for_a_factor([_by_travel_alone(r.case) for r in walked if travels(r.case)])
    plain = [_plainly(r.case) for r in records if travels(r.case)]
    found = [
        line_of(people, tracker, detector, way, **shares, travel_rmse_mps=by_travel),
        line_of(people, PLAIN, detector, plain),
    ]
    if no_way:
        found.append(line_of(people, tracker, f"{detector}, travel unknown", no_way))
    return found


def gate_rows(lines: Sequence[GateLine]) -> list[Row]:
    """The bars of speed and of steps' RMSE, through every detector.

    Only the people whom nothing was trained on decide.
    """
    rows = []
    for line in lines:
        if line.people != UNSEEN or line.tracker == PLAIN or "," in line.detector:
            continue
        name = f"gate, {line.detector}"
        rows += [
            Row(f"velocity bias, {name}", line.bias_mps, "m/s", line.n_people, LARGEST_BIAS_MPS,
                by_size=True),
            Row(f"slope of velocity, {name}", line.slope, "1", line.n_people, LEAST_SLOPE,
                "at_least", up_to=LARGEST_SLOPE),
            Row(f"slope of velocity within a person, {name}", line.slope_within, "1",
                line.n_within, LEAST_SLOPE, "at_least"),
            Row(f"velocity RMSE, {name}", line.rmse_mps, "m/s", line.n_people, LARGEST_RMSE_MPS),
            Row(f"step length RMSE, {name}", 100.0 * line.step_rmse_m, "cm", line.n_people,
                LARGEST_STEP_RMSE_CM),
        ]  # fmt: skip
    return rows


HEAD = (
    "people", "detector", "tracker", "n people", "walks", "bias m/s", "slope", "slope within",
    "RMSE m/s", "by travel alone", "step RMSE cm", "falls %", "refused %",
)  # fmt: skip


def gate_table(lines: Sequence[GateLine]) -> str:
    """All lines as a Markdown table."""
    return table(HEAD, [_cells(line) for line in lines])


def _cells(line: GateLine) -> list[str]:
    return [
        line.people, line.detector, line.tracker, str(line.n_people), str(line.n_walks),
        f"{line.bias_mps:+.3f}", f"{line.slope:.2f}", f"{line.slope_within:.2f}",
        f"{line.rmse_mps:.3f}", number(line.travel_rmse_mps, 2),
        number(100.0 * line.step_rmse_m, 2), number(line.fell_percent, 2),
        number(line.refused_percent, 2),
    ]  # fmt: skip
