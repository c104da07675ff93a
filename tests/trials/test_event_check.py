"""Events of a file on another clock or side, told by the movement of its own markers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from simgait.recordings.read import read_recording
from simgait.skeleton.sides import opposite
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import PATTERNS, Pattern
from simgait.trials.event_check import doubt_events, moved_events
from simgait.trials.preparation import prepare
from simgait.types import GaitEvent, Recording
from tests.let_walk import let_walk
from tests.present import present

Change = Callable[[GaitEvent], GaitEvent]


def late(by_s: float) -> Change:
    return lambda event: replace(event, time_s=event.time_s + by_s)


def exchanged(event: GaitEvent) -> GaitEvent:
    return replace(event, side=opposite(event.side))


def marked(pattern: Pattern = "normal", change: Change = lambda event: event) -> Recording:
    """A walk as from a laboratory's file, with its events."""
    recording = trial_from_walk(let_walk(7, pattern, 5.0), False).recording
    events = tuple(map(change, recording.events))
    return replace(recording, source_format="c3d", events=events, pose=None)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_true_events_stay(pattern: Pattern) -> None:
    (trial,) = prepare(marked(pattern))
    assert present(trial.truth).events and not any("foot events" in note for note in trial.notes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (exchanged, "; they fit with left and right exchanged. They were not used."),
        (late(0.25), "ms earlier, so they are on another clock. They were not used."),
        (late(-0.25), "ms later, so they are on another clock. They were not used."),
        (late(0.06), ""),
    ],
)
def test_events_on_another_clock_or_side_are_named_and_not_used(change: Change, words: str) -> None:
    (trial,) = prepare(marked(change=change))
    notes = " ".join(note for note in trial.notes if "foot events" in note)
    assert words in notes and bool(notes) == bool(words)
    assert (trial.truth is None) == bool(words)


@pytest.mark.parametrize("foot", ["left", "right"])
def test_one_foot_off_is_named_though_the_other_hides_it_in_the_middle(foot: str) -> None:
    def change(event: GaitEvent) -> GaitEvent:
        return late(0.18)(event) if event.side == foot else event

    (trial,) = prepare(marked(change=change))
    (note,) = (one for one in trial.notes if "events lie" in one)
    assert note.startswith(f"The file's {foot} events lie 1")
    assert "ms earlier, so they are on another clock. They were not used." in note
    assert trial.truth is None


def test_what_else_the_file_knows_stays() -> None:
    recording = marked(change=exchanged)
    angles = np.zeros((len(recording.time_s), 13))
    (trial,) = prepare(replace(recording, reference_angles_rad=angles))
    truth = present(trial.truth)
    assert truth.events == () and np.isnan(truth.contact).all()
    assert present(truth.reference_angles_rad).shape == (trial.n_frames, 13)


def test_how_late_they_are_is_measured() -> None:
    (trial,) = prepare(marked())
    moved = moved_events(trial)
    stated = [late(0.3)(event) for event in moved]
    doubt = present(doubt_events(stated, moved))
    assert doubt.cause == "clock" and doubt.lag_s == pytest.approx(0.3, abs=0.011)
    rng = np.random.default_rng(1)
    noise = [late(float(rng.uniform(-0.4, 0.4)))(event) for event in moved]
    assert present(doubt_events(noise, moved)).cause == "unknown"


def test_few_events_tell_nothing() -> None:
    (trial,) = prepare(marked())
    moved = moved_events(trial)
    assert doubt_events([exchanged(event) for event in moved[:3]], moved) is None
    assert doubt_events([], moved) is None and doubt_events(moved, []) is None
    assert doubt_events([late(60.0)(event) for event in moved], moved) is None


def test_a_walk_that_was_made_up_knows_better_than_its_points() -> None:
    (trial,) = prepare(replace(marked(change=exchanged), source_format="synthetic"))
    assert present(trial.truth).events


@pytest.mark.parametrize("name", ["cgm24_walking01", "mac_walk1", "treadmill_events"])
def test_events_of_real_laboratories_are_believed(data_dir, name: str) -> None:
    recording = read_recording(data_dir / "c3d_mixed" / f"{name}.c3d")
    for trial in prepare(recording):
        assert not any("foot events" in note for note in trial.notes)
    swapped = replace(recording, events=tuple(map(exchanged, recording.events)))
    assert any("left and right exchanged" in note for t in prepare(swapped) for note in t.notes)
