"""A user's own recordings with labels: folders of I, U, V beside what a laboratory measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from simgait.companions.gdi_net.config import FramesConfig
from simgait.companions.gdi_net.frames import N_FRAMES, prepared
from simgait.companions.gdi_net.seen_walk import seen_walk
from simgait.companions.gdi_net.walkers import POSTURE, RenderedWalks, joined
from simgait.errors import InputError
from simgait.estimators.companion import Labels
from simgait.estimators.people import refuse_without_people
from simgait.gait.scores import ScoreReference
from simgait.skeleton.sides import SIDES

NEEDED = ("recording", "person", "side", "fps_hz", "reference", "gdi_points")


def labelled_walks(
    labels: Labels, reference: ScoreReference, frames: FramesConfig, say: Callable[[str], None]
) -> RenderedWalks:
    """The walks of every recording of a table; nobody knows their postures, which are NaN.

    Args:
        labels: a row for each side of a recording.
        reference: healthy people of their GDI.
        frames: what the networks see.
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
            parts.append(_of_recording(labels, recording, own, frames))
        except InputError as error:
            say(f"left out: {error}")
    return joined(parts)


def _of_recording(
    labels: Labels, recording: str, rows: Sequence[int], frames: FramesConfig
) -> RenderedWalks:
    people = {labels.text["person"][row] for row in rows}
    if len(people) > 1:
        raise InputError(f"{recording}: stands under {' and '.join(sorted(people))}; it is one's.")
    by_side = {labels.text["side"][row]: float(labels.numbers["gdi_points"][row]) for row in rows}
    gdi = [by_side.get(side, np.nan) for side in SIDES]
    if set(by_side) - set(SIDES) or not np.isfinite(gdi).all():
        raise InputError(f"{recording}: needs a GDI of the left and of the right side.")
    seen = seen_walk(labels.folder / Path(recording), float(labels.numbers["fps_hz"][rows[0]]))
    try:
        cut = prepared(seen.pictures, frames.framing, frames.size_px)
    except InputError as error:
        raise InputError(f"{recording}: {error}") from None
    unknown = np.full((1, N_FRAMES, len(POSTURE)), np.nan, np.float32)
    return RenderedWalks(cut[None], np.array([gdi]), unknown, (people.pop(),))
