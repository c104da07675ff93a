"""Arrays as people have them: several people, a fourth value, what is no 3D array at all."""

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.detectors.layout import points_of_person
from tests.present import present

WALKER = np.random.default_rng(0).normal(size=(40, 6, 3))
OTHER = WALKER + 1.0
RARE = np.where(np.arange(40)[:, None, None] < 9, OTHER, np.nan)
NOBODY = np.zeros_like(WALKER)


@pytest.mark.parametrize(
    ("people", "person", "chosen", "words"),
    [
        ([WALKER], None, 0, ""),
        ([WALKER], 1, 0, ""),
        ([WALKER, NOBODY], None, 0, ""),
        ([NOBODY, WALKER, NOBODY], None, 1, ""),
        ([WALKER, OTHER], None, 0, "seen: 1 in 40, 2 in 40); number 1 (the first) was read"),
        ([RARE, WALKER], None, 1, "seen: 1 in 9, 2 in 40); number 2 (the one seen most) was read"),
        ([RARE, WALKER], 1, 0, "number 1 was read, --person chooses another"),
    ],
)
@pytest.mark.parametrize("axis", [0, 1])
def test_one_of_several_people_is_chosen_and_named(people, person, chosen, words, axis):
    one = points_of_person(np.stack(people, axis=axis), person, "w.npy")
    np.testing.assert_array_equal(one.points, people[chosen])
    assert one.confidence is None
    assert words in " ".join(one.notes) and bool(one.notes) == bool(words)


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
