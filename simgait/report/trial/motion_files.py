"""The simulated motion for OpenSim: a .mot file of coordinates."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simgait.files import write_text
from simgait.skeleton.signs import opensim_coordinates
from simgait.types import Rollout


def write_mot(path: Path, rollout: Rollout, trial_id: str) -> None:
    """The simulated body's coordinates, names and signs of Rajagopal 2016, up to a fall.

    Degrees and metres; x forward, y up, z right. knee_angle is positive in flexion (gait2392 has
    it negative).
    """
    live = rollout.alive
    coordinates = opensim_coordinates(rollout.pose[live], rollout.dimensions, rollout.skeleton)
    table = np.column_stack([rollout.time_s[live], *coordinates.values()])
    lines = [
        trial_id,
        "version=1",
        f"nRows={len(table)}",
        f"nColumns={table.shape[1]}",
        "inDegrees=yes",
        "",
        "Coordinates of the OpenSim model of Rajagopal et al. 2016, written by simgait.",
        "knee_angle is positive in flexion, pelvis_tilt positive to posterior; metres for",
        "pelvis_tx (forward), pelvis_ty (up), pelvis_tz (right).",
        "endheader",
        "\t".join(("time", *coordinates)),
        *("\t".join(f"{value:.6f}" for value in row) for row in table),
    ]
    write_text(path, "\n".join(lines) + "\n")
