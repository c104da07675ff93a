"""The simulated motion as C3D: points, model angles, foot events, and the usable numbers.

Groups and parameters as the C3D file format's user guide has them (c3d.org: ANALYSIS, EVENT),
labels of model angles as Plug-in Gait's, so that what a laboratory uses opens the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import parameter
from simgait.parameters.parameter import Parameter
from simgait.recordings.formats.c3d import SOFTWARE
from simgait.report.trial.verdict import Verdict
from simgait.skeleton.sides import SIDES, Side
from simgait.skeleton.signs import clinical_angles_deg
from simgait.types import EventKind, Rollout

C3D = "motion.c3d"
MODEL_ANGLES: Mapping[str, tuple[str, str, str]] = {
    "Pelvis": ("pelvis_tilt", "pelvis_obliquity", "pelvis_rotation"),
    "Hip": ("hip_flexion", "hip_adduction", "hip_rotation"),
    "Knee": ("knee_flexion", "", ""),
    "Ankle": ("ankle_dorsiflexion", "", ""),
}
"""Plug-in Gait's three components; those of a hinge that the body does not have are 0."""
EVENT_LABELS: Mapping[EventKind, str] = {"initial_contact": "Foot Strike", "foot_off": "Foot Off"}
CONTEXTS = {"left": "Left", "right": "Right", "both": "General"}
_MM = 1000.0
MOST_LETTERS = 160
"""Of a reference's name with what stands before it: a C3D file's texts have up to 255."""


@dataclass(frozen=True)
class _Point:
    """One column of POINT: (T, 3), NaN where missing, and what it is."""

    label: str
    values: Float[np.ndarray, "T 3"]
    description: str


def write_c3d(
    path: Path, rollout: Rollout, result: GaitResult, verdict: Verdict, subject: str
) -> None:
    """The simulated body's keypoints (mm), angles (deg), events, and ANALYSIS: usable numbers.

    Angles that are not to be used are missing. From a fall on nothing is there.

    Args:
        path: of the file.
        rollout: the simulated body.
        result: gait of it.
        verdict: on its numbers; curves are named by side there ("left", "hip_rotation_deg").
        subject: code of the person or of the walk, for SUBJECTS.
    """
    import ezc3d

    lost = {(n.pool, n.key) for n in verdict.numbers if n.level == "do_not_use"}
    angles = _angles(rollout, lost)
    file = ezc3d.c3d()
    _set_points(file, rollout, [*_keypoints(rollout), *angles])
    file.add_parameter("POINT", "ANGLES", [one.label for one in angles])
    file.add_parameter("POINT", "ANGLE_UNITS", ["deg"])
    file.add_parameter("POINT", "X_SCREEN", ["+X"])
    file.add_parameter("POINT", "Y_SCREEN", ["+Z"])
    file.add_parameter("SUBJECTS", "USED", 1)
    file.add_parameter("SUBJECTS", "NAMES", [subject])
    file.add_parameter("SUBJECTS", "USES_PREFIXES", 0)
    file.add_parameter("MANUFACTURER", "SOFTWARE", [SOFTWARE])
    _set_events(file, result, subject)
    _set_analysis(file, result, verdict, subject)
    file.write(str(path))


def _keypoints(rollout: Rollout) -> list[_Point]:
    points = [
        _Point(_label(name), _MM * rollout.keypoints_m[:, i], f"{name} of the simulated body")
        for i, name in enumerate(rollout.skeleton.keypoints)
    ]
    mass = _Point("CentreOfMass", _MM * rollout.centre_of_mass_m, "of the simulated body")
    return [*points, mass]


def _label(keypoint: str) -> str:
    """LBigToe of "Left Big Toe"."""
    for side in SIDES:
        keypoint = keypoint.replace(f"{side.title()} ", side[0].upper())
    return keypoint.replace(" ", "")


def _angles(rollout: Rollout, lost: Iterable[tuple[str, str]]) -> list[_Point]:
    known = clinical_angles_deg(rollout.pose, rollout.skeleton)
    gone = {f"{side}_{key.removesuffix('_deg')}" for side, key in lost}
    return [
        _model_angle(side, joint, names, known, gone)
        for side in SIDES
        for joint, names in MODEL_ANGLES.items()
    ]


