"""Recipes that a command line names: a tracker's are read, a companion's are sent where they go."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.learning.config import TrainingConfig


def load_training_recipe(path: Path, seed: int | None = None) -> TrainingConfig:
    """A tracker's recipe, with another seed where one is given.

    Raises:
        InputError: it is a companion's, `load_config` cannot read it, or the seed is none.
    """
    from simgait.learning.config_file import load_config, read_settings
    from simgait.learning.seeds import LARGEST

    refuse_companions_recipe(path.name, read_settings(path))
    if seed is None:
        return load_config(path)
    if not 0 <= seed <= LARGEST:
        raise InputError(f"--seed {seed}: give a whole number from 0 to {LARGEST}.")
    config = load_config(path, seed=seed)
    if config.own_seeds:
        own = ", ".join(f"{name} = {value}" for name, value in config.own_seeds.items())
        print(f"seed {seed}; of its own the recipe says {own}.", file=sys.stderr, flush=True)
    return config


def refuse_companions_recipe(file: str, settings: Mapping[str, Any]) -> None:
    """Refuses a recipe that is named like a companion.

    Some of them name nothing else, and would begin the default training of a tracker.

    Args:
        file: its name, for what is said.
        settings: as it has them.

    Raises:
        InputError: it is a companion's.
    """
    from simgait.companions import companion_names, load_companion

    name = str(settings.get("name", "")).replace("_", "-")
    if name in companion_names() and load_companion(name).learning is not None:
        raise InputError(
            f"{file}: is a recipe of the companion {name} and trains no tracker; the command is "
            f"simgait companion train {name} --config {file}. A tracker's recipe needs another "
            "name."
        )
