"""The phase of strides against the one signals were made with."""

import numpy as np
import pytest

from simgait.video.stride_phase import band_phase, stride_phase

RATE_HZ = 30.0


def off_turns(phase, expected):
    """How far a phase is before the expected one, in turns; whole ones do not count."""
    return ((phase - expected) / (2 * np.pi) + 0.5) % 1.0 - 0.5


def swinging(strides_hz, seconds=6.0, rate_hz=RATE_HZ):
    """Legs that swing as fast as a function of time says: ahead, phase."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(strides_hz, time_s.shape)) / rate_hz - 1.0
    noise = np.random.default_rng(5).normal(0.0, 0.05, len(time_s))
    return np.cos(phase) + 0.1 * np.cos(2 * phase) + noise, phase


@pytest.mark.parametrize("strides_hz", [0.55, 0.9, 1.4])
@pytest.mark.parametrize("rate_hz", [25.0, 60.0, 240.0])
def test_the_phase_is_a_whole_turn_where_the_left_foot_is_foremost(strides_hz, rate_hz):
    """Up to the ends of the walk, for which a filter that mirrors them would turn it round."""
    for seconds in (3.1, 3.4, 3.7):
        ahead, phase = swinging(strides_hz, seconds, rate_hz)
        assert np.abs(off_turns(stride_phase(500.0 * ahead, rate_hz), phase)).max() < 0.06


def test_the_phase_follows_a_walk_that_becomes_faster():
    pace_hz = np.linspace(0.75, 1.05, round(6.0 * RATE_HZ))
    ahead, phase = swinging(pace_hz)
    assert np.abs(off_turns(stride_phase(ahead, RATE_HZ), phase)).max() < 0.1


def test_strides_go_on_where_legs_are_not_seen():
    """Half a stride and a whole one of nothing that was seen; straight lines bridge them."""
    ahead, phase = swinging(0.9)
    seen = np.ones(len(ahead), bool)
    seen[40:57], seen[100:133] = False, False
    at = np.arange(len(ahead))
    bridged = np.interp(at, at[seen], ahead[seen])
    assert np.abs(off_turns(stride_phase(bridged, RATE_HZ, seen=seen), phase)).max() < 0.1


@pytest.mark.parametrize("lost_as", ["exchanged", "backwards", "faint"])
def test_the_phase_never_turns_round(lost_as):
    """Whatever a detector makes of legs for a second; what is faint is not even followed."""
    ahead, phase = swinging(0.9, 8.0)
    broken, lost = ahead.copy(), slice(100, 130)
    faint = 0.2 * np.random.default_rng(2).normal(size=30)
    broken[lost] = {"exchanged": -ahead[lost], "backwards": ahead[lost][::-1], "faint": faint}[
        lost_as
    ]
    found = stride_phase(broken, RATE_HZ)
    assert np.diff(found).min() > 0.4 * np.diff(phase).mean()
    since = 80 if lost_as == "faint" else 165
    assert np.abs(off_turns(found, phase))[since:-30].max() < 0.06


def test_a_walk_without_a_rhythm_has_a_phase_all_the_same():
    for ahead in (np.zeros(90), np.ones(20), np.linspace(0.0, 1.0, 90)):
        assert np.isfinite(stride_phase(ahead, RATE_HZ)).all()
    assert np.isfinite(stride_phase(np.ones(90), RATE_HZ, seen=np.zeros(90, bool))).all()


def test_the_bands_own_phase_shows_where_labels_change_places():
    """Whoever asks which leg is which needs it; a quarter of a stride about the change aside."""
    ahead, phase = swinging(0.9, 8.0)
    changed = np.arange(len(ahead)) >= 120
    off = off_turns(band_phase(np.where(changed, -ahead, ahead), RATE_HZ), phase)
    assert np.abs(off[20:100]).max() < 0.1
    assert np.abs(off[140:-20]).min() > 0.4
