"""The refiner's training goes on to the bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.body.refiner import initial_refiner, one_sided, width_of
from simgait.body.refiner_blocks import features_before, speed_unit_mps
from simgait.datasets.detector_mixture import LEFT_OUT
from simgait.datasets.splits import is_test_subject
from simgait.errors import InputError
from simgait.learning import refiner_training
from simgait.learning.checkpoints import Checkpoints
from simgait.learning.config_file import load_config
from simgait.learning.refiner_training import (
    RefinerConfig,
    RefinerState,
    _loss,
    _Padded,
    train_refiner,
    true_speed,
)
from simgait.resources import resource_dir
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.tracking.policies import load_refiner, save_refiner
from simgait.types import FittedTrial
from tests.present import present

pytestmark = pytest.mark.usefixtures("hardly_optimised")

CONFIG = RefinerConfig(steps=4, batch=2, crop_frames=16, real_share=0.5)


def test_nothing_learns_from_a_detector_that_is_left_out(walks: list[FittedTrial]) -> None:
    (label,) = LEFT_OUT
    seen = replace(walks[0], trial=replace(walks[0].trial, error_model=label))
    for train, real in (([seen], []), ([walks[0]], [seen])):
        with pytest.raises(InputError, match=f"learn from {label}"):
            train_refiner(train, walks, CONFIG, real=real)


def test_nothing_learns_from_a_detector_that_its_recipe_leaves_out_or_is_chosen_by_it(
    walks: list[FittedTrial],
) -> None:
    config = CONFIG.model_copy(update={"walkers": "restyled", "left_out_detectors": ("wide-v1",)})
    seen = replace(walks[0], trial=replace(walks[0].trial, error_model="wide-v1"))
    for train, validation in (([seen], walks[1:]), (walks[1:], [seen])):
        with pytest.raises(InputError, match=r"learn from wide-v1"):
            train_refiner(train, validation, config)


def test_a_loss_that_is_no_number_ends_it(
    walks: list[FittedTrial], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the weights it began with would be taken for trained ones."""

    def broken(params, moments, _batch):
        return jax.tree.map(lambda leaf: leaf * jnp.nan, params), moments, {}

    monkeypatch.setattr(refiner_training, "_update", lambda *_: broken)
    kept: list[int] = []
    with pytest.raises(InputError, match="refiner's loss ceased to be a number after 4 steps"):
        train_refiner(
            walks[:2], walks[2:], CONFIG, turn=lambda state, _: kept.append(int(state.step))
        )
    assert kept == [1, 2, 3], "and the state is not kept as one that was validated"


@pytest.mark.slow
def test_a_stopped_training_goes_on_to_the_same_weights(
    walks: list[FittedTrial], tmp_path: Path
) -> None:
    people = {"train": walks[:2], "validation": walks[2:], "config": CONFIG, "real": walks[1:2]}
    whole = train_refiner(**people)  # type: ignore[arg-type]
    checkpoints = Checkpoints(tmp_path, "refiner_run.safetensors")

    def stop(state: RefinerState, _validated: bool) -> None:
        if int(state.step) == 2:
            checkpoints.save(state, {"steps": 2})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_refiner(**people, turn=stop)  # type: ignore[arg-type]
    steps: list[int] = []
    again = train_refiner(
        **people,  # type: ignore[arg-type]
        resume=checkpoints.load,
        turn=lambda state, _: steps.append(int(state.step)),
    )
    assert steps == [3, 4]
    same = jax.tree.map(np.array_equal, whole.params, again.params)
    assert all(jax.tree.leaves(same))
    moved = jax.tree.map(lambda a, b: not np.array_equal(a, b), whole.params, walks_blank(whole))
    assert any(jax.tree.leaves(moved)), "the weights must not be those it began with"


@pytest.mark.slow
def test_a_refiner_goes_on_from_the_weights_it_is_given(walks: list[FittedTrial]) -> None:
    given = initial_refiner(jax.random.key(5), walks[0].skeleton, 16)
    given = replace(given, feature_mean=given.feature_mean + 0.25)
    config = CONFIG.model_copy(update={"steps": 1, "width": 16, "learning_rate": 1e-9})
    on = train_refiner(walks[:2], walks[2:], config, real=walks[1:2], begin=given)
    assert np.array_equal(on.feature_mean, given.feature_mean), "by the same standard"
    near = jax.tree.map(lambda a, b: np.allclose(a, b, atol=1e-6), on.params, given.params)
    assert all(jax.tree.leaves(near))


