"""A made-up figure of blocks as pictures of I, U, V, and networks that learned nothing."""

from pathlib import Path
from typing import Any

import jax
import numpy as np

from simgait.companions.gdi_net.config import FramesConfig
from simgait.companions.gdi_net.frames import N_FRAMES, WINDOW
from simgait.companions.gdi_net.networks import DESIGNS, FRAME, SHARED, fresh_part
from simgait.companions.gdi_net.rivals import LinearRivals, n_features
from simgait.companions.gdi_net.training import Standard
from simgait.companions.gdi_net.vgg16 import NAME as VGG16
from simgait.companions.gdi_net.walkers import POSTURE, RenderedWalks
from simgait.companions.gdi_net.weights import TrainedGdiNet, save_gdi_net
from simgait.estimators.people import marks
from simgait.estimators.rivals import Ridge
from simgait.gait.known_scores import released_reference
from simgait.synthetic.people.parts_renderer import IUV_SUFFIX

SMALL = FramesConfig(height_px=12, width_px=12, every=1)
GDI = 80.0
CARD: dict[str, Any] = {
    "name": "gdi_net", "released": "gdi-net", "families": ["simgait-charts"],
    "learned_from": "nobody", "people": {"train": marks(["a"]), "calibration": marks(["b"])},
    "half_widths": dict.fromkeys(DESIGNS, 9.0),
}  # fmt: skip


def figure(
    tall_px: int = 200, at: tuple[int, int] = (240, 300), picture: tuple[int, int] = (480, 640)
) -> np.ndarray:
    """Somebody of blocks: head, trunk, and the right leg that hides the left one but its foot.

    Args:
        tall_px: of the figure.
        at: row and column of its middle.
        picture: rows and columns.
    """
    iuv = np.zeros((*picture, 3), np.uint8)
    top, left, wide = at[0] - tall_px // 2, at[1] - tall_px // 10, tall_px // 5
    parts = ((23, 0.0, 0.15), (2, 0.15, 0.5), (9, 0.5, 0.75), (13, 0.75, 0.95), (6, 0.95, 1.0))
    for part, begin, end in parts:
        rows = slice(top + round(begin * tall_px), top + round(end * tall_px))
        block = iuv[rows, left : left + wide]
        block[..., 0] = part
        block[..., 1] = np.linspace(0, 255, wide).astype(np.uint8)
        block[..., 2] = np.linspace(0, 255, block.shape[0]).astype(np.uint8)[:, None]
    return iuv


def walking(frames: int = 60, step_px: int = 2, tall_px: int = 120) -> list[np.ndarray]:
    """The figure on its way to the right, in pictures of 160 x 200."""
    return [figure(tall_px, (80, 40 + step_px * k), (160, 200)) for k in range(frames)]


def write_png(path: Path, iuv: np.ndarray, order: tuple[int, int, int] = (2, 1, 0)) -> None:
    """A PNG whose red, green and blue are these channels; DensePose's own by default."""
    import av

    coder = av.CodecContext.create("png", "w")
    coder.height, coder.width = iuv.shape[:2]
    coder.pix_fmt = "rgb24"
    picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(iuv[..., list(order)]), "rgb24")
    path.write_bytes(b"".join(bytes(p) for p in [*coder.encode(picture), *coder.encode(None)]))


def written(folder: Path, pictures: list[np.ndarray]) -> Path:
    """A folder of DensePose's PNGs."""
    folder.mkdir(parents=True)
    for k, iuv in enumerate(pictures):
        write_png(folder / f"{k}{IUV_SUFFIX}", iuv)
    return folder


def walks(count: int, first: int = 0) -> RenderedWalks:
    """Small walks whose GDI is how much of the frame is seen."""
    rng = np.random.default_rng(first)
    gdi = rng.uniform(60.0, 110.0, count)
    frames = np.zeros((count, N_FRAMES, *SMALL.size_px, 3), np.uint8)
    for one, value in zip(frames, gdi, strict=True):
        one[:, : round(value / 10.0)] = (13, 100, 200)
    frames[..., 1] += rng.integers(0, 9, frames.shape[:-1], dtype=np.uint8)
    posture = np.repeat(rng.normal(size=(count, 1, len(POSTURE))), N_FRAMES, axis=1)
    people = tuple(f"p{first + k}" for k in range(count))
    return RenderedWalks(frames, np.stack([gdi, gdi], axis=1), posture.astype(np.float32), people)


EVERY = tuple(name for name in DESIGNS if name != VGG16)


def untrained(folder: Path, designs: tuple[str, ...] = EVERY, **card: Any) -> Path:
    """A folder of networks that say the same of everybody: all weights are zero."""

    def zeros(name: str) -> Any:
        shapes = jax.eval_shape(lambda: fresh_part(name, SMALL.size_px, WINDOW, 0))
        return jax.tree.map(lambda leaf: np.zeros(leaf.shape, np.float32), shapes)

    n = n_features(SMALL.size_px)
    flat, moments = (
        Ridge(np.zeros(k), np.ones(k), np.zeros((k, 1)), np.full(1, GDI)) for k in (n, 2 * n)
    )
    p = len(POSTURE) + 1
    trained = TrainedGdiNet(
        zeros(FRAME), {name: zeros(name) for name in designs if name in SHARED},
        {name: zeros(name) for name in designs if name not in SHARED},
        Standard(GDI, 10.0, np.zeros(p), np.ones(p)), LinearRivals(flat, moments), SMALL,
        released_reference(),
    )  # fmt: skip
    save_gdi_net(folder, trained, CARD | card, lambda facts: f"{facts['sha256']}\n")
    return folder
