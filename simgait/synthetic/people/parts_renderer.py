"""Draws which part of the body each pixel shows, and where on it: DensePose's I, U and V."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8

from simgait.files import whole_folder
from simgait.footage import Camera
from simgait.synthetic.people.body_parts import charts
from simgait.synthetic.people.clip import Clip
from simgait.synthetic.people.person import Person
from simgait.synthetic.people.posing import skinned
from simgait.synthetic.people.renderer import Part, open_context, projection, shader
from simgait.video.decode import pyav

IUV_SUFFIX = "_IUV.png"
"""As DensePose's own program calls what it writes of each picture."""


class PartsRenderer:
    """One person before one camera."""

    def __init__(self, person: Person, camera: Camera):
        """Build what does not change from picture to picture.

        Raises:
            InputError: see `renderer.open_context`.
        """
        self._gl = open_context()
        self._corners = person.mesh.faces.ravel()
        self._whole = Part(0, 0, camera.width_px, camera.height_px)
        size = (camera.width_px, camera.height_px)
        self._target = self._gl.framebuffer(
            [self._gl.renderbuffer(size, 4)], self._gl.depth_renderbuffer(size)
        )
        program = self._gl.program(
            vertex_shader=shader("parts.vert"), fragment_shader=shader("parts.frag")
        )
        program["projection"].write(projection(camera, self._whole).T.tobytes())
        self._moving = self._gl.buffer(reserve=len(self._corners) * 12, dynamic=True)
        chart = self._gl.buffer(charts(person).reshape(-1, 3).astype(np.float32).tobytes())
        self._body = self._gl.vertex_array(
            program, [(self._moving, "3f", "place"), (chart, "3f", "chart")]
        )

    def picture(self, vertices: Float[np.ndarray, "V 3"]) -> UInt8[np.ndarray, "H W 3"]:
        """I (0 to 24, 0 where nobody is), U and V (0 to 255) of each pixel."""
        self._moving.write(vertices[self._corners].astype(np.float32).tobytes())
        self._target.use()
        self._target.clear(0.0, 0.0, 0.0, 0.0)
        self._gl.enable(self._gl.DEPTH_TEST | self._gl.CULL_FACE)
        # As in `Renderer.person`: rows of the picture go down.
        self._gl.front_face = "cw"
        self._body.render()
        raw = np.frombuffer(self._target.read(components=3), np.uint8)
        return raw.reshape(self._whole.height, self._whole.width, 3)

    def close(self) -> None:
        """Give back what the driver holds."""
        self._gl.release()


def iuv_pictures(clip: Clip) -> Iterator[UInt8[np.ndarray, "H W 3"]]:
    """I, U and V of every picture of a clip, at the middle of its exposure.

    Raises:
        InputError: see `renderer.open_context`.
    """
    renderer = PartsRenderer(clip.person, clip.camera)
    try:
        for frame in range(len(clip.time_s)):
            vertices, _ = skinned(clip.person, clip.motion, frame * clip.per_frame)
            yield renderer.picture(vertices)
    finally:
        renderer.close()


def write_iuv(folder: Path, clip: Clip) -> None:
    """Write a PNG of I, U and V for each picture, all or none: 000000_IUV.png and so on.

    Blue is I, green U, red V, as OpenCV writes DensePose's arrays: OpenCV reads them back as I, U,
    V, other programs as V, U, I.

    Raises:
        InputError: nothing can be drawn here, PyAV is not installed, or the folder not written.
    """
    av = pyav()
    names = [f"{i:06d}{IUV_SUFFIX}" for i in range(len(clip.time_s))]
    with whole_folder(folder, names) as part:
        for name, iuv in zip(names, iuv_pictures(clip), strict=True):
            coder = av.CodecContext.create("png", "w")
            coder.height, coder.width = iuv.shape[:2]
            coder.pix_fmt = "rgb24"
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(iuv[..., ::-1]), "rgb24")
            packets = [*coder.encode(picture), *coder.encode(None)]
            (part / name).write_bytes(b"".join(bytes(packet) for packet in packets))
