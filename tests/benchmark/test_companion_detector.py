"""Points of a clip reach openpose-gdi as they were drawn, beside the exact ones."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.benchmark.companion_detector import drawn_legs, exact_legs, seen_clips
from simgait.benchmark.videobench import cases
from simgait.companions.openpose_gdi.columns import LEG_POINTS
from simgait.companions.openpose_gdi.weights import load_networks, released_folder
from tests.benchmark.rendered import perfect_track, small_truth


def test_points_of_a_perfect_detector_are_the_exact_ones():
    truth = small_truth()
    drawn, exact = drawn_legs(truth, (perfect_track(truth),)), exact_legs(truth)
    assert drawn.shape == (len(truth.time_s), len(LEG_POINTS), 2)
    np.testing.assert_allclose(drawn[truth.whole], exact[truth.whole])
    assert np.isnan(drawn[~truth.whole]).all()


def test_somebody_else_is_not_the_person():
    truth = small_truth()
    track = perfect_track(truth)
    track.image_px[:] += 400.0
    assert np.isnan(drawn_legs(truth, (track,))).all()


def test_both_kinds_of_points_are_of_the_same_walks():
    trained, _ = load_networks(released_folder())
    found = list(seen_clips(cases()[:6], trained.reference))
    assert 0 < len(found) < 6
    for one in found:
        assert one.drawn.people == one.exact.people
        np.testing.assert_array_equal(one.drawn.targets, one.exact.targets)
        assert np.abs(one.drawn.columns - one.exact.columns).mean() < 0.5
    gdi = [float(one.drawn.targets[0, 0]) for one in found]
    assert all(30.0 < value < 130.0 for value in gdi) and len(set(gdi)) == len(gdi)
    short = list(seen_clips(cases()[:0], trained.reference))
    assert short == []


@pytest.mark.slow
def test_the_card_says_what_comes_out():
    from simgait.benchmark.companion_detector import detector_table

    table = detector_table(cases())
    assert "133 of 200 walks" in table.title
    column = {name: table.header.index(name) for name in table.header}
    drawn = [row for row in table.rows if row[column["points"]] == "BlazePose"]
    for row in drawn:
        measured, card = (float(row[column[name]]) for name in ("RMSE", "RMSE in the card"))
        assert measured == pytest.approx(card, rel=0.02) and row[column["withheld"]] == "yes"
    assert {row[column["withheld"]] for row in table.rows if row not in drawn} == {"no"}
