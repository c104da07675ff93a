"""Pictures of I, U, V as DensePose writes them: a folder of PNGs, or of detectron2's `.npz`.

The old program writes `NAME_IUV.png` with OpenCV: I (0 to 24), U and V (times 255). detectron2's
own dumps are pickles, which simgait does not open, as they can run programs;
docs/how-to/companions.md has the lines that write labels, uv and boxes of each picture instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from jaxtyping import UInt8

from simgait.companions.gdi_net.frames import N_PARTS
from simgait.errors import InputError
from simgait.synthetic.people.parts_renderer import IUV_SUFFIX
from simgait.video.decode import pyav

FOLDER_SUFFIX = ".iuv"
"""Of the folder beside a video that holds its I, U, V, as `simgait render` names it."""
DETECTRON_SUFFIX = ".npz"
PNG = b"\x89PNG"
"""With it such a file begins."""
_NEEDED = ("labels", "uv", "boxes_xywh", "size")

Iuv = UInt8[np.ndarray, "H W 3"]


def iuv_folder(path: Path) -> Path:
    """The folder of I, U, V of a walk: itself, or the one beside a video.

    Raises:
        InputError: there is none.
    """
    if path.is_dir():
        return path
    beside = path.with_suffix(FOLDER_SUFFIX)
    if not beside.is_dir():
        raise InputError(
            f"{path.name}: GDI-Net reads DensePose's pictures, not a video or points; give their "
            f"folder, or lay it beside the video as {beside.name}."
        )
    return beside


def iuv_pictures_of(folder: Path) -> tuple[int, Iterator[Iuv]]:
    """How many pictures a folder has, and I, U, V of each in order, read as they are asked for.

    Raises:
        InputError: it holds none, or both kinds; later: a picture cannot be read, its channels lie
            in another order, several people are in it, or it has another size than the first.
    """
    pngs, arrays = (
        sorted(
            (p for p in folder.iterdir() if p.name.lower().endswith(end) and p.is_file()),
            key=_in_order,
        )
        for end in (IUV_SUFFIX.lower(), DETECTRON_SUFFIX)
    )
    if bool(pngs) == bool(arrays):
        what = "holds both kinds of pictures" if pngs else "holds no pictures of I, U, V"
        raise InputError(
            f"{folder.name}: {what}; give a folder of *{IUV_SUFFIX} as DensePose writes them, or "
            f"of {DETECTRON_SUFFIX} made of detectron2's dump (docs/how-to/companions.md)."
        )
    read: Callable[[Path], Iuv] = read_png if pngs else read_detectron
    files = pngs or arrays
    return len(files), _of_one_size(files, read, folder.name)


def _of_one_size(files: list[Path], read: Callable[[Path], Iuv], where: str) -> Iterator[Iuv]:
    first: Iuv | None = None
    for path in files:
        picture = read(path)
        first = picture if first is None else first
        if picture.shape != first.shape:
            own, others = (f"{one.shape[1]} × {one.shape[0]}" for one in (picture, first))
            raise InputError(
                f"{where}: {path.name} has {own} pixels and {files[0].name} has {others}; give "
                "the pictures of one video, as DensePose wrote them."
            )
        yield picture


def _in_order(path: Path) -> list[tuple[int, str]]:
    """Numbers in names by their size, so that frame 10 comes after 9."""
    return [
        (int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", path.name)
    ]


def read_png(path: Path) -> Iuv:
    """One picture of the old program, or of `simgait render`.

    Raises:
        InputError: it is no picture of I, U, V, or its channels lie otherwise.
    """
    av = pyav()
    try:
        data = path.read_bytes()
        if data.startswith(PNG):  # half the work of opening it as a film of one picture
            (frame,) = av.CodecContext.create("png", "r").decode(av.Packet(data))
        else:
            with av.open(str(path)) as file:
                frame = next(file.decode(video=0))
        # OpenCV writes the first channel as blue.
        picture = frame.to_ndarray(format="bgr24")
    # Whatever a damaged file makes the library raise.
    except (av.FFmpegError, StopIteration, ValueError, MemoryError, OSError) as error:
        raise InputError(f"{path.name}: is no picture that can be read; write it again.") from error
    return checked(picture, path.name)


def checked(iuv: Iuv, where: str) -> Iuv:
    """The picture, if its channels can be I, U, V.

    Raises:
        InputError: the first channel is no number of a part.
    """
    if iuv[..., 0].max() <= N_PARTS:
        return iuv
    # Channel by channel: thirty times as fast as along an axis of three.
    most = [int(iuv[..., channel].max()) for channel in range(3)]
    if most[2] <= N_PARTS:
        raise InputError(
            f"{where}: its channels lie in the order V, U, I; write them as OpenCV does "
            "(cv2.imwrite of I, U, V: blue is I), as DensePose's own program."
        )
    raise InputError(
        f"{where}: no channel holds part numbers up to {N_PARTS} (the largest are "
        f"{', '.join(map(str, most))}); give I, U, V, not a coloured picture, "
        "and as PNG, as JPEG changes the numbers."
    )


def read_detectron(path: Path) -> Iuv:
    """One picture of detectron2's dump: labels (h, w), uv (2, h, w), boxes_xywh (P, 4), size (2,).

    Raises:
        InputError: arrays are lacking or have other shapes, or several people are in it.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {name: np.asarray(file[name]) for name in _NEEDED if name in file.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise InputError(f"{path.name}: is no NumPy file; write it again.") from error
    lacking = [name for name in _NEEDED if name not in found]
    if lacking:
        raise InputError(
            f"{path.name}: has no {', '.join(lacking)}; write labels, uv, boxes_xywh and size of "
            "each picture (docs/how-to/companions.md)."
        )
    labels, uv, boxes, size = (found[name] for name in _NEEDED)
    boxes = boxes.reshape(-1, 4)
    if len(boxes) > 1:
        raise InputError(
            f"{path.name}: several people are in it ({len(boxes)} boxes); keep the walking "
            "person's labels, uv and box alone."
        )
    width, height = (int(value) for value in size.ravel()[:2])
    iuv = np.zeros((height, width, 3), np.uint8)
    if len(boxes) == 0:
        return iuv
    _check_detectron(labels, uv, boxes[0], path.name)
    x, y = (int(value) for value in np.floor(boxes[0][:2]))
    part = np.concatenate([labels[None], np.clip(np.rint(uv * 255.0), 0, 255)])
    part = np.where(labels > 0, part, 0).astype(np.uint8).transpose(1, 2, 0)
    h, w = labels.shape
    rows, columns = slice(max(y, 0), min(y + h, height)), slice(max(x, 0), min(x + w, width))
    iuv[rows, columns] = part[rows.start - y : rows.stop - y, columns.start - x : columns.stop - x]
    return iuv


def _check_detectron(labels: np.ndarray, uv: np.ndarray, box: np.ndarray, where: str) -> None:
    if labels.ndim != 2 or uv.shape != (2, *labels.shape):
        raise InputError(
            f"{where}: labels of shape {labels.shape} and uv of {uv.shape}; detectron2 has "
            "(h, w) and (2, h, w): U and V come first."
        )
    if labels.min() < 0 or labels.max() > N_PARTS or not np.isfinite(uv).all():
        raise InputError(f"{where}: labels are not 0 to {N_PARTS}, or uv are no numbers.")
    if uv.min() < -0.01 or uv.max() > 1.01:
        raise InputError(f"{where}: uv go from {uv.min():.3g} to {uv.max():.3g}; they are 0 to 1.")
    if abs(labels.shape[1] - box[2]) > 1.5 or abs(labels.shape[0] - box[3]) > 1.5:
        raise InputError(
            f"{where}: labels of {labels.shape[1]} × {labels.shape[0]} pixels in a box of "
            f"{box[2]:.0f} × {box[3]:.0f}; they are of another resolution than the picture, so "
            "write both of the same one."
        )
