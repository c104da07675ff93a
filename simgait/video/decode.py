"""Video files to pictures with true times: rotation, slow motion, any frame rate; PyAV decodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8

from simgait.errors import InputError

LONGEST_SIDE_PX = 1920
"""Larger pictures are reduced to it: the landmark network sees 256 × 256 pixels of a person."""
SLOW_MOTION_RATIO = 1.8
"""The rate that a phone says it filmed at over that of its stamps, from which they are stretched:
the slowest slow motion is 60 frames/s played at 30. Below, dim light made the camera slower."""
MOST_DAMAGED_SHARE = 0.05
"""Of the packets; more, and what is left cannot be trusted."""
BROKEN_OFF_S = 0.5
"""A file whose pictures end this much before its stated end has lost some."""
UNNOTED_PICTURES = 1
"""Lacking at the end of an AVI, about which nothing is said: a coder holds one back."""
_CAPTURE_FPS = "com.android.capture.fps"
_FOCAL_35MM = re.compile(r"(35mm_?equivalent|focallengthin35mm)", re.IGNORECASE)
PROTECTED = frozenset({"encv", "drmi"})
"""Sample entries of encrypted video (ISO 14496-12, and Apple's)."""
_HDR = {16, 18}
"""Transfer characteristics of ITU-T H.273: PQ and HLG."""


@dataclass(frozen=True)
class Clip:
    """What a video file says about itself.

    Attributes:
        name: of the file, without folders.
        width_px, height_px: of the pictures as `frames` gives them: upright, square pixels.
        rotation_deg: what the file asks to be turned by, anticlockwise.
        stated_s: length that the file states; None where it states none.
        announced: pictures that the header of an AVI announces; None of other files, whose headers
            count pictures that they do not show (edit lists), or none.
        time_stretch: seconds of its stamps for each true second; above 1 for slow motion.
        focal_35mm: the lens's equivalent focal length (mm) that a phone wrote; None without.
        notes: sentences on what was made of all that.
        coded_px: see `file_px`; None where that is the same.
    """

    path: Path
    name: str
    width_px: int
    height_px: int
    rotation_deg: int
    stated_s: float | None
    time_stretch: float = 1.0
    focal_35mm: float | None = None
    notes: tuple[str, ...] = ()
    coded_px: tuple[int, int] | None = None
    announced: int | None = None

    @property
    def file_px(self) -> tuple[int, int]:
        """Width and height of the pictures in the file, upright; its pixels need not be square."""
        return self.coded_px or (self.width_px, self.height_px)

    def noted(self, notes: Sequence[str]) -> Clip:
        """The same with more notes."""
        return replace(self, notes=(*self.notes, *notes))


@dataclass(frozen=True)
class Frame:
    """One picture, its number in the part that is read, its true time (s) from the file's zero."""

    index: int
    time_s: float
    picture: UInt8[np.ndarray, "H W 3"]


def open_clip(path: Path) -> Clip:
    """Read what a video says about itself; the first picture is decoded to know which way is up.

    Raises:
        InputError: PyAV is not installed, or the file is missing, no video, damaged or protected.
    """
    with _opened(path) as (container, stream):
        if stream.codec_context.codec_tag in PROTECTED:
            raise InputError(
                f"{path.name}: the video is protected against copying (DRM) and cannot be read; "
                "give the camera's own file."
            )
        try:
            first = next(iter(container.decode(stream)), None)
        except pyav().error.FFmpegError:
            first = None
        if first is None:
            raise InputError(
                f"{path.name}: no picture can be decoded: the video is damaged, protected or of a "
                "kind that is not read; export it as MP4 and try again."
            )
        tags = {**container.metadata, **stream.metadata}
        width, height = _shown_size(stream, first)
        stretch, notes = _time_stretch(tags, stream.average_rate, path.name)
        if getattr(first, "color_trc", 0) in _HDR:
            notes += ("HDR video: its colours were reduced to standard ones.",)
        length = None if container.duration is None else container.duration / 1e6
        announced = (stream.frames or None) if container.format.name == "avi" else None
        if announced and stream.average_rate:
            # Of an AVI that was cut FFmpeg tells the length that its size leaves.
            length = max(length or 0.0, announced / float(stream.average_rate))
        return Clip(
            path, path.name, width, height, int(first.rotation), length, stretch,
            _focal_35mm(tags), notes,
            (first.height, first.width) if first.rotation % 180 else (first.width, first.height),
            announced,
        )  # fmt: skip


def frames(
    clip: Clip,
    from_s: float | None = None,
    to_s: float | None = None,
    tell: Callable[[str], None] = lambda text: None,
) -> Iterator[Frame]:
    """The pictures in order, one at a time, so that long videos need no more memory than short.

    Args:
        clip: from `open_clip`.
        from_s: where the part that is wanted begins, in seconds as a player shows them.
        to_s: where it ends.
        tell: gets a sentence on what was lost, if it is too little to be refused.

    Raises:
        InputError: the part is empty, or the file is damaged or breaks off.
    """
    _check_part(clip, from_s, to_s)
    index, last_s, losses = 0, 0.0, _Losses()
    with _opened(clip.path) as (container, stream):
        start_s = float((stream.start_time or 0) * stream.time_base)
        if from_s:
            container.seek(int((from_s + start_s) / stream.time_base), stream=stream)
        for one in _decoded(container, stream, losses):
            now_s = float(one.time) - start_s
            if to_s is not None and now_s > to_s:
                break
            last_s = now_s
            if last_s >= (from_s or 0.0):
                # What FFmpeg had to make up shows somebody else's legs.
                losses.made_up = bool(one.is_corrupt)
                losses.damaged += losses.made_up
                yield Frame(index, last_s / clip.time_stretch, _upright(one, clip))
                index += 1
    _check_whole(clip, last_s, losses, to_s)
    if note := _loss_note(clip, last_s, losses, to_s):
        tell(note)


@dataclass
class _Losses:
    """What was read so far: packets, how many of them and of the pictures were damaged.

    And whether the last packet is one of these, and the last picture.
    """

    packets: int = 0
    damaged: int = 0
    cut: bool = False
    made_up: bool = False


def _decoded(container: Any, stream: Any, losses: _Losses) -> Iterator[Any]:
    """Pictures as PyAV gives them, those that have a time; `losses` is kept up."""
    for packet in container.demux(stream):
        losses.packets += 1
        # The last packet is empty: it asks for what the decoder still holds.
        losses.cut = bool(packet.is_corrupt) if packet.size else losses.cut
        try:
            decoded = packet.decode()
        except pyav().error.FFmpegError:
            losses.damaged += 1
            continue
        yield from (one for one in decoded if one.time is not None)


def _check_part(clip: Clip, from_s: float | None, to_s: float | None) -> None:
    begin, end = from_s or 0.0, to_s if to_s is not None else np.inf
    if begin < 0:
        raise InputError(
            f"{clip.name}: no part begins at {begin:g} s, before the video; give --from in seconds "
            "from its start."
        )
    if end <= begin:
        raise InputError(
            f"{clip.name}: no part lies from {begin:g} to {end:g} s; give --from and --to in "
            "seconds, the earlier one first."
        )
    if clip.stated_s is not None and begin >= clip.stated_s:
        raise InputError(
            f"{clip.name}: the part from {begin:g} s on lies behind its end at "
            f"{clip.stated_s:.1f} s; give an earlier --from."
        )


def _check_whole(clip: Clip, last_s: float, losses: _Losses, to_s: float | None) -> None:
    """Refuses what lost more pictures than can be overlooked."""
    if losses.damaged > max(MOST_DAMAGED_SHARE * losses.packets, 1):
        raise InputError(
            f"{clip.name}: {100 * losses.damaged / losses.packets:.0f} % of the video is damaged; "
            "copy it again from the camera."
        )
    stated_s = clip.stated_s or 0.0
    if to_s is None and last_s < stated_s - max(BROKEN_OFF_S, 0.02 * stated_s):
        use = f", or use what is there with --to {last_s:.1f}" if last_s > 0.0 else ""
        raise InputError(
            f"{clip.name}: breaks off at {max(last_s, 0.0):.1f} s of {stated_s:.1f} s (damaged or "
            f"not copied to its end); copy it again{use}."
        )


def _loss_note(clip: Clip, last_s: float, losses: _Losses, to_s: float | None) -> str:
    """A sentence on what was lost of a file; "" where it is whole."""
    if to_s is None and clip.announced and clip.stated_s:
        lost = round((clip.stated_s - last_s) * clip.announced / clip.stated_s) - 1
        if lost > UNNOTED_PICTURES:
            return (
                f"The file ends early: {clip.announced - lost} of {clip.announced} pictures could "
                "be read."
            )
    if to_s is None and (losses.cut or losses.made_up):
        return (
            "The file ends in the middle of a picture: it was cut off, or not copied to its end; "
            f"what there was behind {last_s:.1f} s is lost."
        )
    if losses.damaged:
        places = "one place" if losses.damaged == 1 else f"{losses.damaged} places"
        return f"The file is damaged in {places}: pictures there were lost or made up."
    return ""


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, Any]]:
    """Container and picture stream of a video that is a file on this machine."""
    av = pyav()
    if not path.is_file():
        what = "this is a folder, give the videos" if path.is_dir() else "there is no such file"
        raise InputError(f"{path.name or path}: {what}; check the path.")
    if path.stat().st_size == 0:
        raise InputError(f"{path.name}: the file is empty; copy it again.")
    try:
        # A playlist or a reference in a file must fetch nothing from elsewhere; titles are of any
        # encoding, and nothing here rests on them.
        container = av.open(
            str(path), options={"protocol_whitelist": "file"}, metadata_errors="replace"
        )
    except av.error.FFmpegError as error:
        raise InputError(
            f"{path.name}: cannot be read as a video (damaged, cut off, or no video); copy it "
            "again, or export it as MP4."
        ) from error
    except OSError as error:
        raise InputError(
            f"{path.name}: the file cannot be read ({error.strerror}); check its permissions."
        ) from error
    with container:
        stream = next(iter(container.streams.video), None)
        if stream is None:
            held = " (only sound)" if container.streams.audio else ""
            raise InputError(f"{path.name}: has no video stream{held}; give the video.")
        if stream.codec_context is None:
            raise InputError(
                f"{path.name}: its pictures are coded in a way that FFmpeg does not know, or the "
                "file is damaged; export it as MP4."
            )
        stream.thread_type = "AUTO"
        yield container, stream


