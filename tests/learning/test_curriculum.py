"""Schedules of the environment: what they are when, what they change, and where they must end."""

from __future__ import annotations

import tomllib
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from brax.envs.base import State

from simgait.errors import InputError
from simgait.learning.config import PPOConfig, TrainingConfig
from simgait.learning.config_file import checked_config
from simgait.learning.curriculum import (
    PLACES,
    CurriculumConfig,
    Schedule,
    tracking_with,
    values_at,
)
from simgait.learning.ppo import PPO
from simgait.learning.recipe_text import toml_table
from simgait.learning.rollout import Environments
from simgait.skeleton.dimensions import GRAVITY_MPS2, dimensions_from_height
from simgait.tracking import environment
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import TrackingConfig
from simgait.tracking.policy_config import NetworkConfig
from simgait.tracking.residual import residual_bounds
from tests.tracking.gliding import glide

FIVE_TO_TWO = {"from": 0.05, "to": 0.02, "steps": 1000}
TRACKING = TrackingConfig()
ENDS = {name: getattr(getattr(TRACKING, table), field) for name, (table, field) in PLACES.items()}


def steps(count: int) -> jax.Array:
    return jnp.asarray(count, jnp.int32)


def test_a_schedule_is_a_straight_line_and_then_stays() -> None:
    one = Schedule(**FIVE_TO_TWO)
    found = [float(one.at(steps(n))) for n in (0, 500, 1000, 5_000_000)]
    assert found == pytest.approx([0.05, 0.035, 0.02, 0.02])
    assert one.model_dump() == FIVE_TO_TWO
    assert Schedule.model_validate(one.model_dump()) == one


def test_every_schedule_is_of_a_setting_and_changes_it_alone() -> None:
    assert set(PLACES) == set(CurriculumConfig.model_fields)
    assert tracking_with(TRACKING, {}) is TRACKING
    for name, (table, field) in PLACES.items():
        changed = tracking_with(TRACKING, {name: 0.123})
        assert getattr(getattr(changed, table), field) == 0.123
        assert tracking_with(changed, {name: ENDS[name]}) == TRACKING


def test_the_helpers_bound_follows_down_to_none() -> None:
    dims = dimensions_from_height(1.75)
    curriculum = CurriculumConfig(
        residual_force_bw=Schedule(**{"from": 0.05, "to": 0.0, "steps": 100})
    )
    shares = []
    for count in (0, 60, 100, 200):
        now = tracking_with(TRACKING, values_at(curriculum, steps(count)))
        force_n = residual_bounds(now.control, dims)[0]
        shares.append(float(force_n) / (dims.mass_kg * GRAVITY_MPS2))
    assert shares == pytest.approx([0.05, 0.02, 0.0, 0.0], abs=2e-6)


def recipe(**said: object) -> TrainingConfig:
    return checked_config({"curriculum": said}, "recipe.toml")


def test_a_schedule_ends_where_the_policy_is_used() -> None:
    bound = ENDS["residual_force_bw"]
    fine = recipe(residual_force_bw={"from": 2 * bound, "to": bound, "steps": 10})
    assert fine.curriculum.schedules["residual_force_bw"].begin == 2 * bound
    for said, words in (
        ({"residual_force_bw": {"from": 0.1, "to": 0.5, "steps": 10}},
         r"ends at 0.5, and tracking.control.residual_force_bw is 0.05; give both the same"),
        ({"observation_noise": {"from": -1.0, "to": 0.0, "steps": 10}}, "begins at -1; give 0"),
        ({"residual_force_bw": {"from": 0.1, "to": bound}}, "steps"),
        ({"gravity": {"from": 0, "to": 1, "steps": 2}}, "no setting curriculum.gravity"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            recipe(**said)


def test_another_algorithm_than_ppo_is_told_that_it_does_not_look() -> None:
    shac = {"algorithm": "shac", "tracking": {"body": {"solver_iterations": 1}}}
    assert checked_config(shac, "recipe.toml").algorithm == "shac"
    noise = {"observation_noise": {"from": 0.1, "to": 0.0, "steps": 500}}
    for more, words in (
        ({"curriculum": noise}, "curriculum.observation_noise needs algorithm = 'ppo'; shac"),
        ({"sampling": {"by": "failure", "floor": 0.2}}, "sampling needs algorithm = 'ppo'"),
    ):
        with pytest.raises(InputError, match=words):
            checked_config(shac | more, "recipe.toml")


def test_a_recipes_text_has_its_schedules() -> None:
    config = recipe(observation_noise={"from": 0.1, "to": 0.0, "steps": 500})
    text = toml_table(config)
    assert "# max_tilt_rad: not set" in text
    assert checked_config(tomllib.loads(text), "recipe.toml") == config


def test_noise_is_as_large_as_its_schedule_has_it(clips: ClipBank) -> None:
    env: Any = State(None, jnp.zeros((64, 50)), jnp.zeros(64), jnp.zeros(64), {}, {})
    key = jax.random.key(0)
    plain = Environments(TRACKING, clips, None)
    assert plain.seen(env, key) is env
    for sd in (0.2, 0.0):
        noisy = Environments(TRACKING, clips, None, now={"observation_noise": jnp.asarray(sd)})
        assert float(jnp.std(noisy.seen(env, key).obs)) == pytest.approx(sd, rel=0.05)


@pytest.mark.slow
def test_a_training_tightens_by_its_steps_and_ends_as_one_without(
    clips: ClipBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(environment), "simulate", glide)
    small: dict[str, Any] = {
        "networks": NetworkConfig(policy_layers=(8,), value_layers=(8,)),
        "ppo": PPOConfig(n_envs=8, unroll=4, epochs=1, minibatches=1, warm_up=0),
    }
    # From limits within which nothing stays to those of the recipe: 32 steps an iteration.
    tight = {
        name: Schedule(**{"from": 0.0, "to": ENDS[name], "steps": 64})
        for name in ("max_path_error_leg", "max_limb_error_leg")
    }
    scheduled = PPO(TrainingConfig(**small, curriculum=CurriculumConfig(**tight)))
    without = PPO(TrainingConfig(**small))
    run = scheduled.start(clips, jax.random.key(0))
    ended = []
    for _ in range(3):
        run, measured = scheduled.iterate(run, clips)
        ended.append(float(measured["fell"]) + float(measured["strayed"]))
    assert ended[0] > 0.9 and ended[2] < 0.5 * ended[0]
    # Beyond its steps a schedule is the setting itself.
    state = jax.tree.map(jnp.copy, run)
    (_, own), (_, other) = scheduled.iterate(run, clips), without.iterate(state, clips)
    for name, value in own.items():
        assert float(value) == pytest.approx(float(other[name]), rel=1e-4, abs=1e-5), name
    assert all(np.isfinite(float(value)) for value in own.values())
