"""A user's own recordings with labels: folders of I, U, V beside what a laboratory measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from simgait.companions.gdi_net.config import FramesConfig
from simgait.companions.gdi_net.frames import N_FRAMES, prepared
from simgait.companions.gdi_net.seen_walk import seen_walk
from simgait.companions.gdi_net.walkers import POSTURE, RenderedWalks, joined
from simgait.errors import InputError
from simgait.estimators.companion import Labels
from simgait.estimators.labelled_recordings import of_recordings, person_of
from simgait.gait.scores import ScoreReference
from simgait.skeleton.sides import SIDES


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
    return joined(of_recordings(labels, reference, partial(_of_recording, labels, frames), say))


def _of_recording(
    labels: Labels, frames: FramesConfig, recording: str, rows: Sequence[int]
) -> RenderedWalks:
    person = person_of(labels, recording, rows)
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
    return RenderedWalks(cut[None], np.array([gdi]), unknown, (person,))
