"""From the network's answers to a walk; weights on disk and back."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.baselines.fitted_trials import fit_trials
from simgait.baselines.tracker import Refusal, WalkEstimate
from simgait.body.fit import FitConfig
from simgait.companions.gait_transformer.columns import N_FEATURES, N_OUTPUTS
from simgait.companions.gait_transformer.config import (
    GaitTransformerConfig,
    NetworkConfig,
    SmootherConfig,
)
from simgait.companions.gait_transformer.network import GaitTransformer
from simgait.companions.gait_transformer.targets import network_targets
from simgait.companions.gait_transformer.tracker import (
    PHASE_EVENTS,
    gait_transformer_tracker,
    walk_from,
)
from simgait.companions.gait_transformer.weights import (
    CARD_FILE,
    TransformerWeights,
    load_transformer,
    predict,
    save_transformer,
    window_starts,
)
from simgait.datasets.synthetic_trials import synthetic_trial
from simgait.errors import InputError
from simgait.gait.matching import match_events, timing_error
from simgait.skeleton.default import ANGLE_NAMES, BODY_KEYPOINTS
from simgait.types import FittedTrial

CONFIG = GaitTransformerConfig(
    network=NetworkConfig(layers=1, width=16, heads=2, feedforward=16, window_frames=40)
)


@pytest.fixture(scope="module")
def untrained() -> TransformerWeights:
    blank = jnp.zeros((1, 40, N_FEATURES))
    params = GaitTransformer(CONFIG.network).init(jax.random.key(3), blank, jnp.ones((1, 40)))
    rng = np.random.default_rng(0)
    mean = rng.normal(0.0, 0.1, (23, 3)).astype(np.float32)
    return TransformerWeights(CONFIG, params, mean, np.full((23, 3), 0.1, np.float32))


def test_perfect_answers_give_the_true_walk(monocular):
    """Whatever the keypoints do: events, velocity, steps and angles are the network's."""
    truth = synthetic_trial("validation", 4, "monocular", 6.0, "normal")
    output, known = network_targets(truth, monocular.dims)
    assert known.all()
    (fitted,) = fit_trials([monocular.trial], FitConfig())
    assert isinstance(fitted, FittedTrial)
    walk = walk_from(fitted, output.astype(float), SmootherConfig())
    timing = timing_error(match_events(monocular.gait.events, walk.gait.events, max_ms=100.0))
    assert timing.n_missed == 0 and timing.mae_ms < 1000.0 / 30.0
    for name, tolerance in (("velocity_mps", 0.02), ("step_length_m", 0.02)):
        for side in ("left", "right"):
            true = monocular.gait.parameters[name][side].mean
            assert walk.gait.parameters[name][side].mean == pytest.approx(true, abs=tolerance)
    assert walk.gait.definitions["events"] == PHASE_EVENTS
    told = [i for i, name in enumerate(ANGLE_NAMES) if "knee" in name or "hip_flexion" in name]
    np.testing.assert_allclose(walk.angles_rad[:, told], monocular.angles_rad[:, told], atol=1e-5)
    others = [i for i in range(13) if i not in told]
    assert np.isnan(walk.angles_rad[:, others]).all()
    assert set(walk.undefined) == {"left_ankle_dorsiflexion", "right_ankle_dorsiflexion"}
    assert walk.keypoint_names == BODY_KEYPOINTS
    assert np.isfinite(walk.keypoints_m).all()


def test_windows_cover_every_frame_of_any_trial():
    assert window_starts(30, 40) == [0]
    assert window_starts(40, 40) == [0]
    for n in (41, 93, 200):
        starts = window_starts(n, 40)
        covered = np.zeros(n, bool)
        for start in starts:
            assert start + 40 <= n
            covered[start : start + 40] = True
        assert covered.all()


@pytest.mark.slow
def test_predictions_know_their_trial_and_ignore_the_company(exact, exact_legs, untrained):
    whole = exact.trial
    short = replace(
        whole,
        time_s=whole.time_s[:25],
        keypoints_m=whole.keypoints_m[:25],
        confidence=whole.confidence[:25],
        pelvis_path_m=whole.pelvis_path_m[:25],
        pelvis_path_mask=whole.pelvis_path_mask[:25],
    )
    trials = [exact.trial, exact_legs.trial, short]
    together = predict(untrained, trials)
    assert [len(out) for out in together] == [exact.trial.n_frames, exact_legs.trial.n_frames, 25]
    for trial, out in zip(trials, together, strict=True):
        assert out.shape[1] == N_OUTPUTS and np.isfinite(out).all()
        (alone,) = predict(untrained, [trial])
        np.testing.assert_allclose(alone, out, atol=1e-4)
    # The legs-only copy of the same walk is another input.
    assert not np.allclose(together[0], together[1])


@pytest.mark.slow
def test_hidden_points_do_not_leak(exact_legs, untrained):
    """What lies under a mask must not matter; the pelvis path must not either."""
    (one,) = predict(untrained, [exact_legs.trial])
    moved = replace(
        exact_legs.trial,
        pelvis_path_m=exact_legs.trial.pelvis_path_m * 2.0,
        confidence=np.zeros_like(exact_legs.trial.confidence),
    )
    (two,) = predict(untrained, [moved])
    np.testing.assert_array_equal(one, two)


def test_an_untrained_network_still_answers_or_refuses_in_order(
    exact, exact_legs, giant, untrained
):
    answers = gait_transformer_tracker(untrained, {}).estimate(
        [exact.trial, giant, exact_legs.trial]
    )
    assert isinstance(answers[1], Refusal) and "giant" in answers[1].reason
    for answer, trial in ((answers[0], exact.trial), (answers[2], exact_legs.trial)):
        assert isinstance(answer, WalkEstimate)
        assert answer.keypoints_m.shape == (trial.n_frames, 14, 3)
    assert gait_transformer_tracker(untrained, {}).estimate([]) == []


def test_weights_round_trip_and_damage_is_noticed(tmp_path, exact, untrained):
    folder = tmp_path / "mine"
    sha256 = save_transformer(folder, untrained, {"steps": 0})
    back = load_transformer(folder)
    assert back.config == CONFIG
    np.testing.assert_array_equal(predict(back, [exact.trial]), predict(untrained, [exact.trial]))
    assert len(sha256) == 64
    (folder / CARD_FILE).write_text('{"sha256": "0"}')
    with pytest.raises(InputError, match="not those of the model card"):
        load_transformer(folder)
    (folder / CARD_FILE).unlink()
    with pytest.raises(InputError, match="mine: not a Gait Transformer, it lacks card.json"):
        load_transformer(folder)
