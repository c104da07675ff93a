"""Acclaim ASF/AMC (CMU Graphics Lab): parse, full forward kinematics, keypoints, true pose.

Format: Acclaim motion capture files as described by Lander 1998 (Game Developer, "Working with
motion capture file formats"). The CMU database scales lengths by 1 / 0.45 inch
(mocap.cs.cmu.edu/faqs.php): metres = length / `:units length` x 0.0254.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.files import safe_id
from simgait.limits import MOST_POSITION, check_fps, check_height, check_mass
from simgait.recordings.formats.acclaim_pose import AcclaimPoints, keypoints_and_pose
from simgait.recordings.options import NOTHING_SAID, PERSON, ReadOptions
from simgait.recordings.readers import register_reader
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.types import Recording

# ASF rest pose: x to the left, y up, z forward. Ours: x forward, y left, z up.
ASF_TO_Z_UP = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
CMU_FPS_HZ = 120.0
INCH_M = 0.0254
MOST_TURN_RAD = 2.0 * np.pi
"""That a joint turns by; a walk's joints reach 20 to 70°."""
_ANGLE_UNITS = {"DEGREES": True, "RADIANS": False}


@dataclass(frozen=True)
class Bone:
    """One bone of the rest pose: unit direction, length (m), axis frame, free rotations."""

    name: str
    parent: str
    direction: Float[np.ndarray, " 3"]
    length_m: float
    axis: Float[np.ndarray, "3 3"]
    dof: tuple[str, ...]


@dataclass(frozen=True)
class Skeleton:
    """An ASF skeleton; bones in an order where each parent precedes its children."""

    bones: tuple[Bone, ...]
    root_order: tuple[str, ...]
    root_axis: Float[np.ndarray, "3 3"]
    metres_per_length: float
    degrees: bool


