"""The commands that take videos, before any is opened."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("walk", "walk.mp4"), "no height is given, and one camera cannot tell"),
        (("walk", "walk.mp4", "--height", 172), "it looks like centimetres"),
        (("walk", "walk.npz", "--height", 1.7), "is no video by its name; `simgait track`"),
        (("walk", "walk.npz"), "is no video by its name; `simgait track`"),
        (("walk", "walk.mp4", "--height", 1.7, "--fov", 3), "--fov: a field of view of 3°"),
        (("extract", "walk.c3d"), "is no video by its name; `simgait convert`"),
        (("extract", "walk.mp4", "--fov", 400), "--fov: a field of view of 400°"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_is_written(
    simgait, tmp_path: Path, arguments: tuple[object, ...], words: str
) -> None:
    ran = simgait(*arguments, "-o", tmp_path / "out")
    assert ran.code == 1 and not (tmp_path / "out").exists()
    assert words in ran.err and len(ran.err.strip().splitlines()) == 1


def test_one_bad_video_does_not_stop_the_others(simgait, tmp_path: Path) -> None:
    ran = simgait("extract", tmp_path / "a.mp4", tmp_path / "b.mov", "-o", tmp_path / "out")
    assert ran.code == 1 and set(ran.sentences()) == {"a.mp4", "b.mov"}


def test_a_size_of_pictures_is_written_with_an_x(simgait, tmp_path: Path) -> None:
    ran = simgait("track", "walk.json", "--picture", "1920", "-o", tmp_path)
    assert ran.code == 1 and "write 1920x1080" in ran.err


@pytest.mark.parametrize("command", ["walk", "extract"])
def test_a_video_is_asked_for_nothing_that_only_2d_points_need(simgait, command) -> None:
    shown = simgait(command, "--help").out
    assert "--fov" in shown and "--picture" not in shown


def test_a_folder_of_videos_says_how_they_are_named(simgait, tmp_path: Path, good_walk) -> None:
    folder = tmp_path / "vids"
    (folder / "day1").mkdir(parents=True)
    empty = simgait("walk", folder, "--height", 1.7, "-o", tmp_path / "out")
    assert empty.code == 1 and "vids: is a folder, and no video lies in it;" in empty.err
    assert "is no recording" not in empty.err and "simgait track" in empty.err
    (folder / "day1" / "b.mov").write_bytes(b"no film")
    one = simgait("inspect", folder)
    assert "1 video lies in it; name it: simgait walk vids/day1/b.mov." in one.err
    (folder / "a.mp4").write_bytes(b"no film")
    remedy = "2 videos lie in it; name each, as in simgait walk vids/a.mp4."
    for command in ("walk", "track"):
        ran = simgait(command, folder, "--height", 1.7, "-o", tmp_path / "out")
        assert ran.code == 1 and remedy in ran.err and str(tmp_path) not in ran.err
    # Beside recordings they are left out, and said to be; not those that are named as well.
    good_walk.save(folder / "c.npz")
    ran = simgait("inspect", folder)
    assert ran.code == 0 and f"note: vids: of a folder videos are left out; {remedy}" in ran.out
    assert "left out" not in simgait("inspect", folder / "c.npz").out
    named = simgait("inspect", folder, folder / "a.mp4", "--height", 1.7)
    assert "1 video lies in it; name it: simgait walk vids/day1/b.mov." in named.out


@pytest.mark.parametrize("command", ["walk", "extract"])
def test_a_video_holds_its_own_times(simgait, tmp_path: Path, command: str) -> None:
    ran = simgait(command, "walk.mp4", "--fps", 30, "-o", tmp_path / "out")
    assert ran.code == 2 and "there is no option --fps here: a video holds the times of" in ran.err
    assert "nearest" not in ran.err and "leave it out." in ran.err
