"""What the networks say of one walk, or of many: means over windows, with their intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.companions.openpose_gdi.columns import (
    FPS_HZ,
    LEG_POINTS,
    WINDOW,
    on_clock,
    windows_of,
)
from simgait.companions.openpose_gdi.networks import KINDS, Kind
from simgait.companions.openpose_gdi.pace import rate_doubts
from simgait.companions.openpose_gdi.pairs import ASYMMETRY, ASYMMETRY_LABEL, GDI, SPEED
from simgait.companions.openpose_gdi.targets import TARGETS, speed_scale_mps
from simgait.companions.openpose_gdi.too_far_off import RELATIVE_SPEED, withheld_of
from simgait.companions.openpose_gdi.weights import (
    OpenPoseCard,
    TrainedNetworks,
    load_networks,
    predict,
    released_folder,
)
from simgait.errors import InputError
from simgait.estimators.companion import Asked, Opinion, Said, TrackedWalk, no_network
from simgait.estimators.doubts import beside_recording, beside_report
from simgait.estimators.intervals import LEVEL
from simgait.limits import check_fps
from simgait.recordings.detectors.followed_2d import follow_2d
from simgait.skeleton.sides import SIDES, Side


@dataclass(frozen=True)
class SeenLegs:
    """The points that the networks read, at 25 frames per second, and what is to be said of them.

    Attributes:
        points_px: `LEG_POINTS`.
        notes: sentences.
        drawn_by: keypoint set of the detector that drew them; empty where nobody knows.
    """

    points_px: Float[np.ndarray, "T 8 2"]
    notes: tuple[str, ...]
    drawn_by: str


def leg_points(path: Path, asked: Asked) -> SeenLegs:
    """Reads the legs of who walks.

    Raises:
        InputError: no such points, several people, or the frame rate is not said.
    """
    seen = follow_2d(
        path, keypoint_set=asked.keypoint_set, person=asked.person, picture_px=asked.picture_px
    )
    fps_hz = check_fps(asked.fps_hz, path.name)
    lacking = [name for name in LEG_POINTS if name not in seen.names]
    if lacking:
        raise InputError(
            f"{path.name}: its keypoint set has no {', '.join(lacking).lower()}; the companion "
            "reads sets with big toes: BODY_25, Halpe-26, BlazePose, Halpe-136, COCO-WholeBody."
        )
    columns = [seen.names.index(name) for name in LEG_POINTS]
    points = on_clock(seen.points_px[:, columns], fps_hz / seen.every)
    return SeenLegs(points, (*seen.notes, *rate_doubts(points, fps_hz)), seen.keypoint_set)


def kind_of(name: str | None, released: str) -> Kind:
    """The network of that name; the released one where none is named.

    Raises:
        InputError: there is none.
    """
    wanted = name or released
    for kind in KINDS:
        if kind == wanted:
            return kind
    raise no_network("openpose-gdi", wanted, KINDS)


def opinion_of(path: Path, asked: Asked) -> Opinion:
    """What a network says of the walk in a file or a folder of frames.

    Raises:
        InputError: no such points or too few of them, those of a detector of which everything was
            too far off, or the weights are missing or damaged.
    """
    trained, card = load_networks(asked.weights or released_folder())
    kind = kind_of(asked.network, card.released)
    legs = leg_points(path, asked)
    opinion = _opinion(trained, card, kind, legs, asked.height_m, path.name)
    return beside_report(opinion, path)


def opinion_of_walk(walk: TrackedWalk) -> Opinion:
    """What the released network says of a walk whose recording holds its points in pictures.

    Raises:
        InputError: it holds none, or too few of them, or those of a detector of which everything
            was too far off, or the weights are missing or damaged.
    """
    where, pictures = walk.trial.trial_id, walk.recording.image_px
    if pictures is None:
        raise InputError(
            f"{where}: the recording holds no points in pictures, as videos and 2D keypoints do."
        )
    names = walk.recording.keypoint_names
    lacking = [name for name in LEG_POINTS if name not in names]
    if lacking:
        raise InputError(f"{where}: the recording has no {', '.join(lacking).lower()}.")
    time_s = walk.recording.time_s - walk.trial.start_s
    inside = (time_s >= -1e-9) & (time_s <= walk.trial.time_s[-1] + 1e-9)
    points = pictures[inside][:, [names.index(name) for name in LEG_POINTS]]
    legs = SeenLegs(
        on_clock(np.asarray(points, float), walk.recording.fps_hz), (), walk.recording.drawn_by
    )
    trained, card = load_networks(released_folder())
    kind = kind_of(None, card.released)
    opinion = _opinion(trained, card, kind, legs, walk.trial.height_m, where)
    return beside_recording(opinion, walk.trial, walk.recording.belt_speed_mps)


def _opinion(
    trained: TrainedNetworks,
    card: OpenPoseCard,
    kind: Kind,
    legs: SeenLegs,
    height_m: float | None,
    where: str,
) -> Opinion:
    points = legs.points_px
    withheld, why = withheld_of(card, kind, legs.drawn_by)
    if withheld >= set(TARGETS):
        raise InputError(f"{where}: {why}.")
    try:
        said = {
            side: predict(trained, kind, windows_of(points, side)).mean(axis=0) for side in SIDES
        }
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    numbers = tuple(
        one
        for one in _numbers(said, card.half_widths[kind], height_m)
        if _target_of(one.key) not in withheld
    )
    made_by = f"{kind}; GDI against {trained.reference.name}"
    return Opinion(
        numbers,
        made_by,
        (*legs.notes, *[why][: len(withheld)], *_notes(trained, kind, card, len(points), height_m)),
        reference_sha256=card.reference_sha256,
    )


def _target_of(key: str) -> str:
    return RELATIVE_SPEED if key == "speed_mps" else key


def _numbers(
    said: Mapping[Side, Float[np.ndarray, " 4"]],
    half_widths: Mapping[str, float],
    height_m: float | None,
) -> list[Said]:
    numbers = []
    both = np.mean([said[side] for side in SIDES], axis=0)
    for k, (key, target) in enumerate(TARGETS.items()):
        reach = half_widths[key]
        if k == SPEED:
            factor = math.nan if height_m is None else speed_scale_mps(height_m)
            value, reach = float(both[k]) * factor, reach * factor
            numbers.append(Said("speed_mps", "speed", "m/s", "both", value, *_about(value, reach)))
            continue
        own = {str(side): values for side, values in said.items()}
        own = own if target.per_side else {"both": both}
        for side, values in own.items():
            value = float(values[k])
            numbers.append(Said(key, target.label, target.unit, side, value, *_about(value, reach)))
    value = float(said["left"][GDI] - said["right"][GDI])
    reach = half_widths[ASYMMETRY]
    numbers.append(Said(ASYMMETRY, ASYMMETRY_LABEL, "points", "both", value, *_about(value, reach)))
    return numbers


def _about(value: float, reach: float) -> tuple[float, float]:
    return value - reach, value + reach


def _notes(
    trained: TrainedNetworks, kind: Kind, card: OpenPoseCard, frames: int, height_m: float | None
) -> tuple[str, ...]:
    reference = trained.reference
    notes = [
        f"network {kind}, learned from {card.learned_from}",
        f"GDI against {reference.name} ({reference.pipeline}); against other healthy people, as "
        "those of tracked walks, it is another number",
        f"intervals hold {100 * LEVEL:.0f} % of people unseen who are as those learned from",
    ]
    notes += card.remarks
    if frames < 2 * WINDOW:
        notes.append(f"the walk is short ({frames / FPS_HZ:.1f} s)")
    if height_m is None:
        notes.append("no speed: give the person's height with --height")
    return tuple(notes)
