"""The trackers of a benchmark run: what each is, what it was trained with, how long."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simgait.baselines.estimate import Tracker
from simgait.baselines.kinematics import kinematics_tracker
from simgait.baselines.raw_keypoints import raw_keypoints_tracker
from simgait.benchmark.ablation import ROWS
from simgait.benchmark.run import policy_tracker
from simgait.companions.gait_transformer.tracker import gait_transformer_tracker
from simgait.companions.gait_transformer.weights import CARD_FILE, load_transformer
from simgait.learning.checkpoints import Policy
from simgait.learning.config import NetworkConfig
from simgait.learning.config_file import load_config
from simgait.resources import resource_dir


@dataclass(frozen=True)
class BenchTracker:
    """A tracker, and what a reader must know of it.

    Attributes:
        name: in the tables.
        track: trials in, answers out.
        told: one or two sentences: what it is, how long it was trained.
        facts: the same for programs, with the hash of what was learned.
    """

    name: str
    track: Tracker
    told: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def from_policy(name: str, policy: Policy, policy_name: str) -> BenchTracker:
    """A trained policy as a tracker; its card says how long it was trained."""
    steps = policy.card.get("steps")
    trained = f"{_steps(steps)} of training" if steps is not None else "its card names no steps"
    told = (
        f"{name}: a policy drives the simulated body through the walk ({trained}, "
        f"{_layers(policy.config.networks)}, configuration '{policy.config.name}')."
    )
    if policy.config.tracking.observation.reference:
        told += " It follows a reference that a refiner, trained with supervision, has corrected."
    recipe = f"{policy.config.name}.toml"
    if recipe.startswith("paper_") and recipe in ROWS.values():
        whole = load_config(resource_dir("configs") / recipe)
        told += (
            " It follows the configuration of Smyrnakis, Karakostas and Cotton 2024, who trained "
            f"for {_steps(whole.ppo.total_steps)} with {_layers(whole.networks)}; these are not "
            "their results."
        )
    facts = {
        "name": name,
        "kind": "policy",
        "policy": policy_name,
        "configuration": policy.config.name,
        "trained_steps": steps,
        "sha256": policy.sha256,
    }
    return BenchTracker(name, policy_tracker(policy), told, facts)


def gait_transformer(name: str, folder: Path | None = None) -> BenchTracker:
    """The Gait Transformer; the released weights unless another folder is given.

    Raises:
        InputError: a file is missing or damaged.
    """
    folder = resource_dir("policies") / "gait_transformer" if folder is None else folder
    weights = load_transformer(folder)
    card = json.loads((folder / CARD_FILE).read_text("utf-8"))
    minutes, steps = card.get("training_minutes"), card.get("steps")
    length = [f"{steps:,} gradient steps"] if steps is not None else []
    length += [f"{minutes:.0f} minutes"] if minutes is not None else []
    trained = f"for {', '.join(length)}" if length else "for a time that its card does not name"
    told = (
        f"{name}: the Gait Transformer of Cotton et al. 2022, re-implemented and trained {trained} "
        "on simgait's training walks; no physics, and not the authors' weights."
    )
    facts = {"name": name, "kind": "network", "trained_steps": steps, "sha256": card["sha256"]}
    return BenchTracker(name, gait_transformer_tracker(weights), told, facts)


def kinematics(name: str) -> BenchTracker:
    """The body fitted to the keypoints, without physics."""
    told = (
        f"{name}: the same body fitted to the keypoints and filtered, events by Zeni et al. 2008; "
        "no physics, nothing learned."
    )
    return BenchTracker(name, kinematics_tracker(), told, {"name": name, "kind": "rules"})


def raw_keypoints(name: str) -> BenchTracker:
    """The keypoints as they are."""
    told = (
        f"{name}: the recording's own keypoints, filtered, events by Zeni et al. 2008; no body, "
        "nothing learned."
    )
    return BenchTracker(name, raw_keypoints_tracker(), told, {"name": name, "kind": "rules"})


def _steps(count: int) -> str:
    return f"{count:,} environment steps"


def _layers(networks: NetworkConfig) -> str:
    widths = networks.policy_layers
    if len(set(widths)) == 1:
        return f"{len(widths)} layers of {widths[0]}"
    return f"layers of {', '.join(str(width) for width in widths)}"
