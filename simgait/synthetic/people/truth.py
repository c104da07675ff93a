"""The truth of a rendered clip as a file beside it: joints, pose, events, camera, seeds."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from jaxtyping import Bool, Float

from simgait.errors import InputError
from simgait.files import whole_file
from simgait.footage import Camera
from simgait.skeleton.default import POSE_NAMES
from simgait.synthetic.people.clip import Clip
from simgait.synthetic.people.posing import JOINTS

SUFFIX = ".truth.npz"


@dataclass(frozen=True)
class Truth:
    """What is true of a clip of T frames; joints in the order of `posing.JOINTS`.

    Attributes:
        plan: everything that was drawn, as JSON.
        joints_m: (T, J, 3) in the world: x along the way, y to its left, z up from the floor.
        joints_px: (T, J, 2) in the pictures, whose left upper corner is 0, 0.
        whole: (T,) whether all of the person is in the picture.
        pose: (T, D) of the walker, see `skeleton.default.POSE_NAMES`.
        contact_s, foothold_x_m: initial contacts while he is seen whole, and the heel's place.
        speed_mps, step_length_m: of these contacts.
    """

    name: str
    view: str
    pattern: str
    body: str
    is_child: bool
    seed: int
    height_m: float
    fps_hz: float
    camera: Camera
    plan: str
    time_s: Float[np.ndarray, " T"]
    joints_m: Float[np.ndarray, "T J 3"]
    joints_px: Float[np.ndarray, "T J 2"]
    whole: Bool[np.ndarray, " T"]
    pose: Float[np.ndarray, "T D"]
    contact_s: Float[np.ndarray, " K"]
    foothold_x_m: Float[np.ndarray, " K"]
    speed_mps: float
    step_length_m: float

    @property
    def nearest_m(self) -> float:
        """From the camera to the hips, along the floor, while the person is seen whole."""
        hips = self.joints_m[self.whole, :2].mean(axis=1)
        return float(np.linalg.norm((hips - self.camera.position_m)[:, :2], axis=1).min())


def truth_of(clip: Clip) -> Truth:
    """The truth of a clip."""
    plan = clip.plan
    contact_s, places = clip.contacts
    return Truth(
        plan.name, plan.view, plan.pattern, plan.body, plan.is_child, plan.seed,
        plan.height_m, plan.fps_hz, clip.camera, json.dumps(asdict(plan)), clip.time_s,
        clip.joints_m, clip.joints_px, clip.whole, clip.pose, contact_s, places[:, 0],
        clip.speed_mps, clip.step_length_m,
    )  # fmt: skip


def write_truth(path: Path, truth: Truth) -> None:
    """Write the file, or nothing.

    Raises:
        InputError: it cannot be written.
    """
    camera = truth.camera
    arrays: dict[str, Any] = {
        **{key: value for key, value in vars(truth).items() if key != "camera"},
        "joint_names": np.array(JOINTS),
        "pose_names": np.array(POSE_NAMES),
        "camera_focal_px": camera.focal_px,
        "camera_size_px": np.array([camera.width_px, camera.height_px]),
        "camera_position_m": camera.position_m,
        "camera_rotation": camera.rotation,
    }
    for key in ("joints_m", "joints_px", "pose"):
        arrays[key] = arrays[key].astype(np.float32)
    with whole_file(path) as part, part.open("wb") as file:
        np.savez_compressed(file, **arrays)


def read_truth(path: Path) -> Truth:
    """Read what `write_truth` wrote.

    Raises:
        InputError: it is no such file, or of another version.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            data = {key: file[key] for key in file.files}
        if tuple(data["joint_names"]) != JOINTS:
            raise KeyError("joint_names")
        width, height = (int(size) for size in data["camera_size_px"])
        camera = Camera(
            float(data["camera_focal_px"]), width, height, "stated", data["camera_position_m"],
            data["camera_rotation"],
        )  # fmt: skip
        return Truth(
            camera=camera,
            **{key: _as_declared(data[key], kind) for key, kind in Truth.__annotations__.items()
               if key != "camera"},
        )  # fmt: skip
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise InputError(
            f"{path.name}: is no truth file of this version of simgait; render the clip again."
        ) from error


def _as_declared(value: np.ndarray, kind: str) -> Any:
    """A number or text where one was declared, else the array in double precision."""
    if kind in ("str", "bool", "int", "float"):
        return {"str": str, "bool": bool, "int": int, "float": float}[kind](value)
    return value if value.dtype == bool else value.astype(float)