def walks_blank(weights):
    return initial_refiner(jax.random.key(CONFIG.seed), weights.skeleton).params


def test_the_speed_of_a_walk_is_known_from_its_truth(walks: list[FittedTrial]) -> None:
    walk = walks[0]
    way = present(walk.trial.truth).pose[:, 0]
    mean_mps = (way[-1] - way[0]) / walk.trial.time_s[-1]
    assert true_speed(walk) == pytest.approx(mean_mps / speed_unit_mps(walk), rel=1e-6)
    unknown = replace(walk, trial=replace(walk.trial, truth=None))
    assert true_speed(unknown) == 0.0


@pytest.mark.slow
def test_a_slow_walk_counts_more_where_errors_are_relative(walks: list[FittedTrial]) -> None:
    def loss(speed: float, *, relative: bool) -> float:
        config = RefinerConfig(width=8, relative_speed=relative)
        weights = initial_refiner(jax.random.key(0), walks[0].skeleton, config.width)
        batch = _Padded(walks[:1]).crops(np.random.default_rng(0), 2, 32)
        batch["speed"][:] = speed
        arrays = {name: jnp.asarray(values) for name, values in batch.items()}
        _, parts = _loss(weights.params, arrays, one_sided, weights, config)
        return float(parts["mean_speed"])

    assert loss(0.2, relative=True) == pytest.approx(2.0 * loss(0.4, relative=True), rel=1e-3)
    assert loss(0.2, relative=False) == loss(0.4, relative=False)


def test_a_recipe_for_families_is_one_that_can_be_read() -> None:
    recipe = load_config(resource_dir("configs") / "refiner_families.toml").refiner
    assert (recipe.walkers, recipe.relative_speed) == ("restyled", True)
    for subject in recipe.left_out:
        collection, person = subject.split("-", 1)
        assert not is_test_subject(collection, person), "test people choose nothing"


@pytest.mark.parametrize(
    ("name", "without"),
    [("metrabs", {"metrabs-17-v1", "metrabs-87-v1"}), ("wide", {"wide-v1"})],
)
def test_a_recipe_without_a_family_differs_in_nothing_else(name: str, without: set[str]) -> None:
    folder = resource_dir("configs")
    usual = load_config(folder / "release.toml")
    recipe = load_config(folder / f"release_without_{name}.toml")
    further = present(recipe.refiner_families)
    assert set(further.left_out_detectors) == without
    whole = further.model_copy(update={"left_out_detectors": ()})
    assert recipe.model_copy(update={"name": usual.name, "refiner_families": whole}) == usual


def test_the_release_goes_on_by_the_recipe_for_families() -> None:
    folder = resource_dir("configs")
    release = load_config(folder / "release.toml")
    further = present(release.refiner_families)
    alone = load_config(folder / "refiner_families.toml").refiner
    assert further.model_dump() == alone.model_dump() | {"share": 0.5}
    without = release.model_copy(update={"name": "default", "refiner_families": None})
    assert without == load_config(folder / "train_default.toml")


@pytest.mark.slow
def test_a_refiner_of_before_a_block_is_read(tmp_path: Path) -> None:
    before = features_before(TRIMMED_HUMANOID)
    weights = initial_refiner(jax.random.key(3), TRIMMED_HUMANOID, 24, before)
    save_refiner(tmp_path / "old.safetensors", weights)
    again = load_refiner(tmp_path / "old.safetensors", TRIMMED_HUMANOID)
    kernel = again.params["params"]["Dense_0"]["kernel"]
    assert np.array_equal(kernel[:before], weights.params["params"]["Dense_0"]["kernel"])
    assert len(kernel) == len(again.feature_sd) and not np.any(kernel[before:])


@pytest.mark.slow
def test_a_refiner_of_any_width_is_kept(tmp_path: Path) -> None:
    weights = initial_refiner(jax.random.key(3), TRIMMED_HUMANOID, 24)
    save_refiner(tmp_path / "narrow.safetensors", weights)
    again = load_refiner(tmp_path / "narrow.safetensors", TRIMMED_HUMANOID)
    assert width_of(again.params) == 24
