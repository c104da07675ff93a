"""Files of GDI-Net and its rivals: arrays as safetensors, facts as JSON, nothing unpickled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, UInt8
from pydantic import BaseModel, ConfigDict, Field

from simgait.companions.gdi_net.config import FramesConfig
from simgait.companions.gdi_net.frames import WINDOW
from simgait.companions.gdi_net.networks import (
    DESIGNS,
    FRAME,
    SHARED,
    Design,
    Network,
    fresh_part,
    time_part,
)
from simgait.companions.gdi_net.rivals import LinearRivals, n_features
from simgait.companions.gdi_net.training import (
    Standard,
    frame_numbers,
    gdi_of,
    window_frames,
)
from simgait.companions.gdi_net.walkers import POSTURE
from simgait.errors import InputError
from simgait.estimators.people import MarkedPeople
from simgait.estimators.released import (
    WEIGHTS_FILE,
    check_files,
    check_weights,
    read_released_card,
    save_released,
)
from simgait.estimators.rivals import Ridge
from simgait.gait.score_reference_file import read_reference, reference_sha256, write_reference
from simgait.gait.scores import ScoreReference
from simgait.resources import resource_dir
from simgait.weight_files import load_tree

REFERENCE_FILE = "score_reference.json"
WINDOWS_OF_CALL = 8
"""Of a design as a whole: one shape, one compilation."""


@dataclass(frozen=True)
class TrainedGdiNet:
    """What a training gave.

    Attributes:
        frame: of the frame network that `SHARED` designs read.
        over_time: of what reads its numbers, by design.
        whole: of the other designs.
        standard: of GDI and postures.
        linear: rivals on the pixels.
        frames: what the networks see.
        reference: healthy people of the GDI.
    """

    frame: Any
    over_time: Mapping[str, Any]
    whole: Mapping[str, Any]
    standard: Standard
    linear: LinearRivals
    frames: FramesConfig
    reference: ScoreReference

    @property
    def parts(self) -> dict[str, Any]:
        """What was learned, by its name: the frame network, where there is one, and designs."""
        frame = {} if self.frame is None else {FRAME: self.frame}
        return {**frame, **self.over_time, **self.whole}


class GdiNetCard(BaseModel):
    """What of a card is read again; more may stand there."""

    model_config = ConfigDict(extra="allow", strict=True)

    sha256: str
    reference_sha256: str
    released: str = Field(description="the design that `run` takes")
    learned_from: str = Field(description="whom")
    families: list[str] = Field(description="what made the pictures: whose charts they have")
    people: MarkedPeople
    frames: dict[str, Any] = Field(description="see config.FramesConfig")
    half_widths: dict[str, float] = Field(description="design -> half-width of the 90 % interval")
    designs: list[str] = Field(description="those that were trained")


def _tree(trained: TrainedGdiNet) -> dict[str, Any]:
    return {
        "frame": trained.frame,
        "over_time": dict(trained.over_time),
        "whole": dict(trained.whole),
        "standard": {name: np.asarray(value) for name, value in vars(trained.standard).items()},
        "flat": vars(trained.linear.flat),
        "moments": vars(trained.linear.moments),
    }


@cache
def _like(frames: FramesConfig, designs: tuple[str, ...]) -> dict[str, Any]:
    """Shapes of everything in a file of weights; tracing the networks takes a second."""

    def zeros(*shape: int) -> np.ndarray:
        return np.zeros(shape, np.float32)

    def ridge(n: int) -> dict[str, np.ndarray]:
        return {
            "feature_mean": zeros(n), "feature_sd": zeros(n), "weights": zeros(n, 1),
            "intercept": zeros(1),
        }  # fmt: skip

    def shapes(part: str) -> Any:
        # Shapes alone: drawing fresh weights would be compiled first.
        return jax.eval_shape(partial(fresh_part, part, frames.size_px, WINDOW, 0))

    n, k = n_features(frames.size_px), len(POSTURE) + 1
    shared = [name for name in designs if name in SHARED]
    return {
        "frame": shapes(FRAME) if shared else None,
        "over_time": {name: shapes(name) for name in shared},
        "whole": {name: shapes(name) for name in designs if name not in SHARED},
        "standard": {
            "gdi_mean": zeros(), "gdi_sd": zeros(), "frame_mean": zeros(k), "frame_sd": zeros(k),
        },
        "flat": ridge(n), "moments": ridge(2 * n),
    }  # fmt: skip


def save_gdi_net(
    folder: Path,
    trained: TrainedGdiNet,
    facts: Mapping[str, Any],
    readme: Callable[[Mapping[str, Any]], str],
) -> str:
    """Writes weights, reference, card and a page for people; the folder's files appear together.

    Returns:
        the hash of the weights.

    Raises:
        InputError: the folder cannot be written; an earlier network is still there then.
    """
    more = {
        "reference_sha256": reference_sha256(trained.reference),
        "frames": trained.frames.model_dump(mode="json"),
        "designs": sorted([*trained.over_time, *trained.whole]),
    }
    return save_released(
        folder, _tree(trained), {**facts, **more}, readme,
        {REFERENCE_FILE: lambda path: write_reference(path, trained.reference)},
    )  # fmt: skip


def released_folder() -> Path:
    """Where the released networks lie."""
    return resource_dir("policies") / "gdi_net"


def load_gdi_net(folder: Path) -> tuple[TrainedGdiNet, GdiNetCard]:
    """Reads trained networks with their card; both hashes are checked.

    Raises:
        InputError: a file is missing or damaged, or weights or reference are not those of the card.
    """
    check_files(folder, "a GDI-Net", {REFERENCE_FILE})
    card = read_released_card(folder, GdiNetCard, "a GDI-Net")
    check_weights(folder, card.sha256)
    reference = read_reference(folder / REFERENCE_FILE)
    if reference_sha256(reference) != card.reference_sha256:
        raise InputError(
            f"{folder.name}: {REFERENCE_FILE} holds other healthy people than those of the card; "
            "the GDI that was learned means nothing against them. Fetch the folder again."
        )
    try:
        frames = FramesConfig.model_validate(card.frames)
    except ValueError as error:
        raise InputError(
            f"{folder.name}: its card does not say what the networks see; fetch the folder again."
        ) from error
    unknown = sorted({card.released, *card.designs} - set(DESIGNS))
    if unknown or card.released not in card.designs:
        raise InputError(
            f"{folder.name}: its card names {', '.join(unknown or [card.released])}, and there is "
            "no such design; it is of another version of simgait."
        )
    tree = load_tree(folder / WEIGHTS_FILE, _like(frames, tuple(card.designs)), finite=True)
    standard = {name: np.asarray(value, float) for name, value in tree["standard"].items()}
    flat, moments = (
        Ridge(**{name: np.asarray(value, float) for name, value in tree[part].items()})
        for part in ("flat", "moments")
    )
    trained = TrainedGdiNet(
        tree["frame"], tree["over_time"], tree["whole"],
        Standard(
            float(standard["gdi_mean"]), float(standard["gdi_sd"]),
            standard["frame_mean"], standard["frame_sd"],
        ),
        LinearRivals(flat, moments), frames, reference,
    )  # fmt: skip
    return trained, card


@partial(jax.jit, static_argnames="design")
def _apply_over_time(design: Design, variables: Any, numbers: Array) -> Array:
    return jnp.asarray(time_part(design).apply(variables, numbers, False))


@partial(jax.jit, static_argnames="design")
def _apply_whole(design: Design, variables: Any, frames: Array) -> Array:
    return jnp.asarray(Network(design).apply(variables, frames))


def said_of_numbers(
    design: Design,
    variables: Any,
    standard: Standard,
    numbers: Float[np.ndarray, "N 51 16"],
    every: int,
) -> Float[np.ndarray, "N W"]:
    """GDI of each window, from what the frame network said of the frames."""
    windows = numbers[:, window_frames(every)]
    flat = windows.reshape(-1, *windows.shape[2:])
    said = gdi_of(design, _apply_over_time(design, variables, jnp.asarray(flat)), standard)
    return said.reshape(windows.shape[:2])


def said_of_windows(
    design: Design,
    variables: Any,
    standard: Standard,
    frames: UInt8[np.ndarray, "N 51 h w 3"],
    windows: Int[np.ndarray, "K 2"],
    every: int,
) -> Float[np.ndarray, " K"]:
    """GDI of windows (walk, first frame), by a design that was trained as a whole."""
    said = []
    for first in range(0, len(windows), WINDOWS_OF_CALL):
        walk, start = windows[first : first + WINDOWS_OF_CALL].T
        part = frames[walk[:, None], start[:, None] + every * np.arange(WINDOW)]
        blank = np.zeros((WINDOWS_OF_CALL - len(part), *part.shape[1:]), np.uint8)
        out = _apply_whole(design, variables, jnp.asarray(np.concatenate([part, blank])))
        said.append(gdi_of(design, out, standard)[: len(part)])
    return np.concatenate(said)


def predict(
    trained: TrainedGdiNet,
    names: list[str],
    frames: UInt8[np.ndarray, "N 51 h w 3"],
) -> dict[str, Float[np.ndarray, "N W"]]:
    """What designs say of every window of walks (points)."""
    every, found = trained.frames.every, {}
    numbers = None
    for name in names:
        design = DESIGNS[name]
        if name in trained.over_time:
            numbers = frame_numbers(trained.frame, frames) if numbers is None else numbers
            found[name] = said_of_numbers(
                design, trained.over_time[name], trained.standard, numbers, every
            )
        else:
            starts = window_frames(every)[:, 0]
            pairs = np.array([(walk, start) for walk in range(len(frames)) for start in starts])
            said = said_of_windows(
                design, trained.whole[name], trained.standard, frames, pairs, every
            )
            found[name] = said.reshape(len(frames), len(starts))
    return found
