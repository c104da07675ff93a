"""A companion's recipe that cannot be used is one sentence, in the words of every recipe."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.companions.gengait.config import load_gengait_config
from simgait.errors import InputError


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[data]\nown_share = 1.5", "data.own_share cannot be 1.5: it must be below 1.0."),
        ("[data]\nown_share = 0", "data.own_share cannot be 0: it must be above 0.0."),
        (
            "[optimiser]\nsteps = 'ten'",
            "optimiser.steps cannot be 'ten': it must be a whole number.",
        ),
        (
            "[data]\nown_shar = 0.5",
            "there is no setting data.own_shar; known there: first, walkers,",
        ),
    ],
)
def test_a_setting_that_cannot_be_is_a_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as told:
        load_gengait_config(recipe)
    assert str(told.value).startswith(f"recipe.toml: {sentence}")


def test_a_folder_without_a_name_is_called_as_it_was_given() -> None:
    with pytest.raises(InputError, match=r"^\.: is a folder; give the file in it"):
        load_gengait_config(".")
