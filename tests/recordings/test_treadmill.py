import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.detectors.arrays import recording_from_array
from simgait.recordings.options import ReadOptions
from simgait.recordings.read import read_recording
from simgait.recordings.treadmill import (
    belt_from_feet_mps,
    check_belt_speed,
    pelvis_travels,
    stance_speed_mps,
    treadmill,
)
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk as synthetic_walk
from tests.let_walk import let_walk


def points_of(recording):
    return {n: recording.keypoints_m[:, i].copy() for i, n in enumerate(recording.keypoint_names)}


def on_belt(points):
    """The walk on a belt of its own mean speed; the pelvis swings about its place."""
    mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
    time_s = np.arange(len(mid_hip))[:, None] / 30.0
    swing = 0.02 * np.sin(2.0 * np.pi * 1.8 * time_s) * [1, 0, 0]
    drift = mid_hip * [1, 1, 0]
    return {n: p - drift + swing for n, p in points.items()}


def from_the_hips(points):
    """Points counted from the hips, as root-relative ones are, but for their height."""
    mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
    return {n: p - mid_hip * [1, 1, 0] for n, p in points.items()}


def test_no_belt_is_estimated_from_feet_that_are_counted_from_the_hips(walk):
    points = from_the_hips(points_of(walk()))
    found = treadmill(points, 30.0, None, "w")
    assert (found.travels, found.belt_speed_mps, found.belt_is_estimated) == (False, None, False)
    assert "root-relative (the hips never move level)" in found.notes[0]
    assert treadmill(points, 30.0, 1.1, "w").belt_speed_mps == 1.1
    of_one_hip = {n: p - points["Left Hip"] * [1, 1, 0] for n, p in points.items()}
    assert treadmill(of_one_hip, 30.0, None, "w").belt_speed_mps is None


def test_walk_over_ground_travels(walk):
    assert pelvis_travels(points_of(walk()), 30.0)


@pytest.mark.parametrize("speed_mps", [0.35, 1.2])
@pytest.mark.parametrize("noise_m", [0.05, 0.08])
def test_noise_makes_no_belt_of_a_walk_over_ground_nor_hides_one(walk, noise_m, speed_mps):
    """From frame to frame 8 cm of noise move a foot at 2.5 m/s, and a belt of 1 m/s was added."""
    rng = np.random.default_rng(5)
    seed = next(k for k in range(99) if abs(draw_walker(k).speed_mps - speed_mps) < 0.06)
    exact = points_of(trial_from_walk(synthetic_walk(draw_walker(seed), 6.0)).recording)
    shaken = {n: p + rng.normal(0.0, noise_m, p.shape) for n, p in exact.items()}
    assert pelvis_travels(shaken, 30.0)
    belt = {n: p + rng.normal(0.0, noise_m, p.shape) for n, p in on_belt(exact).items()}
    assert not pelvis_travels(belt, 30.0)


def test_points_with_many_gaps_travel_as_the_others(walk):
    exact = points_of(walk())
    for points, travels in ((exact, True), (on_belt(exact), False)):
        gaps = {n: p.copy() for n, p in points.items()}
        for side in ("Left", "Right"):
            gaps[f"{side} Ankle"][::4] = np.nan
        assert pelvis_travels(gaps, 30.0) is travels


def test_the_same_walk_on_a_belt_does_not(walk):
    points = on_belt(points_of(walk()))
    assert not pelvis_travels(points, 30.0)
    found = treadmill(points, 30.0, None, "w")
    assert not found.travels and found.belt_is_estimated
    assert found.belt_speed_mps == belt_from_feet_mps(points, 30.0)
    assert "estimate" in found.notes[0]
    said = treadmill(points, 30.0, 1.1, "w")
    assert (said.travels, said.belt_speed_mps, said.belt_is_estimated) == (False, 1.1, False)


def test_belt_speeds_of_walkers_pass():
    assert check_belt_speed(None, "--belt-speed") is None
    for speed in (0.05, 1.1, 4.0):
        assert check_belt_speed(speed, "--belt-speed") == speed


