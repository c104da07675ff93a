"""The columns of the benchmark's tables as values: key, label, unit, kind, how they are pooled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simgait.agreement import error_sizes, pearson
from simgait.benchmark.pooling import (
    JOINTS,
    Pooled,
    angle_series,
    over_events,
    over_frames_of_angle,
    over_stances,
    over_walks,
    pairs_of,
)
from simgait.benchmark.walk_record import WalkRecord
from simgait.compare.evidence import Cell
from simgait.types import EventKind

NAN = float("nan")
Kind = Literal["count", "share", "error", "likeness", "measure"]
"""Counts are whole numbers; a likeness (r) is better the larger it is."""
PairStatistic = Literal["bias", "sigma", "rmse", "r"]
Records = Sequence[WalkRecord]

SPATIOTEMPORAL = {
    "velocity_mps": ("velocity", "m/s"),
    "step_length_m": ("step length", "m"),
    "step_width_m": ("step width", "m"),
}
"""Parameter -> label, unit of the paper's Table I."""
EVENT_LABELS: dict[EventKind, str] = {"initial_contact": "IC", "foot_off": "FO"}
FEWEST_PAIRS = 3
"""Agreement statistics of fewer walks are not shown."""
PELVIS_WITHIN_PERCENT = 1.0
"""The pelvis is to travel as fast as the footprints say within this share of velocity."""


@dataclass(frozen=True)
class Column:
    """One number of a tracker over some walks.

    Attributes:
        key: of `COLUMNS`, and in programs.
        label: what a person reads, without the unit.
        unit: "" for numbers without one.
        kind: counts are shown without decimals.
        value: of records; NaN where it has no value.
        pooled: how it is pooled; None where no sum of walks gives it.
        parameter, statistic: what it says of a parameter's pairs; empty for other columns.
        interval: whether it is shown with an interval.
        unit_shown: whether headings carry the unit; where not, the table's note says it.
    """

    key: str
    label: str
    unit: str
    kind: Kind
    value: Callable[[Records], float]
    pooled: Pooled | None = None
    parameter: str = ""
    statistic: PairStatistic | None = None
    interval: bool = False
    unit_shown: bool = True

    @property
    def heading(self) -> str:
        """Label and unit."""
        return f"{self.label} {self.unit}".rstrip() if self.unit_shown else self.label

    def cell(self, records: Records) -> Cell:
        """The value for a table; a count is an integer."""
        value = self.value(records)
        return int(value) if self.kind == "count" else value


def _of_pool(
    key: str,
    label: str,
    unit: str,
    pooled: Pooled,
    *,
    kind: Kind = "error",
    interval: bool = True,
) -> Column:
    return Column(key, label, unit, kind, pooled.of_walks, pooled, interval=interval)


def _count(key: str, label: str, value: Callable[[WalkRecord], float]) -> Column:
    return Column(key, label, "", "count", lambda records: float(sum(map(value, records))))


def _of_pairs(parameter: str, label: str, unit: str) -> Iterator[Column]:
    """Number of walks, bias, σ, RMSE and r of one parameter."""

    def n_pairs(records: Records) -> float:
        return float(len(pairs_of(records, parameter)[0]))

    yield Column(f"{parameter}_n", f"{label} n", "", "count", n_pairs)
    shown: tuple[tuple[PairStatistic, str, str, Kind], ...] = (
        ("bias", "bias", unit, "error"),
        ("sigma", "σ", unit, "error"),
        ("rmse", "RMSE", unit, "error"),
        ("r", "r", "", "likeness"),
    )
    for statistic, words, unit_of, kind in shown:

        def value(records: Records, statistic: PairStatistic = statistic) -> float:
            return _pair_statistic(records, parameter, statistic)

        yield Column(
            f"{parameter}_{statistic}", f"{label} {words}", unit_of, kind, value,
            parameter=parameter, statistic=statistic, interval=statistic != "bias",
            unit_shown=False,
        )  # fmt: skip


def _pair_statistic(records: Records, parameter: str, statistic: PairStatistic) -> float:
    truth, estimate, _ = pairs_of(records, parameter)
    if len(truth) < FEWEST_PAIRS:
        return NAN
    if statistic == "r":
        # One person's walk seen by several cameras has one truth, and may have one estimate.
        varies = np.ptp(truth) > 0.0 and np.ptp(estimate) > 0.0
        return pearson(truth, estimate).value if varies else NAN
    sizes = error_sizes(truth, estimate)
    return {"bias": sizes.mean, "sigma": sizes.robust_sigma, "rmse": sizes.rmse}[statistic]


def _of_joint(joint: str, *, late: bool) -> Iterator[Column]:
    """Walks and frames that count, RMSE and debiased RMSE, from frame 0 or from frame 45."""
    suffix = "_late" if late else ""

    def frames(record: WalkRecord) -> float:
        return float(sum(e.n for e in angle_series(record, joint, late=late)))

    yield _count(f"{joint}_n{suffix}", f"{joint} n", lambda record: float(frames(record) > 0))
    yield _count(f"{joint}_frames{suffix}", f"{joint} frames", frames)
    yield _of_pool(
        f"{joint}_rmse_deg{suffix}", f"{joint} RMSE", "°",
        over_frames_of_angle(joint, "rmse", late=late), interval=not late,
    )  # fmt: skip
    yield _of_pool(
        f"{joint}_debiased_deg{suffix}", f"{joint} debiased", "°",
        over_frames_of_angle(joint, "debiased", late=late), interval=not late,
    )  # fmt: skip


