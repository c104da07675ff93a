"""Preparation against analytic walkers: what comes out must be the walk that was put in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simgait.detector_facts import DetectorFacts, JointShifts
from simgait.errors import InputError
from simgait.skeleton.default import BODY_KEYPOINT_COLUMNS, BODY_KEYPOINTS, POSE_INDEX
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.skeleton.kinematics import body_keypoints
from simgait.trials.cleaning import FILLED_CONFIDENCE
from simgait.trials.preparation import PreparationConfig, prepare
from simgait.trials.truth import with_known_floor
from simgait.types import Recording
from tests.present import present

HEIGHT_M, SPEED_MPS = 1.70, 1.2
BODY = list(BODY_KEYPOINT_COLUMNS)


def yaw_matrix(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def centred_truth(pose: np.ndarray) -> np.ndarray:
    points = np.asarray(body_keypoints(pose, dimensions_from_height(HEIGHT_M)))
    return points - pose[:, None, :3]


def column(name: str) -> int:
    return BODY_KEYPOINTS.index(name)


@pytest.mark.parametrize("metric", [True, False])
@pytest.mark.parametrize("fps_hz", [24.0, 30.0, 50.0, 120.0])
def test_keypoints_path_and_truth_agree(walk, metric, fps_hz):
    (trial,) = prepare(walk(5.0, fps_hz=fps_hz, heading_rad=0.7, metric=metric))
    assert trial.trial_id == "walk" and trial.subject_id == "S1" and trial.height_m == HEIGHT_M
    assert trial.keypoints_m.shape == (trial.n_frames, 23, 3)
    np.testing.assert_allclose(np.diff(trial.time_s), 1.0 / 30.0, atol=1e-12)
    assert trial.time_s[0] == 0.0 and trial.pelvis_path_mask.all()
    velocity = trial.pelvis_path_m[-1, 0] / trial.time_s[-1]
    assert velocity == pytest.approx(SPEED_MPS, abs=0.002)
    assert np.abs(trial.pelvis_path_m[:, 1]).max() < 1e-3
    np.testing.assert_allclose(trial.pelvis_path_m[0], 0.0, atol=1e-12)
    # The path keeps the rise and fall of the real mid-hip.
    truth = present(trial.truth)
    np.testing.assert_allclose(truth.pose[:, :2], trial.pelvis_path_m[:, :2], atol=2e-3)
    rise = truth.pose[:, 2] - truth.pose[0, 2]
    np.testing.assert_allclose(rise, trial.pelvis_path_m[:, 2], atol=2e-3)
    np.testing.assert_allclose(trial.keypoints_m[:, BODY], centred_truth(truth.pose), atol=4e-3)
    absent = [k for k in range(23) if k not in BODY]
    assert np.isnan(trial.keypoints_m[:, absent]).all() and not trial.confidence[:, absent].any()


def test_truth_counts_from_the_floor_and_keeps_events(walk):
    recording = walk(5.0)
    contact = np.stack([recording.time_s < 2.0, recording.time_s >= 2.0], axis=-1).astype(float)
    late = replace(recording, time_s=recording.time_s + 10.0, events=())
    (trial,) = prepare(late, contact_truth=contact)
    assert trial.start_s == pytest.approx(10.0)
    np.testing.assert_array_equal(present(trial.truth).contact, contact)
    np.testing.assert_allclose(present(trial.truth).pose[:, 2], recording.pose[:, 2], atol=1e-6)
    shifted = tuple(replace(e, time_s=e.time_s + 10.0) for e in recording.events)
    (trial,) = prepare(replace(late, events=shifted))
    assert [e.time_s for e in present(trial.truth).events] == pytest.approx([1.0, 1.66])
    # Between initial contact and foot off the foot is down; elsewhere nothing is known.
    known = np.isfinite(present(trial.truth).contact[:, 0])
    np.testing.assert_array_equal(known, (trial.time_s >= 1.0) & (trial.time_s < 1.66))
    assert (present(trial.truth).contact[known, 0] == 1.0).all() and np.isnan(
        present(trial.truth).contact[:, 1]
    ).all()


def test_mocap_floor_is_found_from_the_soles(walk):
    recording = walk(5.0)
    sunk = recording.pose - np.eye(16)[2] * 0.07
    (a,) = prepare(replace(recording, floor_z_m=None))
    (b,) = prepare(replace(recording, floor_z_m=None, pose=sunk))
    np.testing.assert_allclose(present(a.truth).pose[:, 2], present(b.truth).pose[:, 2], atol=1e-6)


def test_a_floor_that_is_known_is_believed_whatever_the_keypoints_are(walk):
    recording = walk(5.0)
    sunk = replace(recording, pose=recording.pose - np.eye(16)[2] * 0.07, floor_z_m=None)
    floored = with_known_floor(sunk)
    assert with_known_floor(floored) is floored
    assert with_known_floor(replace(sunk, pose=None)).floor_z_m is None
    (exact,) = prepare(sunk)
    # A detector that sees every bone a fifth too short must not move the floor.
    short = replace(
        floored, keypoints_m=0.8 * floored.keypoints_m, scale_is_metric=False,
        error_model="monocular-v1",
    )  # fmt: skip
    (seen,) = prepare(short)
    found, known = present(seen.truth), present(exact.truth)
    np.testing.assert_allclose(found.pose[:, 2], known.pose[:, 2], atol=2e-3)
    assert (seen.error_model, seen.source_format) == ("monocular-v1", sunk.source_format)


@settings(max_examples=15, deadline=None)
@given(
    yaw=st.floats(-np.pi, np.pi),
    shift=st.tuples(*[st.floats(-5, 5)] * 3),
    later=st.floats(-100, 100),
    metric=st.booleans(),
)
def test_turning_moving_and_delaying_a_recording_changes_nothing(walk, yaw, shift, later, metric):
    recording = walk(4.0, metric=metric, pose=None, events=())
    moved = replace(
        recording,
        keypoints_m=recording.keypoints_m @ yaw_matrix(yaw).T + np.array(shift),
        time_s=recording.time_s + later,
    )
    (a,), (b,) = prepare(recording), prepare(moved)
    np.testing.assert_allclose(b.keypoints_m, a.keypoints_m, atol=1e-5)
    np.testing.assert_allclose(b.pelvis_path_m, a.pelvis_path_m, atol=1e-5)
    assert b.start_s == pytest.approx(a.start_s + later)


@pytest.mark.parametrize("metric", [True, False])
def test_a_mirrored_person_gives_the_mirrored_trial(walk, metric):
    recording = walk(4.0, metric=metric, pose=None, events=())
    swapped = tuple(
        name.replace("Left", "?").replace("Right", "Left").replace("?", "Right")
        for name in recording.keypoint_names
    )
    mirrored = replace(
        recording,
        keypoint_names=swapped,
        keypoints_m=recording.keypoints_m * np.array([1.0, -1.0, 1.0]),
    )
    (a,), (b,) = prepare(recording), prepare(mirrored)
    other = [
        KEYPOINT_INDEX[n.replace("Left", "?").replace("Right", "Left").replace("?", "Right")]
        for n in KEYPOINT_NAMES
    ]
    flipped = a.keypoints_m[:, other] * np.array([1.0, -1.0, 1.0])
    np.testing.assert_allclose(b.keypoints_m, flipped, atol=1e-6)


@given(factor=st.floats(0.75, 1.35))
@settings(max_examples=8, deadline=None)
def test_a_detectors_scale_is_undone_by_height(walk, factor):
    recording = walk(4.0, metric=False)
    scaled = replace(recording, keypoints_m=recording.keypoints_m * factor)
    (a,), (b,) = prepare(recording), prepare(scaled)
    assert b.keypoint_scale == pytest.approx(a.keypoint_scale / factor, rel=1e-6)
    np.testing.assert_allclose(b.keypoints_m, a.keypoints_m, atol=1e-5)
    np.testing.assert_allclose(b.pelvis_path_m, a.pelvis_path_m, atol=1e-5)


def test_markers_keep_the_true_vertical_and_a_turned_pelvis(walk):
    recording = walk(5.0)
    pose = np.array(recording.pose)
    pose[:, POSE_INDEX["pelvis_tilt"]] += 0.2
    pose[:, POSE_INDEX["pelvis_rotation"]] += 0.15
    points = np.asarray(body_keypoints(pose, dimensions_from_height(HEIGHT_M)), dtype=float)
    (trial,) = prepare(replace(recording, pose=pose, keypoints_m=points))
    np.testing.assert_allclose(trial.keypoints_m[:, BODY], centred_truth(pose), atol=2e-3)
    # With a lean as well as a turn, a trunk that is stiff with the pelvis leans sideways too.
    pose[:, POSE_INDEX["pelvis_rotation"]] -= 0.15
    points = np.asarray(body_keypoints(pose, dimensions_from_height(HEIGHT_M)), dtype=float)
    # A camera that looks down tilts everything a detector says: the level path takes it out.
    c, s = np.cos(0.12), np.sin(0.12)
    looking_down = np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])
    tilted = replace(
        recording, pose=pose, keypoints_m=points @ looking_down.T, scale_is_metric=False
    )
    (trial,) = prepare(tilted)
    np.testing.assert_allclose(trial.keypoints_m[:, BODY], centred_truth(pose), atol=8e-3)


def test_short_gaps_are_filled_and_long_ones_stay_missing(walk, with_keypoints):
    recording = walk(5.0)
    points = np.array(recording.keypoints_m)
    short, long = slice(30, 36), slice(90, 97)
    points[short, column("Left Ankle")] = np.nan
    points[long, column("Right Heel")] = np.nan
    (whole,), (trial,) = prepare(recording), prepare(with_keypoints(recording, points))
    ankle, heel = KEYPOINT_INDEX["Left Ankle"], KEYPOINT_INDEX["Right Heel"]
    error = np.linalg.norm(
        trial.keypoints_m[short, ankle] - whole.keypoints_m[short, ankle], axis=1
    )
    # 0.2 s in mid-swing is the worst there is: 2 cm RMS on real walks, and a line is 16 cm off.
    assert error.max() < 0.05
    assert (trial.confidence[short, ankle] == FILLED_CONFIDENCE).all()
    assert np.isnan(trial.keypoints_m[long, heel]).all() and not trial.confidence[long, heel].any()
    assert np.isfinite(trial.keypoints_m[:90, heel]).all()
    assert np.isfinite(trial.keypoints_m[97:, heel]).all()


def test_a_gap_at_120_hz_stays_a_gap_of_its_own_length(walk, with_keypoints):
    recording = walk(5.0, fps_hz=120.0)
    points = np.array(recording.keypoints_m)
    points[240:300, column("Right Big Toe")] = np.nan  # 2.0 to 2.5 s
    (trial,) = prepare(with_keypoints(recording, points))
    missing = np.isnan(trial.keypoints_m[:, KEYPOINT_INDEX["Right Big Toe"], 0])
    np.testing.assert_array_equal(missing, (trial.time_s > 1.995) & (trial.time_s < 2.4999))


@pytest.mark.parametrize("frames", [[50], [50, 51]])
def test_spikes_are_taken_out(walk, with_keypoints, frames):
    recording = walk(5.0)
    points = np.array(recording.keypoints_m)
    points[frames, column("Left Knee")] += [0.0, 0.5, 0.3]
    (whole,), (trial,) = prepare(recording), prepare(with_keypoints(recording, points))
    np.testing.assert_allclose(trial.keypoints_m[:, BODY], whole.keypoints_m[:, BODY], atol=0.02)
    assert any("jumped" in note for note in trial.notes)


def test_clean_walks_hold_no_spikes(walk):
    for fps_hz in (24.0, 30.0, 120.0):
        (trial,) = prepare(walk(4.0, fps_hz=fps_hz))
        assert not any("jumped" in note for note in trial.notes)
        assert not (trial.confidence == FILLED_CONFIDENCE).any()


def test_irregular_time_stamps_are_honoured(walk):
    even = walk(5.0, fps_hz=60.0)
    keep = np.sort(np.random.default_rng(3).choice(300, 220, replace=False))
    keep[0], keep[-1] = 0, 299
    uneven = replace(
        even,
        time_s=even.time_s[keep],
        keypoints_m=even.keypoints_m[keep],
        confidence=even.confidence[keep],
        pose=even.pose[keep],
    )
    (a,), (b,) = prepare(even), prepare(uneven)
    np.testing.assert_allclose(b.keypoints_m[:, BODY], a.keypoints_m[:, BODY], atol=0.01)


def test_fast_noise_is_not_folded_into_the_slow_clock(walk):
    recording = walk(5.0, fps_hz=120.0)
    shake = 0.02 * np.sin(2.0 * np.pi * 29.0 * recording.time_s)  # would appear at 1 Hz
    points = np.array(recording.keypoints_m)
    points[:, column("Sternum"), 1] += shake
    (a,), (b,) = prepare(recording), prepare(replace(recording, keypoints_m=points))
    sternum = KEYPOINT_INDEX["Sternum"]
    assert np.abs(b.keypoints_m[10:-10, sternum] - a.keypoints_m[10:-10, sternum]).max() < 1.5e-3


def out_and_back(time_s: np.ndarray) -> np.ndarray:
    """Four seconds there, a half turn in one second, four seconds back."""
    return np.pi * np.clip(time_s - 4.0, 0.0, 1.0)


@pytest.mark.parametrize(("metric", "travels"), [(True, True), (False, True), (False, False)])
def test_a_turn_is_cut_out(walk, metric, travels):
    recording = walk(9.0, heading_rad=out_and_back, metric=metric)
    if not travels:
        relative = recording.keypoints_m - recording.pose[:, None, :3]
        recording = replace(recording, keypoints_m=relative, pelvis_travels=False)
    trials = prepare(recording)
    assert [t.trial_id for t in trials] == ["walk_bout1", "walk_bout2"]
    # The direction of steps alone is known to half a stride only.
    longest_s, turned_deg = (4.2, 25.0) if travels else (4.5, 45.0)
    for trial in trials:
        assert 3.0 < trial.time_s[-1] < longest_s
        if travels:
            speed = trial.pelvis_path_m[-1, 0] / trial.time_s[-1]
            assert speed == pytest.approx(SPEED_MPS, abs=0.03)
        assert (
            np.abs(np.degrees(present(trial.truth).pose[:, POSE_INDEX["pelvis_rotation"]])).max()
            < turned_deg
        )
        np.testing.assert_allclose(
            trial.keypoints_m[:, BODY], centred_truth(present(trial.truth).pose), atol=0.02
        )
    assert trials[0].start_s + trials[0].time_s[-1] <= longest_s < 9.0 - trials[1].time_s[-1]


def test_standing_still_is_cut_off(walk):
    def speed(time_s: np.ndarray) -> np.ndarray:
        return np.where(time_s < 3.0, 0.0, SPEED_MPS)

    (trial,) = prepare(walk(8.0, speed_mps=speed), PreparationConfig())
    assert trial.start_s == pytest.approx(3.0, abs=0.4)


def test_root_relative_keypoints_have_no_path(walk):
    recording = walk(5.0, metric=False)
    relative = recording.keypoints_m - recording.pose[:, None, :3].astype(np.float32)
    (trial,) = prepare(replace(recording, keypoints_m=relative, pelvis_travels=False))
    assert not trial.pelvis_path_mask.any() and np.isnan(trial.pelvis_path_m).all()
    assert any("no pelvis travel" in note for note in trial.notes)
    # The trunk of this walker is the pelvis's own axis, so the frame is right here too.
    np.testing.assert_allclose(trial.keypoints_m[:, BODY], centred_truth(recording.pose), atol=0.02)


def test_belt_speed_gives_a_treadmill_its_path(walk):
    recording = walk(6.0)
    points = np.array(recording.keypoints_m)
    points[..., 0] -= SPEED_MPS * recording.time_s[:, None]
    still = replace(recording, keypoints_m=points, pose=None)
    (trial,) = prepare(replace(still, pelvis_travels=False, belt_speed_mps=SPEED_MPS))
    assert trial.pelvis_path_mask.all()
    assert trial.pelvis_path_m[-1, 0] == pytest.approx(SPEED_MPS * trial.time_s[-1], abs=0.05)
    # Nobody said that it is a treadmill: the legs walk and the pelvis does not.
    (trial,) = prepare(still)
    assert not trial.pelvis_path_mask.any()
    assert any("treadmill" in note for note in trial.notes)


def test_height_of_markers_is_estimated_from_the_legs(walk):
    (trial,) = prepare(walk(4.0, height_m=None))
    assert trial.height_m == pytest.approx(HEIGHT_M, rel=1e-3) and trial.keypoint_scale == 1.0
    assert any("estimated" in note for note in trial.notes) and trial.height_is_estimated


def test_short_lab_walks_go_through_with_a_note(walk):
    (trial,) = prepare(walk(1.8), PreparationConfig(min_frames=30))
    assert any("Short: 1.8 s; means over" in note for note in trial.notes)


def test_bits_of_a_body_are_enough(walk):
    recording = walk(5.0, metric=False)
    names = tuple(n for n in BODY_KEYPOINTS if n.split()[-1] in ("Hip", "Knee", "Ankle"))
    columns = [column(n) for n in names]
    bare: Recording = replace(
        recording,
        keypoint_names=names,
        keypoints_m=recording.keypoints_m[:, columns],
        confidence=recording.confidence[:, columns],
    )
    (trial,) = prepare(bare)
    truth = centred_truth(present(trial.truth).pose)[:, columns]
    np.testing.assert_allclose(
        trial.keypoints_m[:, [KEYPOINT_INDEX[n] for n in names]], truth, atol=5e-3
    )
    assert any("file's vertical" in note for note in trial.notes)


def test_the_configuration_is_frozen():
    with pytest.raises(ValueError):
        PreparationConfig().max_gap_s = 1.0  # type: ignore[misc]
    with pytest.raises(ValueError):
        PreparationConfig(no_such_option=1)  # type: ignore[call-arg]
    assert issubclass(InputError, ValueError)


def test_a_detectors_depth_jitter_breaks_nothing(walk):
    """Root depth 19 mm, joints 4 mm, white, as measured on published detector output."""
    rng = np.random.default_rng(5)
    for heading in (0.0, np.pi / 2, 2.5):
        recording = walk(6.0, metric=False, heading_rad=heading)
        root = 0.019 * rng.standard_normal((len(recording.time_s), 1, 1)) * [[[1.0, 0.0, 0.0]]]
        joints = 0.004 * rng.standard_normal(recording.keypoints_m.shape)
        (trial,) = prepare(replace(recording, keypoints_m=recording.keypoints_m + root + joints))
        assert trial.n_frames == 180 and trial.pelvis_path_mask.all()
        speed = np.polyfit(trial.time_s, trial.pelvis_path_m[:, 0], 1)[0]
        assert speed == pytest.approx(SPEED_MPS, abs=0.02)
        error = trial.keypoints_m[:, BODY] - centred_truth(present(trial.truth).pose)
        assert np.abs(error.mean(axis=0)).max() < 0.02
        assert np.sqrt((error**2).mean()) < 0.01


@pytest.mark.parametrize("travels", [True, False])
def test_hips_seen_end_on_do_not_make_a_turn(walk, travels):
    """From the side a detector's hips drift in depth: the walk stays one straight bout."""
    recording = walk(6.0, metric=False, pose=None)
    points = np.array(recording.keypoints_m)
    if not travels:
        points -= points[:, [column("Left Hip"), column("Right Hip")]].mean(axis=1, keepdims=True)
    drift = 0.04 * np.sin(2.0 * np.pi * recording.time_s / 6.0)
    points[:, column("Left Hip"), 0] += drift
    points[:, column("Right Hip"), 0] -= drift
    (trial,) = prepare(replace(recording, keypoints_m=points, pelvis_travels=travels))
    assert trial.n_frames == 180


def test_points_are_alike_where_their_set_and_their_joints_are(walk):
    seen = replace(walk(5.0, metric=False), drawn_by="coco-17")
    assert prepare(seen)[0].points == "coco-17"
    stated = replace(seen, detector_facts=DetectorFacts("mine", "me", JointShifts(
        name="mine", says="me", knee_back=0.01)))  # fmt: skip
    (moved,) = prepare(stated)
    assert moved.points.startswith("coco-17, joints of mine, stated ")
    other = replace(seen, detector_facts=DetectorFacts("mine", "me", JointShifts(
        name="mine", says="me", knee_back=0.02)))  # fmt: skip
    assert prepare(other)[0].points not in (moved.points, "coco-17")


def test_markers_and_points_of_an_unknown_set_have_no_definition(walk):
    assert prepare(walk(5.0, metric=False))[0].points == ""
    assert prepare(replace(walk(5.0, metric=True), drawn_by="coco-17"))[0].points == ""
