"""C3D recordings: markers by name, events, force plates, model angles, body measures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from simgait.errors import InputError
from simgait.limits import FPS_HZ, MOST_FILE_BYTES, MOST_POSITION, check_size
from simgait.recordings.checks import check_positions
from simgait.recordings.formats.c3d_header import C3dHeader, read_header
from simgait.recordings.formats.c3d_parameters import (
    Parameters,
    number,
    parse_parameters,
    section_bytes,
    texts,
)
from simgait.recordings.formats.c3d_plates import PlatesUnreadable, read_force_plates
from simgait.recordings.formats.c3d_points import (
    FrameLayout,
    frame_layout,
    read_points,
    trial_field,
)
from simgait.recordings.formats.c3d_tables import (
    read_events,
    read_measures,
    read_model_angles,
    subject_code,
)
from simgait.recordings.markers.labelled_points import require_frames
from simgait.recordings.markers.names import strip_prefix
from simgait.recordings.markers.people import choose_person
from simgait.recordings.markers.recording import MARKERS, MarkerTrial, recording_from_markers
from simgait.recordings.options import NOTHING_SAID, ReadOptions
from simgait.recordings.readers import register_reader
from simgait.types import ForcePlate, Recording

SOFTWARE = "simgait"
"""In MANUFACTURER:SOFTWARE of files that simgait writes, which are no recordings."""


@dataclass(frozen=True)
class C3dFile:
    """A file's parts as they lie in it; points (T, K, 3) in its unit."""

    header: C3dHeader
    parameters: Parameters
    layout: FrameLayout
    points: Float[np.ndarray, "T K 3"]
    invalid: Bool[np.ndarray, "T K"]


def open_c3d(path: Path) -> C3dFile:
    """Header, parameters and points, each checked before it is used.

    Raises:
        InputError: no C3D file, broken, truncated, or of a byte order that is not read.
    """
    size = path.stat().st_size
    check_size(size, MOST_FILE_BYTES, "bytes", path.name)
    with path.open("rb") as file:
        header = read_header(file, path.name)
        file.seek(header.parameter_start)
        section = file.read(section_bytes(header, size))
    parameters = parse_parameters(section, header.is_dec, path.name)
    if header.n_points == 0:
        raise _no_points(bool(texts(parameters, "ROTATION", "LABELS")), path.name)
    layout = frame_layout(path, header, parameters)
    return C3dFile(header, parameters, layout, *read_points(path, header, layout))


def _no_points(has_rotations: bool, where: str) -> InputError:
    """Theia3D's C3D files, for one, hold the pose of each segment and no point."""
    what = "rotations of segments but no points" if has_rotations else "no points"
    return InputError(
        f"{where}: the file holds {what}; export the positions of joints (hips, knees, ankles, and "
        "feet if you can) or of markers, as C3D or TRC."
    )


def _first_frame(parameters: Parameters, header: C3dHeader) -> int:
    """0-based number of the first stored frame within the capture."""
    return max(0, (trial_field(parameters, "ACTUAL_START_FIELD") or header.first_frame) - 1)


def _labels(parameters: Parameters, n_points: int, where: str) -> list[str]:
    labels: list[str] = []
    for suffix in ("", *(str(i) for i in range(2, 20))):
        labels += texts(parameters, "POINT", f"LABELS{suffix}")
    if not any(map(str.strip, labels)):
        raise InputError(
            f"{where}: its parameters name none of the {n_points} points (POINT:LABELS), so that "
            "nobody knows which is which; the file is damaged, or was exported without names."
        )
    labels = labels[:n_points]
    return labels + [f"unnamed {i}" for i in range(len(labels), n_points)]


NO_POSITIONS = ("FORCES", "MOMENTS", "POWERS", "SCALARS", "REACTIONS")
"""Parameters of POINT in which Vicon's models list outputs that lie among the points."""


def _points(file: C3dFile, labels: list[str], where: str) -> Float[np.ndarray, "T K 3"]:
    """Positions in the file's unit; NaN where the residual or the numbers say missing.

    So are numbers beyond any measure in what the file itself calls no position: nobody reads that,
    and it must not take the markers along.
    """
    missing = file.invalid | (file.points == 0).all(-1) | np.isnan(file.points).any(-1)
    others = {name for group in NO_POSITIONS for name in texts(file.parameters, "POINT", group)}
    no_positions = np.array([label in others for label in labels], dtype=bool)
    with np.errstate(invalid="ignore"):
        missing |= no_positions & (np.abs(file.points) > MOST_POSITION).any(-1)
    points = np.where(missing[..., None], np.nan, file.points)
    check_positions(points, [strip_prefix(label) for label in labels], where)
    return points


