"""Averages a policy with what further training made of it.

Weights of networks that went on from the same ones can be averaged: the mean often does better than
either (Wortsman et al. 2022, "Model soups", ICML). Further training made simgait's policy better on
the walkers that it met and worse on real people; the mean is better on both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from pydantic import ValidationError

from simgait.body.refiner import RefinerWeights
from simgait.errors import InputError
from simgait.learning.beginning import RUN_FILE
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_training_config
from simgait.learning.run_examples import validation_examples
from simgait.learning.run_folder import PROVENANCE_FILE
from simgait.learning.validation import validate
from simgait.learning.went_on import went_on
from simgait.provenance import collect_provenance
from simgait.text_files import read_facts
from simgait.tracking.policies import (
    CONFIG_FILE,
    FixedStatistics,
    Policy,
    load_policy,
    load_refiner,
    save_policy,
)
from simgait.weight_files import load_tree


@dataclass(frozen=True)
class _Last:
    """What of a run's checkpoint is its policy."""

    params: Any
    statistics: FixedStatistics
    steps: Any


jax.tree_util.register_dataclass(
    _Last, data_fields=["params", "statistics", "steps"], meta_fields=[]
)


def with_last_weights(policy: Policy, checkpoint: Path) -> Policy:
    """The policy with the weights that a run ended with, instead of those it kept as its best.

    Args:
        policy: of the run.
        checkpoint: its `run.safetensors`.

    Raises:
        InputError: the file is missing, damaged or of other networks.
    """
    like = _Last(policy.params, policy.statistics, jnp.zeros((), jnp.int32))
    last = load_tree(checkpoint, {"state": {"run": like}})["state"]["run"]
    card = policy.card | {"steps": int(last.steps)}
    return replace(policy, params=last.params, statistics=last.statistics, card=card, sha256="")


def average_policies(policies: Sequence[Policy], shares: Sequence[float]) -> Policy:
    """Mean of the weights and of the observation statistics; all else is the last policy's.

    Args:
        policies: of one descent, with the same networks and refiner.
        shares: of each in the mean; only their proportions count.

    Raises:
        InputError: other networks, another refiner, an initialiser, or shares that are not > 0.
    """
    if len(policies) != len(shares) or len(policies) < 2 or min(shares) <= 0.0:
        raise InputError(
            f"Give at least two policies with a share above 0 each, got {len(policies)} policies "
            f"and shares {list(shares)}."
        )
    last = policies[-1]
    shapes = jax.tree.map(jnp.shape, last.params)
    for one in policies:
        if one.config.networks != last.config.networks or (
            jax.tree.map(jnp.shape, one.params) != shapes
        ):
            said, now = (it.config.networks.model_dump(mode="json") for it in (one, last))
            apart = [f"networks.{n} is {said[n]} and {now[n]}" for n in now if said[n] != now[n]]
            raise InputError(
                "Policies of other networks cannot be averaged "
                f"({', '.join(apart) or 'their shapes differ'}); name runs of one."
            )
        ours, others = (jax.tree.leaves(policy.refiner) for policy in (one, last))
        if not all(map(np.array_equal, ours, others)):
            raise InputError(
                "These policies follow different refiners, so their weights cannot be averaged; "
                "train both with the same --refiner."
            )
        if one.initialiser is not None:
            raise InputError("A policy with an initialiser cannot be averaged.")
    params = _mean([one.params for one in policies], shares)
    statistics = _mean(
        [FixedStatistics(one.statistics.mean, one.statistics.std) for one in policies], shares
    )
    return Policy(last.config, params, statistics, last.refiner, last.card, "", None)


def _mean(trees: Sequence[Any], shares: Sequence[float]) -> Any:
    """Of trees of numbers, leaf by leaf."""
    weights = np.asarray(shares, float) / float(np.sum(shares))

    def mean(*values: Any) -> jax.Array:
        total = sum(w * np.asarray(v, np.float64) for w, v in zip(weights, values, strict=True))
        return jnp.asarray(total, jnp.float32)

    return jax.tree.map(mean, *trees)


