"""Where a training begins if not from nothing: checked before anything is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp

from simgait.body.refiner import RefinerWeights
from simgait.errors import InputError
from simgait.files import whole_file
from simgait.learning.bodies import (
    body_facts,
    body_of_record,
    checked_refiner,
    refuse_another_body,
)
from simgait.learning.checkpoints import Checkpoints
from simgait.learning.config import PPOConfig, TrainingConfig
from simgait.learning.run_state import RunState
from simgait.learning.teacher_given import checked_teacher, refuse_taught_already
from simgait.provenance import file_sha256
from simgait.tracking.initialiser import init_initialiser
from simgait.tracking.networks import make_networks
from simgait.tracking.policies import REFINER_FILE, Policy, load_policy
from simgait.tracking.policy_config import NetworkConfig

RUN_FILE, FORK_FILE = "run.safetensors", "fork.safetensors"
OTHER_BODY = "nothing of it fits another one: change tracking.body.model, or begin anew"


@dataclass(frozen=True)
class _Carried:
    """What of a checkpoint goes along into another run: it draws its own episodes."""

    params: Any
    optimiser: Any
    statistics: Any
    steps: Any


jax.tree_util.register_dataclass(
    _Carried, data_fields=["params", "optimiser", "statistics", "steps"], meta_fields=[]
)


@dataclass(frozen=True)
class Forked:
    """A checkpoint of another run, copied into the folder of the one that begins with it."""

    checkpoint: Checkpoints

    @property
    def steps(self) -> int:
        """That are behind it."""
        facts = self.checkpoint.facts(lambda sentence: None)
        return 0 if facts is None else int(facts["steps"])

    def put_into(self, run: RunState, initialiser: Any) -> tuple[RunState, Any]:
        """The run and the initialiser's state with what the checkpoint knows.

        Raises:
            InputError: the checkpoint is damaged or of other networks.
        """
        like = _Carried(run.params, run.optimiser, run.statistics, run.steps)
        state = self.checkpoint.load({"run": like, "initialiser": initialiser})
        carried = state["run"]
        run = replace(
            run,
            params=carried.params,
            optimiser=carried.optimiser,
            statistics=carried.statistics,
            steps=carried.steps,
        )
        return run, state["initialiser"]


@dataclass(frozen=True)
class Beginning:
    """What was given to begin with.

    Attributes:
        refiner: weights that were given, those of the policy otherwise; None to train them.
        policy: to start from.
        forked: the checkpoint to start from.
        teacher: policy to follow at first.
        given: hash of each file and folder by the name of its option, None where it was left out.
    """

    refiner: RefinerWeights | None
    policy: Policy | None
    forked: Forked | None
    teacher: Policy | None
    given: dict[str, str | None]


def checked_beginning(
    config: TrainingConfig,
    refiner: Path | None,
    warm_start: Path | None,
    teacher: Path | None = None,
) -> Beginning:
    """Reads what a run is to begin with.

    Args:
        config: of the run.
        refiner: file of a trained refiner.
        warm_start: folder of a policy.
        teacher: likewise, to follow at first.

    Raises:
        InputError: a file is missing or damaged, or of another body, the policy has other networks
            than the recipe, or `checked_teacher` says so.
    """
    weights = sha256 = None
    if refiner is not None:
        weights = checked_refiner(refiner, config.tracking.body.skeleton)
        sha256 = file_sha256(refiner)
    earlier = None if warm_start is None else load_policy(warm_start)
    if earlier is not None:
        refuse_other_networks(config, earlier)
        weights = weights or earlier.refiner
    followed = checked_teacher(config, teacher)
    given = {
        "--refiner": sha256,
        "--warm-start": None if earlier is None else earlier.sha256,
        "--teacher": None if followed is None else followed.sha256,
    }
    return Beginning(weights, earlier, None, followed, given)


def refuse_other_networks(config: TrainingConfig, earlier: Policy) -> None:
    """Lets a run begin with a policy only where the recipe has its body and its networks.

    Raises:
        InputError: it has others; says in what.
    """
    skeleton = config.tracking.body.skeleton
    body = body_facts(earlier.config.tracking.body.skeleton)
    refuse_another_body("The policy to start from", body, skeleton, OTHER_BODY)
    networks, key = make_networks(config.tracking, config.networks), jax.random.key(0)
    asked = jax.eval_shape(networks.init, key)
    other = []
    seen, sees = len(earlier.statistics.mean), networks.observation_size
    if seen != sees:
        other.append(f"it observes {seen} numbers and the recipe's policy {sees}")
    other += other_layers(earlier.config.networks.model_dump(mode="json"), config.networks)
    if not other and jax.tree.map(jnp.shape, earlier.params) != jax.tree.map(jnp.shape, asked):
        other.append("their shapes differ")
    if config.initialiser.use and earlier.initialiser is not None:
        fresh = jax.eval_shape(lambda k: init_initialiser(config.initialiser, k, skeleton), key)
        if jax.tree.map(jnp.shape, fresh) != jax.tree.map(jnp.shape, earlier.initialiser):
            other.append("the initialiser's shapes differ")
    if other:
        raise InputError(
            f"The policy to start from has other networks than the recipe: {', '.join(other)}; "
            "change the recipe, or begin anew and reuse the policy's refiner with --refiner."
        )


def other_layers(was: Mapping[str, Any], networks: NetworkConfig) -> list[str]:
    """What layers networks have now and had not, as a record of then says."""
    usual, now = NetworkConfig().model_dump(mode="json"), networks.model_dump(mode="json")
    then = usual | dict(was)  # some settings are younger than some records
    return [
        f"networks.{name} was {then[name]} and is {now[name]}"
        for name in now
        if then[name] != now[name] and name.endswith("layers")
    ]


def checked_fork(
    config: TrainingConfig, run: Path, total_steps: int, tell: Callable[[str], None]
) -> tuple[Checkpoints, dict[str, Any]]:
    """The checkpoint of a run that another one with this recipe can begin with, and its facts.

    Raises:
        InputError: there is none, it is damaged, it has another body or other networks, or it is
            beyond the recipe's last step, or the last with a teacher.
    """
    source = Checkpoints(run, RUN_FILE)
    facts = source.facts(tell)
    if facts is None:
        raise InputError(f"{run.name}: holds no training to begin with; check the folder of -o.")
    if facts["steps"] >= total_steps:
        raise InputError(
            f"{run.name}: has {facts['steps']:,} steps behind it, and the recipe ends after "
            f"{total_steps:,}; raise {config.learner.table}.total_steps."
        )
    refuse_taught_already(config.teacher, facts["steps"], total_steps, run.name)
    body, skeleton = body_of_record(facts["provenance"]), config.tracking.body.skeleton
    refuse_another_body(f"{run.name}: its policy", body, skeleton, OTHER_BODY)
    _refuse_another_optimiser(config, run, facts)
    networks = make_networks(config.tracking, config.networks)
    weights = jax.eval_shape(networks.init, jax.random.key(0))
    size = jax.ShapeDtypeStruct((networks.observation_size,), jnp.float32)
    try:
        source.load({"best": {"params": weights, "mean": size}})
    except InputError as error:
        then = facts["provenance"]["config"].get("networks", {})
        other = ", ".join(other_layers(then, config.networks)) or str(error).rstrip(".")
        raise InputError(
            f"{run.name}: its policy has other networks than the recipe ({other}); give the recipe "
            "the same, or begin anew, with the run's policy as --teacher."
        ) from None
    return source, facts


def _refuse_another_optimiser(config: TrainingConfig, run: Path, facts: dict[str, Any]) -> None:
    """Lets a run begin with another's optimiser only where the recipe has the same one.

    Raises:
        InputError: what it remembers does not fit.
    """

    def remembered(recipe: Any) -> str:
        if recipe.get("algorithm", "ppo") == "shac":
            return "SHAC's"
        usual, ppo = PPOConfig(), recipe["ppo"]
        name: str = ppo.get("optimiser", usual.optimiser)
        adaptive = ppo.get("schedule", usual.schedule) == "kl_adaptive"
        return f"{name} with kl_adaptive" if adaptive else name

    recipes = facts["provenance"]["config"], config.model_dump(mode="json")
    said = [remembered(recipe) for recipe in recipes]
    if said[0] != said[1]:
        raise InputError(
            f"{run.name}: its optimiser is {said[0]} and the recipe's {said[1]}, which cannot go "
            "on with what it remembers; keep the optimiser, or begin anew from the run's policy "
            "with --warm-start."
        )


def same_refiner(was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether two recipes, as JSON has them, train the same refiner."""

    def body(recipe: Mapping[str, Any]) -> Any:
        return recipe.get("tracking", {}).get("body", {}).get("model")

    stages = ("refiner", "refiner_families")  # the second one is younger than some recipes
    return body(was) == body(now) and all(was.get(name) == now.get(name) for name in stages)


def bring_fork(
    config: TrainingConfig, source: Checkpoints, facts: dict[str, Any], folder: Path
) -> None:
    """Copies what a run begins with into its folder: the checkpoint, and the refiner if it fits."""
    same = same_refiner(facts["provenance"]["config"], config.model_dump(mode="json"))
    copies = {source.newest: FORK_FILE}
    if same and (source.folder / REFINER_FILE).is_file() and not (folder / REFINER_FILE).exists():
        copies[source.folder / REFINER_FILE] = REFINER_FILE
    for origin, name in copies.items():
        with whole_file(folder / name) as part:
            shutil.copyfile(origin, part)
