"""Stretches of a recording in which left and right changed places: found and exchanged back.

A detector that takes one leg for the other turns the separation of every left and right point
round from one frame to the next, which no leg can do: the hips alone would jump by 0.2 m each.
Where hips keep their places the legs below them may change theirs, as one, by the same jump.

Frames that are missing, with times that go on as if none were, look alike: half a stride later the
legs have changed places by walking. There the pelvis jumps, too, and nothing is exchanged by it.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int

from simgait.recordings.checks import facing_votes
from simgait.recordings.point_exchanges import columns_exchanged_back, swap_notes
from simgait.series.runs import runs_of_true
from simgait.skeleton.keypoints import (
    KEYPOINT_INDEX,
    KEYPOINT_NAMES,
    REQUIRED_KEYPOINTS,
    mirrored_columns,
)

LEGS = "The left and right leg below the hips"
LONGEST_GAP_S = 0.5
"""Over a longer gap a person may have turned round: its two ends are not compared."""
# Groups of leg points, how fast (m/s) left and right may move against each other, and for how long
# (s) that says anything: within half a stride knees and feet change places by walking, hips do not.
Groups = tuple[tuple[tuple[str, ...], float, float], ...]
_GROUPS: Groups = (
    (("Hip",), 0.15, LONGEST_GAP_S),
    (("Knee",), 1.5, 0.11),
    (("Ankle", "Heel", "Big Toe", "Foot"), 3.0, 0.11),
)
_BELOW_HIPS = {joint for group, _, _ in _GROUPS[1:] for joint in group}
_NOISE_M = 0.02
"""Of a detector's point from frame to frame; an exchange moves it by the width of the hips."""
# One group of points that is far off must not outvote the rest.
_MOST_EVIDENCE = 20.0
_LEAST_EVIDENCE = 6.0
"""Chosen: about what 2.5 SD of one group's noise give (squares of its moves over those allowed)."""
# A smaller share than this is the swapped one for sure; toes and knees err in people who stand.
_SURE_SHARE = 0.25
UNTOLD_GAP_M, UNTOLD_GAP_STEPS = 0.10, 5.0
"""A step of the pelvis, and over its median one, that is none of walking: frames are missing. Where
.2 to .5 s were, of 137 synthetic walks, exact and through monocular-v1, that seemed to exchange
their legs, it is 5.8 median steps and more; where legs were exchanged and no frame is missing, 4.0
at most (of 150). Of 200 walks through five detectors 12 have such a step, and exchanged legs are
found in as many as without this limit. With .4 s missing 92 of them seemed to exchange their legs;
with it 11 do, 10 of them also with nothing missing."""
LEAST_FEWER_ON_SIDE = 0.05
"""By which share fewer knees and ankles lie on the side of their hips where legs are exchanged; by
less where the legs have changed places by walking, through frames that are missing."""
# How far apart compared frames lie, besides neighbours.
_LAGS_S = (0.033, 0.067, 0.1, 0.167, 0.267)

_PARTNER = mirrored_columns(KEYPOINT_NAMES)
_LEG_GROUPS = _GROUPS[1:]
_HIPS = [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]
_LEGS = [i for name, i in KEYPOINT_INDEX.items() if name.split(maxsplit=1)[-1] in _BELOW_HIPS]


def exchange(values: np.ndarray, frames: Bool[np.ndarray, " T"]) -> np.ndarray:
    """(T, 23, ...) with left and right points changed over in the given frames."""
    out = np.array(values)
    out[frames] = values[frames][:, _PARTNER]
    return out


def exchange_legs(values: np.ndarray, frames: Bool[np.ndarray, " T"]) -> np.ndarray:
    """(T, 23, ...) with left and right changed over below the hips in the given frames."""
    out = np.array(values)
    out[:, _LEGS] = exchange(values, frames)[:, _LEGS]
    return out


