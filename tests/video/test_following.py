import weakref
from dataclasses import replace

import numpy as np
import pytest

from simgait.video import following
from simgait.video.decode import Frame
from simgait.video.faces import covers, faces_at
from simgait.video.following import MOST_PEOPLE, SEARCH_EVERY, Follower
from simgait.video.landmarks import HIPS, Region
from tests.video.conftest import Painted

BLACK = np.zeros((300, 400, 3), np.uint8)


def follow(where, n=90, blind=(), *, back=False):
    """Pictures 0 to n; the search sees nobody in those that are `blind`."""

    class Blind(Painted):
        def people(self, picture, *, closely=False):
            found = super().people(picture, closely=closely)
            return [] if len(self.pictures) - 1 in blind else found

    painted = Blind(where)
    follower = Follower(painted)
    for k in range(n):
        frame = Frame(k, k / 30, BLACK.copy())
        painted.comes(frame.picture)
        follower.see(frame)
    if back:
        follower.go_back(
            lambda first, stop: [Frame(k, k / 30, painted.pictures[k]) for k in range(first, stop)]
        )
    return follower


def followed(where, n=90):
    return follow(where, n).tracks()


def test_who_is_hidden_for_a_while_is_the_same_afterwards():
    hidden = range(40, 58)
    tracks = followed(lambda k: [None if k in hidden else (350.0 - 3 * k, 150.0, 60.0)])
    assert len(tracks) == 1
    assert set(tracks[0].frames) & set(hidden) == set()
    assert tracks[0].frames[-1] == 89


def test_who_comes_elsewhere_is_another():
    tracks = followed(lambda k: [(350.0 - 3 * k, 250.0, 30.0) if k < 40 else (60.0, 60.0, 30.0)])
    assert len(tracks) == 2


def test_two_who_follow_one_person_become_one():
    """A second person walks into the first: one track goes on."""
    tracks = followed(lambda k: [(100.0 + k, 150.0, 60.0), (300.0 - k, 150.0, 60.0)], n=120)
    assert len(tracks) == 2 and min(len(track.frames) for track in tracks) < 120


def test_a_glimpse_is_nobody():
    assert followed(lambda k: [(100.0, 150.0, 60.0) if k < 8 else None]) == []


def test_tracks_hold_what_the_detector_gave():
    (track,) = followed(lambda k: [(350.0 - 3 * k, 150.0, 60.0)])
    assert np.allclose(track.image_px[:, HIPS].mean(1)[:, 0], 350.0 - 3 * track.frames)
    assert np.allclose(track.size_px, 60.0 * (0.5 + 0.84))
    assert np.allclose(track.time_s, track.frames / 30)


def test_who_is_found_late_was_there_before():
    """The search comes every ten pictures; a person who is found is followed back from there."""
    tracks = followed(lambda k: [(350.0 - 3 * k, 150.0, 60.0) if k >= 13 else None])
    assert tracks[0].frames[0] == 13
    assert (np.diff(tracks[0].frames) == 1).all()


def test_who_is_lost_and_found_is_seen_in_every_picture_in_which_he_is():
    hidden = range(40, 58)
    (track,) = followed(lambda k: [None if k in hidden else (350.0 - 3 * k, 150.0, 60.0)])
    assert set(track.frames) == set(range(90)) - set(hidden)


def test_a_person_goes_back_no_farther_than_the_one_whom_he_goes_on_from():
    """Lost in two pictures: the second track begins behind the first, and both are one."""
    follower = follow(lambda k: [(200.0, 150.0, 60.0) if k not in (21, 22) else None], n=60)
    (track,) = follower.tracks()
    assert sorted(set(track.frames)) == list(track.frames)


def test_of_a_crowd_every_head_is_covered():
    n = MOST_PEOPLE + 3
    places = [(20.0 + 40 * i, 150.0 - 12 * (i % 3), 18.0) for i in range(n)]
    follower = follow(lambda k: list(places), n=3 * SEARCH_EVERY)
    assert len(follower.tracks()) == MOST_PEOPLE
    time_s = np.arange(3 * SEARCH_EVERY) / 30
    rows = covers(follower.heads(), time_s, (400, 300))
    for k in range(len(time_s)):
        circles = faces_at(rows, time_s[k])
        for x, y, size in places:
            away = np.hypot(circles[:, 0] - x, circles[:, 1] - (y - 0.62 * size))
            assert (away + 0.12 * size <= circles[:, 2]).any(), (k, x)