@pytest.mark.parametrize(
    ("speed", "advice"),
    [
        (4.1, "km/h, give 1.14"),
        (110.0, "cm/s, give 1.10"),
        (1100.0, "mm/s, give 1.10"),
        (0.0, "leave it out"),
        (-1.1, "leave it out"),
        (np.nan, "leave it out"),
    ],
)
def test_other_belt_speeds_are_refused_in_one_sentence(walk, speed, advice):
    with pytest.raises(InputError) as caught:
        check_belt_speed(speed, "--belt-speed")
    sentence = str(caught.value)
    assert sentence.startswith("--belt-speed: ") and advice in sentence
    assert sentence.endswith(".") and ". " not in sentence
    with pytest.raises(InputError):
        treadmill(on_belt(points_of(walk())), 30.0, speed, "w")


def test_a_belt_speed_without_a_treadmill_is_said_to_be_ignored(walk):
    recording = walk()
    found = treadmill(points_of(recording), 30.0, 1.6, "w")
    assert found.travels and found.belt_speed_mps is None
    assert "1.60 m/s) was not used" in found.notes[0]
    assert treadmill(points_of(recording), 30.0, None, "w").notes == ()

    def read(points, **facts):
        options = ReadOptions(
            unit="m", axes="z-up", fps_hz=30.0, names=recording.keypoint_names, **facts
        )
        return recording_from_array(
            points, options, recording_id="w", source_format="npy", where="w.npy"
        )

    over_ground = read(recording.keypoints_m, belt_speed_mps=1.6)
    assert over_ground.belt_speed_mps is None
    assert any("1.60 m/s) was not used" in note for note in over_ground.notes)
    assert not any("not used" in note for note in read(recording.keypoints_m).notes)
    still = np.stack(list(on_belt(points_of(recording)).values()), axis=1)
    on_treadmill = read(still, belt_speed_mps=1.2, root_relative=True)
    assert on_treadmill.belt_speed_mps == 1.2
    assert not any("not used" in note for note in on_treadmill.notes)
    called_centred = read(recording.keypoints_m, belt_speed_mps=1.6, root_relative=True)
    assert called_centred.belt_speed_mps is None and not called_centred.pelvis_travels
    assert any("1.60 m/s) was not used" in note for note in called_centred.notes)
    with pytest.raises(InputError, match="w.npy: a belt speed of 40 m/s"):
        read(still, belt_speed_mps=40.0)


def test_a_fast_cameras_noise_is_no_treadmill(walk):
    recording = walk(fps_hz=240.0)
    noise = np.random.default_rng(3).normal(0.0, 0.02, recording.keypoints_m.shape)
    noisy = {name: p + noise[:, i] for i, (name, p) in enumerate(points_of(recording).items())}
    assert pelvis_travels(noisy, 240.0)
    assert not pelvis_travels(on_belt(noisy), 240.0)
    exact = stance_speed_mps(points_of(recording), 240.0)
    assert exact == pytest.approx(stance_speed_mps(points_of(walk()), 30.0), rel=0.03)


def test_measured_points_of_an_array_have_a_belt_estimated(walk):
    recording = walk()
    still = np.stack(list(on_belt(points_of(recording)).values()), axis=1)

    def read(metric):
        options = ReadOptions(
            unit="m", axes="z-up", fps_hz=30.0, names=recording.keypoint_names,
            scale_is_metric=metric,
        )  # fmt: skip
        return recording_from_array(
            still, options, recording_id="w", source_format="npy", where="w.npy"
        )

    measured, detected = read(True), read(False)
    assert measured.belt_is_estimated and measured.belt_speed_mps == pytest.approx(1.2, rel=0.2)
    assert any("is an estimate from the stance foot" in note for note in measured.notes)
    assert detected.belt_speed_mps is None


