"""The released weights at work on validation walkers: loose bounds that broken weights fail."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest

from simgait.baselines.tracker import WalkEstimate
from simgait.companions.gait_transformer.tracker import released_tracker
from simgait.companions.gait_transformer.weights import WEIGHTS_FILE
from simgait.errors import InputError
from simgait.gait.matching import match_events, timing_error
from simgait.resources import resource_dir
from simgait.skeleton.default import ANGLE_NAMES

FOLDER = resource_dir("policies") / "gait_transformer"


def test_the_released_network_walks_exact_monocular_and_legs_only(exact, exact_legs, monocular):
    walkers = [exact, exact_legs, monocular]
    walks = released_tracker().estimate([one.trial for one in walkers])
    knees = [ANGLE_NAMES.index(f"{side}_knee_flexion") for side in ("left", "right")]
    for one, walk in zip(walkers, walks, strict=True):
        assert isinstance(walk, WalkEstimate)
        true, found = one.gait.parameters, walk.gait.parameters
        assert found["velocity_mps"]["both"].mean == pytest.approx(
            true["velocity_mps"]["both"].mean, abs=0.15
        )
        assert found["step_length_m"]["both"].mean == pytest.approx(
            true["step_length_m"]["both"].mean, abs=0.08
        )
        timing = timing_error(match_events(one.gait.events, walk.gait.events, max_ms=150.0))
        assert timing.n_missed <= 2 and timing.mae_ms < 33.0
        error = walk.angles_rad[:, knees] - one.angles_rad[:, knees]
        assert np.degrees(np.sqrt(np.mean(error**2))) < 8.0


def test_the_release_is_small_and_its_card_is_its_own():
    assert (FOLDER / WEIGHTS_FILE).stat().st_size < 10e6
    card = json.loads((FOLDER / "card.json").read_text())
    assert card["sha256"] in (FOLDER / "README.md").read_text()
    assert card["steps"] > 0 and card["real_walks"] > 0


def test_the_tracker_is_named_with_the_hash_of_its_weights():
    one = released_tracker()
    weights = resource_dir("policies") / "gait_transformer" / "weights.safetensors"
    assert one.facts["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert "2,000 gradient steps" in one.about and "not the authors' weights" in one.about


def test_weights_that_are_absent_are_a_sentence(tmp_path):
    with pytest.raises(InputError, match="not a Gait Transformer"):
        released_tracker(tmp_path / "none")
