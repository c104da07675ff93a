"""Joint moments and powers of the simulated body against a laboratory's inverse dynamics.

    python -m simgait.benchmark.joint_moments DATA

prints the table of docs/definitions.md: stances that one force plate saw whole, in C3D files that
hold Plug-in Gait's moments (N·mm/kg) and powers (W/kg), each over 101 points of that stance.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.gait.joint_moments import SAGITTAL_JOINTS, moments_over_time
from simgait.pipeline import (
    AnalysedWalk,
    TrackOptions,
    find_policy,
    prepare_walks,
    read,
    track_and_analyse,
)
from simgait.recordings.formats.c3d import parse_c3d
from simgait.report.trial.plate_stances import PlateStance, on_trial, plate_stances
from simgait.types import Recording, Rollout

GLOBS = ("mcgill_c3d/*/*.c3d", "c3d_mixed/*.c3d")
SETTLED_S = 0.2
"""Stances that begin earlier are left out: the body starts with somebody else's forces."""
STANCE = np.linspace(0.0, 1.0, 101)
Points = dict[str, Float[np.ndarray, "T 3"]]


@dataclass(frozen=True)
class JointStance:
    """One joint over one stance: (101,) moments in N·m/kg, powers in W/kg; NaN where unknown."""

    joint: str
    moment: Float[np.ndarray, " 101"]
    true_moment: Float[np.ndarray, " 101"]
    power: Float[np.ndarray, " 101"]
    true_power: Float[np.ndarray, " 101"]


def joint_stances(
    rollout: Rollout,
    stances: Iterable[PlateStance],
    laboratory: Points,
    laboratory_time_s: Float[np.ndarray, " L"],
) -> Iterator[JointStance]:
    """The joints of the foot on a plate, of which the laboratory knows moment and power.

    Args:
        rollout: the simulated body.
        stances: that plates saw, on its clock.
        laboratory: label without prefix ("LAnkleMoment") -> what the file holds of it.
        laboratory_time_s: of these on the rollout's clock.
    """
    time_s, moments, powers = moments_over_time(rollout, len(rollout.time_s))
    names = rollout.skeleton.joint_names
    for stance in stances:
        if stance.contact_s < SETTLED_S:
            continue
        at_s = stance.contact_s + STANCE * stance.duration_s
        for joint, coordinate in SAGITTAL_JOINTS.items():
            label = f"{stance.side[0].upper()}{joint.capitalize()}"
            if not {f"{label}Moment", f"{label}Power"} <= set(laboratory):
                continue
            # A moment about x in N·mm/kg; Plug-in Gait keeps the power in z.
            known = [laboratory[f"{label}Moment"][:, 0] / 1000.0, laboratory[f"{label}Power"][:, 2]]
            true = [np.interp(at_s, laboratory_time_s, one) for one in known]
            column = names.index(f"{stance.side}_{coordinate}")
            own = [np.interp(at_s, time_s, one[:, column]) for one in (moments, powers)]
            if np.isfinite(true).all():
                yield JointStance(joint, own[0], true[0], own[1], true[1])


def row(joint: str, stances: Sequence[JointStance]) -> tuple[str, ...]:
    """Joint, stances, RMSE and r of the moment, peak difference, slope; the same of the power."""
    return (
        joint, str(len(stances)),
        *_compared([one.moment for one in stances], [one.true_moment for one in stances]),
        *_compared([one.power for one in stances], [one.true_power for one in stances]),
    )  # fmt: skip


def _compared(
    own: Sequence[Float[np.ndarray, " 101"]], true: Sequence[Float[np.ndarray, " 101"]]
) -> tuple[str, ...]:
    """RMSE, median r, mean ± SD of the difference of peaks, slope of own on true peak."""
    ours, theirs = np.stack(own), np.stack(true)
    correlations = [np.corrcoef(a, b)[0, 1] for a, b in zip(ours, theirs, strict=True)]
    apart = ours.max(axis=1) - theirs.max(axis=1)
    slope = np.polyfit(theirs.max(axis=1), ours.max(axis=1), 1)[0]
    return (
        f"{np.sqrt(np.mean((ours - theirs) ** 2)):.2f}", f"{np.median(correlations):.2f}",
        f"{apart.mean():+.2f} ± {apart.std(ddof=1):.2f}", f"{slope:.2f}",
    )  # fmt: skip


def _walks(data: Path) -> Iterator[tuple[Path, Recording, AnalysedWalk]]:
    read_walks = []
    for path in sorted(one for pattern in GLOBS for one in data.glob(pattern)):
        try:
            recording, source = read(path, TrackOptions())
            prepared = prepare_walks(recording, source, TrackOptions())
        except InputError as error:
            print(error, file=sys.stderr)
            continue
        read_walks += [(path, recording, one) for one in prepared if recording.force_plates]
    analysed = track_and_analyse(find_policy(), [one for *_, one in read_walks])
    for (path, recording, _), walk in zip(read_walks, analysed, strict=True):
        yield path, recording, walk


def _of_walk(path: Path, recording: Recording, walk: AnalysedWalk) -> list[JointStance]:
    rollout, start_s = walk.tracked.rollout, walk.tracked.trial.start_s
    stances = plate_stances(
        on_trial(recording.force_plates, walk.tracked.trial),
        [replace(one, time_s=one.time_s - start_s) for one in recording.events],
        rollout,
        rollout.body_weight_n,
    )
    held = parse_c3d(path).points
    time_s = recording.time_s - start_s
    return list(joint_stances(rollout, stances, held, time_s))


def main(data: Path) -> None:
    """Print the table."""
    found = {path: _of_walk(path, recording, walk) for path, recording, walk in _walks(data)}
    print(f"{sum(map(bool, found.values()))} walks")
    print("| joint | stances | moment RMSE, N·m/kg | r | peak | slope "
          "| power RMSE, W/kg | r | peak | slope |")  # fmt: skip
    print("|---|" + "---|" * 9)
    everything = [one for stances in found.values() for one in stances]
    for joint in SAGITTAL_JOINTS:
        own = [one for one in everything if one.joint == joint]
        if own:
            print("| " + " | ".join(row(joint, own)) + " |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
