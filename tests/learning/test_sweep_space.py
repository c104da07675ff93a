"""A search space: what it takes, what it refuses, and the same space for Weights & Biases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simgait.errors import InputError
from simgait.learning.config_file import load_config
from simgait.learning.sweep_space import Point, SweepSpace, load_space, point_of
from simgait.learning.sweep_wandb import wandb_yaml
from simgait.resources import resource_dir

SHIPPED = resource_dir("configs")
HEAD = 'recipe = "train_default.toml"\nsteps = 4096\ntrials = 3\n'
SPACE = (
    HEAD
    + """
[space.ppo]
learning_rate = { low = 1e-5, high = 1e-3, log = true }
epochs = { low = 1, high = 4 }
n_envs = { low = 8, high = 32, step = 8 }
entropy = { low = 0.0, high = 0.01 }
optimiser = { choices = ["adam", "rmsprop"] }
[space.networks]
policy_layers = { choices = [[8, 8], [16]] }
"""
)


def space(tmp_path: Path, text: str = SPACE) -> SweepSpace:
    path = tmp_path / "space.toml"
    path.write_text(text)
    return load_space(path, SHIPPED)


def test_a_point_is_the_base_recipe_but_for_what_is_searched(tmp_path: Path) -> None:
    found = space(tmp_path)
    point: Point = {"ppo.learning_rate": 2e-4, "ppo.optimiser": "rmsprop",
             "networks.policy_layers": "[8, 8]"}  # fmt: skip
    config, base = found.config(point), load_config(SHIPPED / "train_default.toml")
    assert (config.ppo.learning_rate, config.ppo.optimiser) == (2e-4, "rmsprop")
    assert config.networks.policy_layers == (8, 8)
    assert config.ppo.total_steps == 4096
    assert config.tracking == base.tracking and config.data == base.data


def test_a_recipe_beside_the_space_goes_before_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "train_default.toml").write_text("[ppo]\nunroll = 5\n")
    assert space(tmp_path).config({}).ppo.unroll == 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{HEAD}[space.ppo]\nspeed = {{ low = 1, high = 2 }}", "there is no setting ppo.speed"),
        (f"{HEAD}[space.ppo]\nepochs = {{ low = 0, high = 2 }}", "ppo.epochs cannot be 0"),
        (f"{HEAD}[space.ppo]\nepochs = {{ low = 3, high = 2 }}", "low = 3 is not below high = 2;"),
        (f"{HEAD}[space.ppo]\nepochs = {{ low = 3 }}", ": give low and high, or choices."),
        (f"{HEAD}[space.ppo]\nepochs = 3", "ppo.epochs in [space] is no range"),
        (f"{HEAD}[space.ppo]\nclip = {{ low = 0.1, high = 1.0, step = 2 }}", "without a point"),
        (f"{HEAD}[space.ppo]\nclip = {{ low = 0.0, high = 1.0, log = true }}", "log needs low > 0"),
        (f"{HEAD}[space.ppo]\nepochs = {{ low = 1, choices = [2] }}", "choices stand alone"),
        (f'{HEAD}[space.ppo]\noptimiser = {{ choices = ["sgd"] }}', "ppo.optimiser cannot be"),
        (f"{HEAD}[space.ppo]\ntotal_steps = {{ low = 1, high = 2 }}", "set steps instead"),
        (f"{HEAD}[space]\n", "[space] is empty"),
        (f"{HEAD}colour = 3\n[space]\n", "there is no colour; known there: recipe, steps, tri"),
        (f"{HEAD}trails = 40\n[space]\n", "there is no trails; did you mean trials?"),
        (f"{HEAD}[space.ppo]\nepochs = {{ low = 1, hihg = 2 }}", "no hihg; did you mean high?"),
        (f"{HEAD}[space.ppo]\nepoch = {{ low = 1, high = 2 }}", "did you mean ppo.epochs?"),
        (f"{HEAD}[space.ppo]\nepochs = {{ choices = [] }}", "ppo.epochs: choices is empty; name"),
        (f"{HEAD}[space.ppo]\nepochs = {{ choices = 3 }}", "choices = 3 is no list; write it as"),
        (f'{HEAD}[space.ppo]\nepochs = {{ low = "a", high = 2 }}', "low = 'a' is no number"),
        (f'{HEAD}[space.ppo]\nclip = {{ low = 1, high = 2, log = "x" }}', "neither true nor false"),
        (f"{HEAD}[space.ppo]\nminibatches = {{ choices = [8, 7] }}",
         "ppo.minibatches = 7 fits no trial, whatever the other settings are: A batch of n_envs x"),
        (f"{HEAD}[space.ppo]\nminibatches = {{ choices = [7] }}\n"
         "n_envs = { low = 64, high = 384, step = 64 }", "ppo.minibatches = 7 fits no trial"),
        (f"{HEAD}[space.ppo]\nweight_decay = {{ low = 0.01, high = 0.1 }}\n"
         'optimiser = { choices = ["adam", "rmsprop"] }', "weight_decay = 0.01 fits no trial"),
        (f"{HEAD}space = 3", "space = 3 is no table"),
        (f"{HEAD}seed = 1.5\n[space]\n", "seed = 1.5 is no whole number"),
        (f"{HEAD.replace('4096', '0')}[space]\n", "steps = 0 is below 1; give a greater one."),
        (HEAD.replace("4096", "'many'"), "space.toml: steps = 'many' is no whole number; write on"),
        ('recipe = 3\nsteps = 1\n[space]\n', "recipe = 3 is no text; write it in quotes"),
        ('recipe = "train_default.toml"\n[space]\n', "space.toml: steps is missing; give it."),
        ('recipe = "none.toml"\nsteps = 1\n[space.ppo]\nepochs = { low = 1, high = 2 }',
         "none.toml: there is no such recipe"),
    ],
)  # fmt: skip
def test_a_space_that_is_wrong_is_refused_in_one_sentence(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        space(tmp_path, text)
    assert words in str(caught.value) and "\n" not in str(caught.value)
    for jargon in ("Extra inputs", "Value error", "Field required"):
        assert jargon not in str(caught.value)


def test_what_fits_only_beside_another_choice_may_be_searched(tmp_path: Path) -> None:
    both = space(
        tmp_path,
        f'{HEAD}[space.ppo]\noptimiser = {{ choices = ["adam", "adamw"] }}\n'
        "weight_decay = { low = 0.01, high = 0.1 }",
    )
    assert both.config({"ppo.optimiser": "adamw", "ppo.weight_decay": 0.1}).ppo.weight_decay == 0.1
    with pytest.raises(InputError, match="weight_decay needs optimiser"):
        both.config({"ppo.optimiser": "adam", "ppo.weight_decay": 0.1})


@pytest.mark.parametrize(
    "others",
    [
        "n_envs = { choices = [512, 56] }",
        "n_envs = { low = 100, high = 1000 }",  # neither end, but others between them
        "n_envs = { low = 8, high = 30, step = 8 }\nunroll = { choices = [16, 14] }",
    ],
)
def test_a_batch_may_divide_by_another_setting_that_is_searched(
    tmp_path: Path, others: str
) -> None:
    seven = f"{HEAD}[space.ppo]\nminibatches = {{ choices = [8, 7] }}\n"
    assert "ppo.minibatches" in space(tmp_path, seven + others).ranges


def test_the_last_of_a_stepped_range_is_the_last_that_is_drawn(tmp_path: Path) -> None:
    found = space(tmp_path, f"{HEAD}[space.ppo]\nn_envs = {{ low = 8, high = 31, step = 8 }}")
    assert found.ranges["ppo.n_envs"].ends == (8, 24)
    assert found.ranges["ppo.n_envs"].tried == (8, 16, 24)


def test_a_command_line_spells_a_point(tmp_path: Path) -> None:
    words = ["ppo.learning_rate=1e-4", "ppo.epochs=2", "ppo.n_envs=16", "ppo.entropy=0.001",
             "ppo.optimiser=adam", "networks.policy_layers=[8, 8]"]  # fmt: skip
    found = space(tmp_path)
    point = point_of(found, words)
    assert found.config(point).networks.policy_layers == (8, 8) and point["ppo.epochs"] == 2
    for wrong, said in (
        ([*words[:-1], "ppo.epochs=2"], "once, as name=value"),
        (words[:-1], "networks.policy_layers of space.toml has no value"),
        (["ppo.epochs=9", *words[2:]], "ppo.epochs=9: is not among 1 to 4"),
        (["ppo.epochs=two"], "not among 1 to 4"),
        (["ppo.optimiser=sgd"], "not among adam, rmsprop"),
    ):
        with pytest.raises(InputError, match=said):
            point_of(found, wrong)


def test_the_sweep_of_weights_and_biases_is_the_same_space(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    text = wandb_yaml(space(tmp_path), Path("space.toml"), Path("runs/sweep"))
    sweep = yaml.safe_load(text)
    assert sweep["method"] == "bayes"
    assert sweep["metric"] == {"name": "validation_score", "goal": "minimize"}
    assert sweep["run_cap"] == 3
    parameters = sweep["parameters"]
    rate = parameters["ppo.learning_rate"]
    assert rate["distribution"] == "log_uniform_values"
    assert (rate["min"], rate["max"]) == (1e-5, 1e-3), "numbers, not words"
    assert parameters["ppo.epochs"] == {"distribution": "int_uniform", "min": 1, "max": 4}
    assert parameters["ppo.n_envs"] == {"distribution": "q_uniform", "min": 8, "max": 32, "q": 8}
    assert parameters["ppo.entropy"] == {"distribution": "uniform", "min": 0.0, "max": 0.01}
    assert parameters["ppo.optimiser"] == {"values": ["adam", "rmsprop"]}
    assert json.loads(parameters["networks.policy_layers"]["values"][0]) == [8, 8]
    assert sweep["command"][-2:] == ["--at", "${args_no_hyphens}"]


def test_the_shipped_example_is_a_space() -> None:
    assert load_space(SHIPPED / "sweep_example.toml", SHIPPED).trials == 40
