"""Who the synthetic walkers are: the parameters of a walker and how they are drawn.

Ranges follow mobgap's plausible ranges and the normal values of Perry & Burnfield (2010);
dimensionless speed and step length after Hof (1996, Gait & Posture 4:222-223).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from simgait.errors import InputError
from simgait.skeleton.dimensions import (
    GRAVITY_MPS2,
    Dimensions,
    dimensions_from_height,
    mass_from_height_kg,
)
from simgait.synthetic.walkers.patterns import Draft, Pair, Sides, pair, with_pattern

VERSION = "walkers-v1"
Pattern = Literal[
    "normal", "crouch", "stiff_knee", "drop_foot", "short_steps", "hemiparetic", "wide_base",
    "antalgic",
]  # fmt: skip
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)
# A choice: most are healthy, so that norms hold, and each other pattern is seen by thousands.
_PATTERN_SHARE = (0.40, 0.10, 0.08, 0.08, 0.10, 0.10, 0.07, 0.07)
_NOISE = 0.018
"""Variation of a healthy walker's steps from stride to stride, / mean."""

# Seeds of the splits: disjoint blocks, so that no walker is ever in two of them.
_SPLIT_START: dict[str, int] = {"train": 0, "validation": 1_000_000_000, "test": 2_000_000_000}
_SPLIT_SIZE = 1_000_000_000


@dataclass(frozen=True)
class WalkerSpec:
    """One walker. Pairs are (left, right); a step is named by the foot that ends it.

    Attributes:
        step_length_m: progression of the left (right) foothold ahead of the other one.
        step_time_s: from the other foot's initial contact to this foot's.
        double_support_s: from this foot's initial contact to the other's foot off.
        step_width_m: distance between the lines of the left and the right heel.
        toe_out_deg: foot progression angle, outward +.
        contact_pitch_deg: foot to floor at initial contact, toes up + (heel first); below 0 the
            forefoot lands first.
        heel_rocker: share of the cycle in which the foot comes down flat.
        equinus_deg: least heel-up pitch throughout stance.
        swing_drop_deg: plantarflexion added in swing.
        crouch_deg: knee flexion added in stance.
        loading_scale: size of the knee's stance flexion wave, 1 = normative.
        swing_knee_deg: peak knee flexion in swing (more where the foot would not clear).
        hike_deg: pelvis raised on the swinging side.
        circumduction_m: outward arc of the swinging ankle.
        pelvis_tilt_deg, pelvis_obliquity_scale, pelvis_rotation_scale: pelvis curves relative to
            the normative ones (tilt: its mean).
        sway_scale: lateral sway relative to that of a linear inverted pendulum.
        sway_offset_m: mean pelvis position to the left of the middle between the feet.
        reach_offset: pelvis ahead of the middle of the heels at contact, / foot length.
        step_length_sd, step_time_sd: stride-to-stride variation, / mean; step_width_sd_m in m.
        start_phase: share of a stride that has passed at time 0.
    """

    seed: int
    pattern: Pattern
    dimensions: Dimensions
    step_length_m: Pair
    step_time_s: Pair
    double_support_s: Pair
    step_width_m: float
    toe_out_deg: Pair
    contact_pitch_deg: Pair
    heel_rocker: Pair
    equinus_deg: Pair
    swing_drop_deg: Pair
    crouch_deg: Pair
    loading_scale: Pair
    swing_knee_deg: Pair
    hike_deg: Pair
    circumduction_m: Pair
    pelvis_tilt_deg: float
    pelvis_obliquity_scale: float
    pelvis_rotation_scale: float
    sway_scale: float
    sway_offset_m: float
    reach_offset: float
    step_length_sd: float
    step_time_sd: float
    step_width_sd_m: float
    start_phase: float

    @property
    def height_m(self) -> float:
        """Body height."""
        return float(self.dimensions.height_m)

    @property
    def stride_time_s(self) -> float:
        """Mean duration of a gait cycle."""
        return sum(self.step_time_s)

    @property
    def speed_mps(self) -> float:
        """Mean speed, = stride length / stride time."""
        return sum(self.step_length_m) / self.stride_time_s


def walker_seed(split: Literal["train", "validation", "test"], index: int) -> int:
    """Seed of the `index`-th walker of a split; the splits can never share one.

    Raises:
        InputError: unknown split, or an index outside the split's block of seeds.
    """
    if split not in _SPLIT_START:
        raise InputError(f"There is no split '{split}'; use one of {', '.join(_SPLIT_START)}.")
    if not 0 <= index < _SPLIT_SIZE:
        raise InputError(
            f"Walker {index} of split '{split}' lies outside the split's seeds; "
            f"use an index from 0 to {_SPLIT_SIZE - 1}."
        )
    return _SPLIT_START[split] + index