def _columns(
    labels: list[str], points: Float[np.ndarray, "T K 3"]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Label without prefix -> its column, and the labels that several columns with points share.

    Of columns that share a label the first with points in it is taken, so that an empty one in
    front hides nothing.
    """
    empty = np.isnan(points).all(axis=(0, 2))
    columns: dict[str, int] = {}
    repeated: list[str] = []
    for i, label in enumerate(map(strip_prefix, labels)):
        if label not in columns or (empty[columns[label]] and not empty[i]):
            columns[label] = i
        elif not empty[columns[label]]:
            repeated.append(label)
    return columns, tuple(repeated)


def _fps_hz(file: C3dFile, where: str) -> tuple[float, tuple[str, ...]]:
    """Frames per second, and a note where the header cannot be right about them.

    Raises:
        InputError: neither header nor parameters state a rate that can be, or they contradict each
            other.
    """
    stated = number(file.parameters, "POINT", "RATE")
    if file.header.fps_hz in FPS_HZ:
        if stated in FPS_HZ and stated is not None:
            _agree(file.header.fps_hz, stated, "frames per second", "POINT:RATE", where)
        return file.header.fps_hz, ()
    if stated in FPS_HZ and stated is not None:
        return stated, (f"the header states no frame rate; {stated:g} Hz are its parameters'.",)
    raise InputError(
        f"{where}: the C3D file states {file.header.fps_hz:g} frames per second, which cannot be "
        "right; export it again."
    )


SAME_TWICE = 0.01
"""Share by which header and parameters may differ: rates are rounded in either (59.94 for 60)."""


def _agree(header: float, stated: float, what: str, parameter: str, where: str) -> None:
    """What stands twice in a file is the same twice.

    Raises:
        InputError: it is not; nobody could say which of the two is right.
    """
    if abs(header - stated) > SAME_TWICE * abs(stated):
        raise InputError(
            f"{where}: the C3D header states {header:g} {what} and {parameter} {stated:g}; the "
            "file is damaged, or one of them was edited: export it again."
        )


def _force_plates(file: C3dFile, path: Path) -> tuple[tuple[ForcePlate, ...], tuple[str, ...]]:
    """The plates, or a note why there are none."""
    if number(file.parameters, "FORCE_PLATFORM", "USED") is None:
        return (), ()
    try:
        if not file.layout.is_plain:
            raise PlatesUnreadable("header and parameters say different things of the frames")
        analog_fps_hz = file.header.samples_per_frame * file.header.fps_hz
        return read_force_plates(path, analog_fps_hz), ()
    except PlatesUnreadable as error:
        return (), (f"the force plates could not be read and were left out: {error}.",)


def _refuse_own(parameters: Parameters, where: str) -> None:
    """Points, angles and events of the simulated body would be taken for a laboratory's.

    Raises:
        InputError: simgait wrote the file.
    """
    if texts(parameters, "MANUFACTURER", "SOFTWARE") == [SOFTWARE]:
        raise InputError(
            f"{where}: simgait wrote this file, and its points are those of a simulated body; "
            "give the recording that it was made of."
        )


def parse_c3d(path: Path, options: ReadOptions = NOTHING_SAID) -> MarkerTrial:
    """What the file holds, on its own axes. Events count from its first frame.

    Raises:
        InputError: no C3D file, broken, a byte order or a frame rate that is not read, no walk, or
            one that simgait wrote.
    """
    file = open_c3d(path)
    parameters, n_frames = file.parameters, file.layout.n_frames
    _refuse_own(parameters, path.name)
    fps_hz, rate_notes = _fps_hz(file, path.name)
    require_frames(n_frames, path.name)
    scale = number(parameters, "POINT", "SCALE")
    if scale and not file.header.is_float:
        _agree(file.header.scale, abs(scale), "units per count", "POINT:SCALE", path.name)
    labels = _labels(parameters, file.layout.n_points, path.name)
    points = _points(file, labels, path.name)
    seen = np.isfinite(points).all(axis=-1).any(axis=0).tolist()
    chosen = choose_person(labels, seen, options.person, path.name)
    labels, points = list(chosen.labels), points[:, list(chosen.columns)]
    columns, repeated = _columns(labels, points)
    by_label = {label: points[:, i] for label, i in columns.items()}
    notes = [*file.layout.notes, *rate_notes, *chosen.notes]
    if repeated:
        twice = ", ".join(sorted(set(repeated)))
        notes.append(f"labels that occur twice, of which the first was taken: {twice}.")
    unit = next(iter(texts(parameters, "POINT", "UNITS")), "")
    if not unit and options.unit is None:
        notes.append("the file states no length unit; millimetres, the C3D default, were used.")
    first_frame = _first_frame(parameters, file.header)
    events, event_notes = read_events(parameters, first_frame, n_frames, fps_hz)
    plates, plate_notes = _force_plates(file, path)
    angle_unit = (texts(parameters, "POINT", "ANGLE_UNITS") or ["deg"])[0]
    measures, mass_kg, mass_notes = read_measures(parameters)
    return MarkerTrial(
        time_s=np.arange(n_frames) / fps_hz,
        fps_hz=fps_hz,
        points=by_label,
        unit=unit or "mm",
        people=chosen.people,
        repeated=repeated,
        measures=measures,
        subject_id=subject_code(parameters, chosen),
        mass_kg=mass_kg,
        reference_angles_rad=read_model_angles(by_label, angle_unit.lower().startswith("deg")),
        events=events,
        force_plates=plates,
        notes=tuple(notes),
        other_notes=(*(mass_notes if options.mass_kg is None else ()), *event_notes, *plate_notes),
    )


@register_reader(
    ".c3d",
    takes=MARKERS,
    holds="markers of a lower-body set (Plug-in Gait, CGM2, Helen Hayes, HBM2, Codamotion, ...)",
    asks="height, where the file has none; belt speed on a treadmill",
)
def read_c3d(path: Path, options: ReadOptions = NOTHING_SAID) -> Recording:
    """Read one C3D trial; joint centres come from the markers (see `joint_centres`).

    The vertical axis is the one along which hips lie above ankles (`axes.vertical_axis`) unless
    `axes` names it. Height and mass that are said win over the file's.

    Raises:
        InputError: no C3D file, broken, byte order not read, or landmarks missing.
    """
    return recording_from_markers(parse_c3d(path, options), options, path, source_format="c3d")
