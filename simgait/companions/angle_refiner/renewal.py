"""One network learned anew, the others of a folder kept as they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simgait.companions.angle_refiner.refiner import Refiner
from simgait.companions.angle_refiner.walks import SYSTEMS
from simgait.companions.angle_refiner.weights import load_refiners


def trained_words(facts: Mapping[str, Any]) -> str:
    """When, from what and where the networks of a card were trained."""
    return (
        f"{facts['date']}, simgait commit `{facts['provenance']['commit']}`, {facts['machine']}; "
        f"{facts['training_minutes']:.0f} min after the walks"
    )


def beside_others(
    refiners: Mapping[str, Refiner], facts: Mapping[str, Any], folder: Path
) -> tuple[dict[str, Refiner], dict[str, Any]]:
    """Networks just trained and their facts, with those of a folder that were not.

    Args:
        refiners: by system.
        facts: of a card, rows of the people left out among them.
        folder: of the others.

    Raises:
        InputError: it is missing or damaged.
    """
    kept, card = load_refiners(folder)
    before = card.model_dump()
    others = [name for name in SYSTEMS if name in kept and name not in refiners]
    words = trained_words(before)
    if before["learned_from"] != facts["learned_from"]:
        words += f"; from {before['learned_from']}"
    networks = dict(facts["networks"])
    for name in others:
        own = before["networks"][name]
        networks[name] = own | {"trained": own["trained"] or words}
    merged = {name: networks[name] for name in SYSTEMS if name in networks}
    rows = [*facts["evaluation"], *(row for row in before["evaluation"] if _of(row) in others)]
    order = list(merged)
    return (
        {name: refiners.get(name) or kept[name] for name in merged},
        {
            **facts,
            "networks": merged,
            "evaluation": sorted(rows, key=lambda row: order.index(_of(row))),
            **{
                what: {n: facts[what].get(n) or before[what][n] for n in merged}
                for what in ("left_out", "curves")
            },
        },
    )


def _of(row: Mapping[str, Any]) -> str:
    """The system of a row: "pelvic tilt, simulated, people with markers" is of simulated bodies."""
    return str(row["quantity"]).split(", ")[1]
