"""A teacher and a student: the loss by hand, who may teach, and that the student comes closer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.errors import InputError
from simgait.learning.algorithms import make_algorithm
from simgait.learning.beginning import RUN_FILE, checked_beginning, checked_fork
from simgait.learning.checkpoints import Checkpoints
from simgait.learning.config import PPOConfig, TrainingConfig
from simgait.learning.config_file import checked_config
from simgait.learning.ppo import PPO, divergence
from simgait.learning.progress import SILENT
from simgait.learning.run_folder import Recipe, run_folder
from simgait.learning.run_state import RunState
from simgait.learning.teacher import COLUMN, TeacherConfig, teacher_of
from simgait.learning.teacher_given import (
    checked_teacher,
    refuse_other_task,
    refuse_taught_already,
    who_taught,
)
from simgait.learning.training import run_training
from simgait.resources import resource_dir
from simgait.tracking import environment
from simgait.tracking.networks import make_networks
from simgait.tracking.policies import FixedStatistics, Policy, load_policy, save_policy
from simgait.tracking.policy_config import InitialiserConfig, NetworkConfig
from simgait.weight_files import save_tree
from tests.learning.test_ppo import goes_on_to_the_bit, leaves
from tests.learning.test_training import TINY, StopAt, contents, logged
from tests.learning.toy_world import NO_CLIPS, toy_world
from tests.tracking.gliding import glide

pytestmark = pytest.mark.usefixtures("hardly_optimised")

RELEASED = resource_dir("policies") / "default"
TOES = Path(__file__).parents[1] / "second_body" / "toe_humanoid.toml"
N_ENVS, UNROLL, ITERATIONS = 8, 4, 40
TAUGHT = TeacherConfig(weight=0.5, share=0.5)
SMALL = TrainingConfig(
    networks=NetworkConfig(policy_layers=(16,), value_layers=(16,), symmetric=False),
    ppo=PPOConfig(
        n_envs=N_ENVS, unroll=UNROLL, epochs=2, minibatches=2, learning_rate=3e-3,
        total_steps=ITERATIONS * N_ENVS * UNROLL,
    ),
    teacher=TAUGHT,
)  # fmt: skip


@cache
def released() -> Policy:
    return load_policy(RELEASED)


def with_settings(config: TrainingConfig, **tables: Any) -> TrainingConfig:
    return config.model_copy(update=tables)


@pytest.mark.parametrize(
    ("steps", "weight"), [(0, 0.5), (125, 0.375), (250, 0.25), (500, 0.0), (999, 0.0)]
)
def test_the_weight_falls_to_nothing_over_its_share(steps: int, weight: float) -> None:
    found = TAUGHT.weight_after(jnp.asarray(steps, jnp.int32), 1000)
    assert float(found) == pytest.approx(weight)


def test_the_slope_draws_mean_and_spread_to_the_teachers() -> None:
    """d/dμ = (μ - m) / s², d/d(log s) = 1 - (σ² + (μ - m)²) / s²."""
    m, sd = jnp.array([[0.5, -0.2]]), jnp.array([0.1, 0.4])
    mu, s = jnp.array([[0.1, -0.2]]), jnp.array([0.2, 0.2])

    def apart(mean: jax.Array, log_sd: jax.Array) -> jax.Array:
        return divergence(m, jnp.log(sd), mean, log_sd).sum()

    of_mean, of_log_sd = jax.grad(apart, argnums=(0, 1))(mu, jnp.log(s))
    assert np.allclose(of_mean, [[-0.4 / 0.04, 0.0]], atol=1e-4)
    assert np.allclose(of_log_sd, [1 - (0.01 + 0.16) / 0.04, 1 - 0.16 / 0.04], atol=1e-4)


def test_the_loss_has_the_weighted_divergence_on_the_batchs_observations() -> None:
    """One gradient step, all of the batch at once, with a rate that shows the gradient itself."""
    ppo = PPOConfig(**(SMALL.ppo.model_dump() | {"epochs": 1, "minibatches": 1, "warm_up": 0}))
    config = with_settings(SMALL, ppo=ppo)
    with toy_world():
        taught = PPO(config, teacher=teacher_of(released()))
        run = taught.start(NO_CLIPS, jax.random.key(0))
        _, seen, _ = taught._roll_out(run, NO_CLIPS, jax.random.split(run.key, 3)[0])
        before = jax.tree.map(np.array, run.params)
        _, row = taught.iterate(run, NO_CLIPS)
    seen_obs = np.asarray(seen.obs).reshape(N_ENVS * UNROLL, -1)
    # The teacher by its own networks and statistics, the student by its own, which are fresh.
    policy = released()
    own = make_networks(policy.config.tracking, policy.config.networks)
    m = np.asarray(own.mean(policy.params, policy.statistics, jnp.asarray(seen_obs)))
    sd = np.exp(np.asarray(policy.params["log_sd"]))
    blank = FixedStatistics(np.zeros(seen_obs.shape[1]), np.ones(seen_obs.shape[1]))
    mu = np.asarray(taught.networks.mean(before, blank, jnp.asarray(seen_obs)))
    s = np.exp(before["log_sd"])
    each = np.log(s / sd) + (sd**2 + (mu - m) ** 2) / (2 * s**2) - 0.5
    assert np.abs(m).max() > 0.1 and np.abs(mu).max() < 0.05
    assert float(row[COLUMN]) == pytest.approx(each.sum(axis=1).mean(), rel=1e-4)


def curve(config: TrainingConfig, policy: Policy | None) -> tuple[list[float], RunState]:
    """Divergence from the teacher over a whole training in the toy world, and how it ended."""
    with toy_world():
        ppo = PPO(config, teacher=None if policy is None else teacher_of(policy))
        run, found = ppo.start(NO_CLIPS, jax.random.key(0)), []
        for _ in range(ITERATIONS):
            run, row = ppo.iterate(run, NO_CLIPS)
            found.append(float(row.get(COLUMN, np.nan)))
    return found, run


def test_a_student_comes_closer_to_its_teacher_than_without_him() -> None:
    """Networks are other ones; who is only watched, with no weight, draws nobody."""
    taught, ended = curve(SMALL, released())
    watched, plain = curve(with_settings(SMALL, teacher=TeacherConfig()), released())
    assert taught[0] == pytest.approx(watched[0], rel=0.1) and np.isfinite(taught).all()
    half = ITERATIONS // 2
    assert taught[half] < 0.7 * taught[0] and taught[half] < 0.7 * watched[half]
    alone = curve(with_settings(SMALL, teacher=TeacherConfig()), None)[1]
    assert jax.tree.all(jax.tree.map(np.allclose, plain.params, alone.params))
    assert not np.allclose(ended.params["log_sd"], alone.params["log_sd"])


def iterated(ppo: PPO, run: RunState) -> dict[str, np.ndarray]:
    return leaves(ppo.iterate(jax.tree.map(jnp.array, run), NO_CLIPS)[0])


def test_beyond_its_share_a_teacher_teaches_nothing() -> None:
    with toy_world():
        taught = PPO(SMALL, teacher=teacher_of(released()))
        alone = PPO(with_settings(SMALL, teacher=TeacherConfig()))
        run = alone.start(NO_CLIPS, jax.random.key(0))
        run = alone.iterate(run, NO_CLIPS)[0]  # from where the rate is not 0 any more
        apart = {}
        for name, count in (("first", 32), ("beyond", SMALL.ppo.steps_in_all // 2)):
            now = replace(run, steps=jnp.asarray(count, jnp.int32))
            one, other = iterated(taught, now), iterated(alone, now)
            apart[name] = max(np.abs(one[key] - other[key]).max() for key in one if "param" in key)
    assert apart["beyond"] < 1e-6 < apart["first"]


@pytest.fixture
def halves(tmp_path: Path) -> Iterator[tuple[PPO, Path]]:
    with toy_world():
        yield PPO(SMALL, teacher=teacher_of(released())), tmp_path / "checkpoint.safetensors"


def test_a_resumed_student_is_the_same_to_the_bit(halves: tuple[PPO, Path]) -> None:
    ppo, checkpoint = halves
    run, rows = ppo.start(NO_CLIPS, jax.random.key(0)), []
    for iteration in range(5):
        run, row = ppo.iterate(run, NO_CLIPS)
        rows.append({name: float(value) for name, value in row.items()})
        if iteration == 1:
            save_tree(checkpoint, run)
    goes_on_to_the_bit(ppo, NO_CLIPS, checkpoint, rows[2:], run)


def test_the_log_has_a_column_of_it_only_where_somebody_teaches() -> None:
    assert COLUMN in make_algorithm(SMALL, teacher=released()).columns
    assert COLUMN not in make_algorithm(with_settings(SMALL, teacher=TeacherConfig())).columns
    with pytest.raises(InputError, match=r"teacher.weight is 0.5 and there is nobody to follow"):
        make_algorithm(SMALL)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"teacher": {"share": 0.3}}, "share needs weight > 0, say 1; at 0 nobody is followed"),
        ({"teacher": {"weight": -1.0}}, "teacher.weight cannot be -1"),
        ({"teacher": {"weight": 1e39}}, "teacher.weight cannot be 1e[+]39: it must be 1000"),
        ({"teacher": {"weight": 1.0, "share": 0.0}}, "teacher.share cannot be 0"),
        ({"teacher": {"weight": 1.0, "share": 1.5}}, "teacher.share cannot be 1.5"),
        ({"algorithm": "shac", "teacher": {"weight": 1.0}}, "teacher needs algorithm = 'ppo'"),
        (
            {
                "teacher": {"weight": 1.0},
                "curriculum": {"residual_force_bw": {"from": 0.1, "to": 0.05, "steps": 10}},
            },
            "curriculum.residual_force_bw changes what an action does, and a teacher's do the same",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        checked_config(settings, "recipe.toml")


def taught_by(**tables: Any) -> TrainingConfig:
    """A recipe with a teacher and these settings of the environment."""
    return checked_config({"teacher": {"weight": 0.5}, "tracking": tables}, "recipe.toml")


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"body": {"model": str(TOES)}}, "it is of the body trimmed_humanoid, the recipe's of toe"),
        ({"observation": {"future_frames": 9}}, "observation.future_frames is 4 for it and 9"),
        ({"observation": {"keypoints": "recorded"}}, "keypoints is fitted for it and recorded"),
        ({"control": {"mode": "torque"}}, "control.mode is reference_pd for it and torque"),
        ({"control": {"offset_rad": 0.3}}, r"offset_rad is 0.25 for it and 0.3 for the recipe;"),
        ({"control": {"residual_force_bw": 0.02}}, "residual_force_bw is 0.05 for it and 0.02"),
        ({"control": {"residual_moment_bw_leg": 0.1}}, "residual_moment_bw_leg is 0.08 for it"),
        ({"control": {"residual_feedback": [0.0] * 4}}, "control.residual_feedback is"),
        ({"body": {"joint_damping_ratio_s": 0.05}}, "body.joint_damping_ratio_s is 0.03 for it"),
        ({"body": {"joint_torque_limit_nm": [99.0] * 5}}, "body.joint_torque_limit_nm is"),
    ],
)
def test_who_sees_or_does_other_things_does_not_teach(tables: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=f"--teacher default: .*{words}"):
        checked_teacher(taught_by(**tables), RELEASED)


@pytest.mark.parametrize(
    "tables",
    [
        {},
        {"observation": {"noise": 0.01}},
        {"control": {"substeps": 4, "range_rad": 0.5}, "body": {"timestep_s": 1 / 120}},
        {"reward": {"contact": 0.5}, "reset": {"retry_share": 0.0}, "body": {"friction": 0.8}},
    ],
)
def test_physics_rewards_and_noise_do_not_matter(tables: dict[str, Any]) -> None:
    found = checked_teacher(taught_by(**tables), RELEASED)
    assert found is not None and found.sha256 == released().sha256


def test_a_teacher_may_have_an_initialiser_and_must_see_as_many_numbers() -> None:
    config = released().config.model_copy(update={"initialiser": InitialiserConfig(use=True)})
    refuse_other_task(taught_by(), replace(released(), config=config), "it")
    longer = FixedStatistics(np.zeros(7), np.ones(7))
    with pytest.raises(InputError, match=r"it observes 7 numbers and the recipe's policy 422"):
        refuse_other_task(taught_by(), replace(released(), statistics=longer), "it")


def test_a_training_is_known_by_its_teacher_too(tmp_path: Path) -> None:
    config, run = with_settings(TINY, teacher=TAUGHT), tmp_path / "run"
    given = checked_beginning(config, None, None, RELEASED).given
    assert given == {
        "--refiner": None, "--warm-start": None, "--teacher": released().sha256,
    }  # fmt: skip
    assert checked_beginning(TINY, None, None).given["--teacher"] is None
    recipe = Recipe("policy", config, given | {"--data": None, "--teacher": "ab"})
    with run_folder(run, recipe, RUN_FILE, pytest.fail, results=()):
        pass
    with pytest.raises(InputError, match=f'--teacher was "ab" and is "{released().sha256}"'):
        run_training(config, run, teacher=RELEASED, progress=SILENT)


@pytest.mark.parametrize(
    ("config", "steps"), [(TAUGHT, 499), (TeacherConfig(), 900), (TeacherConfig(weight=1), 499)]
)
def test_a_fork_is_taught_while_there_is_something_to_teach(
    config: TeacherConfig, steps: int
) -> None:
    refuse_taught_already(config, steps, 1000, "run")
    if config.weight:
        with pytest.raises(InputError, match=r"run: has 500 steps .* for the first 500 .*raise"):
            refuse_taught_already(config, 500, 1000, "run")


def test_a_fork_past_its_teacher_is_refused(tmp_path: Path) -> None:
    facts = {"steps": 24, "provenance": Recipe("policy", TINY, {}).record()}
    Checkpoints(tmp_path, RUN_FILE).save({"best": {}}, facts)
    config = with_settings(TINY, teacher=TAUGHT)
    with pytest.raises(InputError, match="has 24 steps behind it, .* for the first 24 "):
        checked_fork(config, tmp_path, 48, pytest.fail)


def test_a_fork_of_other_networks_names_them(tmp_path: Path) -> None:
    record = Recipe("policy", TINY, {}).record()
    del record["config"]["networks"]["encoder_layers"]  # it was begun before there were any
    weights = make_networks(TINY.tracking, TINY.networks).init(jax.random.key(0))
    facts = {"steps": 4, "provenance": record}
    Checkpoints(tmp_path, RUN_FILE).save({"best": {"params": weights, "mean": np.zeros(7)}}, facts)
    encoded = with_settings(
        TINY, networks=TINY.networks.model_copy(update={"encoder_layers": (4,)})
    )
    words = (
        r"other networks than the recipe \(networks.encoder_layers was \[\] and is \[4\]\); give"
    )
    with pytest.raises(InputError, match=words):
        checked_fork(encoded, tmp_path, 48, pytest.fail)


def test_a_card_says_who_taught() -> None:
    taught = Recipe("policy", with_settings(TINY, teacher=TAUGHT), {"--teacher": "ab"}).record()
    said = {"teacher": {"sha256": "ab", "weight": 0.5, "share": 0.5}}
    assert who_taught(taught) == said
    forked = Recipe("policy", TINY, {"--teacher": None})
    assert who_taught(forked.record()) == who_taught({}) == {}
    assert who_taught(forked.record(begun_from={"its_provenance": taught})) == said


@pytest.mark.slow
def test_a_training_with_a_teacher_stops_and_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the whole loop, without contact physics, which compiles long."""
    monkeypatch.setattr(environment, "simulate", glide)
    config = with_settings(TINY, teacher=TAUGHT)
    given: dict[str, Any] = {
        "refiner": RELEASED / "refiner.safetensors", "progress": SILENT, "teacher": RELEASED,
    }  # fmt: skip
    policy = run_training(config, tmp_path / "a", **given)
    rows = logged(tmp_path / "a")
    assert all(float(row[COLUMN]) > 0 for row in rows) and rows[-1]["steps"] == "48"
    said = json.loads((tmp_path / "a" / "provenance.json").read_text(encoding="utf-8"))
    assert said["given"]["--teacher"] == released().sha256
    assert load_policy(policy).card["teacher"]["sha256"] == released().sha256
    with pytest.raises(KeyboardInterrupt):
        run_training(config, tmp_path / "b", stop=StopAt(7), **given)
    with pytest.raises(InputError, match="there is nobody to follow"):
        run_training(config, tmp_path / "b", **given | {"teacher": None})
    own = released()
    other = tmp_path / "other"
    params = own.params | {"log_sd": own.params["log_sd"] + 0.1}
    save_policy(other, own.config, params, own.statistics, own.refiner, {})
    with pytest.raises(InputError, match=r"begun with another recipe: --teacher was "):
        run_training(config, tmp_path / "b", **given | {"teacher": other})
    run_training(config, tmp_path / "b", **given)
    assert logged(tmp_path / "b") == rows
    name = "policy.safetensors"
    assert contents(tmp_path / "b" / "policy", name) == contents(policy, name)
    # What was taught needs nobody any more.
    assert load_policy(policy).config.networks == TINY.networks
