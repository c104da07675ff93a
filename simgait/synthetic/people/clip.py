"""One rendered clip: its truth, and its pictures one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float, UInt8

from simgait.errors import InputError
from simgait.footage import Camera
from simgait.series.runs import longest_run
from simgait.skeleton.coordinates import POSITION
from simgait.synthetic.people.cameras import draw_camera, seen_whole
from simgait.synthetic.people.looks import Look, draw_look, paint
from simgait.synthetic.people.person import Person, make_person
from simgait.synthetic.people.plan import CAPTURED, ClipPlan
from simgait.synthetic.people.posing import (
    Motion,
    UpperBody,
    pose_person,
    skinned,
    usual_upper_body,
)
from simgait.synthetic.people.renderer import Part, Renderer
from simgait.synthetic.people.rooms import Room, draw_room
from simgait.synthetic.people.sensor import blurred, draw_noise, noisy, over, write_video
from simgait.synthetic.people.shapes import load_mesh, load_shapes, mixed
from simgait.synthetic.walkers.walk import WalkTruth, draw_walker, walk

LEAST_SEEN_S = 3.0
"""The person is to be in the picture as a whole for as long, at a stretch."""
FARTHER, TRIES = 1.15, 16
"""While that is not so the camera goes back by this factor."""
BEFORE_S = 0.3
"""Shown before the person is in the picture as a whole, and after."""
PER_FRAME = 4
"""Poses a frame where limbs are blurred; three of them, a quarter of a frame apart, are mixed."""


@dataclass(frozen=True)
class Walked:
    """What moves a rendered person, N moments: x along the way, z up from the floor.

    Attributes:
        pose: (N, D) see `skeleton.default.POSE_NAMES`, of a body of the person's dimensions.
        contact_s, foothold_m: (K,) initial contacts in order, and (K, 2) where each heel stands.
        upper: trunk and arms, NaN where nobody measured them; None where nobody did.
    """

    time_s: Float[np.ndarray, " N"]
    pose: Float[np.ndarray, "N D"]
    contact_s: Float[np.ndarray, " K"]
    foothold_m: Float[np.ndarray, "K 2"]
    upper: UpperBody | None = None


@dataclass(frozen=True)
class Cast:
    """Who walks in a clip; `rng` goes on to draw the room."""

    person: Person
    look: Look
    rng: np.random.Generator


@dataclass(frozen=True)
class Clip:
    """A clip and what is true of it: T frames, J joints of `posing.JOINTS`.

    Attributes:
        time_s: of the frames, from the clip's first; first_s: of that on the walk's clock.
        joints_m: (T, J, 3) in the world (x along the way, z up).
        joints_px: (T, J, 2) in the pictures.
        whole: (T,) whether all of the person is in the picture.
    """

    plan: ClipPlan
    person: Person
    look: Look
    room: Room
    camera: Camera
    walk: Walked
    motion: Motion
    first_s: float
    time_s: Float[np.ndarray, " T"]
    pose: Float[np.ndarray, "T D"]
    joints_m: Float[np.ndarray, "T J 3"]
    joints_px: Float[np.ndarray, "T J 2"]
    whole: Bool[np.ndarray, " T"]

    @property
    def per_frame(self) -> int:
        """Moments of `motion` for each frame."""
        return moments_a_frame(self.plan)

    @property
    def contacts(self) -> tuple[Float[np.ndarray, " K"], Float[np.ndarray, "K 2"]]:
        """Initial contacts while the person is seen whole: time (s), and where the heel stands."""
        seen_s = self.first_s + self.time_s[self.whole]
        at = self.walk.contact_s
        within = (at >= seen_s[0]) & (at <= seen_s[-1])
        return at[within] - self.first_s, self.walk.foothold_m[within]

    @property
    def speed_mps(self) -> float:
        """From the first contact to the last while the person is seen whole; NaN of fewer."""
        times_s, places = self.contacts
        if len(times_s) < 3:
            return float("nan")
        return float((places[-1, 0] - places[0, 0]) / (times_s[-1] - times_s[0]))

    @property
    def step_length_m(self) -> float:
        """Mean of the same steps."""
        _, places = self.contacts
        return float(np.diff(places[:, 0]).mean()) if len(places) > 1 else float("nan")


def moments_a_frame(plan: ClipPlan) -> int:
    """How many poses a frame takes: more where limbs are blurred."""
    return PER_FRAME if plan.sensor.long_exposure else 1


def make_clip(plan: ClipPlan) -> Clip:
    """All of a synthetic walker's clip but its pictures.

    Raises:
        InputError: the camera cannot see the person whole for long enough, or the walk is none of
            a synthetic walker.
    """
    cast = draw_cast(plan)
    truth = synthetic_walk(plan, cast.person)
    walked = Walked(truth.time_s, truth.pose, truth.foothold_s, truth.foothold_m)
    return clip_of(plan, cast, walked)


def synthetic_walk(plan: ClipPlan, person: Person) -> WalkTruth:
    """The exact walk of a synthetic walker's clip.

    Raises:
        InputError: the walk is none of a synthetic walker.
    """
    if plan.pattern == CAPTURED:
        raise InputError(f"{plan.name}: shows a captured walk, which no seed holds; name its file.")
    spec = draw_walker(plan.seed, plan.pattern, person.dimensions)
    return walk(spec, plan.duration_s, plan.fps_hz * moments_a_frame(plan))


def draw_cast(plan: ClipPlan) -> Cast:
    """Draw a clip's person, on the legs that the body has."""
    shapes, rng = load_shapes(), np.random.default_rng([plan.seed, 12])
    look = draw_look(rng)
    shape = mixed(shapes[plan.body], shapes[plan.other_body], plan.share)
    return Cast(make_person(load_mesh(), shape, plan.height_m, look.cloth_m), look, rng)


