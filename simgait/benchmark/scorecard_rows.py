"""The bars of the project's main job as rows: name, value, unit, bar, met, n."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from simgait.agreement.errors import root_mean_square
from simgait.benchmark.columns import COLUMNS, EVENT_LABELS
from simgait.benchmark.over_people import slope_of
from simgait.benchmark.pooling import (
    JOINTS,
    angle_series,
    errors_of,
    over_events,
    over_frames,
    over_frames_of_angle,
    over_walks,
)
from simgait.benchmark.score_walks import ScoredSet
from simgait.benchmark.walk_record import WalkRecord
from simgait.skeleton.sides import SIDES

Sense = Literal["at_most", "at_least"]


@dataclass(frozen=True)
class Row:
    """One number of the scorecard; `bar` None = information only.

    `sense` says which side of the bar is good; with `up_to` the bar has two sides, and good is from
    `bar` to there. A bias meets its bar by its size, whatever its sign (`by_size`). A number that
    could not be measured (NaN) never meets its bar; of one that was `not_asked`, and why, nobody
    knows whether it does.
    """

    name: str
    value: float
    unit: str
    n: int
    bar: float | None = None
    sense: Sense = "at_most"
    by_size: bool = False
    up_to: float | None = None
    not_asked: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without a bar, and of what was not asked."""
        if self.bar is None or self.not_asked:
            return None
        if not np.isfinite(self.value):
            return False
        value = abs(self.value) if self.by_size else self.value
        if self.up_to is not None:
            return bool(self.bar <= value <= self.up_to)
        return bool(value <= self.bar if self.sense == "at_most" else value >= self.bar)

    def as_json(self) -> dict[str, Any]:
        """Name, value (None where not measured), unit, bar, met, n.

        bar_to of a two-sided bar; not_asked, why, of what was not.
        """
        value = float(self.value) if np.isfinite(self.value) else None
        told = {
            "name": self.name, "value": value, "unit": self.unit,
            "bar": self.bar, "met": self.met, "n": self.n,
        }  # fmt: skip
        if self.up_to is not None:
            told["bar_to"] = self.up_to
        if self.not_asked:
            told["not_asked"] = self.not_asked
        return told


Walks = Sequence[WalkRecord]


@dataclass(frozen=True)
class Measure:
    """One number of a set of walks that rows are made of.

    Attributes:
        key: in lists of bars.
        label: begins the row's name; the set's name follows.
        unit: of the value.
        value: of the walks; NaN where nothing was measured.
        n: of the walks: how many numbers it is made of.
        by_size: a bias, whose size meets a bar, whatever its sign.
    """

    key: str
    label: str
    unit: str
    value: Callable[[Walks], float]
    n: Callable[[Walks], int]
    by_size: bool = False

    def row(self, result: ScoredSet, bar: float | None = None) -> Row:
        """This measure of one set, against a bar where there is one."""
        walks = result.walks
        return Row(
            f"{self.label}, {result.name}", self.value(walks), self.unit, self.n(walks), bar,
            by_size=self.by_size,
        )  # fmt: skip


def _angle(joint: str, *, debiased: bool) -> Measure:
    column = COLUMNS[f"{joint}_{'debiased' if debiased else 'rmse'}_deg"]
    return Measure(
        column.key,
        f"{joint} RMSE{' debiased' if debiased else ''}",
        column.unit,
        column.value,
        lambda walks: sum(bool(angle_series(walk, joint)) for walk in walks),
    )


def _speed(walks: Walks) -> np.ndarray:
    return errors_of(walks, "velocity_mps")


def _steps(walks: Walks) -> np.ndarray:
    return errors_of(walks, "step_length_m", SIDES)


def mean_or_nan(errors: np.ndarray) -> float:
    """Mean of N errors; NaN for none."""
    return float(errors.mean()) if len(errors) else np.nan


def sd_or_nan(errors: np.ndarray) -> float:
    """Standard deviation (n - 1) of N errors; NaN for fewer than two."""
    return float(errors.std(ddof=1)) if len(errors) > 1 else np.nan


