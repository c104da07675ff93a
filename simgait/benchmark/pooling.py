"""How numbers of walks become one number: sums of each walk, added up, then a mean or a root.

Tables and intervals are made from the same sums, so that a bootstrap of people needs no walk twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from simgait.benchmark.walk_record import WalkRecord
from simgait.gait.angle_errors import AngleError
from simgait.report.trial.plate_stances import PlateStance
from simgait.skeleton.sides import SIDES
from simgait.types import EventKind

JOINTS = {"hip": "hip_flexion", "knee": "knee_flexion", "ankle": "ankle_dorsiflexion"}
"""Joint -> its angle, without side."""


@dataclass(frozen=True)
class Pooled:
    """How one number is pooled.

    Attributes:
        sums: of a walk: the sum of its values (of their squares, where a root is taken) and how
            many they are, (0, 0) where it has none.
        root: the root of the mean is shown.
        scale: from the values' unit to the shown one.
    """

    sums: Callable[[WalkRecord], tuple[float, float]]
    root: bool = False
    scale: float = 1.0

    def of(self, sums: Float[np.ndarray, "*rows 2"]) -> Float[np.ndarray, "*rows"]:
        """The number of these sums; NaN where they hold no value."""
        count = sums[..., 1]
        mean = np.divide(sums[..., 0], count, out=np.full(np.shape(count), np.nan), where=count > 0)
        return np.asarray(self.scale * (np.sqrt(mean) if self.root else mean))

    def of_walks(self, records: Sequence[WalkRecord]) -> float:
        """The number of these walks."""
        return float(self.of(np.array([self.sums(r) for r in records]).reshape(-1, 2).sum(axis=0)))


def angle_series(record: WalkRecord, joint: str, *, late: bool = False) -> list[AngleError]:
    """Errors of a joint's flexion in both legs where frames were counted.

    `joint` is hip, knee or ankle.
    """
    series = record.late_angles if late else record.angles
    names = [f"{side}_{JOINTS[joint]}" for side in SIDES]
    return [series[name] for name in names if name in series and series[name].n]


AngleStatistic = Literal["rmse", "debiased", "bias"]


def over_frames_of_angle(joint: str, statistic: AngleStatistic, *, late: bool = False) -> Pooled:
    """Errors of a joint over all frames of both legs (`over_frames_of_series`)."""
    return over_frames_of_series(lambda record: angle_series(record, joint, late=late), statistic)


def over_frames_of_series(
    series_of: Callable[[WalkRecord], Sequence[AngleError]], statistic: AngleStatistic
) -> Pooled:
    """Errors of angles over all frames of all walks, each frame as much as the next.

    "debiased" takes each walk's and series' own mean error off first, "bias" is the mean error.

    Args:
        series_of: of a walk, the series where frames were counted.
        statistic: of the errors.
    """

    def of(error: AngleError) -> float:
        if statistic == "bias":
            return error.bias_deg
        return float((error.rmse_deg if statistic == "rmse" else error.debiased_rmse_deg) ** 2)

    def sums(record: WalkRecord) -> tuple[float, float]:
        series = series_of(record)
        return sum(e.n * of(e) for e in series), float(sum(e.n for e in series))

    return Pooled(sums, root=statistic != "bias")


def over_events(kind: EventKind, *, absolute: bool) -> Pooled:
    """Timing errors of one kind of event, ms; their sizes, or with their signs."""

    def sums(record: WalkRecord) -> tuple[float, float]:
        errors_ms = record.events[kind].errors_ms if kind in record.events else ()
        return float(sum(abs(e) if absolute else e for e in errors_ms)), float(len(errors_ms))

    return Pooled(sums)


def over_walks(
    value: Callable[[WalkRecord], float], scale: float = 1.0, *, root: bool = False
) -> Pooled:
    """One value of each walk that has it."""
    return over_values(lambda record: (value(record),), scale, root=root)


def over_values(
    values: Callable[[WalkRecord], Sequence[float]], scale: float = 1.0, *, root: bool = False
) -> Pooled:
    """Several values of each walk, those that are known."""

    def sums(record: WalkRecord) -> tuple[float, float]:
        known = [v for v in values(record) if np.isfinite(v)]
        return float(sum(v**2 if root else v for v in known)), float(len(known))

    return Pooled(sums, root, scale)


def over_frames(value: Callable[[WalkRecord], float], scale: float = 1.0) -> Pooled:
    """Root mean square over all frames of a number that each walk holds as its own RMS."""

    def sums(record: WalkRecord) -> tuple[float, float]:
        one = value(record)
        if not np.isfinite(one):
            return 0.0, 0.0
        return record.n_frames * one**2, float(record.n_frames)

    return Pooled(sums, root=True, scale=scale)


def over_stances(value: Callable[[PlateStance], float], scale: float = 100.0) -> Pooled:
    """Mean over stances that a force plate saw."""
    return over_values(lambda record: [value(stance) for stance in record.plates], scale)


def errors_of(
    records: Sequence[WalkRecord], parameter: str, sides: Sequence[str] = ("both",)
) -> Float[np.ndarray, " N"]:
    """Known errors of a parameter: one for each walk, or one for each walk and side."""
    errors = np.array([r.error(parameter, side) for r in records for side in sides], dtype=float)
    return np.asarray(errors[np.isfinite(errors)])


def pairs_of(
    records: Sequence[WalkRecord], parameter: str
) -> tuple[Float[np.ndarray, " N"], Float[np.ndarray, " N"], list[str]]:
    """Truth, estimate and subject of the walks in which both are known."""
    kept = [r for r in records if np.isfinite(r.error(parameter))]
    pairs = np.array([r.means(parameter) for r in kept], dtype=float).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1], [r.case.trial.subject_id for r in kept]
