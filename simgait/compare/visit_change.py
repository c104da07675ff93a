"""Two visits of one person side by side: which numbers changed, as far as their walks show it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from simgait.agreement.change import Change, Shown, VisitNumber, change
from simgait.compare.compared_numbers import (
    ComparedNumber,
    compared_numbers,
    typical_sd,
    usable_number,
)
from simgait.compare.curve_change import CurveChange, curve_changes
from simgait.compare.shared_zero import sharing_zero
from simgait.compare.visit_names import BEFORE_AFTER, VisitNames
from simgait.compare.visit_walks import VisitWalks
from simgait.errors import InputError
from simgait.parameters.parameter import Pool
from simgait.parameters.wording import counted

GROWN_M = 0.03
"""Adults measure 1 to 2 cm less in the evening than in the morning (Tyrrell et al. 1985, Spine
10:161); what is more has grown, wears other shoes, or is somebody else."""
HEADER = (
    "parameter", "side", "unit", "before", "after", "difference", "difference_lo", "difference_hi",
    "detectable", "matters", "shown", "walks_before", "walks_after", "walk_sd", "why",
)  # fmt: skip
"""Of change.csv."""


@dataclass(frozen=True)
class NumberChange:
    """One number of two visits.

    Attributes:
        why: it cannot be compared; "" where it can.
    """

    parameter: ComparedNumber
    pool: Pool
    change: Change
    walks_before: int
    walks_after: int
    why: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether a page shows it: of parameters what summary.csv has; files have all."""
        return self.pool in self.parameter.summary

    @property
    def matters(self) -> bool:
        """Whether a change is shown and larger than what matters to who reads it."""
        return self.change.is_shown_beyond(self.parameter.tolerance)

    def cells(self) -> tuple[object, ...]:
        """In the order of `HEADER`."""
        c, tolerance = self.change, self.parameter.tolerance
        return (
            self.parameter.key, self.pool, self.parameter.unit.symbol, c.before, c.after,
            c.difference, *c.interval, c.detectable,
            tolerance if math.isfinite(tolerance) else math.nan, c.shown.value,
            self.walks_before, self.walks_after, c.walk_sd, self.why,
        )  # fmt: skip


@dataclass(frozen=True)
class VisitChange:
    """What changed, number by number; `notes` are sentences, `names` what the visits are called."""

    before: VisitWalks
    after: VisitWalks
    numbers: tuple[NumberChange, ...]
    curves: tuple[CurveChange, ...]
    notes: tuple[str, ...]
    names: VisitNames = BEFORE_AFTER


def visit_change(
    before: VisitWalks, after: VisitWalks, names: VisitNames = BEFORE_AFTER
) -> VisitChange:
    """Every number and curve that both visits may have.

    Args:
        before: the first visit.
        after: the second.
        names: what sentences call them.

    Raises:
        InputError: they are of two people, of other policies or healthy people, or share a
            recording.
    """
    refuse_unlike(before, after)
    before, after = sharing_zero((before, after))
    numbers = tuple(_numbers(before, after, names))
    curves = tuple(curve_changes(before, after, names))
    notes = tuple(unlike_notes(before, after, names))
    return VisitChange(before, after, numbers, curves, notes, names)


def refuse_unlike(before: VisitWalks, after: VisitWalks) -> None:
    """Raises InputError where two visits cannot be compared (`visit_change`)."""
    named = {visit.person for visit in (before, after)} - {""}
    if len(named) > 1:
        raise InputError(
            f"{before.name} is of {before.person}, {after.name} of {after.person}; only visits of "
            "one person can be compared."
        )
    if before.policy_sha256 != after.policy_sha256:
        raise InputError(
            f"{before.name} and {after.name} were tracked by different policies, whose numbers "
            "differ for the same walk; track both by one."
        )
    if before.reference_sha256 != after.reference_sha256:
        raise InputError(
            f"{before.name} and {after.name} were scored against different healthy people, so that "
            "GDI and GPS differ for the same walk; track both with one --reference."
        )
    if shared := before.recordings & after.recordings:
        raise InputError(
            f"{before.name} and {after.name} share {counted(len(shared), 'recording')}; a walk "
            "belongs to one visit."
        )