ANGLES = tuple(_angle(joint, debiased=False) for joint in JOINTS)
DEBIASED_ANGLES = tuple(_angle(joint, debiased=True) for joint in JOINTS)
VELOCITY_BIAS = Measure(
    "velocity_bias", "velocity bias", "m/s", lambda walks: mean_or_nan(_speed(walks)),
    lambda walks: len(_speed(walks)), by_size=True,
)  # fmt: skip
VELOCITY_SD = Measure(
    "velocity_sd", "velocity SD", "m/s", lambda walks: sd_or_nan(_speed(walks)),
    lambda walks: len(_speed(walks)),
)  # fmt: skip
VELOCITY_RMSE = Measure(
    "velocity_rmse", "velocity RMSE", "m/s", lambda walks: root_mean_square(_speed(walks)),
    lambda walks: len(_speed(walks)),
)  # fmt: skip
STEP_LENGTH_RMSE = Measure(
    "step_length_rmse", "step length RMSE", "cm",
    lambda walks: 100.0 * root_mean_square(_steps(walks)), lambda walks: len(_steps(walks)),
)  # fmt: skip


def _slope_of(parameter: str, sides: Sequence[str]) -> Callable[[Walks], float]:
    def slope(walks: Walks) -> float:
        true, found = _known(walks, parameter, sides).T
        return slope_of(true, found)

    return slope


def _known(walks: Walks, parameter: str, sides: Sequence[str]) -> np.ndarray:
    pairs = np.array([w.means(parameter, side) for w in walks for side in sides], float)
    pairs = pairs.reshape(-1, 2)
    return pairs[np.isfinite(pairs).all(axis=1)]


VELOCITY_SLOPE = Measure(
    "velocity_slope", "velocity slope on truth", "1", _slope_of("velocity_mps", ("both",)),
    lambda walks: len(_speed(walks)),
)  # fmt: skip
STEP_LENGTH_SLOPE = Measure(
    "step_length_slope", "step length slope on truth", "1", _slope_of("step_length_m", SIDES),
    lambda walks: len(_steps(walks)),
)  # fmt: skip
TRAVEL = (VELOCITY_BIAS, VELOCITY_SD, VELOCITY_RMSE, STEP_LENGTH_RMSE)
FALLS = Measure(
    "falls", "falls", "%", over_walks(lambda walk: float(walk.fell), 100.0).of_walks, len
)
FIRST_FALLS = Measure(
    "first_falls", "falls at the first attempt", "%",
    over_walks(lambda walk: float(walk.fell_first), 100.0).of_walks, len,
)  # fmt: skip
RESIDUAL = Measure(
    "residual", "residual force RMS", "% body weight",
    over_frames(lambda walk: walk.residual_force_bw, 100.0).of_walks, len,
)  # fmt: skip
ANGLE_BIAS = {joint: over_frames_of_angle(joint, "bias") for joint in JOINTS}
"""Joint -> how its mean error over all frames of both legs is pooled."""


def rows_of(
    result: ScoredSet, measures: Sequence[Measure], bars: Mapping[str, float] | None = None
) -> list[Row]:
    """Measures of one set, in this order; `bars` are by the measures' keys."""
    limits = bars or {}
    return [measure.row(result, limits.get(measure.key)) for measure in measures]


def falls_rows(result: ScoredSet, bar: float | None = None) -> list[Row]:
    """Share of the walks that fell, and that fell at the first attempt, both against the bar.

    Tracking again until the body stays up must not hide how often it does not.
    """
    return [measure.row(result, bar) for measure in (FALLS, FIRST_FALLS)]


def excluded_row(result: ScoredSet) -> Row:
    """Share of the walks offered that preparation or fit refused; n = walks offered."""
    offered = len(result.walks) + len(result.excluded)
    return Row(f"excluded, {result.name}", result.excluded_percent, "%", offered)


EVENT_BIAS_BAR = {"bias": 5.0}
EVENT_BARS = EVENT_BIAS_BAR | {"MAE": 30.0, "missed": 0.0}
"""Of real events: bias and MAE in ms, events. In the mean a contact has to be right wherever a
recording has events; the others are asked of the test subjects alone."""


def event_rows(result: ScoredSet, bars: Mapping[str, float] | None = None) -> list[Row]:
    """Timing against measured events: MAE, bias, missed, and what was not counted.

    Args:
        result: the walks.
        bars: of `EVENT_BARS` those that count; none where None.
    """
    limits, rows = bars or {}, []
    for kind, label in EVENT_LABELS.items():
        scores = [walk.events[kind] for walk in result.walks if kind in walk.events]
        n, n_missed, n_extra, n_edge = (
            sum(len(s.errors_ms) for s in scores), sum(s.n_missed for s in scores),
            sum(s.n_extra for s in scores), sum(s.n_edge for s in scores),
        )  # fmt: skip
        measured = n + n_missed
        mae, bias = (
            over_events(kind, absolute=absolute).of_walks(result.walks)
            for absolute in (True, False)
        )
        missed = float(n_missed) if measured else np.nan
        rows += [
            Row(f"{label} MAE, {result.name}", mae, "ms", n, limits.get("MAE")),
            Row(f"{label} bias, {result.name}", bias, "ms", n, limits.get("bias"), by_size=True),
            Row(f"{label} missed, {result.name}", missed, "events", measured,
                limits.get("missed")),
            Row(f"{label} extra, {result.name}", float(n_extra), "events", measured),
            Row(f"{label} too near the ends to count, {result.name}", float(n_edge),
                "events", measured + n_edge),
        ]  # fmt: skip
    return rows


