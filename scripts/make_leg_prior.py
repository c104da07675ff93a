"""Learns what `simgait.video.leg_prior` expects of legs, and writes policies/leg_prior/.

    .venv/bin/python scripts/make_leg_prior.py

Synthetic walkers of the training split are seen by two drawn cameras each, with errors like
BlazePose's, as measured on rendered people; nothing is rendered. Ridge regression; one of twenty
walkers is kept back, and the errors on them are printed. A minute and a half of one idle core.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.ndimage import gaussian_filter1d

from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import Pattern, draw_walker
from simgait.synthetic.walkers.walk import walk, walker_seed
from simgait.video import leg_prior

PATH = Path(__file__).resolve().parent.parent / "policies" / leg_prior.FOLDER / leg_prior.FILE
FIRST, N_WALKERS, CAMERAS, KEPT_BACK = 400_000, 900, 2, 20
NORMAL_SHARE = 0.35
RATE_HZ, LEAST_FRAMES = 30.0, 60
COLUMNS = [
    KEYPOINT_INDEX[f"{side} {name}"]
    for name in ("Shoulder", "Hip", "Knee", "Ankle", "Heel", "Big Toe")
    for side in ("Left", "Right")
]
SHOULDERS, HIPS, KNEES, ANKLES, FEET = np.s_[0:2], np.s_[2:4], np.s_[4:6], np.s_[6:8], np.s_[8:12]
SHOWN = np.repeat([1.0, 0.15, 0.28, 0.45, 0.38, 0.62], 2)
"""Of how shoulders, hips, knees, ankles, heels and toes rise and fall against the hips within half
a second, what BlazePose shows: medians of 8 rendered clips that are in no benchmark (ankles .14 to
.58)."""
WANDER = np.repeat([0.006, 0.006, 0.007, 0.009, 0.013, 0.018], 2)
"""SD of slow errors, in heights; about what is left on the same clips."""
RIDGE = 1e-3
"""Of each column's mean square."""


def walkers() -> Iterator[Float[np.ndarray, "T 12 3"]]:
    """Points of walkers in the world (m; z up)."""
    for i in range(N_WALKERS):
        rng = np.random.default_rng([i, 77])
        pattern: Pattern | None = "normal" if rng.random() < NORMAL_SHARE else None
        spec = draw_walker(walker_seed("train", FIRST + i), pattern)
        done = walk(spec, float(rng.uniform(5, 8)), RATE_HZ)
        points = exact_keypoints(done.pose, spec.dimensions)[:, COLUMNS]
        if np.isfinite(points).all():
            yield points.astype(np.float32).astype(float)


def height_of(points: Float[np.ndarray, "T 12 3"]) -> float:
    """Shoulders are at .82 of it (Drillis & Contini)."""
    return float(points[:, SHOULDERS, 2].mean() / 0.82)


