"""Files of trained networks: arrays as safetensors, facts as JSON, nothing that is unpickled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import jax
import numpy as np
from jaxtyping import Array, Float
from pydantic import BaseModel, ConfigDict, Field

from simgait.companions.openpose_gdi.columns import COLUMNS
from simgait.companions.openpose_gdi.networks import KINDS, Kind, Network
from simgait.companions.openpose_gdi.targets import TARGETS
from simgait.companions.openpose_gdi.training import Standard, fresh_variables
from simgait.errors import InputError
from simgait.estimators.forest import Forest, forest_sha256, load_forest, save_forest
from simgait.estimators.people import MarkedPeople
from simgait.estimators.released import (
    WEIGHTS_FILE,
    check_files,
    check_weights,
    read_released_card,
    save_released,
)
from simgait.estimators.rivals import PERCENTILES, Ridge
from simgait.gait.score_reference_file import read_reference, reference_sha256, write_reference
from simgait.gait.scores import ScoreReference
from simgait.resources import resource_dir
from simgait.weight_files import load_tree

REFERENCE_FILE, FOREST_FILE = "score_reference.json", "forest.safetensors"
BATCH = 64
"""Windows of a call: one shape, one compilation."""
N_FEATURES = len(COLUMNS) * (3 + len(PERCENTILES))


@dataclass(frozen=True)
class TrainedNetworks:
    """What a training gave: the networks, their rivals, and the people of the GDI.

    Attributes:
        forest: None where none was grown.
    """

    variables: Mapping[Kind, Any]
    standard: Standard
    ridge: Ridge
    reference: ScoreReference
    forest: Forest | None = None


class OpenPoseCard(BaseModel):
    """What of a card is read again; more may stand there."""

    model_config = ConfigDict(extra="allow", strict=True)

    sha256: str
    reference_sha256: str
    forest_sha256: str | None = None
    released: str = Field(description="the network that `run` takes")
    learned_from: str = Field(description="whom, and through what")
    families: list[str] = Field(description="detector families that it learned through")
    people: MarkedPeople
    remarks: list[str] = Field([], description="what was measured of it since; said with a walk")
    rmse_by_detector: dict[str, dict[str, float]] = Field(
        {}, description="keypoint set -> target -> RMSE on that detector's points, measured since"
    )
    half_widths: dict[str, dict[str, float]] = Field(description="kind -> target -> half-width")


def _tree(trained: TrainedNetworks) -> dict[str, Any]:
    return {
        "variables": dict(trained.variables),
        "standard": vars(trained.standard),
        "ridge": vars(trained.ridge),
    }


@cache
def _like() -> dict[str, Any]:
    """Shapes of everything in a file of weights; tracing the networks takes a second."""

    def zeros(*shape: int) -> np.ndarray:
        return np.zeros(shape, np.float32)

    n, k = len(COLUMNS), len(TARGETS)
    return {
        # Shapes alone: drawing fresh weights would be compiled first.
        "variables": {kind: jax.eval_shape(partial(fresh_variables, kind, 0)) for kind in KINDS},
        "standard": {
            "column_mean": zeros(n), "column_sd": zeros(n),
            "target_mean": zeros(k), "target_sd": zeros(k),
        },
        "ridge": {
            "feature_mean": zeros(N_FEATURES), "feature_sd": zeros(N_FEATURES),
            "weights": zeros(N_FEATURES, k), "intercept": zeros(k),
        },
    }  # fmt: skip


def save_networks(
    folder: Path,
    trained: TrainedNetworks,
    facts: Mapping[str, Any],
    readme: Callable[[Mapping[str, Any]], str],
) -> str:
    """Writes weights, reference, card and a page for people; the folder's files appear together.

    Returns:
        the hash of the weights.

    Raises:
        InputError: the folder cannot be written; an earlier network is still there then.
    """
    beside: dict[str, Callable[[Path], None]] = {
        REFERENCE_FILE: lambda path: write_reference(path, trained.reference)
    }
    hashes: dict[str, str | None] = {"reference_sha256": reference_sha256(trained.reference)}
    forest = trained.forest
    if forest is not None:
        beside[FOREST_FILE] = lambda path: save_forest(path, forest)
        hashes["forest_sha256"] = forest_sha256(forest)
    return save_released(folder, _tree(trained), {**facts, **hashes}, readme, beside)


def released_folder() -> Path:
    """Where the released networks lie."""
    return resource_dir("policies") / "openpose_gdi"


def read_card(folder: Path) -> OpenPoseCard:
    """Facts about trained networks.

    Raises:
        InputError: the card is missing, no JSON object, or lacks a fact that every card has.
    """
    return read_released_card(folder, OpenPoseCard, "an OpenPose companion")


def load_networks(folder: Path) -> tuple[TrainedNetworks, OpenPoseCard]:
    """Reads trained networks with their card; both hashes are checked.

    Raises:
        InputError: a file is missing or damaged, or weights, forest or reference are not those of
            the card.
    """
    check_files(folder, "an OpenPose companion", {REFERENCE_FILE})
    card = read_card(folder)
    check_weights(folder, card.sha256)
    reference = read_reference(folder / REFERENCE_FILE)
    if reference_sha256(reference) != card.reference_sha256:
        raise InputError(
            f"{folder.name}: {REFERENCE_FILE} holds other healthy people than those of the card; "
            "the GDI that was learned means nothing against them. Fetch the folder again."
        )
    tree = load_tree(folder / WEIGHTS_FILE, _like(), finite=True)
    plain = {
        part: {name: np.asarray(value, float) for name, value in tree[part].items()}
        for part in ("standard", "ridge")
    }
    trained = TrainedNetworks(
        tree["variables"], Standard(**plain["standard"]), Ridge(**plain["ridge"]), reference,
        _forest(folder, card),
    )  # fmt: skip
    return trained, card


def _forest(folder: Path, card: OpenPoseCard) -> Forest | None:
    """The forest of a card; None where it has none."""
    if card.forest_sha256 is None:
        return None
    forest = load_forest(folder / FOREST_FILE, N_FEATURES, len(TARGETS))
    if forest_sha256(forest) != card.forest_sha256:
        raise InputError(
            f"{folder.name}: {FOREST_FILE} is not the forest of the model card; fetch it again."
        )
    return forest


@partial(jax.jit, static_argnames="kind")
def _apply(kind: Kind, variables: Any, columns: Array) -> Array:
    return jax.numpy.asarray(Network(kind).apply(variables, columns))


def predict(
    trained: TrainedNetworks, kind: Kind, columns: Float[np.ndarray, "W 124 24"]
) -> Float[np.ndarray, "W 4"]:
    """What a trained network says of windows, in the units of `targets.TARGETS`."""
    return said_by(kind, trained.variables[kind], trained.standard, columns)


def said_by(
    kind: Kind, variables: Any, standard: Standard, columns: Float[np.ndarray, "W 124 24"]
) -> Float[np.ndarray, "W 4"]:
    """The same of variables that are not saved yet."""
    inputs = standard.columns(columns)
    said = []
    for first in range(0, len(inputs), BATCH):
        part = inputs[first : first + BATCH]
        whole = np.concatenate([part, np.zeros((BATCH - len(part), *part.shape[1:]), np.float32)])
        said.append(np.asarray(_apply(kind, variables, whole))[: len(part)])
    return np.asarray(np.concatenate(said) * standard.target_sd + standard.target_mean)