def average_refiners(
    earlier: RefinerWeights, later: RefinerWeights, share: float
) -> RefinerWeights:
    """Mean of the weights of a refiner and of one that went on learning from it.

    Args:
        earlier: the one.
        later: the other, which reads its features by the same standard.
        share: of the later one, above 0 up to 1.

    Raises:
        InputError: a share that is none, or refiners of which neither went on from the other.
    """
    if not 0.0 < share <= 1.0:
        raise InputError(f"--share {share}: give a number above 0, up to 1.")
    standard, other = ((one.feature_mean, one.feature_sd) for one in (earlier, later))
    shapes = [jax.tree.map(jnp.shape, one.params) for one in (earlier, later)]
    if earlier.skeleton != later.skeleton or shapes[0] != shapes[1]:
        raise InputError("Refiners of other networks cannot be averaged; name one of the same.")
    if not all(map(np.array_equal, standard, other)):
        raise InputError(
            "That refiner did not go on from the other, so their weights cannot be averaged; train "
            "it with --warm-start."
        )
    return replace(later, params=_mean([earlier.params, later.params], [1.0 - share, share]))


def average_with_run(
    earlier: Path, run: Path, out: Path, *, share: float = 0.5, steps_before: int = 0
) -> dict[str, float]:
    """Averages a policy with the run that went on from it; writes the mean as a run's policy.

    Args:
        earlier: folder of the policy that the run began with.
        run: folder of the training run; its last weights are taken.
        out: folder of the result; the policy lies in `out/policy`, ready to be released.
        share: of the run's weights in the mean, between 0 and 1.
        steps_before: environment steps between the earlier policy and the run's beginning, for the
            card.

    Returns:
        how the mean does on the validation walks.

    Raises:
        InputError: a share that is no share, a folder that cannot be read, or policies that cannot
            be averaged.
    """
    if not 0.0 < share < 1.0:
        raise InputError(f"--share {share}: give a number between 0 and 1.")
    first = load_policy(earlier)
    last = with_last_weights(load_policy(run / "policy"), run / RUN_FILE)
    mean = average_policies([first, last], [1.0 - share, share])
    config, config_before = load_training_config(run / "policy"), load_training_config(earlier)
    steps = int(last.card["steps"]) + steps_before
    card = first.card | {
        "steps": int(first.card.get("steps", 0)) + steps,
        "real_walks": last.card.get("real_walks", 0),
        "walkers": int(first.card.get("walkers", config_before.data.n_synthetic))
        + config.data.n_synthetic,
        "mean_of": {
            "earlier": {"sha256": first.sha256, "share": 1.0 - share},
            "later": {"steps_after_earlier": steps, "share": share},
        },
        "validation": validate(mean, validation_examples(config)),
        "provenance": collect_provenance({"file": CONFIG_FILE}),
    }
    save_policy(out / "policy", config, mean.params, mean.statistics, mean.refiner, card)
    scores: dict[str, float] = card["validation"]
    return scores


def follow_refiner(earlier: Path, file: Path, out: Path, *, share: float = 0.5) -> dict[str, float]:
    """Gives a policy the mean of its refiner and one that went on from it; writes a run's policy.

    Args:
        earlier: folder of the policy; all but its refiner stays.
        file: weights of the refiner, in the folder where `simgait train refiner` made them.
        out: folder of the result; the policy lies in `out/policy`, ready to be released.
        share: of the file's weights in the mean, above 0 up to 1.

    Returns:
        how the policy does on the validation walks.

    Raises:
        InputError: a share that is no share, a file or folder that cannot be read, a refiner
            without its recipe beside it, or refiners that cannot be averaged.
    """
    policy, config = load_policy(earlier), load_training_config(earlier)
    later = load_refiner(file, policy.config.tracking.body.skeleton)
    mean = replace(policy, refiner=average_refiners(policy.refiner, later, share), sha256="")
    record = read_facts(file.parent / PROVENANCE_FILE)
    try:
        recipe = TrainingConfig.model_validate(record["config"]).refiner
        begun = record["given"]["--warm-start"]
    except (KeyError, TypeError, ValidationError):
        raise InputError(
            f"{file.parent.name}: {PROVENANCE_FILE} does not say by which recipe {file.name} was "
            "trained; give the file in the folder of its training."
        ) from None
    if begun != policy.sha256:
        raise InputError(
            f"{file.parent.name}: that refiner did not go on from {earlier.name}'s; train it with "
            f"--warm-start {earlier.name}."
        )
    card = policy.card | {
        **went_on(
            recipe,
            share,
            with_real=record["given"].get("--data") is not None,
            of_policy=policy.sha256,
        ),
        "validation": validate(mean, validation_examples(config)),
        "provenance": collect_provenance({"file": CONFIG_FILE}),
    }
    save_policy(
        out / "policy", config, mean.params, mean.statistics, mean.refiner, card, mean.initialiser
    )
    scores: dict[str, float] = card["validation"]
    return scores
