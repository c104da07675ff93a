"""All pictures of a walk together: where joints were, so that they look as they do in every one.

Gauss-Newton over the places of twelve points in all pictures. Joints lie on their rays; bones keep
their length; nothing moves jerkily; standing feet stand, on one floor; hips and shoulders are
square to the way, knees and toes point ahead, trunks are upright; the detector's own depths count
for a little, and what `leg_prior` expects of legs. SDs are in metres of a person as large as the
detector thinks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from simgait.series.filters import low_pass
from simgait.video import landmarks as lm
from simgait.video.camera import Lens
from simgait.video.equations import Equations
from simgait.video.floor import Floor, floor_under
from simgait.video.leg_prior import (
    ANKLES,
    HEELS,
    HIPS,
    KNEES,
    SHOULDERS,
    TOES,
    expected_legs,
)
from simgait.video.leg_terms import like_expected, with_legs
from simgait.video.placing import ray_rotations
from simgait.video.standing import Standing, standing
from simgait.video.upright import upright
from simgait.video.way import as_far_as, speed_along, ways_of

FITTED = (*lm.SHOULDERS, *range(lm.LEFT_HIP, lm.RIGHT_TOE + 1))
"""Landmarks that are fitted, left before right: the points' own numbers are places in this."""
BONES = (
    (HIPS, KNEES, 0.006), (KNEES, ANKLES, 0.006), (ANKLES, HEELS, 0.006), (ANKLES, TOES, 0.008),
    (HEELS, TOES, 0.008), (SHOULDERS, HIPS, 0.025), (SHOULDERS, HIPS[::-1], 0.03),
)  # fmt: skip
"""From, to (left, right each), SD of the length. A trunk bends."""
TRUNK = 5
"""Of these, from shoulder to hip."""
WIDTHS = ((HIPS, 0.006), (SHOULDERS, 0.02))
"""SD of the distance of left and right: hips lie in one bone, shoulders give. Of half to twice as
much the five rendered views have speeds off by .044 to .047 m/s (RMS), knees by 10.8 to 11.0°."""
ITERATIONS, FREE_ITERATIONS = 12, 3
"""In all, and of these at first without ways, floor and standing feet."""
RAY_SD = 0.018
"""Of a body size: of a joint off its ray, where no SD comes with the landmarks."""
VARYING = 0.75
"""Of the SD that comes with landmarks, what changes within a clip: .5 to .6 of hips' and
shoulders', .8 to .9 of knees' and feet's, on the clips that gave the SDs (`landmark_sd`). What
stays the same moves all pictures alike, and is no question of single rays. On these clips speeds
are off by .0435 m/s, mean steps by 26 mm with it; by .0450 and 27 with `RAY_SD` for all."""
DETECTOR_SD = (0.06, 0.06, 0.3)
"""Across, down and along the ray, of a joint to the hips as the detector has it."""
TRUNK_SD, LEG_SD = 2.5, 12.0
"""Accelerations (m/s²) of hips and shoulders, and of legs; a swinging ankle reaches 30."""
SQUARE_SD = (0.03, 0.07)
"""Hips and shoulders, one side ahead of the other: about what pelvis and trunk turn in walking. Of
half to twice as much the same views have speeds off by .043 to .047 m/s, steps by 65 to 67 mm,
knees by 10.8 to 10.9°: the choice decides nothing."""
AHEAD_SD = 0.015
"""By how much knees are ahead of the line from hip to ankle at least, and the SD of what lacks.
From .005 to .06 speeds are off by .044 to .047 m/s, knees by 10.5 to 10.8°."""
STAND_MPS = 0.03
"""Speed of a standing foot, as much as `body.footing` lets a standing sole slide."""
FLOOR_SD = 0.012
"""Heels and toes are not points: under a standing foot they stay within this of a plane."""
LARGEST_STEP_M = 0.5
"""Of any point in one iteration, for a poor start: with .25 and with no bound speeds are the same
(off by .046 m/s); with .1 twelve iterations are too few, and one step of 25 is not found."""


