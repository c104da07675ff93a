"""How far off landmarks are said to be, and what the fit makes of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.video.landmark_sd import GROWTH, SURE_SD, blazepose_sd_px
from simgait.video.landmarks import LEFT_ANKLE, LEFT_HIP, LEFT_KNEE
from simgait.video.lift import lift
from simgait.video.traits import BLAZEPOSE
from tests.video.made_up import LENS, RATE_HZ, filmed_walker


@pytest.fixture(scope="module")
def walker():
    return filmed_walker(60.0)


def test_the_less_sure_a_landmark_the_further_off_it_may_be(walker):
    track = walker.track
    confidence = track.confidence.copy()
    confidence[:, LEFT_KNEE], confidence[:, LEFT_ANKLE] = 1.0, 0.0
    sd_px = blazepose_sd_px(replace(track, confidence=confidence))
    size_px = np.median(track.size_px)
    assert sd_px.shape == confidence.shape
    np.testing.assert_allclose(sd_px[:, LEFT_KNEE], SURE_SD[25, 26] * size_px)
    np.testing.assert_allclose(sd_px[:, LEFT_ANKLE], SURE_SD[27, 28] * np.exp(GROWTH) * size_px)


def test_every_landmark_of_the_body_has_an_sd():
    assert sorted(i for pair in SURE_SD for i in pair) == [*range(11, 17), *range(23, 33)]


def test_the_fit_follows_landmarks_as_far_as_they_are_sure(walker):
    """A hip that lies off in the picture pulls the fit less, the larger its SD."""
    track, k = walker.track, LEFT_HIP
    image = track.image_px.copy()
    image[:, k, 1] += 12.0
    off = replace(track, image_px=image)

    def pulled_m(factor):
        def sd_px_of(one):
            sd_px = blazepose_sd_px(one)
            sd_px[:, k] *= factor
            return sd_px

        here, there = (
            lift(one, LENS, RATE_HZ, replace(BLAZEPOSE, sd_px_of=sd_px_of)) for one in (track, off)
        )
        shift = (there.points_m - here.points_m)[:, k, 2]
        return float(np.abs(shift).mean())

    assert pulled_m(10.0) < 0.8 * pulled_m(1.0)


def test_what_is_not_known_of_a_detector_is_not_said(walker):
    assert lift(walker.track, LENS, RATE_HZ, replace(BLAZEPOSE, sd_px_of=None)).image_sd_px is None
    sd_px = lift(walker.track, LENS, RATE_HZ).image_sd_px
    assert sd_px is not None
    np.testing.assert_allclose(sd_px, blazepose_sd_px(walker.track))
