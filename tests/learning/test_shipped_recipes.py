"""The recipes that come with simgait: each can be followed, and makes what is said of it."""

from __future__ import annotations

import pytest

from simgait.companions import companion_names, load_companion
from simgait.errors import InputError
from simgait.learning.beginning import refuse_other_networks
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_config, load_training_config, refuse_uneven_batch
from simgait.learning.run_folder import differences
from simgait.resources import resource_dir
from simgait.tracking.policies import load_policy

CONFIGS, RELEASED = resource_dir("configs"), resource_dir("policies") / "default"
COMPANIONS = {
    load_companion(name).learns().recipe
    for name in companion_names()
    if load_companion(name).learning is not None
}
RECIPES = sorted(
    str(path.relative_to(CONFIGS))
    for path in CONFIGS.rglob("*.toml")
    if path.name not in COMPANIONS and not path.name.startswith("sweep_")
)


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_is_one_whose_batch_divides(name: str) -> None:
    refuse_uneven_batch(load_config(CONFIGS / name).learner)


def test_the_released_policy_was_made_by_the_recipe_that_is_called_so() -> None:
    """The release is what this recipe makes: change both, or neither."""
    made, recipe = load_training_config(RELEASED), load_config(CONFIGS / "release.toml")
    records = [{"config": one.model_dump(mode="json")} for one in (made, recipe)]
    found = differences(records[0], records[1], TrainingConfig)
    assert found == ['name was "default" and is "release"']
    assert load_policy(RELEASED).card["steps"] <= recipe.learner.steps_in_all


def test_the_tight_helper_goes_on_from_the_released_policy_down_to_two_percent() -> None:
    recipe = load_config(CONFIGS / "tight_helper.toml")
    refuse_other_networks(recipe, load_policy(RELEASED))
    begins = recipe.curriculum.residual_force_bw
    assert begins is not None and begins.to == recipe.tracking.control.residual_force_bw == 0.02
    assert begins.begin == load_policy(RELEASED).config.tracking.control.residual_force_bw
    with pytest.raises(InputError, match="whole_humanoid"):
        refuse_other_networks(load_config(CONFIGS / "whole_body.toml"), load_policy(RELEASED))


def test_no_recipe_is_left_out_here() -> None:
    assert len(RECIPES) > 20 and "release.toml" in RECIPES
