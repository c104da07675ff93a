# ruff: noqa: E501 (a table row of the model card is one line)
"""What the card of a policy says of a refiner that went on learning, and its row to be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simgait.datasets.detector_mixture import EXACT, LEFT_OUT, shares_without
from simgait.learning.beginning import same_refiner
from simgait.learning.config import TrainingConfig
from simgait.learning.refiner_training import RefinerConfig

WENT_ON = "refiner_went_on"
"""Name of what is said in a card."""


def went_on(
    recipe: RefinerConfig, share: float, *, with_real: bool, of_policy: str | None = None
) -> dict[str, Any]:
    """What a card says of a refiner that is the mean of one and of what it became.

    Args:
        recipe: by which it went on.
        share: of what it became.
        with_real: whether real people were learned from.
        of_policy: SHA-256 of the policy whose refiner it was; None: the run's own first stage.
    """
    settings = recipe.model_dump(mode="json", include=set(RefinerConfig.model_fields))
    whose = {} if of_policy is None else {"sha256": of_policy}
    later = {"recipe": settings, "share": share, "with_real": with_real}
    return {WENT_ON: {"earlier": {**whose, "share": 1.0 - share}, "later": later}}


def of_run(config: TrainingConfig, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """What the card of a run's policy says: nothing where its own refiner did not go on."""
    further, trained = config.refiner_families, _where_trained(provenance)
    if further is None or trained is None:
        return {}
    with_real = (trained.get("given") or {}).get("--data") is not None
    return went_on(further, further.share, with_real=with_real)


def _where_trained(provenance: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Provenance of the run that trained a run's refiner; None where it was given to it.

    A fork brings the refiner along, unless its recipe trains another one.
    """
    given = provenance.get("given") or {}
    if given.get("--refiner") or given.get("--warm-start"):
        return None
    source = (provenance.get("begun_from") or {}).get("its_provenance")
    if source is not None and same_refiner(source["config"], provenance["config"]):
        return _where_trained(source)
    return provenance


def went_on_row(card: Mapping[str, Any]) -> str:
    """The row of a model card on what its refiner learned last; nothing where it did not go on."""
    said = card.get(WENT_ON)
    if said is None:
        return ""
    earlier, later = said["earlier"], said["later"]
    recipe = RefinerConfig.model_validate(later["recipe"])
    walkers = {"restyled": "restyled walkers", "as_drawn": "walkers"}[recipe.walkers]
    seen = "monocular-v1"
    if recipe.walkers == "restyled":
        families = shares_without(recipe.left_out_detectors)
        seen = ", ".join(name for name in families if name != EXACT) + ", or exact"
    chose = ""
    if later.get("with_real", True):  # what was said before it was asked was said of real people
        walkers += f" and {recipe.real_copies} copies of each real training walk"
        chose = f"; {', '.join(recipe.left_out)} chose the weights" if recipe.left_out else ""
    before = "what it was before"
    if "sha256" in earlier:
        before = f"the refiner of the policy with SHA-256 `{earlier['sha256'][:12]}…`"
    return (
        f"| the refiner went on | up to {recipe.steps:,} steps on {recipe.n_walkers:,} {walkers}, through "
        f"{seen}{chose}; {_left_out(recipe)} left out. Mean of the weights with {before} "
        f"(share {earlier['share']:g}) |\n"
    )


def _left_out(recipe: RefinerConfig) -> str:
    names = [*LEFT_OUT, *recipe.left_out_detectors]
    return f"{', '.join(names)} {'were' if len(names) > 1 else 'was'}"
