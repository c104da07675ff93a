"""The folder of a released companion: weights, a card of facts about them, a page for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

import jax
import numpy as np
from pydantic import BaseModel, ValidationError

from simgait.errors import InputError, first_problem
from simgait.files import whole_folder, write_text
from simgait.provenance import file_sha256
from simgait.text_files import read_facts
from simgait.weight_files import save_tree

WEIGHTS_FILE, CARD_FILE, README_FILE = "weights.safetensors", "card.json", "README.md"


Card = TypeVar("Card", bound=BaseModel)


def save_released(
    folder: Path,
    tree: Any,
    facts: Mapping[str, Any],
    readme: Callable[[Mapping[str, Any]], str],
    beside: Mapping[str, Callable[[Path], None]] | None = None,
) -> str:
    """Writes weights, card and a page for people; the folder's files appear together.

    Args:
        folder: of the companion.
        tree: arrays, saved as float32.
        facts: of the card, which also gets the hash of the weights.
        readme: the page of a card.
        beside: name of a further file -> what writes it.

    Returns:
        the hash of the weights.

    Raises:
        InputError: the folder cannot be written; an earlier one is still there then.
    """
    more = dict(beside or {})
    with whole_folder(folder, {WEIGHTS_FILE, CARD_FILE, README_FILE, *more}) as part:
        single = jax.tree.map(lambda leaf: np.asarray(leaf, np.float32), tree)
        save_tree(part / WEIGHTS_FILE, single, with_checksum=False)
        for name, write in more.items():
            write(part / name)
        sha256 = file_sha256(part / WEIGHTS_FILE)
        card = {**facts, "sha256": sha256}
        write_text(part / CARD_FILE, json.dumps(card, indent=1, allow_nan=False) + "\n")
        write_text(part / README_FILE, readme(card))
    return sha256


def read_released_card(folder: Path, of: type[Card], what: str) -> Card:
    """The card of a companion ("an angle refiner").

    Raises:
        InputError: it is missing, no JSON object, or lacks a fact that every such card has.
    """
    try:
        return of.model_validate(read_facts(folder / CARD_FILE))
    except ValidationError as error:
        raise InputError(
            f"{folder.name}: {CARD_FILE} is not that of {what} ({first_problem(error)}); name "
            "a folder of its weights, or fetch this one again."
        ) from None


def check_files(folder: Path, what: str, beside: Collection[str] = ()) -> None:
    """All that a companion is read from is there.

    Raises:
        InputError: a file is missing.
    """
    needed = {WEIGHTS_FILE, CARD_FILE, *beside}
    missing = sorted(name for name in needed if not (folder / name).is_file())
    if missing:
        raise InputError(
            f"{folder.name}: not {what}, it lacks {', '.join(missing)}; check the path."
        )


def check_weights(folder: Path, sha256: str) -> None:
    """The weights have the hash that their card names.

    Raises:
        InputError: they have another.
    """
    if file_sha256(folder / WEIGHTS_FILE) != sha256:
        raise InputError(
            f"{folder.name}: the weights are not those of the model card; fetch them again."
        )
