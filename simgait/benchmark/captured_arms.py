"""Trunk and arms of a rendered person as markers show them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.body.fit import FitConfig, smooth
from simgait.series.angles import unit
from simgait.series.gaps import bridge
from simgait.series.resampling import interpolate
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.sides import SIDES, Side
from simgait.synthetic.people.person import Person
from simgait.synthetic.people.posing import UpperBody, axes_of
from simgait.types import Trial

ARM = ("Shoulder", "Elbow", "Wrist")
LEAST_SEEN = 0.8
"""Share of the frames, as `trials.trajectories` asks of heels; what lacks is bridged."""
LEAST_BEND = 0.15
"""Sine of an elbow's flexion: a straighter one, which markers show bent either way by their error,
would turn its hinge, and the whole arm of the mesh, from frame to frame."""


def arms_seen(trial: Trial) -> tuple[Side, ...]:
    """Sides whose arm the markers show from shoulder to wrist, where both shoulders are seen."""
    if not all(_is_seen(trial, side, ARM[:1]) for side in SIDES):
        return ()
    return tuple(side for side in SIDES if _is_seen(trial, side, ARM))


def captured_upper_body(
    trial: Trial, person: Person, at_s: Float[np.ndarray, " N"]
) -> UpperBody | None:
    """Trunk and arms at N times, NaN of arms that are not seen; None where no shoulders are.

    The thorax stands as the line from the hips to the shoulders does, and turns with the shoulders.
    """
    if not all(_is_seen(trial, side, ARM[:1]) for side in SIDES):
        return None
    names = [f"{side.capitalize()} {joint}" for joint in ARM for side in SIDES]
    points = trial.keypoints_m[:, [KEYPOINT_INDEX[name] for name in names]]
    calm = smooth(bridge(points), FitConfig().keypoint_cutoff_hz, trial.fps_hz)
    at = interpolate(calm, trial.time_s, at_s, 1.5 / trial.fps_hz)
    shoulder, elbow, wrist = (at[:, 2 * i : 2 * i + 2] for i in range(len(ARM)))
    thorax = _thorax(shoulder, person)
    upper = np.full((len(at_s), len(SIDES), 3), np.nan)
    fore = upper.copy()
    for i, side in enumerate(SIDES):
        if side in arms_seen(trial):
            upper[:, i] = unit(elbow[:, i] - shoulder[:, i])
            fore[:, i] = _bent(upper[:, i], unit(wrist[:, i] - elbow[:, i]), thorax[..., 0])
    return UpperBody(thorax, upper, fore)


def _is_seen(trial: Trial, side: Side, joints: tuple[str, ...]) -> bool:
    columns = [KEYPOINT_INDEX[f"{side.capitalize()} {joint}"] for joint in joints]
    seen = np.isfinite(trial.keypoints_m[:, columns]).all(axis=-1)
    return bool(seen.mean(axis=0).min() >= LEAST_SEEN)


def _thorax(shoulders_m: Float[np.ndarray, "N 2 3"], person: Person) -> Float[np.ndarray, "N 3 3"]:
    """Axes of the thorax, counted from how the mesh stands; from points centred at mid-hip."""
    rest = [person.joints[f"{joint}.{side}"] for joint in ("shoulder", "hip") for side in "LR"]
    up_at_rest = 0.5 * (rest[0] + rest[1]) - 0.5 * (rest[2] + rest[3])
    standing = axes_of(up_at_rest, rest[0] - rest[1])
    now = axes_of(shoulders_m.mean(axis=1), shoulders_m[:, 0] - shoulders_m[:, 1])
    return np.asarray(now @ standing.T)


def _bent(
    upper: Float[np.ndarray, "N 3"], fore: Float[np.ndarray, "N 3"], ahead: Float[np.ndarray, "N 3"]
) -> Float[np.ndarray, "N 3"]:
    """Forearms of elbows that are bent ahead by a little at least."""
    along = (fore * upper).sum(axis=1, keepdims=True)
    front = unit(ahead - (ahead * upper).sum(axis=1, keepdims=True) * upper)
    bend = fore - along * upper
    lacks = np.maximum(LEAST_BEND - (bend * front).sum(axis=1, keepdims=True), 0.0)
    return unit(along * upper + bend + lacks * front)
