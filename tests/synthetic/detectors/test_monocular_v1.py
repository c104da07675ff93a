"""The error model's statistics, measured on its output, against those of real detectors."""

import numpy as np
import pytest
from scipy.signal import butter, filtfilt

from simgait.errors import InputError
from simgait.skeleton.keypoints import KEYPOINT_INDEX, REQUIRED_KEYPOINTS
from simgait.synthetic.detectors.monocular_v1 import corrupt, place_camera
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.walk import draw_walker, walk, walker_seed
from tests.present import present
from tests.shapes import unchecked

FPS_HZ = 30.0
K = KEYPOINT_INDEX
HIPS = [K["Left Hip"], K["Right Hip"]]


def _filled(x):
    """Gaps bridged along time, so that filters can run."""
    flat = x.reshape(len(x), -1).copy()
    for column in flat.T:
        good = np.isfinite(column)
        column[:] = np.interp(np.arange(len(column)), np.flatnonzero(good), column[good])
    return flat.reshape(x.shape)


def _bone(q, a, b):
    return np.linalg.norm(q[:, K[a]] - q[:, K[b]], axis=-1)


def _variation(length):
    return np.std(length) / np.mean(length)


def _leg_m(q):
    return np.median(_bone(q, "Left Hip", "Left Knee") + _bone(q, "Left Knee", "Left Ankle"))


def _knee_deg(q):
    up, down = (
        q[:, K["Left Hip"]] - q[:, K["Left Knee"]],
        q[:, K["Left Ankle"]] - q[:, K["Left Knee"]],
    )
    cosine = (up * down).sum(-1) / np.linalg.norm(up, axis=-1) / np.linalg.norm(down, axis=-1)
    return 180.0 - np.degrees(np.arccos(cosine))


def _measure(index, view, stance_sd):
    truth = walk(draw_walker(walker_seed("validation", index), "normal"), 5.0, FPS_HZ)
    made = trial_from_walk(truth, view=view, missing=())
    exact = exact_keypoints(truth.pose, truth.dimensions)
    seen = _filled(made.recording.keypoints_m)
    root, true_root = seen[:, HIPS].mean(1), exact[:, HIPS].mean(1)
    scale = _leg_m(seen) / _leg_m(exact)
    speed = np.polyfit(truth.time_s, root[:, 0], 1)[0]
    speed /= np.polyfit(truth.time_s, true_root[:, 0], 1)[0]
    apart = [q[:, K["Left Ankle"], 0] - q[:, K["Right Ankle"], 0] for q in (seen / scale, exact)]
    ratios = []
    for event in truth.events:
        frame = int(round(event.time_s * FPS_HZ))
        if event.kind == "initial_contact" and 1 <= frame < len(seen) - 1:
            near = slice(frame - 1, frame + 2)
            ratios.append(apart[0][near].mean() / apart[1][near].mean())
    high = butter(4, 6.0 / (0.5 * FPS_HZ), "high")
    knee = seen[:, K["Left Knee"]]
    fast = [np.std(filtfilt(*high, x)) for x in (knee[:, 1], knee[:, 2], knee[:, 0] - root[:, 0])]
    smooth = filtfilt(*butter(2, 6.0 / (0.5 * FPS_HZ)), seen, axis=0)
    off = _knee_deg(smooth) - _knee_deg(exact)
    distance = np.linalg.norm(truth.pose[:, :3] - present(made.errors).camera.position_m, axis=-1)
    skate = []
    for column, side in enumerate(("Left", "Right")):
        edges = np.flatnonzero(np.diff(np.r_[0, truth.contact[:, column], 0]))
        for begin, end in edges.reshape(-1, 2):
            if end - begin >= 12:
                length = end - begin
                mid = slice(begin + length // 4, begin + 2 * length // 3)
                x = seen[mid, K[f"{side} Ankle"], 0]
                line = np.polyfit(truth.time_s[mid], x, 1)
                rest = np.std(x - np.polyval(line, truth.time_s[mid]), ddof=2)
                stance_sd.append((distance[mid].mean(), rest))
                skate.append(abs(line[0]))
    confident = made.recording.confidence
    error = np.linalg.norm(
        made.recording.keypoints_m - root[:, None] - (exact - true_root[:, None]), axis=-1
    )
    there = np.isfinite(error)
    return {
        "speed": speed,
        "speed_scaled": speed / scale,
        "swing": np.mean(ratios),
        "swing_within": np.std(ratios, ddof=1),
        "thigh": _variation(_bone(seen, "Left Hip", "Left Knee")),
        "shank": _variation(_bone(seen, "Left Knee", "Left Ankle")),
        "sideways": fast[0],
        "vertical": fast[1],
        "depth": fast[2],
        "root": np.std(filtfilt(*high, root[:, 0])),
        "knee_rmse": np.std(off),
        "skate": np.median(skate),
        "lost": np.mean(~there),
        "confidence": np.corrcoef(confident[there], error[there])[0, 1],
    }


@pytest.fixture(scope="module")
def statistics():
    stance_sd: list[float] = []
    rows = [_measure(i, ("ahead", "behind")[i % 2], stance_sd) for i in range(200)]
    table = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return table, np.array(stance_sd)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "mean", "tolerance", "sd", "sd_tolerance"),
    [
        ("speed", 1.11, 0.04, 0.12, 0.03),
        ("speed_scaled", 1.05, 0.03, 0.07, 0.02),
        ("swing", 0.72, 0.02, 0.06, 0.015),
        ("swing_within", 0.045, 0.015, None, None),
        ("thigh", 0.015, 0.003, None, None),
        ("shank", 0.023, 0.004, None, None),
        ("sideways", 0.0013, 0.0003, None, None),
        ("vertical", 0.0016, 0.0004, None, None),
        ("depth", 0.0045, 0.0010, None, None),
        ("root", 0.018, 0.004, None, None),
        ("knee_rmse", 6.3, 1.2, None, None),
        ("skate", 0.42, 0.08, None, None),
    ],
)
def test_frontal_statistics(statistics, name, mean, tolerance, sd, sd_tolerance):
    values = statistics[0][name]
    assert values.mean() == pytest.approx(mean, abs=tolerance)
    if sd is not None:
        assert values.std(ddof=1) == pytest.approx(sd, abs=sd_tolerance)


