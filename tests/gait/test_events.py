from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from simgait.errors import InputError
from simgait.gait.events import EventConfig, contact_events, contacts

RATE_HZ = 240.0
TIME_S = np.arange(0.0, 3.0, 1.0 / RATE_HZ)


def load(*intervals: tuple[float, float], height: float = 0.9, ramp_s: float = 0.02) -> np.ndarray:
    """Trapezoids that start and end at 0 at the interval's ends."""
    total = np.zeros_like(TIME_S)
    for start, end in intervals:
        total += height * np.clip((TIME_S - start) / ramp_s, 0, 1) * np.clip(
            (end - TIME_S) / ramp_s, 0, 1
        )  # fmt: skip
    return total


def test_crossing_times_are_interpolated_between_samples() -> None:
    # Thresholds far from the ramp's kinks, where linear interpolation is exact.
    config = EventConfig(on_fraction_bw=0.5, off_fraction_bw=0.4)
    (contact,) = contacts(TIME_S, load((0.503, 1.2017), height=1.0), config)
    assert contact.start_s == pytest.approx(0.503 + 0.5 * 0.02, abs=1e-9)
    assert contact.end_s == pytest.approx(1.2017 - 0.4 * 0.02, abs=1e-9)


def test_no_event_where_the_foot_stands_at_the_start_and_end() -> None:
    found = contacts(TIME_S, load((-1.0, 0.7), (1.1, 4.0)), EventConfig())
    assert len(found) == 2
    assert np.isnan(found[0].start_s) and np.isnan(found[1].end_s)
    assert found[0].end_s == pytest.approx(0.7, abs=0.005)
    assert found[1].start_s == pytest.approx(1.1, abs=0.005)


def test_floor_search_in_the_first_samples_is_no_step() -> None:
    values = load((-1.0, 0.7))
    values[:2] = 0.0
    assert np.isnan(contacts(TIME_S, values, EventConfig())[0].start_s)


def test_chatter_is_one_contact() -> None:
    values = load((0.5, 1.2))
    values[(TIME_S > 0.6) & (TIME_S < 0.65)] = 0.0
    values[(TIME_S > 0.8) & (TIME_S < 0.81)] = 0.0
    assert len(contacts(TIME_S, values, EventConfig())) == 1


def test_load_between_the_thresholds_does_not_toggle() -> None:
    values = load((0.5, 1.5))
    inside = (TIME_S > 0.7) & (TIME_S < 1.2)
    values[inside] = np.where(np.arange(inside.sum()) % 2, 0.03, 0.045)
    assert len(contacts(TIME_S, values, EventConfig())) == 1


def test_scuff_in_mid_swing_is_dropped() -> None:
    found = contacts(TIME_S, load((0.2, 0.9), (1.1, 1.15), (1.3, 2.0)), EventConfig())
    assert [round(c.start_s, 1) for c in found] == [0.2, 1.3]


def test_sides_and_kinds() -> None:
    force = np.zeros((len(TIME_S), 2, 3))
    force[:, 0, 2] = 500.0 * load((0.5, 1.2))
    force[:, 1, 2] = 500.0 * load((1.0, 1.8))
    events = contact_events(TIME_S, force, 500.0)
    assert [(e.side, e.kind) for e in events] == [
        ("left", "initial_contact"), ("right", "initial_contact"),
        ("left", "foot_off"), ("right", "foot_off"),
    ]  # fmt: skip


def test_no_contact_no_event() -> None:
    assert contact_events(TIME_S, np.zeros((len(TIME_S), 2, 3)), 500.0) == ()


@pytest.mark.parametrize(
    ("time_s", "force", "weight"),
    [
        (TIME_S, np.zeros((len(TIME_S), 3)), 500.0),
        (TIME_S, np.zeros((len(TIME_S), 2, 3)), 0.0),
        (TIME_S, np.full((len(TIME_S), 2, 3), np.nan), 500.0),
        (TIME_S[::-1], np.zeros((len(TIME_S), 2, 3)), 500.0),
    ],
)
def test_bad_forces_are_refused(time_s: np.ndarray, force: np.ndarray, weight: float) -> None:
    # Where shapes are checked at run time, the annotations refuse first.
    with pytest.raises((InputError, TypeCheckError)):
        contact_events(time_s, force, weight)


def test_contradicting_thresholds_are_refused() -> None:
    with pytest.raises(InputError, match="off_fraction_bw"):
        EventConfig(on_fraction_bw=0.02, off_fraction_bw=0.05)


def test_force_plates_give_the_laboratorys_events(data_dir: Path) -> None:
    from simgait.recordings.formats.c3d import read_c3d

    recording = read_c3d(next(data_dir.glob("mcgill_c3d/**/HC044A15.c3d")))
    assert recording.mass_kg is not None
    checked = 0
    for plate in recording.force_plates:
        load_bw = plate.force_n[:, 2] / (9.81 * recording.mass_kg)
        (contact,) = contacts(plate.time_s, load_bw)
        for time_s, kind in ((contact.start_s, "initial_contact"), (contact.end_s, "foot_off")):
            known = [e.time_s for e in recording.events if e.kind == kind]
            assert min(abs(time_s - t) for t in known) < 0.03
            checked += 1
    assert checked == 4


def test_a_foot_that_taps_and_lifts_before_it_lands_has_landed_at_the_tap() -> None:
    time_s = np.arange(240) / 240
    load = np.zeros(240)
    load[48:58] = 0.4  # 42 ms
    load[82:200] = 1.0  # 100 ms later
    (found,) = contacts(time_s, load)
    assert found.start_s == pytest.approx(48 / 240, abs=1 / 240)
    # A scuff in mid swing is no landing.
    load[:] = 0.0
    load[40:50] = 0.4
    load[100:200] = 1.0
    (found,) = contacts(time_s, load)
    assert found.start_s == pytest.approx(100 / 240, abs=1 / 240)
