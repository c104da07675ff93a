"""A visit between the first and the last: whether a number differs there from either of them.

What changed and went away again shows in no comparison of the last visit with the first. Each visit
in between is compared with both, as they are with each other. Two comparisons a visit would let
more than 1 number in 20 seem to differ: the visit must lie off the middle between first and last as
well (`agreement.change.change_from_both`), by so much that this happens by chance to 1 number in 20
whose visits are all alike, however many they are (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simgait.agreement.change import LEVEL, Change, Shown, VisitNumber, change, change_from_both
from simgait.compare.compared_numbers import ComparedNumber
from simgait.parameters.column import Display
from simgait.parameters.parameter import Pool


@dataclass(frozen=True)
class VisitBetween:
    """One number in one visit between the first and the last.

    Attributes:
        place: of the visit, the first is 1.
        from_first, from_last: this visit less these.
        off_both: this visit less the middle between the two, or less the one that it can be
            compared with, at the level that leaves 1 number in 20 to chance.
        ends: the last visit less the first.
    """

    place: int
    from_first: Change
    from_last: Change
    off_both: Change
    ends: Change

    @property
    def is_judged(self) -> bool:
        """Whether it can be compared with the first or the last."""
        return _is_known(self.from_first) or _is_known(self.from_last)

    @property
    def shown(self) -> tuple[Change, ...]:
        """From the first and from the last, what is shown; none where it may be by chance.

        None either where all that is shown is on the way from the first visit to the last.
        """
        pair = (self.from_first, self.from_last)
        found = tuple(one for one in pair if one.shown is Shown.CHANGED)
        if self.off_both.shown is not Shown.CHANGED:
            return ()
        if self.ends.shown is Shown.CHANGED and not self._turned(found):
            return ()
        return found

    @property
    def is_back(self) -> bool:
        """Whether what changed by then has changed back, and the ends are not shown to differ."""
        return self._turned(self.shown) and self.ends.shown is Shown.NOT_SHOWN

    def matters(self, tolerance: float) -> bool:
        """Whether a difference is shown and at least as large as one that matters."""
        return any(abs(one.difference) >= tolerance for one in self.shown)

    @staticmethod
    def _turned(found: Sequence[Change]) -> bool:
        """Both ways are shown, and lead to the same side."""
        return len(found) == 2 and found[0].difference * found[1].difference > 0.0  # noqa: PLR2004


def visits_between(found: Sequence[VisitNumber], typical_sd: float) -> tuple[VisitBetween, ...]:
    """Each visit but the first and the last.

    Args:
        found: one number in the walks of each visit, in their order.
        typical_sd: between walks of one person on one day; NaN where nobody knows.
    """
    first, *middle, last = found
    ends, level = change(first, last, typical_sd), 1.0 - (1.0 - LEVEL) / len(middle)

    def beside(place: int, one: VisitNumber) -> VisitBetween:
        from_first, from_last = (change(end, one, typical_sd) for end in (first, last))
        pair = ((first, from_first), (last, from_last))
        known = [end for end, own in pair if _is_known(own)]
        if len(known) == 1:
            off = change(known[0], one, typical_sd, level=level)
        else:
            off = change_from_both(one, (first, last), typical_sd, level=level)
        return VisitBetween(place, from_first, from_last, off, ends)

    return tuple(beside(place, one) for place, one in enumerate(middle, start=2))


def _is_known(one: Change) -> bool:
    return one.shown is not Shown.NOT_COMPARABLE


def between_sentence(one: ComparedNumber, pool: Pool, visits: Sequence[VisitBetween]) -> str:
    """What a number did between the first visit and the last; "" where nothing is shown.

    Args:
        one: the number.
        pool: whose it is.
        visits: all in between, in their order.
    """
    last = visits[-1].place + 1
    # Visits of which the same is said share it: what each differs by, and then the rest.
    by_rest: dict[tuple[str, str], list[str]] = {}
    for visit in visits:
        if visit.shown:
            less, rest = _less_and_rest(visit, last, one.display)
            by_rest.setdefault(rest, []).append(f"{less} at visit {visit.place}")
    if not by_rest:
        return ""
    said = (f"{' and '.join(own)} than at {than}{rest}" for (than, rest), own in by_rest.items())
    side = "" if pool == "both" else f" ({pool})"
    return f"{one.label}{side}: {'; '.join(said)}."


def _less_and_rest(visit: VisitBetween, last: int, display: Display) -> tuple[str, tuple[str, str]]:
    """How much less or more ("0.40 m/s less"), than at which visit, and what of the other one."""
    known = visit.from_first.shown is Shown.CHANGED
    less = _less(visit.from_first if known else visit.from_last, display)
    this, other = ("visit 1", f"visit {last}") if known else (f"visit {last}", "visit 1")
    if visit.is_back:
        return less, (this, f", back at {other}")
    if len(visit.shown) > 1:
        # They lead to the same side, or the ends cannot be compared.
        beside = _less(visit.from_last, display)
        return less, (this, f", and {beside} than at {other}")
    if visit.ends.shown is Shown.NOT_COMPARABLE:
        return less, (this, f"; {other} cannot be compared with {this}")
    return less, (this, f"; {other} is shown to differ from neither")


def _less(change: Change, display: Display) -> str:
    unit = display.unit.symbol
    size = f"{display.width(abs(change.difference))}{unit if unit == '°' else f' {unit}'.rstrip()}"
    return f"{size} {'less' if change.difference < 0.0 else 'more'}"
