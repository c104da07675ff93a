"""Arrays as people have them: several people, a fourth value, what is no 3D array at all."""

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.detectors.layout import axes_hint, points_of_person
from tests.present import present

WALKER = np.random.default_rng(0).normal(size=(40, 6, 3))
OTHER = WALKER + 1.0
RARE = np.where(np.arange(40)[:, None, None] < 9, OTHER, np.nan)
NOBODY = np.zeros_like(WALKER)
BODY = np.random.default_rng(2).normal(size=(1, 6, 3)) * 0.5
SWING = np.sin(np.arange(40) * 0.4)[:, None, None] * np.array([0, 0, 0, 0, 0.6, -0.6])[:, None]
STANDING = BODY + 0.02 * WALKER
ON_BELT = STANDING + SWING * [1.0, 0.0, 0.0]
WALKING = ON_BELT + np.arange(40)[:, None, None] * [0.1, 0.0, 0.0]
OFTEN = np.where(np.arange(40)[:, None, None] < 26, WALKING, np.nan)


@pytest.mark.parametrize(
    ("people", "person", "chosen", "words"),
    [
        ([WALKER], None, 0, ""),
        ([WALKER], 1, 0, ""),
        ([WALKER, NOBODY], None, 0, ""),
        ([NOBODY, WALKER, NOBODY], None, 1, ""),
        (
            [WALKER, OTHER],
            None,
            0,
            "(1 in 40 frames, 2 in 40 frames); number 1 was read, the fi",
        ),
        ([RARE, WALKER], None, 1, "number 2 was read, the one seen in the most frames; --person"),
        ([STANDING, WALKING], None, 1, "number 2 was read, the one moving most"),
        ([STANDING, ON_BELT], None, 1, "number 2 was read, the one moving most"),
        ([OFTEN, WALKING], None, 1, "number 2 was read, the one seen in the most frames"),
        ([RARE, WALKER], 1, 0, "number 1 was read; --person chooses another"),
    ],
)
@pytest.mark.parametrize("axis", [0, 1])
def test_one_of_several_people_is_chosen_and_named(people, person, chosen, words, axis):
    one = points_of_person(np.stack(people, axis=axis), person, "w.npy")
    np.testing.assert_array_equal(one.points, people[chosen])
    assert one.confidence is None
    assert words in " ".join(one.notes) and bool(one.notes) == bool(words)


@pytest.mark.parametrize("sure", [0.3, 0.6])
def test_who_is_detected_more_surely_is_chosen(sure):
    people = np.stack([WALKING, WALKING + 1.0], axis=1)
    confidence = np.full((40, 2, 6, 1), 0.9)
    confidence[:, 0] = sure
    one = points_of_person(np.concatenate([people, confidence], axis=-1), None, "w.npy")
    np.testing.assert_array_equal(one.points, WALKING + 1.0)
    assert f"1 in 40 frames with confidence {sure:.2f}, 2 in 40 frames with" in one.notes[0]
    assert "number 2 was read, the one detected most surely" in one.notes[0]


@pytest.mark.parametrize(
    ("shape", "hint"),
    [
        ((17, 300, 3), "its first axis looks like the keypoints: give keypoints.swapaxes(0, 1)"),
        ((17, 300, 4), "swapaxes(0, 1)"),
        (
            (300, 17, 2, 3),
            "its second axis looks like the keypoints: give keypoints.swapa",
        ),
        ((300, 17, 3), ""),
        ((300, 2, 17, 3), ""),
        ((300, 12, 3), ""),
    ],
)
def test_joints_first_is_said(shape, hint):
    assert hint in axes_hint(shape, {17, 25}) and bool(hint) == bool(axes_hint(shape, {17, 25}))


@pytest.mark.parametrize("axis", [0, 1])
def test_axes_of_space_that_are_not_last_are_said(axis):
    with pytest.raises(InputError, match=rf"last .numpy.moveaxis.keypoints, {axis}, -1."):
        points_of_person(np.moveaxis(WALKER, -1, axis), None, "w.npy")


def test_a_person_who_is_not_there_is_refused():
    with pytest.raises(InputError, match="no person 3 in the array, which has 2"):
        points_of_person(np.stack([WALKER, OTHER], axis=1), 3, "w.npy")


def test_a_fourth_value_is_the_confidence():
    sure = np.random.default_rng(1).uniform(size=(40, 6, 1))
    sure[3, 2] = np.nan
    one = points_of_person(np.concatenate([WALKER, sure], axis=-1), None, "w.npy")
    confidence = present(one.confidence)
    assert np.isnan(one.points[3, 2]).all() and confidence[3, 2] == 0.0
    np.testing.assert_array_equal(one.points[4], WALKER[4])
    np.testing.assert_array_equal(confidence[4], sure[4, :, 0])
    assert one.notes == ("the fourth value of each keypoint was taken for its confidence.",)
    with pytest.raises(InputError, match="fourth value .* between 37 and 37, so it is no conf"):
        points_of_person(np.concatenate([WALKER, 0 * sure + 37], axis=-1), None, "w.npy")


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (WALKER[..., :2], "two values each, so they are 2D"),
        (WALKER.reshape(40, 18), "reshape to 40 × 6 × 3"),
        (WALKER[0], "shape .6, 3., not frames × keypoints × 3"),
        (np.zeros((2, 3, 4, 5, 3)), "not frames × keypoints × 3"),
        (np.full((4, 6, 3), "x"), "are no numbers"),
        (np.where(WALKER > 2, np.inf, WALKER), "infinite number .frame"),
        (1e120 * WALKER, "e.1.., which is no position .frame 0, keypoint 0"),
    ],
)
def test_what_is_no_array_of_3d_points_is_refused(array, words):
    with pytest.raises(InputError, match=f"w.npy: .*{words}"):
        points_of_person(array, None, "w.npy")
