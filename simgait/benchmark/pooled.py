"""Columns that are a mean, or a root mean square, over frames, events, stances or walks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.benchmark.plates import PlateStance
from simgait.benchmark.records import WalkRecord
from simgait.benchmark.scores import JOINTS
from simgait.gait.scores import AngleError
from simgait.skeleton.sides import SIDES
from simgait.types import EventKind

EVENT_LABELS: dict[EventKind, str] = {"initial_contact": "IC", "foot_off": "FO"}


@dataclass(frozen=True)
class Pooled:
    """How one column is pooled.

    Attributes:
        sums: of a walk: the sum of its values (of their squares, where a root is taken) and how
            many they are, (0, 0) where it has none.
        root: the root of the mean is shown.
        scale: from the values' unit to the column's.
    """

    sums: Callable[[WalkRecord], tuple[float, float]]
    root: bool = False
    scale: float = 1.0

    def of(self, sums: Float[np.ndarray, "... 2"]) -> Float[np.ndarray, "..."]:
        """The column of these sums; NaN where they hold no value."""
        count = sums[..., 1]
        mean = np.divide(sums[..., 0], count, out=np.full(np.shape(count), np.nan), where=count > 0)
        return self.scale * (np.sqrt(mean) if self.root else mean)

    def of_walks(self, records: Sequence[WalkRecord]) -> float:
        """The column of these walks."""
        return float(self.of(np.array([self.sums(r) for r in records]).reshape(-1, 2).sum(axis=0)))


def angle_series(record: WalkRecord, joint: str, *, late: bool = False) -> list[AngleError]:
    """Errors of a joint's flexion in both legs where frames were counted.

    `joint` is hip, knee or ankle.
    """
    series = record.late_angles if late else record.angles
    names = [f"{side}_{JOINTS[joint]}" for side in SIDES]
    return [series[name] for name in names if name in series and series[name].n]


def _angle(joint: str, *, debiased: bool, late: bool) -> Pooled:
    def sums(record: WalkRecord) -> tuple[float, float]:
        series = angle_series(record, joint, late=late)
        return (
            sum(e.n * (e.debiased_rmse_deg if debiased else e.rmse_deg) ** 2 for e in series),
            float(sum(e.n for e in series)),
        )

    return Pooled(sums, root=True)


def _timing(kind: EventKind) -> Pooled:
    def sums(record: WalkRecord) -> tuple[float, float]:
        errors_ms = record.events[kind].errors_ms if kind in record.events else ()
        return float(sum(abs(e) for e in errors_ms)), float(len(errors_ms))

    return Pooled(sums)


def _walks(value: Callable[[WalkRecord], float], scale: float = 1.0, root: bool = False) -> Pooled:
    def sums(record: WalkRecord) -> tuple[float, float]:
        one = value(record)
        if not np.isfinite(one):
            return 0.0, 0.0
        return (one**2 if root else one), 1.0

    return Pooled(sums, root, scale)


def _stances(value: Callable[[PlateStance], float]) -> Pooled:
    def sums(record: WalkRecord) -> tuple[float, float]:
        return float(sum(value(s) for s in record.plates)), float(len(record.plates))

    return Pooled(sums, scale=100.0)


ANGLE_COLUMNS = {
    f"{joint} {what} °{' from frame 45' if late else ''}": _angle(
        joint, debiased=what == "debiased", late=late
    )
    for late in (False, True)
    for joint in JOINTS
    for what in ("RMSE", "debiased")
}
FAILED = "failed %"
POOLED: dict[str, Pooled] = {
    FAILED: _walks(lambda r: float(bool(r.failure)), 100.0),
    **ANGLE_COLUMNS,
    **{f"{label} MAE ms": _timing(kind) for kind, label in EVENT_LABELS.items()},
    "sliding cm/s": _walks(lambda r: r.sliding_mps, 100.0),
    "penetration mm": _walks(lambda r: r.penetration_m, 1000.0),
    "jerk m/s³": _walks(lambda r: r.jerk_mps3),
    "residual force % BW": _walks(lambda r: r.residual_force_bw, 100.0, root=True),
    "residual moment % BW·height": _walks(lambda r: r.residual_moment_bw_height, 100.0, root=True),
    "vertical force RMSE % BW": _stances(lambda s: s.rmse_bw),
    "the same up to 20 Hz % BW": _stances(lambda s: s.ringing_rmse_bw),
    "first peak error % BW": _stances(lambda s: s.peak_errors_bw[0]),
    "second peak error % BW": _stances(lambda s: s.peak_errors_bw[1]),
    "impulse error % BW·s": _stances(lambda s: s.impulse_error_bw_s),
}
"""Column -> how it is pooled; tables and intervals are made from the same sums."""
