"""Files of a trained Gait Transformer: arrays as safetensors, facts as JSON, no pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from simgait.companions.gait_transformer.columns import N_FEATURES, N_KEYPOINTS, network_input
from simgait.companions.gait_transformer.config import GaitTransformerConfig, NetworkConfig
from simgait.companions.gait_transformer.network import GaitTransformer, features
from simgait.errors import InputError
from simgait.files import write_whole
from simgait.resources import resource_dir
from simgait.types import Trial
from simgait.weight_files import load_tree, save_tree

WEIGHTS_FILE, CONFIG_FILE, CARD_FILE = "weights.safetensors", "config.json", "card.json"
BATCH = 32  # windows per call: one shape, one compilation
WINDOWS_PER_LENGTH = 3  # windows start every third of their length


@dataclass(frozen=True)
class TransformerWeights:
    """A trained network and the standardisation of its keypoints."""

    config: GaitTransformerConfig
    params: Any
    keypoint_mean: Float[np.ndarray, "23 3"]
    keypoint_sd: Float[np.ndarray, "23 3"]


def _tree(weights: TransformerWeights) -> dict[str, Any]:
    return {
        "params": weights.params, "mean": weights.keypoint_mean, "sd": weights.keypoint_sd,
    }  # fmt: skip


def weights_hash(folder: Path) -> str:
    """SHA-256 of the weight file."""
    return hashlib.sha256((folder / WEIGHTS_FILE).read_bytes()).hexdigest()


def save_transformer(folder: Path, weights: TransformerWeights, card: Mapping[str, Any]) -> str:
    """Writes weights, resolved config and card; returns the hash that the card got."""
    folder.mkdir(parents=True, exist_ok=True)
    save_tree(folder / WEIGHTS_FILE, _tree(weights))
    sha256 = weights_hash(folder)
    texts = {
        CONFIG_FILE: weights.config.model_dump_json(indent=1),
        CARD_FILE: json.dumps({**card, "sha256": sha256}, indent=1),
    }
    for name, text in texts.items():
        write_whole(folder / name, text + "\n")
    return sha256


def read_card(folder: Path) -> dict[str, Any]:
    """Facts about a trained network: hash, steps, minutes, scores at release."""
    card: dict[str, Any] = json.loads((folder / CARD_FILE).read_text("utf-8"))
    return card


def load_transformer(folder: Path | None = None) -> TransformerWeights:
    """Reads a trained network and checks its hash; the released one by default.

    Raises:
        InputError: a file is missing or damaged, or the weights are not those of the card.
    """
    folder = resource_dir("policies") / "gait_transformer" if folder is None else Path(folder)
    try:
        config = GaitTransformerConfig.model_validate_json(
            (folder / CONFIG_FILE).read_text("utf-8")
        )
        card = read_card(folder)
        sha256 = weights_hash(folder)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{folder.name}: not a readable Gait Transformer ({type(error).__name__}); it needs "
            f"{WEIGHTS_FILE}, {CONFIG_FILE} and {CARD_FILE}."
        ) from error
    if sha256 != card.get("sha256"):
        raise InputError(
            f"{folder.name}: the weights are not those of the model card; fetch them again."
        )
    frames = config.network.window_frames
    params = GaitTransformer(config.network).init(
        jax.random.key(0), jnp.zeros((1, frames, N_FEATURES)), jnp.ones((1, frames))
    )
    blank = np.zeros((N_KEYPOINTS, 3), np.float32)
    tree = load_tree(folder / WEIGHTS_FILE, _tree(TransformerWeights(config, params, blank, blank)))
    return TransformerWeights(
        config, tree["params"], np.asarray(tree["mean"]), np.asarray(tree["sd"])
    )


@partial(jax.jit, static_argnames="config")
def _apply(
    config: NetworkConfig,
    params: Any,
    points: Array,
    height_m: Array,
    valid: Array,
    mean: Array,
    sd: Array,
) -> Array:
    x = features(points, height_m, mean, sd)
    return jnp.asarray(GaitTransformer(config).apply(params, x, valid))


def window_starts(n_frames: int, window: int) -> list[int]:
    """First frames of windows that cover a trial, the last one flush with its end."""
    if n_frames <= window:
        return [0]
    stride = max(1, window // WINDOWS_PER_LENGTH)
    return [*range(0, n_frames - window, stride), n_frames - window]


def predict(weights: TransformerWeights, trials: list[Trial]) -> list[Float[np.ndarray, "T 20"]]:
    """What the network says about each frame, in its own units (`columns.Unit`).

    Windows overlap by two thirds; a frame's answers are averaged with weights that fall towards
    each window's ends, where the network sees one side of the frame only.
    """
    frames = weights.config.network.window_frames
    inputs = [network_input(trial) for trial in trials]
    windows = [(i, start) for i, x in enumerate(inputs) for start in window_starts(len(x), frames)]
    taper = 0.05 + np.sin(np.pi * (np.arange(frames) + 0.5) / frames)
    sums = [np.zeros((len(x), 20)) for x in inputs]
    totals = [np.zeros((len(x), 1)) for x in inputs]
    for first in range(0, len(windows), BATCH):
        batch = windows[first : first + BATCH]
        points = np.zeros((BATCH, frames, N_KEYPOINTS, 4), np.float32)
        valid = np.zeros((BATCH, frames), np.float32)
        height = np.full(BATCH, 1.6, np.float32)
        for row, (i, start) in enumerate(batch):
            part = inputs[i][start : start + frames]
            points[row, : len(part)], valid[row, : len(part)] = part, 1.0
            height[row] = trials[i].height_m
        valid[len(batch) :, 0] = 1.0  # attention needs somebody to attend to
        out = np.asarray(
            _apply(
                weights.config.network, weights.params, points, height, valid,
                weights.keypoint_mean, weights.keypoint_sd,
            ), float
        )  # fmt: skip
        for row, (i, start) in enumerate(batch):
            span = slice(start, min(start + frames, len(inputs[i])))
            n = span.stop - span.start
            sums[i][span] += taper[:n, None] * out[row, :n]
            totals[i][span] += taper[:n, None]
    return [total / count for total, count in zip(sums, totals, strict=True)]
