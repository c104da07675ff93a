"""Conditions of made-up walks."""

from __future__ import annotations

from simgait.certainty.conditions import Conditions

GOOD = Conditions(
    measured=0.0,
    filmed=0.0,
    travel_spread=0.07,
    travel_unknown=0.0,
    travel_to_stance=1.05,
    swing_per_leg=1.2,
    jitter_mm=4.0,
    jitter_along_mm=2.0,
    jitter_across_mm=1.0,
    path_jitter_mm=8.0,
    bone_variation_percent=2.0,
    thigh_to_shank=0.95,
    hips_to_leg=0.22,
    straightest_knee_deg=5.0,
    feet_unseen=0.0,
    filled=0.0,
    fit_error_mm=20.0,
    residual_percent_bw=4.0,
    moment_percent_bw_height=2.5,
    events_apart_ms=15.0,
)
"""A detector's walk with nothing odd about it."""