def pyav() -> Any:
    """PyAV, which is an extra.

    Raises:
        InputError: it is not installed.
    """
    try:
        import av
    except ImportError as error:
        raise InputError(
            "Reading video needs PyAV, which is not installed: pip install 'simgait[video]' "
            "(in a clone: pip install -c requirements.lock '.[video]')."
        ) from error
    # What FFmpeg finds odd in a file is said by us, in one sentence, or does not matter.
    av.logging.set_level(None)
    return av


def _shown_size(stream: Any, first: Any) -> tuple[int, int]:
    """Width and height of upright pictures with square pixels, at most `LONGEST_SIDE_PX` long."""
    aspect = float(stream.sample_aspect_ratio or 1) or 1.0
    width, height = first.width * aspect, float(first.height)
    if first.rotation % 180:
        width, height = height, width
    factor = min(1.0, LONGEST_SIDE_PX / max(width, height))
    return max(round(width * factor), 1), max(round(height * factor), 1)


def _upright(frame: Any, clip: Clip) -> UInt8[np.ndarray, "H W 3"]:
    turned = clip.rotation_deg % 180 != 0
    width, height = (clip.height_px, clip.width_px) if turned else (clip.width_px, clip.height_px)
    how = {"interpolation": "AREA"} if (width, height) != (frame.width, frame.height) else {}
    picture = frame.reformat(width, height, format="rgb24", **how).to_ndarray()
    return np.ascontiguousarray(np.rot90(picture, clip.rotation_deg // 90 % 4))


def _time_stretch(
    tags: Mapping[str, str], stamped: Fraction | None, where: str
) -> tuple[float, tuple[str, ...]]:
    """Stamped seconds for each true one, and a sentence where that is not 1."""
    said = tags.get(_CAPTURE_FPS)
    try:
        captured = float(said) if said is not None else 0.0
    except ValueError:
        captured = 0.0
    if not stamped or captured < SLOW_MOTION_RATIO * float(stamped):
        return 1.0, ()
    note = (
        f"slow motion: filmed at {captured:g} frames/s and stamped at {float(stamped):.4g}, so "
        f"that times were divided by {captured / float(stamped):.3g}."
    )
    return captured / float(stamped), (note,)


def _focal_35mm(tags: Mapping[str, str]) -> float | None:
    for name, value in tags.items():
        if _FOCAL_35MM.search(name):
            try:
                return float(value) or None
            except ValueError:
                return None
    return None
