"""Motion files for other tools: OpenSim .mot coordinates and .trc points."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.skeleton.signs import HEADING_TO_OPENSIM, opensim_coordinates
from simgait.types import Rollout


def write_mot(path: Path, rollout: Rollout, trial_id: str) -> None:
    """The simulated body's coordinates, names and signs of Rajagopal 2016, up to a fall.

    Degrees and metres; x forward, y up, z right. knee_angle is positive in flexion (gait2392 has
    it negative).
    """
    live = rollout.alive
    coordinates = opensim_coordinates(rollout.pose[live], rollout.dimensions)
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
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_trc(
    path: Path,
    time_s: Float[np.ndarray, " T"],
    names: tuple[str, ...],
    points_m: Float[np.ndarray, "T K 3"],
) -> None:
    """Points in mm on OpenSim's axes (x forward, y up, z right); missing points are left empty."""
    points_mm = 1000.0 * points_m @ HEADING_TO_OPENSIM.T
    rate_hz = (len(time_s) - 1) / (time_s[-1] - time_s[0])
    labels = [name.replace(" ", "_") for name in names]
    axes = [f"{axis}{i}" for i in range(1, len(names) + 1) for axis in "XYZ"]
    header = (
        "DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units",
        "OrigDataRate", "OrigDataStartFrame", "OrigNumFrames",
    )  # fmt: skip
    counts = (
        f"{rate_hz:.6g}", f"{rate_hz:.6g}", len(time_s), len(names), "mm",
        f"{rate_hz:.6g}", 1, len(time_s),
    )  # fmt: skip
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "\t".join(header),
        "\t".join(map(str, counts)),
        "Frame#\tTime\t" + "\t\t\t".join(labels) + "\t\t",
        "\t\t" + "\t".join(axes),
        "",
    ]
    for i, (t, row) in enumerate(zip(time_s, points_mm.reshape(len(time_s), -1), strict=True), 1):
        cells = (f"{v:.3f}" if np.isfinite(v) else "" for v in row)
        lines.append(f"{i}\t{t:.6f}\t" + "\t".join(cells))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
