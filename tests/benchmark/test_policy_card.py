"""What the report says of a policy, and what the provenance holds."""

from __future__ import annotations

from typing import Any

from simgait.benchmark.policy_tracker import policy_tracker
from simgait.learning.config import TrainingConfig
from simgait.resources import resource_dir
from simgait.tracking.policies import Policy, load_policy
from simgait.tracking.policy_config import NetworkConfig
from tests import stand_ins


def policy(name: str, card: dict[str, Any], layers: tuple[int, ...] = (256, 256, 256)) -> Policy:
    config = TrainingConfig(name=name, networks=NetworkConfig(policy_layers=layers))
    return stand_ins.policy(config, card, "cd" * 32)


def test_a_policy_says_how_long_it_was_trained() -> None:
    one = policy_tracker("mine", policy("default", {"steps": 13_000_704}), "default")
    assert one.introduction.startswith("mine: ") and "13,000,704 environment steps" in one.about
    assert "3 layers of 256" in one.about and "2024" not in one.about
    assert one.facts["sha256"] == "cd" * 32 and one.facts["trained_steps"] == 13_000_704
    untold = policy_tracker("mine", policy("default", {}, (64, 32)), "default")
    assert "names no steps" in untold.about and "layers of 64, 32" in untold.about


def test_a_paper_configuration_is_not_mistaken_for_the_papers_result() -> None:
    one = policy_tracker("paper-final", policy("paper_final", {"steps": 499_712}), "x")
    assert "499,712 environment steps" in one.about
    assert "1,000,000,000 environment steps with 8 layers of 256" in one.about
    assert "not their results" in one.about


def test_only_a_policy_that_sees_the_reference_is_said_to_follow_it() -> None:
    folder = resource_dir("policies")
    told = {
        n: policy_tracker(n, load_policy(folder / n), n).about for n in ("default", "paper_final")
    }
    assert "a refiner" in told["default"] and "a refiner" not in told["paper_final"]
