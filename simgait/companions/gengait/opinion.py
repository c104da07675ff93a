"""Which joints of the walk in a recording are wrong, and its normative twin."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.companions.gengait.bands import CHILD_BELOW_M
from simgait.companions.gengait.blend import shares_put_right
from simgait.companions.gengait.curves import by_phase, departure_deg, mean_curves_deg
from simgait.companions.gengait.cycles import SAMPLES, NormalisedWalk, normalised
from simgait.companions.gengait.data import longest
from simgait.companions.gengait.joints import ANGLES, JOINTS, POINTS, side_of
from simgait.companions.gengait.passes import put_right, tile_residuals_deg
from simgait.companions.gengait.twin import twin_frames, twin_recording
from simgait.companions.gengait.weights import (
    GenGaitCard,
    Points,
    TrainedGenGait,
    load_gengait,
    released_folder,
)
from simgait.errors import InputError
from simgait.estimators.companion import Asked, Opinion, Said, TrackedWalk, no_network
from simgait.estimators.doubts import beside_recording, beside_report
from simgait.estimators.twin import JudgedJoint, Twin
from simgait.gait.recorded import reference_of
from simgait.recordings.options import ReadOptions
from simgait.recordings.read import read_recording
from simgait.types import Trial

MOST_CYCLES = 12
"""Of the first pass: mean cycles of more change little, and a walk of a minute stays quick."""
OF_WRONG = "of the distance from normal walking that counts as wrong"
"""Unit of a joint's badness."""
_ROUNDING_DEG = 1e-6
"""A smaller change of a joint is what rounding leaves where nothing was changed."""


def opinion_of(path: Path, asked: Asked) -> Opinion:
    """Badness of every joint of the longest straight walk in a recording, and its twin.

    Raises:
        InputError: the recording cannot be read or used, or the weights are missing or damaged.
    """
    if asked.network is not None:
        raise no_network("gengait", asked.network)
    trained, card = load_gengait(asked.weights or released_folder())
    options = ReadOptions(
        height_m=asked.height_m, fps_hz=asked.fps_hz, person=asked.person,
        keypoint_set=asked.keypoint_set, picture_px=asked.picture_px,
    )  # fmt: skip
    recording = read_recording(path, options)
    trial = longest(recording, asked.height_m)
    opinion = _opinion(trained, card, trial, path.name)
    return beside_report(beside_recording(opinion, trial, recording.belt_speed_mps), path)


def opinion_of_walk(walk: TrackedWalk) -> Opinion:
    """The same of a walk that was tracked.

    Raises:
        InputError: it is too short, or the weights are missing or damaged.
    """
    opinion = _opinion(*load_gengait(released_folder()), walk.trial, walk.trial.trial_id)
    return beside_recording(opinion, walk.trial, walk.recording.belt_speed_mps)


def _opinion(trained: TrainedGenGait, card: GenGaitCard, trial: Trial, where: str) -> Opinion:
    try:
        walk = normalised(trial)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    points: Points = "exact" if trial.scale_is_metric else "detector"
    badness = badness_of(trained, walk, points)
    if reference_of(trial) != "truth":
        badness = badness / np.array(card.people_factor)
    if not np.isfinite(badness).any():
        raise InputError(f"{where}: no joint of the legs is seen whole; nothing can be judged.")
    made_by = f"gengait, weights {card.sha256[:12]}"
    twin = twin_of(trained, trial, walk, badness, made_by)
    notes = _notes(card, trial, walk, twin, points)
    return Opinion(_numbers(twin), made_by, notes, twin=twin)


def badness_of(
    trained: TrainedGenGait, walk: NormalisedWalk, points: Points
) -> Float[np.ndarray, " 7"]:
    """First pass: badness of each of `joints.JOINTS`, 1 at the threshold."""
    count = MOST_CYCLES * SAMPLES + 1
    part = replace(walk, points=walk.points[:count], frames=walk.frames[:count])
    residual = tile_residuals_deg(trained.network, [part])
    return trained.calibration[points].badness(residual)[0]


