"""The picture that an agreement report opens with: every measure on one axis."""

from __future__ import annotations

import math

from markupsafe import Markup

from simgait.compare.analysis import AnalysedReport, MeasureAgreement
from simgait.report.agreement.wording import verdict
from simgait.report.interval_rows import FURTHEST, IntervalRow, interval_rows

COLOUR = {"good": "#00795a", "caution": "#8a5a00", "do_not_use": "#b3261e"}
"""By the grade of a measure's verdict; each has a contrast of 4.5 on white."""


def opening(analysed: AnalysedReport) -> Markup:
    """Mean error and limits of agreement of all measures, in substantial clinical changes.

    Measures without clinical thresholds, and those without limits, are left out.
    """
    rows = [_row(m) for m in analysed.measures if _is_drawn(m)]
    words = f"Mean error and limits of agreement of {len(rows)} measures, in substantial changes"
    return interval_rows(rows, words)


def opening_words(analysed: AnalysedReport) -> str:
    """What the picture shows, and which measures it leaves out."""
    left_out = [m.pairs.label for m in analysed.measures if not _is_drawn(m)]
    text = (
        "Dot: mean error. Line: limits of agreement, between which about 95 % of the errors lie. "
        "Each is divided by the change that is substantial to a clinician (grey: errors smaller "
        f"than that; an arrow: beyond {FURTHEST:g} times it, where a dot is a figure behind the "
        "name). Dashes: a small change."
    )
    return f"{text} Not drawn: {', '.join(left_out)}." if left_out else text


def _is_drawn(m: MeasureAgreement) -> bool:
    if m.summary is None or m.pairs.thresholds is None:
        return False
    limits = m.summary.limits
    return all(math.isfinite(e.value) for e in (limits.bias, limits.lower, limits.upper))


def _row(m: MeasureAgreement) -> IntervalRow:
    assert m.summary is not None and m.pairs.thresholds is not None  # `_is_drawn`
    small, substantial = m.pairs.thresholds
    limits = m.summary.limits
    middle, low, high = (e.value / substantial for e in (limits.bias, limits.lower, limits.upper))
    colour = COLOUR[verdict(m).grade]
    return IntervalRow(m.pairs.label, middle, low, high, colour, (small / substantial,))
