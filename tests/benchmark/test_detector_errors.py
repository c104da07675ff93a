"""Errors that are put in are the errors that come out."""

from __future__ import annotations

import numpy as np
import pytest

from simgait.benchmark.detector_errors import LEGS, Seen, errors_of, height_px
from simgait.benchmark.detector_tables import bars, lift_table, profile_table
from simgait.benchmark.film_scores import score_clips, seen_of_person
from tests.benchmark.rendered import perfect, perfect_track, small_truth


@pytest.fixture(scope="module")
def truth():
    return small_truth()


def test_a_perfect_detector_has_no_errors_on_any_axes_and_in_any_unit(truth):
    seen = perfect(truth)
    turned = 1000.0 * seen.points_m[..., [1, 2, 0]] + 5.0
    found = errors_of(truth, Seen(seen.image_px, turned))
    assert found.found == 1.0
    assert found.image_pct == pytest.approx(0.0, abs=1e-9)
    assert found.exchanged == 0.0
    assert (found.swing, found.travel) == pytest.approx((1.0, 1.0))
    assert found.knee_r == pytest.approx(1.0)
    assert found.knee_rmse_deg == pytest.approx(0.0, abs=1e-3)
    assert found.offset_mm is not None
    np.testing.assert_allclose(found.offset_mm, 0.0, atol=1e-6)


def test_offsets_are_in_percent_of_the_height_and_in_millimetres(truth):
    seen = perfect(truth)
    image = seen.image_px + 0.02 * height_px(truth)[:, None, None] * [1.0, 0.0]
    points = seen.points_m + [0.0, 0.0, 0.0]
    points[:, [2, 3]] += [0.03, 0.0, 0.0]
    found = errors_of(truth, Seen(image, points))
    assert found.image_pct == pytest.approx(2.0)
    assert found.offset_mm is not None
    ahead, outward, up = found.offset_mm[1]
    # The turn that fits best, and the length of the legs, take a part of it.
    assert 20.0 < ahead < 31.0
    assert abs(outward) < 6.0
    assert abs(up) < 6.0


def test_legs_that_are_exchanged_are_counted_where_they_are_apart(truth):
    seen = perfect(truth)
    image = seen.image_px.copy()
    image[::4] = image[::4][:, [1, 0, 3, 2, 5, 4]]
    found = errors_of(truth, Seen(image, None))
    assert 0.1 < found.exchanged < 0.25
    assert np.isnan(found.swing)


def test_a_swing_that_shrinks_and_jitter_are_told(truth):
    seen = perfect(truth)
    middle = seen.points_m[:, :2].mean(axis=1, keepdims=True)
    rng = np.random.default_rng(0)
    points = (seen.points_m - middle) * [0.4, 1.0, 1.0] + middle
    found = errors_of(truth, Seen(None, points))
    assert found.swing == pytest.approx(0.45, abs=0.08)
    shaken = seen.points_m + rng.normal(0.0, 0.01, seen.points_m.shape)
    assert errors_of(truth, Seen(None, shaken)).jitter_mm == pytest.approx(8.0, abs=1.5)


def test_centred_points_have_no_travel(truth):
    seen = perfect(truth)
    centred = seen.points_m - seen.points_m[:, :2].mean(axis=1, keepdims=True)
    assert np.isnan(errors_of(truth, Seen(None, centred)).travel)


def test_frames_without_the_person_count_and_too_few_say_nothing_more(truth):
    seen = perfect(truth)
    lost = seen.image_px.copy()
    lost[np.flatnonzero(truth.whole)[::2]] = np.nan
    found = errors_of(truth, Seen(lost, None))
    assert found.found == pytest.approx(0.5, abs=0.01)
    assert np.isnan(found.image_pct)


@pytest.mark.parametrize("view", ["sagittal", "oblique"])
def test_a_perfect_track_is_lifted_to_the_true_speed(view):
    truth = small_truth(view, 6)
    track = perfect_track(truth)
    seen = seen_of_person(truth, (track,))
    errors = errors_of(truth, seen)
    assert errors.found > 0.99
    assert errors.image_pct < 0.2
    assert errors.swing == pytest.approx(1.0, abs=0.05)
    (score,) = score_clips([(truth, (track,), "")])
    assert score.refused == ""
    # A height tells the legs' length to some 4 %.
    assert score.fit is not None
    assert abs(score.fit.speed_error_mps) < 0.08
    assert abs(score.fit.step_error_m) < 0.05
    assert score.fit_image_pct < 1.0
    tables = profile_table([(truth, errors)]), lift_table([score]), bars([score], 312.0)
    assert view in tables[0]
    assert "batch fit" in tables[1]
    assert "| ≥ 300 | 312 |" in tables[2]
    # Of one side or the other there is no clip.
    fitted = [row for row in tables[2].splitlines() if "the batch fit, seen by the camera" in row]
    assert ("– | 0 |" in fitted[0]) == (view == "sagittal")


def test_a_clip_in_which_nobody_is_followed_is_refused_with_the_sentence():
    truth = small_truth()
    refused, none = score_clips([(truth, (), "moves"), (truth, (), "")])
    assert refused.refused == "moves"
    assert "no person was found" in none.refused
    assert none.errors.found == 0.0
    assert "| 100 | 2 |" in bars([refused, none], None)


def test_hips_knees_and_ankles_come_first():
    assert LEGS[0] == "Left Hip"
    assert LEGS[5] == "Right Ankle"
