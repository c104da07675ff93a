import numpy as np
import pytest

from simgait.errors import InputError
from simgait.video.decode import Frame
from simgait.video.following import Follower
from simgait.video.people import choose_walker, come_back, lost_notes, travel
from tests.video.conftest import Painted

BLACK = np.zeros((300, 400, 3), np.uint8)
MIDDLE = np.array([200.0, 150.0])
FOCAL_PX = 350.0


def followed(where, n=90):
    painted = Painted(where)
    follower = Follower(painted)
    for k in range(n):
        frame = Frame(k, k / 30, BLACK.copy())
        painted.comes(frame.picture)
        follower.see(frame)
    return follower.tracks()


def travels(tracks):
    return [travel(track, FOCAL_PX, MIDDLE) for track in tracks]


def test_the_walker_is_who_crosses_the_picture_wherever_he_is_in_the_list():
    tracks = followed(lambda k: [(100.0, 150.0, 60.0), (350.0 - 3 * k, 150.0, 60.0)])
    choice = choose_walker(tracks, travels(tracks), None, "v")
    assert len(tracks) == 2 and choice.number == 2
    assert "2 people" in choice.notes[0] and "person 1 (0.0 to 3.0 s, stays)" in choice.notes[0]


def test_who_comes_closer_walks_too():
    tracks = followed(lambda k: [(100.0, 150.0, 60.0), (250.0, 150.0, 40.0 + k / 2)])
    assert choose_walker(tracks, travels(tracks), None, "v").number == 2


def test_who_walks_to_and_fro_walks_wherever_he_ends_and_who_sways_stays():
    to_and_fro = followed(lambda k: [(100.0 + abs((2 * k) % 400 - 200.0), 150.0, 60.0)], n=401)
    assert choose_walker(to_and_fro, travels(to_and_fro), None, "v").number == 1
    swaying = followed(lambda k: [(200.0 + 8.0 * np.sin(k / 7), 150.0, 60.0)], n=401)
    with pytest.raises(InputError, match="nobody in the video walks anywhere"):
        choose_walker(swaying, travels(swaying), None, "v")


def test_the_user_chooses_and_one_alone_gets_no_note():
    tracks = followed(lambda k: [(100.0, 150.0, 60.0), (350.0 - 3 * k, 150.0, 60.0)])
    assert choose_walker(tracks, travels(tracks), 1, "v").number == 1
    assert choose_walker(tracks[1:], travels(tracks[1:]), None, "v").notes == ()


def test_nobody_no_such_person_and_nobody_who_walks_are_said():
    tracks = followed(lambda k: [(100.0, 150.0, 60.0)])
    for chosen, person, words in (
        ([], None, "v: no person was found"),
        (tracks, 3, "v: there is no person 3"),
        (tracks, 0, "v: there is no person 0"),
        (tracks, None, "v: nobody in the video walks anywhere"),
    ):
        with pytest.raises(InputError, match=words):
            choose_walker(chosen, travels(chosen), person, "v")


def lost_for(frames, *, after=0.0, beside=False, speed=3.0):
    """Who walks to the right, is not seen from picture 40 on for so many, and is there again."""

    def where(k):
        others = [(100.0, 250.0, 60.0)] if beside else []
        if 40 <= k < 40 + frames:
            return others
        gone = k if k < 40 else k - frames * (speed == 0.0)
        return [(60.0 + 2.0 * gone + (after if k >= 40 else 0.0), 100.0, 60.0), *others]

    return followed(where, n=80 + frames)


def test_who_is_lost_for_two_seconds_alone_is_the_same_afterwards():
    (track,) = lost_for(60)
    assert track.time_s[-1] - track.time_s[0] > 4.0
    (said,) = lost_notes(track)
    assert "lost from 1.3 to 3." in said and "nobody else was seen" in said
    (track,) = lost_for(60, speed=0.0)  # who stopped meanwhile
    assert len(lost_notes(track)) == 1
    (track,) = lost_for(15)
    assert lost_notes(track) == ()


def test_who_comes_after_two_seconds_is_another_where_he_may_be():
    assert len(lost_for(60, after=-230.0)) == 2
    assert len(lost_for(60, beside=True)) == 3


def passing(k):
    """Somebody sits; somebody walks out of the picture, is away for two seconds, and comes back."""
    sits = (60.0, 150.0, 50.0)
    if k < 45:
        return [sits, (120.0 + 5 * k, 150.0, 60.0)]
    return [sits] if k < 105 else [sits, (340.0 - 5 * (k - 105), 150.0, 60.0)]


def test_who_left_the_picture_and_came_back_is_one_where_it_is_said():
    tracks = followed(passing, n=150)
    assert len(tracks) == 3
    chosen = choose_walker(tracks, travels(tracks), None, "v")
    other = 5 - chosen.number
    walker = come_back(chosen, tracks, (other,), "v")
    assert len(walker.track.time_s) == sum(len(track.time_s) for track in tracks[1:])
    assert np.all(np.diff(walker.track.time_s) > 0.0)
    assert "Persons 2 and 3 were said to be one" in walker.notes[-1]
    with pytest.raises(InputError, match="not the same, for at"):
        come_back(chosen, tracks, (1,), "v")
    with pytest.raises(InputError, match="no other number of his is given"):
        come_back(chosen, tracks, (chosen.number,), "v")
    with pytest.raises(InputError, match="there is no person 4"):
        come_back(chosen, tracks, (4,), "v")


def test_of_many_people_those_are_named_who_get_farthest():
    tracks = followed(passing, n=150) * 4
    far = [0.1 * k for k in range(len(tracks))]
    note = choose_walker(tracks, far, None, "v").notes[0]
    assert "12 people" in note and "person 12 (" in note and "person 4 (" not in note
    assert "and 4 more who get less far" in note
