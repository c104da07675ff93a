"""What two visits say of joint angles over the gait cycle, in words."""

from __future__ import annotations

from collections.abc import Sequence

from simgait.agreement.change import Shown
from simgait.agreement.curve_change import SMOOTHNESS_PERCENT
from simgait.compare.curve_change import CurveChange
from simgait.parameters.parameter import WALK_SDS_FROM
from simgait.parameters.wording import counted, number
from simgait.report.change.sentences import changed_sentence, named, relevance

CURVE_METHOD = (
    "A joint angle's difference combines the same two errors at each percent of the cycle; the "
    f"typical variation from walk to walk is that of the same people ({WALK_SDS_FROM}), and that "
    "of one walk each is this alone. Its band is of 90 % at each percent for itself. A curve is "
    "called changed where it is larger than the limit of the whole curve, which 1 in 20 curves "
    "that did not change leaves anywhere (random field theory, Friston et al. 1994; smoothness "
    f"{SMOOTHNESS_PERCENT:g} % of the cycle, that of the roughest joint).",
)


def curves_headline(curves: Sequence[CurveChange]) -> str:
    """Which joint angles changed, in one line; "" where no visit has any."""
    judged = [one for one in curves if one.found.shown is not Shown.NOT_COMPARABLE]
    changed = [one for one in judged if one.found.shown is Shown.CHANGED]
    if not curves:
        return ""
    if not judged:
        return "No joint angle over the cycle can be compared."
    if not changed:
        return f"No change is shown in {counted(len(judged), 'curve')} of joint angles."
    of = counted(len(judged), "curve")
    text = changed_sentence("Joint angles changed", _named(changed), len(changed), of)
    return f"{text} {relevance(_named([one for one in changed if one.matters]))}"


def _named(curves: Sequence[CurveChange]) -> str:
    return named((one.curve.label, one.side) for one in curves)


def curve_words(one: CurveChange) -> str:
    """What a curve's pictures show: the verdict, where in the cycle, the largest difference."""
    difference, at = one.largest
    largest = f"Largest difference {number(difference, 1)}° at {at} % of the cycle"
    if one.found.shown is Shown.NOT_COMPARABLE:
        return f"Not comparable. {largest}."
    half = float(one.found.half_width[at])
    low, high = number(difference - half, 1), number(difference + half, 1)
    verdict = "Not shown."
    if one.found.shown is Shown.CHANGED:
        relevant = ", clinically relevant" if one.matters else ""
        verdict = f"Changed{relevant}, at {_spans(one.found.spans)} % of the cycle."
    return (
        f"{verdict} {largest} (90 % interval {low} to {high}°, detectable "
        f"{number(float(one.found.detectable[at]), 1)}°)."
    )


def _spans(spans: Sequence[tuple[int, int]]) -> str:
    """Stretches of the cycle: "12 to 30, 60 to 75"."""
    return ", ".join(f"{a} to {b}" if b > a else f"{a}" for a, b in spans)


def curve_reasons(curves: Sequence[CurveChange]) -> list[str]:
    """Why curves cannot be compared: a sentence for each reason, with its curves."""
    by_reason: dict[str, list[CurveChange]] = {}
    for one in curves:
        if one.why:
            by_reason.setdefault(one.why, []).append(one)
    return [f"Not comparable, as {why}: {_named(own)}." for why, own in by_reason.items()]
