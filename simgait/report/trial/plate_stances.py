"""The simulated ground reaction force beside what force plates measured, stance by stance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float

from simgait.agreement import VerticalForceDifference, vertical_force_difference
from simgait.gait.forces import FORCE_CUTOFF_HZ, low_pass_force
from simgait.recordings.markers.recording import ON_PLATE_N
from simgait.series.runs import runs_of_true
from simgait.skeleton.sides import SIDES, Side
from simgait.types import ForcePlate, GaitEvent, Rollout, Trial

MATCH_S = 0.15
"""A plate's contact belongs to the foot whose events lie within this of its ends."""
PLATE_CUTOFF_HZ = 20.0
"""Of what a plate measured, as is usual; the simulated force is compared as it is reported."""
PHASES = 101
"""Per cent of stance, 0 to 100."""


def _unknown() -> Float[np.ndarray, " 101"]:
    return np.full(PHASES, np.nan)


@dataclass(frozen=True)
class PlateStance:
    """One whole stance on a plate and the same foot's simulated force.

    Attributes:
        measured_bw, simulated_bw: (101,) from measured contact to measured foot off, each as a
            fraction of its own body's weight; the simulated one as reports show it.
        ringing_bw: the simulated one with what the report's low pass takes away, up to 20 Hz.
        measured_forward_bw, simulated_forward_bw: the same of the force along progression, forward
            +; NaN where nobody knows the heading.
        duration_s: of the measured contact.
        plate: index of the plate in the recording.
        contact_s: time of the measured contact on the trial's clock.
    """

    side: Side
    measured_bw: Float[np.ndarray, " 101"]
    simulated_bw: Float[np.ndarray, " 101"]
    ringing_bw: Float[np.ndarray, " 101"]
    duration_s: float
    plate: int
    contact_s: float
    measured_forward_bw: Float[np.ndarray, " 101"] = field(default_factory=_unknown)
    simulated_forward_bw: Float[np.ndarray, " 101"] = field(default_factory=_unknown)

    @property
    def difference(self) -> VerticalForceDifference:
        """The simulated force as reports show it against the measured one."""
        return vertical_force_difference(self.measured_bw, self.simulated_bw, self.duration_s)

    @property
    def forward_rmse_bw(self) -> float:
        """Root mean square difference of the forces along progression; NaN where not known."""
        apart = self.simulated_forward_bw - self.measured_forward_bw
        return float(np.sqrt(np.mean(apart**2)))

    @property
    def rmse_bw(self) -> float:
        """Root mean square difference of the two curves."""
        return self.difference.rmse_bw

    @property
    def ringing_rmse_bw(self) -> float:
        """The same of the simulated force up to 20 Hz."""
        return vertical_force_difference(self.measured_bw, self.ringing_bw, self.duration_s).rmse_bw

    @property
    def peak_errors_bw(self) -> tuple[float, float]:
        """Simulated minus measured peak in the first and in the second half of stance."""
        return self.difference.first_peak_bw, self.difference.second_peak_bw

    @property
    def impulse_error_bw_s(self) -> float:
        """Simulated minus measured impulse over the stance."""
        return self.difference.impulse_bw_s


def plate_stances(
    plates: Sequence[ForcePlate],
    events: Sequence[GaitEvent],
    rollout: Rollout,
    body_weight_n: float,
) -> list[PlateStance]:
    """Stances that one plate saw whole, with one foot alone on it, within the tracked time.

    Args:
        plates: on the trial's clock, x along progression (`on_trial`).
        events: true foot events: they say whose foot stood on a plate.
        rollout: the simulated body; not compared from a fall on.
        body_weight_n: the person's; measured forces are divided by it.
    """
    if not plates or not np.isfinite(body_weight_n):
        return []
    alive = int(np.argmin(rollout.alive)) if rollout.fell else len(rollout.alive)
    end_s = float(rollout.time_s[max(alive - 1, 0)])
    times_s, reported, ringing = _simulated(rollout)
    found = []
    for index, plate in enumerate(plates):
        up_n, ahead_n = np.nan_to_num(plate.force_n[:, 2]), plate.force_n[:, 0]
        measured, forward = (
            low_pass_force(plate.time_s, force_n, PLATE_CUTOFF_HZ) / body_weight_n
            for force_n in (up_n, ahead_n)
        )
        for on_s, off_s in _contacts(plate):
            side = _whose(events, on_s, off_s)
            if side is None or on_s < 0.0 or off_s > end_s:
                continue
            at = np.linspace(on_s, off_s, PHASES)
            foot = SIDES.index(side)
            found.append(
                PlateStance(
                    side=side,
                    measured_bw=np.interp(at, plate.time_s, measured),
                    simulated_bw=np.interp(at, times_s, reported[:, foot, 2]),
                    ringing_bw=np.interp(at, times_s, ringing[:, foot, 2]),
                    duration_s=off_s - on_s,
                    plate=index,
                    contact_s=on_s,
                    measured_forward_bw=np.interp(at, plate.time_s, forward),
                    simulated_forward_bw=np.interp(at, times_s, reported[:, foot, 0]),
                )
            )
    return found


def _simulated(
    rollout: Rollout,
) -> tuple[Float[np.ndarray, " S"], Float[np.ndarray, "S 2 3"], Float[np.ndarray, "S 2 3"]]:
    """Times (s), and force on each foot over the body's weight: as reported, and up to 20 Hz."""
    times_s = rollout.substep_time_s
    load = rollout.foot_force_n / rollout.body_weight_n
    reported, ringing = (
        low_pass_force(times_s, load, cutoff_hz) for cutoff_hz in (FORCE_CUTOFF_HZ, PLATE_CUTOFF_HZ)
    )
    return times_s, reported, ringing


def on_trial(plates: Sequence[ForcePlate], trial: Trial) -> tuple[ForcePlate, ...]:
    """A recording's plates on a trial's clock, their forces in its heading frame.

    Centres of pressure and corners stay on the recording's axes. NaN forces along and across
    progression where nobody knows the heading.
    """
    cosine, sine = math.cos(trial.heading_rad), math.sin(trial.heading_rad)
    turn = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    return tuple(
        replace(one, time_s=one.time_s - trial.start_s, force_n=one.force_n @ turn.T)
        for one in plates
    )


def _contacts(plate: ForcePlate) -> list[tuple[float, float]]:
    """Times between which the plate is loaded; loads cut by the recording's ends are left out."""
    loaded = plate.force_n[:, 2] > ON_PLATE_N
    return [
        (float(plate.time_s[start]), float(plate.time_s[stop - 1]))
        for start, stop in runs_of_true(loaded)
        if start > 0 and stop < len(loaded) and stop - start > 1
    ]


def _whose(events: Sequence[GaitEvent], on_s: float, off_s: float) -> Side | None:
    """The one foot that landed as the plate was loaded and left as it was released."""
    feet: list[Side] = [
        side
        for side in SIDES
        if any(
            e.side == side and e.kind == "initial_contact" and abs(e.time_s - on_s) < MATCH_S
            for e in events
        )
        and any(
            e.side == side and e.kind == "foot_off" and abs(e.time_s - off_s) < MATCH_S
            for e in events
        )
    ]
    return feet[0] if len(feet) == 1 else None
