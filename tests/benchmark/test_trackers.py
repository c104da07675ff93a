"""What the report says of each tracker, and what the provenance holds."""

from __future__ import annotations

import hashlib

import pytest

from simgait.benchmark import trackers
from simgait.errors import InputError
from simgait.learning.checkpoints import Policy, load_policy
from simgait.learning.config import NetworkConfig, TrainingConfig
from simgait.resources import resource_dir


def policy(name: str, card: dict, layers: tuple[int, ...] = (256, 256, 256)) -> Policy:
    config = TrainingConfig(name=name, networks=NetworkConfig(policy_layers=layers))
    return Policy(config, None, None, None, card, "cd" * 32)  # type: ignore[arg-type]


def test_a_policy_says_how_long_it_was_trained() -> None:
    one = trackers.from_policy("mine", policy("default", {"steps": 13_000_704}), "default")
    assert one.told.startswith("mine: ") and "13,000,704 environment steps" in one.told
    assert "3 layers of 256" in one.told and "2024" not in one.told
    assert one.facts["sha256"] == "cd" * 32 and one.facts["trained_steps"] == 13_000_704
    untold = trackers.from_policy("mine", policy("default", {}, (64, 32)), "default")
    assert "names no steps" in untold.told and "layers of 64, 32" in untold.told


def test_a_paper_configuration_is_not_mistaken_for_the_papers_result() -> None:
    one = trackers.from_policy("paper-final", policy("paper_final", {"steps": 499_712}), "x")
    assert "499,712 environment steps" in one.told
    assert "1,000,000,000 environment steps with 8 layers of 256" in one.told
    assert "not their results" in one.told


def test_only_a_policy_that_sees_the_reference_is_said_to_follow_it() -> None:
    folder = resource_dir("policies")
    told = {
        n: trackers.from_policy(n, load_policy(folder / n), n).told
        for n in ("default", "paper_final")
    }
    assert "a refiner" in told["default"] and "a refiner" not in told["paper_final"]


def test_the_transformer_is_named_with_the_hash_of_its_weights() -> None:
    one = trackers.gait_transformer("gait-transformer")
    weights = resource_dir("policies") / "gait_transformer" / "weights.safetensors"
    assert one.facts["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert "2,000 gradient steps" in one.told and "not the authors' weights" in one.told


def test_a_transformer_that_is_absent_is_a_sentence(tmp_path) -> None:
    with pytest.raises(InputError, match="not a readable Gait Transformer"):
        trackers.gait_transformer("gait-transformer", tmp_path / "none")


def test_baselines_say_that_they_learned_nothing() -> None:
    for one in (trackers.kinematics("kinematics"), trackers.raw_keypoints("raw-keypoints")):
        assert one.told.startswith(f"{one.name}: ") and "nothing learned" in one.told
        assert "sha256" not in one.facts
