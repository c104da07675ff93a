"""Labels with the same points are named before anything else is made of them."""

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.markers.copied_labels import copied_labels
from simgait.recordings.read import read_recording
from tests.recordings.formats.test_c3d import walking_markers, write_c3d


@pytest.mark.parametrize(
    ("copy", "of"), [("LHEE", "LTOE"), ("RTOE", "LTOE"), ("LKNE", "LANK"), ("RASI", "LASI")]
)
def test_a_label_with_the_points_of_another_is_named(tmp_path, walk, copy, of):
    markers = walking_markers(walk)
    markers[copy] = markers[of]
    path = write_c3d(tmp_path / "c.c3d", markers)
    with pytest.raises(InputError, match="are the same points throughout") as error:
        read_recording(path)
    assert {copy, of} <= set(str(error.value).replace(":", " ").split())


def test_all_that_are_the_same_are_named_together():
    away = np.arange(30.0).reshape(10, 3)
    same = {"LANK": away, "LHEE": away + 1e-4, "LTOE": away, "RANK": away + 0.1}
    assert copied_labels(same) == [["LANK", "LHEE", "LTOE"]]


def test_points_that_meet_for_a_while_or_are_never_seen_together_are_two():
    away = np.arange(30.0).reshape(10, 3)
    other = away + 0.1
    other[:5] = away[:5]
    unseen = np.full_like(away, np.nan)
    assert copied_labels({"LANK": away, "RANK": other, "LTOE": unseen, "RTOE": unseen}) == []
