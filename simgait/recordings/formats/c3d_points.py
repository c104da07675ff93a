"""The points of a C3D file, frame by frame, and how many frames there are.

Read here and not by ezc3d, which believes ANALOG:USED where the header says how many analog words
a frame has (each frame is then read in the wrong place) and reads 65535 frames at most.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from simgait.errors import InputError
from simgait.parameters.wording import counted
from simgait.recordings.formats.c3d_header import BLOCK, C3dHeader, floats
from simgait.recordings.formats.c3d_parameters import Parameters, number, values

_SHORT = 1 << 16
"""The header counts frames modulo this."""
_WORDS_PER_POINT = 4
"""x, y, z, and a word that holds the residual and the cameras."""


@dataclass(frozen=True)
class FrameLayout:
    """Where the frames lie.

    Attributes:
        n_frames, n_points, n_analog_words: of the file; of each frame.
        start, word_bytes: in bytes.
        is_plain: everything in the file says the same of them, as ezc3d expects it.
        notes: one sentence each on what was decided.
    """

    n_frames: int
    n_points: int
    n_analog_words: int
    start: int
    word_bytes: int
    is_plain: bool = True
    notes: tuple[str, ...] = ()

    @property
    def frame_words(self) -> int:
        """Words in a frame."""
        return _WORDS_PER_POINT * self.n_points + self.n_analog_words

    @property
    def frame_bytes(self) -> int:
        """Bytes in a frame."""
        return self.frame_words * self.word_bytes

    @property
    def end(self) -> int:
        """First byte behind the frames."""
        return self.start + self.n_frames * self.frame_bytes

    def fills(self, size: int) -> bool:
        """Whether the frames end where the file does, to the last block."""
        return 0 <= size - self.end < BLOCK


def frame_layout(path: Path, header: C3dHeader, parameters: Parameters) -> FrameLayout:
    """Where the frames lie by header and parameters, as far as the file's length bears them out.

    Raises:
        InputError: the file has fewer bytes than either says.
    """
    size = path.stat().st_size
    start = header.data_start
    if start < BLOCK:
        start = (int(number(parameters, "POINT", "DATA_START") or 1) - 1) * BLOCK
    short = FrameLayout(
        (header.last_frame - header.first_frame + 1) % _SHORT,
        header.n_points,
        header.n_analog_words,
        start,
        4 if header.is_float else 2,
    )
    short = _borne_out(short, header, parameters, size)
    layout = _all_frames(path, short, header, parameters, size)
    if layout.n_frames < 1 or start < BLOCK or layout.end > size:
        raise InputError(
            f"{path.name}: the C3D file is truncated or damaged ({header.n_points} markers in "
            f"{layout.n_frames} frames need {layout.end} bytes, the file has {size}); export it "
            "again."
        )
    return layout


def _borne_out(
    layout: FrameLayout, header: C3dHeader, parameters: Parameters, size: int
) -> FrameLayout:
    """The header's layout, or that of POINT and ANALOG where only this fits the file's length."""
    n_points = number(parameters, "POINT", "USED")
    if n_points is None or values(parameters, "ANALOG", "USED") is None:
        return layout
    channels = number(parameters, "ANALOG", "USED") or 0.0
    rate_hz = number(parameters, "ANALOG", "RATE") or 0.0
    fps_hz = number(parameters, "POINT", "RATE") or header.fps_hz
    n_words = channels * rate_hz / fps_hz if fps_hz > 0 else channels * header.samples_per_frame
    if not np.isfinite(n_words):
        n_words = -1.0
    if (n_points, n_words) == (layout.n_points, layout.n_analog_words):
        return layout
    other = replace(layout, n_points=int(n_points), n_analog_words=round(n_words))
    takes_other = (
        n_words == other.n_analog_words >= 0 and not layout.fills(size) and other.fills(size)
    )
    taken = (
        "the parameters were used, as the file's length fits them"
        if takes_other
        else ("the header was used")
    )
    note = (
        f"header and parameters contradict each other: {layout.n_points} points and "
        f"{layout.n_analog_words} analog words in a frame, or {n_points:g} and {n_words:g}; "
        f"{taken}."
    )
    return replace(other if takes_other else layout, is_plain=False, notes=(note,))


def _all_frames(
    path: Path, layout: FrameLayout, header: C3dHeader, parameters: Parameters, size: int
) -> FrameLayout:
    """The layout with the frames that a header of 16 bits cannot count."""
    short, there = layout.n_frames, max(0, size - layout.start) // layout.frame_bytes
    is_full = header.last_frame == _SHORT - 1
    for stated in _long_counts(parameters):
        if stated >= _SHORT and (is_full or stated % _SHORT == short):
            return replace(layout, n_frames=stated, is_plain=False)
    filled = there - _zero_bytes_at_end(path, size) // layout.frame_bytes
    if filled <= short:
        return layout
    wrapped = short + (there - short) // _SHORT * _SHORT
    n_frames = filled if is_full else wrapped if wrapped >= filled else short
    if n_frames == short and header.first_frame > header.last_frame:
        n_frames = filled
        said = (
            f"the header counts frames from {header.first_frame} to {header.last_frame}; all "
            f"{filled} that the file holds were read."
        )
    elif n_frames > short:
        said = f"the header cannot count beyond {_SHORT - 1} frames; all {n_frames} were read."
    else:
        said = (
            f"the file has {counted(filled - short, 'more frame')} than its header says; what is "
            "more was left."
        )
    return replace(layout, n_frames=n_frames, is_plain=False, notes=(*layout.notes, said))


def _long_counts(parameters: Parameters) -> list[int]:
    """Numbers of frames that parameters state, where they state any."""
    start, end = (trial_field(parameters, f"ACTUAL_{which}_FIELD") for which in ("START", "END"))
    counts = [end - start + 1] if start and end else []
    for name in ("LONG_FRAMES", "FRAMES"):
        frames = number(parameters, "POINT", name)
        counts += [int(frames)] if frames is not None else []
    return counts


def trial_field(parameters: Parameters, name: str) -> int:
    """A frame number of 32 bits, in two words of TRIAL, the low one first; 0 where none is."""
    words = values(parameters, "TRIAL", name)
    if not isinstance(words, np.ndarray) or not np.isfinite(words).all():
        return 0
    low, high = (int(word) & 0xFFFF for word in (*np.ravel(words), 0)[:2])
    return low + (high << 16)


def _zero_bytes_at_end(path: Path, size: int) -> int:
    """How much of the last block is zero: files are filled up to whole blocks."""
    with path.open("rb") as file:
        file.seek(max(0, size - BLOCK))
        tail = file.read(BLOCK)
    return len(tail) - len(tail.rstrip(b"\0"))


def read_points(
    path: Path, header: C3dHeader, layout: FrameLayout
) -> tuple[Float[np.ndarray, "T K 3"], Bool[np.ndarray, "T K"]]:
    """Positions in the file's unit as it holds them, and which of them it calls invalid.

    Raises:
        InputError: the file became shorter since its layout was found.
    """
    count = layout.n_frames * layout.frame_words
    if header.is_dec and header.is_float:
        raw = np.fromfile(path, "u1", count * 4, offset=layout.start)
        words = floats(raw.tobytes(), is_dec=True)
    else:
        kind = "<f4" if header.is_float else "<i2"
        words = np.fromfile(path, kind, count, offset=layout.start)
    if len(words) < count:
        raise InputError(f"{path.name}: the C3D file is truncated; export it again.")
    frames = words.reshape(layout.n_frames, layout.frame_words)
    points = frames[:, : _WORDS_PER_POINT * layout.n_points].reshape(
        layout.n_frames, layout.n_points, _WORDS_PER_POINT
    )
    with np.errstate(invalid="ignore"):  # NaN of a kind that a cast complains of
        positions = points[..., :3].astype(float)
    if not header.is_float:
        positions *= header.scale
    return positions, points[..., 3] < 0
