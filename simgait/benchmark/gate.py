"""The gate of every release: is speed right on people whom nothing was trained on?

People, not walks, are counted: each person weighs as much as the next, however many walks and
cameras there are of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.baselines.tracker import Tracker
from simgait.benchmark.cases import Case, CaseSet
from simgait.benchmark.gate_cases import UNSEEN
from simgait.benchmark.score_walks import answers_of, records_of
from simgait.benchmark.scorecard_page import number, table
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.walk_record import WalkRecord
from simgait.skeleton.coordinates import HORIZONTAL
from simgait.types import Trial

NAN = float("nan")
LARGEST_BIAS_MPS, LEAST_SLOPE, LARGEST_RMSE_MPS = 0.02, 0.95, 0.06
"""The bars: bias, slope over people, RMSE."""
LEAST_RANGE_MPS = 0.1
"""A person whose walks differ in speed by less tells nothing about a slope within a person."""
FEWEST_PEOPLE = 3
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
        fell_percent, refused_percent: of the walks offered.
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


def slope_of(true: Float[np.ndarray, " N"], estimated: Float[np.ndarray, " N"]) -> float:
    """Slope of the regression of estimates on truths, any unit; NaN of fewer than three."""
    if len(true) < FEWEST_PEOPLE or np.ptp(true) == 0.0:
        return NAN
    centred = true - true.mean()
    return float(centred @ estimated / (centred @ centred))


def line_of(
    people: str, tracker: str, detector: str, walks: Sequence[Walked], **shares: float
) -> GateLine:
    """What these walks say, each person as much as the next."""
    known = [w for w in walks if np.isfinite(w.speed_mps).all()]
    speeds = [np.array([w.speed_mps for w in own]) for own in _by_person(known)]
    steps = [
        np.array([w.step_m for w in own if np.isfinite(w.step_m).all()]).reshape(-1, 2)
        for own in _by_person(known)
    ]
    means = np.array([own.mean(axis=0) for own in speeds]).reshape(-1, 2)
    return GateLine(
        people, tracker, detector, len(speeds), len(known),
        bias_mps=float((means[:, 1] - means[:, 0]).mean()) if len(means) else NAN,
        slope=slope_of(means[:, 0], means[:, 1]),
        slope_within=_slope_within(known),
        rmse_mps=_rmse_over_people(speeds),
        step_rmse_m=_rmse_over_people([own for own in steps if len(own)]),
        **shares,
    )  # fmt: skip


def _by_person(walks: Iterable[Walked]) -> list[list[Walked]]:
    people: dict[str, list[Walked]] = {}
    for walk in walks:
        people.setdefault(walk.subject, []).append(walk)
    return list(people.values())


def _rmse_over_people(pairs: Sequence[Float[np.ndarray, "_ 2"]]) -> float:
    """Root of the mean over people of each one's mean squared error."""
    squares = [float(np.mean((own[:, 1] - own[:, 0]) ** 2)) for own in pairs]
    return float(np.sqrt(np.mean(squares))) if squares else NAN


def _slope_within(walks: Sequence[Walked]) -> float:
    apart = []
    for own in _by_person(walks):
        for camera in sorted({w.camera for w in own}):
            pairs = np.array([w.speed_mps for w in own if w.camera == camera])
            if np.ptp(pairs[:, 0]) >= LEAST_RANGE_MPS:
                apart.append(pairs - pairs.mean(axis=0))
    if not apart:
        return NAN
    together = np.concatenate(apart)
    return slope_of(together[:, 0], together[:, 1])


def plain_speed_mps(trial: Trial) -> float:
    """Speed of the height-scaled pelvis path alone, its straight line over time; NaN of none."""
    path, mask = trial.pelvis_path_m[:, HORIZONTAL], trial.pelvis_path_mask
    known = mask & np.isfinite(path).all(axis=1)
    if known.sum() < 2:
        return NAN
    slopes = np.polyfit(trial.time_s[known], path[known], 1)[0]
    return float(np.hypot(*slopes))


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


def gate_lines(
    tracker: Tracker, sets: Sequence[CaseSet], tell: Callable[[str], None] = lambda _: None
) -> list[GateLine]:
    """Tracks and scores the gate's walks, with the plain travel beside the tracker.

    Walks whose travel is unknown are lines of their own.

    Args:
        tracker: to be scored.
        sets: from `gate_cases.gate_sets`.
        tell: called with a sentence before each set.
    """
    lines: list[GateLine] = []
    for offered in sets:
        tell(f"the gate: {len(offered.cases)} walks of {offered.name}")
        answers = answers_of(tracker, offered.cases)
        records = records_of(tracker.name, offered.cases, answers)
        for detector in sorted({case.labels["detector"] for case in offered.cases}):
            own = [r for r in records if r.case.labels["detector"] == detector]
            before = sum(one.keypoints == detector for one in offered.excluded)
            lines += _of_detector(offered.name, detector, own, before)
    return lines


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
    plain = [_plainly(r.case) for r in records if travels(r.case)]
    found = [
        line_of(people, tracker, detector, way, **shares),
        line_of(people, PLAIN, detector, plain),
    ]
    if no_way:
        found.append(line_of(people, tracker, f"{detector}, travel unknown", no_way))
    return found


def gate_rows(lines: Sequence[GateLine]) -> list[Row]:
    """The gate's bars: of the people whom nothing was trained on, through every detector."""
    rows = []
    for line in lines:
        if line.people != UNSEEN or line.tracker == PLAIN or "," in line.detector:
            continue
        name = f"gate, {line.detector}"
        rows += [
            Row(f"velocity bias, {name}", line.bias_mps, "m/s", line.n_people, LARGEST_BIAS_MPS,
                by_size=True),
            Row(f"slope of velocity, {name}", line.slope, "1", line.n_people, LEAST_SLOPE,
                "at_least"),
            Row(f"velocity RMSE, {name}", line.rmse_mps, "m/s", line.n_people, LARGEST_RMSE_MPS),
        ]  # fmt: skip
    return rows


HEAD = (
    "people", "detector", "tracker", "n people", "walks", "bias m/s", "slope", "slope within",
    "RMSE m/s", "step RMSE cm", "falls %", "refused %",
)  # fmt: skip


def gate_table(lines: Sequence[GateLine]) -> str:
    """All lines as a Markdown table."""
    return table(HEAD, [_cells(line) for line in lines])


def _cells(line: GateLine) -> list[str]:
    return [
        line.people, line.detector, line.tracker, str(line.n_people), str(line.n_walks),
        f"{line.bias_mps:+.3f}", f"{line.slope:.2f}", f"{line.slope_within:.2f}",
        f"{line.rmse_mps:.3f}", number(100.0 * line.step_rmse_m, 2),
        number(line.fell_percent, 2), number(line.refused_percent, 2),
    ]  # fmt: skip