def twin_of(
    trained: TrainedGenGait,
    trial: Trial,
    walk: NormalisedWalk,
    badness: Float[np.ndarray, " 7"],
    made_by: str,
) -> Twin:
    """Second pass: the walk with each joint as normal people would have it, as far as it is not."""
    shares = dict(zip(JOINTS, shares_put_right(badness), strict=True))
    twin = put_right(trained.network, walk, shares)
    person_deg, twin_deg = mean_curves_deg(walk), mean_curves_deg(walk, twin)
    changed = departure_deg(person_deg, twin_deg)
    changed = np.where(changed < _ROUNDING_DEG, 0.0, changed)
    rows = zip(JOINTS, badness, changed, strict=True)
    band_of, band_mean_deg, band_sd_deg = trained.bands.band_for(trial.height_m)
    return Twin(
        joints=tuple(JudgedJoint(name, float(bad), float(deg)) for name, bad, deg in rows),
        angles=ANGLES,
        person_deg=_own_cycle(person_deg),
        twin_deg=_own_cycle(twin_deg),
        band_mean_deg=_own_cycle(band_mean_deg),
        band_sd_deg=_own_cycle(band_sd_deg),
        point_names=POINTS,
        posture_m=by_phase(walk.points, walk.first_phase) * trial.height_m,
        posture_twin_m=by_phase(twin, walk.first_phase) * trial.height_m,
        recording=twin_recording(trial, walk, twin, made_by),
        made_by=made_by,
        starts_s=float(trial.time_s[twin_frames(walk).start]),
        band_of="" if band_of is None else band_of.words,
    )


def _own_cycle(curves: Float[np.ndarray, "28 10"]) -> Float[np.ndarray, "28 10"]:
    """The right leg's curves begin with its own cycle, half a cycle on from the left one's."""
    out = np.array(curves)
    right = [i for i, name in enumerate(ANGLES) if name.startswith("right")]
    out[:, right] = np.roll(curves[:, right], -(SAMPLES // 2), axis=0)
    return out


def _numbers(twin: Twin) -> tuple[Said, ...]:
    said = []
    for one in twin.joints:
        side = side_of(one.name)
        part = one.name.removeprefix(f"{side}_")
        label = f"{part}{' WRONG' if one.is_wrong else ''}"
        said.append(Said(f"{part}_badness", label, OF_WRONG, side, one.badness))
        said.append(
            Said(f"{part}_changed_deg", f"{part}: twin against walk", "°", side, one.changed_deg)
        )
    return tuple(said)


def _notes(
    card: GenGaitCard, trial: Trial, walk: NormalisedWalk, twin: Twin, points: Points
) -> tuple[str, ...]:
    wrong = [one.name.replace("_", " ") for one in twin.joints if one.is_wrong]
    notes = [
        f"unlike normal walking at that speed: {', '.join(wrong)}" if wrong
        else "no joint is unlike normal walking at that speed",
        f"learned from {card.learned_from}; a second opinion, no measurement",
        *card.remarks,
        f"{walk.cycles:.1f} gait cycles of {trial.trial_id}, each leg by its own",
    ]  # fmt: skip
    if points == "detector":
        notes.append(
            "points that a detector guessed: thresholds were set on normal walkers through a "
            "simulated detector, and what yours does to points may look like wrong joints"
        )
    if not np.isfinite(walk.relative_speed):
        notes.append("the walking speed is not known; slow walking may look like a wrong joint")
    notes += _of_height(trial.height_m, twin)
    unseen = [one.name.replace("_", " ") for one in twin.joints if not np.isfinite(one.badness)]
    if unseen:
        notes.append(f"not seen, and not judged: {', '.join(unseen)}")
    return tuple(notes)


def _of_height(height_m: float, twin: Twin) -> list[str]:
    """What somebody of a child's height, or so tall as nobody was, is held against."""
    if height_m >= CHILD_BELOW_M and twin.band_of:
        return []
    band = f"the band is of normal {twin.band_of}" if twin.band_of else "no band is shown"
    if height_m >= CHILD_BELOW_M:
        return [f"{band}: it was made of too few people who are {height_m:.2f} m tall"]
    return [
        f"{height_m:.2f} m are a child's height: {band}; age is not read, and a child's own way of "
        "walking may look like a wrong joint"
    ]
