"""Contacts timed by two opinions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.body.contact_timing import (
    FLICKER_S,
    ONE_EVENT_S,
    SAME_STEP_S,
    bound_timing,
    contacts_by_motion,
    crossings,
    mean_timing,
    without_flickers,
)
from simgait.types import FittedTrial, GaitEvent

FPS_HZ = 30.0
TIME_S = np.arange(90) / FPS_HZ
LANDS_S, LEAVES_S = 0.52, 1.21


def standing(lands_s: float = LANDS_S, leaves_s: float = LEAVES_S) -> np.ndarray:
    """Probability of one stance, with straight flanks of 0.2 s."""
    rise, fall = (TIME_S - lands_s) / 0.2 + 0.5, (leaves_s - TIME_S) / 0.2 + 0.5
    return np.clip(np.minimum(rise, fall), 0.0, 1.0)


def test_crossings_lie_between_frames() -> None:
    (landing, on), (leaving, off) = crossings(standing(), FPS_HZ)
    assert (on, off) == ("initial_contact", "foot_off")
    assert landing == pytest.approx(LANDS_S, abs=1e-9)
    assert leaving == pytest.approx(LEAVES_S, abs=1e-9)
    assert crossings(np.full(10, 0.5), FPS_HZ) == []


def test_events_move_midway_and_probabilities_keep_their_values() -> None:
    both = np.stack([standing(), standing()], axis=1)
    events = (
        GaitEvent(LANDS_S + 0.04, "left", "initial_contact"),
        GaitEvent(LEAVES_S - 0.06, "left", "foot_off"),
    )
    moved = mean_timing(both, events, FPS_HZ)
    landing, leaving = (time for time, _ in crossings(moved[:, 0], FPS_HZ))
    assert landing == pytest.approx(LANDS_S + 0.02, abs=0.003)
    assert leaving == pytest.approx(LEAVES_S - 0.03, abs=0.003)
    assert np.array_equal(moved[:, 1], both[:, 1]), "the other foot has no kinematic events"
    assert moved.min() >= 0.0 and moved.max() <= 1.0
    stance = (TIME_S > LANDS_S + 0.15) & (TIME_S < LEAVES_S - 0.15)
    assert np.allclose(moved[stance], 1.0)


def test_an_event_of_another_step_or_kind_moves_nothing() -> None:
    both = np.stack([standing(), standing()], axis=1)
    far = GaitEvent(LANDS_S + ONE_EVENT_S + 0.01, "left", "initial_contact")
    other = GaitEvent(LANDS_S + 0.02, "left", "foot_off")
    assert np.array_equal(mean_timing(both, (far, other), FPS_HZ), both)
    assert np.array_equal(mean_timing(both, (), FPS_HZ), both)


def test_times_stay_in_order_where_a_flicker_is_pulled_both_ways() -> None:
    flicker = standing(1.0, 1.1)
    (landing, _), (leaving, _) = crossings(flicker, FPS_HZ)
    events = (
        GaitEvent(landing + 0.11, "left", "initial_contact"),
        GaitEvent(leaving - 0.11, "left", "foot_off"),
    )
    moved = mean_timing(np.stack([flicker, flicker], axis=1), events, FPS_HZ)[:, 0]
    assert moved.min() >= 0.0 and moved.max() <= flicker.max() + 1e-9
    assert [kind for _, kind in crossings(moved, FPS_HZ)] == ["initial_contact", "foot_off"]


def test_both_opinions_alike_change_nothing() -> None:
    both = np.stack([standing(), standing()], axis=1)
    same = tuple(GaitEvent(time, "right", kind) for time, kind in crossings(both[:, 1], FPS_HZ))
    assert np.allclose(mean_timing(both, same, FPS_HZ), both, atol=1e-12)


@pytest.mark.parametrize("swings", [False, True])
def test_a_stance_or_swing_that_nobody_makes_is_none(swings: bool) -> None:
    whole = standing(0.4, 2.4) if swings else standing(1.5, 2.4)
    flicker = standing(0.8, 0.8 + FLICKER_S - 0.04)
    shown = whole - flicker if swings else np.maximum(whole, flicker)
    assert len(crossings(shown, FPS_HZ)) == 4
    mended = without_flickers(np.stack([shown, whole], axis=1), FPS_HZ)
    assert np.array_equal(mended[:, 1], whole)
    assert crossings(mended[:, 0], FPS_HZ) == crossings(whole, FPS_HZ)
    assert mended.min() >= 0.0 and mended.max() <= 1.0


def test_several_flickers_in_a_row_leave_the_steps_about_them() -> None:
    shown = standing(0.3, 2.5)
    for at_s in (0.9, 1.2, 1.5):
        shown = np.minimum(shown, 1.0 - standing(at_s, at_s + 0.15))
    assert len(crossings(shown, FPS_HZ)) == 8
    mended = without_flickers(np.stack([shown, shown], axis=1), FPS_HZ)[:, 0]
    (landing, _), (leaving, _) = crossings(mended, FPS_HZ)
    assert landing == pytest.approx(0.3) and leaving == pytest.approx(2.5)


def test_the_swing_of_a_quick_child_stays_and_so_does_what_the_ends_cut_off() -> None:
    swing = 1.0 - standing(1.0, 1.25)
    cut_off = np.maximum(standing(-0.5, 0.1), standing(2.9, 4.0))
    both = np.stack([swing, cut_off], axis=1)
    assert np.array_equal(without_flickers(both, FPS_HZ), both)


def test_measured_events_bind_to_the_millisecond() -> None:
    both = np.stack([standing(), standing()], axis=1)
    events = (
        GaitEvent(LANDS_S + 0.0437, "left", "initial_contact"),
        GaitEvent(LEAVES_S - 0.0611, "left", "foot_off"),
    )
    bound = bound_timing(both, events, FPS_HZ)
    (landing, on), (leaving, off) = crossings(bound[:, 0], FPS_HZ)
    assert (on, off) == ("initial_contact", "foot_off")
    assert landing == pytest.approx(events[0].time_s, abs=1e-9)
    assert leaving == pytest.approx(events[1].time_s, abs=1e-9)
    own = [time for time, _ in crossings(bound[:, 1], FPS_HZ)]
    assert own == pytest.approx([LANDS_S, LEAVES_S], abs=1e-9), "no event: its own times"


def test_a_measured_landing_binds_though_the_network_tells_it_late() -> None:
    both = np.stack([standing(), np.full(90, 0.1)], axis=1)
    for early_s in (ONE_EVENT_S + 0.004, SAME_STEP_S - 0.01):
        measured = GaitEvent(LANDS_S - early_s, "left", "initial_contact")
        bound = bound_timing(both, (measured,), FPS_HZ)
        landing = crossings(bound[:, 0], FPS_HZ)[0][0]
        assert landing == pytest.approx(LANDS_S - early_s, abs=1e-9)


def test_of_two_turns_near_one_measured_landing_the_further_one_is_not_it() -> None:
    twice = np.zeros((90, 2))
    twice[15:20, 0] = twice[24:, 0] = 1.0
    first_s, later_s = 14.5 / FPS_HZ, 23.5 / FPS_HZ
    measured = GaitEvent(first_s + 0.135, "left", "initial_contact")
    assert ONE_EVENT_S < later_s - measured.time_s < SAME_STEP_S
    bound = bound_timing(twice, (measured,), FPS_HZ)
    landings = [t for t, kind in crossings(bound[:, 0], FPS_HZ) if kind == "initial_contact"]
    assert landings[-1] == pytest.approx(later_s, abs=1e-9)


def test_a_foot_that_never_turns_and_events_far_from_any_turn_change_nothing() -> None:
    unknown = np.full((30, 2), 0.5)
    event = GaitEvent(0.5, "left", "initial_contact")
    assert np.array_equal(bound_timing(unknown, (event,), FPS_HZ), unknown)
    both = np.stack([standing(), standing()], axis=1)
    far = GaitEvent(LANDS_S + SAME_STEP_S + 0.01, "left", "initial_contact")
    (landing, _), _ = crossings(bound_timing(both, (far,), FPS_HZ)[:, 0], FPS_HZ)
    assert landing == pytest.approx(LANDS_S, abs=1e-9)


def test_film_lands_earlier_least_from_the_side_and_leaves_as_it_does(
    fitted: dict[str, list[FittedTrial]],
) -> None:
    one = fitted["monocular"][0]

    def times_s(kind: str, is_filmed: bool = True, seen_along: float = float("nan")) -> np.ndarray:
        trial = replace(one.trial, is_filmed=is_filmed, seen_along=seen_along)
        seen = replace(one, trial=trial)
        return np.array([e.time_s for e in contacts_by_motion(seen, seen.pose) if e.kind == kind])

    points = times_s("initial_contact", is_filmed=False)
    side = times_s("initial_contact", seen_along=0.1)
    along = times_s("initial_contact", seen_along=0.9)
    unknown = times_s("initial_contact")
    assert len(points) > 3
    assert (along < side).all() and (side < points).all() and (points - along < 0.06).all()
    assert np.array_equal(unknown, along), "where nobody knows, as the most views have it"
    assert np.array_equal(times_s("foot_off"), times_s("foot_off", is_filmed=False))
