"""A walker's pose moves a rendered person: segments as rigid motions, vertices by their weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.spatial.transform import Rotation

from simgait.skeleton.default import POSE_INDEX
from simgait.skeleton.kinematics import segment_frames
from simgait.skeleton.sides import SIDES as BODY_SIDES
from simgait.synthetic.people.person import Person
from simgait.synthetic.people.segments import INDEX, SEGMENTS, SIDES, SPINE

JOINTS = tuple(
    f"{side.capitalize()} {name}"
    for name in ("Hip", "Knee", "Ankle", "Heel", "Big Toe", "Shoulder", "Elbow", "Wrist")
    for side in BODY_SIDES
)
"""Joints whose truth is kept, by simgait's names."""
USUAL_TILT = np.radians(10.0)
"""Anterior pelvic tilt of a person who stands as the mesh does (mean of healthy walkers)."""
SPINE_SHARES = (0.15, 0.4, 0.65, 0.9, 1.0)
"""Of the turn from pelvis to thorax that each part of the spine has made, from below."""
COUNTER_TURN, THORAX_TIP = -0.6, -0.25
"""Of the pelvis's turn and tip, what the thorax does (as in `walkers.keypoints`)."""
TOE_ROOM_M = 0.08
"""Height of the ball of the foot over the floor from which toes no longer bend."""
MOST_TOE_BEND = 0.9
"""rad: 50°, what toes reach at push-off (Perry & Burnfield 2010 have 55)."""


@dataclass(frozen=True)
class Carriage:
    """How a person carries trunk and arms: radians, and arm swing over thigh swing."""

    lean: float = 0.05
    arm_swing: float = 0.75
    arm_out: float = 0.12


@dataclass(frozen=True)
class UpperBody:
    """Where trunk and arms of a walk point, T frames, in the world.

    Attributes:
        thorax: (T, 3, 3) columns are its axes: ahead, left, up.
        upper_arm, forearm: (T, 2, 3) unit vectors to the elbow and on to the wrist, left and right.
    """

    thorax: Float[np.ndarray, "T 3 3"]
    upper_arm: Float[np.ndarray, "T 2 3"]
    forearm: Float[np.ndarray, "T 2 3"]

    def part(self, kept: slice) -> UpperBody:
        """The frames that are kept."""
        return UpperBody(self.thorax[kept], self.upper_arm[kept], self.forearm[kept])

    def over(self, usual: UpperBody) -> UpperBody:
        """This one, and the usual one where it is NaN."""
        parts = ((getattr(self, part), getattr(usual, part)) for part in vars(usual))
        return UpperBody(*(np.where(np.isnan(mine), other, mine) for mine, other in parts))


@dataclass(frozen=True)
class Motion:
    """Where segments at rest come to lie: rotation (T, S, 3, 3), then shift (T, S, 3)."""

    rotation: Float[np.ndarray, "T S 3 3"]
    shift: Float[np.ndarray, "T S 3"]

    @classmethod
    def still(cls, n: int) -> Motion:
        """Of n frames in which nothing has moved."""
        turn = np.broadcast_to(np.eye(3), (n, len(SEGMENTS), 3, 3)).copy()
        return cls(turn, np.zeros((n, len(SEGMENTS), 3)))

    def put(
        self,
        segment: str,
        rotation: Float[np.ndarray, "T 3 3"],
        rest: Float[np.ndarray, " 3"],
        world: Float[np.ndarray, "T 3"],
    ) -> None:
        """Turn a segment so that its place at rest comes to lie in the world's."""
        i = INDEX[segment]
        self.rotation[:, i] = rotation
        self.shift[:, i] = world - rotation @ rest

    def at(self, segment: str, rest: Float[np.ndarray, " 3"]) -> Float[np.ndarray, "T 3"]:
        """Where a place of a segment is."""
        i = INDEX[segment]
        return np.asarray(self.rotation[:, i] @ rest + self.shift[:, i])


