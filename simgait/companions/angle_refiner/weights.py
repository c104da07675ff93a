"""Files of trained refiners: arrays as safetensors, facts as JSON, nothing that is unpickled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import jax
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simgait.companions.angle_refiner.curves import ANGLES, POINTS
from simgait.companions.angle_refiner.network import fresh_params
from simgait.companions.angle_refiner.refiner import Refiner, Standard
from simgait.estimators.released import (
    WEIGHTS_FILE,
    check_files,
    check_weights,
    read_released_card,
    save_released,
)
from simgait.resources import resource_dir
from simgait.weight_files import load_tree

SIMULATED = "simulated"
"""Network of tracked walks."""
OWN = "own"
"""Name of the network of a user's own system."""


class NetworkCard(BaseModel):
    """What is known of the network of one system."""

    model_config = ConfigDict(extra="forbid", strict=True)

    label: str = Field(description="the system, for people")
    hidden: int = Field(ge=1, description="cells of the LSTM of each direction")
    angles: list[str] = Field(min_length=1, description="angles that it learned")
    people: list[str] = Field(min_length=1, description="marks of those learned from")
    trained: str = Field("", description="when, from what, where; empty: as its card")
    policy_sha256: str | None = Field(
        None, description="of the policy whose bodies' angles it learned; None without one"
    )
    half_widths_deg: dict[str, float | None] = Field(
        description="angle, or its largest or least value -> half-width; None of too few people"
    )


class RefinerCard(BaseModel):
    """What of a card is read again; more may stand there."""

    model_config = ConfigDict(extra="allow", strict=True)

    sha256: str
    learned_from: str = Field(description="whom, and through what")
    networks: dict[str, NetworkCard] = Field(min_length=1, description="system -> its network")
    left_out: dict[str, list[int]] = Field(description="system -> people, those with markers")
    evaluation: list[dict[str, Any]] = Field([], description="rows of the people left out")


def _tree(refiners: Mapping[str, Refiner]) -> dict[str, Any]:
    return {
        name: {
            "params": one.params,
            "standard": vars(one.standard),
            "ridge": {"weights": one.ridge_weights, "intercept": one.ridge_intercept},
            "share": one.share,
        }
        for name, one in refiners.items()
    }


@cache
def _like(hidden: int) -> dict[str, Any]:
    """Shapes of one network's part of a file of weights."""
    n = len(ANGLES)
    points = np.zeros((POINTS, n), np.float32)
    names = ("estimated_mean", "estimated_sd", "true_mean", "true_sd")
    return {
        # Shapes alone: drawing fresh weights would be compiled first.
        "params": jax.eval_shape(partial(fresh_params, hidden, 0)),
        "standard": dict.fromkeys(names, points),
        "ridge": {"weights": np.zeros((POINTS, n, n), np.float32), "intercept": points},
        "share": np.zeros(n, np.float32),
    }


def save_refiners(
    folder: Path,
    refiners: Mapping[str, Refiner],
    facts: Mapping[str, Any],
    readme: Callable[[Mapping[str, Any]], str],
) -> str:
    """Writes weights, card and a page for people; the folder's files appear together.

    Returns:
        the hash of the weights.

    Raises:
        InputError: the folder cannot be written; earlier ones are still there then.
    """
    return save_released(folder, _tree(refiners), facts, readme)


def released_folder() -> Path:
    """Where the released networks lie."""
    return resource_dir("policies") / "angle_refiner"


def read_card(folder: Path) -> RefinerCard:
    """Facts about trained refiners.

    Raises:
        InputError: the card is missing, no JSON object, or lacks a fact that every card has.
    """
    return read_released_card(folder, RefinerCard, "an angle refiner")


def load_refiners(folder: Path) -> tuple[dict[str, Refiner], RefinerCard]:
    """Reads trained refiners, by system, with their card; the hash is checked.

    Raises:
        InputError: a file is missing or damaged, or the weights are not those of the card.
    """
    check_files(folder, "an angle refiner")
    card = read_card(folder)
    check_weights(folder, card.sha256)
    like = {name: _like(one.hidden) for name, one in card.networks.items()}
    tree = load_tree(folder / WEIGHTS_FILE, like, finite=True)
    return {name: _refiner(tree[name]) for name in card.networks}, card


def _refiner(part: Mapping[str, Any]) -> Refiner:
    def plain(values: Any) -> np.ndarray:
        return np.asarray(values, float)

    return Refiner(
        params=part["params"],
        standard=Standard(**{name: plain(value) for name, value in part["standard"].items()}),
        ridge_weights=plain(part["ridge"]["weights"]),
        ridge_intercept=plain(part["ridge"]["intercept"]),
        share=plain(part["share"]),
    )
