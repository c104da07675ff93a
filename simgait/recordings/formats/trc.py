"""OpenSim / Motion Analysis TRC marker files: reader and writer.

Layout: OpenSim documentation, "Marker (.trc) Files". Tab-separated; line 2 names the header's
fields, line 3 holds them, line 4 the marker names, line 5 X1 Y1 Z1 ...; then frame, time, values.
`trc_text` reads what other writers make of it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from simgait.clock import frame_rate_hz
from simgait.errors import InputError
from simgait.files import write_text
from simgait.limits import FPS_HZ, check_fps, check_times
from simgait.option_names import option
from simgait.parameters.wording import counted
from simgait.recordings.checks import check_positions
from simgait.recordings.detectors.point_names import canonical_name
from simgait.recordings.formats.trc_text import TrcText, parse_trc_text
from simgait.recordings.markers.labelled_points import require_frames
from simgait.recordings.markers.names import find_markers, strip_prefix
from simgait.recordings.markers.people import choose_person
from simgait.recordings.markers.recording import MARKERS, MarkerTrial, recording_from_markers
from simgait.recordings.options import NOTHING_SAID, ReadOptions, overruled
from simgait.recordings.rates import rate_notes, rounding_s, two_rates_notes
from simgait.recordings.readers import register_reader
from simgait.skeleton.signs import HEADING_TO_OPENSIM
from simgait.text_files import read_outside_text
from simgait.types import Recording

SHOWN_NAMES = 8
"""Chosen: a sentence still reads."""


def parse_trc(path: Path, options: ReadOptions = NOTHING_SAID) -> MarkerTrial:
    """What the file holds, in its own unit and axes; a unit or a frame rate that is said wins.

    Empty fields and points at exactly 0, 0, 0 are missing; a marker may be missing throughout.
    Counts of the header that deny the rows, other encodings and decimal commas are read, with a
    note.

    Raises:
        InputError: the header or a row is not as the format says, or a name that is needed occurs
            twice.
    """
    read = read_outside_text(path)
    trc = parse_trc_text(read.text, path.name)
    unit = options.unit or trc.header.get("units", "")
    if not unit:
        raise InputError(
            f"{path.name}: the header states no length unit (Units); state it, m, cm or mm, with "
            f"{option('unit')}."
        )
    require_frames(len(trc.points), path.name)
    gone = (trc.points == 0).all(-1) | np.isnan(trc.points).any(-1)
    chosen = choose_person(trc.names, (~gone).any(axis=0).tolist(), options.person, path.name)
    counts = _stale_counts(trc, gone)
    columns_of = list(chosen.columns)
    trc = replace(trc, names=chosen.labels, points=trc.points[:, columns_of])
    gone = gone[:, columns_of]
    columns, repeated, name_notes = _columns(trc, path.name)
    time_s, clock_notes = _clock(trc, options.fps_hz, path.name)
    points = np.where(gone[..., None], np.nan, trc.points)
    check_positions(points, chosen.labels, path.name)
    notes = (read.note, *trc.notes, *counts, *chosen.notes, *name_notes, *clock_notes)
    return MarkerTrial(
        time_s=time_s,
        fps_hz=frame_rate_hz(time_s),
        points={name: points[:, i] for name, i in columns.items()},
        unit=unit,
        people=chosen.people,
        repeated=repeated,
        notes=tuple(note for note in notes if note),
    )


def _columns(trc: TrcText, where: str) -> tuple[dict[str, int], tuple[str, ...], list[str]]:
    """Name -> its column, names that columns with different points share, and notes."""
    columns: dict[str, int] = {}
    repeated: dict[str, None] = {}
    for i, name in enumerate(trc.names):
        first = columns.setdefault(name, i) if name else i
        if first == i or np.array_equal(trc.points[:, first], trc.points[:, i], equal_nan=True):
            continue
        if canonical_name(strip_prefix(name)) or find_markers([name]):
            raise InputError(
                f"{where}: the marker {name!r} occurs twice; rename or remove one of them."
            )
        repeated[name] = None
    notes = []
    if repeated:
        twice = ", ".join(list(repeated)[:SHOWN_NAMES])
        notes.append(f"names that occur twice, of which the first was taken: {twice}.")
    blank = trc.names.count("")
    if blank:
        notes.append(f"{blank} of {counted(len(trc.names), 'column')} of points had no name.")
    return columns, tuple(repeated), notes


def _stale_counts(trc: TrcText, gone: Bool[np.ndarray, "T K"]) -> list[str]:
    """A note for each count of the header that is not what is there."""
    notes = []
    n_seen = int((~gone).any(axis=0).sum())
    for field, there, thing in (
        ("NumFrames", (len(trc.points),), "frames"),
        ("NumMarkers", (len(trc.names), n_seen), "markers"),
    ):
        said = trc.header.get(field.lower(), "")
        if said and _number(said) not in there:
            notes.append(
                f"the header's {field} says {said}, but {there[0]} {thing} are there and were "
                "read; check that the export is complete."
            )
    return notes


def _clock(
    trc: TrcText, said_hz: float | None, where: str
) -> tuple[Float[np.ndarray, " T"], list[str]]:
    """Time stamps (s): by the rate that is said, else the Time column, else the header's rate."""
    time_s, rate_hz = trc.time_s, _number(trc.header.get("datarate", ""))
    even = np.arange(len(time_s))
    if said_hz is not None:
        said_hz = check_fps(said_hz, where)
        if np.isfinite(time_s).all() and counts_seconds(time_s):
            return even / said_hz, list(rate_notes(said_hz, time_s))
        of_header = rate_hz if rate_hz in FPS_HZ else None
        return even / said_hz, list(overruled("fps_hz", said_hz, of_header))
    known = np.isfinite(time_s)
    if rate_hz in FPS_HZ:
        if known.all() and np.abs(time_s - time_s[0] - even / rate_hz).max() <= rounding_s(
            time_s, rate_hz
        ):
            return time_s[0] + even / rate_hz, []
        if not known.any() or known.all() and not counts_seconds(time_s):
            return even / rate_hz, [
                "the Time column does not hold seconds; the frames were placed by the header's "
                f"DataRate of {rate_hz:g} Hz."
            ]
    check_times(time_s, where)
    return time_s, list(two_rates_notes(rate_hz, "the header's DataRate", time_s))


def counts_seconds(time_s: Float[np.ndarray, " T"]) -> bool:
    """Whether time stamps can be seconds; not if they stand still or count frames or ms."""
    step = float(np.median(np.diff(time_s)))
    return step != 0.0 and 1.0 / abs(step) in FPS_HZ


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return math.nan


@register_reader(
    ".trc",
    takes=MARKERS | {"fps_hz"},
    holds="the same markers, or points named as joints (`LHip`, `RKnee`, ...: OpenCap, Pose2Sim, "
    "Theia)",
    asks="height",
)
def read_trc(path: Path, options: ReadOptions = NOTHING_SAID) -> Recording:
    """Read a TRC file: skin markers (joint centres are derived) or points named as joints.

    The vertical axis is found from the data (hips above ankles) unless `axes` names it; OpenSim's
    files are y-up.

    Raises:
        InputError: damaged file, unknown unit, or hips, knees and ankles missing.
    """
    trial = parse_trc(path, options)
    return recording_from_markers(trial, options, path, source_format="trc")


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
