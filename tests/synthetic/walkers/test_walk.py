"""Synthetic walkers against their own plan: floor, footholds, events, curves, seeds."""

from dataclasses import replace

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.parameters.normative_curves import NORMATIVE_COORDINATES, normative_band
from simgait.skeleton.default import POSE_INDEX, TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.kinematics import forward_kinematics, sole_heights
from simgait.skeleton.sides import SIDES
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.walk import PATTERNS, draw_walker, walk, walker_seed
from tests.shapes import unchecked

FPS_HZ = 240.0
DURATION_S = 3.0


def _points(truth):
    pose = np.array(truth.pose)
    pose[:, 0] -= pose[0, 0]
    dims = Dimensions(**{k: np.float32(v) for k, v in vars(truth.dimensions).items()})
    points = forward_kinematics(pose.astype(np.float32), dims)
    shift = np.array([truth.pose[0, 0], 0.0, 0.0])
    return {name: np.asarray(value, dtype=float) + shift for name, value in points.items()}


@pytest.fixture(scope="module", params=PATTERNS)
def walks(request):
    drawn = [walk(draw_walker(seed, request.param), DURATION_S, FPS_HZ) for seed in range(6)]
    return [(truth, _points(truth)) for truth in drawn]


def test_feet_stand_on_the_floor_and_do_not_slide(walks):
    for truth, points in walks:
        heights = sole_heights(truth.pose.astype(np.float32), truth.dimensions)
        for column, side in enumerate(("Left", "Right")):
            names = [n for n in TRIMMED_HUMANOID.sphere_names if n.startswith(side)]
            spheres = np.stack([points[name] for name in names], axis=1)
            bottom = heights[:, column]
            standing = truth.contact[:, column] > 0
            assert bottom.min() > -0.002
            assert bottom[standing].min(axis=1).max() < 0.003
            for sphere in (0, 2):  # heel, hallux: the pivots of the two rockers
                touching = standing & (bottom[:, sphere] < 0.001)
                edges = np.flatnonzero(np.diff(np.r_[0, touching.astype(int), 0]))
                for begin, end in edges.reshape(-1, 2):
                    place = spheres[begin:end, sphere, :2]
                    assert np.abs(place - np.median(place, axis=0)).max() < 0.002


