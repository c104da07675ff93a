"""Curves of synthetic walkers that are known: one joint's changed, or none, is what is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path

import pytest

import simgait
from simgait.agreement.change import Shown
from simgait.compare.curve_change import CurveChange
from simgait.synthetic.walkers.specification import WalkerSpec, draw_walker
from tests.compare.walkers import PAIRS, even_walker, walked_visit, with_drop_foot

ANKLE = "ankle_dorsiflexion"
SWING = range(62, 100)


def changed(curves: Iterable[CurveChange]) -> list[tuple[str, str]]:
    return [(one.curve.coordinate, one.side) for one in curves if one.found.shown is Shown.CHANGED]


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two visits of a person whose sides are alike, and one of them with a drop foot."""
    folder, usual = tmp_path_factory.mktemp("visits"), even_walker()
    people = {"a": usual, "b": usual, "c": with_drop_foot(usual)}
    return [
        walked_visit(folder / name, spec, 10 * at) for at, (name, spec) in enumerate(people.items())
    ]


def test_pairs_are_all_that_a_walker_has_of_each_side() -> None:
    spec = draw_walker(5, "normal")
    pairs = {one.name for one in fields(WalkerSpec) if isinstance(getattr(spec, one.name), tuple)}
    assert pairs == set(PAIRS)


def test_of_two_visits_the_changed_joint_is_named_and_where(visits: list[Path]) -> None:
    assert changed(simgait.visit_change(visits[0], visits[1]).curves) == []
    found = simgait.visit_change(visits[0], visits[2]).curves
    assert changed(found) == [(ANKLE, "left")]
    (ankle,) = (one for one in found if changed([one]))
    assert all(first in SWING and last in SWING for first, last in ankle.found.spans)
    assert ankle.largest[0] == pytest.approx(-23.0, abs=3.0) and ankle.matters


def test_of_sides_that_are_alike_none_is_different(visits: list[Path]) -> None:
    found = simgait.visit_sides(visits[0]).curves
    assert len(found) == 8 and changed(found) == []
    assert {one.verdict for one in found} == {"not shown"}


def test_of_a_drop_foot_its_ankle_alone_is_different(visits: list[Path]) -> None:
    found = simgait.visit_sides(visits[2]).curves
    assert changed(found) == [(ANKLE, "both")]
    (ankle,) = (one for one in found if changed([one]))
    assert ankle.verdict == "different" and ankle.matters
    # Left less right: the left foot hangs down.
    assert ankle.largest[0] < -15.0 and ankle.largest[1] in SWING
    assert all(first in SWING and last in SWING for first, last in ankle.found.spans)


def test_a_trend_judges_the_last_visit_against_the_first(visits: list[Path]) -> None:
    found = simgait.visit_trend(visits)
    assert len(found.curves) == 16 and all(len(one.means) == 3 for one in found.curves)
    assert changed(one.changes[0] for one in found.curves) == []
    assert changed(one.last for one in found.curves) == [(ANKLE, "left")]
    pair = simgait.visit_change(visits[0], visits[2]).curves
    for trend, one in zip(found.curves, pair, strict=True):
        assert (trend.last.found.difference == one.found.difference).all()
        assert (trend.last.found.detectable == one.found.detectable).all()
    back = simgait.visit_trend([visits[0], visits[2], visits[1]])
    assert changed(one.last for one in back.curves) == []


def test_shorter_steps_are_no_difference_between_sides(tmp_path: Path) -> None:
    """What changes both sides alike changes curves of visits, not those of sides."""
    spec = even_walker()
    short = replace(spec, step_length_m=(0.6 * spec.step_length_m[0],) * 2)
    folders = [walked_visit(tmp_path / name, own, 5) for name, own in (("a", spec), ("b", short))]
    assert changed(simgait.visit_sides(folders[1]).curves) == []
