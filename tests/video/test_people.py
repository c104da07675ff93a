import numpy as np
import pytest

from simgait.errors import InputError
from simgait.video.decode import Frame
from simgait.video.following import Follower
from simgait.video.people import choose_walker, travel
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
