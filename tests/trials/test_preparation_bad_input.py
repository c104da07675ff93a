"""Recordings that cannot be used: each gets one clear sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.dimensions import LEG_PER_HEIGHT
from simgait.skeleton.keypoints import KEYPOINT_INDEX, REQUIRED_KEYPOINTS
from simgait.trials.heading import leg_length_m
from simgait.trials.preparation import PreparationConfig, prepare

LONGER = (
    r"record at least 2.5 s of straight walking, or have simgait track take shorter walks "
    r"\(--min-frames\)\.$"
)
BACKWARDS = r"walks backwards; record forward walking, or check the axes\.$"


def refuse(recording, pattern, **arguments):
    with pytest.raises(InputError, match=pattern) as caught:
        prepare(recording, **arguments)
    message = str(caught.value)
    assert message.startswith("walk: ") and message.endswith(".") and "\n" not in message


def swapped_sides(recording):
    names = tuple(
        n.replace("Left", "?").replace("Right", "Left").replace("?", "Right")
        for n in recording.keypoint_names
    )
    return replace(recording, keypoint_names=names)


def test_too_short(walk):
    refuse(walk(2.0), f"60 frames at 30 Hz, fewer than the 75 needed; {LONGER}")
    refuse(walk(0.04), "the recording holds 1 frame;")


def test_how_long_a_walk_must_be_is_told_as_people_say_it(walk):
    config = PreparationConfig(min_frames=100_000)
    refuse(walk(4.0), "record at least 56 min of straight walking", config=config)
    refuse(walk(1.0), "record at least 1.4 s of", config=PreparationConfig(min_frames=40))


@pytest.mark.parametrize("what", ["sits down and gets up", "steps in place"])
def test_who_stays_in_place_is_not_said_to_stand_still(walk, with_keypoints, what):
    recording = walk(8.0)
    points = np.repeat(recording.keypoints_m[:1], len(recording.time_s), axis=0)
    swing = np.sin(np.pi * recording.time_s)
    if what == "steps in place":
        for side, lift in (("Left", swing), ("Right", -swing)):
            for joint, height_m in (("Knee", 0.1), ("Ankle", 0.25)):
                column = recording.keypoint_names.index(f"{side} {joint}")
                points[:, column, 2] += height_m * np.maximum(lift, 0.0)
    else:
        for side in ("Left", "Right"):
            points[:, recording.keypoint_names.index(f"{side} Hip"), 2] -= 0.15 * (1.0 + swing)
    with pytest.raises(InputError, match=LONGER) as caught:
        prepare(with_keypoints(recording, points))
    said = str(caught.value)
    assert "no walk of 75 frames faster than 0.1 m/s" in said and "still" not in said
    assert "standing, sitting down and getting up, and stepping in place are none" in said


def test_several_reasons_share_their_advice(walk, with_keypoints):
    recording = walk(18.0)
    points = np.array(recording.keypoints_m)
    for start_s in (1, 5, 9, 13):
        points[30 * start_s : 30 * start_s + 90] = np.nan
    with pytest.raises(InputError, match="0.0 to 1.0 s.*; and 2 more; record") as caught:
        prepare(with_keypoints(recording, points))
    assert str(caught.value).count("--min-frames") == 1


def test_no_step(walk):
    refuse(
        walk(0.5),
        r"no step \(the feet pass each other [01] times?, 2 are needed\)",
        config=PreparationConfig(min_frames=12, max_turn_deg=60),
    )


def test_a_whole_recording_of_one_step_is_taken(walk):
    (trial,) = prepare(walk(1.0), PreparationConfig(min_frames=15, max_turn_deg=60))
    assert trial.n_frames <= 31


def test_a_turn(walk):
    refuse(walk(6.0, heading_rad=lambda t: 1.2 * t), f"turn .*heading changes by .*; {LONGER}")


def test_standing_still(walk, with_keypoints):
    recording = walk(6.0)
    still = np.repeat(recording.keypoints_m[:1], len(recording.time_s), axis=0)
    refuse(with_keypoints(recording, still), r"a standing trial: in its 6\.0 s nobody takes a step")


@pytest.mark.parametrize("metric", [True, False])
def test_walking_backwards(walk, metric):
    recording = walk(5.0, metric=metric)
    refuse(replace(recording, keypoints_m=recording.keypoints_m[::-1].copy()), BACKWARDS)


def test_walking_backwards_on_a_treadmill(walk):
    recording = walk(5.0)
    points = np.array(recording.keypoints_m)
    points[..., 0] -= recording.pose[:, None, 0]
    still = replace(recording, keypoints_m=points, pelvis_travels=False)
    assert len(prepare(still)) == 1
    refuse(replace(still, keypoints_m=points[::-1].copy()), BACKWARDS)


@pytest.mark.parametrize("metric", [True, False])
def test_left_and_right_exchanged(walk, metric):
    refuse(swapped_sides(walk(5.0, metric=metric)), "left and right seem exchanged")


def test_a_joint_that_is_never_found(walk, with_keypoints):
    recording = walk(5.0)
    points = np.array(recording.keypoints_m)
    points[:, BODY_KEYPOINTS.index("Left Knee")] = np.nan
    refuse(with_keypoints(recording, points), "missing from the whole recording: Left Knee;")


def test_ankles_that_are_never_seen_together(walk, with_keypoints):
    recording = walk(5.0)
    points = np.array(recording.keypoints_m)
    half = len(points) // 2
    points[:half, BODY_KEYPOINTS.index("Left Ankle")] = np.nan
    points[half:, BODY_KEYPOINTS.index("Right Ankle")] = np.nan
    refuse(with_keypoints(recording, points), "ankle", height_m=1.7)


def test_a_person_found_too_seldom(walk, with_keypoints):
    recording = walk(5.0)
    points = np.array(recording.keypoints_m)
    points[65:85] = np.nan
    refuse(
        with_keypoints(recording, points),
        "found in only 87 % of frames .*; record with both legs in view",
    )


def test_of_a_walk_with_a_hole_the_stretches_beside_it_are_taken(walk, with_keypoints):
    recording = walk(6.0)
    points = np.array(recording.keypoints_m)
    points[80:100] = np.nan
    trials = prepare(with_keypoints(recording, points))
    assert [(t.n_frames, round(30 * t.start_s)) for t in trials] == [(80, 0), (80, 100)]
    assert "found in only 89 % of frames" in " ".join(trials[0].notes)


def test_frames_that_a_detector_drops_now_and_then_are_filled_in_and_refuse_nothing(
    walk, with_keypoints
):
    recording = walk(5.0)
    points = np.array(recording.keypoints_m)
    points[10::8] = np.nan  # every eighth frame
    points[60:65] = np.nan  # and 0.17 s
    (trial,) = prepare(with_keypoints(recording, points))
    assert trial.n_frames == len(points)
    assert np.isfinite(
        trial.keypoints_m[:, [KEYPOINT_INDEX[name] for name in REQUIRED_KEYPOINTS]]
    ).all()


def test_a_long_absence_ends_the_bout(walk, with_keypoints):
    recording = walk(9.0)
    points = np.array(recording.keypoints_m)
    points[120:165] = np.nan
    trials = prepare(with_keypoints(recording, points))
    assert [t.n_frames for t in trials] == [120, 105]
    assert trials[1].start_s == pytest.approx(165 / 30)


@pytest.mark.parametrize("height", [175.0, 1750.0, 0.2, 2.6, 0.0, float("nan")])
def test_heights_that_are_not_metres(walk, height):
    hint = {175.0: "centimetres, so give 1.75", 1750.0: "millimetres, so give 1.75"}
    refuse(walk(5.0, metric=False), hint.get(height, "height"), height_m=height)


def test_height_unknown(walk):
    refuse(walk(5.0, metric=False, height_m=None), "height is unknown")


@pytest.mark.parametrize(
    ("factor", "hint"), [(1000.0, "millimetres"), (100.0, "centimetres"), (2.0, "check the unit")]
)
def test_wrong_scale(walk, factor, hint):
    for metric in (True, False):
        recording = walk(5.0, metric=metric)
        refuse(replace(recording, keypoints_m=recording.keypoints_m * factor), hint)


@pytest.mark.parametrize(
    ("factor", "refused"), [(0.75, True), (0.9, False), (1.1, False), (1.38, True)]
)
def test_measured_legs_that_no_person_of_that_height_has(walk, factor, refused):
    """A detector's are rescaled; measured ones would have to be this person's."""
    recording = walk(5.0, metric=True)
    column = recording.keypoint_names.index
    legs_m = leg_length_m(lambda name: recording.keypoints_m[:, column(name)])
    height_m = factor * legs_m / LEG_PER_HEIGHT
    if refused:
        refuse(recording, "check the unit of the keypoints and the height", height_m=height_m)
    else:
        prepare(recording, height_m=height_m)
    prepare(replace(recording, scale_is_metric=False), height_m=height_m)


def test_y_down_and_other_axes(walk):
    recording = walk(5.0, metric=False)
    upside_down = recording.keypoints_m * np.array([1.0, -1.0, -1.0])
    refuse(replace(recording, keypoints_m=upside_down), "along -z, not \\+z")
    y_down = np.stack(
        [
            -recording.keypoints_m[..., 1],
            -recording.keypoints_m[..., 2],
            recording.keypoints_m[..., 0],
        ],
        axis=-1,
    )
    refuse(replace(recording, keypoints_m=y_down), "along -y, not \\+z")


def test_clocks(walk):
    recording = walk(5.0)
    back = np.array(recording.time_s)
    back[40] = back[38]
    refuse(replace(recording, time_s=back), "do not increase at frame 40")
    unknown = np.array(recording.time_s)
    unknown[3] = np.nan
    refuse(replace(recording, time_s=unknown), "time stamps are missing")
    refuse(
        replace(recording, time_s=1000.0 * recording.time_s),
        "33.3333 apart, so they look like milliseconds; give seconds",
    )


def test_infinite_values_names_and_shapes(walk):
    recording = walk(5.0)
    points = np.array(recording.keypoints_m)
    points[3, 2, 1] = np.inf
    refuse(replace(recording, keypoints_m=points), "infinite")
    names = (*recording.keypoint_names[:-1], recording.keypoint_names[0])
    refuse(replace(recording, keypoint_names=names), "twice: Left Heel")
    names = (*recording.keypoint_names[:-1], "Tail")
    refuse(replace(recording, keypoint_names=names), "unknown keypoint names: Tail")
    refuse(
        replace(recording, keypoint_names=recording.keypoint_names[:-1]), "frames x keypoints x 3"
    )
    refuse(recording, "contact truth", contact_truth=np.zeros((3, 2)))


def test_a_knee_bent_beyond_reach_is_masked(walk):
    recording = walk(5.0)
    points = np.array(recording.keypoints_m)
    hip, ankle = (BODY_KEYPOINTS.index(f"Left {j}") for j in ("Hip", "Ankle"))
    points[60:75, ankle] = points[60:75, hip] + [0.0, 0.0, 0.05]
    trials = prepare(replace(recording, keypoints_m=points))
    assert any("beyond reach" in note for note in trials[0].notes)
    assert np.isnan(trials[0].keypoints_m[62:72, 3]).all()


def test_a_leg_that_appears_is_no_other_person(walk, with_keypoints):
    recording = walk(6.0, fps_hz=100.0)
    points = np.array(recording.keypoints_m)
    for name in ("Knee", "Ankle", "Heel", "Big Toe", "Foot"):
        points[:300, BODY_KEYPOINTS.index(f"Left {name}")] = np.nan
    trials = prepare(with_keypoints(recording, points))
    assert not any("another person" in note for trial in trials for note in trial.notes)
    assert trials[0].n_frames > 150


def legs_exchanged(recording):
    """The legs below the hips under each other's names."""
    points = np.array(recording.keypoints_m)
    for name in ("Knee", "Ankle", "Heel", "Big Toe", "Foot"):
        left, right = (BODY_KEYPOINTS.index(f"{side} {name}") for side in ("Left", "Right"))
        points[:, [left, right]] = points[:, [right, left]]
    return points


@pytest.mark.parametrize("metric", [True, False])
def test_legs_exchanged_below_the_hips(walk, with_keypoints, metric):
    recording = walk(6.0, metric=metric)
    exchanged = with_keypoints(recording, legs_exchanged(recording))
    refuse(exchanged, "left and right leg look exchanged below the hips for 100 % of the")


def test_scissoring_is_no_exchange(walk, with_keypoints):
    """Ankles that cross all the way, and knees that cross where one leg is ahead."""
    recording = walk(6.0)
    points = np.array(recording.keypoints_m)
    at = {name: column for column, name in enumerate(BODY_KEYPOINTS)}
    ahead = np.abs(points[:, at["Left Knee"], 0] - points[:, at["Right Knee"], 0])
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        points[:, at[f"{side} Knee"], 1] -= sign * np.clip(0.3 * ahead, 0.05, 0.12)
        for name in ("Ankle", "Heel", "Big Toe", "Foot"):
            points[:, at[f"{side} {name}"], 1] -= sign * 0.12
    assert prepare(with_keypoints(recording, points))
