"""What a detector made of a rendered clip, against the truth: the errors that matter for gait."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from simgait.series.angles import angle_between
from simgait.series.filters import high_pass
from simgait.series.jitter import JITTER_ABOVE_HZ
from simgait.series.runs import longest_run
from simgait.synthetic.people.posing import JOINTS
from simgait.synthetic.people.truth import Truth

LEGS = JOINTS[:6]
"""Hips, knees, ankles, left before right: what every detector has."""
LEAST_FRAMES = 30
"""Chosen: one second at the cameras' 30 Hz, the time of a stride."""
APART = 0.03
"""Of the body's height in the picture, by which left and right must be apart to be exchanged."""
MUCH = 85.0
"""Percentile of the distance between the ankles from which a swing is at its peak."""


@dataclass(frozen=True)
class Seen:
    """What a detector gives of the six joints of `LEGS` in the T frames of a clip; NaN unseen.

    Attributes:
        image_px: (T, 6, 2) in the picture; None of detectors that say nothing of it.
        points_m: (T, 6, 3) on axes that do not turn against the room, of any scale; None likewise.
    """

    image_px: Float[np.ndarray, "T 6 2"] | None
    points_m: Float[np.ndarray, "T 6 3"] | None


@dataclass(frozen=True)
class Errors:
    """Errors in one clip; NaN where a detector does not say such a thing.

    Attributes:
        found: share of the frames that show the person whole in which all six joints are seen.
        image_pct: mean distance from the true joints in the picture, % of the body's height there.
        exchanged: share of joints pairs that lie nearer to the other side's.
        image_jitter_pct: SD above 6 Hz, % of the height.
        swing: of the ankles along the way, detected over true, at its peaks.
        travel: of the hips along the way, detected over true, once legs are as long as they are.
        knee_r, knee_rmse_deg: of knee flexion over time, both legs; RMSE without the offset.
        jitter_mm: SD above 6 Hz, root mean square over axes.
        offset_mm: (3, 3) of hips, knees, ankles from the true ones: ahead, outward, up.
    """

    found: float
    image_pct: float = np.nan
    exchanged: float = np.nan
    image_jitter_pct: float = np.nan
    swing: float = np.nan
    travel: float = np.nan
    knee_r: float = np.nan
    knee_rmse_deg: float = np.nan
    jitter_mm: float = np.nan
    offset_mm: Float[np.ndarray, "3 3"] | None = None


def errors_of(truth: Truth, seen: Seen) -> Errors:
    """All errors of a clip."""
    shown = [part for part in (seen.image_px, seen.points_m) if part is not None]
    found = truth.whole & np.all([np.isfinite(p).all(axis=(1, 2)) for p in shown], axis=0)
    share = float(found.sum() / truth.whole.sum())
    start, stop = longest_run(found)
    if stop - start < LEAST_FRAMES:
        return Errors(share)
    kept = slice(start, stop)
    measures: dict[str, float | Float[np.ndarray, "3 3"]] = {}
    if seen.image_px is not None:
        measures |= _in_picture(truth, seen.image_px, found, kept)
    if seen.points_m is not None:
        measures |= _in_space(truth, seen.points_m, kept)
    return Errors(share, **measures)  # type: ignore[arg-type]


def height_px(truth: Truth) -> Float[np.ndarray, " T"]:
    """How tall the person is in the picture: his height where his hips are."""
    hips = truth.joints_m[:, :2].mean(axis=1)
    depth = (hips - truth.camera.position_m) @ truth.camera.rotation[2]
    return truth.height_m * truth.camera.focal_px / depth


def _in_picture(
    truth: Truth,
    image_px: Float[np.ndarray, "T 6 2"],
    found: Bool[np.ndarray, " T"],
    kept: slice,
) -> dict[str, float]:
    true, size = truth.joints_px[:, :6], height_px(truth)
    off = (image_px - true) / size[:, None, None]
    other = [1, 0, 3, 2, 5, 4]
    away = np.linalg.norm(image_px - true, axis=-1)
    away_from_other = np.linalg.norm(image_px - true[:, other], axis=-1)
    apart = np.linalg.norm(true[:, 2::2] - true[:, 3::2], axis=-1) > APART * size[:, None]
    exchanged = (_of_pairs(away_from_other) < 0.5 * _of_pairs(away)) & apart
    return {
        "image_pct": float(100.0 * np.linalg.norm(off[found], axis=-1).mean()),
        "exchanged": float(exchanged[found].mean()),
        "image_jitter_pct": 100.0 * _jitter(off[kept], truth.fps_hz),
    }


