"""How often 90 % intervals hold the truth, of people whom nothing was made from.

Coverage alone is cheap: an interval without an end holds everything. So the median half-width
stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simgait.benchmark.interval_fit import errors_by_number
from simgait.benchmark.interval_records import Kept
from simgait.benchmark.scorecard_page import number, table
from simgait.benchmark.scorecard_rows import Row
from simgait.certainty.conditions import Conditions
from simgait.certainty.fitting import Errors, even_weights
from simgait.certainty.intervals import means_and_counts, shared_with_truth
from simgait.certainty.pelvic_zero import pelvic_zero_half_width_deg
from simgait.certainty.widths import (
    SOURCES,
    Coefficients,
    Widths,
    curve_name,
    number_name,
    range_name,
)
from simgait.gait.joint_measures import RANGED_CURVES
from simgait.gait_result import Statistic
from simgait.parameters.parameter import Pool

NAN = float("nan")
EXPECTED_PERCENT, LARGEST_MISS = 90.0, 5.0
"""The bar: 85 to 95 %."""
SHOWN = (
    number_name("velocity_mps", "both"), number_name("step_length_m", "side"),
    number_name("step_width_m", "both"), number_name("cadence_spm", "both"),
    number_name("stance_percent", "side"), number_name("double_support_percent", "side"),
    curve_name("hip_flexion_deg"), curve_name("knee_flexion_deg"),
    curve_name("ankle_dorsiflexion_deg"), *map(range_name, RANGED_CURVES),
)  # fmt: skip
ALL = "all numbers"


@dataclass(frozen=True)
class Coverage:
    """Of one number through one detector, or of markers.

    Attributes:
        name: of the number, or `ALL`: the mean over all numbers.
        n_people, n_rows: whose, and of how many walks or sides.
        percent: of errors within; each person as much as the next.
        half_width: median, in the number's stored unit; NaN of `ALL`.
        left_out_percent, left_out_half_width: the same of formulas that were made without this
            detector; NaN for markers.
    """

    name: str
    through: str
    n_people: int
    n_rows: int
    percent: float
    half_width: float
    left_out_percent: float = NAN
    left_out_half_width: float = NAN


def coverage(records: Sequence[Kept], widths: Widths) -> list[Coverage]:
    """Of every number that has formulas, and of all together, by detector; markers first."""
    found: list[Coverage] = []

    def beside(record: Kept, key: str, pool: Pool | None) -> float:
        conditions = Conditions(**record.conditions)
        if pool is None:
            return pelvic_zero_half_width_deg(key, conditions)
        walk = {k: own[pool] for k, own in record.numbers.items() if pool in own}
        found = {k: Statistic(mean, NAN, n) for k, (_, mean, n) in walk.items()}
        return shared_with_truth(key, pool, *means_and_counts(found), conditions, widths)

    for source in SOURCES:
        numbers = errors_by_number(records, source, beside)
        detectors = sorted({seen for errors in numbers.values() for seen in errors.seen_by})
        for detector in detectors:
            own = [
                _of_number(name, errors.part(errors.seen_by == detector), detector, source, widths)
                for name, errors in numbers.items()
                if name in widths.coefficients[source] and (errors.seen_by == detector).any()
            ]
            found += [*own, _of_all(own)]
    return found


def _of_number(name: str, errors: Errors, detector: str, source: str, widths: Widths) -> Coverage:
    percent, half_width = _held(name, errors, widths.coefficients, source)
    without = (NAN, NAN)
    if detector in widths.left_out and source == "detector":
        without = _held(name, errors, widths.left_out[detector], source)
    people = len(np.unique(errors.person))
    return Coverage(name, detector, people, len(errors.person), percent, half_width, *without)


def _held(name: str, errors: Errors, formulas: Coefficients, source: str) -> tuple[float, float]:
    """Percent of the errors within, and the median half-width."""
    half_width = np.hypot(errors.size @ np.array(formulas[source][name]), errors.beside)
    inside = (np.abs(errors.error) <= half_width[:, None]).mean(axis=1)
    return 100.0 * float(inside @ even_weights(errors)), float(np.median(half_width))


def _of_all(own: Sequence[Coverage]) -> Coverage:
    return Coverage(
        ALL,
        own[0].through,
        max(one.n_people for one in own),
        max(one.n_rows for one in own),
        float(np.mean([one.percent for one in own])),
        NAN,
        float(np.mean([one.left_out_percent for one in own])),
    )


def coverage_rows(found: Sequence[Coverage]) -> list[Row]:
    """The bars: speed and all numbers, by detector, known and left out; and their widths."""
    rows = []
    for one in found:
        if one.name not in (ALL, SHOWN[0]):
            continue
        what = "speed" if one.name == SHOWN[0] else ALL
        parts = [("", one.percent, one.half_width)]
        if np.isfinite(one.left_out_percent):
            parts.append((", left out", one.left_out_percent, one.left_out_half_width))
        for part, percent, half_width in parts:
            rows.append(
                Row(
                    f"90 % intervals hold, less 90: {what}, {one.through}{part}",
                    percent - EXPECTED_PERCENT, "points", one.n_people, LARGEST_MISS,
                    by_size=True,
                )
            )  # fmt: skip
            if np.isfinite(half_width):
                name = f"half-width of 90 % intervals: {what}, {one.through}{part}"
                rows.append(Row(name, half_width, "m/s", one.n_rows))
    return rows


HEAD = (
    "through", "number", "people", "walks or sides", "held %", "± median", "left out: held %",
    "± median",
)  # fmt: skip


def coverage_table(found: Sequence[Coverage]) -> str:
    """The numbers of `SHOWN`, and all together, as Markdown; half-widths in stored units."""
    shown = [one for one in found if one.name in (*SHOWN, ALL)]
    return table(HEAD, [_cells(one) for one in shown])


def _cells(one: Coverage) -> list[str]:
    return [
        one.through, one.name, str(one.n_people), str(one.n_rows), _percent(one.percent),
        number(one.half_width, 2), _percent(one.left_out_percent),
        number(one.left_out_half_width, 2),
    ]  # fmt: skip


def _percent(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else "-"
