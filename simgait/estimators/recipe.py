"""Recipes of companions: settings in a TOML file, checked; what is not named keeps its default."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from simgait.errors import InputError, setting_problem
from simgait.text_files import read_toml


class Settings(BaseModel):
    """Settings that nobody changes, and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Recipe = TypeVar("Recipe", bound=Settings)


def read_recipe(path: Path | str, kind: type[Recipe]) -> Recipe:
    """Reads a recipe; what it does not name keeps its default.

    Raises:
        InputError: the file is missing or no TOML, or a setting is unknown or out of range.
    """
    path = Path(path)
    settings = read_toml(path)
    try:
        return kind.model_validate(settings)
    except ValidationError as error:
        raise InputError(f"{path.name}: {setting_problem(error, kind)}.") from None
