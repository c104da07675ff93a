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
