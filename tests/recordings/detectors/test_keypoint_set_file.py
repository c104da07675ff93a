"""A detector that its user describes in a file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.findings import Code
from simgait.recordings.detectors.keypoint_set_file import read_keypoint_set
from simgait.recordings.detectors.measured import ANY_DETECTOR
from simgait.recordings.formats.npz import write_npz
from simgait.recordings.read import read_recording
from simgait.series.angles import unit
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.synthetic.recording import trial_from_walk
from simgait.trials.preparation import prepare
from simgait.trials.quality import assess
from tests.let_walk import let_walk

SET = """\
points = "movi-23"
unit = "m"
axes = "z-up"
source = "5 adults, made up"
[joints]
hip_down = 0.03
hip_inward = 0.06
knee_back = 0.05
knee_up = 0.10
ankle_up = -0.02
[travel]
factor = 0.9
sd = 0.018
"""


def at(points, name):
    return points[:, KEYPOINT_INDEX[name]]


def as_that_set(points):
    """Points whose joints lie where the set has them, by its definitions backwards."""
    moved = np.array(points)
    for _ in range(30):  # shifts are said in the set's own frames and lengths
        left = unit(at(moved, "Left Hip") - at(moved, "Right Hip"))
        legs = []
        for side in ("Left", "Right"):
            hip, knee, ankle = (at(moved, f"{side} {j}") for j in ("Hip", "Knee", "Ankle"))
            legs.append(np.linalg.norm([hip - knee, knee - ankle], axis=-1))
        leg_m = np.median(legs[0] + legs[1], axis=-1).sum() / 2
        new = np.array(points)
        for side, outward in (("Left", left), ("Right", -left)):
            hip, knee, ankle = (at(moved, f"{side} {j}") for j in ("Hip", "Knee", "Ankle"))
            thigh, shank = unit(hip - knee), unit(knee - ankle)
            ahead = unit(np.cross(left, shank))
            new[:, KEYPOINT_INDEX[f"{side} Hip"]] += leg_m * (0.03 * thigh + 0.06 * outward)
            new[:, KEYPOINT_INDEX[f"{side} Knee"]] += leg_m * (0.05 * ahead - 0.10 * shank)
            new[:, KEYPOINT_INDEX[f"{side} Ankle"]] += leg_m * 0.02 * shank
        moved = new
    return moved


@pytest.fixture(scope="module")
def seen():
    """A walk as one camera saw it, and the same with joints where the made-up set has them."""
    made = trial_from_walk(let_walk(5, "normal", 5.0), view="ahead").recording
    return made, as_that_set(made.all_keypoints_m)


@pytest.fixture
def files(tmp_path, seen):
    (tmp_path / "mine.toml").write_text(SET)
    np.save(tmp_path / "walk.npy", seen[1])
    return tmp_path


def read(files, keypoint_set, **said):
    given: dict[str, Any] = {"unit": "m", "axes": "z-up", "fps_hz": 30.0, "height_m": 1.75} | said
    return read_recording(files / "walk.npy", keypoint_set=keypoint_set, **given)


def test_joints_and_travel_that_are_stated_come_back(files, seen):
    odd = read(files, "movi-23")
    (lost,) = prepare(odd)
    assert Code.JOINTS_ELSEWHERE in {one.code for one in assess(lost).findings}
    (plain,) = prepare(read_like(seen[0], 1.75))
    (found,) = prepare(read(files, str(files / "mine.toml"), unit=None, axes=None))
    assert Code.JOINTS_ELSEWHERE not in {one.code for one in assess(found).findings}
    assert found.joint_definitions == "mine"
    legs = [KEYPOINT_INDEX[f"{s} {j}"] for s in ("Left", "Right") for j in ("Hip", "Knee", "Ankle")]
    off = np.linalg.norm(found.keypoints_m[:, legs] - plain.keypoints_m[:, legs], axis=-1)
    assert np.nanmedian(off) < 0.004
    assert found.path_basis == "detector"
    assert found.travel_factor == pytest.approx(0.9, rel=0.01)
    assert found.travel_spread == pytest.approx(0.02, rel=0.1)
    assert any("as the keypoint set mine states (5 adults, made up)" in n for n in found.notes)
    assert any("multiplied by 0.9" in n and "5 adults" in n for n in found.notes)


def read_like(recording, height_m):
    return replace(recording, height_m=height_m, error_model="")


def test_a_written_recording_keeps_what_was_stated(files):
    recording = read(files, str(files / "mine.toml"))
    write_npz(files / "own.npz", recording)
    again = read_recording(files / "own.npz")
    assert again.detector_facts is not None and recording.detector_facts is not None
    assert again.detector_facts.travel is not None
    assert again.detector_facts.joints == recording.detector_facts.joints
    assert again.drawn_by == recording.drawn_by == "mine"
    assert again.detector_facts.travel.factor == 0.9
    assert again.detector_facts.travel.spread == pytest.approx(0.02)


def test_a_factor_that_is_said_of_a_recording_wins(files):
    (trial,) = prepare(read(files, str(files / "mine.toml"), travel_factor=1.1))
    assert trial.path_basis == "factor_said" and trial.travel_factor == 1.1
    assert trial.joint_definitions == "mine"


def test_json_serves_as_well_and_points_may_be_named(files, tmp_path):
    (tmp_path / "own.json").write_text(
        json.dumps({"name": "own", "points": list(KEYPOINT_NAMES), "assumed_fov_deg": 60})
    )
    found = read_keypoint_set(tmp_path / "own.json")
    assert found.columns == {name: i for i, name in enumerate(KEYPOINT_NAMES)}
    assert (found.name, found.width, found.assumed_fov_deg) == ("own", 23, 60.0)
    (trial,) = prepare(read(files, str(tmp_path / "own.json")))
    assert trial.joint_definitions == ""
    assert trial.travel_factor == pytest.approx(1 / ANY_DETECTOR.travel_reads, rel=0.01)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('points = "movi-23"\n', "", "points must say which points there are"),
        ('"movi-23"', '["LHip", "RHip"]', "points lack Left Knee"),
        ('"movi-23"', '"movi-24"', "'movi-24' is not known"),
        ('"m"', '"miles"', "mine.toml, unit: the length unit 'miles' is not known"),
        ('"z-up"', '"upwards"', "mine.toml, axes: the axes 'upwards' cannot be read"),
        ("source", "sauce", "there is no entry 'sauce'; source is meant"),
        ('source = "5 adults, made up"\n', "", "source is lacking"),
        ("knee_up = 0.10", "knee_up = 40", "give it as a share of the leg's length"),
        ("knee_up = 0.10", 'knee_up = "far"', "knee_up must be a number"),
        ("knee_up", "knee_down", "mine.toml, joints: there is no entry 'knee_down'"),
        ("sd = 0.018\n", "", "travel needs both factor and sd"),
        ("sd = 0.018", "sd = 0", "give the SD of the factor between recordings"),
        ("factor = 0.9", "factor = 9", "a path is multiplied by 0.4 to 2.5, not by 9"),
        ("[travel]", "travel = 3\n[x]", "not a TOML file|travel must be a table|no entry"),
        ('unit = "m"', "unit = m", "not a TOML file"),
        ('axes = "z-up"', 'axes = "z-up"\nfps_hz = 1', "mine.toml, fps_hz"),
        ('axes = "z-up"', 'axes = "z-up"\nassumed_fov_deg = 2', "2° is no camera's"),
    ],
)
def test_what_such_a_file_says_wrong_is_one_sentence(tmp_path, old, new, sentence):
    (tmp_path / "mine.toml").write_text(SET.replace(old, new, 1))
    with pytest.raises(InputError, match=sentence) as refused:
        read_keypoint_set(tmp_path / "mine.toml")
    assert "\n" not in str(refused.value) and str(tmp_path) not in str(refused.value)


def test_a_file_that_is_not_there_and_one_that_a_recording_names_are_refused(files, seen):
    with pytest.raises(InputError, match="no such file of a keypoint set"):
        read(files, str(files / "other.toml"))
    np.savez(files / "w.npz", keypoints=seen[1], keypoint_set=str(files / "mine.toml"))
    with pytest.raises(InputError, match="names a file as its keypoint set"):
        read_recording(files / "w.npz", unit="m", axes="z-up", fps_hz=30.0)
