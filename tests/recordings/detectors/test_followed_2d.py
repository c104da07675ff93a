"""One person's 2D points out of what OpenPose writes."""

import json

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.detectors.followed_2d import follow_2d

FRAMES = 40


def person(x, frames=FRAMES, height=200.0):
    """(T, 25, 3): a made-up figure that walks to the right from `x`."""
    rng = np.random.default_rng(4)
    shape = np.column_stack([rng.uniform(-30, 30, 25), np.linspace(0.0, height, 25)])
    way = x + 3.0 * np.arange(frames)
    places = shape + np.column_stack([way, np.full(frames, 100.0)])[:, None]
    return np.concatenate([places, np.full((frames, 25, 1), 0.8)], axis=-1)


def write(folder, *people, first=0, frames=FRAMES):
    """A folder as --write_json makes it; people in another order in every second frame."""
    folder.mkdir()
    for k in range(frames):
        seen = [one[k] for one in people if np.isfinite(one[k]).any()]
        ordered = seen if k % 2 else seen[::-1]
        content = {"people": [{"pose_keypoints_2d": one.ravel().tolist()} for one in ordered]}
        name = f"clip_{first + k:012d}_keypoints.json"
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_a_folder_of_frames_is_one_walk_and_zeros_are_missing(tmp_path):
    walker = person(100.0)
    walker[5:8, 11] = 0.0
    seen = follow_2d(write(tmp_path / "json", walker))
    ankle = seen.points_px[:, seen.names.index("Right Ankle")]
    assert np.isnan(ankle[5:8]).all()
    np.testing.assert_allclose(
        np.delete(ankle, range(5, 8), 0), np.delete(walker[:, 11, :2], range(5, 8), 0)
    )
    assert seen.people == 1 and "Left Big Toe" in seen.names


def test_a_frame_that_is_lacking_is_a_gap(tmp_path):
    folder = write(tmp_path / "json", person(100.0), first=1)
    (folder / "clip_000000000004_keypoints.json").unlink()
    seen = follow_2d(folder)
    assert len(seen.points_px) == FRAMES
    assert np.isnan(seen.points_px[3]).all() and np.isfinite(seen.points_px[4]).all()


@pytest.mark.parametrize(("lost", "walks_on"), [(10, True), (30, True), (30, False)])
def test_who_is_lost_while_nobody_else_is_there_is_the_same_afterwards(tmp_path, lost, walks_on):
    walker = person(100.0, frames=FRAMES + 30)
    if not walks_on:  # stands where nobody sees it
        walker[8 + lost :, :, 0] -= 3.0 * lost
    walker[8 : 8 + lost] = np.nan
    seen = follow_2d(write(tmp_path / "json", walker, frames=FRAMES + 30))
    assert seen.people == 1
    assert np.isnan(seen.points_px[8 : 8 + lost]).all() and np.isfinite(seen.points_px[-1]).any()
    said = [note for note in seen.notes if "lost in 30 frames (8 to 37, from 0)" in note]
    assert len(said) == (lost > 25)


@pytest.mark.parametrize("why", ["elsewhere", "taller", "somebody else"])
def test_who_comes_after_a_gap_is_another_where_he_cannot_be_the_same(tmp_path, why):
    walker = person(100.0, frames=FRAMES + 30)
    walker[8:38] = np.nan
    if why == "elsewhere":
        walker[38:, :, 0] += 600.0
    if why == "taller":
        walker[38:, :, 1] *= 1.9
    other = person(900.0, frames=FRAMES + 30)
    other[: 20 if why == "somebody else" else None] = np.nan
    other[30:] = np.nan
    seen = follow_2d(write(tmp_path / "json", walker, other, frames=FRAMES + 30), person=1)
    assert seen.people == (3 if why == "somebody else" else 2)


def test_files_that_are_lacking_are_said_and_times_follow_the_numbers(tmp_path):
    folder = write(tmp_path / "json", person(100.0))
    for k in (4, 10, 11, 12):
        (folder / f"clip_{k:012d}_keypoints.json").unlink()
    seen = follow_2d(folder)
    assert len(seen.points_px) == FRAMES and seen.every == 1
    assert "4 of 40 frames are lacking (numbers 10 to 12, most on end)" in seen.notes[0]


def test_every_second_frame_is_a_clock_of_half_the_rate(tmp_path):
    folder = write(tmp_path / "json", person(100.0))
    for k in range(1, FRAMES, 2):
        (folder / f"clip_{k:012d}_keypoints.json").unlink()
    seen = follow_2d(folder)
    assert seen.every == 2 and len(seen.points_px) == FRAMES // 2
    assert np.isfinite(seen.points_px[..., 0]).any(axis=1).all()
    assert "numbered in steps of 2" in seen.notes[0]


def test_a_recording_that_is_no_json_is_told_where_to_go(tmp_path):
    path = tmp_path / "walk.npz"
    path.write_bytes(b"PK")
    with pytest.raises(InputError, match="holds no 2D .* companion run gait-transformer"):
        follow_2d(path)


def test_who_is_seen_for_long_is_followed_past_who_comes_by(tmp_path):
    passer = person(700.0)
    passer[:30] = np.nan
    seen = follow_2d(write(tmp_path / "json", passer, person(100.0)))
    assert seen.people == 2
    np.testing.assert_allclose(
        seen.points_px[:, seen.names.index("Left Hip")], person(100.0)[:, 12, :2]
    )


def test_several_people_are_a_sentence_until_one_is_chosen(tmp_path):
    folder = write(tmp_path / "json", person(100.0), person(900.0))
    with pytest.raises(InputError, match=r"several people are seen as long \(1 in 40 .*--person"):
        follow_2d(folder)
    both = [follow_2d(folder, person=k).points_px[0, 0, 0] for k in (1, 2)]
    assert sorted(np.round(np.diff(sorted(both)))) == [800.0]
    with pytest.raises(InputError, match="there is no person 3; 2 were seen"):
        follow_2d(folder, person=3)


def test_points_of_another_picture_are_a_sentence(tmp_path):
    folder = write(tmp_path / "json", person(100.0))
    follow_2d(folder, picture_px=(640, 480))
    with pytest.raises(InputError, match="outside of 160x120 pixels; the resolution is another"):
        follow_2d(folder, picture_px=(160, 120))
    small = person(100.0) / [1000.0, 1000.0, 1.0]
    with pytest.raises(InputError, match="normalised coordinates"):
        follow_2d(write(tmp_path / "parts", small))


def test_folders_that_hold_no_video_are_sentences(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="does not hold the JSON files of several frames"):
        follow_2d(empty)
    two = write(tmp_path / "two", person(100.0))
    (two / "other_000000000003_keypoints.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="have the same frame number; keep one video's"):
        follow_2d(two)
    nameless = write(tmp_path / "nameless", person(100.0))
    (nameless / "people.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="people.json has no frame number"):
        follow_2d(nameless)
    nobody = tmp_path / "nobody"
    nobody.mkdir()
    for k in range(3):
        (nobody / f"{k}.json").write_text('{"people": []}', encoding="utf-8")
    with pytest.raises(InputError, match="there is nobody"):
        follow_2d(nobody)


def test_one_file_of_all_frames_is_read_too(tmp_path):
    content = [{"people": [{"pose_keypoints_2d": one.ravel().tolist()}]} for one in person(100.0)]
    path = tmp_path / "walk.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert len(follow_2d(path).points_px) == FRAMES
