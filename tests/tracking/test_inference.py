"""Tracking whole trials: shapes, the first frame, falls, retries."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from simgait.body import batches
from simgait.skeleton.default import BODY_KEYPOINT_COLUMNS
from simgait.tracking import inference
from simgait.tracking.clips import ClipBank
from simgait.tracking.config import TerminationConfig, TrackingConfig
from simgait.tracking.environment import has_fallen
from simgait.tracking.inference import AS_LEARNED_ONCE, Attempt, InferenceConfig, PhysicsTracker
from simgait.tracking.policy_config import NetworkConfig, PolicyConfig
from simgait.tracking.roll_out import roll_out as simulated
from simgait.tracking.track import _act
from simgait.types import Rollout
from tests.stand_ins import silent_networks
from tests.tracking.moments import moment

CONFIG = TrackingConfig()
ONCE = AS_LEARNED_ONCE


IDLE = 0.0
"""Leaves everything to the reference."""
WILD = 0.999
"""Throws the body over."""
CLUMSY = 0.9
"""Falls at first: thrown for most of the time."""
# Of the released policy's size and by its own function, whose program serves here too.
act = _act(CONFIG, NetworkConfig())


def tracker(policy: float, inference=ONCE) -> PhysicsTracker:
    """With a policy that answers the same whatever it sees: by the bias of its last layer."""
    silent, statistics = silent_networks(PolicyConfig())
    layers = silent["policy"]["params"]
    last = layers[max(layers)]
    last["bias"] = jnp.full_like(last["bias"], np.arctanh(policy))
    params = {"params": silent, "statistics": statistics}
    return PhysicsTracker(CONFIG, act, params, inference, told_by=NetworkConfig().model_dump_json())


def tracked(policy: float, walks, inference=ONCE) -> list[Rollout]:
    return tracker(policy, inference).track(walks)


@pytest.fixture(scope="module")
def rollouts(walks) -> list[Rollout]:
    return tracked(IDLE, walks)


def test_a_rollout_has_the_trial_s_length_and_units(rollouts, walks) -> None:
    for rollout, one in zip(rollouts, walks, strict=True):
        trial, n = one.trial, one.trial.n_frames
        assert rollout.pose.shape == one.pose.shape
        assert rollout.foot_force_n.shape == ((n - 1) * CONFIG.control.substeps, 2, 3)
        assert rollout.keypoints_m.shape == (n, len(one.skeleton.keypoints), 3)
        assert rollout.substep_time_s[-1] == pytest.approx(trial.time_s[-1], abs=1e-3)
        assert rollout.body_weight_n == pytest.approx(float(one.dims.mass_kg) * 9.81)
        assert np.isfinite(rollout.pose).all()
        # From the first frame: the body starts where the keypoints say.
        assert np.allclose(rollout.pose[0], one.pose[0])
        seen = np.isfinite(trial.keypoints_m[0, BODY_KEYPOINT_COLUMNS]).all(-1)
        distance = np.linalg.norm(
            rollout.keypoints_m[0] - rollout.target_keypoints_m[0, BODY_KEYPOINT_COLUMNS], axis=-1
        )
        assert distance[seen].max() < 0.12


def test_the_floor_carries_the_body(rollouts) -> None:
    for rollout in rollouts:
        early = rollout.foot_force_n[16:64, :, 2].sum(1) / rollout.body_weight_n
        assert 0.6 < early.mean() < 1.5


def test_tracking_repeats_bit_for_bit(rollouts, walks) -> None:
    again = tracked(IDLE, walks)
    for a, b in zip(rollouts, again, strict=True):
        assert np.array_equal(a.pose, b.pose)


def test_a_fall_is_said_and_what_follows_is_not_made_up(walks) -> None:
    thrown = tracked(WILD, walks)[0]
    assert thrown.fell
    first = int(np.argmin(thrown.alive))
    assert not thrown.alive[first:].any()
    assert np.array_equal(thrown.pose[first], thrown.pose[-1])
    assert thrown.attempts == 1


def test_retries_never_shorten_a_walk(rollouts, walks) -> None:
    retried = tracked(IDLE, walks, InferenceConfig(first_force_bw=None))
    for once, more in zip(rollouts, retried, strict=True):
        assert more.alive.sum() >= once.alive.sum()
        assert (more.attempts == 1) == np.array_equal(more.pose, once.pose)


@pytest.mark.parametrize(("away_leg", "lost"), [(0.35, False), (0.45, True)])
def test_a_body_far_off_its_path_counts_as_fallen_before_training_ends_it(
    clips: ClipBank, away_leg: float, lost: bool
) -> None:
    now = moment(clips, 1, 20)
    away_m = away_leg * float(now.dims.leg_m)
    now = replace(now, pose=now.pose.at[1].add(away_m))
    assert not has_fallen(now, CONFIG)
    assert bool(has_fallen(now, inference._kept_to_its_path(CONFIG, 0.4))) == lost


def test_a_policy_trained_closer_to_its_path_is_held_to_that() -> None:
    close = CONFIG.model_copy(update={"termination": TerminationConfig(max_path_error_leg=0.2)})
    assert inference._kept_to_its_path(close, 0.4) == close


@pytest.mark.slow  # a program of its own
def test_a_trial_ends_where_the_body_leaves_its_path(walks) -> None:
    upright = {"min_pelvis_height": 0.0, "max_tilt_rad": 9.0}
    ends = CONFIG.termination.model_copy(update=upright)
    lenient = replace(tracker(WILD), config=CONFIG.model_copy(update={"termination": ends}))
    thrown = lenient.track(walks)
    assert any(rollout.fell for rollout in thrown)
    for rollout in thrown:
        off_m = np.linalg.norm((rollout.pose - rollout.reference_pose)[rollout.alive, :2], axis=1)
        assert off_m.max() < ONCE.max_path_error_leg * float(rollout.dimensions.leg_m)


def test_what_is_not_finite_never_reaches_physics(walks) -> None:
    pose = walks[0].pose.copy()
    pose[3, 5] = np.nan
    broken = replace(walks[0], pose=pose)
    with pytest.raises(ValueError, match="not finite"):
        tracked(IDLE, [broken])


@pytest.mark.slow  # each walk is tracked again alone, with every attempt
@pytest.mark.parametrize("sizes", [(8,), (1, 8)])
def test_a_trial_s_attempts_do_not_depend_on_its_neighbours(
    walks, monkeypatch: pytest.MonkeyPatch, sizes: tuple[int, ...]
) -> None:
    # A batch of one is another program, of half a minute.
    monkeypatch.setattr(batches, "BATCH_SIZES", sizes)
    together = tracked(CLUMSY, walks, InferenceConfig())
    for i, rollout in enumerate(together):
        alone = tracked(CLUMSY, walks[i : i + 1], InferenceConfig())[0]
        assert alone.attempts == rollout.attempts
        assert alone.alive.sum() == pytest.approx(rollout.alive.sum(), abs=1)


def test_two_threads_that_track_simulate_one_after_the_other(
    rollouts, walks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two at a time deadlock in LAPACK."""
    within, most = [0], [0]

    def roll_out(*args, **kwargs):
        within[0] += 1
        most[0] = max(most[0], within[0])
        try:
            time.sleep(0.02)
            return real(*args, **kwargs)
        finally:
            within[0] -= 1

    real = simulated
    monkeypatch.setattr(inference, "roll_out", roll_out)
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(lambda _: tracked(IDLE, walks), range(2)))
    assert most == [1] and within == [0]
    for one in found:
        for again, before in zip(one, rollouts, strict=True):
            assert np.array_equal(again.pose, before.pose)