def pose_person(
    person: Person, pose: Float[np.ndarray, "T D"], upper: UpperBody
) -> tuple[Motion, Float[np.ndarray, "T J 3"]]:
    """Motion of the segments, and places (m) of `JOINTS`.

    Legs move as `skeleton.kinematics` says for the person's dimensions; the head looks ahead.
    """
    joints, motion = person.joints, Motion.still(len(pose))
    frames = segment_frames(pose, person.dimensions)
    axes = {name: np.stack(frame.axes, axis=-1) for name, frame in frames.items()}
    upright = about(1, np.full(len(pose), -USUAL_TILT))
    pelvis = axes["pelvis"] @ upright
    middle = 0.5 * (joints["hip.L"] + joints["hip.R"])
    motion.put("pelvis", pelvis, middle, frames["pelvis"].origin)
    _put_trunk(motion, person, pelvis, upper.thorax, about(2, 0.2 * _counter_turn(pose)))
    for i, (side, name) in enumerate(zip(SIDES, BODY_SIDES, strict=True)):
        thigh_rest = axes_of(
            joints[f"hip.{side}"] - joints[f"knee.{side}"], np.array([0.0, 1.0, 0])
        )
        shank_rest = axes_of(joints[f"knee.{side}"] - joints[f"ankle.{side}"], thigh_rest[:, 1])
        for segment, rest, joint in (
            ("thigh", thigh_rest, "hip"), ("shank", shank_rest, "knee"),
            ("foot", np.eye(3), "ankle"),
        ):  # fmt: skip
            ours = f"{name}_{segment}"
            motion.put(
                f"{segment}.{side}", axes[ours] @ rest.T, joints[f"{joint}.{side}"],
                frames[ours].origin,
            )  # fmt: skip
        _put_toes(motion, person, side, axes[f"{name}_foot"])
        _put_arm(motion, person, side, upper.thorax, upper.upper_arm[:, i], upper.forearm[:, i])
    return motion, _true_joints(motion, person)


def skinned(
    person: Person, motion: Motion, frame: int
) -> tuple[Float[np.ndarray, "V 3"], Float[np.ndarray, "V 3"]]:
    """Vertices (m) and their normals in one frame, by linear blend skinning."""
    matrices = np.concatenate([motion.rotation[frame], motion.shift[frame][..., None]], axis=-1)
    flat = matrices.reshape(len(SEGMENTS), 12).astype(np.float32)
    blend = (person.mesh.follows @ flat).reshape(-1, 3, 4)
    rest = person.vertices.astype(np.float32)
    vertices = np.einsum("vij,vj->vi", blend[..., :3], rest) + blend[..., 3]
    return vertices, np.einsum("vij,vj->vi", blend[..., :3], person.normals.astype(np.float32))


def usual_upper_body(pose: Float[np.ndarray, "T D"], carriage: Carriage) -> UpperBody:
    """The trunk upright against the pelvis, arms that swing against the leg of their own side."""
    tip = THORAX_TIP * pose[:, POSE_INDEX["pelvis_obliquity"]]
    lean = about(1, np.full(len(pose), carriage.lean))
    thorax = about(2, _counter_turn(pose)) @ about(0, tip) @ lean
    arms = []
    for name, outward in zip(BODY_SIDES, (1.0, -1.0), strict=True):
        thigh = pose[:, POSE_INDEX[f"{name}_hip_flexion"]] - pose[:, POSE_INDEX["pelvis_tilt"]]
        swing = 0.03 - carriage.arm_swing * (thigh - thigh.mean())
        bend = swing + 0.30 + 0.25 * np.clip(swing, -0.5, 0.8)
        towards = [
            np.stack([np.sin(angle) * np.cos(out), outward * np.sin(out) + 0.0 * angle,
                      -np.cos(angle) * np.cos(out)], axis=-1)
            for angle, out in ((swing, carriage.arm_out), (bend, 0.02))
        ]  # fmt: skip
        arms.append([np.einsum("tij,tj->ti", thorax, one) for one in towards])
    upper, fore = (np.stack(part, axis=1) for part in zip(*arms, strict=True))
    return UpperBody(thorax, upper, fore)


def _counter_turn(pose: Float[np.ndarray, "T D"]) -> Float[np.ndarray, " T"]:
    """Of the thorax about the vertical, against the pelvis."""
    return COUNTER_TURN * pose[:, POSE_INDEX["pelvis_rotation"]]


def _put_trunk(
    motion: Motion,
    person: Person,
    pelvis: Float[np.ndarray, "T 3 3"],
    thorax: Float[np.ndarray, "T 3 3"],
    head: Float[np.ndarray, "T 3 3"],
) -> None:
    """Spine between pelvis and thorax, neck between thorax and head; all by their axes."""
    below = "pelvis"
    for name, share in zip(SPINE, SPINE_SHARES, strict=True):
        rest = person.joints[name]
        motion.put(name, _between(pelvis, thorax, share), rest, motion.at(below, rest))
        below = name
    for name, share in (("neck", 0.5), ("head", 1.0)):
        rest = person.joints[name]
        motion.put(name, _between(thorax, head, share), rest, motion.at(below, rest))
        below = name


