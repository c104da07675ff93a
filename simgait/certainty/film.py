"""How much wider half-widths of film are than those of a detector's keypoints.

The formulas were fitted to walks through synthetic detectors. Landmarks that were seen in pictures
and lifted err otherwise: contacts come late and legs are drawn alike. So each number has a level of
its own for film, measured as the others are (`certainty.fitting`: people the same, synthetic
walkers and people half each, the next person one more, each kind at least), on 58 rendered clips
that are in no benchmark (35 synthetic walkers, 23 walks of 13 people with markers), 27 November
2026, commit 55d6a34. It is never below 1: these clips' fields of view and heights were told.
What is not named here held already. docs/intervals.md has the table.
"""

from __future__ import annotations

from collections.abc import Mapping

WIDER: Mapping[str, float] = {
    "cadence_spm, both": 1.12,
    "cadence_spm, side": 1.15,
    "step_width_m, both": 2.05,
    "step_width_m, side": 2.42,
    "stance_percent, both": 2.58,
    "stance_percent, side": 2.70,
    "swing_percent, both": 2.58,
    "swing_percent, side": 2.36,
    "single_support_percent, both": 2.80,
    "single_support_percent, side": 2.75,
    "double_support_percent, both": 2.92,
    "double_support_percent, side": 2.99,
    "pelvis_tilt_deg, curve": 1.90,
    "pelvis_obliquity_deg, curve": 2.06,
    "pelvis_rotation_deg, curve": 2.15,
    "hip_flexion_deg, curve": 1.97,
    "hip_adduction_deg, curve": 2.45,
    "hip_rotation_deg, curve": 3.01,
    "knee_flexion_deg, curve": 2.38,
    "ankle_dorsiflexion_deg, curve": 2.73,
    "initial_contact, event": 1.56,
}
"""Number as the file of half-widths calls it -> factor."""


def wider(name: str) -> float:
    """What a number's half-width of a detector's keypoints is multiplied by for film."""
    return WIDER.get(name, 1.0)
