"""Joint moments and powers, and the centre of mass: what the page says of them, and their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from simgait.files import csv_text, write_text
from simgait.findings import Basis, Finding
from simgait.gait.joint_moments import MOST_HELP, SAGITTAL_JOINTS
from simgait.gait_result import GaitResult, JointKinetics
from simgait.parameters.wording import counted, number
from simgait.plain_text import listed
from simgait.report.trial.cycle_curves import Panel, side_curves
from simgait.report.trial.levels import JudgedNumber, touches
from simgait.report.trial.verdict import Verdict
from simgait.report.words import sentences
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.sides import SIDES
from simgait.types import Rollout, Trial

MOMENTS, MASS, EXCURSIONS = "joint_moments.csv", "centre_of_mass.csv", "mass_excursions.csv"
ROUGH = "rough"
"""Level of every moment and power: nobody made intervals for them."""
FORCE_KEY = "vertical_force_percent_bw"


@dataclass(frozen=True)
class MomentError:
    """Of a joint's moment and power over stance, against inverse dynamics with force plates.

    Attributes:
        moment_nm_per_kg: root mean square difference.
        correlation: of the moment's courses, median over stances.
        peak_nm_per_kg: mean and SD of the differences of peak moments.
        power_w_per_kg: root mean square difference.
        peak_power_w_per_kg: mean and SD of the differences of peak powers.
    """

    moment_nm_per_kg: float
    correlation: float
    peak_nm_per_kg: tuple[float, float]
    power_w_per_kg: float
    peak_power_w_per_kg: tuple[float, float]


MEASURED: Mapping[str, MomentError] = {
    "hip": MomentError(0.47, 0.63, (-0.33, 0.40), 0.70, (0.17, 0.70)),
    "knee": MomentError(0.28, 0.54, (-0.23, 0.22), 0.57, (-0.10, 0.53)),
    "ankle": MomentError(0.21, 0.96, (0.07, 0.14), 0.55, (-0.47, 1.06)),
}
MEASURED_ON = "29 stances of 12 laboratory walks with force plates"
"""docs/definitions.md has the table."""
OF_A_DETECTOR = (
    " Those were walks of markers; through a detector's errors it was tried on our own model of "
    "them alone, which left the ankle's moment about as good (0.25 N·m/kg)."
)


def kinetics_section(
    rollout: Rollout, trial: Trial, result: GaitResult, verdict: Verdict
) -> dict[str, Any]:
    """What the page says of moments, powers and the centre of mass."""
    shown = shown_kinetics(result, verdict)
    texts = [_shown_text(rollout, trial, list(shown))] if shown else []
    return {
        "moment_charts": [chart for joint, one in shown.items() for chart in _charts(joint, one)],
        "moment_texts": [*texts, *_left_out(result, verdict)],
        "moments_file": MOMENTS if shown else "",
        "mass_text": mass_text(result, verdict),
    }


def shown_kinetics(result: GaitResult, verdict: Verdict) -> dict[str, JointKinetics]:
    """Joint -> its moments and powers, of the sides whose force and angle may be used."""
    found = {}
    for joint, one in result.joint_kinetics.items():
        sides = [
            side
            for side in SIDES
            if not _denied(verdict, joint, side) and len(one.moment_nm_per_kg[side])
        ]
        if sides:
            found[joint] = JointKinetics(
                {side: one.moment_nm_per_kg[side] for side in sides},
                {side: one.power_w_per_kg[side] for side in sides},
            )
    return found


def _denied(verdict: Verdict, joint: str, side: str) -> bool:
    keys = (FORCE_KEY, f"{SAGITTAL_JOINTS[joint]}_deg")
    return any(verdict.number_level(key, side) == "do_not_use" for key in keys)


def _shown_text(rollout: Rollout, trial: Trial, joints: list[str]) -> str:
    mass_kg = number(rollout.body_weight_n / GRAVITY_MPS2, 0)
    of = "the person's mass" if trial.mass_kg is not None else (
        "the simulated body's mass, taken from the height as none was stated"
    )  # fmt: skip
    errors = "; ".join(_error_text(joint) for joint in joints)
    return (
        f"Net moment (internal, {'plantarflexion' if joints == ['ankle'] else 'extension'} +) and "
        f"power of the simulated body, per kg of {of} ({mass_kg} kg). Rough: against "
        f"{MEASURED_ON}, {errors}. Read shape and timing, not heights."
        f"{'' if trial.scale_is_metric else OF_A_DETECTOR}"
    )


def _error_text(joint: str) -> str:
    one = MEASURED[joint]
    peak, peak_sd = one.peak_nm_per_kg
    power, power_sd = one.peak_power_w_per_kg
    return (
        f"the {joint}'s moment was off by {number(one.moment_nm_per_kg, 2)} N·m/kg (root mean "
        f"square over stance; r {number(one.correlation, 2)}), its peak by {number(peak, 2)} ± "
        f"{number(peak_sd, 2)} N·m/kg (SD), the peak of its power by {number(power, 1)} ± "
        f"{number(power_sd, 1)} W/kg"
    )


def _left_out(result: GaitResult, verdict: Verdict) -> list[str]:
    """Why joints are not shown, a sentence for each reason."""
    if not result.cycles:
        return ["Without a gait cycle there are no joint moments."]
    force, moment = result.residual_force_percent_bw, result.residual_moment_percent_bw_height
    if not np.isfinite(force):
        return ["Joint moments are left out: how much outside help the body used is not known."]
    helped = [joint for joint in MOST_HELP if joint not in result.joint_kinetics]
    texts = [
        _helped_text([joint for joint in helped if MOST_HELP[joint] == most], most, force, moment)
        for most in dict.fromkeys(MOST_HELP[joint] for joint in helped)
    ]
    denied = [
        f"{side} {joint}"
        for joint in result.joint_kinetics
        for side in SIDES
        if _denied(verdict, joint, side)
    ]
    if denied:
        texts.append(
            f"{listed(denied, len(denied)).capitalize()}: left out, as the ground force or the "
            "joint's angle is not to be used."
        )
    return texts


def _helped_text(joints: list[str], most: tuple[float, float], force: float, moment: float) -> str:
    """Why joints of the same limits of the helper's force and moment are left out."""
    most_force, most_moment = most
    begin = f"{' and '.join(joints).capitalize()}: left out."
    if not np.isfinite(most_moment):
        return (
            f"{begin} Its moment follows from the floor's force on the foot, which is not to be "
            f"used where the helper on the pelvis pushes with more than {most_force:g} % of body "
            f"weight, here {number(force, 1)} % (root mean square)."
        )
    return (
        f"{begin} The helper on the pelvis does part of what their muscles would do, here by a "
        f"force of {number(force, 1)} % of body weight and a moment of {number(moment, 1)} % of "
        f"body weight × height (root mean square); at most {most_force:g} % of body weight and "
        f"{most_moment:g} % of body weight × height are accepted (after Hicks et al. 2015)."
    )


