from dataclasses import replace

import numpy as np
import pytest

from simgait.video.exchanges import NOISE, turned_to_way, untangled
from simgait.video.landmarks import LandmarkTrack
from simgait.video.lift import lift
from tests.video.made_up import LENS, RATE_HZ, filmed_walker

WHOLE = [(0, 121)]
"""All pictures of the made-up walker are one straight stretch."""


def exchange(track, where):
    image = track.image_px.copy()
    legs = image[where][:, 23:33].reshape(-1, 5, 2, 2)[:, :, ::-1].reshape(-1, 10, 2)
    image[where, 23:33] = legs
    return LandmarkTrack(track.frames, track.time_s, image, track.world_m, track.confidence)


@pytest.mark.parametrize("view_deg", [60.0, 90.0])
def test_legs_that_were_exchanged_come_back(view_deg):
    track = filmed_walker(view_deg).track
    wrong = np.zeros(len(track.frames), bool)
    wrong[30:41] = wrong[70:76] = True
    mended, back = untangled(exchange(track, wrong), WHOLE)
    # Where the legs pass each other it does not matter which is which.
    apart = np.linalg.norm(track.image_px[:, 27] - track.image_px[:, 28], axis=-1) > 25
    assert (back[apart] == wrong[apart]).mean() > 0.95
    off = np.linalg.norm(mended.image_px - track.image_px, axis=-1)[:, 25:29]
    assert (
        off.mean()
        < 0.3
        * np.linalg.norm(exchange(track, wrong).image_px - track.image_px, axis=-1)[:, 25:29].mean()
    )


def test_single_pictures_among_others_do_not_hide_a_run():
    track, rng = filmed_walker(90.0).track, np.random.default_rng(2)
    wrong = rng.uniform(size=len(track.frames)) < 0.2
    wrong[30:41] ^= True
    shaken = track.image_px + rng.normal(0, NOISE * np.median(track.size_px), track.image_px.shape)
    back = untangled(exchange(replace(track, image_px=shaken), wrong), WHOLE)[1]
    apart = np.linalg.norm(track.image_px[:, 27] - track.image_px[:, 28], axis=-1) > 25
    assert (back[apart] == wrong[apart]).mean() > 0.95


@pytest.mark.parametrize(
    ("view_deg", "begin", "end"), [(90.0, 98, 115), (60.0, 66, 82), (60.0, 99, 114), (0.0, 4, 18)]
)
def test_legs_that_bounce_where_they_meet_are_against_the_rhythm(view_deg, begin, end):
    """Exchanged from one meeting of the ankles to the next: there is no kink that tells."""
    track = filmed_walker(view_deg).track
    wrong = np.zeros(len(track.frames), bool)
    wrong[begin:end] = True
    inside = slice(begin + 1, end - 1)
    assert untangled(exchange(track, wrong), [])[1][inside].mean() < 0.1
    back = untangled(exchange(track, wrong), WHOLE)[1]
    assert back[inside].mean() > 0.95
    assert (back & ~wrong).mean() < 0.03


@pytest.mark.parametrize("view_deg", [60.0, 90.0])
@pytest.mark.parametrize("runs", [[(99, 121)], [(0, 16)], [(33, 49), (99, 121)]])
def test_runs_that_last_to_the_end_or_hide_the_rhythm_come_back(view_deg, runs):
    """In the last case the left leg is ahead in nearly every step."""
    track = filmed_walker(view_deg).track
    wrong = np.zeros(len(track.frames), bool)
    for begin, end in runs:
        wrong[begin:end] = True
    back = untangled(exchange(track, wrong), WHOLE)[1]
    apart = np.linalg.norm(track.image_px[:, 27] - track.image_px[:, 28], axis=-1) > 25
    assert (back[apart] == wrong[apart]).mean() > 0.95


@pytest.mark.parametrize("view_deg", [0.0, 60.0, 90.0, 180.0])
def test_legs_that_were_not_stay(view_deg):
    track = filmed_walker(view_deg).track
    mended, back = untangled(track, WHOLE)
    assert back.mean() < 0.08
    assert np.median(np.abs(mended.image_px - track.image_px)) == 0.0


def test_nothing_is_known_of_two_pictures():
    track = filmed_walker(90.0).track
    track = track.part(track.frames < 2)
    assert not untangled(track, [])[1].any()


def from_behind(track, where):
    """As a detector sees a person whose front it takes for the back."""
    image, world = track.image_px.copy(), track.world_m.copy()
    other = np.arange(11, 33).reshape(-1, 2)[:, ::-1].ravel()
    for values in (image, world):
        values[where, 11:] = values[where][:, other]
    world[where, :, 2] *= -1.0
    return replace(track, image_px=image, world_m=world)


@pytest.mark.parametrize(("view_deg", "across"), [(0.0, 1.0), (180.0, -1.0)])
def test_who_is_taken_for_his_own_back_is_turned_to_his_way(view_deg, across):
    track = filmed_walker(view_deg).track
    wrong = np.zeros(len(track.frames), bool)
    wrong[20:70] = True
    mended, back = turned_to_way(from_behind(track, wrong), np.full(len(wrong), across), RATE_HZ)
    assert np.array_equal(back, wrong)
    assert np.array_equal(mended.image_px, track.image_px)
    assert np.array_equal(mended.world_m, track.world_m)
    unknown = turned_to_way(from_behind(track, wrong), np.zeros(len(wrong)), RATE_HZ)
    assert not unknown[1].any()


@pytest.mark.parametrize(
    "view_deg",
    [pytest.param(0.0, marks=pytest.mark.slow), 40.0, pytest.param(180.0, marks=pytest.mark.slow)],
)
def test_a_walk_tells_which_side_is_left(view_deg):
    walker = filmed_walker(view_deg)
    assert lift(walker.track, LENS, RATE_HZ).exchanged.mean() < 0.08
    wrong = np.arange(len(walker.track.frames)) > 60
    lifted = lift(from_behind(walker.track, wrong), LENS, RATE_HZ)
    assert (lifted.exchanged == wrong).mean() > 0.9
