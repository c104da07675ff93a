"""Training recipes as TOML files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simgait.errors import InputError, first_problem, setting_problem
from simgait.learning.config import LearnerConfig, TrainingConfig
from simgait.text_files import read_facts, read_toml
from simgait.tracking.policies import CONFIG_FILE
from simgait.tracking.term_plugins import import_plugins


class ContradictionError(InputError):
    """Settings of a recipe of which each may be as it is, but not all of them together."""


def load_config(path: Path | str, *, seed: int | None = None) -> TrainingConfig:
    """Reads a training recipe; what it does not name keeps its default.

    Modules that it names in `[tracking] plugins` are imported: they register terms of their own.

    A recipe may begin with `extends = "other.toml"`, a file in the same folder, or with
    `"../other.toml"`, one in the folder above: what it does not name is then as there. `seed`
    replaces the recipe's own.

    Raises:
        InputError: the file is missing or no TOML, a setting is unknown or out of range, or nobody
            registered a term that it names; the sentence names the setting.
    """
    path = Path(path)
    over = {} if seed is None else {"seed": seed}
    return checked_config(read_settings(path) | over, path.name)


def checked_config(settings: Mapping[str, Any], name: str) -> TrainingConfig:
    """The recipe that settings make.

    Args:
        settings: as a recipe's file has them.
        name: of that file, for what is said.

    Raises:
        InputError: see `load_config`; a `ContradictionError` where settings contradict each other.
    """
    try:
        config = TrainingConfig.model_validate(settings)
    except ValidationError as error:
        together = all(one["type"] == "value_error" for one in error.errors())
        kind = ContradictionError if together else InputError
        raise kind(f"{name}: {setting_problem(error, TrainingConfig)}.") from None
    import_plugins(config.tracking)
    return config


def refuse_uneven_batch(learner: LearnerConfig) -> None:
    """Raises ContradictionError where a batch does not divide into the minibatches."""
    batch = learner.steps_of_iteration
    if batch % learner.minibatches:
        raise ContradictionError(
            f"A batch of n_envs x unroll = {learner.n_envs} x {learner.unroll} = {batch} steps "
            f"does not divide into minibatches = {learner.minibatches}; change one of the three in "
            f"[{learner.table}]."
        )


def load_training_config(folder: Path) -> TrainingConfig:
    """Reads how a policy was trained, from its folder.

    Raises:
        InputError: the folder holds no such config, or one that this version cannot read.
    """
    try:
        return TrainingConfig.model_validate(read_facts(folder / CONFIG_FILE))
    except ValidationError as error:
        raise InputError(
            f"{folder.name}: {CONFIG_FILE} does not say how the policy was trained "
            f"({first_problem(error)}); name the folder of a policy."
        ) from None


def read_settings(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """What a recipe's file says, and the files that it extends; defaults are not in it.

    Raises:
        InputError: a file is missing or no TOML, or files extend each other.
    """
    # Unlike Path.exists, this takes a name that no file system has for a file that is not there.
    if not os.path.exists(path):
        raise InputError(f"{path.name}: there is no such recipe; check the path.")
    settings = read_toml(path)
    name = settings.pop("extends", None)
    if name is None:
        return settings
    # Its folder without "..", so that a file has one name and a circle is seen.
    below = (path.parent.resolve() / path.name, *above)
    base = _extended(below[0], name)
    if base in below:
        raise InputError(f"{path.name}: extends {name}, which extends it; break the circle.")
    if not base.exists():
        raise InputError(f"{path.name}: extends {name}, and there is no such recipe; mend that.")
    return merged(read_settings(base, below), settings)


def _extended(path: Path, name: Any) -> Path:
    """The file that the recipe at `path` extends: beside it, or one folder above, nowhere else."""
    own = name.removeprefix("../") if isinstance(name, str) else ""
    if not own or Path(own).name != own:
        raise InputError(
            f"{path.name}: extends takes the name of a file in the same folder, or ../ and the "
            "name of one in the folder above."
        )
    return (path.parent.parent if own != name else path.parent) / own


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`base` with the values of `over`; tables are merged, anything else is replaced."""
    result = dict(base)
    for name, value in over.items():
        below = result.get(name)
        both = isinstance(below, dict) and isinstance(value, dict)
        result[name] = merged(below, value) if both else value  # type: ignore[arg-type]
    return result