def test_standing_still_is_no_treadmill(walk):
    points = {n: np.repeat(p[:1], len(p), axis=0) for n, p in points_of(walk()).items()}
    assert pelvis_travels(points, 30.0)


def test_gaps_do_not_matter(walk):
    points = points_of(walk())
    for p in points.values():
        p[20:40] = np.nan
    assert pelvis_travels(points, 30.0)
    assert not pelvis_travels(on_belt(points), 30.0)


def moved(points, fps_hz, mps):
    """The same walk on a belt: all of it goes back at one speed."""
    back = np.arange(len(points["Left Hip"]))[:, None] / fps_hz * np.array([mps, 0.0, 0.0])
    return {name: p - back for name, p in points.items()}


@pytest.fixture(scope="module")
def walker():
    """A synthetic walker's points at 60 Hz, whose feet stand flat and roll over heel and toes."""
    found = let_walk(4, "normal", 5.0, 60.0)
    return points_of(trial_from_walk(found, monocular=False).recording)


@pytest.mark.parametrize("every", [1, 2])
@pytest.mark.parametrize("without", ["nothing", "Heel", "Big Toe"])
def test_feet_that_stand_flat_tell_the_belts_speed(walker, every, without):
    points = {name: p[::every] for name, p in walker.items() if not name.endswith(without)}
    fps_hz, mps = 60.0 / every, draw_walker(4, "normal").speed_mps
    on_it = moved(points, fps_hz, mps)
    assert belt_from_feet_mps(on_it, fps_hz) == pytest.approx(mps, rel=0.01)
    turned = {name: p[:, [1, 0, 2]] * [-1, 1, 1] for name, p in on_it.items()}
    assert belt_from_feet_mps(turned, fps_hz) == pytest.approx(mps, rel=0.01)


def test_ankles_alone_tell_the_belts_speed_roughly(walker):
    feet = ("Heel", "Big Toe", "Foot")
    points = {name: p for name, p in walker.items() if not name.endswith(feet)}
    mps = draw_walker(4, "normal").speed_mps
    # Real ankles roll further over the standing foot than this walker's.
    assert belt_from_feet_mps(moved(points, 60.0, mps), 60.0) == pytest.approx(mps, rel=0.12)


def test_real_walks_moved_as_on_a_belt(data_dir):
    recording = read_recording(data_dir / "c3d_mixed" / "cgm24_walking01.c3d")
    points, fps_hz = points_of(recording), 100.0
    hips = 0.5 * (points["Left Hip"] + points["Right Hip"])
    way = np.polyfit(recording.time_s, hips[:, :2], 1)[0]
    back = np.pad(recording.time_s[:, None] * way, ((0, 0), (0, 1)))
    found = treadmill({n: p - back for n, p in points.items()}, fps_hz, None, "w")
    assert found.belt_is_estimated
    assert found.belt_speed_mps == pytest.approx(np.linalg.norm(way), rel=0.01)


def test_belt_speed_of_a_rigid_stance_foot():
    # One foot slides backward at 1.3 m/s while the other swings forward, in turn.
    fps, t = 100.0, np.arange(400) / 100.0
    phase = (t % 1.0)[:, None]

    def foot(phase):
        x = np.where(phase < 0.5, 0.325 - 1.3 * phase, -0.325 + 1.3 * (phase - 0.5))
        z = np.where(phase < 0.5, 0.08, 0.08 + 0.05 * np.sin(2 * np.pi * (phase - 0.5)))
        return np.hstack([x, 0 * x, z])

    points = {"Left Ankle": foot(phase), "Right Ankle": foot((phase + 0.5) % 1.0)}
    for side in ("Left", "Right"):
        points |= {f"{side} Hip": np.tile([0.0, 0, 0.9], (400, 1)),
                   f"{side} Knee": np.tile([0.0, 0, 0.5], (400, 1))}  # fmt: skip
    assert stance_speed_mps(points, fps) == pytest.approx(1.3, abs=0.01)
    assert not pelvis_travels(points, fps)
