"""Gait cycles of both legs from foot events, incomplete ones kept with NaN."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from simgait.findings import Code, Finding
from simgait.gait_result import Cycle
from simgait.skeleton.sides import SIDES, Side, opposite
from simgait.types import GaitEvent, event_times_s

MIN_STRIDE_S = 0.4
"""Below anybody's: .46 s is the shortest that is plausible (`parameters.plausible`)."""
MAX_STRIDE_S = 4.0
"""Beyond anybody's who goes on walking: 3 s is the longest plausible one; a longer time between two
contacts has a missed one in it, or a stop."""
NAN = float("nan")


def gait_cycles(events: Sequence[GaitEvent]) -> tuple[tuple[Cycle, ...], tuple[Finding, ...]]:
    """Every cycle from one initial contact to the next of the same foot, and what was left out.

    A cycle whose other events were not found keeps NaN for them: it still has a stride time. A
    cycle that must hide a missed contact (two foot offs, or two contacts of the other foot,
    inside) and one outside 0.4-4 s is left out.

    Returns:
        cycles in order of start, and a finding for each that was left out.
    """
    cycles: list[Cycle] = []
    left_out: list[Finding] = []
    for side in SIDES:
        other = opposite(side)
        contacts = event_times_s(events, side, "initial_contact")
        offs = event_times_s(events, side, "foot_off")
        other_contacts = event_times_s(events, other, "initial_contact")
        other_offs = event_times_s(events, other, "foot_off")
        for start, end in zip(contacts[:-1], contacts[1:], strict=True):
            span = {"start_s": start, "end_s": end}
            if not MIN_STRIDE_S <= end - start <= MAX_STRIDE_S:
                beyond = {"duration_s": end - start, "low_s": MIN_STRIDE_S, "high_s": MAX_STRIDE_S}
                left_out.append(Finding(Code.CYCLE_DURATION, "note", span | beyond, side))
                continue
            own = [t for t in offs if start < t < end]
            across = [t for t in other_contacts if start < t < end]
            if len(own) > 1 or len(across) > 1:
                left_out.append(Finding(Code.CYCLE_HIDES_CONTACT, "note", span, side))
                continue
            contact = across[0] if across else NAN
            # Weight leaves the other foot before that foot lands again; a foot off after its
            # landing belongs to the next cycle.
            limit = contact if across else end
            released = [t for t in other_offs if start < t < limit]
            cycles.append(
                Cycle(
                    side=side,
                    start_s=start,
                    end_s=end,
                    foot_off_s=own[0] if own else NAN,
                    opposite_foot_off_s=released[0] if len(released) == 1 else NAN,
                    opposite_contact_s=contact,
                )
            )
    return tuple(sorted(cycles, key=lambda c: (c.start_s, c.side))), tuple(left_out)


def without_steps(
    cycles: Sequence[Cycle], missed: Collection[tuple[Side, float, float]]
) -> tuple[tuple[Cycle, ...], tuple[Finding, ...]]:
    """The cycles without those that a step which hides missed landings is part of.

    Args:
        cycles: from `gait_cycles`.
        missed: leading side, and both initial contacts (s), of such steps.

    Returns:
        those that stay, and a finding for each that was left out.
    """
    kept: list[Cycle] = []
    left_out: list[Finding] = []
    for cycle in cycles:
        own = {
            (opposite(cycle.side), cycle.start_s, cycle.opposite_contact_s),
            (cycle.side, cycle.opposite_contact_s, cycle.end_s),
        }
        if own.isdisjoint(missed):
            kept.append(cycle)
        else:
            span = {"start_s": cycle.start_s, "end_s": cycle.end_s}
            left_out.append(Finding(Code.CYCLE_HIDES_CONTACT, "note", span, cycle.side))
    return tuple(kept), tuple(left_out)
