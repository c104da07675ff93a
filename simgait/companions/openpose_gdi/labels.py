"""A user's own recordings with labels: 2D points of OpenPose beside what a laboratory measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.companions.openpose_gdi.estimate import leg_points
from simgait.companions.openpose_gdi.filmed_walkers import LabelledWindows, joined, windows_of_walk
from simgait.companions.openpose_gdi.targets import TARGETS, speed_scale_mps
from simgait.errors import InputError
from simgait.estimators.companion import Asked, Labels
from simgait.estimators.people import refuse_without_people
from simgait.gait.scores import ScoreReference
from simgait.skeleton.sides import SIDES

NEEDED = ("recording", "person", "side", "fps_hz", "reference", "gdi_points")
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
    labels.need(NEEDED)
    refuse_without_people(labels.text["person"], labels.file)
    others = sorted({name for name in labels.text["reference"] if name != reference.name})
    if others:
        raise InputError(
            f"{labels.file}: has a GDI against {others[0]}, and the reference given is "
            f"{reference.name}; score all against the same healthy people."
        )
    rows: dict[str, list[int]] = {}
    for row, recording in enumerate(labels.text["recording"]):
        rows.setdefault(recording, []).append(row)
    parts = []
    for recording, own in rows.items():
        try:
            parts.append(_of_recording(labels, recording, own))
        except InputError as error:
            say(f"left out: {error}")
    return joined(parts)


def _of_recording(labels: Labels, recording: str, rows: Sequence[int]) -> LabelledWindows:
    people = {labels.text["person"][row] for row in rows}
    if len(people) > 1:
        raise InputError(f"{recording}: stands under {' and '.join(sorted(people))}; it is one's.")
    fps_hz = float(labels.numbers["fps_hz"][rows[0]])
    height_m = float(labels.numbers.get("height_m", np.full(rows[0] + 1, np.nan))[rows[0]])
    path = labels.folder / Path(recording)
    points = leg_points(path, Asked(fps_hz=fps_hz)).points_px
    targets = _targets(labels, rows, height_m, recording)
    try:
        return windows_of_walk(points, targets, people.pop(), height_m)
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
