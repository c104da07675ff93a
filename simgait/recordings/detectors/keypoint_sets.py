"""Keypoint sets by name and how their points map to simgait's 23.

A set's own point is used only where it means the same place as ours. Left out on purpose: mid-hip
points called pelvis or hip (our Pelvis lies between ASIS and PSIS, a hand's breadth higher), neck
and thorax (our Sternum lies lower, inside the chest), head tops and noses, small toes.

Sources of the orders: MOVI-87, H36M-17 and MPI-INF-3DHP-17 as MeTRAbs gives them (isarandi/metrabs,
isarandi/posepile; H36M-17 starts with the pelvis, as in VideoPose3D); COCO-17 (cocodataset.org);
Halpe-26 (Fang et al. 2022, AlphaPose); BlazePose (Bazarevsky et al. 2020, MediaPipe's documentation
of Pose Landmarker); BODY_25 (Cao et al. 2019, OpenPose's documentation of its output); SMPL (Loper
et al. 2015).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from simgait.detector_facts import DetectorFacts
from simgait.errors import InputError
from simgait.skeleton.keypoints import (
    KEYPOINT_INDEX,
    KEYPOINT_NAMES,
    REQUIRED_KEYPOINTS,
)


@dataclass(frozen=True)
class KeypointSet:
    """A detector's points: how many there are, at which index those that we know lie, and the rest.

    Attributes:
        name: lower case with dashes; spaces and underscores are read as dashes.
        width: how many points each frame has.
        index: simgait's name of a point -> its index in the set.
        says: where the order comes from, and what is odd about it.
        aliases: other names that people use.
        unit, axes, fps_hz: of the detector's output, where it always is the same; said values win.
        known_by_width: an array this wide is this set even if nobody says so.
        centred: on its own axes the middle of the hips is the origin of every frame.
        assumed_fov_deg: field of view that its detector believes in where nobody gives it a camera.
        facts: what a file of its user states of joints and travel.
    """

    name: str
    width: int
    index: Mapping[str, int]
    says: str
    aliases: tuple[str, ...] = ()
    unit: str | None = None
    axes: str | None = None
    fps_hz: float | None = None
    known_by_width: bool = False
    centred: bool = False
    assumed_fov_deg: float | None = None
    facts: DetectorFacts | None = None

    @property
    def columns(self) -> dict[str, int]:
        """`index` in the order of simgait's names."""
        return {name: self.index[name] for name in KEYPOINT_NAMES if name in self.index}


_SHORT_JOINTS = {
    "hee": "Heel", "toe": "Big Toe", "foo": "Foot", "ank": "Ankle", "kne": "Knee", "hip": "Hip",
    "elb": "Elbow", "sho": "Shoulder", "wri": "Wrist", "han": "Hand",
}  # fmt: skip
_SHORT_SIDES = {"l": "Left", "r": "Right"}


def index_of(points: str) -> dict[str, int]:
    """Name -> index from short names in a set's order.

    "lhip" is our "Left Hip", "head" our "Head", "-" a point that we do not use.
    """
    return {
        (
            word.capitalize()
            if word in ("head", "pelvis", "sternum")
            else f"{_SHORT_SIDES[word[0]]} {_SHORT_JOINTS[word[1:]]}"
        ): i
        for i, word in enumerate(points.split())
        if word != "-"
    }


def _index_of_movi_87() -> dict[str, int]:
    index = {"Head": 67, "Pelvis": 69, "Sternum": 70}
    for side, heel, toe, first in (("Left", 21, 23, 71), ("Right", 52, 54, 79)):
        index |= {f"{side} Heel": heel, f"{side} Big Toe": toe}
        joints = ("Ankle", "Elbow", "Hip", "Hand", "Knee", "Shoulder", "Wrist", "Foot")
        index |= {f"{side} {joint}": first + i for i, joint in enumerate(joints)}
    return index


METRABS_FOV_DEG = 55.0
"""On the larger side of the picture, where it is given no camera: "With unknown intrinsic matrix
(assumes 55 degree field-of-view)", MeTRAbs's guide (isarandi/metrabs, docs/INFERENCE_GUIDE.md)."""

_SETS: dict[str, KeypointSet] = {}


def register_keypoint_set(new: KeypointSet) -> None:
    """Make a set known to every command under its name and its aliases.

    Raises:
        ValueError: a name is taken or not in lower case with dashes, an index lies outside the
            width, a point is none of `KEYPOINT_NAMES`, or hips, knees and ankles are not all there.
    """
    taken = {name for known in _SETS.values() for name in (known.name, *known.aliases)}
    for name in (new.name, *new.aliases):
        if name in taken or name != _plain(name):
            raise ValueError(f"{name!r} is taken, or not in lower case with dashes")
    strange = sorted(set(new.index) - set(KEYPOINT_NAMES))
    absent = [name for name in REQUIRED_KEYPOINTS if name not in new.index]
    if strange or absent:
        raise ValueError(f"{new.name}: no such point {strange}, or lacking {absent}")
    columns = list(new.index.values())
    if len(set(columns)) < len(columns) or not all(0 <= i < new.width for i in columns):
        raise ValueError(f"{new.name}: an index occurs twice, or lies outside 0 to {new.width - 1}")
    widths = [known.width for known in _SETS.values() if known.known_by_width]
    if new.known_by_width and new.width in widths:
        raise ValueError(f"{new.name}: another set is known by its width of {new.width}")
    _SETS[new.name] = new