def unlike_notes(
    before: VisitWalks, after: VisitWalks, names: VisitNames = BEFORE_AFTER
) -> Iterator[str]:
    """Sentences on what else than the person may differ between two visits."""
    first, second = names.visits
    if before.code_sha256 != after.code_sha256:
        yield (
            "The visits were tracked by different versions of simgait; track the older one again, "
            "as a change may be that of the program."
        )
    if abs(after.height_m - before.height_m) > GROWN_M:
        yield (
            f"The person is {before.height_m:.2f} m tall in {first} and "
            f"{after.height_m:.2f} m in {second}: {_follows_height(before, after, names)}."
        )
    if before.formats != after.formats:
        kinds = [", ".join(sorted(visit.formats)) for visit in (before, after)]
        yield (
            f"The visits are recordings of different kinds ({kinds[0]}; {kinds[1]}): angles of "
            "other points have other offsets, so that a difference may be that of the method."
        )
    if not (before.person and after.person):
        yield "Nothing in the recordings says that both visits are of the same person."
    days = before.recorded_on, after.recorded_on
    if all(days) and days[0] > days[1]:
        earlier = first[0].upper() + first[1:]
        yield f"{earlier} was recorded after {second} ({days[0]}, {days[1]})."
    yield from _few(before, after, names)


def _follows_height(before: VisitWalks, after: VisitWalks, names: VisitNames) -> str:
    """What other heights change: a detector's positions are scaled to them, measured ones never."""
    called = zip((before, after), names.visits, strict=True)
    rescaled = [which for visit, which in called if visit.is_rescaled]
    if not rescaled:
        return (
            "normal ranges of lengths and speeds follow the height, the lengths and speeds "
            "themselves were measured and do not"
        )
    of = "" if len(rescaled) == 2 else f" of {rescaled[0]}"
    return f"lengths and speeds{of} follow the height"


def _few(before: VisitWalks, after: VisitWalks, names: VisitNames) -> Iterator[str]:
    """Sentences on visits of one walk, and on recordings that gave none."""
    visits = dict(zip(names.visits, (before, after), strict=True))
    single = [which for which, visit in visits.items() if len(visit.walks) == 1]
    if len(single) == len(visits):
        yield (
            "Each visit is one walk: how much the person varies from walk to walk is taken from "
            "two healthy adults."
        )
    elif single:
        other = next(which for which in visits if which not in single)
        yield (
            f"{single[0][0].upper()}{single[0][1:]} is one walk: how much the person varies is "
            f"taken from the walks of {other}, and from two healthy adults."
        )
    for which, visit in visits.items():
        if visit.failed:
            yield (f"{counted(visit.failed, 'recording')} in the folder of {which} gave no walk.")


def _numbers(before: VisitWalks, after: VisitWalks, names: VisitNames) -> Iterator[NumberChange]:
    for one in compared_numbers():
        for pool in one.pools:
            pair = visit_number(before, one.key, pool), visit_number(after, one.key, pool)
            if not any(len(number.values) for number in pair):
                continue
            found = change(*pair, typical_sd(one))
            walks = (len(pair[0].values), len(pair[1].values))
            why = why_not_compared(found, pair, names.visits)
            yield NumberChange(one, pool, found, *walks, why)


def visit_number(visit: VisitWalks, key: str, pool: Pool) -> VisitNumber:
    """One number of the walks in which it may be used."""
    own = (usable_number(walk, key, pool) for walk in visit.walks)
    values = np.array([one for one in own if one is not None], float).reshape(-1, 2)
    return VisitNumber(values[:, 0], values[:, 1])


def why_not_compared(found: Change, pair: Sequence[VisitNumber], visits: tuple[str, str]) -> str:
    """Why a number of two visits, which sentences call so, cannot be compared; "" where it can."""
    if found.shown is not Shown.NOT_COMPARABLE:
        return ""
    empty = [which for n, which in zip(pair, visits, strict=True) if not len(n.values)]
    if empty:
        return f"it may be used in no walk of {empty[0]}"
    if not all(math.isfinite(number.measuring_sd) for number in pair):
        return "how far off it may be is not known"
    return "one walk each, and how much it varies between walks is not known"
