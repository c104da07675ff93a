"""One seed for a recipe: what follows from it, what a stage says of its own, what 0 gives."""

from __future__ import annotations

import json
import tomllib
from dataclasses import astuple
from pathlib import Path
from typing import Any

import jax
import pytest

from simgait.body.refiner import initial_refiner
from simgait.errors import InputError
from simgait.learning import refiner_run, run_examples
from simgait.learning.config import FurtherRefinerConfig, PPOConfig, TrainingConfig
from simgait.learning.config_file import checked_config, load_config
from simgait.learning.progress import SILENT
from simgait.learning.recipe_text import recipe_text
from simgait.learning.refiner_training import RefinerConfig
from simgait.learning.run_folder import PROVENANCE_FILE
from simgait.learning.seeds import refiner_walks
from simgait.learning.stop_request import StopRequest
from simgait.resources import resource_dir
from simgait.skeleton.default import TRIMMED_HUMANOID

ALWAYS = {"walks the policy is chosen by": 2}


def test_the_default_seed_gives_the_numbers_that_the_released_policy_learned_by() -> None:
    assert astuple(refiner_walks(0)) == (1, 2, 3)
    config = load_config(resource_dir("configs") / "release.toml")
    assert config.seeds == ALWAYS | {
        "recipe": 0,
        "walks the refiner learns from": 1,
        "walks the refiner is chosen by": 2,
        "real people the refiner learns from": 3,
        "refiner": 0,
        "refiner_families": 0,
        "walks the policy learns from": 7,
        "policy": 0,
    }
    assert not config.own_seeds
    assert TrainingConfig(seed=0) == TrainingConfig()


def test_every_stage_follows_and_none_draws_what_another_did() -> None:
    one, two = (
        load_config(resource_dir("configs") / "release.toml", seed=seed).seeds for seed in (1, 2)
    )
    for name in one.keys() - ALWAYS.keys():
        assert one[name] != two[name], name
    assert one["policy"] == 1000 and one["walks the policy learns from"] == 1007
    drawn = [{v for k, v in seeds.items() if k not in ALWAYS} for seeds in (one, two)]
    assert not drawn[0] & drawn[1]


def test_a_stage_that_says_its_own_seed_keeps_it() -> None:
    said: dict[str, Any] = {"seed": 3, "data": {"seed": 7}, "ppo": {"n_envs": 64}}
    config = checked_config(said, "recipe.toml")
    assert (config.data.seed, config.ppo.seed, config.ppo.n_envs) == (7, 3000, 64)
    assert config.own_seeds == {"data.seed": 7}
    made = TrainingConfig(
        seed=3, ppo=PPOConfig(n_envs=64), refiner=RefinerConfig(seed=5),
        refiner_families=FurtherRefinerConfig(),
    )  # fmt: skip
    assert made.ppo.seed == 3000 and made.refiner.seed == 5
    assert made.refiner_families is not None and made.refiner_families.seed == 3000


def test_the_seed_is_that_of_the_algorithm_which_is_asked_for() -> None:
    config = checked_config({"seed": 2, "algorithm": "shac"}, "recipe.toml")
    assert (config.shac.seed, config.ppo.seed, config.learner.seed) == (2000, 0, 2000)
    assert not config.own_seeds


@pytest.mark.parametrize("seed", [0, 4])
def test_a_recipe_reads_back_as_it_was(seed: int) -> None:
    config = TrainingConfig(seed=seed)
    assert TrainingConfig.model_validate(json.loads(config.model_dump_json())) == config
    text = recipe_text(config)
    assert checked_config(tomllib.loads(text), "recipe.toml") == config
    # Written so that its seed can be changed, and every stage follows.
    other = checked_config(tomllib.loads(text) | {"seed": 9}, "recipe.toml")
    assert other == TrainingConfig(seed=9)


def test_the_default_recipe_is_as_its_script_writes_it() -> None:
    file = resource_dir("configs") / "train_default.toml"
    assert file.read_text(encoding="utf-8").endswith(f"\n{recipe_text(TrainingConfig())}")


@pytest.mark.parametrize(
    ("seed", "words"),
    [(-1, "must be 0 or more"), (2_000_000, "must be 1000000 or less"), ("3", "a whole number")],
)
def test_a_seed_that_is_none_is_refused(seed: object, words: str) -> None:
    with pytest.raises(InputError, match=f"seed cannot be .*{words}"):
        checked_config({"seed": seed}, "recipe.toml")


@pytest.mark.parametrize(("seed", "expected"), [(0, {1, 2, 3}), (5, {5001, 5002, 5003})])
def test_a_refiners_walks_and_provenance_are_by_the_recipes_seed(
    seed: int, expected: set[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: set[int] = set()
    data = tmp_path / "data"
    recording = data / "cmu_asfamc" / "02" / "02_01.amc"
    recording.parent.mkdir(parents=True)
    recording.touch()

    def draw(*_: object, seed: int, **more: object) -> list[object]:
        drawn.add(seed)
        return []

    for name in ("synthetic_examples", "restyled_examples", "real_examples", "people_examples"):
        monkeypatch.setattr(refiner_run, name, draw)
    weights = initial_refiner(jax.random.key(0), TRIMMED_HUMANOID)
    monkeypatch.setattr(refiner_run, "train_refiner", lambda *_, **more: weights)
    small = {"n_walkers": 1}
    settings = {"seed": seed, "refiner": small, "refiner_families": small | {"walkers": "restyled"}}
    config = checked_config(settings, "recipe.toml")
    refiner_run.train_refiner_alone(config, tmp_path / "run", data, SILENT, StopRequest())
    assert drawn == expected
    provenance = json.loads((tmp_path / "run" / PROVENANCE_FILE).read_text())
    assert provenance["seeds"] == config.seeds and provenance["config"]["seed"] == seed


def test_a_policys_walks_are_by_the_recipes_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def draw(*_: object, seed: int, **more: object) -> list[object]:
        drawn.append(seed)
        return []

    monkeypatch.setattr(run_examples, "synthetic_examples", draw)
    for seed in (0, 5):
        config = TrainingConfig(seed=seed)
        with pytest.raises(InputError, match="None of the walks that the policy is to learn"):
            run_examples.policy_examples(config, None)
        run_examples.validation_examples(config)
    assert drawn == [7, 2, 5007, 2]
