"""A trained policy and its folder: weights as safetensors, facts as JSON, a hash over weights."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from simgait.body.refiner import RefinerWeights, initial_refiner
from simgait.errors import InputError
from simgait.files import write_whole
from simgait.skeleton.skeleton import Skeleton
from simgait.tracking.initialiser import init_initialiser
from simgait.tracking.networks import make_networks
from simgait.tracking.policy_config import PolicyConfig
from simgait.tracking.terms.plugins import import_plugins, unknown_terms
from simgait.weight_files import load_tree, save_tree

POLICY_FILE, REFINER_FILE, INITIALISER_FILE, CONFIG_FILE, CARD_FILE = (
    "policy.safetensors",
    "refiner.safetensors",
    "initialiser.safetensors",
    "config.json",
    "card.json",
)


@dataclass(frozen=True)
class Policy:
    """A trained tracker: networks, observation statistics, refiner, and where it came from.

    `initialiser` holds the parameters of `tracking.initialiser`'s network, None without one.
    """

    config: PolicyConfig
    params: Any
    statistics: Any
    refiner: RefinerWeights
    card: dict[str, Any]
    sha256: str
    initialiser: Any = None


def _refiner_tree(weights: RefinerWeights) -> dict[str, Any]:
    return {"params": weights.params, "mean": weights.feature_mean, "sd": weights.feature_sd}


def save_policy(
    folder: Path,
    config: PolicyConfig,
    params: Any,
    statistics: Any,
    refiner: RefinerWeights,
    card: dict[str, Any],
    initialiser: Any = None,
) -> None:
    """Writes a policy's folder; the card gets the hash of the weights."""
    folder.mkdir(parents=True, exist_ok=True)
    tree = {"params": params, "mean": statistics.mean, "sd": statistics.std}
    save_tree(folder / POLICY_FILE, tree)
    save_refiner(folder / REFINER_FILE, refiner)
    if initialiser is None:
        (folder / INITIALISER_FILE).unlink(missing_ok=True)
    else:
        save_tree(folder / INITIALISER_FILE, initialiser)
    facts = card | {"sha256": policy_hash(folder)}
    for name, content in ((CONFIG_FILE, config.model_dump_json(indent=1)), (CARD_FILE, None)):
        text = content if content is not None else json.dumps(facts, indent=1)
        write_whole(folder / name, text + "\n")


def policy_hash(folder: Path) -> str:
    """SHA-256 over the weight files: policy, refiner, and an initialiser where there is one."""
    digest = hashlib.sha256()
    names = [POLICY_FILE, REFINER_FILE]
    if (folder / INITIALISER_FILE).exists():
        names.append(INITIALISER_FILE)
    for name in names:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def save_refiner(path: Path, refiner: RefinerWeights) -> None:
    """Writes a refiner's weights."""
    save_tree(path, _refiner_tree(refiner))


def load_refiner(path: Path, skeleton: Skeleton) -> RefinerWeights:
    """Reads the weights of the refiner of a body."""
    blank = initial_refiner(jax.random.key(0), skeleton)
    tree = load_tree(path, _refiner_tree(blank))
    mean, sd = np.asarray(tree["mean"]), np.asarray(tree["sd"])
    return RefinerWeights(tree["params"], mean, sd, skeleton)


@dataclass(frozen=True)
class FixedStatistics:
    """Observation mean and SD of a released policy, as the networks expect them."""

    mean: Any
    std: Any


jax.tree_util.register_dataclass(FixedStatistics, data_fields=["mean", "std"], meta_fields=[])


def load_policy(folder: Path, *, trust_plugins: bool = False) -> Policy:
    """Reads a released policy and checks its hash.

    Args:
        folder: of the policy.
        trust_plugins: import the modules that the policy's config names for terms of its own. That
            runs their code, so it has to be said; terms that are registered already need no word.

    Raises:
        InputError: a file is missing or damaged, the weights are not those of the card, or the
            policy needs terms that nobody registered.
    """
    folder = Path(folder)
    try:
        config = PolicyConfig.model_validate_json((folder / CONFIG_FILE).read_text())
        card = json.loads((folder / CARD_FILE).read_text())
        sha256 = policy_hash(folder)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{folder.name}: not a readable policy folder ({type(error).__name__}); it needs "
            f"{POLICY_FILE}, {REFINER_FILE}, {CONFIG_FILE} and {CARD_FILE}."
        ) from error
    if sha256 != card.get("sha256"):
        raise InputError(
            f"{folder.name}: the weights are not those of the model card; fetch them again."
        )
    _meet_terms(folder, config, trust_plugins)
    networks = make_networks(config.tracking, config.networks)
    params = networks.init(jax.random.key(0))
    blank = jnp.zeros(networks.observation_size)
    tree = load_tree(folder / POLICY_FILE, {"params": params, "mean": blank, "sd": blank})
    statistics = FixedStatistics(tree["mean"], tree["sd"])
    refiner = load_refiner(folder / REFINER_FILE, config.tracking.body.skeleton)
    initialiser = None
    if config.initialiser.use:
        blank_initialiser = init_initialiser(
            config.initialiser, jax.random.key(0), config.tracking.body.skeleton
        )
        initialiser = load_tree(folder / INITIALISER_FILE, blank_initialiser)
    return Policy(config, tree["params"], statistics, refiner, card, sha256, initialiser)


def _meet_terms(folder: Path, config: PolicyConfig, trust_plugins: bool) -> None:
    missing = unknown_terms(config.tracking)
    if not missing:
        return
    if not trust_plugins:
        raise InputError(
            f"{folder.name}: the policy needs {', '.join(missing)} of the modules "
            f"{', '.join(config.tracking.plugins) or '(none named)'}; if you trust their code, "
            "import them first or say --trust-plugins."
        )
    import_plugins(config.tracking)
