"""One more rival beside networks that are trained already: same people, same frames, same GDI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from simgait.companions.gdi_net.config import GdiNetConfig
from simgait.companions.gdi_net.kept_walks import TrainingWalks
from simgait.companions.gdi_net.networks import DESIGNS, OWN, RELEASED, SHARED
from simgait.companions.gdi_net.vgg16 import NAME as VGG16
from simgait.companions.gdi_net.weights import (
    GdiNetCard,
    TrainedGdiNet,
    load_gdi_net,
    released_folder,
)
from simgait.errors import InputError
from simgait.estimators.companion import Order
from simgait.estimators.people import marks
from simgait.estimators.released import CARD_FILE
from simgait.text_files import read_facts

BY_PART = ("parameters", "last_losses", "steps", "half_widths")
"""Facts of a card, each by the name of what was trained."""
OF_A_TRAINING = ("machine", "date", "training_minutes", "provenance")
"""Facts that designs which were added have of their own."""


@dataclass(frozen=True)
class Trained:
    """A folder of networks.

    Attributes:
        name: of the folder, or "released", for sentences.
        networks: what it holds.
        card: what of its card is checked.
        facts: all that its card says.
    """

    name: str
    networks: TrainedGdiNet
    card: GdiNetCard
    facts: Mapping[str, Any]

    def refuse_others(self, walks: TrainingWalks) -> None:
        """Designs that are compared learn from the same people.

        Raises:
            InputError: the walks are of others.
        """
        for part, own, known in (
            ("learned from", walks.train, self.card.people.train),
            ("set the intervals", walks.calibration, self.card.people.calibration),
        ):
            there = set(marks(own.people))
            if there != set(known):
                raise InputError(
                    f"--beside {self.name}: {len(there & set(known))} of the {len(known)} people "
                    f"who {part} there are among the {len(there)} here, and rivals are compared on "
                    "the same; give the recipe and the labels of that training."
                )

    def with_added(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The card of a folder that holds these networks and others.

        Args:
            facts: of the training of the others.
        """
        merged = dict(self.facts)
        for key in BY_PART:
            merged[key] = {**self.facts.get(key, {}), **facts[key]}
        own = {key: facts[key] for key in OF_A_TRAINING}
        added = {"designs": list(facts["half_widths"]), **own}
        return {**merged, "added": [*self.facts.get("added", []), added]}


def trained_in(folder: Path) -> Trained:
    """The networks of a folder.

    Raises:
        InputError: see `load_gdi_net`.
    """
    networks, card = load_gdi_net(folder)
    name = "released" if folder == released_folder() else folder.absolute().name
    return Trained(name, networks, card, read_facts(folder / CARD_FILE))


def beside_of(order: Order) -> Trained | None:
    """The networks that an order's new ones come to lie beside; None without.

    Raises:
        InputError: they learned from a user's own people, and no labels are given, or the other
            way round; see `load_gdi_net` too.
    """
    if order.beside is None:
        return None
    trained = trained_in(order.beside)
    own = trained.card.released == OWN
    if own != (order.labels is not None):
        whom = "a user's own people; give their --labels" if own else "rendered walkers"
        raise InputError(
            f"--beside {trained.name}: learned from {whom}{'' if own else '; leave --labels out'}."
        )
    return trained


def with_designs(config: BaseModel, designs: Sequence[str], beside: Path | None) -> GdiNetConfig:
    """The recipe of some designs, alone or beside those of a folder.

    Args:
        config: the recipe.
        designs: that are to be trained.
        beside: folder of networks that stay as they are; None without.

    Raises:
        InputError: there is no such design, the folder has it or was made by another recipe, or
            it cannot be trained beside these.
    """
    if not isinstance(config, GdiNetConfig):
        raise InputError("The recipe is not that of GDI-Net; check --config.")
    unknown = [name for name in designs if name not in DESIGNS]
    if unknown or len(set(designs)) < len(designs):
        raise InputError(
            f"--designs {','.join(designs)}: name some of {', '.join(DESIGNS)}, each once."
        )
    if config.vgg16_weights is not None and VGG16 not in designs:
        raise InputError(
            f"--designs {','.join(designs)}: vgg16_weights are of the design {VGG16}; name it, or "
            "leave them out of the recipe."
        )
    if beside is None:
        if RELEASED not in designs:
            raise InputError(
                f"--designs {','.join(designs)}: {RELEASED} is not among them; name it too, or the "
                "folder that has it with --beside."
            )
        return config.model_copy(update={"designs": tuple(designs)})
    trained = trained_in(beside)
    there = [name for name in designs if name in trained.card.designs]
    if there:
        raise InputError(
            f"--beside {trained.name}: has {', '.join(there)} already; leave it out of --designs."
        )
    unread = [name for name in designs if name in SHARED]
    if unread and trained.networks.frame is None:
        raise InputError(
            f"--beside {trained.name}: has no frame network, whose numbers {', '.join(unread)} "
            "read; it learned from people of unknown posture."
        )
    _refuse_another_recipe(config, trained)
    return config.model_copy(update={"designs": (*trained.card.designs, *designs)})


def _refuse_another_recipe(config: GdiNetConfig, trained: Trained) -> None:
    """Walks and frames are those that the folder's networks learned from."""
    then = trained.facts.get("provenance", {}).get("config", {})
    was = {"frames": trained.card.frames, "data": then.get("data", {})}
    now = config.model_dump(mode="json")
    found = [
        f"{part}.{key} was {value} and is {now[part].get(key)}"
        for part, settings in was.items()
        for key, value in settings.items()
        if now[part].get(key) != value
    ]
    if found:
        raise InputError(
            f"--beside {trained.name}: was trained by another recipe: {', '.join(found)}; give its "
            "own with --config."
        )
