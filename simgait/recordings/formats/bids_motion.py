"""BIDS-Motion: positions over time, one column for each channel that a table beside it names."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.clock import frame_rate_hz
from simgait.errors import InputError
from simgait.limits import FPS_HZ, MOST_COLUMNS, check_fps, check_size, check_times
from simgait.option_names import option
from simgait.recordings.bids_dataset import (
    MOTION,
    channels_of,
    entities,
    motion_facts,
    participant_of,
)
from simgait.recordings.checks import check_positions
from simgait.recordings.markers.body_measures import StatedMeasures
from simgait.recordings.markers.labelled_points import require_frames
from simgait.recordings.markers.recording import MARKERS, MarkerTrial, recording_from_markers
from simgait.recordings.options import NOTHING_SAID, ReadOptions
from simgait.recordings.readers import register_reader
from simgait.text_files import MISSING_WORDS, decoded, read_outside_text
from simgait.types import Recording

RATES = ("SamplingFrequencyEffective", "SamplingFrequency")
"""As it was measured, and as it was set."""
AXES = ("x", "y", "z")
LEAST_CELLS = 18
"""Six points: hips, knees, ankles."""
Channels = Sequence[Mapping[str, str]]


def _is_numbers(head: bytes) -> bool:
    """Whether the first line holds numbers alone, as many as six points have."""
    try:
        text = decoded(head[: len(head) // 4 * 4], "").text
    except InputError:
        return False
    cells = text.lstrip("\n").split("\n", 1)[0].rstrip("\r").split("\t")
    if "\n" not in text:
        cells = cells[:-1]  # the last one may be cut off
    return len(cells) >= LEAST_CELLS and all(map(_is_number, cells))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell.strip().lower() in MISSING_WORDS
    return True


def _check(path: Path) -> None:
    """Refuses what does not say which columns are which.

    Raises:
        InputError: what is lacking.
    """
    if not path.name.endswith(MOTION):
        raise InputError(
            f"{path.name}: holds numbers without names of their columns; a recording of "
            f"BIDS-Motion is called ...{MOTION}, and a table of its channels lies beside it."
        )
    channels_of(path)


@register_reader(
    ".tsv",
    takes=MARKERS | {"fps_hz"},
    holds="BIDS-Motion (`*_motion.tsv` with `*_channels.tsv` beside it): positions of markers, or "
    "of points named as joints",
    asks="nothing that the data set says",
    sniff=_is_numbers,
    check=_check,
)
def read_bids_motion(path: Path, options: ReadOptions = NOTHING_SAID) -> Recording:
    """Read positions (channels of the type POS); other channels, such as angles, are passed over.

    Which axis is vertical is found from the points, as in other files of markers.

    Raises:
        InputError: no table of channels, none of positions, or what is no number.
    """
    channels, facts = channels_of(path), motion_facts(path)
    values, note = _values(path, len(channels))
    points, unit, notes = _points(values, channels, options.unit, path.name)
    time_s = _times(values, channels, options.fps_hz, facts, path.name)
    person = participant_of(path)
    trial = MarkerTrial(
        time_s=time_s,
        fps_hz=frame_rate_hz(time_s),
        points=points,
        unit=unit,
        measures=StatedMeasures(height=person.height_m),
        subject_id=entities(path.name).get("sub", ""),
        mass_kg=person.mass_kg,
        notes=tuple(filter(None, (note, *notes))),
    )
    return recording_from_markers(trial, options, path, source_format="bids")


def _values(path: Path, n_channels: int) -> tuple[Float[np.ndarray, "T C"], str]:
    """All cells, NaN where they say nothing, and a note on how the text was read."""
    read = read_outside_text(path)
    rows = [line.split("\t") for line in read.text.splitlines() if line.strip()]
    require_frames(len(rows), path.name)
    check_size(n_channels, MOST_COLUMNS, "columns", path.name)
    for number, row in enumerate(rows, 1):
        if len(row) != n_channels:
            raise InputError(
                f"{path.name}: line {number} has {len(row)} cells, but the table of channels names "
                f"{n_channels}; check that both are of one recording."
            )
    text = "\n".join("\t".join(_plain(cell) for cell in row) for row in rows)
    try:
        return np.loadtxt(io.StringIO(text), delimiter="\t", ndmin=2), read.note
    except ValueError:
        number, cell = next(
            (i, cell) for i, row in enumerate(rows, 1) for cell in row if not _is_number(cell)
        )
        raise InputError(
            f"{path.name}: line {number} holds {cell.strip()[:30]!r}, which is no number; mend the "
            "source."
        ) from None


def _plain(cell: str) -> str:
    return "nan" if cell.strip().lower() in MISSING_WORDS else cell


def _points(
    values: Float[np.ndarray, "T C"], channels: Channels, said: str | None, where: str
) -> tuple[dict[str, Float[np.ndarray, "T 3"]], str, list[str]]:
    """Tracked point -> its positions, their unit, and notes."""
    places: dict[str, dict[str, int]] = {}
    units, bad = set(), set()
    for i, row in enumerate(channels):
        point, axis = row.get("tracked_point", ""), row.get("component", "").lower()
        if row.get("type", "").upper() != "POS" or not point or axis not in AXES:
            continue
        if axis in places.setdefault(point, {}):
            raise InputError(
                f"{where}: two channels are {axis} of {point}; name each once in the table of "
                "channels."
            )
        places[point][axis] = i
        units.add(row.get("units", ""))
        if row.get("status", "").lower() == "bad":
            bad.add(point)
    whole = {point: own for point, own in places.items() if len(own) == len(AXES)}
    if not whole:
        raise InputError(
            f"{where}: none of its channels is of the type POS with x, y and z; without positions "
            "no body can be fitted."
        )
    if len(units) > 1 and said is None:
        raise InputError(
            f"{where}: its positions are in {', '.join(sorted(units))}; write them in one unit, or "
            f"say which with {option('unit')}."
        )
    points = {
        point: np.stack([values[:, own[axis]] for axis in AXES], axis=-1)
        for point, own in whole.items()
    }
    for point in bad & set(points):
        points[point] = np.full_like(points[point], np.nan)
    check_positions(np.stack(list(points.values()), axis=1), list(points), where)
    notes = []
    if bad:
        notes.append(
            f"channels that the data set calls bad were left out: {', '.join(sorted(bad))}."
        )
    return points, said or units.pop(), notes


def _times(
    values: Float[np.ndarray, "T C"],
    channels: Channels,
    said_hz: float | None,
    facts: Mapping[str, object],
    where: str,
) -> Float[np.ndarray, " T"]:
    """Time stamps (s): by the rate that is said, by the channel of latencies, by the facts."""
    even = np.arange(len(values))
    if said_hz is not None:
        return even / check_fps(said_hz, where)
    column = next((i for i, row in enumerate(channels) if row.get("type") == "LATENCY"), None)
    if column is not None:
        check_times(values[:, column], where)
        return values[:, column]
    for name in RATES:
        rate = facts.get(name)
        if isinstance(rate, int | float) and rate in FPS_HZ:
            return even / float(rate)
    raise InputError(
        f"{where}: no file beside it says its SamplingFrequency; give the rate with "
        f"{option('fps_hz')}."
    )
