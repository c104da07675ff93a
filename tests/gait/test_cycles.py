from __future__ import annotations

import numpy as np
import pytest

from simgait.findings import Code
from simgait.gait.cycles import gait_cycles
from simgait.types import EVENT_KINDS, GaitEvent

IC, FO = EVENT_KINDS


def test_events_of_the_other_foot_lie_inside(walker) -> None:
    walk = walker.Walk(right_step_s=0.5, left_stance=0.65)
    cycles, left_out = gait_cycles(walk.events())
    assert left_out == ()
    assert (
        sum(c.side == "left" for c in cycles) == 5 and sum(c.side == "right" for c in cycles) == 4
    )
    first = next(c for c in cycles if c.side == "left")
    assert first.start_s == pytest.approx(0.3) and first.end_s == pytest.approx(1.4)
    assert first.foot_off_s == pytest.approx(0.3 + 0.65 * 1.1)
    assert first.opposite_contact_s == pytest.approx(0.8)
    assert first.opposite_foot_off_s == pytest.approx(walk.off_s(1, -1))


def test_missing_foot_off_is_nan_never_zero(walker) -> None:
    events = [e for e in walker.Walk().events() if not (e.kind == FO and e.side == "left")]
    cycles, _ = gait_cycles(events)
    left = [c for c in cycles if c.side == "left"]
    assert len(left) == 5
    assert all(np.isnan(c.foot_off_s) and np.isfinite(c.opposite_contact_s) for c in left)


def test_slow_strides_stay_and_impossible_ones_go() -> None:
    slow = [GaitEvent(t, "left", IC) for t in (0.0, 3.0, 6.8)]
    assert len(gait_cycles(slow)[0]) == 2
    quick = [GaitEvent(t, "left", IC) for t in (0.0, 0.3, 1.4)]
    cycles, left_out = gait_cycles(quick)
    assert [(c.start_s, c.end_s) for c in cycles] == [(0.3, 1.4)]
    assert [f.code for f in left_out] == [Code.CYCLE_DURATION]
    assert left_out[0].values["duration_s"] == pytest.approx(0.3)


def test_a_cycle_that_hides_a_missed_contact_is_left_out(walker) -> None:
    events = [
        e for e in walker.Walk().events()
        if not (e.kind == IC and e.side == "left" and 1.0 < e.time_s < 2.0)
    ]  # fmt: skip
    cycles, left_out = gait_cycles(events)
    assert sum(c.side == "left" for c in cycles) == 3
    assert Code.CYCLE_HIDES_CONTACT in [f.code for f in left_out]


def test_no_events_no_cycles() -> None:
    assert gait_cycles(()) == ((), ())