def _of_event(kind: EventKind, label: str) -> Iterator[Column]:
    """Matched, missed and extra events, and the mean size of the matched ones' errors."""

    def counted(name: str, of: Callable[[WalkRecord, EventKind], int]) -> Column:
        return _count(
            f"{kind}_{name}", f"{label} {name}",
            lambda record: float(of(record, kind)) if kind in record.events else 0.0,
        )  # fmt: skip

    yield counted("matched", lambda record, which: len(record.events[which].errors_ms))
    yield counted("missed", lambda record, which: record.events[which].n_missed)
    yield counted("extra", lambda record, which: record.events[which].n_extra)
    yield _of_pool(f"{kind}_mae_ms", f"{label} MAE", "ms", over_events(kind, absolute=True))


def _physics() -> Iterator[Column]:
    walks = (
        ("sliding_cmps", "sliding", "cm/s", over_walks(lambda r: r.sliding_mps, 100.0)),
        ("penetration_mm", "penetration", "mm", over_walks(lambda r: r.penetration_m, 1000.0)),
        ("jerk_mps3", "jerk", "m/s³", over_walks(lambda r: r.jerk_mps3)),
        ("residual_force_percent_bw", "residual force", "% BW",
         over_walks(lambda r: r.residual_force_bw, 100.0, root=True)),
        ("residual_moment_percent_bw_height", "residual moment", "% BW·height",
         over_walks(lambda r: r.residual_moment_bw_height, 100.0, root=True)),
    )  # fmt: skip
    for key, label, unit, pooled in walks:
        yield _of_pool(key, label, unit, pooled, kind="measure")
    yield _count("plate_stances", "plate stances", lambda r: float(len(r.plates)))
    stances = (
        ("force_rmse_percent_bw", "vertical force RMSE", "% BW", lambda s: s.rmse_bw, True),
        ("force_ringing_percent_bw", "the same up to 20 Hz", "% BW",
         lambda s: s.ringing_rmse_bw, False),
        ("first_peak_percent_bw", "first peak error", "% BW", lambda s: s.peak_errors_bw[0], True),
        ("second_peak_percent_bw", "second peak error", "% BW",
         lambda s: s.peak_errors_bw[1], True),
        ("impulse_percent_bw_s", "impulse error", "% BW·s", lambda s: s.impulse_error_bw_s, True),
    )  # fmt: skip
    for key, label, unit, value, interval in stances:
        yield _of_pool(key, label, unit, over_stances(value), interval=interval)


def _pelvis() -> Iterator[Column]:
    """How far the pelvis's own speed is from velocity; no definition ties it to the feet."""

    def column(key: str, label: str, unit: str, of: Callable[[np.ndarray], float]) -> Column:
        def over(records: Records) -> float:
            sizes = np.abs(np.array([r.pelvis_lead_percent for r in records], dtype=np.float64))
            known = sizes[np.isfinite(sizes)]
            return float(of(known)) if len(known) else NAN

        return Column(key, label, unit, "share", over)

    pelvis = "pelvis's own speed against v"
    for key, label, unit, of in (
        ("pelvis_median_percent", f"{pelvis}: median", "%", np.median),
        ("pelvis_worst_percent", f"{pelvis}: worst", "%", np.max),
        ("pelvis_within_percent", f"{pelvis}: % of walks within 1 %", "",
         lambda sizes: 100.0 * np.mean(sizes <= PELVIS_WITHIN_PERCENT)),
    ):  # fmt: skip
        yield column(key, label, unit, of)


def _every_column() -> Iterator[Column]:
    yield Column("walks", "walks", "", "count", lambda records: float(len(records)))
    failed = over_walks(lambda r: float(bool(r.failure)), 100.0)
    yield _of_pool("failed_percent", "failed", "%", failed, kind="share")
    for parameter, (label, unit) in SPATIOTEMPORAL.items():
        yield from _of_pairs(parameter, label, unit)
    for late in (False, True):
        for joint in JOINTS:
            yield from _of_joint(joint, late=late)
    for kind, label in EVENT_LABELS.items():
        yield from _of_event(kind, label)
    yield from _physics()
    yield from _pelvis()


COLUMNS: dict[str, Column] = {column.key: column for column in _every_column()}
"""Key -> column, in the order in which they are shown."""
INTERVAL_COLUMNS: tuple[Column, ...] = tuple(c for c in COLUMNS.values() if c.interval)
"""The columns that are shown with an interval."""
FAILED = COLUMNS["failed_percent"]


def numbers_of(records: Records) -> dict[str, float]:
    """Every column of one row: a tracker over some walks. NaN where it has no value."""
    return {key: column.value(records) for key, column in COLUMNS.items()}
