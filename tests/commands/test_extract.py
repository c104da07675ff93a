import argparse

import pytest

from simgait.commands.extract import extract_one, output_files
from simgait.errors import InputError


def test_one_video_becomes_the_file_named_and_several_go_into_a_folder(tmp_path):
    assert output_files(["a/walk.mp4"], tmp_path / "w.npz", False) == [tmp_path / "w.npz"]
    assert output_files(["walk.mp4"], tmp_path / "out", False) == [tmp_path / "out" / "walk.npz"]
    assert output_files(["a.mp4", "b.mov"], tmp_path, False) == [
        tmp_path / "a.npz",
        tmp_path / "b.npz",
    ]


def test_nothing_is_written_over_or_twice(tmp_path):
    (tmp_path / "a.npz").write_bytes(b"")
    for videos, out, words in (
        (["a.mp4", "b.mp4"], tmp_path / "w.npz", "2 videos need a folder"),
        (["x/a.mp4", "y/a.mp4"], tmp_path / "new", "two of the videos"),
        (["a.mp4"], tmp_path, "exists already"),
    ):
        with pytest.raises(InputError, match=words):
            output_files(videos, out, False)
    assert output_files(["a.mp4"], tmp_path, True) == [tmp_path / "a.npz"]


def test_a_folder_that_takes_no_files_is_refused_before_the_video_is_watched(tmp_path):
    (tmp_path / "file").write_text("in the way")
    said = argparse.Namespace()  # nothing of it is asked before
    with pytest.raises(InputError, match="is a file, not a folder"):
        extract_one(said, tmp_path / "walk.mp4", tmp_path / "file" / "walk.npz")


def test_what_is_no_name_of_a_recording_does_not_become_a_folder(tmp_path):
    with pytest.raises(InputError, match=r"x\.txt: is no name of a recording.*give FILE\.npz"):
        output_files(["walk.mp4"], tmp_path / "x.txt", False)
    assert not (tmp_path / "x.txt").exists()
    (tmp_path / "visit.one").mkdir()
    for folder in ("visit.one", "2026.11.27"):
        assert output_files(["walk.mp4"], tmp_path / folder, False) == [
            tmp_path / folder / "walk.npz"
        ]
