"""How often the half-width of a curve without its zero holds the curve's range of motion.

Nobody calibrated ranges: their level is that of their curve without the zero that they do not have
(`Verdict.measure_level`). Of a curve the errors at every fifth percent are kept; laid on healthy
adults' mean curve they tell by how much its range is off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from simgait.benchmark.interval_records import THIN, Kept
from simgait.benchmark.scorecard_page import table
from simgait.certainty.conditions import Conditions
from simgait.certainty.terms import Measured
from simgait.certainty.widths import Widths, curve_name
from simgait.gait.joint_measures import JOINT_MEASURES
from simgait.parameters.normative_curves import normative_band

HEAD = ("through", "range of", "people", "sides", "held %", "median error", "± median")
Found = tuple[str, float, float]
"""Person, how far off a range is (deg), half-width of its curve without a zero."""


def range_table(records: Sequence[Kept], widths: Widths) -> str:
    """Of every joint range and detector, as Markdown; each person as much as the next, degrees.

    Args:
        records: of people whom nothing was made from.
        widths: that are judged.
    """
    found: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for one in JOINT_MEASURES.values():
        if one.is_range:
            for record in records:
                found[one.curve, record.through] += _of_walk(record, one.curve, widths)
    return table(HEAD, [_cells(*of, own) for of, own in found.items() if own])


def _of_walk(record: Kept, curve: str, widths: Widths) -> Iterator[Found]:
    adults, _ = normative_band(curve.removesuffix("_deg"))
    conditions = Conditions(**record.conditions)
    for side, errors in record.curves_deg.get(curve, {}).items():
        off = float(np.ptp(adults[::THIN] + np.array(errors)) - np.ptp(adults[::THIN]))
        cycles = Measured(0.0, record.cycles[side])
        half = widths.half_width(curve_name(curve), conditions, cycles)
        if np.isfinite([off, half]).all():
            yield record.person, abs(off), half


def _cells(curve: str, through: str, own: Sequence[Found]) -> list[str]:
    of_people: dict[str, list[bool]] = defaultdict(list)
    for person, off, half in own:
        of_people[person].append(off <= half)
    held = np.mean([np.mean(holds) for holds in of_people.values()])
    off, half = np.median([one[1:] for one in own], axis=0)
    return [
        through, curve, str(len(of_people)), str(len(own)), f"{100.0 * held:.0f}",
        f"{off:.1f}", f"{half:.1f}",
    ]  # fmt: skip
