"""A front marker of the pelvis that sits elsewhere on one side."""

import numpy as np
import pytest

from simgait.recordings.markers.asis import asis_apart_m

PLACES = {
    "LASI": (0.0, 0.12, 0.95), "RASI": (0.0, -0.12, 0.95), "SACR": (-0.17, 0.0, 0.97),
    "LPSI": (-0.17, 0.04, 0.97), "RPSI": (-0.17, -0.04, 0.97),
    "LKNE": (0.03, 0.16, 0.5), "RKNE": (0.03, -0.16, 0.5),
}  # fmt: skip


def markers(without=(), **moved):
    rng = np.random.default_rng(0)
    return {
        name: np.array(place) + np.array(moved.get(name, (0, 0, 0))) + rng.normal(0, 0.001, (60, 3))
        for name, place in PLACES.items()
        if name not in without
    }


def test_a_pelvis_that_is_alike_on_both_sides_is_one():
    assert asis_apart_m(markers()) == 0.0
    assert asis_apart_m(markers(LASI=(0.008, 0.005, 0.012))) == 0.0
    assert asis_apart_m({"LASI": np.zeros((3, 3))}) == 0.0


@pytest.mark.parametrize("moved", [(0, 0, 0.05), (0, 0, -0.05), (0.05, 0, 0)])
@pytest.mark.parametrize("without", [("SACR",), ("LPSI", "RPSI")])
def test_an_asis_five_centimetres_off_is_told(moved, without):
    assert asis_apart_m(markers(without, RASI=moved)) > 0.03
    holes = markers(without, LASI=moved)
    holes["RKNE"][:50] = np.nan
    assert asis_apart_m(holes) > 0.03