def _charts(joint: str, one: JointKinetics) -> list[Markup]:
    up, down = ("plantar", "dorsi") if joint == "ankle" else ("extensor", "flexor")
    name = joint.capitalize()
    moment = Panel(f"{name} moment (N·m/kg), rough", (-0.5, 1.5), up, down)
    power = Panel(f"{name} power (W/kg), rough", (-2.0, 4.0), "generated", "absorbed")
    return [side_curves(moment, one.moment_nm_per_kg), side_curves(power, one.power_w_per_kg)]


def mass_text(result: GaitResult, verdict: Verdict) -> str:
    """By how much the centre of mass moves in a stride, or why that is not shown."""
    if not result.mass_excursions:
        return ""
    doubts = mass_doubts(result, verdict)
    if doubts:
        return (
            "Left out, as angles and size of the body, which it rests on, are not to be used: "
            f"{' '.join(sentences(doubts))}"
        )
    up_cm, across_cm = (
        [100.0 * getattr(one, name) for one in result.mass_excursions]
        for name in ("vertical_m", "sideways_m")
    )
    return (
        f"In a stride the simulated body's centre of mass moves by {_mean_sd(up_cm)} up and down "
        f"and by {_mean_sd(across_cm)} from side to side "
        f"({counted(len(result.mass_excursions), 'gait cycle')}). Rough: trunk, head and arms are "
        "one part that rides on the pelvis. Against the markers of 12 laboratory walks the body "
        "moved 0.8 ± 0.4 cm (SD) further up and down and 0.4 ± 0.9 cm further from side to side, "
        f"5 cm lower above the floor. Its path is in {MASS}, each stride in {EXCURSIONS}."
    )


def mass_doubts(result: GaitResult, verdict: Verdict) -> tuple[Finding, ...]:
    """The findings that take away where the simulated body's centre of mass is."""
    rests_on = frozenset((Basis.ANGLES, Basis.SCALE))
    number = JudgedNumber("mass", "both", "centre of mass", rests_on, len(result.mass_excursions))
    return tuple(one for one in verdict.findings if touches(one, number))


def _mean_sd(values_cm: list[float]) -> str:
    known = [value for value in values_cm if np.isfinite(value)]
    if not known:
        return "– cm"
    if len(known) == 1:
        return f"{number(known[0], 1)} cm"
    return f"{number(float(np.mean(known)), 1)} ± {number(float(np.std(known, ddof=1)), 1)} cm (SD)"


def write_moments(path: Path, result: GaitResult, verdict: Verdict) -> None:
    """Tidy: joint, side, cycle, percent, moment_nm_per_kg, power_w_per_kg, level.

    Of the joints that may be shown; no row where there is none.
    """
    rows = [
        (joint, side, cycle, percent, moment, power, ROUGH)
        for joint, one in shown_kinetics(result, verdict).items()
        for side, moments in one.moment_nm_per_kg.items()
        for cycle, (moments_of, powers_of) in enumerate(
            zip(moments, one.power_w_per_kg[side], strict=True), 1
        )
        for percent, (moment, power) in enumerate(
            zip(moments_of.tolist(), powers_of.tolist(), strict=True)
        )
    ]
    header = ("joint", "side", "cycle", "percent", "moment_nm_per_kg", "power_w_per_kg", "level")
    write_text(path, csv_text(header, rows))


def write_mass(path: Path, rollout: Rollout) -> None:
    """time_s, x_m (along progression), y_m (left), z_m (up); empty from a fall on."""
    table = np.column_stack([rollout.time_s, rollout.centre_of_mass_m])
    table[~rollout.alive, 1:] = np.nan
    write_text(path, csv_text(("time_s", "x_m", "y_m", "z_m"), table.tolist()))


def write_excursions(path: Path, result: GaitResult, verdict: Verdict) -> None:
    """Cycle (of its side, from 1), side, start_s, vertical_m, sideways_m, level."""
    level = "do_not_use" if mass_doubts(result, verdict) else ROUGH
    count = dict.fromkeys(SIDES, 0)
    rows = []
    for cycle, one in zip(result.cycles, result.mass_excursions, strict=False):
        count[one.side] += 1
        rows.append(
            (count[one.side], one.side, cycle.start_s, one.vertical_m, one.sideways_m, level)
        )
    header = ("cycle", "side", "start_s", "vertical_m", "sideways_m", "level")
    write_text(path, csv_text(header, rows))
