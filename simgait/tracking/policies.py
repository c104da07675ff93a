"""A trained policy and its folder: weights as safetensors, facts as JSON, a hash over weights."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import PRNGKeyArray
from pydantic import ValidationError

from simgait.body.refiner import WIDTH, RefinerWeights, initial_refiner, reading_more
from simgait.body.refiner_blocks import features_before, features_layout
from simgait.errors import InputError, first_problem
from simgait.files import whole_folder, write_text
from simgait.resources import resource_dir
from simgait.skeleton.skeleton import Skeleton
from simgait.text_files import read_facts
from simgait.tracking.initialiser import init_initialiser
from simgait.tracking.networks import make_networks
from simgait.tracking.policy_card import read_card
from simgait.tracking.policy_config import PolicyConfig
from simgait.tracking.term_plugins import import_plugins, unknown_terms
from simgait.weight_files import load_arrays, load_tree, save_tree

POLICY_FILE, REFINER_FILE, INITIALISER_FILE, CONFIG_FILE, CARD_FILE = (
    "policy.safetensors",
    "refiner.safetensors",
    "initialiser.safetensors",
    "config.json",
    "card.json",
)
README_FILE = "README.md"
DEFAULT_POLICY = "default"
NEEDED = (POLICY_FILE, REFINER_FILE, CONFIG_FILE, CARD_FILE)


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
    readme: Callable[[dict[str, Any]], str] | None = None,
) -> None:
    """Writes a policy's folder as a whole; the card gets the hash of the weights.

    `readme` makes a page for people of the whole card.

    Raises:
        InputError: the folder cannot be written; an earlier policy is still there then.
    """
    names = {
        POLICY_FILE, REFINER_FILE, INITIALISER_FILE, CONFIG_FILE, CARD_FILE, README_FILE,
    }  # fmt: skip
    with whole_folder(folder, names) as part:
        tree = {"params": params, "mean": statistics.mean, "sd": statistics.std}
        weights = {POLICY_FILE: tree, REFINER_FILE: _refiner_tree(refiner)}
        if initialiser is not None:
            weights[INITIALISER_FILE] = initialiser
        for name, values in weights.items():
            save_tree(part / name, values, with_checksum=False)
        facts = card | {"sha256": policy_hash(part)}
        write_text(part / CONFIG_FILE, config.model_dump_json(indent=1) + "\n")
        write_text(part / CARD_FILE, json.dumps(facts, indent=1) + "\n")
        if readme is not None:
            write_text(part / README_FILE, readme(facts))


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
    """Writes a refiner's weights, outside of a policy's folder."""
    save_tree(path, _refiner_tree(refiner))


def load_refiner(path: Path, skeleton: Skeleton) -> RefinerWeights:
    """Reads the weights of the refiner of a body; those of before a block came in read it as 0.

    Raises:
        InputError: the file is missing, damaged or of another body; or it is a policy's, and not
            the one of the policy's card.
    """
    if path.name == REFINER_FILE and (path.parent / CARD_FILE).is_file():
        _check_hash(path.parent, read_card(path.parent / CARD_FILE))
    first = load_arrays(path).get("['params']['params']['Dense_0']['kernel']")
    # Of any other file the usual sizes, and reading it will fail.
    read, width = (None, WIDTH) if first is None or first.ndim != 2 else first.shape
    reads = features_layout(skeleton).size
    if read not in (None, reads, features_before(skeleton)):
        raise InputError(
            f"{path.name}: is no refiner of the body {skeleton.name}: it reads {read} numbers of a "
            f"frame, and that body's refiner {reads}; give one that was trained with this body."
        )
    features = None if read == reads else read
    like = _shapes_of(lambda key: _refiner_tree(initial_refiner(key, skeleton, width, features)))
    tree = load_tree(path, like, finite=True)
    mean, sd = np.asarray(tree["mean"]), np.asarray(tree["sd"])
    return reading_more(RefinerWeights(tree["params"], mean, sd, skeleton))


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
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise InputError(
            f"{folder.name}: not a policy folder, it lacks {', '.join(missing)}; check the path."
        )
    config = _read_config(folder)
    card = read_card(folder / CARD_FILE)
    sha256 = _check_hash(folder, card)
    _meet_terms(folder, config, trust_plugins)
    networks = make_networks(config.tracking, config.networks)
    blank = jnp.zeros(networks.observation_size)
    like = {"params": _shapes_of(networks.init), "mean": blank, "sd": blank}
    tree = load_tree(folder / POLICY_FILE, like, finite=True)
    statistics = FixedStatistics(tree["mean"], tree["sd"])
    refiner = load_refiner(folder / REFINER_FILE, config.tracking.body.skeleton)
    initialiser = None
    if config.initialiser.use:
        like = _shapes_of(
            lambda key: init_initialiser(config.initialiser, key, config.tracking.body.skeleton)
        )
        initialiser = load_tree(folder / INITIALISER_FILE, like, finite=True)
    return Policy(config, tree["params"], statistics, refiner, card, sha256, initialiser)


def _shapes_of(init: Callable[[PRNGKeyArray], Any]) -> Any:
    """Shapes and types of fresh weights, which are not drawn: that would be compiled first."""
    return jax.eval_shape(init, jax.random.key(0))


def _read_config(folder: Path) -> PolicyConfig:
    try:
        return PolicyConfig.model_validate(read_facts(folder / CONFIG_FILE))
    except ValidationError as error:
        raise InputError(
            f"{folder.name}: {CONFIG_FILE} is not that of a policy of this version "
            f"({first_problem(error)}); fetch the folder again, or use the simgait that made it."
        ) from None


def _check_hash(folder: Path, card: dict[str, Any]) -> str:
    try:
        sha256 = policy_hash(folder)
    except OSError as error:
        raise InputError(
            f"{folder.name}: {Path(error.filename or '').name} cannot be read "
            f"({error.strerror}); fetch the folder again."
        ) from None
    if sha256 != card["sha256"]:
        raise InputError(
            f"{folder.name}: the weights are not those of the model card; fetch them again."
        )
    return sha256


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


def find_policy(
    folder: str | os.PathLike[str] | None = None, *, trust_plugins: bool = False
) -> Policy:
    """Loads a policy: of the folder given, else of the one in $SIMGAIT_POLICY, else the released.

    Raises:
        InputError: there is none, it is damaged, or it needs modules that are not trusted.
    """
    chosen = folder or os.environ.get("SIMGAIT_POLICY")
    if not chosen:
        released = resource_dir("policies") / DEFAULT_POLICY
        if not released.is_dir():
            raise InputError(
                "This installation has no released policy; install simgait again, or name the "
                "folder of a trained one with --policy."
            )
        return load_policy(released)
    if not Path(chosen).is_dir():
        raise InputError(
            f"{Path(chosen).name}: there is no such policy folder; check --policy, or "
            "$SIMGAIT_POLICY."
        )
    return load_policy(Path(chosen), trust_plugins=trust_plugins)


def policy_name(policy: Policy) -> str:
    """What its card calls a policy, else its recipe."""
    return str(policy.card.get("name") or policy.config.name)