def clip_of(plan: ClipPlan, cast: Cast, walked: Walked, least_seen_s: float = LEAST_SEEN_S) -> Clip:
    """A clip of a person who walks so.

    Args:
        plan: of camera and room.
        cast: who walks.
        walked: `moments_a_frame` poses for each frame, and one more.
        least_seen_s: how long the person is to be in the picture as a whole, at a stretch.

    Raises:
        InputError: the camera cannot see the person whole for as long.
    """
    person, per_frame = cast.person, moments_a_frame(plan)
    hips = walked.pose[::per_frame, POSITION]
    camera, whole = _camera_that_sees(plan, hips, least_seen_s)
    start, stop = longest_run(whole)
    pad = round(BEFORE_S * plan.fps_hz)
    kept = slice(max(start - pad, 0), min(stop + pad, len(hips)))
    fine = slice(kept.start * per_frame, (kept.stop - 1) * per_frame + 1)
    pose = walked.pose[fine]
    upper = usual_upper_body(pose, plan.carriage)
    if walked.upper is not None:
        upper = walked.upper.part(fine).over(upper)
    motion, joints = pose_person(person, pose, upper)
    joints = joints[::per_frame]
    time_s = walked.time_s[::per_frame][kept]
    room = draw_room(cast.rng, hips[[0, len(hips) // 2, -1], :2], camera.position_m)
    inside = np.zeros(len(hips), bool)
    inside[start:stop] = True
    return Clip(
        plan, person, cast.look, room, camera, walked, motion, float(time_s[0]),
        time_s - time_s[0], pose[::per_frame], joints, camera.seen_at_px(joints), inside[kept],
    )  # fmt: skip


def _camera_that_sees(
    plan: ClipPlan, hips: Float[np.ndarray, "T 3"], least_s: float
) -> tuple[Camera, Bool[np.ndarray, " T"]]:
    """The nearest camera from which the person is seen whole for long enough, and when."""
    nearest_m = plan.nearest_m
    for _ in range(TRIES):
        camera = draw_camera(
            np.random.default_rng([plan.seed, 13]), plan.view, hips[[0, -1], :2], nearest_m,
            plan.height_m, plan.size_px, plan.field_of_view_deg,
        )  # fmt: skip
        whole = seen_whole(camera, hips, plan.height_m)
        start, stop = longest_run(whole)
        if stop - start >= least_s * plan.fps_hz:
            return camera, whole
        nearest_m *= FARTHER
    raise InputError(f"{plan.name}: no camera sees this walk for long enough; take another seed.")


def pictures(clip: Clip) -> Iterator[UInt8[np.ndarray, "H W 3"]]:
    """The frames, as the camera stores them before compression.

    Raises:
        InputError: see `renderer.open_context`.
    """
    sensor = clip.plan.sensor
    rng = np.random.default_rng([clip.plan.seed, 14])
    noise = draw_noise(rng, clip.plan.size_px, sensor.noise_sd)
    renderer = Renderer(clip.person, paint(clip.person, clip.look), clip.room, clip.camera)
    try:
        soft = blurred(renderer.background.astype(np.float32), sensor.blur)
        background = np.clip(sensor.gain * soft, 0.0, 255.0).astype(np.uint8)
        for i in range(len(clip.time_s)):
            picture = background.copy()
            drawn = _drawn_person(renderer, clip, i)
            if drawn is not None:
                part, layer = drawn
                place = np.s_[part.y : part.y + part.height, part.x : part.x + part.width]
                picture[place] = over(background[place], blurred(layer, sensor.blur), sensor.gain)
            yield noisy(picture, noise, rng)
    finally:
        renderer.close()


def _drawn_person(
    renderer: Renderer, clip: Clip, frame: int
) -> tuple[Part, Float[np.ndarray, "h w 4"]] | None:
    """The person at a frame, blurred over the exposure; None outside the picture."""
    middle, last = frame * clip.per_frame, len(clip.motion.rotation) - 1
    moments = [middle] if clip.per_frame == 1 else [middle - 1, middle, middle + 1]
    bodies = [skinned(clip.person, clip.motion, min(max(m, 0), last)) for m in moments]
    part = renderer.part_of(np.concatenate([vertices for vertices, _ in bodies]))
    if part is None:
        return None
    layers = [renderer.person(vertices, normals, part) for vertices, normals in bodies]
    return part, np.mean(layers, axis=0) if len(layers) > 1 else layers[0]


def film_clip(clip: Clip, path: Path) -> None:
    """Write the clip as an MP4 file.

    Raises:
        InputError: PyAV or moderngl is not installed, or there is no OpenGL.
    """
    plan = clip.plan
    write_video(path, pictures(clip), plan.size_px, plan.fps_hz, plan.sensor.bits_per_pixel)
