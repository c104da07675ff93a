"""What the walks of one person before one camera share."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.recording import trial_from_walk
from simgait.trials.preparation import prepare
from simgait.trials.visit import (
    WITHIN_CAMERA_SPREAD,
    camera_skew_m,
    shared,
    step_difference_m,
    ways,
)
from simgait.types import Trial
from tests.let_walk import let_walk

KNEE, ANKLE = (KEYPOINT_INDEX[f"Left {joint}"] for joint in ("Knee", "Ankle"))


@pytest.fixture(scope="module")
def trial() -> Trial:
    """A walk as one camera saw it."""
    walked = let_walk(5, "normal", 4.0)
    (found,) = prepare(trial_from_walk(walked, view="ahead").recording)
    assert found.path_basis == "detector"
    return found


def seen(trial: Trial, *, larger: float = 1.0, way: int = 1, skew_m: float = 0.0) -> Trial:
    """The walk with points so many times as large before they were scaled, in another direction."""
    points = trial.keypoints_m.copy()
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        points[:, KEYPOINT_INDEX[f"{side} Ankle"], 0] += 0.25 * sign * way * skew_m
    heading = trial.heading_rad if way > 0 else trial.heading_rad + math.pi
    return replace(
        trial, keypoints_m=points, keypoint_scale=trial.keypoint_scale / larger, heading_rad=heading
    )


def same(one: Trial, other: Trial) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("keypoints_m", "pelvis_path_m", "keypoint_scale", "travel_factor")
    )


def test_a_walk_alone_stays_as_it_is_to_the_bit(trial):
    assert shared([trial]).trials[0] is trial
    for one in shared([trial, trial]).trials:  # nor does its double tell anything of it
        assert same(one, trial)


def test_the_order_of_the_walks_changes_no_bit(trial):
    told = replace(trial, path_basis="distance_said", travel_factor=0.9)
    walks = [
        seen(trial, larger=1.03, skew_m=0.03), seen(trial, way=-1, skew_m=0.02),
        seen(trial, larger=0.96), seen(told, way=-1, larger=1.01),
    ]  # fmt: skip
    expected = shared(walks).trials
    for order in permutations(range(4)):
        for place, one in zip(order, shared([walks[i] for i in order]).trials, strict=True):
            assert same(one, expected[place])


def test_sizes_go_half_way_to_the_visits_and_a_distance_stays_as_long(trial):
    told = replace(trial, path_basis="distance_said", travel_factor=0.9)
    walks = [seen(trial), seen(trial, larger=1.1), seen(told, larger=0.95)]
    found = shared(walks)
    assert found.size_ratios == pytest.approx((1.0, 1.1**0.5, 0.95**0.5))
    np.testing.assert_allclose(found.trials[1].keypoints_m, trial.keypoints_m * 1.1**0.5)
    np.testing.assert_allclose(found.trials[1].pelvis_path_m, trial.pelvis_path_m * 1.1**0.5)
    ground = np.s_[:, :2]
    np.testing.assert_allclose(
        found.trials[2].believed_path_m[ground], told.believed_path_m[ground], rtol=1e-9
    )


def test_a_belt_keeps_its_speed_and_markers_keep_everything(trial):
    belt = replace(seen(trial, larger=1.1), path_basis="belt_said")
    markers = replace(trial, path_basis="measured", scale_is_metric=True)
    found = shared([seen(trial), seen(trial), belt, markers]).trials
    assert found[2].pelvis_path_m is belt.pelvis_path_m
    assert not np.array_equal(found[2].keypoints_m, belt.keypoints_m, equal_nan=True)
    assert same(found[3], markers)


@pytest.mark.parametrize("known", [1, 4])
def test_known_distances_tell_the_cameras_factor_and_how_well(trial, known: int):
    told = replace(trial, path_basis="distance_said", travel_factor=0.8 * trial.travel_factor)
    found = shared([trial, *[told] * known, trial])
    # Normal distributions of the logarithm: the mean of prior and data by their precisions.
    between = 1.0 / (trial.travel_spread**2 - WITHIN_CAMERA_SPREAD**2)
    data = known / WITHIN_CAMERA_SPREAD**2
    expected = trial.travel_factor * 0.8 ** (data / (data + between))
    assert found.travel_factor == pytest.approx(expected)
    for one in (found.trials[0], found.trials[-1]):
        assert one.path_basis == "visit" and one.path_binds
        assert one.travel_factor == pytest.approx(expected)
        spread = math.sqrt(1.0 / (data + between) + WITHIN_CAMERA_SPREAD**2)
        assert one.travel_spread == pytest.approx(spread) and spread < trial.travel_spread
    assert found.trials[1].travel_factor == told.travel_factor


def test_a_factor_said_of_one_walk_is_that_of_all_and_two_are_refused(trial):
    said = replace(trial, path_basis="factor_said", travel_factor=0.9, travel_spread=0.0)
    found = shared([trial, said])
    assert [one.travel_factor for one in found.trials] == [0.9, 0.9]
    assert found.trials[0].path_basis == "factor_said" and found.trials[0].travel_spread == 0.0
    with pytest.raises(InputError, match=r"factors 0\.9 and 1\.1 are said of walks of one visit"):
        shared([trial, said, replace(said, travel_factor=1.1)])


def test_another_person_or_unit_is_refused(trial):
    child = replace(seen(trial, larger=0.7), trial_id="child")
    with pytest.raises(InputError, match="child and .* are no walks of one visit: the legs"):
        shared([trial, trial, child])


def test_measured_legs_of_one_person_are_nearer_to_each_other_than_a_detectors(trial):
    other = replace(seen(trial, larger=1.1), trial_id="other")
    assert len(shared([trial, other]).trials) == 2
    measured = [replace(one, scale_is_metric=True, keypoint_scale=1.0) for one in (trial, other)]
    taller = replace(measured[0], keypoints_m=1.1 * measured[0].keypoints_m, trial_id="taller")
    with pytest.raises(InputError, match="and taller are no walks of one visit: the legs measure"):
        shared([measured[0], taller])
    again = replace(measured[0], keypoints_m=1.02 * measured[0].keypoints_m)
    assert len(shared([measured[0], again]).trials) == 2


def test_what_flips_with_the_direction_is_the_cameras_and_the_rest_the_persons(trial):
    persons = step_difference_m(trial)
    walks = [seen(trial, way=way, skew_m=0.06) for way in (1, -1, 1, -1, 1, -1)]
    assert step_difference_m(walks[0]) - persons == pytest.approx(0.06, abs=1e-9)
    found = shared(walks)
    assert abs(found.skew_m) == pytest.approx(0.06, rel=0.1)
    for walk, one in zip(walks, found.trials, strict=True):
        assert abs(step_difference_m(one) - persons) < 0.1 * abs(step_difference_m(walk) - persons)
        moved = one.keypoints_m - walk.keypoints_m
        assert not np.nan_to_num(moved[..., 1:]).any()
        assert np.nanmax(abs(moved[:, KNEE])) == pytest.approx(
            0.5 * np.nanmax(abs(moved[:, ANKLE]))
        )


def test_one_direction_tells_nothing_of_the_camera(trial):
    found = shared([seen(trial, skew_m=0.06)] * 3)
    assert math.isnan(found.skew_m) and same(found.trials[0], seen(trial, skew_m=0.06))


def test_few_walks_are_believed_less():
    one, many = (
        camera_skew_m(np.array([0.04, -0.04] * n), np.array([1.0, -1.0] * n)) for n in (1, 20)
    )
    assert 0.0 < one < many < 0.04
    assert math.isnan(camera_skew_m(np.array([0.04, math.nan]), np.array([1.0, -1.0])))


def test_directions_are_those_that_most_walks_go(trial):
    def towards(degrees: float) -> Trial:
        return replace(trial, heading_rad=math.radians(degrees))

    found = ways([towards(d) for d in (80.0, -95.0, 0.0, 91.0)])
    assert found[2] == 0 and found[0] == found[3] == -found[1] != 0
    blind = replace(trial, pelvis_path_mask=np.zeros_like(trial.pelvis_path_mask))
    measured = replace(trial, scale_is_metric=True)
    assert ways([trial, blind, measured]) == (1, 0, 0) and ways([blind]) == (0,)
