"""The bars of the project's main job as rows: name, value, unit, bar, met, n."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from simgait.benchmark import scores as scores
from simgait.benchmark.scores import JOINTS, SetScore, WalkScore

Sense = Literal["at_most", "at_least"]


@dataclass(frozen=True)
class Row:
    """One number of the scorecard; `bar` None = information only.

    `sense` says which side of the bar is good. A bias meets its bar by its size, whatever its
    sign (`by_size`). A number that could not be measured (NaN) never meets its bar.
    """

    name: str
    value: float
    unit: str
    n: int
    bar: float | None = None
    sense: Sense = "at_most"
    by_size: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without a bar."""
        if self.bar is None:
            return None
        if not np.isfinite(self.value):
            return False
        value = abs(self.value) if self.by_size else self.value
        return bool(value <= self.bar if self.sense == "at_most" else value >= self.bar)

    def as_json(self) -> dict[str, Any]:
        """Name, value (None where not measured), unit, bar, met, n."""
        value = float(self.value) if np.isfinite(self.value) else None
        return {
            "name": self.name, "value": value, "unit": self.unit,
            "bar": self.bar, "met": self.met, "n": self.n,
        }  # fmt: skip


def angle_rows(
    result: SetScore, bars: dict[str, float], debiased_bars: dict[str, float] | None = None
) -> list[Row]:
    """RMSE of hip, knee and ankle, and debiased where asked for; n = walks with true angles."""
    rows = []
    wanted: list[tuple[bool, dict[str, float]]] = [(False, bars)]
    if debiased_bars is not None:
        wanted.append((True, debiased_bars))
    for debiased, limits in wanted:
        for joint in JOINTS:
            value = scores.angle_rmse_deg(result.walks, joint, debiased=debiased)
            name = f"{joint} RMSE{' debiased' if debiased else ''}, {result.name}"
            counted = sum(_knows_joint(w, joint) for w in result.walks)
            rows.append(Row(name, value, "°", counted, limits.get(joint)))
    return rows


def _knows_joint(walk: WalkScore, joint: str) -> bool:
    return any(walk.angles[f"{side}_{JOINTS[joint]}"].n for side in ("left", "right"))


def travel_rows(result: SetScore, bars: dict[str, float]) -> list[Row]:
    """Velocity bias, SD and RMSE and step length RMSE, in that order."""
    speed = scores.velocity_errors_mps(result.walks)
    step = scores.step_length_errors_m(result.walks)
    n = len(speed)
    values = {
        "velocity bias": (float(speed.mean()) if n else np.nan, "m/s", n),
        "velocity SD": (float(speed.std(ddof=1)) if n > 1 else np.nan, "m/s", n),
        "velocity RMSE": (scores.root_mean_square(speed), "m/s", n),
        "step length RMSE": (100.0 * scores.root_mean_square(step), "cm", len(step)),
    }
    return [
        Row(f"{name}, {result.name}", value, unit, count, bars.get(name), by_size="bias" in name)
        for name, (value, unit, count) in values.items()
    ]


def falls_rows(result: SetScore, bar: float | None = None) -> list[Row]:
    """Share of the walks that fell, and that fell at the first attempt, both against the bar.

    Tracking again until the body stays up must not hide how often it does not.
    """
    n = len(result.walks)
    kept, first = scores.falls_percent(result.walks), scores.first_falls_percent(result.walks)
    return [
        Row(f"falls, {result.name}", kept, "%", n, bar),
        Row(f"falls at the first attempt, {result.name}", first, "%", n, bar),
    ]


def excluded_row(result: SetScore) -> Row:
    """Share of the walks offered that preparation or fit refused; n = walks offered."""
    offered = len(result.walks) + len(result.excluded)
    return Row(f"excluded, {result.name}", result.excluded_percent, "%", offered)


def residual_row(result: SetScore, bar: float | None = None) -> Row:
    """RMS of the residual force; n = walks."""
    value = scores.residual_percent_bw(result.walks)
    return Row(f"residual force RMS, {result.name}", value, "% body weight", len(result.walks), bar)