def swapped_frames(
    points_m: Float[np.ndarray, "T 23 3"], time_s: Float[np.ndarray, " T"]
) -> Bool[np.ndarray, " T"]:
    """Frames in which left and right are exchanged, against the rest of the recording.

    Each frame is compared with up to six seen before it. With separations a and b of a pair of
    points in two frames, the points moved by |b - a| if the names stay and by |b + a| if they are
    exchanged; the difference of their squares, over what such a pair may move in the time between,
    is the evidence; frames on two sides of one of `untold_gaps` are not compared. Between gaps of
    more than half a second, the frames that are fewer are the swapped ones; from a quarter on,
    those whose toes and knees point backward.

    Args:
        points_m: metres, z up, NaN where missing.
        time_s: increasing time stamps.
    """
    swapped = np.zeros(len(points_m), dtype=bool)
    separations = _separations(points_m)
    seen = np.isfinite(separations).all(axis=-1).any(axis=1)
    if seen.sum() < 2:
        return swapped
    gaps = untold_gaps(points_m, time_s)
    for start, stop in runs_of_true(seen, len(seen), time_s=time_s, max_step_s=LONGEST_GAP_S):
        part = start + np.flatnonzero(seen[start:stop])
        pieces = np.searchsorted(gaps, part, side="right")
        other = _signs(separations[part], time_s[part], pieces) < 0
        if other.mean() > 0.5:
            other = ~other
        if other.mean() > _SURE_SHARE:
            votes = facing_votes(_by_name(exchange(points_m[part], other)))
            if len(votes) and np.mean(votes < 0) > 0.5:
                other = ~other
        swapped[part] = other
    return swapped


def swapped_legs(
    points_m: Float[np.ndarray, "T 23 3"], time_s: Float[np.ndarray, " T"]
) -> Bool[np.ndarray, " T"]:
    """Frames in which the legs below the hips are exchanged, against the rest of the recording.

    Found by the jump, as `swapped_frames`. Of what lies between jumps those frames are the
    exchanged ones in which fewer knees and ankles lie on the side of their hips: fewer by .31 and
    more of all in 600 synthetic walks through five detectors whose legs changed places halfway, by
    .07 for BlazePose's from the side. 98 % of these jumps were found, some to 0.3 s only, where
    legs pass each other; none of 240 walks had one of its own.

    Args:
        points_m: metres, z up, NaN where missing; left and right as `swapped_frames` left them.
        time_s: increasing time stamps.
    """
    swapped = np.zeros(len(points_m), dtype=bool)
    separations = _separations(points_m, _LEG_GROUPS)
    left_m = points_m[:, KEYPOINT_INDEX["Left Hip"]] - points_m[:, KEYPOINT_INDEX["Right Hip"]]
    on_side = np.einsum("tjc,tc->tj", separations[:, :2], left_m)
    seen = np.isfinite(separations).all(axis=-1).any(axis=1) & np.isfinite(on_side).any(axis=1)
    gaps = untold_gaps(points_m, time_s)
    for start, stop in runs_of_true(seen, len(seen), time_s=time_s, max_step_s=LONGEST_GAP_S):
        part = start + np.flatnonzero(seen[start:stop])
        pieces = np.searchsorted(gaps, part, side="right")
        other = _signs(separations[part], time_s[part], pieces, _LEG_GROUPS) < 0
        if other.any():
            shares = [np.nanmean(np.sign(on_side[part[group]])) for group in (other, ~other)]
            if abs(shares[0] - shares[1]) > LEAST_FEWER_ON_SIDE:
                swapped[part] = other if shares[0] < shares[1] else ~other
    return swapped


def untold_gaps(
    points_m: Float[np.ndarray, "T 23 3"], time_s: Float[np.ndarray, " T"]
) -> Int[np.ndarray, " N"]:
    """Frames before which the pelvis jumps along: others are missing, untold by the time stamps.

    Where the hips are not seen meanwhile, all frames in which it may have jumped.

    Args:
        points_m: metres, NaN where missing.
        time_s: increasing time stamps.
    """
    middle_m = points_m[:, _HIPS].mean(axis=1)
    known = np.flatnonzero(np.isfinite(middle_m).all(axis=-1))
    if len(known) < 2:
        return known[:0]
    step_m = np.linalg.norm(np.diff(middle_m[known], axis=0), axis=-1)
    elapsed_s, frame_s = np.diff(time_s[known]), np.median(np.diff(time_s))
    usual_mps = np.median(step_m / elapsed_s)
    beyond_m = step_m - usual_mps * (elapsed_s - frame_s)
    jumps = beyond_m > max(UNTOLD_GAP_M, UNTOLD_GAP_STEPS * usual_mps * frame_s)
    between = [np.arange(known[i] + 1, known[i + 1] + 1) for i in np.flatnonzero(jumps)]
    return np.concatenate([known[:0], *between])


