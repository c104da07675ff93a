"""OpenSim / Motion Analysis TRC marker files: reader and writer.

Layout: OpenSim documentation, "Marker (.trc) Files". Tab-separated; line 2 names the header's
fields, line 3 holds them, line 4 the marker names, line 5 X1 Y1 Z1 ...; then frame, time, values.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.files import write_text
from simgait.limits import check_times
from simgait.recordings.markers.labelled_points import require_frames
from simgait.recordings.markers.recording import MARKERS, MarkerTrial, recording_from_markers
from simgait.recordings.options import NOTHING_SAID, ReadOptions
from simgait.recordings.readers import register_reader
from simgait.skeleton.signs import HEADING_TO_OPENSIM
from simgait.types import Recording


def _broken(path: Path, what: str) -> InputError:
    return InputError(f"{path.name}: not a complete TRC file ({what}); export it again.")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise InputError(
            f"{path.name}: the file cannot be read ({error.strerror}); check its permissions."
        ) from error


def _number(word: str) -> float:
    word = word.strip()
    return float(word) if word else float("nan")


def parse_trc(path: Path) -> MarkerTrial:
    """What the file holds, in its own unit and axes.

    Empty fields and points at exactly 0, 0, 0 are missing; a marker may be missing throughout.

    Raises:
        InputError: the header or a row is not as the format says, or a name occurs twice.
    """
    lines = _lines(path)
    names, n_frames, unit = _header(lines, path)
    table = _table(lines[5:], 2 + 3 * len(names), path)
    require_frames(len(table), path.name)
    if len(table) < n_frames:
        raise _broken(path, f"{n_frames} frames are announced but {len(table)} are there")
    if np.isinf(table).any():
        raise _broken(path, "it holds an infinite number")
    points = table[:, 1:].reshape(len(table), len(names), 3)
    gone = (points == 0).all(-1) | np.isnan(points).any(-1)
    points = np.where(gone[..., None], np.nan, points)
    check_times(table[:, 0], path.name)
    return MarkerTrial(
        time_s=table[:, 0],
        fps_hz=float(1.0 / np.median(np.diff(table[:, 0]))),
        points={name: points[:, i] for i, name in enumerate(names)},
        unit=unit,
    )


def _header(lines: list[str], path: Path) -> tuple[list[str], int, str]:
    """Marker names, number of frames, and unit."""
    if len(lines) < 6 or not lines[0].startswith("PathFileType"):
        raise _broken(path, "no PathFileType header")
    header = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=False))
    header = {key.strip(): value.strip() for key, value in header.items()}
    missing = [key for key in ("DataRate", "NumFrames", "NumMarkers", "Units") if key not in header]
    if missing:
        raise _broken(path, f"the header has no {missing[0]}")
    names = [name.strip() for name in lines[3].split("\t")[2:] if name.strip()]
    try:
        n_markers, n_frames = int(float(header["NumMarkers"])), int(float(header["NumFrames"]))
    except ValueError as error:
        raise _broken(path, "the header's counts are no numbers") from error
    if n_markers != len(names):
        raise _broken(path, f"{n_markers} markers are announced but {len(names)} are named")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            f"{path.name}: the marker {twice[0]!r} occurs twice; rename or remove one of them."
        )
    return names, n_frames, header["Units"]


def _table(lines: list[str], width: int, path: Path) -> Float[np.ndarray, "T N"]:
    """Time and coordinates of each row; the frame number is left out."""
    rows: list[list[float]] = []
    for number, line in enumerate(lines, start=6):
        if not line.strip():
            continue
        words = line.rstrip("\n").split("\t")[:width]
        words += [""] * (width - len(words))
        try:
            rows.append([_number(word) for word in words[1:]])
        except ValueError as error:
            raise _broken(path, f"line {number} holds something that is no number") from error
    return np.array(rows)


@register_reader(
    ".trc",
    takes=MARKERS,
    holds="the same markers, or points named as joints (`LHip`, `RKnee`, ...)",
    asks="height",
)
def read_trc(path: Path, options: ReadOptions = NOTHING_SAID) -> Recording:
    """Read a TRC file: skin markers (joint centres are derived) or points named as joints.

    The vertical axis is found from the data (hips above ankles) unless `axes` names it; OpenSim's
    files are y-up.

    Raises:
        InputError: damaged file, unknown unit, or hips, knees and ankles missing.
    """
    return recording_from_markers(parse_trc(path), options, path, source_format="trc")


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
    write_text(path, "\n".join(lines) + "\n")
