"""What a trend says of the visits between the first and the last, in words."""

from __future__ import annotations

from simgait.compare.visit_trend import VisitTrend
from simgait.parameters.wording import counted
from simgait.report.change.sentences import named, relevance

BETWEEN_METHOD = (
    "A visit in between is compared with the last one, too. That it differs from the first or the "
    "last is said where the difference is larger than the detectable one and where it lies off the "
    "middle between first and last as well, by so much that, however many visits and comparisons "
    "there are, by chance alone this is said of 1 of 20 numbers that did not change. Back: the "
    "last visit differs from the one in between, and its walks do not show that it differs from "
    "the first. Where the last visit differs from the first, only what lies beyond both is said. A "
    "joint curve is said to where it lies beyond what is detectable from both the first visit and "
    "the last, on the same side of them."
)


def between_headline(found: VisitTrend) -> str:
    """How many numbers differ in between, in one line; "" where none is shown to."""
    judged = [
        row for row in found.numbers if row.is_shown and any(one.is_judged for one in row.between)
    ]
    shown = [row for row in judged if row.in_between]
    if not shown:
        return ""
    large = named((row.parameter.label, row.pool) for row in shown if row.matters_between)
    return (
        f"In between, {len(shown)} of {counted(len(judged), 'number')} "
        f"{'differs' if len(shown) == 1 else 'differ'} from the first visit or the last (by chance "
        f"alone, 1 in 20 would be said to). {relevance(large)}"
    )


def between_sentences(found: VisitTrend) -> list[str]:
    """One for each number that differs in between, then one for each joint curve."""
    numbers = (row.in_between for row in found.numbers if row.is_shown)
    curves = (one.in_between for one in found.curves)
    return [sentence for sentence in (*numbers, *curves) if sentence]