def filmed(
    rng: np.random.Generator, points: Float[np.ndarray, "T 12 3"]
) -> tuple[Float[np.ndarray, "t 12 3"], Float[np.ndarray, "3"]] | None:
    """The longest part that a drawn camera sees, in its axes, and the way; None if too short."""
    hips = points[:, HIPS].mean(axis=1)
    begin, end = hips[0, :2], hips[-1, :2]
    way = (end - begin) / np.linalg.norm(end - begin)
    angle_deg = rng.choice([rng.uniform(0, 20), rng.uniform(0, 180), rng.uniform(160, 180)])
    angle_deg *= rng.choice([-1, 1])
    angle = np.arctan2(way[1], way[0]) + np.radians(angle_deg)
    nearest_m = rng.uniform(1.8, 6)
    near = np.clip(0.5 + 0.5 * np.cos(np.radians(angle_deg)) + rng.normal(0, 0.1), 0, 1)
    place = begin + near * (end - begin) + nearest_m * np.array([np.cos(angle), np.sin(angle)])
    position = np.append(place, rng.uniform(0.4, 2.0))
    aim = np.append(begin + rng.uniform(0.35, 0.65) * (end - begin), 0)
    middle = height_of(points) * rng.uniform(0.4, 0.6)
    aim[2] = position[2] + (middle - position[2]) * rng.uniform(0.4, 1)
    ahead = (aim - position) / np.linalg.norm(aim - position)
    right = np.cross(ahead, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    down, roll = np.cross(ahead, right), np.radians(rng.normal(0, 1))
    axes = np.stack([
        np.cos(roll) * right + np.sin(roll) * down,
        np.cos(roll) * down - np.sin(roll) * right,
        ahead,
    ])  # fmt: skip
    seen = (points - position) @ axes.T
    shown = (seen[..., 2] > 0.8).all(1) & (np.abs(seen[..., 0] / seen[..., 2]) < 1.0).all(1)
    at = np.flatnonzero(shown)
    if len(at) < LEAST_FRAMES:
        return None
    longest = max(np.split(at, np.flatnonzero(np.diff(at) > 1) + 1), key=len)
    return (seen[longest], axes @ np.append(way, 0)) if len(longest) >= LEAST_FRAMES else None


def with_errors(
    rng: np.random.Generator, seen: Float[np.ndarray, "t 12 3"], height_m: float
) -> Float[np.ndarray, "t 12 2"]:
    """Rays to the points as a detector would have them."""
    n = len(seen)
    rays = seen[..., :2] / seen[..., 2:]
    near = 1.0 / seen[:, HIPS, 2].mean(axis=1)
    shown = SHOWN * np.where(np.arange(12) < 2, 1.0, rng.uniform(0.6, 1.4))
    shown = np.clip(shown * np.repeat(rng.uniform(0.75, 1.25, 6), 2), 0, 1)
    height = (rays - rays[:, HIPS].mean(axis=1, keepdims=True))[..., 1] / near[:, None]
    bob = height - gaussian_filter1d(height, 15, axis=0, mode="nearest")
    rays[..., 1] -= (1 - shown) * bob * near[:, None]
    size = rng.uniform(0.5, 1.6)
    bias = rng.normal(0, 0.009, (12, 2))
    bias[1::2] = 0.7 * bias[0::2] * [-1, 1] + 0.7 * bias[1::2]
    thigh, shank = rays[:, KNEES] - rays[:, HIPS], rays[:, ANKLES] - rays[:, KNEES]
    rays[:, HIPS] += rng.normal(0, 0.06) * thigh
    rays[:, KNEES] += rng.normal(0, 0.05) * thigh
    shift = rng.normal(-0.05, 0.05)
    rays[:, ANKLES] += shift * shank
    rays[:, FEET] += shift * shank[:, [0, 1, 0, 1]]
    white = rng.normal(0, 1, (n + 60, 12, 2))
    slow = gaussian_filter1d(white, rng.uniform(4, 15), axis=0)[30:-30]
    fast = gaussian_filter1d(rng.normal(0, 1, (n, 12, 2)), 0.7, axis=0)
    errors = bias + WANDER[:, None] * slow / slow.std() + 0.003 * fast / fast.std()
    rays = rays + height_m * near[:, None, None] * size * errors
    blur = rng.choice([0, 0, 1, 1.5, 2])
    return gaussian_filter1d(rays, blur, axis=0, mode="nearest") if blur else rays


def targets(
    seen: Float[np.ndarray, "t 12 3"], way: Float[np.ndarray, "3"]
) -> list[Float[np.ndarray, "t 5"]]:
    """`leg_prior.TARGETS` of the left leg and of the right."""
    joints = [seen[:, part] for part in (HIPS, KNEES, ANKLES)]
    thigh, shank = (
        np.linalg.norm(a - b, axis=-1) for a, b in zip(joints[:-1], joints[1:], strict=True)
    )
    leg_m = (thigh + shank).mean()
    reach = np.linalg.norm(joints[0] - joints[2], axis=-1) / (thigh + shank)
    middle = joints[0].mean(axis=1)
    out = []
    for side in (0, 1):
        ahead = [(seen[:, k + side] - middle) @ way / leg_m for k in (4, 6, 8, 10)]
        out.append(np.stack([*ahead, reach[:, side]], axis=1))
    return out


def example(
    rng: np.random.Generator, points: Float[np.ndarray, "T 12 3"]
) -> tuple[Float[np.ndarray, "N D"], Float[np.ndarray, "N 5"]] | None:
    """Columns and targets of one walker before one camera, every third picture."""
    shot = filmed(rng, points)
    if shot is None:
        return None
    seen, way = shot
    rays = with_errors(rng, seen, height_of(points))
    turn = np.radians(rng.normal(0, 3))
    cosine, sine = np.cos(turn), np.sin(turn)
    told = np.array([way[0] * cosine + way[2] * sine, 0.0, way[2] * cosine - way[0] * sine])
    told /= np.linalg.norm(told)
    pictured = leg_prior.pictured(rays, np.tile(told, (len(rays), 1)), RATE_HZ)
    left, right = targets(seen, way)
    columns = [leg_prior.columns(one, RATE_HZ) for one in (pictured, pictured.mirrored)]
    return (
        np.concatenate([columns[0][::3], columns[1][1::3]]),
        np.concatenate([left[::3], right[1::3]]),
    )


def main() -> None:
    """Learn and write."""
    rng = np.random.default_rng(0)
    kept_back, square, product, n = [], np.zeros(()), np.zeros(()), 0
    for k, points in enumerate(walkers()):
        for _ in range(CAMERAS):
            one = example(rng, points)
            if one is None:
                continue
            if k % KEPT_BACK == KEPT_BACK - 1:
                kept_back.append(one)
                continue
            square = square + one[0].T @ one[0] / 1e5
            product = product + one[0].T @ one[1] / 1e5
            n += len(one[0])
    out: dict[str, Any] = {}
    for name, used in (
        ("with_feet", np.arange(len(square))), ("without_feet", leg_prior.columns_without_feet()),
    ):  # fmt: skip
        part = square[np.ix_(used, used)]
        penalty = RIDGE * np.diag(np.maximum(np.diag(part), 1e-6 * n / 1e5))
        weights = np.linalg.solve(part + penalty, product[used])
        out[name] = weights.astype(np.float32)
        errors = [((x[:, used] @ weights - y) ** 2).mean(axis=0) for x, y in kept_back]
        rms = np.sqrt(np.mean(errors, axis=0))
        told = ", ".join(f"{t} {e:.3f}" for t, e in zip(leg_prior.TARGETS, rms, strict=True))
        print(f"{name}: {n} pictures; {len(kept_back)} walks kept back, RMS in legs: {told}")
    PATH.parent.mkdir(exist_ok=True)
    np.savez_compressed(PATH, **out)
    card = {
        "name": "legs expected from the picture",
        "sha256": sha256(PATH.read_bytes()).hexdigest(),
    }
    PATH.with_name(leg_prior.CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
