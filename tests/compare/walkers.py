"""Visits of synthetic walkers whose curves are known, as folders of results without any physics."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from simgait.benchmark.repeated_sides import true_curves
from simgait.parameters.curves import CURVES
from simgait.skeleton.sides import SIDES
from simgait.synthetic.walkers.specification import WalkerSpec, draw_walker
from simgait.synthetic.walkers.walk import walk
from tests.visit_folders import visit_folder

WALKS = 3
DROP_DEG = 25.0
PAIRS = (
    "step_length_m", "step_time_s", "double_support_s", "toe_out_deg", "contact_pitch_deg",
    "heel_rocker", "equinus_deg", "swing_drop_deg", "crouch_deg", "loading_scale",
    "swing_knee_deg", "hike_deg", "circumduction_m",
)  # fmt: skip
"""What a walker has of each side."""


def even_walker() -> WalkerSpec:
    """Somebody whose sides are alike."""
    spec = draw_walker(5, "normal")
    alike: dict[str, Any] = {name: (getattr(spec, name)[0],) * 2 for name in PAIRS}
    return replace(spec, sway_offset_m=0.0, **alike)


def with_drop_foot(spec: WalkerSpec) -> WalkerSpec:
    """The same person whose left foot hangs down in swing: one curve changes, that of its ankle."""
    return replace(spec, swing_drop_deg=(DROP_DEG, spec.swing_drop_deg[1]))


def walked_visit(folder: Path, spec: WalkerSpec, seed: int) -> Path:
    """A visit of three walks of the walker, no two alike."""
    walks = [
        true_curves(walk(replace(spec, seed=seed + of, start_phase=0.2 * of), 6.0))
        for of in range(WALKS)
    ]
    names = [f"{side}_{curve.coordinate}" for side in SIDES for curve in CURVES]
    curves = [{name: own[f"{name}_deg"] for name in names} for own in walks]
    numbers = [{("velocity_mps", "both"): (1.0, 0.05)}] * WALKS
    return visit_folder(folder, numbers, curves=curves)
