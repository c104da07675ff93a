"""People who walk as markers did: the truth is the recording's own, and nothing names anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.benchmark.captured_arms import arms_seen, captured_upper_body
from simgait.benchmark.captured_walks import captured_clip, captured_walks, split_of
from simgait.benchmark.detector_errors import knee_deg
from simgait.datasets.splits import PARTS, part_of
from simgait.errors import InputError, StandingTrialError
from simgait.recordings.formats.npz import write_npz
from simgait.skeleton.default import POSE_INDEX
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.people.plan import plan_captured
from simgait.synthetic.people.posing import JOINTS
from simgait.synthetic.people.truth import read_truth, truth_of, write_truth
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.walk import draw_walker, walk

SECONDS, RATE_HZ = 5.0, 100.0
NAME = "Meier Anna"


def made_up(seed=4, pattern="normal", seconds=SECONDS):
    return trial_from_walk(walk(draw_walker(seed, pattern), seconds, RATE_HZ), monocular=False)


def written(folder: Path, recording) -> Path:
    path = folder / "walk.npz"
    # What a laboratory's file holds: points, no pose, no events.
    write_npz(path, replace(recording, pose=None, events=(), error_model=""))
    return path


def clip_in(path: Path, seed=3, **wishes):
    (walked,) = captured_walks(path)
    trial = walked.trial
    plan = plan_captured(seed, walked.capture, trial.height_m, float(trial.time_s[-1]), **wishes)
    plan = replace(plan, size_px=(640, 360), fps_hz=30.0)
    return captured_clip(walked, plan)


@pytest.fixture(scope="module")
def source():
    return made_up()


@pytest.fixture(scope="module")
def clip(source, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab") / NAME
    folder.mkdir()
    return clip_in(written(folder, source.recording), view="sagittal")


def test_steps_and_speed_are_the_recordings_own(source, clip):
    truth, known = truth_of(clip), source.walk
    first = np.abs(known.foothold_s - clip.first_s - truth.contact_s[0]).argmin()
    own = known.foothold_m[first : first + len(truth.contact_s), 0]
    assert len(truth.contact_s) >= 4
    np.testing.assert_allclose(np.diff(truth.foothold_x_m), np.diff(own), atol=0.012)
    own_s = known.foothold_s[first : first + len(own)]
    np.testing.assert_allclose(np.diff(truth.contact_s), np.diff(own_s), atol=0.02)
    assert truth.speed_mps == pytest.approx((own[-1] - own[0]) / (own_s[-1] - own_s[0]), abs=0.02)


def test_the_mesh_bends_its_knees_as_the_recording_does(source, clip):
    seen_deg = knee_deg(clip.joints_m[:, :6])
    at_s = clip.first_s + clip.time_s
    for i, side in enumerate(("left", "right")):
        own = np.degrees(source.walk.pose[:, POSE_INDEX[f"{side}_knee_flexion"]])
        off = seen_deg[:, i] - np.interp(at_s, source.walk.time_s, own)
        assert np.sqrt(np.mean(off**2)) < 2.5


def test_the_meshs_joints_lie_where_the_markers_do(source, clip):
    points, at_s = source.recording.all_keypoints_m, clip.first_s + clip.time_s
    hips = [KEYPOINT_INDEX[f"{side} Hip"] for side in ("Left", "Right")]
    for name in ("Left Ankle", "Right Knee", "Left Elbow"):
        own = points[:, KEYPOINT_INDEX[name]] - points[:, hips].mean(axis=1)
        there = clip.joints_m[:, JOINTS.index(name)] - clip.joints_m[:, :2].mean(axis=1)
        for axis in range(3):
            then = np.interp(at_s, source.walk.time_s, own[:, axis])
            assert np.corrcoef(there[:, axis], then)[0, 1] > 0.9 or np.ptp(then) < 0.03
        # Trunks of meshes are not as long as the person's.
        apart = np.linalg.norm(there - np.stack(
            [np.interp(at_s, source.walk.time_s, column) for column in own.T], axis=-1
        ), axis=-1)  # fmt: skip
        assert np.median(apart) < (0.10 if "Elbow" in name else 0.02)


def test_standing_feet_of_the_mesh_do_not_slide(source, clip):
    for i, side in enumerate(("Left", "Right")):
        heel = clip.joints_m[:, JOINTS.index(f"{side} Heel")]
        at_s = clip.first_s + clip.time_s
        stands = [
            heel[(at_s > t + 0.15) & (at_s < t + 0.3)]
            for t, foot in zip(source.walk.foothold_s, source.walk.foothold_side, strict=True)
            if foot == i
        ]
        drifts = [np.ptp(place[:, 0]) for place in stands if len(place) > 3]
        assert drifts and np.median(drifts) < 0.02


def test_the_record_says_where_the_walk_comes_from_and_names_nobody(clip, tmp_path):
    write_truth(tmp_path / "a.truth.npz", truth_of(clip))
    truth = read_truth(tmp_path / "a.truth.npz")
    assert (truth.pattern, truth.view) == ("captured", "sagittal")
    capture = json.loads(truth.plan)["capture"]
    assert capture["split"] in PARTS
    assert capture["contacts"] == "measured heels and toes"
    assert capture["arms"] == ["left", "right"]
    assert len(capture["sha256"]) == 64
    assert truth.name.startswith(f"captured-{capture['sha256'][:8]}-1-")
    for word in ("Meier", "Anna", "lab", "walk.npz"):
        assert word not in truth.plan


def test_a_person_is_in_one_part_and_the_held_out_stay_so(tmp_path):
    one, other = (split_of(tmp_path / file, "subject-1") for file in ("a.c3d", "b/c.trc"))
    assert one == other == part_of("subject-1")
    assert split_of(tmp_path / "cmu_asfamc" / "16" / "16_15.amc", "anybody") == "test"


def test_arms_without_markers_swing_as_usual(source, tmp_path):
    points = source.recording.keypoints_m.copy()
    points[:, KEYPOINT_INDEX["Right Wrist"]] = np.nan
    path = written(tmp_path, replace(source.recording, keypoints_m=points))
    (walked,) = captured_walks(path)
    assert arms_seen(walked.trial) == ("left",)
    one = clip_in(path)
    assert np.isfinite(one.joints_m).all()
    upper = captured_upper_body(walked.trial, one.person, walked.trial.time_s)
    assert upper is not None
    assert np.isnan(upper.upper_arm[:, 1]).all() and np.isfinite(upper.upper_arm[:, 0]).all()
    points[:, [KEYPOINT_INDEX[f"{s} Shoulder"] for s in ("Left", "Right")]] = np.nan
    bare = written(tmp_path, replace(source.recording, keypoints_m=points))
    assert captured_walks(bare)[0].capture.arms == ()
    assert np.isfinite(clip_in(bare).joints_m).all()


def test_an_arm_held_straight_does_not_turn_about(source, tmp_path):
    points = source.recording.keypoints_m.copy()
    shoulder, wrist = (
        points[:, KEYPOINT_INDEX[f"Left {joint}"]] for joint in ("Shoulder", "Wrist")
    )
    shake = 0.004 * np.sin(np.arange(len(points)))[:, None] * [1.0, 0.0, 0.0]
    points[:, KEYPOINT_INDEX["Left Elbow"]] = 0.5 * (shoulder + wrist) + shake
    one = clip_in(written(tmp_path, replace(source.recording, keypoints_m=points)))
    arm = one.motion.rotation[:, _segment("upper_arm.L")]
    turned = np.einsum("tij,tij->t", arm[1:], arm[:-1])
    assert turned.min() > 2.9  # trace: 3 where nothing turns


def _segment(name: str) -> int:
    from simgait.synthetic.people.segments import INDEX

    return INDEX[name]


def test_a_detectors_recording_is_refused(source, tmp_path):
    path = written(tmp_path, replace(source.recording, scale_is_metric=False))
    with pytest.raises(InputError, match="a detector's points"):
        captured_walks(path)


def test_who_stands_is_refused(source, tmp_path):
    still = np.repeat(source.recording.keypoints_m[:1], len(source.recording.time_s), axis=0)
    with pytest.raises(StandingTrialError, match="standing trial"):
        captured_walks(written(tmp_path, replace(source.recording, keypoints_m=still)))


def test_who_walks_in_place_is_refused(source, tmp_path):
    points = source.recording.keypoints_m
    hips = points[:, [KEYPOINT_INDEX[f"{s} Hip"] for s in ("Left", "Right")], :2].mean(axis=1)
    in_place = points.copy()
    in_place[..., :2] -= hips[:, None]
    with pytest.raises(InputError, match=r"in place|treadmill|belt"):
        captured_walks(written(tmp_path, replace(source.recording, keypoints_m=in_place)))


@pytest.mark.parametrize(("seconds", "sentence"), [(0.9, "only"), (1.36, "longer walk")])
def test_a_walk_that_is_too_short_is_refused(tmp_path, seconds, sentence):
    path = written(tmp_path, made_up(seconds=seconds).recording)
    with pytest.raises(InputError, match=sentence):
        clip_in(path)


def test_a_real_walk_keeps_its_speed_and_steps(data_dir):
    truth = truth_of(clip_in(data_dir / "cmu_asfamc" / "16" / "16_15.amc", view="sagittal"))
    # As data's README has them.
    assert truth.speed_mps == pytest.approx(1.10, abs=0.02)
    assert truth.step_length_m == pytest.approx(0.64, abs=0.02)
