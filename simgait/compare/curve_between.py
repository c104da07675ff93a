"""A visit between the first and the last: where a joint curve left both of them, to one side.

Each is the comparison of two visits (`agreement.curve_change`), and the two have to agree on where
and which way. Both at once happens by chance to fewer curves than either alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from simgait.agreement.change import Shown
from simgait.agreement.curve_change import CurveDifference
from simgait.compare.curve_change import DECIMALS, CurveChange


def left_both(from_first: CurveDifference, from_last: CurveDifference) -> Bool[np.ndarray, " P"]:
    """Where a visit lies beyond what is detectable from both others, on the same side of them.

    Args:
        from_first: the visit less the first.
        from_last: the visit less the last.
    """
    same_side = from_first.difference * from_last.difference > 0.0
    return np.asarray(from_first.beyond & from_last.beyond & same_side)


@dataclass(frozen=True)
class CurveBetween:
    """One joint angle of one side in one visit between the first and the last.

    Attributes:
        place: of the visit, the first is 1.
        from_first, from_last: this visit less these.
        ends: the last visit less the first.
    """

    place: int
    from_first: CurveChange
    from_last: CurveChange
    ends: CurveChange

    @property
    def left(self) -> Bool[np.ndarray, " 101"]:
        """Where it is shown to lie beside both."""
        return left_both(self.from_first.found, self.from_last.found)

    @property
    def at_percent(self) -> int:
        """Of the cycle, where it is `left` and furthest from the nearer of the two."""
        pair = (self.from_first.found.difference, self.from_last.found.difference)
        # To as many digits as files have, so that of a level stretch it is the first.
        nearer = np.minimum(*(np.abs(one) for one in pair)).round(DECIMALS)
        return int(np.argmax(np.where(self.left, nearer, -1.0)))

    @property
    def is_back(self) -> bool:
        """Whether the ends are not shown to differ."""
        return self.ends.found.shown is Shown.NOT_SHOWN


def curve_between_sentence(visits: Sequence[CurveBetween]) -> str:
    """What a joint curve did between the first visit and the last; "" where nothing is shown.

    Args:
        visits: all in between, in their order.
    """
    last = visits[-1].place + 1
    said = [_said(visit, last) for visit in visits if visit.left.any()]
    if not said:
        return ""
    one = visits[0].ends
    return f"{one.curve.label} ({one.side}): {'; '.join(said)}."


def _said(visit: CurveBetween, last: int) -> str:
    at = visit.at_percent
    first_deg, last_deg = (
        float(one.found.difference[at]) for one in (visit.from_first, visit.from_last)
    )
    way = "more" if first_deg > 0.0 else "less"
    back = f", back at visit {last}" if visit.is_back else ""
    return (
        f"at visit {visit.place} up to {abs(first_deg):.0f}° {way} than at visit 1 and "
        f"{abs(last_deg):.0f}° {way} than at visit {last}, at {at} % of the cycle{back}"
    )
