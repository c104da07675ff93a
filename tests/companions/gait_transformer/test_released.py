"""The released weights at work on validation walkers: loose bounds that broken weights fail."""

from __future__ import annotations

import json

import numpy as np
import pytest

from simgait.baselines.estimate import WalkEstimate
from simgait.companions.gait_transformer.tracker import gait_transformer_tracker
from simgait.companions.gait_transformer.weights import WEIGHTS_FILE
from simgait.gait.matching import match_events, timing_error
from simgait.resources import resource_dir
from simgait.skeleton.default import ANGLE_NAMES

FOLDER = resource_dir("policies") / "gait_transformer"


def test_the_released_network_walks_exact_monocular_and_legs_only(exact, exact_legs, monocular):
    walkers = [exact, exact_legs, monocular]
    walks = gait_transformer_tracker()([one.trial for one in walkers])
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