RATIOS = (*ANGLES, VELOCITY_SD, STEP_LENGTH_RMSE)


def ratio_rows(part: ScoredSet, full: ScoredSet, bar: float) -> list[Row]:
    """Errors of one set as multiples of another's: angles, velocity SD, step length."""
    rows = []
    for measure in RATIOS:
        mine, other = measure.value(part.walks), measure.value(full.walks)
        ratio = mine / other if other > 0 else np.nan
        name = f"{measure.label}, {part.name} / {full.name}"
        rows.append(Row(name, ratio, "×", measure.n(part.walks), bar))
    return rows


@dataclass(frozen=True)
class Results:
    """The sets that the bars speak about."""

    exact: ScoredSet
    monocular: ScoredSet
    legs: ScoredSet
    no_path: ScoredSet
    real: ScoredSet
    real_parts: tuple[ScoredSet, ...]
    mixed: ScoredSet

    def all(self) -> tuple[ScoredSet, ...]:
        """Every set, once."""
        return (
            self.exact, self.monocular, self.legs, self.no_path,
            self.real, *self.real_parts, self.mixed,
        )  # fmt: skip


def bar_rows(results: Results) -> list[Row]:
    """All rows that tracking scores give, bars before information within each part."""
    exact, monocular, real = results.exact, results.monocular, results.real
    rows = [
        *falls_rows(monocular, 0.5),
        *falls_rows(exact),
        *rows_of(exact, ANGLES, {measure.key: 3.5 for measure in ANGLES}),
        *rows_of(monocular, ANGLES, {measure.key: 5.5 for measure in ANGLES}),
        *rows_of(
            monocular, TRAVEL, {"velocity_bias": 0.03, "velocity_sd": 0.06, "step_length_rmse": 4.5}
        ),
        *rows_of(exact, TRAVEL),
        *falls_rows(real),
        *rows_of(real, ANGLES, {"hip_rmse_deg": 5.0, "knee_rmse_deg": 6.0}),
        *rows_of(real, DEBIASED_ANGLES, {"hip_debiased_deg": 4.0, "knee_debiased_deg": 4.5}),
        *rows_of(real, TRAVEL, {"velocity_rmse": 0.05, "step_length_rmse": 4.0}),
        *event_rows(real, EVENT_BARS),
    ]
    for part in (*results.real_parts, results.mixed):
        rows += [*falls_rows(part), *rows_of(part, (*ANGLES, *DEBIASED_ANGLES, *TRAVEL))]
    rows += event_rows(results.mixed, EVENT_BIAS_BAR)
    for part in (exact, monocular):
        rows += event_rows(part)
    rows += residual_rows((exact, monocular, real), results.mixed)
    rows += [*falls_rows(results.legs, 2.0), *ratio_rows(results.legs, monocular, 1.5)]
    rows += rows_of(results.legs, (*ANGLES, *TRAVEL))
    rows += [*falls_rows(results.no_path), *rows_of(results.no_path, (*ANGLES, *TRAVEL))]
    return rows + [excluded_row(result) for result in results.all()]


def residual_rows(sets: Sequence[ScoredSet], mixed: ScoredSet) -> list[Row]:
    """Each set's residual, and the largest against bars of 10 and 4 % of body weight.

    Args:
        sets: whose largest has to be within 10 %.
        mixed: one more, with which it has to be within 4 %.
    """
    each = [RESIDUAL.row(result) for result in sets]
    every = [*each, RESIDUAL.row(mixed)]
    name, unit = "residual force RMS, worst set", RESIDUAL.unit
    bars = [
        Row(name, _largest(each), unit, sum(row.n for row in each), 10.0),
        Row(f"{name}, mixed labs too", _largest(every), unit, sum(row.n for row in every), 4.0),
    ]
    return bars + every


def _largest(rows: Sequence[Row]) -> float:
    """NaN where one could not be measured: it must not pass by being absent."""
    values = [row.value for row in rows]
    return float(max(values)) if all(np.isfinite(values)) else np.nan