def _draw_dimensions(rng: np.random.Generator) -> Dimensions:
    child = rng.random() < 0.35
    height = float(rng.uniform(0.9, 1.5) if child else np.clip(rng.normal(1.70, 0.12), 1.40, 2.0))
    base = dimensions_from_height(height)
    # Small children have short legs (Drillis & Contini hold for adults): down to 8 % at 0.9 m.
    legs = (1.0 - 0.08 * np.clip((1.3 - height) / 0.4, 0.0, 1.0)) * np.exp(rng.normal(0.0, 0.02))
    vary = np.exp(np.clip(rng.normal(0.0, 0.025, 5), -0.06, 0.06))
    return Dimensions(
        height_m=height,
        mass_kg=float(mass_from_height_kg(height) * np.exp(rng.normal(0.0, 0.13))),
        hip_width_m=float(base.hip_width_m * vary[0] ** 2),
        thigh_m=float(base.thigh_m * legs * vary[1]),
        shank_m=float(base.shank_m * legs * vary[2]),
        ankle_height_m=float(base.ankle_height_m * vary[3]),
        foot_length_m=float(base.foot_length_m * vary[4]),
    )


# The order of the draws below is part of `VERSION`: another order makes other walkers of the seeds.


def draw_walker(
    seed: int, pattern: Pattern | None = None, dimensions: Dimensions | None = None
) -> WalkerSpec:
    """Draw one walker; the same seed (and pattern) gives the same walker, always.

    Args:
        seed: any non-negative integer; take `walker_seed` for data that must stay apart.
        pattern: gait pattern; drawn if None.
        dimensions: of the person who walks so; drawn if None.

    Raises:
        InputError: unknown pattern.
    """
    return _draw(seed, pattern, dimensions)


def draw_own_normal(seed: int, pattern: Pattern | None = None) -> WalkerSpec:
    """The same walker as `draw_walker` draws, without what the pattern does to them.

    Body, speed and every trait that the pattern leaves alone are the same; steps are as long as
    usual at that speed and alike on both sides, legs and step width as they were drawn before the
    pattern changed them. Called "normal"; of a pattern "normal" it is the walker themselves.

    Raises:
        InputError: unknown pattern.
    """
    return _draw(seed, pattern, None, untouched=True)


def _draw(
    seed: int, pattern: Pattern | None, dimensions: Dimensions | None, *, untouched: bool = False
) -> WalkerSpec:
    """The walker of a seed; untouched: the pattern is drawn, but does nothing to them."""
    rng = np.random.default_rng([seed, 1])
    kind = _draw_pattern(rng, pattern)
    drawn = _draw_dimensions(rng)
    dims = drawn if dimensions is None else dimensions
    leg_m = dims.leg_m
    relative_speed, step_m, step_s = _draw_steps(rng, kind, leg_m, untouched=untouched)
    affected, on_side = _draw_sides(rng, kind)
    length_asymmetry, time_asymmetry = _draw_asymmetry(rng, kind, affected)
    if untouched and kind != "normal":
        length_asymmetry = time_asymmetry = 0.0
    both = np.array([1.0, -1.0])
    share = float(np.clip(0.605 - 0.04 * (relative_speed - 1.0) + rng.normal(0, 0.01), 0.58, 0.65))
    support_s = (share - 0.5) * 2 * step_s * (1.0 + rng.normal(0.0, 0.03) * both)
    draft = _draw_draft(rng, relative_speed)
    reach = 0.36 - 0.3 * (step_m / leg_m - 0.75) + rng.normal(0, 0.03)
    tilt_deg = float(np.clip(rng.normal(10.0, 4.0), 0.0, 20.0))
    changed = with_pattern(rng, kind, draft, on_side, leg_m)
    draft = draft if untouched else changed
    swing = np.clip(relative_speed, 0.3, 1.3)
    noise = _NOISE if kind == "normal" else rng.uniform(0.02, 0.035)
    noise = _NOISE if untouched else noise
    return WalkerSpec(
        seed=int(seed),
        pattern="normal" if untouched else kind,
        dimensions=dims,
        step_length_m=pair(*(step_m * (1.0 + length_asymmetry * both))),
        step_time_s=pair(*(step_s * (1.0 + time_asymmetry * both))),
        double_support_s=pair(*support_s),
        step_width_m=_draw_step_width_m(rng, dims.hip_width_m * draft.width_scale),
        toe_out_deg=pair(*np.clip(rng.normal(4.0, 4.0) + rng.normal(0, 2.0, 2), -8.0, 18.0)),
        contact_pitch_deg=draft.contact_pitch_deg(),
        heel_rocker=pair(*rng.uniform(0.08, 0.12, 2)),
        equinus_deg=pair(*draft.equinus_deg),
        swing_drop_deg=pair(*draft.drop_deg),
        crouch_deg=pair(*draft.crouch_deg),
        loading_scale=pair(*draft.loading),
        swing_knee_deg=pair(*draft.swing_knee_deg),
        hike_deg=pair(*draft.hike_deg),
        circumduction_m=pair(*draft.circumduction_m),
        pelvis_tilt_deg=tilt_deg,
        pelvis_obliquity_scale=float(swing * np.exp(rng.normal(-0.1, 0.25))),
        pelvis_rotation_scale=float(swing * np.exp(rng.normal(-0.1, 0.25))),
        sway_scale=float(np.exp(rng.normal(0.0, 0.15))),
        sway_offset_m=float(rng.normal(0.0, 0.004) * leg_m / 0.85),
        reach_offset=float(reach + 0.012 * np.mean(draft.equinus_deg)),
        step_length_sd=float(noise),
        step_time_sd=float(noise * 0.7),
        step_width_sd_m=float(0.012 * leg_m / 0.85),
        start_phase=float(rng.random()),
    )


