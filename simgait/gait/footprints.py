"""Where feet stand: one heel position for every contact, as a walkway records footprints.

At the instant of an initial contact both heels move, the landing one at its fastest: 30 ms of
doubt about the instant are several centimetres of step. While a foot stands its heel does not move.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from simgait.series.resampling import local_cubic
from simgait.skeleton.coordinates import HORIZONTAL
from simgait.skeleton.sides import SIDES, Side, opposite
from simgait.trials.trajectories import Trajectories
from simgait.types import GaitEvent, event_times_s

# The part of a contact in which the sole is flat: after the foot slap, before the heel rises
# (Perry & Burnfield 2010, Gait Analysis: heel rise at 31 % of the cycle, half of stance).
FLAT_FROM, FLAT_TO = 0.15, 0.45
STANCE_OF_STRIDE = 0.6
MIN_SAMPLES = 2
MIN_SEEN_S = 1.0 / 30.0
"""Of that part; between two frames of the clock that walks are tracked on. Frames alone do not do:
a recording at 120 Hz whose end cuts a contact off would have a print that its tracked walk has not,
and the means of both were of other strides, up to 38 mm apart (docs/history/visits.md)."""
ROUNDING_S = 1e-6

SAME_PLACE_M = 0.05
"""A simulated heel stands 0.7 to 2 cm (SD) from the one it follows; further away it took another
step. From 3 cm on the limit hardly matters (training people, docs/history/phases.md)."""

MOST_MOVED = 1.0 / 3.0
"""Share of the pelvis's way that a foot which stands may go before the other lands: half of the 2/3
that are gone where one landing of either foot is missed. It was .06 at most in 818 of 819 steps of
real marker walks and synthetic walkers, hemiparetic ones too; the other one, of .63, was two missed
landings (docs/history/visits.md)."""

Footprints = dict[tuple[Side, float], Float[np.ndarray, "2 3"]]


def _seen_durations_s(events: Sequence[GaitEvent], side: Side) -> dict[float, float]:
    """Initial contact -> how long the foot stands, NaN where its foot off is not seen."""
    landed = event_times_s(events, side, "initial_contact")
    left = event_times_s(events, side, "foot_off")
    known: dict[float, float] = {}
    for i, contact in enumerate(landed):
        until = landed[i + 1] if i + 1 < len(landed) else float("inf")
        offs = [t for t in left if contact < t < until]
        known[contact] = offs[0] - contact if offs else float("nan")
    return known


def _durations_s(events: Sequence[GaitEvent], side: Side) -> dict[float, float]:
    """Initial contact -> how long the foot stands.

    Where its foot off is not seen: as long as its other contacts, else its usual share of its
    stride; a foot that is seen to land once only: as the other foot stands, else that share of
    two steps.
    """
    seen = _seen_durations_s(events, side)
    other = opposite(side)
    landed, others_s = (event_times_s(events, of, "initial_contact") for of in (side, other))
    steps_s = np.diff(sorted(landed + others_s))
    usual = (
        _median(list(seen.values()))
        or STANCE_OF_STRIDE * _median(np.diff(landed))
        or _median(list(_seen_durations_s(events, other).values()))
        or STANCE_OF_STRIDE * 2.0 * _median(steps_s)
    )
    return {t: d if np.isfinite(d) else usual for t, d in seen.items()}


def _median(durations_s: ArrayLike) -> float:
    """The median of those that are known (s); 0 where none is."""
    known = np.asarray(durations_s, float)
    known = known[np.isfinite(known)]
    return float(np.median(known)) if len(known) else 0.0


def footprints(paths: Trajectories, events: Sequence[GaitEvent]) -> Footprints:
    """Median positions of heel and toe from 15 to 45 % of every contact.

    Args:
        paths: the walk; its feet must stand still in it (`paths.travels`).
        events: foot events of both sides.

    Returns:
        (side, time of the initial contact) -> heel and toe (m); contacts of which the recording
        does not show the flat foot's heel for `MIN_SEEN_S` are left out. The toe is NaN where it is
        not seen.
    """
    found: Footprints = {}
    for column, side in enumerate(SIDES):
        for contact, duration in _durations_s(events, side).items():
            first_s, last_s = contact + FLAT_FROM * duration, contact + FLAT_TO * duration
            window = (paths.time_s >= first_s) & (paths.time_s <= last_s)
            heel, toe = paths.heel_m[window, column], paths.toe_m[window, column]
            seen = np.isfinite(heel).all(axis=-1)
            shown_s = _shown_s(paths, column, first_s, last_s)
            if seen.sum() >= MIN_SAMPLES and shown_s >= MIN_SEEN_S - ROUNDING_S:
                found[side, contact] = np.stack([np.median(heel[seen], 0), np.median(toe[seen], 0)])
    return found


def _shown_s(paths: Trajectories, column: int, first_s: float, last_s: float) -> float:
    """How long (s) within a span a heel is seen: between frames in a row that show it."""
    shown = np.isfinite(paths.heel_m[:, column]).all(axis=-1)
    both = shown[:-1] & shown[1:]
    ends_s = np.clip(paths.time_s, first_s, last_s)
    return float(np.diff(ends_s)[both].sum())


def followed_footprints(simulated: Footprints, followed: Footprints) -> Footprints:
    """Footprints (m) of the feet that a body follows, where its own stand in the same places.

    A simulated foot comes down a centimetre from the one it follows, nearer to the middle, and
    stays there: steps get 1 to 2 cm too narrow and their asymmetry scatters by 1 cm. A followed
    foot that is measured stands where markers put it (`body.footing`). A body that stands
    elsewhere made another step, which is its own.

    Args:
        simulated: of the simulated body.
        followed: of the feet that it follows, at the same contacts.
    """
    return {
        contact: followed[contact]
        if contact in followed and _apart_m(own, followed[contact]) < SAME_PLACE_M
        else own
        for contact, own in simulated.items()
    }


def _apart_m(one: Float[np.ndarray, "2 3"], other: Float[np.ndarray, "2 3"]) -> float:
    """Distance of two heels on the floor."""
    return float(np.linalg.norm((one - other)[0, HORIZONTAL]))


def went_on(
    paths: Trajectories, prints: Footprints, side: Side, landed_s: float, until_s: float
) -> bool:
    """Whether a foot left its print before the other landed, so that landings between were missed.

    In a step the foot behind stands until the other lands, and only its heel may rise; where both
    feet landed once more meanwhile, it went on by a stride. Heel or toe counts, whichever moved
    less.

    Args:
        paths: the walk.
        prints: its footprints; of a contact that has none nothing is known.
        side: of the foot behind.
        landed_s: its initial contact.
        until_s: that of the other foot.
    """
    own = prints.get((side, landed_s))
    if own is None:
        return False
    column, ends_s = SIDES.index(side), np.array([landed_s, until_s])
    pelvis = local_cubic(paths.pelvis_m, paths.time_s, ends_s)
    points = [
        local_cubic(point_m[:, column], paths.time_s, ends_s[1:])[0]
        for point_m in (paths.heel_m, paths.toe_m)
    ]
    moved_m = np.linalg.norm((np.stack(points) - own)[:, HORIZONTAL], axis=-1)
    way_m = float(np.linalg.norm((pelvis[1] - pelvis[0])[HORIZONTAL]))
    known = moved_m[np.isfinite(moved_m)]
    return bool(len(known) and known.min() > MOST_MOVED * way_m)
