"""What is mistyped is refused before a folder of results is made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simgait.cohort.inputs import (
    InputFile,
    recordings_in,
    refuse_if_none_can_be_read,
    video_notes,
)
from simgait.errors import InputError
from simgait.recordings.options import NOTHING_SAID, ReadOptions
from tests.cli.conftest import make_walk


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("walk.txt", NOTHING_SAID, "files of type .txt are not read"),
        ("walk.c3d", ReadOptions(keypoint_set="coco-17"), "--keypoint-set .* does not apply"),
        ("walk.mp4", NOTHING_SAID, "no height is given, and one camera cannot tell"),
    ],
)
def test_one_sentence_before_any_work(tmp_path: Path, name, said, words) -> None:
    (tmp_path / name).write_bytes(b"x" * 600)
    files = recordings_in([tmp_path / name])
    with pytest.raises(InputError, match=words):
        refuse_if_none_can_be_read(files, said)


def test_one_that_can_be_read_lets_the_others_fail_later(tmp_path: Path) -> None:
    (tmp_path / "walk.txt").write_text("x")
    make_walk().save(tmp_path / "good.npz")
    bad, good = (InputFile(tmp_path / name, name) for name in ("walk.txt", "good.npz"))
    refuse_if_none_can_be_read([bad, good], NOTHING_SAID)
    with pytest.raises(InputError, match="not read"):
        refuse_if_none_can_be_read([bad, bad], NOTHING_SAID)


def test_a_film_with_a_height_may_be_watched(tmp_path: Path) -> None:
    (tmp_path / "walk.mp4").write_bytes(b"x" * 600)
    files = recordings_in([tmp_path / "walk.mp4"])
    refuse_if_none_can_be_read(files, ReadOptions(height_m=1.7))


def test_a_folder_without_recordings_names_no_format_that_it_leaves_out(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no recording in this folder; ") as refused:
        recordings_in([tmp_path])
    assert ".trc" in str(refused.value) and ".mp4" not in str(refused.value)


def test_of_a_folder_videos_are_left_out_with_a_note(tmp_path: Path) -> None:
    make_walk().save(tmp_path / "good.npz")
    assert video_notes([tmp_path], recordings_in([tmp_path])) == []
    for folder in ("in", "results"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "walk.mp4").write_bytes(b"x")
    out = tmp_path / "results"
    (note,) = video_notes([tmp_path], recordings_in([tmp_path], exclude=out), exclude=out)
    assert "1 video lies in it" in note and note.endswith("/in/walk.mp4.")
    assert str(tmp_path.parent) not in note
    film = tmp_path / "in" / "walk.mp4"
    files = recordings_in([tmp_path, film], exclude=out)
    assert video_notes([tmp_path, film], files, exclude=out) == []


def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    """Who opens one waits for its other end."""
    make_walk().save(tmp_path / "good.npz")
    for name in ("pipe.json", "pipe.npz", "pipe.mp4"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "zeros.csv").symlink_to("/dev/zero")
    (tmp_path / "gone.npz").symlink_to(tmp_path / "nowhere.npz")
    assert [file.label for file in recordings_in([tmp_path])] == ["gone.npz", "good.npz"]
