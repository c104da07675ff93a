"""A detector's hips and knees go where people have them, where its proportions tell the set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from jaxtyping import Float

from simgait.findings import Code
from simgait.recordings.detectors.measured import JOINT_DEFINITIONS
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.synthetic.recording import trial_from_walk
from simgait.trials.joint_definitions import (
    anatomical,
    known_by,
    placed_joints,
    proportions,
    straightest_knee_deg,
)
from simgait.trials.preparation import prepare
from simgait.trials.quality import assess
from tests.let_walk import let_walk

(METRABS_17,) = JOINT_DEFINITIONS
FEET = [i for i, n in enumerate(KEYPOINT_NAMES) if n.split()[-1] in ("Heel", "Toe", "Foot")]


def leg(knee_deg: float, ratio: float, hips: float) -> Float[np.ndarray, "10 23 3"]:
    """A figure of leg length 1 whose knees are bent so far, thighs upright, facing x."""
    thigh, shank = ratio / (1.0 + ratio), 1.0 / (1.0 + ratio)
    points = np.full((10, len(KEYPOINT_NAMES), 3), np.nan)
    bend = np.radians(knee_deg)
    for side, sign in (("Left", 0.5), ("Right", -0.5)):
        hip = np.array([0.0, sign * hips, 1.0])
        knee = hip - [0.0, 0.0, thigh]
        ankle = knee - shank * np.array([np.sin(bend), 0.0, np.cos(bend)])
        for joint, place in (("Hip", hip), ("Knee", knee), ("Ankle", ankle)):
            points[:, KEYPOINT_INDEX[f"{side} {joint}"]] = place
    return points


def knee_deg(points: Float[np.ndarray, "T 23 3"]) -> float:
    hip, knee, ankle = (points[0, KEYPOINT_INDEX[f"Left {j}"]] for j in ("Hip", "Knee", "Ankle"))
    a, b = knee - hip, ankle - knee
    return float(np.degrees(np.arctan2(-np.cross(a, b)[1] * -1.0, a @ b)))


@pytest.mark.parametrize("read_deg", [15.0, 23.5, 35.0, 50.0, 62.0])
def test_knees_of_metrabs_become_those_of_people(read_deg):
    points = leg(read_deg, METRABS_17.thigh_to_shank, METRABS_17.hips_to_leg)
    found = anatomical(points, METRABS_17)
    assert knee_deg(found) == pytest.approx(1.127 * read_deg - 11.3, abs=0.4)
    after = proportions(found)
    assert after.thigh_to_shank == pytest.approx(1.0, abs=0.02)
    assert after.hips_to_leg == pytest.approx(0.204, abs=0.015)
    assert after.are_a_persons and not proportions(points).are_a_persons


def test_a_set_is_known_by_its_proportions_whether_or_not_it_shows_feet():
    points = leg(20.0, 1.28, 0.28)
    assert known_by(points) is METRABS_17
    for ratio, hips in ((1.0, 0.21), (1.28, 0.15), (1.28, 0.34), (1.0, 0.28), (1.45, 0.28)):
        assert known_by(leg(20.0, ratio, hips)) is None
    with_feet = points.copy()
    with_feet[:, FEET] = 0.0
    assert known_by(with_feet) is METRABS_17


def test_hips_that_the_side_shows_nearer_are_of_the_same_set():
    assert known_by(leg(20.0, 1.28, 0.21)) is METRABS_17


def test_knees_that_would_bend_backwards_are_of_another_set():
    # Read 15 degrees less 11 are 4; read -5 they would be -17.
    assert known_by(leg(15.0, 1.28, 0.28)) is METRABS_17
    assert known_by(leg(-5.0, 1.28, 0.28)) is None


@pytest.mark.parametrize("bend_deg", [-12.0, 0.0, 30.0])
def test_the_straightest_knee_has_a_sign(bend_deg):
    assert straightest_knee_deg(leg(bend_deg, 1.0, 0.2)) == pytest.approx(bend_deg, abs=1e-6)


def test_knees_that_are_never_seen_whole_are_of_no_set():
    points = leg(15.0, 1.28, 0.28)
    points[::2, KEYPOINT_INDEX["Left Knee"]] = np.nan
    points[1::2, KEYPOINT_INDEX["Left Ankle"]] = np.nan
    assert known_by(points) is None
    assert np.isnan(straightest_knee_deg(points))


def test_measured_points_and_unknown_sets_stay_as_they_are():
    points = leg(20.0, 1.28, 0.28)
    assert placed_joints(points, measured=True).points_m is points
    unknown = leg(20.0, 1.0, 0.21)
    kept = placed_joints(unknown, measured=False)
    assert kept.points_m is unknown and not kept.name and not kept.notes
    moved = placed_joints(points, measured=False)
    assert moved.name == "metrabs-17" and moved.leg_share == pytest.approx(0.96, abs=0.01)
    assert "1.28 times as long as the shank" in moved.notes[0]


def test_a_missing_ankle_takes_no_knee_away():
    points = leg(20.0, 1.28, 0.28)
    points[3:6, KEYPOINT_INDEX["Left Ankle"]] = np.nan
    found = anatomical(points, METRABS_17)
    assert np.isfinite(found[:, KEYPOINT_INDEX["Left Knee"]]).all()
    hips_and_knees = [
        KEYPOINT_INDEX[f"{s} {j}"] for s in ("Left", "Right") for j in ("Hip", "Knee")
    ]
    np.testing.assert_allclose(found[4, hips_and_knees], found[0, hips_and_knees])


@pytest.fixture(scope="module")
def walked():
    """A walk as one camera saw it, without feet."""
    made = let_walk(5, "normal", 5.0)
    missing = tuple(name for i, name in enumerate(KEYPOINT_NAMES) if i in FEET)
    return trial_from_walk(made, view="ahead", missing=missing).recording


def as_metrabs(recording, knee_m=0.045, hips_m=0.03, thigh_m=0.04):
    """The walk with knees too far ahead and down, hips too far out."""
    points = recording.keypoints_m.copy()
    names = recording.keypoint_names

    def at(name):
        return recording.keypoints_m[:, names.index(name)]

    left = at("Left Hip") - at("Right Hip")
    left /= np.linalg.norm(left, axis=-1, keepdims=True)
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        shank = at(f"{side} Knee") - at(f"{side} Ankle")
        shank /= np.linalg.norm(shank, axis=-1, keepdims=True)
        points[:, names.index(f"{side} Knee")] += knee_m * np.cross(left, shank) - thigh_m * shank
        points[:, names.index(f"{side} Hip")] += sign * hips_m * left
    return replace(recording, keypoints_m=points)


def test_a_prepared_walk_has_its_joints_moved_and_its_path_kept(walked):
    (plain,), (moved,) = prepare(walked), prepare(as_metrabs(walked))
    assert plain.joint_definitions == "" and moved.joint_definitions == "metrabs-17"
    ratio = moved.believed_path_m[-1, 0] / plain.believed_path_m[-1, 0]
    # The path is scaled by the legs as they were read, with which it was measured.
    legs = proportions(plain.keypoints_m).leg_m
    assert proportions(moved.keypoints_m).leg_m == pytest.approx(legs, rel=0.01)
    assert ratio == pytest.approx(1.0, abs=0.05)


def test_joints_of_an_unknown_set_are_doubted_where_no_person_has_them(walked):
    (plain,) = prepare(walked)
    assert Code.JOINTS_ELSEWHERE not in {f.code for f in assess(plain).findings}
    (odd,) = prepare(as_metrabs(walked, hips_m=0.09, thigh_m=0.0, knee_m=0.0))
    assert odd.joint_definitions == ""
    assert Code.JOINTS_ELSEWHERE in {f.code for f in assess(odd).findings}
