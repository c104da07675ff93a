"""Files of a trained Gait Transformer: arrays as safetensors, facts as JSON, no pickle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simgait.companions.gait_transformer.columns import N_FEATURES, N_KEYPOINTS
from simgait.companions.gait_transformer.config import GaitTransformerConfig, NetworkConfig
from simgait.companions.gait_transformer.network import GaitTransformer, features
from simgait.errors import InputError, first_problem
from simgait.estimators.points_in_heights import points_in_heights
from simgait.files import whole_folder, write_text
from simgait.provenance import file_sha256
from simgait.resources import resource_dir
from simgait.text_files import read_facts
from simgait.types import Trial
from simgait.weight_files import load_tree, save_tree

WEIGHTS_FILE, CONFIG_FILE, CARD_FILE = "weights.safetensors", "config.json", "card.json"
README_FILE = "README.md"
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
    return file_sha256(folder / WEIGHTS_FILE)


def save_transformer(
    folder: Path,
    weights: TransformerWeights,
    card: Mapping[str, Any],
    readme: Callable[[dict[str, Any]], str] = lambda facts: "",
) -> str:
    """Writes weights, resolved config, card and a page for people; the folder appears as a whole.

    Args:
        folder: the goal; an earlier network there is replaced.
        weights: of the network.
        card: facts about it; the hash of the weights is added.
        readme: the page, made of the whole card.

    Returns:
        the hash of the weights.

    Raises:
        InputError: the folder cannot be written; an earlier network is still there then.
    """
    with whole_folder(folder, {WEIGHTS_FILE, CONFIG_FILE, CARD_FILE, README_FILE}) as part:
        save_tree(part / WEIGHTS_FILE, _tree(weights), with_checksum=False)
        sha256 = weights_hash(part)
        facts = {**card, "sha256": sha256}
        texts = {
            CONFIG_FILE: weights.config.model_dump_json(indent=1) + "\n",
            CARD_FILE: json.dumps(facts, indent=1) + "\n",
            README_FILE: readme(facts),
        }
        for name, text in texts.items():
            write_text(part / name, text)
    return sha256


class TransformerCard(BaseModel):
    """What of a card is read again; more may stand there."""

    model_config = ConfigDict(extra="allow", strict=True)

    sha256: str
    steps: int | None = Field(None, ge=0, description="gradient steps")
    training_minutes: float | None = Field(None, ge=0)


def read_card(folder: Path) -> dict[str, Any]:
    """Facts about a trained network: hash, steps, minutes, scores at release.

    Raises:
        InputError: the card is missing, no JSON object, or lacks a fact that every card has.
    """
    card = read_facts(folder / CARD_FILE)
    try:
        TransformerCard.model_validate(card)
    except ValidationError as error:
        raise _no_network(folder, CARD_FILE, error) from None
    return card


def _no_network(folder: Path, name: str, error: ValidationError) -> InputError:
    return InputError(
        f"{folder.name}: {name} is not that of a Gait Transformer ({first_problem(error)}); "
        "fetch the folder again."
    )


def load_transformer(folder: Path | None = None) -> TransformerWeights:
    """Reads a trained network and checks its hash; the released one by default.

    Raises:
        InputError: a file is missing or damaged, or the weights are not those of the card.
    """
    folder = resource_dir("policies") / "gait_transformer" if folder is None else Path(folder)
    missing = [
        name for name in (WEIGHTS_FILE, CONFIG_FILE, CARD_FILE) if not (folder / name).is_file()
    ]
    if missing:
        raise InputError(
            f"{folder.name}: not a Gait Transformer, it lacks {', '.join(missing)}; check the path."
        )
    try:
        config = GaitTransformerConfig.model_validate(read_facts(folder / CONFIG_FILE))
    except ValidationError as error:
        raise _no_network(folder, CONFIG_FILE, error) from None
    if weights_hash(folder) != read_card(folder)["sha256"]:
        raise InputError(
            f"{folder.name}: the weights are not those of the model card; fetch them again."
        )
    blank = np.zeros((N_KEYPOINTS, 3), np.float32)
    like = _tree(TransformerWeights(config, _params_like(config.network), blank, blank))
    tree = load_tree(folder / WEIGHTS_FILE, like, finite=True)
    return TransformerWeights(
        config, tree["params"], np.asarray(tree["mean"]), np.asarray(tree["sd"])
    )


@cache
def _params_like(config: NetworkConfig) -> Any:
    """Shapes of the network's; tracing it takes as long as running it.

    Shapes alone: drawing fresh weights would be compiled first.
    """
    frames = config.window_frames
    return jax.eval_shape(
        GaitTransformer(config).init,
        jax.random.key(0), jnp.zeros((1, frames, N_FEATURES)), jnp.ones((1, frames)),
    )  # fmt: skip


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


def predict(weights: TransformerWeights, trials: list[Trial]) -> list[Float[np.ndarray, "_ 20"]]:
    """What the network says about each frame, in its own units (`columns.Unit`).

    Windows overlap by two thirds; a frame's answers are averaged with weights that fall towards
    each window's ends, where the network sees one side of the frame only.
    """
    frames = weights.config.network.window_frames
    inputs = [points_in_heights(trial) for trial in trials]
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