def _euler(angles_rad: Float[np.ndarray, "... 3"]) -> Float[np.ndarray, "... 3 3"]:
    """Rotation about x first, then y, then z: Rz Ry Rx."""
    (cx, cy, cz), (sx, sy, sz) = (np.moveaxis(f(angles_rad), -1, 0) for f in (np.cos, np.sin))
    rows = [
        [cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx],
        [sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx],
        [-sy, cy * sx, cy * cx],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


_FRAME = re.compile(r"[0-9]{1,9}")
_ROTATIONS = ("rx", "ry", "rz")
_ROOT_CHANNELS = ("TX", "TY", "TZ", "RX", "RY", "RZ")


def _words(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="latin-1")
    except OSError as error:
        raise InputError(
            f"{path.name}: the file cannot be read ({error.strerror}); check its permissions."
        ) from error
    return text.splitlines()


def read_asf(path: Path) -> Skeleton:
    """Read an ASF skeleton.

    Raises:
        InputError: the file is not a complete ASF skeleton with x, y, z rotation order.
    """
    sections: dict[str, list[str]] = {}
    current = ""
    for raw in _words(path):
        line = raw.split("#", 1)[0].strip()
        if line.startswith(":"):
            current, _, rest = line[1:].partition(" ")
            sections[current] = [rest.strip()] if rest.strip() else []
        elif line:
            sections.setdefault(current, []).append(line)
    missing = [name for name in ("units", "root", "bonedata", "hierarchy") if name not in sections]
    if missing:
        raise InputError(
            f"{path.name}: not a complete ASF skeleton (no :{missing[0]} section); "
            "export or download the file again."
        )
    try:
        with np.errstate(invalid="raise", divide="raise", over="raise"):
            return _build_skeleton(sections)
    except (KeyError, IndexError, ValueError, ArithmeticError) as error:
        raise InputError(
            f"{path.name}: the ASF skeleton cannot be understood ({error}); "
            "export or download the file again."
        ) from error


def _numbers(words: list[str], count: int) -> Float[np.ndarray, " N"]:
    """The first `count` words as numbers that a skeleton may have.

    Raises:
        ValueError: there are fewer, or one is no number.
    """
    values = np.array(words[:count], dtype=float)
    if len(values) < count or not (np.abs(values) < MOST_POSITION).all():
        raise ValueError(f"{count} numbers are needed, not {' '.join(words)}")
    return values


def _bone_records(lines: list[str]) -> dict[str, dict[str, list[str]]]:
    """Bone -> key -> its words, from the lines between "begin" and "end"."""
    records: dict[str, dict[str, list[str]]] = {}
    record: dict[str, list[str]] = {}
    for line in lines:
        key, *words = line.replace("(", " ").replace(")", " ").split()
        if key == "begin":
            record = {}
        elif key == "end":
            if record:
                records[record["name"][0]] = record
            record = {}
        else:
            record.setdefault(key, words)
    return records


def _bone(
    name: str, parent: str, record: dict[str, list[str]], scale: float, to_rad: float
) -> Bone:
    if record["axis"][3] != "XYZ":
        raise ValueError(f"axis order of bone {name}")
    dof = tuple(record.get("dof", ()))
    if not set(dof) <= set(_ROTATIONS):
        raise ValueError(f"degrees of freedom of bone {name}: {' '.join(dof)}")
    direction = _numbers(record["direction"], 3)
    return Bone(
        name=name,
        parent=parent,
        direction=direction / np.linalg.norm(direction),
        length_m=float(_numbers(record["length"], 1)[0]) * scale,
        axis=_euler(_numbers(record["axis"], 3) * to_rad),
        dof=dof,
    )


def _build_skeleton(sections: dict[str, list[str]]) -> Skeleton:
    units = {words[0]: words[1] for words in map(str.split, sections["units"])}
    scale = INCH_M / float(_numbers([units["length"]], 1)[0])
    degrees = units.get("angle", "deg") == "deg"
    to_rad = np.pi / 180 if degrees else 1.0
    root = {line.split()[0]: line.split()[1:] for line in sections["root"]}
    if root["axis"] != ["XYZ"]:
        raise ValueError(f"root axis order {root['axis']}")
    records = _bone_records(sections["bonedata"])
    bones: list[Bone] = []
    for line in sections["hierarchy"]:
        parent, *children = line.split()
        for child in children if parent not in ("begin", "end") else ():
            if parent not in ("root", *(bone.name for bone in bones)):
                raise ValueError(f"bone {child} hangs on {parent}")
            bones.append(_bone(child, parent, records[child], scale, to_rad))
    order = tuple(word.upper() for word in root["order"])
    if sorted(order) != sorted(_ROOT_CHANNELS):
        raise ValueError(f"root order {' '.join(order)}")
    return Skeleton(
        bones=tuple(bones),
        root_order=order,
        root_axis=_euler(_numbers(root["orientation"], 3) * to_rad),
        metres_per_length=scale,
        degrees=degrees,
    )


@dataclass(frozen=True)
class Motion:
    """What an AMC file holds.

    Attributes:
        channels: values of each bone over time, in the file's own units.
        degrees: whether its header says that angles are in degrees (or in radians); None for no
            word of it.
    """

    channels: dict[str, Float[np.ndarray, "T D"]]
    degrees: bool | None = None

    def angle_unit(self, skeleton: Skeleton) -> tuple[bool, tuple[str, ...]]:
        """Whether angles are in degrees, and a note where the header or the skeleton is denied."""
        said = skeleton.degrees if self.degrees is None else self.degrees
        joints = [values for name, values in self.channels.items() if name != "root"]
        largest = max((float(np.abs(values).max()) for values in joints if values.size), default=0)
        if said or largest <= MOST_TURN_RAD:
            return said, ()
        return True, (
            f"angles are said to be in radians, but reach {largest:.3g}, which no joint does: they "
            "were read as degrees.",
        )


def read_amc(path: Path, skeleton: Skeleton) -> Motion:
    """Channel values of each bone over time, and what the header says of them.

    Raises:
        InputError: no frames, or a frame that does not fit the skeleton.
    """
    widths = {bone.name: len(bone.dof) for bone in skeleton.bones if bone.dof}
    widths["root"] = len(skeleton.root_order)
    channels: dict[str, list[list[float]]] = {name: [] for name in widths}
    n_frames = number = 0
    degrees: bool | None = None
    for raw in _words(path):
        line = raw.strip()
        if not line or line[0] in "#:":
            degrees = _ANGLE_UNITS.get(line[1:].strip().upper(), degrees)
            continue
        if _FRAME.fullmatch(line):
            if n_frames and int(line) != number + 1:
                raise InputError(
                    f"{path.name}: frame {number} is followed by frame {line}, so frames are "
                    "missing; export or download the file again."
                )
            number = int(line)
            n_frames += 1
            continue
        name, *words = line.split()
        try:
            values = [float(word) for word in words]
        except ValueError:
            values = []
        fits = name in widths and len(values) == widths[name] and n_frames > 0
        if not fits or not all(abs(value) < MOST_POSITION for value in values):
            raise InputError(
                f"{path.name}: frame {n_frames} does not fit the skeleton at {name!r}; check that "
                "the .asf beside it is this subject's and that the file is complete."
            )
        channels[name].append(values)
    if n_frames == 0:
        raise InputError(f"{path.name}: the file holds no frames; export or download it again.")
    for name, rows in channels.items():
        if len(rows) != n_frames:
            raise InputError(
                f"{path.name}: {name!r} has {len(rows)} of {n_frames} frames; the file is "
                "truncated, so export or download it again."
            )
    return Motion({name: np.array(rows) for name, rows in channels.items()}, degrees)


def bone_points(
    skeleton: Skeleton, channels: dict[str, Float[np.ndarray, "T D"]], *, degrees: bool
) -> AcclaimPoints:
    """Bone ends (T, 3) in metres and bone rotations (T, 3, 3) from rest, on z-up axes."""
    to_rad = np.pi / 180 if degrees else 1.0
    root = channels["root"]
    column = {name: i for i, name in enumerate(skeleton.root_order)}
    position = root[:, [column[k] for k in _ROOT_CHANNELS[:3]]] * skeleton.metres_per_length
    turn = _euler(root[:, [column[k] for k in _ROOT_CHANNELS[3:]]] * to_rad)
    rotations = {"root": skeleton.root_axis @ turn @ skeleton.root_axis.T}
    ends = {"root": position}
    for bone in skeleton.bones:
        rotation = rotations[bone.parent]
        if bone.dof:
            angles = np.zeros((len(root), 3))
            for i, name in enumerate(bone.dof):
                angles[:, _ROTATIONS.index(name)] = channels[bone.name][:, i] * to_rad
            rotation = rotation @ (bone.axis @ _euler(angles) @ bone.axis.T)
        rotations[bone.name] = rotation
        ends[bone.name] = ends[bone.parent] + rotation @ (bone.direction * bone.length_m)
    to_ours = ASF_TO_Z_UP
    return AcclaimPoints(
        ends_m={name: end @ to_ours.T for name, end in ends.items()},
        rotations={name: to_ours @ r @ to_ours.T for name, r in rotations.items()},
        rest_axes={bone.name: to_ours @ bone.axis @ to_ours.T for bone in skeleton.bones},
    )


def find_skeleton(path: Path) -> Path:
    """The .asf that belongs to an .amc: `07_01.amc` -> `07.asf` or the only .asf beside it.

    Raises:
        InputError: none, or several of which none fits.
    """
    by_name = path.with_name(re.split(r"[_-]", path.stem)[0] + ".asf")
    if by_name.is_file():
        return by_name
    beside = sorted(p for p in path.parent.iterdir() if p.suffix.lower() == ".asf")
    if len(beside) != 1:
        raise InputError(
            f"{path.name}: {'no' if not beside else len(beside)} .asf skeletons lie beside it; "
            f"put this subject's skeleton there as {by_name.name}."
        )
    return beside[0]


def _foreign_skeleton(path: Path, used: Path) -> str:
    """The note on a motion that was read with a skeleton of another name."""
    note = f"the skeleton {used.name} was used"
    own = [p for p in sorted(path.parent.glob("*.[aA][sS][fF]")) if path.stem.startswith(p.stem)]
    if not own:
        return f"{note}: {path.stem} has none of its own."
    return f"{note} as was said, though {own[0].name} lies beside {path.name}: check whose it is."


@register_reader(
    ".amc",
    takes=PERSON | {"fps_hz", "asf"},
    holds="CMU Graphics Lab bone names",
    asks="frame rate, where it is not 120 Hz",
    beside="with its .asf beside it",
    no_recordings={".asf": "this is a skeleton without motion; give the .amc beside it."},
)
def read_amc_recording(path: Path, options: ReadOptions = NOTHING_SAID) -> Recording:
    """Read one ASF/AMC trial with its true pose in the recording's own z-up frame.

    The format stores no frame rate: 120 Hz is the CMU database's, and a note says so. Height is
    estimated as leg length (femur + tibia) / 0.491 unless given (`skeleton.dimensions` puts hip
    to ankle at 0.491 of height); a note says so.

    Raises:
        InputError: a file is missing, damaged, or skeleton and motion do not fit each other.
    """
    fps_hz = check_fps(CMU_FPS_HZ if options.fps_hz is None else options.fps_hz, path.name)
    asf_path = find_skeleton(path) if options.asf is None else Path(options.asf)
    skeleton = read_asf(asf_path)
    _check_bones(skeleton, asf_path.name)
    motion = read_amc(path, skeleton)
    degrees, unit_notes = motion.angle_unit(skeleton)
    points = bone_points(skeleton, motion.channels, degrees=degrees)
    height_m = check_height(options.height_m, path.name)
    lengths = {bone.name: bone.length_m for bone in skeleton.bones}
    keypoints, pose, height, notes = keypoints_and_pose(points, lengths, height_m)
    if not path.stem.startswith(asf_path.stem):
        notes = (_foreign_skeleton(path, asf_path), *notes)
    names = tuple(name for name in KEYPOINT_NAMES if name in keypoints)
    stacked = np.stack([keypoints[name] for name in names], axis=1)
    return Recording(
        recording_id=safe_id(path.stem),
        source_format="amc",
        time_s=np.arange(len(stacked)) / fps_hz,
        keypoint_names=names,
        keypoints_m=stacked,
        confidence=np.ones(stacked.shape[:2]),
        scale_is_metric=True,
        pelvis_travels=True,
        subject_id=safe_id(asf_path.stem if options.subject_id is None else options.subject_id),
        height_m=height,
        height_is_estimated=height_m is None,
        mass_kg=check_mass(options.mass_kg, path.name),
        pose=pose,
        notes=(f"ASF/AMC stores no frame rate; {fps_hz:g} Hz was used.", *unit_notes, *notes),
    )


def _check_bones(skeleton: Skeleton, where: str) -> None:
    """Raises InputError where a bone that keypoints come from has not the CMU database's name."""
    needed = {f"{s}{b}" for s in "lr" for b in ("hipjoint", "femur", "tibia", "foot", "toes")}
    lacking = sorted(needed - {bone.name for bone in skeleton.bones})
    if lacking:
        raise InputError(
            f"{where}: the skeleton has no bone {lacking[0]!r}; only skeletons with the "
            "CMU database's bone names can be read."
        )
