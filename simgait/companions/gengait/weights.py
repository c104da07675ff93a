"""Files of a trained GenGait: arrays as safetensors, facts as JSON, nothing that is unpickled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

import jax
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simgait.companions.gengait.bands import OF_EVERYBODY, BandOf, Bands
from simgait.companions.gengait.calibration import Calibration
from simgait.companions.gengait.config import NetworkConfig
from simgait.companions.gengait.cycles import SAMPLES
from simgait.companions.gengait.joints import ANGLES, JOINTS, N_POINTS, TILES
from simgait.companions.gengait.passes import Network
from simgait.companions.gengait.rivals import COMPONENTS, RIVALS, Rivals
from simgait.companions.gengait.tokens import Standard
from simgait.companions.gengait.training import fresh_params
from simgait.estimators.people import MarkedPeople
from simgait.estimators.released import (
    WEIGHTS_FILE,
    check_files,
    check_weights,
    read_released_card,
    save_released,
)
from simgait.resources import resource_dir
from simgait.weight_files import load_tree

Points = Literal["exact", "detector"]
POINTS_ARE: tuple[Points, Points] = ("exact", "detector")
"""What thresholds are for: measured points, and those that a detector guessed."""


@dataclass(frozen=True)
class TrainedGenGait:
    """What a training gave.

    Attributes:
        network: with its standardisation.
        calibration: of the first pass, by what the points are.
        bands: of normal people by height.
        rivals: that learned from the same people.
        of_rivals: their calibration, of exact points.
    """

    network: Network
    calibration: Mapping[str, Calibration]
    bands: Bands
    rivals: Rivals
    of_rivals: Mapping[str, Calibration]


class GenGaitCard(BaseModel):
    """What of a card is read again; more may stand there."""

    model_config = ConfigDict(extra="allow", strict=True)

    sha256: str
    learned_from: str = Field(description="whom")
    network: NetworkConfig
    people: MarkedPeople
    people_factor: list[float] = Field(
        [1.0] * len(JOINTS),
        min_length=len(JOINTS),
        max_length=len(JOINTS),
        description="of the thresholds where somebody was recorded, see `calibration`",
    )
    bands: list[BandOf] | None = Field(
        None, description="whose each band is; None of weights that hold one, of all heights"
    )
    remarks: list[str] = Field([], description="what was measured of it since; said with a walk")


def _tree(trained: TrainedGenGait) -> dict[str, Any]:
    return {
        "params": trained.network.params,
        "standard": vars(trained.network.standard),
        "calibration": {k: _filled(one) for k, one in trained.calibration.items()},
        "band": {"mean_deg": trained.bands.mean_deg, "sd_deg": trained.bands.sd_deg},
        "rivals": vars(trained.rivals),
        "of_rivals": {k: _filled(one) for k, one in trained.of_rivals.items()},
    }


def _filled(calibration: Calibration) -> dict[str, Any]:
    """0 in place of NaN, which no weight may be: where a tile says nothing, its residual is NaN."""
    return {name: np.nan_to_num(value) for name, value in vars(calibration).items()}


def _like(config: NetworkConfig, bands: Sequence[BandOf] | None) -> dict[str, Any]:
    """Shapes of everything in a file of weights."""

    def zeros(*shape: int) -> np.ndarray:
        return np.zeros(shape, np.float32)

    def calibration(tiles: int) -> dict[str, Any]:
        shape = (tiles, SAMPLES, len(ANGLES))
        return {
            "mean_deg": zeros(*shape), "sd_deg": zeros(*shape), "threshold": zeros(len(JOINTS)),
        }  # fmt: skip

    n = SAMPLES * len(ANGLES)
    groups = () if bands is None else (len(bands),)
    return {
        "params": _params_like(config),
        "standard": {name: zeros(N_POINTS, 3) for name in ("mean", "sd", "step_sd")},
        "calibration": {name: calibration(len(TILES)) for name in POINTS_ARE},
        "band": {name: zeros(*groups, SAMPLES, len(ANGLES)) for name in ("mean_deg", "sd_deg")},
        "rivals": {
            "mean": zeros(n), "components": zeros(COMPONENTS, n), "ridge_weights": zeros(n + 1, n),
            "ridge_intercept": zeros(n), "ridge_mean": zeros(n + 1), "ridge_sd": zeros(n + 1),
        },
        "of_rivals": {name: calibration(1) for name in RIVALS},
    }  # fmt: skip


@cache
def _params_like(config: NetworkConfig) -> Any:
    """Shapes of the network's; tracing it takes half a second.

    Shapes alone: drawing fresh weights would be compiled first.
    """
    return jax.eval_shape(partial(fresh_params, config, 0))


def save_gengait(
    folder: Path,
    trained: TrainedGenGait,
    facts: Mapping[str, Any],
    readme: Callable[[Mapping[str, Any]], str],
) -> str:
    """Writes weights, card and a page for people; the folder's files appear together.

    Returns:
        the hash of the weights.

    Raises:
        InputError: the folder cannot be written; an earlier network is still there then.
    """
    network = trained.network.config.model_dump(mode="json")
    bands = [one.model_dump(mode="json") for one in trained.bands.of]
    facts = {**facts, "network": network, "bands": bands}
    return save_released(folder, _tree(trained), facts, readme)


def released_folder() -> Path:
    """Where the released network lies."""
    return resource_dir("policies") / "gengait"


def load_gengait(folder: Path) -> tuple[TrainedGenGait, GenGaitCard]:
    """Reads a trained network with its card; the hash is checked.

    Raises:
        InputError: a file is missing or damaged, or the weights are not those of the card.
    """
    check_files(folder, "a GenGait")
    card = read_released_card(folder, GenGaitCard, "a GenGait")
    check_weights(folder, card.sha256)
    tree = load_tree(folder / WEIGHTS_FILE, _like(card.network, card.bands), finite=True)
    params = tree.pop("params")
    plain = jax.tree.map(lambda leaf: np.asarray(leaf, float), tree)
    trained = TrainedGenGait(
        Network(card.network, params, Standard(**plain["standard"])),
        {name: Calibration(**one) for name, one in plain["calibration"].items()},
        _bands(card.bands, plain["band"]),
        Rivals(**plain["rivals"]),
        {name: Calibration(**one) for name, one in plain["of_rivals"].items()},
    )
    return trained, card


def _bands(of: Sequence[BandOf] | None, arrays: Mapping[str, np.ndarray]) -> Bands:
    if of is None:
        return Bands((OF_EVERYBODY,), arrays["mean_deg"][None], arrays["sd_deg"][None])
    return Bands(tuple(of), arrays["mean_deg"], arrays["sd_deg"])
