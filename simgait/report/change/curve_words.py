"""What visits, or the sides of one, say of joint angles over the gait cycle, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from simgait.agreement.change import Shown
from simgait.agreement.curve_change import SMOOTHNESS_PERCENT
from simgait.compare.curve_change import CurveChange
from simgait.compare.shared_zero import curves_without_zero
from simgait.compare.visit_walks import VisitWalks
from simgait.parameters.curves import CURVES
from simgait.parameters.parameter import WALK_SDS_FROM
from simgait.parameters.wording import number
from simgait.report.change.sentences import Headlines, headline_of, named, reasons_of

_WHOLE_CURVE = (
    "Its band is of 90 % at each percent for itself. A curve is called {called} where it is larger "
    "than the limit of the whole curve, which 1 in 20 curves that {none} leaves anywhere (random "
    "field theory, Friston et al. 1994; smoothness "
    f"{SMOOTHNESS_PERCENT:g} % of the cycle, that of the roughest joint)."
)
CURVE_METHOD = (
    "A joint angle's difference combines the same two errors at each percent of the cycle; the "
    f"typical variation from walk to walk is that of the same people ({WALK_SDS_FROM}); where each "
    "visit is one walk, it is the only one. "
    + _WHOLE_CURVE.format(called="changed", none="did not change"),
)
SIDE_CURVE_METHOD = (
    "A joint angle of the left side is set beside that of the right at the same percent of their "
    "own cycles, each from its foot's contact. The difference combines the same two errors at each "
    "percent, those of measuring added up; the typical variation from walk to walk is that of the "
    "same people; of a single walk it is the only one. "
    + _WHOLE_CURVE.format(called="different", none="are alike"),
)


BETWEEN_VISITS = Headlines(
    "No joint angle over the cycle can be compared.",
    "No change is shown in",
    "Joint angles changed",
)
SINCE_THE_FIRST = Headlines(
    "No joint angle over the cycle of the last visit can be compared with the first.",
    "From the first visit to the last no change is shown in",
    "Joint angles changed from the first visit to the last",
)
BETWEEN_SIDES = Headlines(
    "No joint angle over the cycle can be compared between the sides.",
    "No difference between left and right is shown in",
    "Joint angles differ between left and right",
    called="different",
)
SAME_VISITS = "all visits, whose points are of one keypoint set"
SAME_SIDES = "both sides"


def curves_headline(curves: Sequence[CurveChange], says: Headlines = BETWEEN_VISITS) -> str:
    """Which joint angles changed, in one line; "" where there are none."""
    if not curves:
        return ""
    return headline_of(
        curves, says, lambda one: one.found.shown, _named, "curve", " of joint angles"
    )


def curve_section(
    curves: Sequence[CurveChange],
    panels: Sequence[tuple[CurveChange, Sequence[Markup]]],
    says: Headlines,
    above: str,
    pair: str,
    table: str,
    zero: str = "",
) -> Mapping[str, Any]:
    """What curve_pairs.html shows of compared curves.

    Args:
        curves: all that are compared.
        panels: those that can be drawn, with their pictures.
        says: how the headline says which differ.
        above: what the upper picture of each shows.
        pair: what is subtracted from what in the lower one.
        table: file that has all points.
        zero: what they leave out, a sentence; "" for nothing.
    """
    lead = (
        f"Above: {above} Below: {pair} with its 90 % band at each percent. Long dashes: what the "
        f"curve must leave somewhere to be called {says.called}; where it does, the line is red. "
        f"Dots: 5°, clinically relevant. {table} has all points."
    )
    return {
        "curves_headline": curves_headline(curves, says),
        "curves_lead": lead,
        "curves": [{"pictures": own, "words": curve_words(one)} for one, own in panels],
        "curve_reasons": [*curve_reasons(curves), *([zero] if zero else [])],
    }


def _named(curves: Sequence[CurveChange]) -> str:
    return named((one.curve.label, one.side) for one in curves)


def curve_words(one: CurveChange) -> str:
    """What a curve's pictures show: the verdict, where in the cycle, the largest difference."""
    if not one.is_in_both:
        return "Not comparable."
    difference, at = one.largest
    largest = f"Largest difference {number(difference, 1)}° at {at} % of the cycle"
    if one.found.shown is Shown.NOT_COMPARABLE:
        return f"Not comparable. {largest}."
    half = float(one.found.half_width[at])
    low, high = number(difference - half, 1), number(difference + half, 1)
    verdict = "Not shown."
    if one.found.shown is Shown.CHANGED:
        relevant = ", clinically relevant" if one.matters else ""
        verdict = f"{one.verdict.capitalize()}{relevant}, {_where(one)} % of the cycle."
    return (
        f"{verdict} {largest} (90 % interval of this percent alone {low} to {high}°; a whole curve "
        f"must differ by {number(float(one.found.detectable[at]), 1)}° there)."
    )


def _where(one: CurveChange) -> str:
    """Stretches of the cycle: "at 12 to 30, 60 to 75"; of sides also which one is greater there."""
    if one.side != "both":
        return f"at {_spans(one.found.spans)}"
    greater: dict[str, list[tuple[int, int]]] = {}
    for span in one.found.spans:
        side = "left" if one.found.difference[span[0]] > 0.0 else "right"
        greater.setdefault(side, []).append(span)
    return ", ".join(f"{side} greater at {_spans(spans)}" for side, spans in greater.items())


def _spans(spans: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"{a} to {b}" if b > a else f"{a}" for a, b in spans)


def curve_reasons(curves: Sequence[CurveChange]) -> list[str]:
    """Why curves cannot be compared, or are left out: a sentence for each reason, with its curves.

    Empty where there is no curve at all, which the headline says.
    """
    reasons = reasons_of((one.why, one.curve.label, one.side) for one in curves)
    known = {one.curve.label for one in curves}
    absent = [curve.label for curve in CURVES if curve.label not in known]
    if curves and absent:
        reasons.append(f"Left out, as no walk's report lets it be used: {_listed(absent)}.")
    return reasons


def shared_zero_text(visits: Sequence[VisitWalks], curves: Iterable[CurveChange], same: str) -> str:
    """What compared curves leave out as it is alike; "" where nothing is.

    Args:
        visits: as they are compared.
        curves: what came out.
        same: in what it is alike.
    """
    judged = {one.curve for one in curves if one.found.shown is not Shown.NOT_COMPARABLE}
    labels = [curve.label for curve in curves_without_zero(visits) if curve in judged]
    if not labels:
        return ""
    return (
        f"Bands and limits of {_listed(labels)} leave out how this person's own pelvis is shaped, "
        f"which a keypoint detector cannot see and which is the same in {same}; so do those of "
        "peaks."
    )


def _listed(labels: Sequence[str]) -> str:
    return named((label, "both") for label in labels)
