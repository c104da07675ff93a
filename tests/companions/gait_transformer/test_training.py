"""A few steps of training on a few walkers: it learns, repeats itself, and shares nobody."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.companions.gait_transformer.columns import N_OUTPUTS
from simgait.companions.gait_transformer.config import (
    DataConfig,
    GaitTransformerConfig,
    NetworkConfig,
    OptimiserConfig,
    load_transformer_config,
)
from simgait.companions.gait_transformer.data import (
    check_splits,
    pad,
    synthetic_walks,
    training_and_validation,
)
from simgait.companions.gait_transformer.network import GaitTransformer, sinusoidal_positions
from simgait.companions.gait_transformer.training import (
    draw_windows,
    loss_and_parts,
    standardisation,
    train,
)
from simgait.datasets.splits import SplitError
from simgait.errors import InputError
from simgait.learning.checkpoints import Checkpoints
from simgait.resources import resource_dir
from tests.present import present

pytestmark = pytest.mark.usefixtures("hardly_optimised")

SMALL = GaitTransformerConfig(
    network=NetworkConfig(layers=1, width=16, heads=2, feedforward=16, window_frames=40),
    data=DataConfig(n_synthetic=6, n_validation=2),
    optimiser=OptimiserConfig(steps=90, batch=8, validate_every=30, learning_rate=3e-3),
)


@pytest.fixture(scope="module")
def data():
    return training_and_validation(SMALL.data, None)


@pytest.fixture(scope="module")
def trained(data):
    """Weights, errors and rows of a training in one piece."""
    walks, validation, _ = data
    rows = []
    return *train(walks, validation, SMALL, lambda step, parts: rows.append(parts)), rows


def test_nobody_is_in_two_parts(data):
    walks, validation, n_real = data
    assert n_real == 0 and len(walks) >= 5 and len(validation) == 2
    check_splits(walks, validation)
    with pytest.raises(SplitError, match="training|train and validation"):
        check_splits([*walks, validation[0]], validation)
    tested = synthetic_walks("test", 3, 1, seed=0)
    with pytest.raises(SplitError, match="train and test"):
        check_splits([*walks, *tested], validation)
    real = replace(walks[0], subject_id="mcgill_c3d-HC038A")
    with pytest.raises(SplitError, match="mcgill_c3d-HC038A"):
        check_splits([*walks, real], validation)


@pytest.mark.slow
def test_training_learns_and_repeats_itself(data, trained):
    walks, validation, _ = data
    weights, errors, rows = trained
    assert len(rows) == 3
    assert rows[-1]["train_loss"] < 0.6 * rows[0]["train_loss"]
    assert rows[-1]["train_angle_deg"] < rows[0]["train_angle_deg"]
    assert errors["loss"] == min(row["loss"] for row in rows)
    again, _ = train(walks, validation, SMALL)
    for one, two in zip(
        jax.tree.leaves(weights.params), jax.tree.leaves(again.params), strict=True
    ):
        np.testing.assert_array_equal(one, two)


@pytest.mark.slow
def test_training_stops_when_time_is_up_and_keeps_the_best_so_far(data):
    walks, validation, _ = data
    steps = []
    _, errors = train(
        walks, validation, SMALL, lambda step, _: steps.append(step), lambda: len(steps) == 2
    )
    assert steps == [30, 60]
    assert errors["step"] in (30.0, 60.0)


@pytest.mark.slow
def test_a_stopped_training_goes_on_to_the_same_weights(data, trained, tmp_path):
    walks, validation, _ = data
    whole, errors, _ = trained
    checkpoints = Checkpoints(tmp_path, "run.safetensors")

    def stop(state, best, validated):
        if int(state.step) == 47:  # between two validations
            checkpoints.save(state, {"steps": 47, "errors": best})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(walks, validation, SMALL, turn=stop)
    told = []

    def resume(fresh):
        facts = present(checkpoints.facts(pytest.fail))
        return checkpoints.load(fresh), facts["errors"]

    again, same_errors = train(
        walks, validation, SMALL, lambda step, _: told.append(step), resume=resume
    )
    assert told == [60, 90] and same_errors == errors
    for one, two in zip(jax.tree.leaves(whole.params), jax.tree.leaves(again.params), strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.slow
def test_windows_come_from_within_the_walks(data):
    walks, _, _ = data
    # Each walk's first output counts its frames, so a window shows where it was cut.
    counted = [
        replace(w, target=np.arange(len(w.points), dtype=np.float32)[:, None] * np.ones(N_OUTPUTS))
        for w in walks
    ]
    padded = {name: jnp.asarray(value) for name, value in vars(pad(counted, 240, 40)).items()}
    batch = draw_windows(padded, jax.random.key(0), 64, 40, 0.0)
    frames = np.abs(np.asarray(batch["target"][..., 10]))
    assert batch["valid"].all()
    np.testing.assert_allclose(np.diff(frames, axis=1), 1.0)
    assert np.ptp(frames[:, 0]) > 20  # from many places
    hidden = draw_windows(padded, jax.random.key(0), 64, 40, 0.9)
    seen = np.asarray(hidden["points"][..., 3]).mean(axis=(0, 1))
    required = np.asarray(batch["points"][..., 3]).mean(axis=(0, 1))
    assert seen[0] < 0.3 * required[0]  # a heel is hidden now and then
    assert seen[5] == required[5]  # a hip never is


def test_long_walks_are_cut_and_short_ones_padded(data):
    walks, _, _ = data
    walk = walks[0]
    n = len(walk.points)
    padded = pad([walk], longest=n - 30, least=40)
    assert list(padded.length) == [n - 30, 30]
    np.testing.assert_array_equal(padded.points[1, :30], walk.points[n - 30 :])
    assert not padded.points[1, 30:].any() and not padded.known[1, 30:].any()


def test_padding_changes_nothing():
    network = GaitTransformer(SMALL.network)
    rng = np.random.default_rng(0)
    x = jnp.asarray(rng.normal(size=(1, 40, 93)), jnp.float32)
    valid = jnp.ones((1, 40)).at[:, 25:].set(0.0)
    params = network.init(jax.random.key(0), x, valid)
    one = np.asarray(network.apply(params, x, valid))
    x = x.at[:, 25:].set(7.0)
    two = np.asarray(network.apply(params, x, valid))
    np.testing.assert_allclose(one[:, :25], two[:, :25], atol=1e-5)
    seen = np.asarray(network.apply(params, x, jnp.ones((1, 40))))
    assert not np.allclose(one[:, :25], seen[:, :25])
    with pytest.raises(ValueError, match="features"):
        network.init(jax.random.key(0), x[..., :5], valid)


@pytest.mark.slow
def test_unknown_truth_costs_nothing():
    target = jnp.zeros((2, 5, N_OUTPUTS))
    known = jnp.ones((2, 5, N_OUTPUTS)).at[..., 8:].set(0.0)
    batch = {"target": target, "known": known}
    wrong = jnp.zeros((2, 5, N_OUTPUTS)).at[..., 8:].set(9.0)
    loss, _ = loss_and_parts(wrong, batch, 4.0)
    assert float(loss) == 0.0
    loss, parts = loss_and_parts(wrong, batch | {"known": jnp.ones_like(known)}, 4.0)
    assert float(loss) > 1.0 and float(parts["angle_deg"]) == pytest.approx(np.rad2deg(2.7))


def test_standardisation_is_the_same_for_both_sides(data):
    mean, sd = standardisation(data[0])
    np.testing.assert_allclose(mean[5], mean[15] * [1, -1, 1], atol=1e-5)
    np.testing.assert_allclose(sd[3], sd[13], rtol=1e-4)
    assert (sd > 0).all()


def test_positions_tell_frames_apart():
    table = sinusoidal_positions(90, 128)
    distance = np.linalg.norm(table[:, None] - table[None], axis=-1) + 10.0 * np.eye(90)
    assert table.shape == (90, 128) and distance.min() > 0.5


def test_the_recipe_names_every_default_and_mistakes_are_said(tmp_path):
    path = resource_dir("configs") / "gait_transformer.toml"
    assert load_transformer_config(path) == GaitTransformerConfig()
    wrong = tmp_path / "wrong.toml"
    for text, complaint in (
        ("[network]\nlayers = 0\n", "network.layers"),
        ("[network]\ndepth = 3\n", "network.depth"),
        ("[network\n", "not a TOML file"),
    ):
        wrong.write_text(text)
        with pytest.raises(InputError, match=complaint):
            load_transformer_config(wrong)
    with pytest.raises(InputError, match="absent.toml"):
        load_transformer_config(tmp_path / "absent.toml")
