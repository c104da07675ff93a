"""A user's own recordings with labels: 2D points of OpenPose beside what a laboratory measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.companions.openpose_gdi.estimate import leg_points
from simgait.companions.openpose_gdi.filmed_walkers import LabelledWindows, joined, windows_of_walk
from simgait.companions.openpose_gdi.targets import TARGETS, speed_scale_mps
from simgait.errors import InputError
from simgait.estimators.companion import Asked, Labels
from simgait.estimators.labelled_recordings import of_recordings, person_of
from simgait.gait.scores import ScoreReference
from simgait.skeleton.sides import SIDES

SPEED_COLUMN = "speed_mps"


def labelled_windows(
    labels: Labels, reference: ScoreReference, say: Callable[[str], None]
) -> LabelledWindows:
    """The windows of every recording of a table.

    Args:
        labels: a row for each side of a recording.
        reference: healthy people of their GDI.
        say: told which recordings are left out, and why.

    Raises:
        InputError: columns or people are lacking, the GDI is of another reference, or no recording
            can be used.
    """
    return joined(of_recordings(labels, reference, partial(_of_recording, labels), say))


def _of_recording(labels: Labels, recording: str, rows: Sequence[int]) -> LabelledWindows:
    person = person_of(labels, recording, rows)
    fps_hz = float(labels.numbers["fps_hz"][rows[0]])
    height_m = float(labels.numbers.get("height_m", np.full(rows[0] + 1, np.nan))[rows[0]])
    path = labels.folder / Path(recording)
    points = leg_points(path, Asked(fps_hz=fps_hz)).points_px
    targets = _targets(labels, rows, height_m, recording)
    try:
        return windows_of_walk(points, targets, person, height_m)
    except InputError as error:
        raise InputError(f"{recording}: {error}") from None


def _targets(
    labels: Labels, rows: Sequence[int], height_m: float, recording: str
) -> Float[np.ndarray, "2 4"]:
    """Both sides' targets, NaN where the table does not say."""
    found = np.full((len(SIDES), len(TARGETS)), np.nan)
    for row in rows:
        side = labels.text["side"][row]
        if side not in SIDES:
            raise InputError(f"{recording}: a side called {side}; sides are left and right.")
        own = found[SIDES.index(side)]
        for k, key in enumerate(TARGETS):
            if key in labels.numbers:
                own[k] = labels.numbers[key][row]
        if SPEED_COLUMN in labels.numbers:
            own[1] = labels.numbers[SPEED_COLUMN][row] / speed_scale_mps(height_m)
    return found