def exchanged_back(
    points_m: Float[np.ndarray, "T 23 3"],
    confidence: Float[np.ndarray, "T 23"],
    time_s: Float[np.ndarray, " T"],
    *,
    measured: bool,
) -> tuple[Float[np.ndarray, "T 23 3"], Float[np.ndarray, "T 23"], tuple[str, ...]]:
    """Points and their confidence with all sides where they belong, and notes.

    `measured` points are of markers or several cameras, no single camera's detector.
    """
    swapped = swapped_frames(points_m, time_s)
    points_m, confidence = exchange(points_m, swapped), exchange(confidence, swapped)
    legs = swapped_legs(points_m, time_s)
    notes = (*swap_notes(swapped, time_s), *swap_notes(legs, time_s, LEGS))
    points_m, confidence = exchange_legs(points_m, legs), exchange_legs(confidence, legs)
    points_m, pair_notes = columns_exchanged_back(points_m, time_s, measured=measured)
    return points_m, confidence, (*notes, *pair_notes)


def _by_name(points_m: Float[np.ndarray, "T 23 3"]) -> dict[str, Float[np.ndarray, "T 3"]]:
    return {
        name: points_m[:, column]
        for name, column in KEYPOINT_INDEX.items()
        if name in REQUIRED_KEYPOINTS or np.isfinite(points_m[:, column]).any()
    }


def _separations(
    points_m: Float[np.ndarray, "T 23 3"], groups: Groups = _GROUPS
) -> Float[np.ndarray, "T J 3"]:
    joints = [joint for group, _, _ in groups for joint in group]
    left, right = (
        points_m[:, [KEYPOINT_INDEX[f"{side} {joint}"] for joint in joints]]
        for side in ("Left", "Right")
    )
    return left - right


def _evidence(
    separations_m: Float[np.ndarray, "N J 3"],
    time_s: Float[np.ndarray, " N"],
    lag: int,
    groups: Groups,
) -> Float[np.ndarray, " N"]:
    """How much speaks for the same sides (+) or exchanged ones (-) as `lag` frames before."""
    total, hips = np.zeros(len(time_s)), np.zeros(len(time_s))
    elapsed_s = time_s[lag:] - time_s[:-lag]
    now, before = separations_m[lag:], separations_m[:-lag]
    stay, change = (np.linalg.norm(now - sign * before, axis=-1) for sign in (1.0, -1.0))
    first = 0
    for joints, speed_mps, longest_s in groups:
        columns = slice(first, first + len(joints))
        first += len(joints)
        known = np.isfinite(stay[:, columns]) & (elapsed_s <= longest_s)[:, None]
        if not known.any():
            continue
        usual = np.median(stay[:, columns][known])
        allowed = np.maximum(_NOISE_M + speed_mps * elapsed_s, usual)[:, None]
        difference = [
            np.minimum((moved[:, columns] / allowed) ** 2, _MOST_EVIDENCE)
            for moved in (change, stay)
        ]
        group = np.where(known, difference[0] - difference[1], 0.0).sum(axis=1)
        group /= np.maximum(known.sum(axis=1), 1)
        total[lag:] += group
        if joints == ("Hip",):
            hips[lag:] = group
    # Legs may change places without the hips; hips that tell clearly are the person's sides.
    return np.where(np.abs(hips) >= _LEAST_EVIDENCE, hips, total)


def _signs(
    separations_m: Float[np.ndarray, "N J 3"],
    time_s: Float[np.ndarray, " N"],
    pieces: Int[np.ndarray, " N"],
    groups: Groups = _GROUPS,
) -> Float[np.ndarray, " N"]:
    """+1 for frames whose sides are those of the first, -1 for exchanged ones.

    Frames of two `pieces` are not compared; from one to the next the sides stay as they are.
    """
    signs = np.ones(len(time_s))
    if len(time_s) < 2:
        return signs
    frame_s = float(np.median(np.diff(time_s)))
    lags = sorted({1, *(round(lag_s / frame_s) for lag_s in _LAGS_S)} & set(range(1, len(time_s))))
    evidence = [_evidence(separations_m, time_s, lag, groups) for lag in lags]
    for lag, known in zip(lags, evidence, strict=True):
        known[lag:][pieces[lag:] != pieces[:-lag]] = 0.0
    for frame in range(1, len(signs)):
        pairs = [(lag, known) for lag, known in zip(lags, evidence, strict=True) if lag <= frame]
        total = sum(known[frame] * signs[frame - lag] for lag, known in pairs)
        signs[frame] = signs[frame - 1] if abs(total) < _LEAST_EVIDENCE else np.sign(total)
    return signs