def test_it_says_how_far_it_is_within_walks_of_one_length(walks) -> None:
    shares: list[float] = []
    tracker(IDLE).first_attempt(walks, shares.append)
    assert len(shares) > 1 and shares == sorted(shares) and shares[-1] == 1.0


def test_only_the_fallen_are_tried_again_with_more_help(walks) -> None:
    ladder = AS_LEARNED_ONCE.model_copy(update={"residual_scale": (4.0,)})
    first = tracker(WILD, ladder).first_attempt(walks)
    spared = [replace(first[0], alive=np.ones_like(first[0].alive)), *first[1:]]
    again = tracker(WILD, ladder).try_again(walks, spared)
    assert again[0] is spared[0]
    assert all(b is a or b.attempts == 2 for a, b in zip(spared, again, strict=True))


LEARNED = CONFIG.control.model_copy(
    update={"residual_force_bw": 0.05, "residual_moment_bw_leg": 0.08}
)


def most_of(attempt: Attempt) -> tuple[float, ...]:
    """The most that the helper may do: force, body weights, moment, body weight × leg length."""
    return tuple(round(attempt.scale * bound, 12) for bound in attempt.bounds)


def test_more_and_more_moment_comes_before_more_force() -> None:
    ladder = InferenceConfig(
        first_force_bw=0.03, moment_scale=(2.0, 4.0), residual_scale=(1.0, 4.0)
    )
    assert [most_of(one) for one in ladder.attempts(LEARNED)] == [
        (0.03, 0.08), (0.03, 0.16), (0.03, 0.32), (0.05, 0.08), (0.2, 0.32),
    ]  # fmt: skip
    never = ladder.model_copy(update={"first_force_bw": None})
    assert [most_of(one) for one in never.attempts(LEARNED)] == [
        (0.05, 0.08), (0.05, 0.16), (0.05, 0.32), (0.2, 0.32),
    ], "as learned is not tried twice"  # fmt: skip
    # A policy that learned with no more force than the first attempt has what it learned with.
    tight = LEARNED.model_copy(update={"residual_force_bw": 0.02})
    assert [most_of(one) for one in ladder.attempts(tight)][:2] == [(0.02, 0.08), (0.02, 0.16)]


def test_training_judges_by_one_attempt_as_it_was_learned() -> None:
    assert AS_LEARNED_ONCE.attempts(LEARNED) == (Attempt(1.0, (0.05, 0.08)),)


def test_the_helper_keeps_within_the_first_attempt_s_bound(walks) -> None:
    ladder = InferenceConfig(moment_scale=(2.0,), residual_scale=(1.0,))
    rollouts = tracked(IDLE, walks, ladder)
    assert any(rollout.attempts == 1 and not rollout.fell for rollout in rollouts)
    for rollout in rollouts:
        share = np.abs(rollout.residual_force_n).max() / rollout.body_weight_n
        assert 0.0 < share <= (0.03 if rollout.attempts <= 2 else 0.05) + 1e-4
