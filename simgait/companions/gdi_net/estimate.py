"""What GDI-Net says of one walk: the mean over its windows, with its interval."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from simgait.companions.gdi_net.dumps import FOLDER_SUFFIX
from simgait.companions.gdi_net.frames import prepared
from simgait.companions.gdi_net.seen_walk import SeenWalk, refuse_other_charts, seen_walk
from simgait.companions.gdi_net.weights import (
    GdiNetCard,
    TrainedGdiNet,
    load_gdi_net,
    predict,
    released_folder,
)
from simgait.errors import InputError
from simgait.estimators.companion import Asked, Opinion, Said, TrackedWalk, no_network
from simgait.estimators.doubts import beside_recording, beside_report
from simgait.estimators.intervals import LEVEL

OWN_CHARTS = "simgait-charts"
"""Family of the pictures that `simgait render --densepose` draws."""


def opinion_of(path: Path, asked: Asked) -> Opinion:
    """What a design says of the walk in a folder of I, U, V, or beside a video.

    Raises:
        InputError: no such pictures or too few of them, or the weights are missing or damaged.
    """
    trained, card = load_gdi_net(asked.weights or released_folder())
    name = _design(asked.network, card)
    opinion = _opinion(trained, card, name, seen_walk(path, asked.fps_hz), path.name)
    return beside_report(opinion, path)


def opinion_of_walk(walk: TrackedWalk) -> Opinion:
    """What the released network says of a tracked walk, beside whose video I, U, V lie.

    Raises:
        InputError: there are none, too few of them, or the weights are missing or damaged.
    """
    where, footage = walk.trial.trial_id, walk.recording.footage
    beside = None if footage is None else footage.path.with_suffix(FOLDER_SUFFIX)
    if footage is None or beside is None or not beside.is_dir():
        raise InputError(
            f"{where}: no pictures of I, U, V lie beside a video of it, as NAME{FOLDER_SUFFIX}."
        )
    trained, card = load_gdi_net(released_folder())
    from_s = walk.trial.start_s - footage.start_s + (footage.from_s or 0.0)
    seen = seen_walk(beside, walk.recording.fps_hz, max(from_s, 0.0))
    opinion = _opinion(trained, card, card.released, seen, where)
    return beside_recording(opinion, walk.trial, walk.recording.belt_speed_mps)


def _design(asked: str | None, card: GdiNetCard) -> str:
    name = asked or card.released
    if name not in card.designs:
        raise no_network("gdi-net", name, card.designs)
    return name


def _opinion(
    trained: TrainedGdiNet, card: GdiNetCard, name: str, seen: SeenWalk, where: str
) -> Opinion:
    try:
        frames = prepared(seen.pictures, trained.frames.framing, trained.frames.size_px)
        # Last: on somebody too small, or beside others, the charts cannot be told.
        if OWN_CHARTS in card.families:
            refuse_other_charts(seen.pictures, where)
    except InputError as error:
        said = str(error)
        raise InputError(said if said.startswith(where) else f"{where}: {said}") from None
    value = float(np.mean(predict(trained, [name], frames[None])[name]))
    reach = card.half_widths.get(name, math.nan)
    reference = trained.reference
    notes = (
        f"network {name}, learned from {card.learned_from}",
        f"GDI against {reference.name} ({reference.pipeline}); against other healthy people, as "
        "those of tracked walks, it is another number",
        f"the interval holds {100 * LEVEL:.0f} % of people unseen who are as those learned from",
        "read from 2 s of the walk, seen from the side",
    )
    number = Said("gdi_points", "GDI", "points", "both", value, value - reach, value + reach)
    return Opinion(
        (number,), f"{name}; GDI against {reference.name}", notes,
        reference_sha256=card.reference_sha256,
    )  # fmt: skip
