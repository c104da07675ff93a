"""A marker that slips within a walk, or sits elsewhere on one side, is named; a sound one never."""

from dataclasses import replace

import numpy as np
import pytest

from simgait.findings import Basis, Code
from simgait.recordings.read import read_recording
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import PATTERNS
from simgait.trials.misplaced_points import misplaced_findings, slip_m
from simgait.trials.preparation import prepare
from tests.let_walk import let_walk
from tests.present import present


def recording_of(pattern="normal"):
    return trial_from_walk(let_walk(4, pattern, 6.0), monocular=False).recording


def moved(recording, name, by_m, frames=slice(None)):
    points = recording.keypoints_m.copy()
    points[frames, recording.keypoint_names.index(name)] += by_m
    return replace(recording, keypoints_m=points)


def found(recording):
    (trial,) = prepare(recording)
    return list(misplaced_findings(trial))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_sound_walk_has_all_in_its_place(pattern):
    assert found(recording_of(pattern)) == []


@pytest.mark.parametrize(
    ("name", "by_m", "parts"),
    [
        ("Left Heel", [0.0, 0.0, 0.06], {"foot"}),
        ("Left Heel", [-0.04, 0.0, 0.0], {"foot"}),
        ("Left Knee", [0.0, 0.0, 0.05], {"thigh", "shank"}),
    ],
)
@pytest.mark.parametrize("start", [60, 110])
def test_a_marker_that_slips_is_named_with_its_side(name, by_m, parts, start):
    findings = found(moved(recording_of(), name, by_m, slice(start, None)))
    assert {finding.values["part"] for finding in findings} == parts
    for finding in findings:
        assert (finding.code, finding.where) == (Code.POINT_SLIPPED, "left")
        assert finding.severity == "caution" and Basis.ANGLES in finding.touches
        assert Basis.TRAVEL not in finding.touches


@pytest.mark.parametrize(
    ("name", "by_m", "parts"),
    [
        ("Right Heel", [0.0, 0.0, 0.08], {"foot"}),
        ("Right Knee", [0.0, 0.0, 0.08], {"thigh", "shank"}),
    ],
)
def test_a_marker_that_sits_elsewhere_on_one_side_is_named(name, by_m, parts):
    findings = found(moved(recording_of(), name, by_m))
    assert {finding.values["part"] for finding in findings} == parts
    assert {finding.code for finding in findings} == {Code.SIDES_DIFFER}


def test_a_detectors_points_are_not_asked():
    recording = moved(recording_of(), "Left Heel", [0.0, 0.0, 0.06], slice(60, None))
    assert found(replace(recording, scale_is_metric=False)) == []


def test_nothing_is_said_of_feet_that_are_not_seen():
    recording = recording_of()
    points = recording.keypoints_m.copy()
    points[:, recording.keypoint_names.index("Left Heel")] = np.nan
    assert found(replace(recording, keypoints_m=points)) == []
    assert slip_m(np.full((5, 1), 0.4)) == 0.0


@pytest.mark.parametrize("name", ["cgm24_walking01", "mac_walk1", "codamotion_gaitwands_20150204"])
def test_real_walks_have_all_in_its_place(data_dir, name):
    recording = read_recording(present(data_dir / "c3d_mixed" / f"{name}.c3d"))
    for trial in prepare(recording, height_m=1.75):
        assert list(misplaced_findings(trial)) == []
