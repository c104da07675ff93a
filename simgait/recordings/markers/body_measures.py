"""Body measures that a file states, tested against its own markers before they are used.

Files hold them in millimetres, centimetres or metres, some of another person, some with sides
exchanged; a wrong one moves joint centres by centimetres and takes a limp away. Every measure is
some share of the reach from ASIS to ankle; the shares were measured on 28 trials of 16 people of
four laboratories.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from simgait.limits import HEIGHT_M
from simgait.recordings.markers.joint_centres import DEFAULT_MARKER_DIAMETER_M, Anthropometry

Points = Mapping[str, Float[np.ndarray, "T 3"]]
Pair = tuple[float | None, float | None]

UNITS = {"millimetres": 0.001, "centimetres": 0.01, "metres": 1.0, "inches": 0.0254}
USUAL_REACH_PER_LEG = 1.08
"""Of a leg from hip joint to ankle joint, where no ASIS is marked."""
EXCHANGED_M = 0.01
"""Beyond this, legs that differ one way in the file and the other way by the markers are others."""


@dataclass(frozen=True)
class Share:
    """What a measure is of the reach: usual, and the least and the most that is believed."""

    usual: float
    least: float
    most: float


LEG = Share(1.0, 0.85, 1.12)
"""Measured .88 to 1.04."""
KNEE_WIDTH = Share(0.125, 0.09, 0.18)
"""Measured .104 to .159."""
ANKLE_WIDTH = Share(0.079, 0.058, 0.105)
"""Measured .068 to .089."""
HEIGHT = Share(1.9, 1.67, 2.17)
"""Measured 1.80 to 2.04."""
PELVIS_WIDTH = Share(0.92, 0.6, 1.1)
"""Of the distance of the ASIS markers, which stand on skin; measured .83 to 1.01."""
MARKER_DIAMETER_M = Share(0.014, 0.004, 0.04)
"""Usual in gait laboratories; the smallest on faces and the largest outdoors lie within."""


@dataclass(frozen=True)
class StatedMeasures:
    """Numbers as a file states them, of unknown unit, None where it does not; left, right."""

    height: float | None = None
    pelvis_width: float | None = None
    leg: Pair = (None, None)
    knee_width: Pair = (None, None)
    ankle_width: Pair = (None, None)
    marker_diameter: float | None = None


@dataclass(frozen=True)
class CheckedMeasures:
    """Those that fit the markers, in metres, and one sentence each on those that do not."""

    anthropometry: Anthropometry
    height_m: float | None
    notes: tuple[str, ...]


def reaches_m(markers: Points) -> tuple[float, float]:
    """Left and right distance (m) from ASIS to ankle marker with the leg stretched."""
    both = [np.linalg.norm(markers[f"{s}ASI"] - markers[f"{s}ANK"], axis=-1) for s in "LR"]
    left, right = (float(np.nanpercentile(reach, 95)) for reach in both)
    return left, right


def in_metres(stated: float, usual_m: float) -> tuple[float, str]:
    """The number in that unit which brings it nearest to what is usual, and the unit."""
    unit = min(UNITS, key=lambda name: abs(np.log(stated * UNITS[name] / usual_m)))
    return stated * UNITS[unit], unit


def check_measures(
    stated: StatedMeasures, reach_m: tuple[float, float], pelvis_width_m: float | None
) -> CheckedMeasures:
    """Units found and every measure held against the markers.

    Args:
        stated: by the file.
        reach_m: left and right, from `reaches_m`.
        pelvis_width_m: distance of the ASIS markers, None where there are none.
    """
    mean_m = 0.5 * (reach_m[0] + reach_m[1])
    check = _Check()
    height_m = check.one("height", stated.height, mean_m, HEIGHT)
    # What the file says of the whole person is not dropped for its markers: one of the two is
    # wrong, which the quality of the walk says (`height_denied`), as of every other format.
    if "height" in check.refused and check.refused["height"][0] in HEIGHT_M:
        height_m, _ = check.refused.pop("height")
    leg = check.pair("leg length", stated.leg, reach_m, LEG)
    pelvis = None
    if pelvis_width_m is not None:
        pelvis = check.one("pelvis width", stated.pelvis_width, pelvis_width_m, PELVIS_WIDTH)
    knee = check.pair("knee width", stated.knee_width, (mean_m, mean_m), KNEE_WIDTH)
    ankle = check.pair("ankle width", stated.ankle_width, (mean_m, mean_m), ANKLE_WIDTH)
    diameter = check.one("marker diameter", stated.marker_diameter, 1.0, MARKER_DIAMETER_M)
    measured = Anthropometry(
        pelvis, leg, knee, ankle, DEFAULT_MARKER_DIAMETER_M if diameter is None else diameter
    )
    notes = check.notes()
    if {"left leg length", "right leg length"} & set(check.refused):
        measured = Anthropometry(marker_diameter_m=measured.marker_diameter_m)
        notes += ("The file's body measures seem to be another person's: none of them was used.",)
        height_m = None
    elif _exchanged(leg, reach_m):
        measured = replace(
            measured, leg_m=(None, None), knee_width_m=(None, None), ankle_width_m=(None, None)
        )
        notes += (
            "The file's left leg is the longer one and its markers say the right one, or the other "
            "way round: its measures of left and right were not used.",
        )
    return CheckedMeasures(measured, height_m, notes)


def _exchanged(leg_m: Pair, reach_m: tuple[float, float]) -> bool:
    if leg_m[0] is None or leg_m[1] is None:
        return False
    stated_m, marked_m = leg_m[0] - leg_m[1], reach_m[0] - reach_m[1]
    return stated_m * marked_m < 0.0 and min(abs(stated_m), abs(marked_m)) > EXCHANGED_M


class _Check:
    """Measures one by one, keeping what was refused and which units were met."""

    def __init__(self) -> None:
        self.refused: dict[str, tuple[float, float]] = {}
        self.units: dict[str, list[str]] = {}

    def one(self, name: str, stated: float | None, reach_m: float, share: Share) -> float | None:
        if stated is None:
            return None
        value_m, unit = in_metres(stated, share.usual * reach_m)
        if not share.least * reach_m <= value_m <= share.most * reach_m:
            self.refused[name] = (value_m, share.usual * reach_m)
            return None
        self.units.setdefault(unit, []).append(name)
        return value_m

    def pair(self, name: str, stated: Pair, reach_m: tuple[float, float], share: Share) -> Pair:
        return (
            self.one(f"left {name}", stated[0], reach_m[0], share),
            self.one(f"right {name}", stated[1], reach_m[1], share),
        )

    def notes(self) -> tuple[str, ...]:
        odd = {u: n for u, n in self.units.items() if u not in ("millimetres", "metres")}
        return (
            *(f"body measures of the file read in {u}: {', '.join(n)}." for u, n in odd.items()),
            *(
                f"the file's {name} of {value_m:.3g} m does not fit the markers, which suggest "
                f"about {usual_m:.2g} m, and was not used."
                for name, (value_m, usual_m) in self.refused.items()
            ),
        )
