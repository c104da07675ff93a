"""Each person left out is judged by networks that never saw a curve of theirs."""

from dataclasses import replace

import numpy as np
import pytest

from simgait.companions.angle_refiner.curves import joined
from simgait.companions.angle_refiner.left_out import chosen_people, leave_out, nobody_yet
from simgait.companions.angle_refiner.refiner import ESTIMATORS, FUSED, fit_refiner
from simgait.datasets.splits import SplitError
from tests.companions.angle_refiner.made_up import QUICK, pairs

PAIRS = pairs(5, 1)


@pytest.mark.slow
def test_the_ones_left_out_are_told_by_what_the_others_teach_and_a_stop_changes_nothing():
    systems, people = {"own": PAIRS}, {"own": ["p1", "p3"]}
    state = nobody_yet(systems)
    stopped = leave_out(systems, people, QUICK, state, lambda now, of: False)
    assert int(stopped.done) == 1
    state = leave_out(systems, people, QUICK, stopped)
    assert int(state.done) == 2
    said = state.said["own"][ESTIMATORS.index(FUSED)]
    own = PAIRS.of(["p1", "p3"])
    assert np.isnan(np.delete(said, own, axis=0)).all()
    others = PAIRS.rows(PAIRS.of(["p3"], others=True))
    rows = PAIRS.of(["p3"])
    told = fit_refiner(others, QUICK).said(PAIRS.estimated[rows])[FUSED]
    np.testing.assert_allclose(said[rows], told, atol=1e-4)


def test_a_walk_under_two_names_is_an_error():
    twice = joined([PAIRS, replace(PAIRS.rows(PAIRS.of(["p1"])), people=("other",) * 2)])
    with pytest.raises(SplitError, match="p1: 2 frames that judge were learned"):
        leave_out({"own": twice}, {"own": ["p1"]}, QUICK, nobody_yet({"own": twice}))


def test_people_with_markers_come_first():
    names = ("synthetic-000001", "lab-7", "synthetic-000002", "lab-8", "synthetic-000003")
    mixed = replace(PAIRS, people=tuple(who for who in names for _ in range(2)))
    chosen = chosen_people(mixed, 3)
    assert set(chosen[:2]) == {"lab-7", "lab-8"} and chosen[2].startswith("synthetic-")
