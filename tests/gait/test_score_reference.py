"""References: healthy people's legs weigh the same, and too little is refused."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.gait.score_reference import build_reference, gait_features, published_reference
from simgait.gait.scores import ScoreReference, gait_deviation_index
from tests.gait.conftest import MadeUp, made_up_strides

TOLD = {"name": "controls", "origin": "Nobody.", "pipeline": "test"}


def test_legs_of_the_people_have_mean_100_and_sd_10(
    healthy: MadeUp, reference: ScoreReference
) -> None:
    gdi = gait_deviation_index(healthy.curves_deg, reference)
    legs = gdi.reshape(-1, 3).mean(axis=1)
    assert legs.mean() == pytest.approx(100.0)
    assert legs.std(ddof=1) == pytest.approx(10.0)
    assert (reference.people, reference.sides, reference.strides) == (12, 24, 72)


def test_a_person_with_more_strides_weighs_no_more(healthy: MadeUp) -> None:
    again = np.concatenate([healthy.curves_deg, healthy.curves_deg[:3]])
    features = gait_features(healthy.curves_deg)
    people, sides = ([*own, *own[:3]] for own in (healthy.people, healthy.sides))
    more = build_reference(again, people, sides, features, **TOLD)
    less = build_reference(healthy.curves_deg, healthy.people, healthy.sides, features, **TOLD)
    assert np.allclose(more.mean_curves_deg, less.mean_curves_deg)
    assert more.sd_log_distance == pytest.approx(less.sd_log_distance)


def test_one_stride_a_leg_is_the_papers_arithmetic(healthy: MadeUp) -> None:
    single = slice(None, None, 3)
    features = gait_features(healthy.curves_deg)
    one = build_reference(
        healthy.curves_deg[single], healthy.people[single], healthy.sides[single], features, **TOLD
    )
    vectors = healthy.curves_deg[single].reshape(24, 459).T
    paper = published_reference(features, vectors, **TOLD)
    assert one.mean_log_distance == pytest.approx(paper.mean_log_distance, rel=1e-12)
    assert one.sd_log_distance == pytest.approx(paper.sd_log_distance, rel=1e-12)


def test_features_are_orthonormal_and_hold_what_they_should(healthy: MadeUp) -> None:
    features = gait_features(healthy.curves_deg)
    assert np.allclose(features.T @ features, np.eye(features.shape[1]), atol=1e-12)
    vectors = healthy.curves_deg.reshape(-1, 459)
    assert features.shape == (459, 15)
    held = np.sum((vectors @ features) ** 2, axis=0)
    assert (np.diff(held) <= 0.0).all()
    assert held.sum() > np.sum((vectors @ np.eye(459)[:, :15]) ** 2)


def test_features_of_strides_with_gaps_are_refused(healthy: MadeUp) -> None:
    broken = healthy.curves_deg.copy()
    broken[0, 0, 0] = np.nan
    with pytest.raises(InputError, match="without gaps"):
        gait_features(broken)
    with pytest.raises(InputError, match="14 strides make no 15 gait features"):
        gait_features(healthy.curves_deg[:14])


def test_nine_people_are_too_few() -> None:
    with pytest.raises(InputError, match="^controls: 9 people are too few for a reference"):
        made_up_strides(9).reference(name="controls")
    assert made_up_strides(10).reference().people == 10


def test_a_person_with_one_side_is_named(healthy: MadeUp) -> None:
    keep = [not (p == "person 4" and s == "right")
            for p, s in zip(healthy.people, healthy.sides, strict=True)]  # fmt: skip
    fewer = MadeUp(
        healthy.curves_deg[keep],
        [p for p, kept in zip(healthy.people, keep, strict=True) if kept],
        [s for s, kept in zip(healthy.sides, keep, strict=True) if kept],
    )
    with pytest.raises(InputError, match="person 4 has strides of the left side only"):
        fewer.reference()


def test_gaps_sides_and_lengths_are_refused(healthy: MadeUp) -> None:
    features = gait_features(healthy.curves_deg)
    broken = healthy.curves_deg.copy()
    broken[5, 2, 7] = np.nan
    with pytest.raises(InputError, match="1 of 72 strides have gaps, the first of person 0, right"):
        build_reference(broken, healthy.people, healthy.sides, features, **TOLD)
    with pytest.raises(InputError, match="a side called L"):
        build_reference(healthy.curves_deg, healthy.people, ["L"] * 72, features, **TOLD)
    with pytest.raises(InputError, match="72 strides of 72 people and 71 sides"):
        build_reference(healthy.curves_deg, healthy.people, healthy.sides[1:], features, **TOLD)


def test_a_published_set_must_be_orthonormal_and_whole(healthy: MadeUp) -> None:
    features = gait_features(healthy.curves_deg)
    vectors = healthy.curves_deg[::3].reshape(24, 459).T.copy()
    with pytest.raises(InputError, match="not orthonormal"):
        published_reference(2.0 * features, vectors, **TOLD)
    vectors[3, 3] = np.nan
    with pytest.raises(InputError, match="have gaps"):
        published_reference(features, vectors, **TOLD)


def test_the_same_strides_under_several_names_are_refused(healthy: MadeUp) -> None:
    same = [f"person {i // 6}" for i in range(72)]
    copies = np.concatenate([healthy.curves_deg[:6]] * 12)
    with pytest.raises(InputError, match="person 0 and person 1 have the same stride"):
        MadeUp(copies, same, healthy.sides).reference()
    noise = np.random.default_rng(0).normal(0.0, 1.0, (9, 51))
    lines = np.repeat(healthy.curves_deg[:1], 24, axis=0)
    lines[::2] += noise
    lines[1::2] -= noise
    features = gait_features(healthy.curves_deg)
    with pytest.raises(InputError, match="the same strides stand under several names"):
        published_reference(features, lines.reshape(24, 459).T, **TOLD)


def test_few_published_vectors_are_no_reference(healthy: MadeUp) -> None:
    features = gait_features(healthy.curves_deg)
    vectors = healthy.curves_deg[:19].reshape(19, 459).T
    with pytest.raises(InputError, match="19 control vectors are too few"):
        published_reference(features, vectors, **TOLD)