def _draw_pattern(rng: np.random.Generator, wanted: Pattern | None) -> Pattern:
    if wanted is not None and wanted not in PATTERNS:
        raise InputError(f"There is no gait pattern '{wanted}'; use one of {', '.join(PATTERNS)}.")
    drawn = PATTERNS[int(rng.choice(len(PATTERNS), p=_PATTERN_SHARE))]
    return wanted or drawn


def _draw_step_width_m(rng: np.random.Generator, hips_m: float) -> float:
    return float(np.clip(hips_m * rng.normal(0.62, 0.13), 0.03, 0.32))


def _draw_steps(
    rng: np.random.Generator, kind: Pattern, leg_m: float, *, untouched: bool
) -> tuple[float, float, float]:
    """Dimensionless speed relative to the usual one, step length (m) and step time (s)."""
    # The free factor on step length draws step length and cadence apart.
    froude_speed = float(
        np.clip(rng.normal(0.43, 0.10), 0.16, 0.64)
        if kind == "normal"
        else np.clip(rng.normal(0.30, 0.10), 0.10, 0.52)
    )
    speed_mps = float(np.clip(froude_speed * np.sqrt(GRAVITY_MPS2 * leg_m), 0.30, 1.80))
    relative_speed = speed_mps / np.sqrt(GRAVITY_MPS2 * leg_m) / 0.43
    step_m = leg_m * 0.75 * relative_speed**0.5 * np.exp(rng.normal(0.0, 0.10))
    if kind == "short_steps":
        shorter = rng.uniform(0.50, 0.80)
        step_m *= 1.0 if untouched else shorter
    step_s = float(np.clip(min(step_m, 0.88 * leg_m) / speed_mps, 0.35, 1.15))
    return relative_speed, min(speed_mps * step_s, 0.90 * leg_m), step_s


def _draw_sides(rng: np.random.Generator, kind: Pattern) -> tuple[int, Sides]:
    """The affected side (0 left, 1 right), and 1 for each side that shows the pattern."""
    affected = int(rng.integers(2))
    one_sided = kind in ("hemiparetic", "antalgic")
    if kind in ("drop_foot", "stiff_knee"):
        one_sided = rng.random() < 0.6
    return affected, np.eye(2)[affected] if one_sided else np.ones(2)


def _draw_asymmetry(rng: np.random.Generator, kind: Pattern, affected: int) -> tuple[float, float]:
    """How much longer, and later, left steps are than the mean; right ones are as much less."""
    healthy = kind == "normal"
    length = rng.normal(0.0, 0.015) if healthy else rng.normal(0.0, 0.04)
    time = rng.normal(0.0, 0.010) if healthy else rng.normal(0.0, 0.025)
    sign = 1.0 if affected == 0 else -1.0
    if kind == "hemiparetic":
        length, time = sign * rng.uniform(-0.05, 0.20), sign * rng.uniform(0.02, 0.12)
    if kind == "antalgic":
        length, time = sign * rng.uniform(0.02, 0.15), sign * rng.uniform(0.04, 0.12)
    return length, time


def _draw_draft(rng: np.random.Generator, relative_speed: float) -> Draft:
    """Legs of somebody healthy at this speed."""
    contact = np.clip(17.0 * relative_speed**0.7 + rng.normal(0, 3.0, 2), 5.0, 28.0)
    crouch = np.clip(rng.normal(0.0, 1.5) + rng.normal(0.0, 1.0, 2), -2.0, 5.0)
    swing_knee = 60.0 + 9.0 * (np.clip(relative_speed, 0.3, 1.4) - 1.0) + rng.normal(0, 3.0, 2)
    loading = np.clip(np.clip(relative_speed, 0.2, 1.3) * np.exp(rng.normal(0, 0.2, 2)), 0.1, 1.5)
    return Draft(contact, crouch, swing_knee, loading)
