"""Files of a run and of a released policy: arrays as safetensors, facts as JSON, no pickle."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file, save_file

from simgait.body.refiner import RefinerWeights, initial_refiner
from simgait.errors import InputError
from simgait.files import whole_file, write_whole
from simgait.learning.config import TrainingConfig
from simgait.learning.initialiser import init_initialiser
from simgait.learning.networks import make_networks
from simgait.skeleton.skeleton import Skeleton

POLICY_FILE, REFINER_FILE, INITIALISER_FILE, CONFIG_FILE, CARD_FILE = (
    "policy.safetensors",
    "refiner.safetensors",
    "initialiser.safetensors",
    "config.json",
    "card.json",
)


def _names(tree: Any) -> list[str]:
    paths = jax.tree_util.tree_flatten_with_path(tree)[0]
    return [jax.tree_util.keystr(path) for path, _ in paths]


def save_tree(path: Path, tree: Any) -> None:
    """Writes a pytree's leaves by name; the file appears whole or not at all."""
    leaves = [
        np.asarray(jax.random.key_data(leaf) if _is_key(leaf) else leaf)
        for leaf in jax.tree.leaves(tree)
    ]
    arrays = {
        name: np.array(leaf, order="C") for name, leaf in zip(_names(tree), leaves, strict=True)
    }
    with whole_file(path) as part:
        save_file(arrays, part)


def load_tree(path: Path, like: Any) -> Any:
    """Reads a pytree of the structure of `like`.

    Raises:
        InputError: the file is missing, damaged, or of another structure.
    """
    try:
        arrays = load_file(path)
    except Exception as error:
        raise InputError(f"{path.name}: not a readable weights file; fetch it again.") from error
    leaves, structure = jax.tree.flatten(like)
    restored = []
    for name, leaf in zip(_names(like), leaves, strict=True):
        value = arrays.get(name)
        shape = jax.random.key_data(leaf).shape if _is_key(leaf) else jnp.shape(leaf)
        if value is None or value.shape != shape:
            raise InputError(
                f"{path.name}: {name} is missing or has another shape; the file belongs to "
                "another configuration."
            )
        array = jnp.asarray(value)
        restored.append(jax.random.wrap_key_data(array) if _is_key(leaf) else array)
    return jax.tree.unflatten(structure, restored)


def _is_key(leaf: Any) -> bool:
    return isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)


@dataclass(frozen=True)
class Policy:
    """A trained tracker: networks, observation statistics, refiner, and where it came from.

    `initialiser` holds the parameters of `learning.initialiser`'s network, None without one.
    """

    config: TrainingConfig
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
    config: TrainingConfig,
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


def load_policy(folder: Path) -> Policy:
    """Reads a released policy and checks its hash.

    Raises:
        InputError: a file is missing or damaged, or the weights are not those of the card.
    """
    folder = Path(folder)
    try:
        config = TrainingConfig.model_validate_json((folder / CONFIG_FILE).read_text())
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
    networks = make_networks(config.tracking, config.networks)
    params = networks.init(jax.random.key(0))
    blank = jnp.zeros(networks.observation_size)
    tree = load_tree(folder / POLICY_FILE, {"params": params, "mean": blank, "sd": blank})
    statistics = FixedStatistics(tree["mean"], tree["sd"])
    refiner = load_refiner(folder / REFINER_FILE, config.tracking.body.skeleton)
    initialiser = None
    if config.initialiser.use:
        blank_initialiser = init_initialiser(config.initialiser, jax.random.key(0))
        initialiser = load_tree(folder / INITIALISER_FILE, blank_initialiser)
    return Policy(config, tree["params"], statistics, refiner, card, sha256, initialiser)