def test_swinging_foot_clears_the_floor(walks):
    for truth, _ in walks:
        heights = sole_heights(truth.pose.astype(np.float32), truth.dimensions)
        for column in range(len(SIDES)):
            bottom = heights[:, column].min(axis=1)
            swing = np.flatnonzero(truth.contact[:, column] == 0)
            runs = np.split(swing, np.flatnonzero(np.diff(swing) > 1) + 1)
            whole = [r for r in runs if r[0] > 0 and r[-1] < len(bottom) - 1 and len(r) > 20]
            assert whole
            for run in whole:
                assert bottom[run[len(run) // 3 : 2 * len(run) // 3]].min() > 0.005


def test_joints_are_smooth_and_within_their_limits(walks):
    limits = {
        "hip_flexion": (-35, 75), "hip_adduction": (-30, 25), "hip_rotation": (-40, 40),
        "knee_flexion": (0, 90), "ankle_dorsiflexion": (-50, 50),
    }  # fmt: skip
    for truth, _ in walks:
        assert np.isfinite(truth.pose).all()
        step_deg = np.degrees(np.abs(np.diff(truth.pose[:, 3:], axis=0))).max()
        assert step_deg < 7.0  # 1 700 deg/s would be beyond any walking joint
        assert np.abs(np.diff(truth.pose[:, 2], 2)).max() * FPS_HZ**2 < 15.0
        for name, (low, high) in limits.items():
            for side in ("left", "right"):
                angle = np.degrees(truth.pose[:, POSE_INDEX[f"{side}_{name}"]])
                assert low <= angle.min() and angle.max() <= high, (name, truth.spec.seed)


def test_forward_kinematics_meets_the_footholds_at_contact(walks):
    for truth, points in walks:
        for when, side, foothold in zip(
            truth.foothold_s, truth.foothold_side, truth.foothold_m, strict=True
        ):
            frame = int(np.ceil(when * FPS_HZ)) + int(0.3 * truth.spec.stride_time_s * FPS_HZ)
            standing_flat = 0 <= frame < len(truth.time_s) and truth.spec.equinus_deg[side] == 0
            if standing_flat and truth.contact[frame, side]:
                heel = points[("Left", "Right")[side] + " Heel"][frame]
                # An early heel rise moves the heel by a few mm.
                assert np.linalg.norm(heel[:2] - foothold) < 0.05 * truth.dimensions.height_m


def test_parameters_are_true_by_construction():
    for seed in range(8):
        truth = walk(draw_walker(seed), 8.0)
        contacts = [e for e in truth.events if e.kind == "initial_contact"]
        times = np.array([e.time_s for e in contacts])
        assert [e.side for e in contacts[1:]] != [e.side for e in contacts[:-1]]
        assert truth.cadence_spm == pytest.approx(60.0 / np.mean(np.diff(times)))
        inside = np.isin(truth.foothold_s, times)
        steps = np.diff(truth.foothold_m[inside, 0])
        assert truth.velocity_mps == pytest.approx(np.mean(steps) * truth.cadence_spm / 60.0)
        first, last = contacts[0].time_s, contacts[-1].time_s
        frames = (truth.time_s >= first) & (truth.time_s <= last)
        slope = np.polyfit(truth.time_s[frames], truth.pose[frames, 0], 1)[0]
        assert truth.velocity_mps == pytest.approx(slope, rel=0.05)
        for side in (0, 1):
            mine = truth.foothold_side[inside][1:] == side
            assert truth.step_length_m[side] == pytest.approx(np.mean(steps[mine]))
            assert truth.step_length_m[side] == pytest.approx(
                truth.spec.step_length_m[side], rel=0.05
            )
        assert truth.stride_length_m == pytest.approx(sum(truth.spec.step_length_m), rel=0.05)


def test_contact_flags_agree_with_the_events():
    truth = walk(draw_walker(5, "hemiparetic"), 5.0, 100.0)
    for column, side in enumerate(("left", "right")):
        for event in (e for e in truth.events if e.side == side):
            frame = int(np.ceil(event.time_s * 100.0))
            if 0 < frame < len(truth.time_s):
                expected = (0, 1) if event.kind == "initial_contact" else (1, 0)
                got = truth.contact[frame - 1 : frame + 1, column]
                assert tuple(got) == expected


def test_normal_walkers_follow_the_normative_curves():
    names = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
    errors, peaks, push_off, wave = [], [], [], []
    for seed in range(15):
        truth = walk(draw_walker(seed, "normal"), 4.0, 120.0)
        contacts = [
            e.time_s for e in truth.events if e.side == "left" and e.kind == "initial_contact"
        ]
        for begin, end in zip(contacts[:-1], contacts[1:], strict=True):
            at = np.linspace(begin, end, 101)
            curve = {
                n: np.degrees(np.interp(at, truth.time_s, truth.pose[:, POSE_INDEX[f"left_{n}"]]))
                for n in names
            }
            errors.append([np.sqrt(np.mean((curve[n] - normative_band(n)[0]) ** 2)) for n in names])
            peaks.append(curve["knee_flexion"][60:85].max())
            wave.append(curve["knee_flexion"][8:25].max() - curve["knee_flexion"][30:48].min())
            push_off.append(curve["ankle_dorsiflexion"][55:75].min())
    assert (np.mean(errors, axis=0) < (6.0, 6.0, 7.0)).all()
    assert 55 < np.mean(peaks) < 65
    assert np.median(wave) > 3
    assert -30 < np.mean(push_off) < -10


@pytest.mark.parametrize(
    ("pattern", "sees"),
    [
        ("crouch", lambda s: min(s.crouch_deg) > 5),
        ("stiff_knee", lambda s: min(s.swing_knee_deg) < 45),
        ("short_steps", lambda s: s.step_length_m[0] < 0.72 * s.dimensions.leg_m),
        ("wide_base", lambda s: s.step_width_m > 0.6 * s.dimensions.hip_width_m),
        ("drop_foot", lambda s: max(s.swing_drop_deg) >= 8),
    ],
)
def test_patterns_are_what_they_say(pattern, sees):
    assert all(sees(draw_walker(seed, pattern)) for seed in range(20))


def test_stiff_knees_stay_stiff_in_swing():
    for seed in range(10):
        truth = walk(draw_walker(seed, "stiff_knee"), 4.0, 60.0)
        for side, target in zip(("left", "right"), truth.spec.swing_knee_deg, strict=True):
            if target < 45:
                peak = np.degrees(truth.pose[:, POSE_INDEX[f"{side}_knee_flexion"]]).max()
                assert target - 3 < peak < target + 8


def test_population_covers_its_ranges():
    specs = [draw_walker(walker_seed("train", i)) for i in range(600)]
    speed = np.array([s.speed_mps for s in specs])
    height = np.array([s.height_m for s in specs])
    assert speed.min() < 0.45 and speed.max() > 1.5
    assert speed.min() > 0.29 and speed.max() < 1.85
    assert height.min() < 0.95 and height.max() > 1.9
    assert {s.pattern for s in specs} == set(PATTERNS)
    cadence = np.array([120.0 / s.stride_time_s for s in specs])
    ratio = np.array([np.mean(s.step_length_m) for s in specs]) / cadence / height
    assert np.std(np.log(ratio)) > 0.15  # step length and cadence are not locked to one another
    stance = [np.mean(walk(s, 4.0).stance_fraction) for s in specs[:25]]
    assert np.nanmin(stance) > 0.57 and np.nanmax(stance) < 0.66


def test_same_seed_same_walk_at_any_frame_rate():
    spec = draw_walker(77)
    assert draw_walker(77) == spec
    slow, fast = walk(spec, 3.0, 30.0), walk(spec, 3.0, 240.0)
    np.testing.assert_allclose(fast.pose[::8], slow.pose, atol=1e-9)
    assert slow.events == fast.events


def test_splits_never_share_a_seed():
    last = 999_999_999
    seeds = [walker_seed(s, i) for s in ("train", "validation", "test") for i in (0, 1, last)]
    assert len(set(seeds)) == 9
    assert seeds == sorted(seeds)
    for bad in ((("train"), last + 1), ("test", -1), ("holdout", 0)):
        with pytest.raises(InputError), unchecked():
            walker_seed(*bad)


def test_bad_requests_are_refused():
    spec = draw_walker(0)
    with pytest.raises(InputError, match="pattern"), unchecked():
        draw_walker(0, "limping")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="Duration"):
        walk(spec, 0.0)
    with pytest.raises(InputError, match="Frame rate"):
        walk(spec, 3.0, 0.0)
    with pytest.raises(InputError, match="normative"):
        normative_band("elbow_flexion")


def test_normative_bands_close_and_mirror():
    for name in NORMATIVE_COORDINATES:
        mean, sd = normative_band(name)
        assert mean.shape == sd.shape == (101,)
        assert (sd > 0).all()
        assert mean[0] == pytest.approx(mean[-1])
    # The pelvis belongs to both sides: half a cycle later the other side sees the opposite.
    for name in ("pelvis_obliquity", "pelvis_rotation"):
        mean = normative_band(name)[0]
        np.testing.assert_allclose(mean[:51], -mean[50:], atol=0.05)


def test_exact_recording_keeps_the_skeleton():
    truth = walk(replace(draw_walker(3), start_phase=0.25), 4.0)
    made = trial_from_walk(truth, monocular=False)
    recording = made.recording
    assert recording.scale_is_metric and recording.pelvis_travels and made.errors is None
    assert recording.keypoints_m.shape == (len(truth.time_s), 23, 3)
    assert np.isfinite(recording.keypoints_m).all()
    points = _points(truth)
    for name, value in points.items():
        if name in recording.keypoint_names:
            column = recording.keypoint_names.index(name)
            np.testing.assert_allclose(recording.keypoints_m[:, column], value, atol=1e-5)
    assert recording.subject_id == "synthetic-000003"
    assert recording.events == truth.events
