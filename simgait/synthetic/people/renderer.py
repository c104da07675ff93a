"""Draws a person in a room with OpenGL 3.3, without a window; Mesa's llvmpipe needs no GPU.

The room is drawn once, as the camera stands still; of each frame only the part with the person.
MuJoCo's renderer, which draws all of it, takes 130 ms a frame of 1280 × 720 on one core, this 25.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8

from simgait.errors import InputError
from simgait.footage import Camera
from simgait.synthetic.people.person import Person
from simgait.synthetic.people.rooms import FLOORS, Room, triangles

SHADERS = Path(__file__).with_name("shaders")
SAMPLES = 4
"""A pixel, of the room. Of the person they would take twice the time."""
FINE_PX = 200_000
"""Smaller parts are drawn twice as wide and high, and averaged: far people have thin limbs."""
NEAR_M, FAR_M = 0.05, 120.0
"""Chosen: nearer than any camera stands, farther than any room reaches."""
SKY = (0.62, 0.72, 0.86)
"""Chosen: nearer than any camera stands, farther than any room reaches; a hazy blue."""
TILE_PX = 64
"""Parts are as many of these wide and high as they need, so that few sizes occur."""
PAD_PX = 3
"""Chosen: edges are averaged over fewer."""


def open_context() -> Any:
    """An OpenGL context without a window.

    Raises:
        InputError: moderngl is not installed, or there is no OpenGL 3.3 on this machine.
    """
    try:
        import moderngl
    except ImportError as error:
        raise InputError(
            "Rendering people needs moderngl, which is not installed: "
            "pip install 'simgait[render]'."
        ) from error
    how: dict[str, Any] = {"backend": "egl"} if sys.platform == "linux" else {}
    try:
        return moderngl.create_context(require=330, standalone=True, **how)
    # What a driver lacks comes as whatever the loader raises.
    except Exception as error:  # noqa: BLE001
        raise InputError(
            "Rendering people needs OpenGL 3.3 on this machine, and none was found; on Linux "
            "install Mesa (packages libegl1 and libgl1-mesa-dri), no display or GPU is needed."
        ) from error


def check_renders() -> None:
    """Refuses to begin where nothing can be drawn.

    Raises:
        InputError: see `open_context`.
    """
    open_context().release()


@dataclass(frozen=True)
class Part:
    """Where a part of the picture lies: its left upper corner and size (px)."""

    x: int
    y: int
    width: int
    height: int


class Renderer:
    """One person in one room before one camera."""

    def __init__(self, person: Person, paint: Float[np.ndarray, "V 4"], room: Room, camera: Camera):
        """Build what does not change from frame to frame."""
        self._gl = open_context()
        self._camera, self._room = camera, room
        self._targets: dict[tuple[int, int, int], Any] = {}
        self._program = self._linked("person")
        rest = np.column_stack([person.vertices, paint]).astype(np.float32)
        self._moving = self._gl.buffer(reserve=len(rest) * 24, dynamic=True)
        self._body = self._gl.vertex_array(
            self._program,
            [
                (self._moving, "3f 3f", "place", "normal"),
                (self._gl.buffer(rest.tobytes()), "3f 4f", "rest", "paint"),
            ],
            self._gl.buffer(person.mesh.faces.astype(np.int32).tobytes()),
        )
        _tell(
            self._program, sun=tuple(room.sun), light=room.light, ambient=room.ambient,
            darkness=room.shadow, eye=tuple(camera.position_m),
        )  # fmt: skip
        self.background = self._draw_room()

    def person(
        self, vertices: Float[np.ndarray, "V 3"], normals: Float[np.ndarray, "V 3"], part: Part
    ) -> Float[np.ndarray, "h w 4"]:
        """The person and his shadow in a part of the picture.

        Returns:
            Red, green, blue (0 to 255), multiplied by how much they cover; and that, 0 to 1.
        """
        self._moving.write(np.hstack([vertices, normals]).astype(np.float32).tobytes())
        fine = 2 if part.width * part.height < FINE_PX else 1
        width, height = fine * part.width, fine * part.height
        target = self._target(width, height, 0)
        target.use()
        target.clear(0.0, 0.0, 0.0, 0.0)
        self._program["projection"].write(projection(self._camera, part).T.tobytes())
        self._program["shadow"].value = True
        self._gl.disable(self._gl.DEPTH_TEST | self._gl.CULL_FACE)
        self._body.render()
        self._program["shadow"].value = False
        self._gl.enable(self._gl.DEPTH_TEST | self._gl.CULL_FACE)
        # Rows of the picture go down, OpenGL's up: triangles turn the other way round.
        self._gl.front_face = "cw"
        self._body.render()
        raw = np.frombuffer(target.read(components=4), np.uint8).reshape(height, width, 4)
        drawn = raw.astype(np.float32)
        if fine == 2:
            drawn = 0.25 * (
                drawn[::2, ::2] + drawn[1::2, ::2] + drawn[::2, 1::2] + drawn[1::2, 1::2]
            )
        drawn[..., 3] /= 255.0
        return drawn

    def part_of(self, vertices: Float[np.ndarray, "N 3"]) -> Part | None:
        """The part of the picture that shows vertices and their shadows; None outside it."""
        sun = self._room.sun
        on_floor = vertices - sun * (vertices[:, 2:] / sun[2])
        points = np.concatenate([vertices, on_floor])
        # Not by BLAS, whose threads cost more here than the product (see `Mesh.follows`).
        away = points - self._camera.position_m
        inside = np.einsum("ni,ki->nk", away, self._camera.rotation)
        if not (inside[: len(vertices), 2] > NEAR_M).any():
            return None
        inside = inside[inside[:, 2] > NEAR_M]
        size = np.array([self._camera.width_px, self._camera.height_px])
        seen = self._camera.focal_px * inside[:, :2] / inside[:, 2:] + size / 2
        low = np.clip(np.floor(seen.min(axis=0)) - PAD_PX, 0, size).astype(int)
        high = np.clip(np.ceil(seen.max(axis=0)) + PAD_PX, 0, size).astype(int)
        if (high <= low).any():
            return None
        wide = np.minimum(-(-(high - low) // TILE_PX) * TILE_PX, size)
        low = np.minimum(low, size - wide)
        return Part(int(low[0]), int(low[1]), int(wide[0]), int(wide[1]))

    def close(self) -> None:
        """Give back what the driver holds."""
        self._gl.release()

    def _draw_room(self) -> UInt8[np.ndarray, "H W 3"]:
        program, room = self._linked("room"), self._room
        corners = self._gl.buffer(triangles(room).astype(np.float32).tobytes())
        array = self._gl.vertex_array(program, [(corners, "3f 3f 1f", "place", "normal", "kind")])
        whole = Part(0, 0, self._camera.width_px, self._camera.height_px)
        _tell(
            program, sun=tuple(room.sun), light=room.light, ambient=room.ambient,
            floor_colour=room.floor_colour, wall_colour=room.wall_colour,
            floor_kind=FLOORS.index(room.floor), bricks=room.bricks,
        )  # fmt: skip
        program["projection"].write(projection(self._camera, whole).T.tobytes())
        smooth, plain = (self._target(whole.width, whole.height, n) for n in (SAMPLES, 0))
        smooth.use()
        smooth.clear(*SKY, 1.0)
        self._gl.enable(self._gl.DEPTH_TEST)
        self._gl.disable(self._gl.CULL_FACE)
        array.render()
        self._gl.copy_framebuffer(plain, smooth)
        raw = np.frombuffer(plain.read(components=3), np.uint8)
        return raw.reshape(whole.height, whole.width, 3).copy()

    def _linked(self, name: str) -> Any:
        vertex, fragment = (shader(f"{name}.{kind}") for kind in ("vert", "frag"))
        fragment = fragment.replace("NOISE", shader("noise.glsl"))
        return self._gl.program(vertex_shader=vertex, fragment_shader=fragment)

    def _target(self, width: int, height: int, samples: int) -> Any:
        """What is drawn on: a framebuffer with several samples a pixel, or none."""
        key = (width, height, samples)
        if key not in self._targets:
            self._targets[key] = self._gl.framebuffer(
                [self._gl.renderbuffer((width, height), 4, samples=samples)],
                self._gl.depth_renderbuffer((width, height), samples=samples),
            )
        return self._targets[key]


def shader(file: str) -> str:
    """The text of a shader."""
    return (SHADERS / file).read_text(encoding="utf-8")


def projection(camera: Camera, part: Part) -> Float[np.ndarray, "4 4"]:
    """World to OpenGL's clip space of a part of the picture, whose rows go down."""
    pinhole = np.zeros((4, 4))
    pinhole[0, 0] = 2 * camera.focal_px / part.width
    pinhole[0, 2] = 2 * (camera.width_px / 2 - part.x) / part.width - 1
    pinhole[1, 1] = 2 * camera.focal_px / part.height
    pinhole[1, 2] = 2 * (camera.height_px / 2 - part.y) / part.height - 1
    pinhole[2, 2] = (FAR_M + NEAR_M) / (FAR_M - NEAR_M)
    pinhole[2, 3] = -2 * FAR_M * NEAR_M / (FAR_M - NEAR_M)
    pinhole[3, 2] = 1.0
    world = np.eye(4)
    world[:3, :3] = camera.rotation
    world[:3, 3] = -camera.rotation @ camera.position_m
    return (pinhole @ world).astype(np.float32)


def _tell(program: Any, **values: Any) -> None:
    """Set what a program asks for; a driver leaves out what a shader does not need."""
    for name, value in values.items():
        if name in program:
            program[name].value = value