def event_rows(result: SetScore, *, with_bars: bool) -> list[Row]:
    """Timing against measured events: MAE, missed, and what was not counted."""
    rows = []
    for kind, label in (("initial_contact", "IC"), ("foot_off", "FO")):
        pooled = scores.pooled_events(result.walks, kind)  # type: ignore[arg-type]
        errors = np.array(pooled.errors_ms)
        n, measured = len(errors), len(errors) + pooled.n_missed
        mae = float(np.abs(errors).mean()) if n else np.nan
        bias = float(errors.mean()) if n else np.nan
        missed = float(pooled.n_missed) if measured else np.nan
        rows += [
            Row(f"{label} MAE, {result.name}", mae, "ms", n, 30.0 if with_bars else None),
            Row(f"{label} bias, {result.name}", bias, "ms", n),
            Row(f"{label} missed, {result.name}", missed, "events", measured,
                0.0 if with_bars else None),
            Row(f"{label} extra, {result.name}", float(pooled.n_extra), "events", measured),
            Row(f"{label} too near the ends to count, {result.name}", float(pooled.n_edge),
                "events", measured + pooled.n_edge),
        ]  # fmt: skip
    return rows


def ratio_rows(part: SetScore, full: SetScore, bar: float) -> list[Row]:
    """Errors of one set as multiples of another's: angles, velocity SD, step length."""
    own, others = (
        [*angle_rows(s, {}), *(r for r in travel_rows(s, {}) if "bias" not in r.name)]
        for s in (part, full)
    )
    rows = []
    for mine, other in zip(own, others, strict=True):
        what = mine.name.removesuffix(f", {part.name}")
        if what == "velocity RMSE":
            continue
        ratio = mine.value / other.value if other.value > 0 else np.nan
        rows.append(Row(f"{what}, {part.name} / {full.name}", ratio, "×", mine.n, bar))
    return rows


@dataclass(frozen=True)
class Results:
    """The sets that the bars speak about."""

    exact: SetScore
    monocular: SetScore
    legs: SetScore
    no_path: SetScore
    real: SetScore
    real_parts: tuple[SetScore, ...]
    mixed: SetScore

    def all(self) -> tuple[SetScore, ...]:
        """Every set, once."""
        return (
            self.exact, self.monocular, self.legs, self.no_path,
            self.real, *self.real_parts, self.mixed,
        )  # fmt: skip


def bar_rows(results: Results) -> list[Row]:
    """All rows that tracking scores give, bars before information within each part."""
    exact, monocular, real = results.exact, results.monocular, results.real
    each = {joint: 3.5 for joint in JOINTS}
    rows = [
        *falls_rows(monocular, 0.5),
        *falls_rows(exact),
        *angle_rows(exact, each),
        *angle_rows(monocular, {joint: 5.5 for joint in JOINTS}),
        *travel_rows(
            monocular, {"velocity bias": 0.03, "velocity SD": 0.06, "step length RMSE": 4.5}
        ),
        *travel_rows(exact, {}),
        *falls_rows(real),
        *angle_rows(real, {"hip": 5.0, "knee": 6.0}, {"hip": 4.0, "knee": 4.5}),
        *travel_rows(real, {"velocity RMSE": 0.05, "step length RMSE": 4.0}),
        *event_rows(real, with_bars=True),
    ]
    for part in (*results.real_parts, results.mixed):
        rows += [*falls_rows(part), *angle_rows(part, {}, {}), *travel_rows(part, {})]
    for part in (results.mixed, exact, monocular):
        rows += event_rows(part, with_bars=False)
    rows += residual_rows((exact, monocular, real))
    rows += [*falls_rows(results.legs, 2.0), *ratio_rows(results.legs, monocular, 1.5)]
    rows += [*angle_rows(results.legs, {}), *travel_rows(results.legs, {})]
    rows += [*falls_rows(results.no_path), *angle_rows(results.no_path, {})]
    rows += travel_rows(results.no_path, {})
    return rows + [excluded_row(result) for result in results.all()]


def residual_rows(sets: Sequence[SetScore]) -> list[Row]:
    """Each set's residual, and the largest against the bar of 10 % of body weight."""
    each = [residual_row(result) for result in sets]
    values = [row.value for row in each]
    worst = float(max(values)) if all(np.isfinite(values)) else np.nan
    n = sum(row.n for row in each)
    unit = "% body weight"
    bars = [
        Row("residual force RMS, worst set", worst, unit, n, 10.0),
        Row("residual force RMS, worst set (aim: 5)", worst, unit, n),
    ]
    return bars + each


def missed_bars(rows: Iterable[Row]) -> list[Row]:
    """The rows whose bar is not met."""
    return [row for row in rows if row.met is False]
