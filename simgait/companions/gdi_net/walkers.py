"""Walks to learn from and to be judged by: rendered synthetic patients with their exact GDI."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float, Int, UInt8

from simgait.companions.gdi_net.frames import (
    FPS_HZ,
    N_FRAMES,
    PUBLISHED_PX,
    Framing,
    left_is_near,
    prepared,
)
from simgait.companions.openpose_gdi.targets import whole_strides
from simgait.errors import InputError
from simgait.gait.scores import ScoreReference, gait_deviation_index
from simgait.skeleton.default import POSE_INDEX
from simgait.skeleton.sides import SIDES
from simgait.synthetic.people.clip import Clip, Walked, clip_of, draw_cast
from simgait.synthetic.people.parts_renderer import iuv_pictures
from simgait.synthetic.people.plan import ClipPlan, plan_clip
from simgait.synthetic.people.posing import Motion
from simgait.synthetic.recording import subject_of
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import WalkTruth, walk

_PELVIS = ("pelvis_tilt", "pelvis_obliquity", "pelvis_rotation")
_LEG = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_flexion", "ankle_dorsiflexion")
POSTURE = (*_PELVIS, *(f"{side}_{name}" for side in SIDES for name in _LEG))
"""Angles of a frame, of which the GDI is made."""
_TURNED = ("pelvis_obliquity", "pelvis_rotation")
"""Change sign in a mirror; those of legs count towards or from the middle, and do not."""


@dataclass(frozen=True)
class RenderedWalks:
    """N walks of 51 frames.

    Attributes:
        frames: I, U, V as `frames.prepared` gives them.
        gdi: left and right; what is learned is their mean.
        posture: `POSTURE` of each frame (deg), of the person as seen: mirrored with the frames.
        people: who walks.
    """

    frames: UInt8[np.ndarray, "N 51 h w 3"]
    gdi: Float[np.ndarray, "N 2"]
    posture: Float[np.ndarray, "N 51 13"]
    people: tuple[str, ...]

    @property
    def target(self) -> Float[np.ndarray, " N"]:
        """The GDI of each walk: mean of both sides."""
        return np.asarray(self.gdi.mean(axis=1))

    def rows(self, chosen: Int[np.ndarray, " n"]) -> RenderedWalks:
        """The walks with these numbers."""
        arrays = {name: getattr(self, name)[chosen] for name in ("frames", "gdi", "posture")}
        return replace(self, people=tuple(self.people[i] for i in chosen), **arrays)


def joined(parts: Sequence[RenderedWalks]) -> RenderedWalks:
    """All of them.

    Raises:
        InputError: there is none.
    """
    if not parts:
        raise InputError("No walk shows enough; nothing can be learned or judged.")
    arrays = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("frames", "gdi", "posture")
    }
    return RenderedWalks(people=tuple(who for part in parts for who in part.people), **arrays)


def walker_plan(seed: int) -> ClipPlan:
    """A clip as a clinic films: from the side, 640 × 480, 25 pictures a second, none blurred."""
    plan = plan_clip(seed, "sagittal")
    sharp = replace(plan.sensor, long_exposure=False)
    return replace(plan, size_px=PUBLISHED_PX[::-1], fps_hz=FPS_HZ, sensor=sharp)


def walker_clip(seed: int) -> tuple[Clip, WalkTruth]:
    """A rendered walker's clip, and the exact walk in it.

    Raises:
        InputError: no camera sees the walk for long enough.
    """
    plan = walker_plan(seed)
    cast = draw_cast(plan)
    truth = walk(draw_walker(seed, None, cast.person.dimensions), plan.duration_s, plan.fps_hz)
    walked = Walked(truth.time_s, truth.pose, truth.foothold_s, truth.foothold_m)
    return clip_of(plan, cast, walked), truth


def rendered_walk(
    seed: int, reference: ScoreReference, framing: Framing, size_px: tuple[int, int]
) -> RenderedWalks | None:
    """One walker's first 51 frames; None of a walk that has too few, or strides of one side only.

    Args:
        seed: of walker, body and camera.
        reference: healthy people of the exact GDI.
        framing: see `frames.prepared`.
        size_px: rows and columns of the frames.

    Raises:
        InputError: see `renderer.open_context`.
    """
    try:
        clip, truth = walker_clip(seed)
    except InputError:
        return None
    strides = whole_strides(truth)
    whole = np.flatnonzero(clip.whole)
    if set(strides) != set(SIDES) or len(whole) < N_FRAMES:
        return None
    kept = slice(int(whole[0]), int(whole[0]) + N_FRAMES)
    pictures = list(iuv_pictures(_frames_of(clip, kept)))
    posture = posture_of(clip.pose[kept])
    frames = prepared(pictures, framing, size_px)
    if framing == "follow" and left_is_near(np.stack(pictures)):
        posture = mirrored_posture(posture)
    gdi = [float(gait_deviation_index(strides[side], reference).mean()) for side in SIDES]
    return RenderedWalks(
        frames[None], np.array([gdi]), posture[None].astype(np.float32), (subject_of(seed),)
    )


def _frames_of(clip: Clip, kept: slice) -> Clip:
    """Some frames of a clip that has one pose a frame."""
    motion = Motion(clip.motion.rotation[kept], clip.motion.shift[kept])
    rows = ("time_s", "pose", "joints_m", "joints_px", "whole")
    return replace(clip, motion=motion, **{name: getattr(clip, name)[kept] for name in rows})


def posture_of(pose: Float[np.ndarray, "T D"]) -> Float[np.ndarray, "T 13"]:
    """`POSTURE` of each frame, degrees."""
    return np.degrees(pose[:, [POSE_INDEX[name] for name in POSTURE]])


def mirrored_posture(posture: Float[np.ndarray, "*T 13"]) -> Float[np.ndarray, "*T 13"]:
    """That of the same person in a mirror."""
    n = len(_LEG)
    order = [*range(3), *range(3 + n, 3 + 2 * n), *range(3, 3 + n)]
    sign = np.array([-1.0 if name in _TURNED else 1.0 for name in POSTURE])
    return np.asarray(posture[..., order] * sign)


def rendered_walks(
    split: Literal["train", "validation", "test"],
    first: int,
    count: int,
    reference: ScoreReference,
    framing: Framing,
    size_px: tuple[int, int],
    report: Callable[[int], None] = lambda done: None,
) -> RenderedWalks:
    """Walkers `first` .. of a split.

    Args:
        split: of the walkers' seeds.
        first: index of the first walker.
        count: of walkers.
        reference: healthy people of the exact GDI.
        framing: see `frames.prepared`.
        size_px: rows and columns of the frames.
        report: called with the number of walkers done, every hundred.

    Raises:
        InputError: no walk shows enough, or nothing can be drawn here.
    """
    parts = []
    for index in range(first, first + count):
        one = rendered_walk(walker_seed(split, index), reference, framing, size_px)
        parts += [] if one is None else [one]
        if (index - first + 1) % 100 == 0:
            report(index - first + 1)
    return joined(parts)
