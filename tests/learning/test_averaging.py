"""The mean of policies of one descent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.body.refiner import initial_refiner
from simgait.errors import InputError
from simgait.learning.averaging import average_policies, average_refiners, with_last_weights
from simgait.resources import resource_dir
from simgait.tracking.policies import FixedStatistics, Policy, load_policy
from simgait.weight_files import save_tree


@pytest.fixture(scope="module")
def earlier() -> Policy:
    return load_policy(resource_dir("policies") / "default")


@pytest.fixture(scope="module")
def later(earlier: Policy) -> Policy:
    statistics = FixedStatistics(earlier.statistics.mean + 4.0, earlier.statistics.std)
    params = jax.tree.map(lambda w: w + 1.0, earlier.params)
    return replace(earlier, params=params, statistics=statistics)


def test_the_mean_lies_between_by_its_shares(earlier: Policy, later: Policy) -> None:
    mean = average_policies([earlier, later], [1.0, 3.0])
    for got, before in zip(
        jax.tree.leaves(mean.params), jax.tree.leaves(earlier.params), strict=True
    ):
        assert np.allclose(got, before + 0.75, atol=1e-5)
    assert np.allclose(mean.statistics.mean, earlier.statistics.mean + 3.0, atol=1e-5)
    assert np.allclose(mean.statistics.std, earlier.statistics.std)
    assert mean.refiner is later.refiner


def test_a_mean_of_equal_policies_is_that_policy(earlier: Policy) -> None:
    mean = average_policies([earlier, earlier], [0.5, 0.5])
    same = jax.tree.map(lambda a, b: bool(np.array_equal(a, b)), mean.params, earlier.params)
    assert all(jax.tree.leaves(same))


def test_only_policies_of_one_kind_are_averaged(earlier: Policy, later: Policy) -> None:
    narrow = earlier.config.networks.model_copy(update={"policy_layers": (8,)})
    other = replace(later, config=later.config.model_copy(update={"networks": narrow}))
    apart = r"other networks .*\(networks.policy_layers is \[256, 256, 256\] and \[8\]\); name runs"
    with pytest.raises(InputError, match=apart):
        average_policies([earlier, other], [1.0, 1.0])
    refiner = replace(later.refiner, feature_mean=later.refiner.feature_mean + 1.0)
    with pytest.raises(InputError, match="different refiners"):
        average_policies([earlier, replace(later, refiner=refiner)], [1.0, 1.0])
    for shares in ([1.0], [1.0, 0.0]):
        with pytest.raises(InputError, match="share above 0"):
            average_policies([earlier, later][: len(shares)], shares)


def test_a_runs_last_weights_are_those_of_its_checkpoint(
    earlier: Policy, later: Policy, tmp_path: Path
) -> None:
    from simgait.learning import averaging

    state = averaging._Last(later.params, later.statistics, jnp.asarray(4096))
    save_tree(tmp_path / "run.safetensors", {"state": {"run": state}})
    last = with_last_weights(earlier, tmp_path / "run.safetensors")
    assert last.card["steps"] == 4096
    assert np.array_equal(last.statistics.mean, later.statistics.mean)
    same = jax.tree.map(lambda a, b: bool(jnp.array_equal(a, b)), last.params, later.params)
    assert all(jax.tree.leaves(same))
    starting = with_last_weights(
        replace(earlier, initialiser={"w": jnp.ones(2)}), tmp_path / "run.safetensors"
    )
    with pytest.raises(InputError, match="initialiser"):
        average_policies([earlier, starting], [1.0, 1.0])
    with pytest.raises(InputError, match="no such file of weights"):
        with_last_weights(earlier, tmp_path / "absent.safetensors")


@pytest.mark.slow
def test_the_mean_of_refiners_lies_between_by_its_share(earlier: Policy) -> None:
    refiner = earlier.refiner
    went_on = replace(refiner, params=jax.tree.map(lambda w: w + 1.0, refiner.params))
    mean = average_refiners(refiner, went_on, 0.25)
    for got, was in zip(jax.tree.leaves(mean.params), jax.tree.leaves(refiner.params), strict=True):
        assert np.allclose(got, was + 0.25, atol=1e-5)
    assert np.array_equal(mean.feature_mean, refiner.feature_mean)
    for share in (0.0, 1.5, float("nan")):
        with pytest.raises(InputError, match="above 0, up to 1"):
            average_refiners(refiner, went_on, share)
    other = replace(went_on, feature_mean=refiner.feature_mean + 1.0)
    with pytest.raises(InputError, match="did not go on from the other"):
        average_refiners(refiner, other, 0.5)
    narrow = initial_refiner(jax.random.key(0), refiner.skeleton, 8)
    with pytest.raises(InputError, match="other networks"):
        average_refiners(refiner, narrow, 0.5)
