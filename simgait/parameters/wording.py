"""How parameters and curves are named, unitised and rounded in what a person reads."""

from __future__ import annotations

import math
from dataclasses import dataclass

LEFT_COLOUR = "#d55e00"
RIGHT_COLOUR = "#0072b2"
SIDE_COLOUR = {"left": LEFT_COLOUR, "right": RIGHT_COLOUR, "both": "#444444"}


@dataclass(frozen=True)
class Shown:
    """A parameter in the report: label, shown unit, factor from the stored unit, decimals."""

    label: str
    unit: str
    factor: float = 1.0
    decimals: int = 1


PARAMETERS: dict[str, Shown] = {
    "velocity_mps": Shown("Walking speed", "m/s", decimals=2),
    "cadence_spm": Shown("Cadence", "steps/min", decimals=0),
    "stride_length_m": Shown("Stride length", "cm", 100.0),
    "step_length_m": Shown("Step length", "cm", 100.0),
    "step_width_m": Shown("Step width", "cm", 100.0),
    "stride_time_s": Shown("Stride time", "s", decimals=2),
    "step_time_s": Shown("Step time", "s", decimals=2),
    "stance_percent": Shown("Stance", "% of cycle"),
    "swing_percent": Shown("Swing", "% of cycle"),
    "single_support_percent": Shown("Single support", "% of cycle"),
    "double_support_percent": Shown("Double support", "% of cycle"),
}

# Stored unit by the ending of a parameter's name, for the CSV.
UNITS = {"_mps": "m/s", "_spm": "steps/min", "_percent": "% of cycle", "_m": "m", "_s": "s"}


@dataclass(frozen=True)
class CurvePanel:
    """One joint curve: coordinate, title, and what up and down mean."""

    coordinate: str
    title: str
    up: str
    down: str
    span_deg: tuple[float, float]


CURVES: tuple[CurvePanel, ...] = (
    CurvePanel("pelvis_tilt", "Pelvic tilt", "anterior", "posterior", (-10, 30)),
    CurvePanel("pelvis_obliquity", "Pelvic obliquity", "up", "down", (-15, 15)),
    CurvePanel("pelvis_rotation", "Pelvic rotation", "internal", "external", (-20, 20)),
    CurvePanel("hip_flexion", "Hip flexion", "flexion", "extension", (-20, 60)),
    CurvePanel("hip_adduction", "Hip adduction", "adduction", "abduction", (-20, 20)),
    CurvePanel("hip_rotation", "Hip rotation", "internal", "external", (-30, 30)),
    CurvePanel("knee_flexion", "Knee flexion", "flexion", "extension", (-10, 80)),
    CurvePanel("ankle_dorsiflexion", "Ankle dorsiflexion", "dorsi", "plantar", (-30, 30)),
)


def shown(parameter: str) -> Shown:
    """How a parameter is shown; one that is not in the table keeps its own name and unit."""
    if parameter in PARAMETERS:
        return PARAMETERS[parameter]
    return Shown(parameter.replace("_", " "), unit(parameter), decimals=2)


def tile_sides(parameter: str) -> tuple[str, ...]:
    """The sides that a short display shows: one number for the walk, two for a leg's own."""
    return ("both",) if parameter in ("velocity_mps", "cadence_spm") else ("left", "right")


def unit(parameter: str) -> str:
    """The stored unit of a parameter, read from its name."""
    return next((u for ending, u in UNITS.items() if parameter.endswith(ending)), "")


def counted(count: int, thing: str) -> str:
    """A count with its noun: "1 cycle", "2 cycles"."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def number(value: float, decimals: int) -> str:
    """A number for a person: real minus sign, an en dash where there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    text = f"{value:.{decimals}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", "\u2212")
