"""What force plates measured beside the simulated feet: the page's section, and its file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from markupsafe import Markup

from simgait.files import csv_text, write_text
from simgait.gait.forces import FORCE_CUTOFF_HZ
from simgait.gait_result import GaitResult
from simgait.parameters.wording import counted, number
from simgait.report.trial.cycle_curves import Panel, side_curves
from simgait.report.trial.plate_stances import PLATE_CUTOFF_HZ, PlateStance, on_trial, plate_stances
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.sides import SIDES, Side
from simgait.types import Recording, TrackedTrial

FORCES = "laboratory_forces.csv"


@dataclass(frozen=True)
class PlatesSeen:
    """What a recording's force plates say of a walk.

    Attributes:
        n_plates: of the recording; 0 for none.
        stances: that one plate saw whole, of one foot alone on it.
        knows_mass: the person's mass is stated, so that forces can be compared.
    """

    n_plates: int = 0
    stances: tuple[PlateStance, ...] = ()
    knows_mass: bool = False


NO_PLATES = PlatesSeen()


def plates_seen(
    recording: Recording | None, tracked: TrackedTrial, result: GaitResult
) -> PlatesSeen:
    """The stances that plates saw.

    A stance is a foot's by the laboratory's events, where it has any; else by the walk's own.

    Args:
        recording: with its plates; None for one without any.
        tracked: the trial and the simulated body.
        result: gait of that.
    """
    if recording is None:
        return NO_PLATES
    trial, truth = tracked.trial, tracked.trial.truth
    plates = on_trial(recording.force_plates, trial)
    events = result.events if truth is None or not truth.events else truth.events
    weight_n = float("nan") if trial.mass_kg is None else GRAVITY_MPS2 * trial.mass_kg
    stances = plate_stances(plates, events, tracked.rollout, weight_n)
    return PlatesSeen(len(plates), tuple(stances), trial.mass_kg is not None)


def plates_section(seen: PlatesSeen) -> dict[str, Any]:
    """What the page says; nothing of a recording without plates."""
    if not seen.n_plates:
        return {"plate_text": ""}
    return {"plate_text": _text(seen), "plate_charts": _charts(seen.stances)}


def _text(seen: PlatesSeen) -> str:
    if not seen.knows_mass:
        return (
            "The recording has force plates, but states no body mass that their forces could be "
            "compared by: give it with --mass."
        )
    if not seen.stances:
        return (
            "The recording has force plates, but no plate saw a whole stance of one foot alone "
            "within the walk."
        )
    up = 100.0 * _root_mean_square([one.rmse_bw for one in seen.stances])
    ahead = 100.0 * _root_mean_square([one.forward_rmse_bw for one in seen.stances])
    return (
        f"Over {counted(len(seen.stances), 'stance')} that one plate saw whole, the simulated "
        f"vertical force is {number(up, 0)} % of body weight from the measured one, and the force "
        f"along progression {number(ahead, 0)} % (root mean square). Over the stance, in %. "
        f"Dashed: measured (left long, right short dashes), up to {PLATE_CUTOFF_HZ:g} Hz; solid: "
        f"of the simulated feet at the same times, up to {FORCE_CUTOFF_HZ:g} Hz. The plates had no "
        "part in the simulation. All curves are in "
        f"{FORCES}."
    )


def _root_mean_square(values: Sequence[float]) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def _charts(stances: Sequence[PlateStance]) -> list[Markup]:
    if not stances:
        return []
    up = Panel("Vertical force (% body weight)", (0.0, 120.0), over="stance")
    ahead = Panel(
        "Force along progression (% BW)", (-25.0, 25.0), "pushes on", "brakes", over="stance"
    )
    charts = [
        side_curves(
            up,
            _of_sides(stances, lambda one: one.simulated_bw),
            _of_sides(stances, lambda one: one.measured_bw),
        )
    ]
    if all(np.isfinite(one.forward_rmse_bw) for one in stances):
        charts.append(
            side_curves(
                ahead,
                _of_sides(stances, lambda one: one.simulated_forward_bw),
                _of_sides(stances, lambda one: one.measured_forward_bw),
            )
        )
    return charts


def _of_sides(
    stances: Sequence[PlateStance], force: Callable[[PlateStance], Float[np.ndarray, " 101"]]
) -> dict[Side, Float[np.ndarray, "_ 101"]]:
    """% of body weight, a row for each stance of the sides that a plate saw."""
    rows = {side: [100.0 * force(one) for one in stances if one.side == side] for side in SIDES}
    return {side: np.stack(own) for side, own in rows.items() if own}


def write_plates(path: Path, stances: Sequence[PlateStance]) -> None:
    """Tidy: plate (from 1), side, contact_s, percent (of stance), four forces in % of body weight.

    measured_vertical_..., simulated_vertical_..., measured_forward_..., simulated_forward_...
    """
    rows = [
        (one.plate + 1, one.side, one.contact_s, percent, *(100.0 * forces[percent]).tolist())
        for one in stances
        for forces in [
            np.column_stack([one.measured_bw, one.simulated_bw, one.measured_forward_bw,
                             one.simulated_forward_bw])
        ]
        for percent in range(len(forces))
    ]  # fmt: skip
    names = (
        f"{source}_{way}_percent_bw"
        for way in ("vertical", "forward")
        for source in ("measured", "simulated")
    )
    write_text(path, csv_text(("plate", "side", "contact_s", "percent", *names), rows))
