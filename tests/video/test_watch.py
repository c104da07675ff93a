from pathlib import Path

from simgait.telling import heard_by
from simgait.video.decode import Clip
from simgait.video.watch import HowFar


def told(clip, seen_s, to_s=None, from_s=0.0):
    """What is told of pictures that come a second after another, as a clock has it."""
    clock, lines = iter(range(1000)), list[str]()
    how_far = HowFar(clip, from_s, to_s, lambda: float(next(clock)))
    with heard_by(lines.append):
        for time_s in seen_s:
            how_far.at(time_s)
    return lines


def test_who_waits_is_told_how_much_was_seen_and_how_long_it_takes():
    clip = Clip(Path("walk.mp4"), "walk.mp4", 1280, 720, 0, 600.0)
    lines = told(clip, [0.5 * (k + 1) for k in range(45)])
    assert lines == [
        "watching walk.mp4: 10 of 600 s so far, about 20 min left",
        "watching walk.mp4: 20 of 600 s so far, about 19 min left",
    ]


def test_a_part_and_slow_motion_are_told_as_a_player_shows_them():
    slow = Clip(Path("slow.mp4"), "slow.mp4", 1280, 720, 0, 600.0, time_stretch=8.0)
    lines = told(slow, [(100.0 + k) / 8.0 for k in range(1, 22)], to_s=140.0, from_s=100.0)
    assert lines == ["watching slow.mp4: 20 of 40 s so far, about 20 s left"]


def test_of_a_video_of_unknown_length_only_what_was_seen_is_told():
    live = Clip(Path("cut.mkv"), "cut.mkv", 1280, 720, 0, None)
    assert told(live, [1.0 * k for k in range(1, 22)]) == ["watching cut.mkv: 20 s of it so far"]