@dataclass(frozen=True)
class Seen:
    """What is known of the points before any fit: T pictures at an even rate, n = 12 points.

    Attributes:
        rays: (T, n, 2) towards them; 0 where they were not seen.
        weight: (T, n) confidence, 0 where they were not seen.
        ray_sd: (T, n) of a joint off its ray, over its distance.
        ray_weight: (T, n) of rays, 0 where they were not seen.
        offsets: (T, n, 3) from the middle of the hips, by the detector.
        turns: (T, 3, 3) from axes along the ray to the camera's.
        bones: lengths (m) of `BONES`, then of `WIDTHS`.
    """

    rays: Float[np.ndarray, "T n 2"]
    weight: Float[np.ndarray, "T n"]
    ray_sd: Float[np.ndarray, "T n"]
    ray_weight: Float[np.ndarray, "T n"]
    offsets: Float[np.ndarray, "T n 3"]
    turns: Float[np.ndarray, "T 3 3"]
    bones: tuple[float, ...]
    rate_hz: float


@dataclass(frozen=True)
class Fitted:
    """The points after the fit, and the floor under them."""

    points: Float[np.ndarray, "T n 3"]
    floor: Floor
    standing: Standing


def fit_walk(
    track: lm.LandmarkTrack,
    placed: Float[np.ndarray, "F 33 3"],
    lens: Lens,
    rate_hz: float,
    bones: tuple[float, ...] | None = None,
    image_sd_px: Float[np.ndarray, "F 33"] | None = None,
) -> Fitted:
    """Fit the joints of a walk.

    Args:
        track: the walker's landmarks, F pictures of T from its first to its last.
        placed: first guess of their places, by `placing.placed`.
        lens: of the pictures.
        rate_hz: of the pictures.
        bones: lengths (m) of `BONES`, then `WIDTHS`; None = as the first guess has them.
        image_sd_px: of the landmarks' places in the picture; None = `RAY_SD`, by confidence.
    """
    seen, start, bridged = _seen(track, placed, lens, rate_hz, bones, image_sd_px)
    points = low_pass(start.reshape(len(start), -1), rate_hz, 3.0).reshape(start.shape)
    ways, leg_m = ways_of(points, rate_hz), sum(seen.bones[:2])
    # Detectors without feet have ankles to tell.
    legs = expected_legs(bridged, ways, rate_hz, bool(seen.weight[:, TOES].any()))
    stands = standing(legs.apart, rate_hz, seen.weight[:, KNEES + ANKLES].max(axis=1) > 0)
    legs = legs.as_fast_as(speed_along(points, ways, rate_hz) / leg_m, stands.ankle, rate_hz)
    points = with_legs(points, ways, legs, leg_m)
    speed = np.zeros(len(points))
    for i in range(ITERATIONS):
        if i == FREE_ITERATIONS:
            speed = speed_along(points, ways, rate_hz)
        equations = Equations(points.size // 3)
        _rays(equations, points, seen, robust=i > 1)
        _detector(equations, points, seen, robust=i > 1)
        _bones(equations, points, seen)
        _smooth(equations, points, seen)
        if i >= FREE_ITERATIONS:
            _ahead(equations, points, seen)
            floor = _standing_floor(points, stands)
            _feet(equations, points, floor, stands, seen)
            upright(equations, points, ways, floor.tilt, seen.bones[TRUNK])
            as_far_as(equations, points, ways, speed, rate_hz)
        like_expected(equations, points, ways, legs, leg_m)
        step = equations.step().reshape(points.shape)
        points = points + step * min(1.0, LARGEST_STEP_M / np.abs(step).max())
    return Fitted(points, floor, stands)


def _seen(
    track: lm.LandmarkTrack,
    placed: Float[np.ndarray, "F 33 3"],
    lens: Lens,
    rate_hz: float,
    bones: tuple[float, ...] | None,
    image_sd_px: Float[np.ndarray, "F 33"] | None,
) -> tuple[Seen, Float[np.ndarray, "T n 3"], Float[np.ndarray, "T n 2"]]:
    """What is known, on every picture; the first guess and the rays with gaps bridged."""
    at = track.frames - track.frames[0]
    n, columns = int(at[-1]) + 1, list(FITTED)
    guess = placed[:, columns]
    hips = guess[:, HIPS].mean(axis=1, keepdims=True)
    rays, weight = np.zeros((n, len(columns), 2)), np.zeros((n, len(columns)))
    rays[at] = lens.rays(track.image_px[:, columns])
    confidence = track.confidence[:, columns]
    weight[at] = np.where(confidence > 0, np.clip(confidence, 0.05, 1.0), 0.0)
    size = float(np.median(track.size_px)) / lens.focal_px
    ray_sd, ray_weight = np.full_like(weight, RAY_SD * size), weight
    if image_sd_px is not None:
        ray_sd[at] = VARYING * image_sd_px[:, columns] / lens.focal_px
        ray_weight = (weight > 0).astype(float)
    seen = Seen(
        rays,
        weight,
        ray_sd,
        ray_weight,
        _bridged(guess - hips, at, n),
        ray_rotations(_bridged(lens.rays(track.mid_hip_px), at, n)),
        bones or _lengths(guess),
        rate_hz,
    )
    return seen, _bridged(guess, at, n), _bridged(np.nan_to_num(rays[at]), at, n)


def _bridged(values: Float[np.ndarray, "F ..."], at: Int[np.ndarray, " F"], n: int) -> np.ndarray:
    """Values on all of n pictures, straight lines through those that were not seen."""
    flat = values.reshape(len(values), -1)
    out = np.column_stack([np.interp(np.arange(n), at, column) for column in flat.T])
    return out.reshape(n, *values.shape[1:])


def _lengths(points: Float[np.ndarray, "F n 3"]) -> tuple[float, ...]:
    """Of bones, both sides alike, and widths: medians over the pictures; thigh as long as shank."""
    pairs = [list(zip(a, b, strict=True)) for a, b, _ in BONES] + [[width] for width, _ in WIDTHS]
    lengths = [
        float(np.median([np.linalg.norm(points[:, a] - points[:, b], axis=-1) for a, b in pair]))
        for pair in pairs
    ]
    return (*[sum(lengths[:2]) / 2] * 2, *lengths[2:])


def _numbers(points: np.ndarray) -> Int[np.ndarray, "T n"]:
    return np.arange(points.shape[0] * points.shape[1]).reshape(points.shape[:2])


def _cauchy(squares: np.ndarray, scale: float) -> np.ndarray:
    """Weights of a robust loss: what lies far off counts little."""
    return 1.0 / (1.0 + squares / scale**2)


def _rays(equations: Equations, points: np.ndarray, seen: Seen, robust: bool) -> None:
    """Joints lie on their rays."""
    x, y, z = np.moveaxis(points, -1, 0)
    z = np.maximum(z, 0.1)
    off = np.stack([x / z, y / z], axis=-1) - seen.rays
    weight = seen.ray_weight
    if robust:
        weight = weight * np.sqrt(_cauchy((off**2).sum(axis=-1) / seen.ray_sd**2, 3.0))
    zero = np.zeros_like(x)
    derivative = np.stack(
        [np.stack([1 / z, zero, -x / z**2], -1), np.stack([zero, 1 / z, -y / z**2], -1)], axis=-2
    )
    scale = (weight / seen.ray_sd)[..., None]
    equations.add(
        (off * scale).reshape(-1, 2),
        [(_numbers(points).ravel(), (derivative * scale[..., None]).reshape(-1, 2, 3))],
    )


def _detector(equations: Equations, points: np.ndarray, seen: Seen, robust: bool) -> None:
    """Joints lie to the hips as the detector has them, least of all in depth."""
    hips = points[:, HIPS].mean(axis=1, keepdims=True)
    along = np.swapaxes(seen.turns, 1, 2) / np.array(DETECTOR_SD)[:, None]
    off = np.einsum("tij,tnj->tni", along, points - hips - seen.offsets)
    weight = np.sqrt(seen.weight)
    if robust:
        weight = weight * np.sqrt(_cauchy((off**2).sum(axis=-1), 2.0))
    derivative = along[:, None] * weight[..., None, None]
    numbers, n = _numbers(points), points.shape[1]
    parts = [(numbers.ravel(), derivative.reshape(-1, 3, 3))]
    parts += [(np.repeat(numbers[:, hip], n), -0.5 * derivative.reshape(-1, 3, 3)) for hip in HIPS]
    equations.add((off * weight[..., None]).reshape(-1, 3), parts)


def _bones(equations: Equations, points: np.ndarray, seen: Seen) -> None:
    """Bones keep their length."""
    numbers = _numbers(points)
    pairs = [(a, b, sd, i) for i, (froms, tos, sd) in enumerate(BONES)
             for a, b in zip(froms, tos, strict=True)]  # fmt: skip
    pairs += [(*width, sd, len(BONES) + i) for i, (width, sd) in enumerate(WIDTHS)]
    for a, b, sd, which in pairs:
        bone = points[:, a] - points[:, b]
        length = np.maximum(np.linalg.norm(bone, axis=-1, keepdims=True), 1e-3)
        along = (bone / length / sd)[:, None]
        equations.add(
            (length - seen.bones[which]) / sd, [(numbers[:, a], along), (numbers[:, b], -along)]
        )


def _smooth(equations: Equations, points: np.ndarray, seen: Seen) -> None:
    """Nothing is jerked about."""
    if len(points) < 3:
        return
    sd = np.full(points.shape[1], LEG_SD)
    sd[[*SHOULDERS, *HIPS]] = TRUNK_SD
    sd = sd / seen.rate_hz**2
    change = (points[:-2] - 2 * points[1:-1] + points[2:]) / sd[:, None]
    one = np.broadcast_to(np.eye(3) / sd[:, None, None], (*change.shape[:2], 3, 3)).reshape(
        -1, 3, 3
    )
    numbers = _numbers(points)
    equations.add(
        change.reshape(-1, 3),
        [
            (numbers[:-2].ravel(), one),
            (numbers[1:-1].ravel(), -2 * one),
            (numbers[2:].ravel(), one),
        ],
    )


def _ahead(equations: Equations, points: np.ndarray, seen: Seen) -> None:
    """Hips and shoulders are square to the way; knees bend and toes point ahead."""
    numbers, ways = _numbers(points), ways_of(points, seen.rate_hz)
    left = np.cross([0.0, -1.0, 0.0], ways)
    for (a, b), sd, width in zip(
        (HIPS, SHOULDERS), SQUARE_SD, seen.bones[len(BONES) :], strict=True
    ):
        across, along = points[:, a] - points[:, b], (ways / sd)[:, None]
        equations.add(
            (across * ways).sum(axis=1, keepdims=True) / sd,
            [(numbers[:, a], along), (numbers[:, b], -along)],
        )
        _at_least(equations, (across * left).sum(axis=1) - 0.8 * width,
                  [(numbers[:, a], left), (numbers[:, b], -left)])  # fmt: skip
    for hip, knee, ankle, heel, toe in zip(HIPS, KNEES, ANKLES, HEELS, TOES, strict=True):
        bend = points[:, knee] - 0.5 * (points[:, hip] + points[:, ankle])
        _at_least(
            equations, (bend * ways).sum(axis=1) - AHEAD_SD,
            [(numbers[:, knee], ways), (numbers[:, hip], -0.5 * ways),
             (numbers[:, ankle], -0.5 * ways)],
        )  # fmt: skip
        foot = points[:, toe] - points[:, heel]
        _at_least(equations, (foot * ways).sum(axis=1) - 0.6 * seen.bones[4],
                  [(numbers[:, toe], ways), (numbers[:, heel], -ways)])  # fmt: skip


def _at_least(
    equations: Equations,
    excess: Float[np.ndarray, " T"],
    parts: list[tuple[Int[np.ndarray, " T"], Float[np.ndarray, "T 3"]]],
) -> None:
    """Nothing, where `excess` is positive; else it is brought to 0."""
    active = (excess < 0) / AHEAD_SD
    equations.add(
        (excess * active)[:, None],
        [(numbers, (along * active[:, None])[:, None]) for numbers, along in parts],
    )


def _standing_floor(points: np.ndarray, stands: Standing) -> Floor:
    """The plane through heels and toes that stand."""
    feet = np.concatenate([points[:, HEELS].reshape(-1, 3), points[:, TOES].reshape(-1, 3)])
    weights = np.concatenate([stands.heel.ravel(), stands.toe.ravel()])
    return floor_under(feet, weights + 1e-6)


def _feet(
    equations: Equations, points: np.ndarray, floor: Floor, stands: Standing, seen: Seen
) -> None:
    """Feet that stand do not move, and are on the floor; none is below it."""
    numbers = _numbers(points)
    normal = np.array([-floor.roll, 1.0, -floor.tilt])
    up = np.tile(-normal, (len(points), 1))
    for columns, surely, on_floor in (
        (HEELS, stands.heel, True), (TOES, stands.toe, True), (ANKLES, stands.ankle, False),
    ):  # fmt: skip
        for side, column in enumerate(columns):
            still = np.minimum(surely[1:, side], surely[:-1, side]) * seen.rate_hz / STAND_MPS
            move = points[1:, column] - points[:-1, column]
            one = np.eye(3) * still[:, None, None]
            equations.add(
                move * still[:, None],
                [(numbers[1:, column], one), (numbers[:-1, column], -one)],
            )
            if on_floor:
                weight = np.sqrt(surely[:, side]) / FLOOR_SD
                equations.add(
                    (floor.below(points[:, column]) * weight)[:, None],
                    [(numbers[:, column], (normal * weight[:, None])[:, None])],
                )
                # Swinging or standing, no foot goes through the floor.
                _at_least(
                    equations, -floor.below(points[:, column]), [(numbers[:, column], up)]
                )  # fmt: skip
