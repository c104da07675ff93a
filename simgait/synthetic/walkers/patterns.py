"""What a gait pattern does to a walker: to the legs of somebody healthy, side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from jaxtyping import Float

Sides = Float[np.ndarray, " 2"]
"""Left and right, to compute with."""
Pair = tuple[float, float]
"""One value for the left and one for the right side."""


def pair(left: float, right: float) -> Pair:
    """Plain numbers, as a `WalkerSpec` holds them."""
    return float(left), float(right)


@dataclass(frozen=True)
class Draft:
    """What a gait pattern may change of a walker; arrays are (left, right), as in `WalkerSpec`."""

    contact_deg: Sides
    crouch_deg: Sides
    swing_knee_deg: Sides
    loading: Sides
    equinus_deg: Sides = field(default_factory=lambda: np.zeros(2))
    drop_deg: Sides = field(default_factory=lambda: np.zeros(2))
    hike_deg: Sides = field(default_factory=lambda: np.zeros(2))
    circumduction_m: Sides = field(default_factory=lambda: np.zeros(2))
    width_scale: float = 1.0

    def contact_pitch_deg(self) -> Pair:
        """Of the feet at contact: toes down where they stay so, else up."""
        return pair(*np.where(self.equinus_deg > 0, -self.equinus_deg, self.contact_deg))


# The order of the draws below is part of `specification.VERSION`: another makes other walkers.


def with_pattern(
    rng: np.random.Generator, kind: str, draft: Draft, on_side: Sides, leg_m: float
) -> Draft:
    """The draft with what the pattern does to the sides that show it."""
    change = CHANGES.get(kind)
    return draft if change is None else replace(draft, **change(rng, draft, on_side, leg_m))


def _crouch(rng: np.random.Generator, draft: Draft, on_side: Sides, leg_m: float) -> dict[str, Any]:
    changes = {
        "crouch_deg": rng.uniform(12.0, 35.0) + rng.normal(0.0, 2.0, 2),
        "contact_deg": np.clip(draft.contact_deg * rng.uniform(0.0, 0.6), 0.0, 15.0),
    }
    if rng.random() < 0.4:
        changes["equinus_deg"] = rng.uniform(3.0, 14.0) * np.ones(2)
    return changes


def _stiff_knee(
    rng: np.random.Generator, draft: Draft, on_side: Sides, leg_m: float
) -> dict[str, Any]:
    return {
        "swing_knee_deg": np.where(on_side > 0, rng.uniform(25.0, 42.0), draft.swing_knee_deg),
        "hike_deg": on_side * rng.uniform(4.0, 9.0),
        "circumduction_m": on_side * rng.uniform(0.01, 0.05) * leg_m,
    }


def _drop_foot(
    rng: np.random.Generator, draft: Draft, on_side: Sides, leg_m: float
) -> dict[str, Any]:
    return {
        "contact_deg": np.where(on_side > 0, rng.uniform(-8.0, 2.0), draft.contact_deg),
        "drop_deg": on_side * rng.uniform(8.0, 18.0),
        "swing_knee_deg": draft.swing_knee_deg + on_side * rng.uniform(5.0, 15.0),
    }


def _short_steps(
    rng: np.random.Generator, draft: Draft, on_side: Sides, leg_m: float
) -> dict[str, Any]:
    return {
        "contact_deg": draft.contact_deg * rng.uniform(0.3, 0.9),
        "swing_knee_deg": draft.swing_knee_deg - rng.uniform(5.0, 15.0),
        "crouch_deg": draft.crouch_deg + rng.uniform(0.0, 10.0),
    }


def _hemiparetic(
    rng: np.random.Generator, draft: Draft, on_side: Sides, leg_m: float
) -> dict[str, Any]:
    return {
        "contact_deg": np.where(on_side > 0, rng.uniform(-6.0, 6.0), draft.contact_deg),
        "drop_deg": on_side * rng.uniform(4.0, 14.0),
        "swing_knee_deg": np.where(on_side > 0, rng.uniform(28.0, 48.0), draft.swing_knee_deg),
        "hike_deg": on_side * rng.uniform(2.0, 7.0),
        "circumduction_m": on_side * rng.uniform(0.01, 0.06) * leg_m,
        "equinus_deg": on_side * _hemiparetic_equinus_deg(rng),
    }


def _hemiparetic_equinus_deg(rng: np.random.Generator) -> float:
    # The inner draw comes second and only for those who have it.
    return rng.uniform(3.0, 10.0) if rng.random() < 0.3 else 0.0


def _wide_base(
    rng: np.random.Generator, draft: Draft, on_side: Sides, leg_m: float
) -> dict[str, Any]:
    return {"width_scale": rng.uniform(1.5, 2.4)}


def _antalgic(
    rng: np.random.Generator, draft: Draft, on_side: Sides, leg_m: float
) -> dict[str, Any]:
    return {
        "loading": np.where(on_side > 0, draft.loading * rng.uniform(0.1, 0.6), draft.loading),
        "crouch_deg": draft.crouch_deg + on_side * rng.uniform(0.0, 10.0),
    }


Change = Callable[[np.random.Generator, Draft, Sides, float], dict[str, Any]]
CHANGES: dict[str, Change] = {
    "crouch": _crouch, "stiff_knee": _stiff_knee, "drop_foot": _drop_foot,
    "short_steps": _short_steps, "hemiparetic": _hemiparetic, "wide_base": _wide_base,
    "antalgic": _antalgic,
}  # fmt: skip