def _put_toes(motion: Motion, person: Person, side: str, foot: Float[np.ndarray, "T 3 3"]) -> None:
    """Toes bend while the heel is up and the ball of the foot down."""
    ball = person.joints[f"toes.{side}"]
    place = motion.at(f"foot.{side}", ball)
    down = np.arctan2(-foot[:, 2, 0], np.hypot(foot[:, 0, 0], foot[:, 1, 0]))
    near = np.clip(1.0 - (place[:, 2] - ball[2]) / TOE_ROOM_M, 0.0, 1.0)
    bend = np.clip(down, 0.0, MOST_TOE_BEND) * near
    motion.put(f"toes.{side}", foot @ about(1, -bend), ball, place)


def _put_arm(
    motion: Motion,
    person: Person,
    side: str,
    thorax: Float[np.ndarray, "T 3 3"],
    upper: Float[np.ndarray, "T 3"],
    fore: Float[np.ndarray, "T 3"],
) -> None:
    """Collar bone with the thorax, upper arm and forearm along their directions."""
    joints = person.joints
    collar = joints[f"collar.{side}"]
    motion.put(f"collar.{side}", thorax, collar, motion.at(SPINE[-1], collar))
    shoulder, elbow, wrist = (joints[f"{part}.{side}"] for part in ("shoulder", "elbow", "wrist"))
    hinge_rest = np.cross(wrist - elbow, elbow - shoulder)
    hinge = np.cross(fore, upper)
    above = f"collar.{side}"
    for segment, joint, rest, now in (
        ("upper_arm", shoulder, elbow - shoulder, upper), ("forearm", elbow, wrist - elbow, fore),
    ):  # fmt: skip
        turn = axes_of(-now, hinge) @ axes_of(-rest, hinge_rest).T
        motion.put(f"{segment}.{side}", turn, joint, motion.at(above, joint))
        above = f"{segment}.{side}"
    motion.put(f"hand.{side}", turn, wrist, motion.at(above, wrist))


def _true_joints(motion: Motion, person: Person) -> Float[np.ndarray, "T J 3"]:
    """Places of `JOINTS`: on the segment below each joint, heels and toes on the mesh."""
    found = []
    for name in JOINTS:
        body_side, _, joint = name.partition(" ")
        i = BODY_SIDES.index(body_side.lower())
        side = SIDES[i]
        if joint == "Heel":
            found.append(motion.at(f"foot.{side}", person.vertices[person.heel[i]]))
        elif joint == "Big Toe":
            found.append(motion.at(f"toes.{side}", person.vertices[person.toe[i]]))
        else:
            segment = _BELOW[joint]
            found.append(motion.at(f"{segment}.{side}", person.joints[f"{joint.lower()}.{side}"]))
    return np.stack(found, axis=1)


_BELOW = {
    "Hip": "thigh", "Knee": "shank", "Ankle": "foot", "Shoulder": "upper_arm", "Elbow": "forearm",
    "Wrist": "hand",
}  # fmt: skip


def about(axis: int, angle: Float[np.ndarray, " T"]) -> Float[np.ndarray, "T 3 3"]:
    """Rotations about x, y or z (0, 1, 2) by angles (rad)."""
    return Rotation.from_euler("xyz"[axis], angle[:, None]).as_matrix()


def _between(
    one: Float[np.ndarray, "T 3 3"], other: Float[np.ndarray, "T 3 3"], share: float
) -> Float[np.ndarray, "T 3 3"]:
    """The way from one rotation to another, as far as `share` of it."""
    turn = Rotation.from_matrix(np.swapaxes(one, -1, -2) @ other).as_rotvec()
    return np.asarray(one @ Rotation.from_rotvec(share * turn).as_matrix())


def axes_of(up: Float[np.ndarray, "*T 3"], left: Float[np.ndarray, "*T 3"]) -> np.ndarray:
    """(..., 3, 3) columns x, y, z: z exactly along `up`, y as near to `left` as can be."""
    z = up / np.linalg.norm(up, axis=-1, keepdims=True)
    x = np.cross(left, z)
    x = x / np.linalg.norm(x, axis=-1, keepdims=True)
    return np.stack([x, np.cross(z, x), z], axis=-1)
