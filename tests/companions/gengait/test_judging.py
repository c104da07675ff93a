"""Which joints are wrong in truth, thresholds on normal people, rivals, and how all are judged."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.companions.gengait.calibration import LEAST_SD_DEG, calibrate, people_factor
from simgait.companions.gengait.curves import mean_curves_deg
from simgait.companions.gengait.joints import ANGLE_INDEX, JOINTS
from simgait.companions.gengait.judging import (
    OURS,
    Answer,
    answers_of,
    auc,
    changed_deg,
    correction,
    estimated_departure_deg,
    localisation,
    top_share,
)
from simgait.companions.gengait.rivals import RIVALS, fit_rivals, own_angles
from simgait.companions.gengait.truth import IMPAIRED, judged_pairs
from simgait.errors import InputError
from simgait.synthetic.walkers.specification import (
    PATTERNS,
    draw_own_normal,
    draw_walker,
    walker_seed,
)
from tests.companions.gengait.made_up import small, walk


def test_the_own_normal_walk_is_the_same_walker_without_the_pattern() -> None:
    for pattern in PATTERNS:
        seed = walker_seed("train", 77)
        shown, own = draw_walker(seed, pattern), draw_own_normal(seed, pattern)
        assert own.pattern == "normal" and own.dimensions == shown.dimensions
        assert own.speed_mps == pytest.approx(shown.speed_mps, rel=0.12)
        assert own.pelvis_tilt_deg == shown.pelvis_tilt_deg
        if pattern == "normal":
            assert own == shown
            continue
        assert own.step_length_m[0] == own.step_length_m[1]
        assert (max(own.equinus_deg), max(own.hike_deg), max(own.crouch_deg)) <= (0.0, 0.0, 5.0)
    crouch = draw_walker(walker_seed("train", 77), "crouch")
    assert min(crouch.crouch_deg) > 8.0
    shorter = draw_walker(walker_seed("train", 78), "short_steps")
    usual = draw_own_normal(walker_seed("train", 78), "short_steps")
    assert sum(shorter.step_length_m) < 0.85 * sum(usual.step_length_m)


def test_wrong_in_truth_are_the_joints_that_the_pattern_moves() -> None:
    pairs = judged_pairs("train", 920_000, len(IMPAIRED))
    by_pattern = {pair.pattern: pair.departure_deg for pair in pairs}
    assert set(by_pattern) == set(IMPAIRED)
    knees = [JOINTS.index("left_knee"), JOINTS.index("right_knee")]
    assert by_pattern["crouch"][knees].min() > 5.0 and by_pattern["crouch"][0] < 1.0
    hips = [JOINTS.index("left_hip"), JOINTS.index("right_hip")]
    assert by_pattern["wide_base"][hips].min() > by_pattern["wide_base"][knees].max()


def test_a_joint_beyond_normal_people_is_wrong() -> None:
    rng = np.random.default_rng(1)
    people = [f"p{k}" for k in range(100)]
    residual = rng.normal(0.0, 2.0, (100, 1, 28, 10)) * 0.0 + rng.normal(0.0, 2.0, (100, 1, 1, 10))
    found = calibrate(residual, people)
    assert found.sd_deg.min() >= LEAST_SD_DEG
    normal = found.badness(residual)
    assert 0.0 < np.mean(normal > 1.0) < 0.06
    off = np.zeros((1, 1, 28, 10))
    off[..., ANGLE_INDEX["right_knee_flexion"]] = 12.0
    assert list(found.badness(off)[0] > 1.0) == [joint == "right_knee" for joint in JOINTS]
    unseen = off.copy()
    unseen[..., ANGLE_INDEX["right_knee_flexion"]] = np.nan
    assert np.isnan(found.badness(unseen)[0, JOINTS.index("right_knee")])
    with pytest.raises(InputError, match="too few"):
        calibrate(residual[:20], people[:20])


def test_the_ridge_does_not_see_the_joint_that_it_says() -> None:
    rng = np.random.default_rng(2)
    curves = rng.normal(0.0, 5.0, (60, 28, 10))
    speed = rng.uniform(0.2, 0.4, 60)
    speed[3] = np.nan
    rivals = fit_rivals(curves, speed)
    for joint in JOINTS:
        own = own_angles(joint)
        other = curves + 40.0 * own
        for name in ("ridge", "mean of the training people"):
            first, second = (rivals.expected_deg(name, c, speed) for c in (curves, other))
            assert second[..., own] == pytest.approx(first[..., own])
    assert rivals.expected_deg(RIVALS[0], curves, speed)[7] == pytest.approx(curves.mean(axis=0))
    whole = rivals.expected_deg("PCA reconstruction", curves, speed)
    assert np.mean(np.square(whole - curves)) < np.mean(np.square(curves - curves.mean(axis=0)))


def test_auc_is_the_chance_that_the_wrong_one_stands_out() -> None:
    assert auc(np.array([3.0, 4.0]), np.array([1.0, 2.0, np.nan])) == 1.0
    assert auc(np.array([1.0, 3.0]), np.array([2.0])) == 0.5
    assert np.isnan(auc(np.zeros(0), np.ones(2)))


@pytest.mark.slow
def test_a_perfect_answer_is_judged_as_one() -> None:
    pairs = judged_pairs("train", 920_000, 14)
    truth = np.stack([pair.departure_deg for pair in pairs])
    own = np.stack([mean_curves_deg(pair.normal) for pair in pairs])
    shown = np.stack([mean_curves_deg(pair.shown) for pair in pairs])
    perfect = Answer(truth / 2.5, own)
    silent = Answer(np.zeros_like(truth), shown)
    healthy = Answer(np.zeros_like(truth), own)
    assert localisation(perfect, healthy, pairs) == 1.0 and top_share(perfect, pairs) == 1.0
    assert localisation(silent, healthy, pairs) == 0.5
    assert correction(perfect, pairs).less_percent == pytest.approx(100.0)
    assert correction(silent, pairs).less_percent == pytest.approx(0.0)
    alone = Answer(perfect.badness[:1], perfect.twin_deg[:1])
    assert np.isnan(correction(alone, pairs[:1]).cohens_d)
    assert changed_deg(healthy, [pair.normal for pair in pairs]) == pytest.approx(0.0)
    said = estimated_departure_deg({OURS: perfect}, [pair.shown for pair in pairs])
    assert said[OURS] == pytest.approx(truth)


@pytest.mark.slow
def test_all_answer_in_one_form() -> None:
    found = answers_of(small(), [walk(0), walk(1, "crouch")])
    assert set(found) == {OURS, *RIVALS}
    for one in found.values():
        assert one.badness.shape == (2, 7) and one.twin_deg.shape == (2, 28, 10)
        assert np.isfinite(one.badness).all()
    again = answers_of(small(), [walk(0)])
    assert again[OURS].badness[0] == pytest.approx(found[OURS].badness[0], rel=1e-4)


def test_thresholds_for_recorded_people_are_as_wide_as_the_widest_of_them() -> None:
    badness = np.full((5, len(JOINTS)), 0.5)
    badness[:3, JOINTS.index("left_knee")] = 2.0, 3.0, 9.0  # one person's walks
    badness[3:, JOINTS.index("pelvis")] = np.nan
    factor = dict(zip(JOINTS, people_factor(badness, ["a", "a", "a", "b", "c"]), strict=True))
    assert factor["left_knee"] == factor["right_knee"] == 3.0
    assert factor["pelvis"] == factor["left_hip"] == factor["right_ankle"] == 1.0
