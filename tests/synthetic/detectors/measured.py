"""What is measured of a detector's output beside exact points, as it was of real detectors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.signal import butter, filtfilt

from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.detectors.monocular_v1 import View
from simgait.synthetic.detectors.named import FAMILIES
from simgait.synthetic.detectors.seeing import Seen, see
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk

FPS_HZ = 30.0
AT = KEYPOINT_INDEX
LEG_PER_HEIGHT = 0.491


@dataclass(frozen=True)
class Walk:
    """Exact points of a synthetic walker who walks along +x."""

    points_m: np.ndarray
    height_m: float
    speed_mps: float


@lru_cache(maxsize=64)
def exact_walk(seed: int, seconds: float = 5.0) -> Walk:
    spec = draw_walker(seed, "normal")
    made = walk(spec, seconds)
    points = exact_keypoints(made.pose, spec.dimensions)
    mid = points[:, [AT["Left Hip"], AT["Right Hip"]]].mean(1)
    return Walk(points, spec.height_m, float((mid[-1, 0] - mid[0, 0]) / made.time_s[-1]))


@lru_cache(maxsize=64)
def adults(count: int) -> tuple[Walk, ...]:
    found: list[Walk] = []
    seed = 0
    while len(found) < count:
        one = exact_walk(seed)
        found += [one] if one.height_m > 1.5 else []
        seed += 1
    return tuple(found)


def at(points: np.ndarray, name: str) -> np.ndarray:
    return np.asarray(points[:, AT[name]])


def mid_hip(points: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 * (at(points, "Left Hip") + at(points, "Right Hip")))


def bone_m(points: np.ndarray, a: str, b: str) -> np.ndarray:
    """(T,) mean of the sides."""
    sides = [
        np.linalg.norm(at(points, f"{s} {a}") - at(points, f"{s} {b}"), axis=-1)
        for s in ("Left", "Right")
    ]
    return np.asarray(np.mean(sides, axis=0))


def leg_m(points: np.ndarray) -> float:
    bones = bone_m(points, "Hip", "Knee"), bone_m(points, "Knee", "Ankle")
    return float(sum(np.nanmedian(bone) for bone in bones))


def knee_deg(points: np.ndarray, side: str = "Left") -> np.ndarray:
    """(T,) angle between thigh and shank, 0 straight."""
    thigh = at(points, f"{side} Knee") - at(points, f"{side} Hip")
    shank = at(points, f"{side} Ankle") - at(points, f"{side} Knee")
    cosine = (thigh * shank).sum(-1) / np.linalg.norm(thigh, axis=-1)
    return np.asarray(
        np.degrees(np.arccos(np.clip(cosine / np.linalg.norm(shank, axis=-1), -1, 1)))
    )


def swing_ratio(seen: np.ndarray, exact: np.ndarray) -> float:
    """Ankles' distance along progression at its peaks, seen over true; bodies of one size."""

    def apart(points: np.ndarray) -> np.ndarray:
        along = at(points, "Left Ankle")[:, 0] - at(points, "Right Ankle")[:, 0]
        return np.asarray(along / leg_m(points))

    true, told = apart(exact), apart(seen)
    peaks = np.abs(true) > 0.9 * np.nanpercentile(np.abs(true), 97)
    known = peaks & np.isfinite(told)
    return float(np.median(told[known] / true[known]))


def travel_ratio(seen: np.ndarray, exact: np.ndarray, *, height_m: float | None = None) -> float:
    """Speed of mid-hip, seen over true; with a height, once the legs are as long as it implies."""

    def slope(points: np.ndarray) -> float:
        hips = mid_hip(points)[:, :2]
        known = np.isfinite(hips).all(-1)
        way = np.polyfit(np.flatnonzero(known) / FPS_HZ, hips[known], 1)[0]
        return float(np.linalg.norm(way))

    scale = 1.0 if height_m is None else LEG_PER_HEIGHT * height_m / leg_m(seen)
    return scale * slope(seen) / slope(exact)


def jitter_m(values: np.ndarray) -> float:
    """SD above 6 Hz of (T,) values without gaps."""
    b, a = butter(4, 6.0 / (FPS_HZ / 2), "high")
    return float(filtfilt(b, a, values)[5:-5].std())


def seen_by(label: str, one: Walk, seed: int, view: View | None = None) -> Seen:
    return see(FAMILIES[label], one.points_m, one.height_m, FPS_HZ, seed, view=view)
