"""How long the pelvis's path is in truth, and what says so.

Markers and several cameras measure it. One camera does not: what its detector gives is brought to
a distance that somebody walked, to a factor that somebody knows, or to what was measured of the
detector. What a person says about a path that is measured or absent is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import PathNotAsSaidError
from simgait.limits import TRAVEL_FACTOR
from simgait.recordings.detectors.measured import Detector, detector_of
from simgait.recordings.treadmill import BELT_SPREAD
from simgait.series.filters import low_pass
from simgait.skeleton.coordinates import HORIZONTAL
from simgait.trials.speed_witnesses import TravelWitnesses
from simgait.types import PathBasis, Recording

WAY_CUTOFF_HZ = 0.5
"""Below a stride's rate: sway, and what each step adds to a detector's path, are no way."""
STRAIGHT_SHARE = 0.8
"""Of the way that a straight walk's ends are apart at least; the rest is sway and wander."""
DENIED_BELOW = 0.7
"""Speed of a path over that of the standing feet under it. Detectors compress the swing, and no
walk of 122 of 19 people through two synthetic detectors was below 0.9."""

FEET_SPREAD = 0.05
"""Of a path that the feet confirm (SD of the logarithm): its points have the size of the person's
height, which legs fit within 4 % (SD, `trials.person_size`), and standing feet move at 1.00 to 1.18
of the speed of a path that is exact (`trials.quality`), which is 3 % more."""

DENIED_SDS = 3.0
"""A path is this many of its detector's SD off in three of a thousand recordings: then rather the
stated distance is another one."""


@dataclass(frozen=True)
class TravelScale:
    """What the recorded path is multiplied by, along the ground.

    Attributes:
        factor: 1 where it stays as it is.
        basis: what it rests on.
        spread: SD of its logarithm; 0 where it is known.
        notes: one sentence at most.
        denied_percent: by how much a stated distance makes the path longer than what is known of
            the detector does, where that is beyond `DENIED_SDS`; else NaN.
    """

    factor: float
    basis: PathBasis
    spread: float = 0.0
    notes: tuple[str, ...] = ()
    denied_percent: float = float("nan")


def travel_scale(
    recording: Recording,
    mid_hip_m: Float[np.ndarray, "T 3"],
    fps_hz: float,
    *,
    travels: bool,
    leg_share: float,
    witnesses: TravelWitnesses,
) -> TravelScale:
    """What the length of one walk's path rests on.

    Args:
        recording: with what was said.
        mid_hip_m: of the whole recording, scaled to the height, NaN where not seen.
        fps_hz: its frame rate.
        travels: the recording has a path of its own over ground.
        leg_share: length of the leg, which sets the scale, over that of the detector's own points,
            with which its path was measured.
        witnesses: of the walk, with its path as recorded.

    Raises:
        PathNotAsSaidError: a distance or factor is said of a path that is measured or absent, or of
            a walk that is not straight, or would change it beyond reason.
    """
    _check_said(recording, travels)
    if recording.belt_speed_mps is not None:
        if recording.belt_is_estimated:
            return TravelScale(1.0, "belt_estimated", BELT_SPREAD)
        return TravelScale(1.0, "belt_said")
    if not travels:
        return TravelScale(1.0, "nothing")
    if recording.scale_is_metric:
        return TravelScale(1.0, "measured")
    return _of_one_camera(recording, mid_hip_m, fps_hz, leg_share, witnesses)


def _of_one_camera(
    recording: Recording,
    mid_hip_m: Float[np.ndarray, "T 3"],
    fps_hz: float,
    leg_share: float,
    witnesses: TravelWitnesses,
) -> TravelScale:
    """What a detector's path is multiplied by: as said, by the feet, or as known of detectors."""
    known = detector_of(recording)
    if recording.distance_m is not None:
        factor = distance_factor(recording, mid_hip_m, fps_hz)
        usual = detector_factor(known, leg_share, witnesses.seen_along)
        spread = detector_spread(known, witnesses.seen_along)
        denied = abs(np.log(factor / usual)) > DENIED_SDS * spread
        return TravelScale(
            factor, "distance_said", notes=_notes(factor, "so that the way is as said"),
            denied_percent=100.0 * (factor / usual - 1.0) if denied else float("nan"),
        )  # fmt: skip
    if recording.travel_factor is not None:
        return TravelScale(recording.travel_factor, "factor_said")
    if witnesses.agree and recording.camera is None and not known.is_stated:
        return TravelScale(1.0, "feet", FEET_SPREAD)
    if witnesses.travel_to_stance < DENIED_BELOW:
        return TravelScale(1.0, "denied")
    factor = detector_factor(known, leg_share, witnesses.seen_along)
    reads = f"{1.0 / factor:.2f} times as long as it is"
    why = f"as its keypoint set states that it is read {reads} ({known.says.rstrip('.')})"
    if not known.is_stated:
        why = f"detectors read it {reads}"
    spread = detector_spread(known, witnesses.seen_along)
    return TravelScale(factor, "detector", spread, _notes(factor, why))


