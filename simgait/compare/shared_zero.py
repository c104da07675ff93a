"""Curves whose zero nobody knows, beside others that have the same one: it cancels.

A person's own pelvis puts hip flexion and pelvic tilt of a detector's points off by a constant
(`certainty.pelvic_zero`). What is seen of one person through points of one definition has it alike,
and a difference does not have it at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simgait.compare.visit_walks import VisitWalks
from simgait.parameters.curves import CURVES, Curve
from simgait.skeleton.sides import SIDES


def sharing_zero(visits: Sequence[VisitWalks]) -> tuple[VisitWalks, ...]:
    """Visits of one person, without the zero of their curves where all are known to share it.

    Args:
        visits: of one person. They share it where every walk's points are of one definition that is
            known; else they stay as they are.
    """
    definitions = {visit.points for visit in visits}
    if "" in definitions or len(definitions) > 1:
        return tuple(visits)
    return tuple(map(without_zero, visits))


def without_zero(visit: VisitWalks) -> VisitWalks:
    """A visit whose curves are judged and measured without their zero, as beside its own."""
    walks = (replace(walk, curves={**walk.curves, **walk.without_zero}) for walk in visit.walks)
    return replace(visit, walks=tuple(walks), is_without_zero=True)


def curves_without_zero(visits: Sequence[VisitWalks]) -> tuple[Curve, ...]:
    """The joint angles whose zero was left out of these visits."""
    left_out = {
        name
        for visit in visits
        if visit.is_without_zero
        for walk in visit.walks
        for name in walk.without_zero
    }
    return tuple(
        curve for curve in CURVES if {f"{side}_{curve.coordinate}" for side in SIDES} & left_out
    )