def _of_pairs(away: Float[np.ndarray, "T 6"]) -> Float[np.ndarray, "T 2"]:
    """Knees and ankles, left and right together."""
    return away[:, 2::2] + away[:, 3::2]


def _in_space(
    truth: Truth, points_m: Float[np.ndarray, "T 6 3"], kept: slice
) -> dict[str, float | Float[np.ndarray, "3 3"]]:
    true, points = truth.joints_m[kept, :6], points_m[kept]
    middle, true_middle = (p[:, :2].mean(axis=1, keepdims=True) for p in (points, true))
    scale = _leg_m(true) / _leg_m(points)
    mine, theirs = scale * (points - middle), true - true_middle
    turn = _turn_between(mine, theirs)
    mine = mine @ turn.T
    apart, true_apart = (p[:, 4, 0] - p[:, 5, 0] for p in (mine, theirs))
    peak = np.abs(true_apart) > np.percentile(np.abs(true_apart), MUCH)
    knee_r, knee_rmse_deg = knee_agreement(knee_deg(points), knee_deg(true))
    # A detector that centres its points knows of no way.
    way = (scale * middle[:, 0] @ turn.T)[:, 0]
    gone = float(np.polyfit(true_middle[:, 0, 0], way, 1)[0])
    outward = np.array([1.0, 1.0, 1.0]) * [[1.0, 1.0, 1.0], [1.0, -1.0, 1.0]]
    bias = (mine - theirs).mean(axis=0).reshape(3, 2, 3) * outward
    return {
        "swing": float(np.median(apart[peak] / true_apart[peak])),
        "travel": gone if np.ptp(way) > 0.1 else float("nan"),
        "knee_r": knee_r,
        "knee_rmse_deg": knee_rmse_deg,
        "jitter_mm": 1000.0 * _jitter(mine, truth.fps_hz),
        "offset_mm": 1000.0 * bias.mean(axis=1),
    }


def _leg_m(points: Float[np.ndarray, "T 6 3"]) -> float:
    """Thigh and shank, median over time, mean over sides."""
    thigh = np.linalg.norm(points[:, :2] - points[:, 2:4], axis=-1)
    shank = np.linalg.norm(points[:, 2:4] - points[:, 4:], axis=-1)
    return float(np.median(thigh + shank, axis=0).mean())


def knee_deg(points: Float[np.ndarray, "T 6 3"]) -> Float[np.ndarray, "T 2"]:
    """Angle between thigh and shank, left and right."""
    hip, knee, ankle = points[:, :2], points[:, 2:4], points[:, 4:]
    return np.degrees(angle_between(knee - hip, ankle - knee))


def knee_agreement(
    seen_deg: Float[np.ndarray, "T 2"], true_deg: Float[np.ndarray, "T 2"]
) -> tuple[float, float]:
    """Correlation over time, mean of both legs, and RMSE (deg) without each leg's offset."""
    r = np.mean([np.corrcoef(seen_deg[:, i], true_deg[:, i])[0, 1] for i in (0, 1)])
    off = seen_deg - true_deg
    return float(r), float(np.sqrt(np.mean((off - off.mean(axis=0)) ** 2)))


def _turn_between(
    points: Float[np.ndarray, "T 6 3"], true: Float[np.ndarray, "T 6 3"]
) -> Float[np.ndarray, "3 3"]:
    """The one rotation after which points of a whole clip lie nearest to the true ones (Kabsch)."""
    u, _, vt = np.linalg.svd(np.einsum("tki,tkj->ij", true, points))
    return np.asarray(u @ np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))]) @ vt)


def _jitter(values: Float[np.ndarray, "T K d"], fps_hz: float) -> float:
    """SD above `JITTER_ABOVE_HZ`, RMS over points and axes; NaN where too slow to tell."""
    if fps_hz <= 2.2 * JITTER_ABOVE_HZ:
        return float("nan")
    fast = high_pass(values, fps_hz, JITTER_ABOVE_HZ, min_samples=LEAST_FRAMES)
    return float(np.sqrt(np.mean(fast**2)))