def _model_angle(
    side: Side,
    joint: str,
    names: tuple[str, str, str],
    known: Mapping[str, Float[np.ndarray, " T"]],
    gone: set[str],
) -> _Point:
    still = np.zeros_like(next(iter(known.values())))
    columns, words = [], []
    for axis, name in zip("xyz", names, strict=True):
        own = f"{side}_{name}"
        is_gone = own in gone
        columns.append(np.full_like(still, np.nan) if is_gone else known.get(own, still))
        if name:
            told = "left out, not to be used" if is_gone else "deg"
            words.append(f"{axis} {name.replace('_', ' ')}: {told}")
    return _Point(f"{side[0].upper()}{joint}Angles", np.stack(columns, axis=-1), "; ".join(words))


def _set_points(file: Any, rollout: Rollout, points: list[_Point]) -> None:
    values = np.stack([one.values for one in points])
    values[:, ~rollout.alive] = np.nan
    missing = np.isnan(values).all(axis=-1)
    n, frames = missing.shape
    data = np.ones((4, n, frames))
    # A point that is missing has the residual -1, and zeros for a place.
    data[:3] = np.where(missing[..., None], 0.0, values).transpose(2, 0, 1)
    file["parameters"]["POINT"]["RATE"]["value"] = [_rate_hz(rollout)]
    file["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
    file["parameters"]["POINT"]["LABELS"]["value"] = [one.label for one in points]
    file["parameters"]["POINT"]["DESCRIPTIONS"]["value"] = [one.description for one in points]
    file["data"]["points"] = data
    file["data"]["meta_points"]["residuals"] = np.where(missing, -1.0, 0.0)[None]


def _rate_hz(rollout: Rollout) -> float:
    return float((len(rollout.time_s) - 1) / (rollout.time_s[-1] - rollout.time_s[0]))


def _set_events(file: Any, result: GaitResult, subject: str) -> None:
    """EVENT; TIMES are minutes and seconds from the first frame."""
    events = sorted(result.events, key=lambda event: event.time_s)
    file.add_parameter("EVENT", "USED", len(events))
    if not events:
        return
    times_s = np.array([event.time_s for event in events])
    file.add_parameter("EVENT", "CONTEXTS", [CONTEXTS[event.side] for event in events])
    file.add_parameter("EVENT", "LABELS", [EVENT_LABELS[event.kind] for event in events])
    file.add_parameter("EVENT", "TIMES", np.stack(np.divmod(times_s, 60.0)))
    file.add_parameter("EVENT", "SUBJECTS", [subject] * len(events))
    file.add_parameter("EVENT", "DESCRIPTIONS", ["of the simulated body"] * len(events))


def _set_analysis(file: Any, result: GaitResult, verdict: Verdict, subject: str) -> None:
    """ANALYSIS: every number that may be used, with its context, unit and 90 % interval."""
    rows = []
    for key, pools in result.parameters.items():
        one = parameter(key)
        for pool, statistic in pools.items():
            level = verdict.number_level(key, pool)
            if level in (None, "do_not_use"):
                continue
            low, high = result.interval(key, pool)
            interval = f"90 % interval {low:.4g} to {high:.4g}"
            told = interval if np.isfinite(low) else "how far off it may be is not known"
            rough = "" if level == "use" else f"; {level}"
            rows.append(
                (one.label.title(), CONTEXTS[pool], _ascii_unit(one.unit.symbol), statistic.mean,
                 f"mean of {statistic.n}; {told}{rough}{_against(result, one)}")
            )  # fmt: skip
    file.add_parameter("ANALYSIS", "USED", len(rows))
    if not rows:
        return
    names, contexts, units, values, descriptions = map(list, zip(*rows, strict=True))
    file.add_parameter("ANALYSIS", "NAMES", names)
    file.add_parameter("ANALYSIS", "CONTEXTS", contexts)
    file.add_parameter("ANALYSIS", "SUBJECTS", [subject] * len(rows))
    file.add_parameter("ANALYSIS", "UNITS", units)
    file.add_parameter("ANALYSIS", "VALUES", np.array(values))
    file.add_parameter("ANALYSIS", "DESCRIPTIONS", descriptions)


def _against(result: GaitResult, one: Parameter) -> str:
    """Whom a score was made with; empty of all other numbers."""
    if one.of_scores is None or result.scores is None:
        return ""
    return f"; against {result.scores.reference}".encode("ascii", "replace").decode()[:MOST_LETTERS]


def _ascii_unit(symbol: str) -> str:
    """A C3D file's texts are ASCII; what a share is of stands in its name."""
    return symbol.replace("°", "deg").removesuffix(" of cycle")
