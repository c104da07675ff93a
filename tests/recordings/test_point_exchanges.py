"""Two points that changed places are found where they did, and nowhere else."""

from functools import cache

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.point_exchanges import exchanged_names
from simgait.recordings.read import read_recording
from simgait.recordings.wrong_names import check_names, wrong_names
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.detectors.named import DETECTORS, seen_through
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import PATTERNS
from simgait.trials.side_exchanges import exchanged_back
from tests.let_walk import let_walk
from tests.present import present
from tests.recordings.formats.test_c3d import walking_markers, write_c3d

FPS_HZ = 100.0
MARKER_PAIRS = (
    ("LHEE", "RHEE"), ("LTOE", "RTOE"), ("LHEE", "LTOE"), ("RTOE", "RHEE"), ("LANK", "RANK"),
    ("LKNE", "RKNE"), ("LASI", "RASI"), ("LKNE", "LANK"), ("LANK", "LTOE"), ("RANK", "RHEE"),
)  # fmt: skip
NAMES = (
    [("Left Heel", "Right Heel"), ("Left Big Toe", "Right Big Toe"), ("Left Foot", "Right Foot")],
    [("Left Heel", "Right Heel")],
    [("Left Big Toe", "Right Big Toe")],
    [("Left Ankle", "Right Ankle")],
    [("Left Knee", "Right Knee")],
    [("Left Hip", "Right Hip")],
    [("Left Knee", "Left Ankle")],
    [("Right Big Toe", "Right Heel")],
    [("Left Big Toe", "Left Heel"), ("Right Big Toe", "Right Heel")],
)


def exchange(points, pairs, frames=slice(None)):
    out = {name: np.array(at) for name, at in points.items()}
    for first, second in pairs:
        out[first][frames], out[second][frames] = points[second][frames], points[first][frames]
    return out


@cache
def seen_exactly():
    """Four seconds of an adult at 60 Hz."""
    done = let_walk(5, "normal", 4.0, 60.0)
    return trial_from_walk(done, monocular=False).recording


def by_name(recording):
    return {n: recording.keypoints_m[:, i] for i, n in enumerate(recording.keypoint_names)}


@pytest.mark.parametrize(
    ("pair", "frames"),
    [(pair, slice(100, 180)) for pair in MARKER_PAIRS]
    + [(MARKER_PAIRS[0], slice(0, 40)), (MARKER_PAIRS[0], slice(150, 300))],
)
def test_markers_that_changed_places_for_a_while_are_exchanged_back(tmp_path, walk, pair, frames):
    markers = walking_markers(walk)
    sound = read_recording(write_c3d(tmp_path / "sound.c3d", markers))
    broken = write_c3d(tmp_path / "broken.c3d", exchange(markers, [pair], frames), prefix="P1:")
    read = read_recording(broken)
    np.testing.assert_allclose(read.keypoints_m, sound.keypoints_m, atol=1e-6)
    (note,) = (one for one in read.notes if "had changed places" in one)
    first, last = frames.start / FPS_HZ, (frames.stop - 1) / FPS_HZ
    assert all(name in note for name in pair) and f"{first:.2f} to {last:.2f} s" in note


def test_whole_feet_of_markers_are_exchanged_back_and_gaps_stay_gaps(tmp_path, walk):
    markers = walking_markers(walk)
    markers["LHEE"][120:125] = np.nan
    feet = [("LANK", "RANK"), ("LHEE", "RHEE"), ("LTOE", "RTOE")]
    sound = read_recording(write_c3d(tmp_path / "sound.c3d", markers))
    broken = exchange(markers, feet, slice(80, 200))
    read = read_recording(write_c3d(tmp_path / "broken.c3d", broken))
    np.testing.assert_allclose(read.keypoints_m, sound.keypoints_m, atol=1e-6)
    assert sum("had changed places" in note for note in read.notes) == len(feet)


def test_markers_that_tremble_by_centimetres_are_left_as_they_are(tmp_path, walk):
    rng = np.random.default_rng(0)
    markers = {n: at + rng.normal(0, 0.02, at.shape) for n, at in walking_markers(walk).items()}
    read = read_recording(write_c3d(tmp_path / "noise.c3d", markers))
    assert not any("had changed places" in note for note in read.notes)


@pytest.mark.parametrize(
    ("pairs", "metric"), [(pairs, True) for pairs in NAMES] + [(NAMES[0], False)]
)
def test_keypoints_with_each_others_names_are_named_and_can_be_read(tmp_path, pairs, metric):
    points = by_name(seen_exactly())
    path, wrong = tmp_path / "w.npz", exchange(points, pairs)
    stacked = np.stack(list(wrong.values()), axis=1)
    np.savez(path, keypoints=stacked, names=list(wrong), fps_hz=60.0, unit="m", axes="z-up",
             height_m=1.7, scale_is_metric=metric)  # fmt: skip
    with pytest.raises(InputError, match="look exchanged") as error:
        read_recording(path)
    said = str(error.value).partition('--exchange "')[2].partition('"')[0].split(",")
    assert {frozenset(said[i : i + 2]) for i in range(0, len(said), 2)} == {*map(frozenset, pairs)}
    right = by_name(read_recording(path, exchange=tuple(said)))
    np.testing.assert_allclose(right["Left Heel"], points["Left Heel"])


def test_all_of_left_and_right_is_no_matter_of_single_names():
    points = by_name(seen_exactly())
    sides = [(n, n.replace("Left", "Right")) for n in points if n.startswith("Left")]
    assert exchanged_names(points) == wrong_names(points) == []
    assert wrong_names(exchange(points, sides)) == []
    check_names(points, "sound")


@pytest.mark.parametrize("joint", ["Heel", "Big Toe", "Ankle", "Knee"])
@pytest.mark.parametrize("measured", [True, False])
def test_keypoints_that_changed_places_for_a_while_are_exchanged_back(joint, measured):
    recording = seen_exactly()
    points, sure = recording.all_keypoints_m, np.ones(recording.all_keypoints_m.shape[:2])
    broken = points.copy()
    columns = [KEYPOINT_INDEX[f"{side} {joint}"] for side in ("Left", "Right")]
    broken[70:150, columns] = points[70:150, columns[::-1]]
    mended, _, notes = exchanged_back(broken, sure, recording.time_s, measured=measured)
    np.testing.assert_array_equal(mended, points)
    assert len(notes) == 1 and f"Left {joint} and Right {joint} had changed places" in notes[0]


@cache
def walks_of_all_patterns():
    walks = [let_walk(22, pattern, 4.0) for pattern in PATTERNS]
    return [(done, exact_keypoints(done.pose, done.spec.dimensions)) for done in walks]


@pytest.mark.parametrize("detector", DETECTORS)
def test_what_detectors_see_of_walkers_is_left_as_it_is(detector):
    for done, exact in walks_of_all_patterns():
        seen = seen_through(detector, exact, done.spec.height_m, 30.0, 22)
        _, _, notes = exchanged_back(seen.keypoints_m, seen.confidence, done.time_s, measured=False)
        assert not any("Heel" in note or "Knee" in note or "Ankle" in note for note in notes)


@pytest.mark.parametrize("name", ["c3d_mixed/cgm24_walking01.c3d", "cmu_asfamc/16/16_15.amc"])
def test_real_recordings_are_left_as_they_are(data_dir, name):
    recording = read_recording(present(data_dir / name))
    assert not any("changed places" in note for note in recording.notes)
    assert exchanged_names(by_name(recording)) == []