def detector_factor(known: Detector, leg_share: float, seen_along: float) -> float:
    """What a detector's path is multiplied by: its part in depth by one, the rest by another.

    In depth a path hangs on the field of view that the detector believes in, and on the size of the
    points that it was measured with. Across the picture a way is as many times as long as the
    person in it: there nothing but the size counts, which the height has set.

    Args:
        known: of the detector.
        leg_share: as for `travel_scale`.
        seen_along: cosine of the angle between the way and the line of sight; NaN unknown, which is
            taken for 1: clinics film from ahead.
    """
    along, across = _along_and_across(seen_along)
    leg_share = 1.0 if known.is_stated else leg_share
    return float(np.hypot(along * leg_share / known.travel_reads, across / known.across_reads))


def detector_spread(known: Detector, seen_along: float) -> float:
    """SD of the logarithm of `detector_factor` between recordings.

    What the way in depth has beyond the way across is the lens's; the person's size moves both.
    """
    along, _ = _along_and_across(seen_along)
    across = known.across_spread**2
    return float(np.sqrt(across + along**4 * (known.travel_spread**2 - across)))


def _along_and_across(seen_along: float) -> tuple[float, float]:
    """Shares of a way that lie along the line of sight and square to it."""
    along = seen_along if np.isfinite(seen_along) else 1.0
    return along, float(np.sqrt(max(1.0 - along**2, 0.0)))


def _notes(factor: float, why: str) -> tuple[str, ...]:
    """What was done to the path; nothing where that is nothing."""
    text = f"{factor:.3f}"
    return () if text == "1.000" else (f"The pelvis's path was multiplied by {text}, {why}.",)


def _check_said(recording: Recording, travels: bool) -> None:
    said = {"distance": recording.distance_m, "travel factor": recording.travel_factor}
    given = [name for name, value in said.items() if value is not None]
    where = recording.recording_id
    if not given:
        return
    if len(given) == 2:
        raise PathNotAsSaidError(
            f"{where}: a distance and a travel factor are given; leave one out."
        )
    if recording.scale_is_metric:
        raise PathNotAsSaidError(
            f"{where}: the positions are measured, so that a {given[0]} says nothing about them; "
            "leave it out, or say that one camera guessed them (--positions estimated)."
        )
    if not travels or recording.belt_speed_mps is not None:
        raise PathNotAsSaidError(
            f"{where}: the points hold no path of the pelvis over ground, which a {given[0]} could "
            "be laid on; leave it out."
        )


def distance_factor(
    recording: Recording, mid_hip_m: Float[np.ndarray, "T 3"], fps_hz: float
) -> float:
    """Distance that was said over the way from the first to the last place of the person.

    Args:
        recording: its `distance_m` is the straight way of the whole recording.
        mid_hip_m: scaled to the height.
        fps_hz: frame rate.

    Raises:
        PathNotAsSaidError: no distance, or a walk that is not straight, or a factor beyond reason.
    """
    where, distance_m = recording.recording_id, recording.distance_m
    seen = mid_hip_m[np.isfinite(mid_hip_m).all(axis=1)][:, HORIZONTAL]
    if distance_m is None or len(seen) < 2:
        raise PathNotAsSaidError(f"{where}: no distance is known that the person walked.")
    way = low_pass(seen, fps_hz, WAY_CUTOFF_HZ)
    apart_m = float(np.linalg.norm(way[-1] - way[0]))
    way_m = float(np.linalg.norm(np.diff(way, axis=0), axis=1).sum())
    if apart_m < STRAIGHT_SHARE * way_m:
        raise PathNotAsSaidError(
            f"{where}: the person does not walk straight from the first frame to the last "
            f"({way_m:.1f} m of way, {apart_m:.1f} m apart); cut the recording to one straight "
            "walk, or give a travel factor."
        )
    factor = distance_m / apart_m
    if factor not in TRAVEL_FACTOR:
        raise PathNotAsSaidError(
            f"{where}: {distance_m:g} m are given for a way that measures {apart_m:.2f} m; check "
            "the distance, in metres, and the height."
        )
    return factor
