"""One seed for a recipe: every stage's follows from it, unless the stage says its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

LARGEST = 1_000_000
"""So that every stage's seed fits into 31 bits."""
APART = 1000
"""Between the seeds of a stage in one recipe and the next: more than any of `USUAL`, so that no
stage of one draws what another stage of the other draws."""
USUAL: Mapping[str, int] = {"data": 7, "ppo": 0, "shac": 0, "refiner": 0, "refiner_families": 0}
"""Table of a recipe -> its seed where the recipe's is 0; the released policy learned by these."""
VALIDATION = 2
"""Of the walks that choose a policy's checkpoint: the same for every seed, so that scores of
trainings with other seeds compare."""


def derived(usual: int, seed: int) -> int:
    """A stage's seed in a recipe with that seed; `usual` is the stage's in recipe 0."""
    return usual + APART * seed


@dataclass(frozen=True)
class WalkSeeds:
    """Seeds of the walks that a refiner learns from, for both of its stages.

    Attributes:
        train: lengths, kinds of keypoints and detectors of the walkers to learn from.
        validation: likewise, of those that choose the best weights.
        real: styles and errors of the copies of real people.
    """

    train: int
    validation: int
    real: int


def refiner_walks(seed: int) -> WalkSeeds:
    """Of a recipe with that seed; the released refiner learned from those of 0."""
    return WalkSeeds(derived(1, seed), derived(2, seed), derived(3, seed))


def with_stage_seeds(given: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe's settings, in which every stage that says no seed has the one that follows.

    The table of the algorithm that is not asked for stays as it is, and so does all of a recipe
    whose seed is 0 or none: its stages have theirs by default.
    """
    settings, seed = dict(given), given.get("seed")
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 < seed <= LARGEST:
        return settings
    stages = ["data", str(settings.get("algorithm", "ppo")), "refiner"]
    if settings.get("refiner_families") is not None:
        stages.append("refiner_families")
    for stage in stages:
        if stage in USUAL:
            own = derived(USUAL[stage], seed)
            settings[stage] = _with_seed(settings.get(stage), own)
    return settings


def _with_seed(table: Any, seed: int) -> Any:
    if table is None:
        return {"seed": seed}
    if isinstance(table, BaseModel):
        said = "seed" in table.model_fields_set
        return table if said else table.model_copy(update={"seed": seed})
    return {"seed": seed} | dict(table) if isinstance(table, Mapping) else table