def test_a_long_film_needs_no_more_memory_than_a_short_one():
    """At most the pictures since the last search are kept: of 4K reduced to 1080p, 60 MB."""
    painted = Painted(lambda k: [(50.0 + k % 300, 150.0, 60.0) if k % 90 < 70 else None])
    follower, kept = Follower(painted), []
    for k in range(300):
        picture = BLACK.copy()
        painted.comes(picture)
        follower.see(Frame(k, k / 30, picture))
        kept.append(weakref.ref(picture))
        gone = max(len(painted.pictures) - SEARCH_EVERY, 0)
        painted.pictures[:gone] = [np.zeros(0)] * gone
        del picture
    assert sum(one() is not None for one in kept) <= SEARCH_EVERY + 1


@pytest.mark.parametrize("blind", [(), range(25)])
def test_the_search_needs_no_picture_twice(blind, monkeypatch):
    """Pictures that are kept for the way back are as few as there are between two searches."""
    monkeypatch.setattr(following, "SEARCH_EVERY", 5)
    follower = follow(lambda k: [(200.0, 150.0, 60.0)], n=40, blind=blind)
    assert len(follower._unsearched) < 5


def test_who_is_found_late_is_followed_back_to_where_he_comes_from():
    """Too small to be found for 70 pictures, not to be followed; he steps in at the ninth."""
    blind = range(70)
    follower = follow(
        lambda k: [(200.0, 150.0, 20.0 + k) if k >= 9 else None], n=120, blind=blind, back=True
    )
    (track,) = follower.tracks()
    assert list(track.frames) == list(range(9, 120))


def test_nobody_is_followed_back_through_somebody_else():
    """One walks past another who stands; the picture before him belongs to the first."""
    follower = follow(
        lambda k: [(100.0, 150.0, 60.0), (100.0 + 3 * (k - 30), 150.0, 60.0) if k > 30 else None],
        n=120, back=True,
    )  # fmt: skip
    first, second = follower.tracks()
    assert list(first.frames) == list(range(120)) and second.frames[0] > 30


def test_a_single_picture_without_a_person_costs_none():
    hidden = (40, 41, 60, 63)

    class Flickers(Painted):
        def landmarks(self, picture, region):
            seen = super().landmarks(picture, region)
            return replace(seen, presence=0.0) if len(self.pictures) - 1 in hidden else seen

    painted = Flickers(lambda k: [(350.0 - 3 * k, 150.0, 60.0)])
    follower = Follower(painted)
    for k in range(90):
        frame = Frame(k, k / 30, BLACK.copy())
        painted.comes(frame.picture)
        follower.see(frame)
    (track,) = follower.tracks()
    # Sure for two pictures between two doubts is not sure of a face.
    # Region and landmarks of the picture itself are taken, where they lie on the way.
    assert list(track.frames) == list(range(90))
    heads = follower.heads()
    assert [(head.first, head.last) for head in heads] == [(0, 39), (42, 59), (64, 89)]


def test_small_people_are_looked_for_while_nobody_is_followed():
    looked = []

    class Looks(Painted):
        def people(self, picture, *, closely=False):
            looked.append((len(self.pictures) - 1, closely))
            return super().people(picture, closely=closely)

    painted = Looks(lambda k: [(350.0 - 3 * k, 150.0, 60.0) if k > 24 else None])
    follower = Follower(painted)
    for k in range(60):
        frame = Frame(k, k / 30, BLACK.copy())
        painted.comes(frame.picture)
        follower.see(frame)
    assert all(closely == (k <= 30) for k, closely in looked) and looked[-1][0] > 30


def test_who_is_found_beside_himself_is_not_followed_twice():
    class Beside(Painted):
        def people(self, picture, *, closely=False):
            (one,) = super().people(picture, closely=closely)
            return [one, Region(one.x_px - 60.0, one.y_px, 1.5 * one.side_px, 0.0)]

    painted = Beside(lambda k: [(350.0 - 3 * k, 150.0, 60.0)])
    follower = Follower(painted)
    for k in range(60):
        frame = Frame(k, k / 30, BLACK.copy())
        painted.comes(frame.picture)
        assert len(follower.see(frame)) == 1
    assert len(follower.tracks()) == 1