def keypoint_sets() -> tuple[KeypointSet, ...]:
    """All sets that are known, in the order in which they were registered."""
    return tuple(_SETS.values())


def find_keypoint_set(name: str, where: str) -> KeypointSet:
    """The set of this name or alias, in any case, with spaces or underscores for dashes.

    Raises:
        InputError: there is none; names those there are.
    """
    wanted = _plain(name)
    for known in _SETS.values():
        if wanted in (known.name, *known.aliases):
            return known
    raise InputError(
        f"{where}: the keypoint set {name!r} is not known; use one of {', '.join(_SETS)} or give "
        "a list of names."
    )


def _plain(name: str) -> str:
    return re.sub(r"[_\s+]+", "-", name.strip().lower())


for _set in (
    KeypointSet(
        "movi-87", 87, _index_of_movi_87(),
        "MeTRAbs's points of the MOVI data set (BML)",
        aliases=("bml-movi-87",),
        known_by_width=True,
        assumed_fov_deg=METRABS_FOV_DEG,
    ),
    KeypointSet(
        "movi-23", 23, KEYPOINT_INDEX,
        "simgait's own 23, in the order of its names",
        aliases=("bml-movi-23",),
        known_by_width=True,
    ),
    KeypointSet(
        "h36m-17", 17, index_of(
            "- rhip rkne rank lhip lkne lank - - - - lsho lelb lwri rsho relb rwri"
        ),
        "Human3.6M, pelvis first, as in VideoPose3D",
    ),
    KeypointSet(
        "mpi-inf-3dhp-17", 17, index_of(
            "- - rsho relb rwri lsho lelb lwri rhip rkne rank lhip lkne lank - - head"
        ),
        "MPI-INF-3DHP, head top first",
    ),
    KeypointSet(
        "coco-17", 17, index_of(
            "- - - - - lsho rsho lelb relb lwri rwri lhip rhip lkne rkne lank rank"
        ),
        "COCO, nose first",
    ),
    KeypointSet(
        "halpe-26", 26, index_of(
            "- - - - - lsho rsho lelb relb lwri rwri lhip rhip lkne rkne lank rank - - - "
            "ltoe rtoe - - lhee rhee"
        ),
        "Halpe with feet, as AlphaPose and RTMPose give it",
    ),
    KeypointSet(
        "halpe-136", 136, index_of(
            "- - - - - lsho rsho lelb relb lwri rwri lhip rhip lkne rkne lank rank - - - "
            "ltoe rtoe - - lhee rhee" + 110 * " -"
        ),
        "Halpe with feet, face and hands, as AlphaPose gives it",
    ),
    KeypointSet(
        "coco-133", 133, index_of(
            "- - - - - lsho rsho lelb relb lwri rwri lhip rhip lkne rkne lank rank "
            "ltoe - lhee rtoe - rhee" + 110 * " -"
        ),
        "COCO-WholeBody (Jin et al. 2020): COCO, feet, face, hands; RTMPose, DWPose, ViTPose",
        aliases=("coco-wholebody", "wholebody-133"),
    ),
    KeypointSet(
        "blazepose-33", 33, index_of(
            "- - - - - - - - - - - lsho rsho lelb relb lwri rwri - - - - - - "
            "lhip rhip lkne rkne lank rank lhee rhee ltoe rtoe"
        ),
        "BlazePose's world landmarks, as MediaPipe gives them, nose first; centred on the hips",
        aliases=("blazepose", "mediapipe-33", "mediapipe"),
        unit="m", axes="y-down z-forward",
        known_by_width=True,
        centred=True,
    ),
    KeypointSet(
        "coco-25", 25, index_of(
            "- - rsho relb rwri lsho lelb lwri - rhip rkne rank lhip lkne lank - - - - "
            "ltoe - lhee rtoe - rhee"
        ),
        "OpenPose's BODY_25: COCO with neck, mid-hip and feet",
        aliases=("body-25", "openpose-25"),
    ),
    KeypointSet(
        "coco-18", 18, index_of(
            "- - rsho relb rwri lsho lelb lwri rhip rkne rank lhip lkne lank - - - -"
        ),
        "OpenPose's older model, and AlphaPose with `--format open`: COCO with neck, without feet",
        aliases=("openpose-18",),
    ),
    KeypointSet(
        "smpl-24", 24, index_of(
            "- lhip rhip - lkne rkne - lank rank - lfoo rfoo - - - - "
            "lsho rsho lelb relb lwri rwri lhan rhan"
        ),
        "joints of the SMPL body (Loper et al. 2015), pelvis first",
        aliases=("smpl",),
    ),
    KeypointSet(
        "posepipe", 87, _index_of_movi_87(),
        "PosePipe's MeTRAbs-ACAE: `movi-87` in a camera's millimetres, confidence as fourth value",
        aliases=("pose-pipe",),
        unit="mm", axes="y-down z-forward",
    ),
):  # fmt: skip
    register_keypoint_set(_set)