@pytest.mark.slow
def test_root_jitter_spreads_between_recordings(statistics):
    low, high = np.percentile(statistics[0]["root"], [5, 95])
    assert 0.006 < low < 0.014 and 0.024 < high < 0.040


@pytest.mark.slow
def test_depth_noise_grows_with_distance(statistics):
    distance, sd = statistics[1].T
    near = np.sqrt(np.mean(sd[distance < 3.0] ** 2))
    far = np.sqrt(np.mean(sd[distance > 9.0] ** 2))
    assert 0.007 <= near <= 0.0105
    assert 0.027 <= far <= 0.031


@pytest.mark.slow
def test_points_are_lost_now_and_then_and_confidence_tells(statistics):
    table, _ = statistics
    assert 0.002 < table["lost"].mean() < 0.03
    assert -0.9 < np.median(table["confidence"]) < -0.3


def _walk(seed=1, seconds=6.0):
    return walk(draw_walker(seed, "normal"), seconds, FPS_HZ)


def test_a_side_view_leaves_progression_intact():
    for seed in range(8):
        truth = _walk(seed)
        made = trial_from_walk(truth, view="sagittal", distance="far", missing=())
        seen, exact = (
            _filled(made.recording.keypoints_m),
            exact_keypoints(truth.pose, truth.dimensions),
        )
        apart = [
            np.ptp(q[:, K["Left Ankle"], 0] - q[:, K["Right Ankle"], 0]) for q in (seen, exact)
        ]
        # Only the oblique ends of the path, where the ray turns towards progression, shrink a bit.
        assert apart[0] / apart[1] / present(made.errors).scale == pytest.approx(1.0, abs=0.09)


def test_same_seed_same_errors_and_another_seed_others():
    truth = _walk()
    one, again, other = (trial_from_walk(truth, seed=s).recording.keypoints_m for s in (5, 5, 6))
    np.testing.assert_array_equal(one, again)
    assert np.nanmax(np.abs(one - other)) > 0.01


def test_missing_points_are_nan_with_no_confidence():
    truth = _walk()
    optional = tuple(n for n in KEYPOINT_INDEX if n not in REQUIRED_KEYPOINTS)
    for monocular in (True, False):
        recording = trial_from_walk(truth, monocular, missing=optional).recording
        for name, column in KEYPOINT_INDEX.items():
            gone = np.isnan(recording.keypoints_m[:, column]).all()
            assert gone == (name in optional)
        lost = np.isnan(recording.keypoints_m).any(axis=-1)
        assert (recording.confidence[lost] == 0).all()
        assert (recording.confidence[~lost] > 0).all() and recording.confidence.max() <= 1


def test_detectors_without_feet_are_drawn():
    truth = _walk(seconds=1.0)
    sets = {present(trial_from_walk(truth, seed=s).errors).missing for s in range(60)}
    assert () in sets and any("Left Heel" in s for s in sets)
    assert not any(set(s) & set(REQUIRED_KEYPOINTS) for s in sets)


@pytest.mark.parametrize("view", ["ahead", "behind", "oblique", "sagittal"])
@pytest.mark.parametrize(("distance", "low", "high"), [("near", 1.1, 2.8), ("far", 6.0, 10.5)])
def test_camera_stands_where_asked(view, distance, low, high):
    path = _walk().pose[:, :3]
    for seed in range(5):
        camera = place_camera(path, seed, view, distance)
        gap = (path - camera.position_m)[:, :2]
        assert low <= np.linalg.norm(gap, axis=-1).min() <= high
        assert np.linalg.norm(camera.axis) == pytest.approx(1.0)
        assert (path.mean(0) - camera.position_m) @ camera.axis > 0
        if view in ("ahead", "behind"):
            assert np.sign(camera.axis[0]) == (-1 if view == "ahead" else 1)


def test_bad_input_is_refused():
    truth = _walk(seconds=1.0)
    exact = exact_keypoints(truth.pose, truth.dimensions)
    camera = place_camera(truth.pose[:, :3], 0)
    with pytest.raises(InputError, match="shape"), unchecked():
        corrupt(exact[:, :17], camera, 0)
    broken = exact.copy()
    broken[3, 2] = np.nan
    with pytest.raises(InputError, match="NaN"):
        corrupt(broken, camera, 0)
    with pytest.raises(InputError, match="required"):
        corrupt(exact, camera, 0, missing=("Left Hip",))
    with pytest.raises(InputError, match="view"), unchecked():
        place_camera(truth.pose[:, :3], 0, view="above")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="distance"), unchecked():
        place_camera(truth.pose[:, :3], 0, distance="lunar")  # type: ignore[arg-type]
