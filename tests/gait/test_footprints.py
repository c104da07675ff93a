"""Footprints: where feet stand, and steps that do not depend on the instant of contact."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from simgait.gait.analyse import analyse_markers
from simgait.gait.footprints import FLAT_FROM, Footprints, followed_footprints, footprints
from simgait.trials.trajectories import trajectories_of
from simgait.types import GaitEvent


def test_prints_are_where_the_feet_stand(walker) -> None:
    walk = walker.Walk()
    time_s, points = walker.markers(walk)
    prints = footprints(trajectories_of(time_s, points), walk.events())
    by_side = {s: [p[0] for (side, _), p in sorted(prints.items()) if side == s] for s in
               ("left", "right")}  # fmt: skip
    for heels in by_side.values():
        assert np.allclose(np.diff(np.array(heels)[:, 0]), walk.stride_m, atol=2e-3)


def test_steps_do_not_move_with_the_instant_of_contact(walker) -> None:
    walk = walker.Walk()
    time_s, points = walker.markers(walk)
    late = [
        replace(e, time_s=e.time_s + 0.03) if e.kind == "initial_contact" else e
        for e in walk.events()
    ]
    for events in (walk.events(), late):
        found = analyse_markers(time_s, points, events).parameters
        for side, length in (("left", walk.left_step_m), ("right", walk.right_step_m)):
            assert found["step_length_m"][side].mean == pytest.approx(length, abs=3e-3)


def test_a_contact_that_the_recording_does_not_show_whole_has_no_print(walker) -> None:
    walk = walker.Walk()
    time_s, points = walker.markers(walk)
    events = sorted(walk.events(), key=lambda e: e.time_s)
    last = [e for e in events if e.kind == "initial_contact"][-1]
    short = time_s < last.time_s + 0.05
    paths = trajectories_of(time_s[short], points[short])
    assert (last.side, last.time_s) not in footprints(paths, events)


@pytest.mark.parametrize(("past_s", "is_shown"), [(0.02, False), (0.05, True)])
def test_what_an_end_leaves_of_a_contact_is_judged_by_time_not_by_frames(
    walker, past_s: float, is_shown: bool
) -> None:
    walk = walker.Walk()
    time_s, points = walker.markers(walk)
    events = sorted(walk.events(), key=lambda e: e.time_s)
    last = [e for e in events if e.kind == "initial_contact"][-1]
    stance_s = np.median([o.time_s - c.time_s for c, o in stances(events)])
    end_s = last.time_s + FLAT_FROM * stance_s + past_s
    for rate_hz in (30.0, 120.0):
        clock_s = np.arange(end_s, time_s[0], -1.0 / rate_hz)[::-1]
        seen = CubicSpline(time_s, np.nan_to_num(points))(clock_s)  # arms are unknown
        found = footprints(trajectories_of(clock_s, seen), events)
        assert ((last.side, last.time_s) in found) == is_shown, rate_hz


def stances(events: list[GaitEvent]) -> list[tuple[GaitEvent, GaitEvent]]:
    """Initial contact and foot off of each stance that is seen whole."""
    own = [[e for e in events if e.side == side] for side in ("left", "right")]
    return [(a, b) for one in own for a, b in pairwise(one) if a.kind == "initial_contact"]


def test_unknown_toes_do_not_cost_a_print(walker) -> None:
    walk = walker.Walk()
    time_s, points = walker.markers(walk)
    paths = trajectories_of(time_s, points)
    blind = replace(paths, toe_m=np.full_like(paths.toe_m, np.nan))
    prints = footprints(blind, walk.events())
    assert len(prints) == len(footprints(paths, walk.events()))
    assert all(np.isfinite(p[0]).all() and np.isnan(p[1]).all() for p in prints.values())


def print_at(x_m: float, y_m: float = 0.1) -> np.ndarray:
    return np.array([[x_m, y_m, 0.02], [x_m + 0.2, y_m, 0.01]])


def test_a_followed_foot_tells_where_its_simulated_one_stands_if_that_is_near() -> None:
    simulated: Footprints = {("left", 0.5): print_at(1.0, 0.11), ("left", 1.5): print_at(2.2)}
    followed: Footprints = {("left", 0.5): print_at(1.01, 0.13), ("left", 1.5): print_at(2.4)}
    found = followed_footprints(simulated, followed)
    assert np.array_equal(found["left", 0.5], followed["left", 0.5])
    assert np.array_equal(found["left", 1.5], simulated["left", 1.5])


def test_a_step_that_only_one_of_both_feet_made_is_the_simulated_one() -> None:
    simulated: Footprints = {("left", 0.5): print_at(1.0)}
    followed: Footprints = {("right", 1.0): print_at(1.6)}
    assert followed_footprints(simulated, followed) == simulated
