import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from simgait.errors import InputError
from simgait.recordings.markers.foot_points import flat_foot_tilt_rad, foot_keypoints, site_tilt_rad
from simgait.recordings.markers.joint_centres import (
    Anthropometry,
    check_markers,
    harrington_hip,
    keypoints_from_markers,
)
from simgait.recordings.markers.names import find_markers
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import dimensions_from_height

T = 40
FPS = 100.0


def standing_markers(**more):
    """Markers of a person who stands, x forward, y left, z up, metres, constant over T frames."""
    points = {
        "LASI": (0.10, 0.12, 1.00), "RASI": (0.10, -0.12, 1.00),
        "LPSI": (-0.06, 0.05, 1.00), "RPSI": (-0.06, -0.05, 1.00),
        "LKNE": (0.03, 0.15, 0.50), "RKNE": (0.03, -0.15, 0.50),
        "LANK": (0.02, 0.13, 0.09), "RANK": (0.02, -0.13, 0.09),
        "LHEE": (-0.05, 0.10, 0.03), "RHEE": (-0.05, -0.10, 0.03),
        "LTOE": (0.14, 0.10, 0.05), "RTOE": (0.14, -0.10, 0.05),
    } | more  # fmt: skip
    return {k: np.tile(v, (T, 1)).astype(float) for k, v in points.items()}


def test_harrington_single_predictor_equations():
    forward, outward, up = harrington_hip(0.240, 0.160)
    assert forward == pytest.approx(-0.0483)
    assert outward == pytest.approx(0.0865)
    assert up == pytest.approx(-0.0829)


def test_hips_in_the_pelvis_frame_wherever_the_person_is():
    plain, _ = keypoints_from_markers(standing_markers(), Anthropometry(), "f", FPS)
    np.testing.assert_allclose(plain["Left Hip"][0], [0.10 - 0.0483, 0.0865, 1 - 0.0829], atol=1e-9)
    turn = Rotation.from_euler("zx", [70, 8], degrees=True)
    moved = {k: turn.apply(v) + [3, -2, 0] for k, v in standing_markers().items()}
    there, _ = keypoints_from_markers(moved, Anthropometry(), "f", FPS)
    for name in ("Left Hip", "Right Hip", "Left Knee", "Right Ankle", "Pelvis"):
        np.testing.assert_allclose(there[name], turn.apply(plain[name]) + [3, -2, 0], atol=1e-9)


def test_the_pelvis_point_shows_the_clinical_tilt_whatever_the_depth_of_the_pelvis():
    site = np.array(TRIMMED_HUMANOID.site("Pelvis").at.of(dimensions_from_height(1.0)))
    for depth_m in (0.11, 0.20):
        back = {f"{side}PSI": (0.10 - depth_m, y, 1.00) for side, y in (("L", 0.05), ("R", -0.05))}
        for tilt_deg in (0.0, 18.0):
            tilt = Rotation.from_euler("y", tilt_deg, degrees=True)
            markers = {name: tilt.apply(at) for name, at in standing_markers(**back).items()}
            points, _ = keypoints_from_markers(markers, Anthropometry(), "f", FPS)
            mid_hip = 0.5 * (points["Left Hip"] + points["Right Hip"])
            seen = tilt.inv().apply(points["Pelvis"] - mid_hip)
            np.testing.assert_allclose(
                seen[0] / np.linalg.norm(seen[0]), site / np.linalg.norm(site), atol=1e-9
            )


def test_measured_pelvis_width_is_preferred_when_it_can_be_true():
    wide, _ = keypoints_from_markers(standing_markers(), Anthropometry(), "f", FPS)
    used, _ = keypoints_from_markers(
        standing_markers(), Anthropometry(pelvis_width_m=0.20), "f", FPS
    )
    silly, _ = keypoints_from_markers(
        standing_markers(), Anthropometry(pelvis_width_m=0.05), "f", FPS
    )
    assert used["Left Hip"][0, 1] == pytest.approx(0.33 * 0.20 + 0.0073)
    np.testing.assert_allclose(silly["Left Hip"], wide["Left Hip"])


def test_knee_is_half_a_width_inside_and_square_to_the_thigh():
    measured = Anthropometry(knee_width_m=(0.10, 0.10), marker_diameter_m=0.014)
    for side, letter, sign in (("Left", "L", 1), ("Right", "R", -1)):
        markers = standing_markers()
        points, notes = keypoints_from_markers(markers, measured, "f", FPS)
        to_marker = markers[letter + "KNE"] - points[f"{side} Knee"]
        to_hip = points[f"{side} Hip"] - points[f"{side} Knee"]
        assert np.linalg.norm(to_marker[0]) == pytest.approx(0.057)
        assert np.dot(to_marker[0], to_hip[0]) == pytest.approx(0, abs=1e-9)
        assert sign * to_marker[0, 1] > 0.05
    assert any("knee centres half a joint width (from the file)" in n for n in notes)
    assert any("ankle centres half a joint width (estimated" in n for n in notes)


def test_medial_markers_give_the_midpoint():
    medial = {"LKNM": (0.03, 0.05, 0.5), "RKNM": (0.03, -0.05, 0.5)}
    points, notes = keypoints_from_markers(standing_markers(**medial), Anthropometry(), "f", FPS)
    np.testing.assert_allclose(points["Left Knee"][0], [0.03, 0.10, 0.50])
    assert any("knee centres midway" in n for n in notes)


def test_sacrum_stands_in_for_the_psis_and_missing_landmarks_are_named():
    markers = standing_markers(SACR=(-0.06, 0, 1.0))
    with_psis, _ = keypoints_from_markers(markers, Anthropometry(), "f", FPS)
    del markers["LPSI"]
    points, notes = keypoints_from_markers(markers, Anthropometry(), "f", FPS)
    np.testing.assert_allclose(points["Left Hip"], with_psis["Left Hip"])
    assert any("sacrum" in n for n in notes)
    del markers["SACR"], markers["RKNE"]
    with pytest.raises(InputError, match=r"lateral knee \(RKNE\).*back of the pelvis"):
        check_markers(markers, "f")


def test_sternum_needs_a_pair_of_landmarks():
    one, _ = keypoints_from_markers(standing_markers(C7=(0, 0, 1.4)), Anthropometry(), "f", FPS)
    assert "Sternum" not in one
    trunk = {"C7": (-0.05, 0, 1.44), "CLAV": (0.09, 0, 1.40), "T10": (-0.07, 0, 1.2),
             "STRN": (0.11, 0, 1.2)}  # fmt: skip
    all_four, _ = keypoints_from_markers(standing_markers(**trunk), Anthropometry(), "f", FPS)
    np.testing.assert_allclose(all_four["Sternum"][0], [0.02, 0, 1.31])


def test_foot_line_is_levelled_when_the_foot_is_flat():
    for rise in (-0.01, 0.0, 0.03):
        heel = np.tile([0.0, 0.1, 0.03], (T, 1))
        ball = np.tile([0.18, 0.1, 0.03 + rise], (T, 1))
        points, tilt = foot_keypoints(heel, ball, np.tile([0.0, 0, 1], (T, 1)), FPS)
        assert tilt == pytest.approx(np.arctan2(rise, 0.18))
        line = points["Foot"] - points["Heel"]
        assert np.arctan2(line[0, 2], line[0, 0]) == pytest.approx(site_tilt_rad())
        assert np.linalg.norm(line[0]) == pytest.approx(np.hypot(rise, 0.18))
        beyond = np.linalg.norm(points["Big Toe"][0] - points["Heel"][0])
        assert beyond / np.linalg.norm(line[0]) == pytest.approx(0.94 / 0.70)


def test_equinus_is_not_levelled_away():
    heel = np.tile([0.0, 0.1, 0.12], (T, 1))
    ball = np.tile([0.15, 0.1, 0.03], (T, 1))
    assert flat_foot_tilt_rad(heel, ball, FPS) is None
    points, tilt = foot_keypoints(heel, ball, np.tile([0.0, 0, 1], (T, 1)), FPS)
    assert tilt is None
    np.testing.assert_array_equal(points["Foot"], ball)


def test_foot_that_never_rests_is_left_alone():
    t = np.arange(T) / FPS
    heel = np.stack([t, 0 * t, 0.03 + 0.5 * t], axis=1)
    assert flat_foot_tilt_rad(heel, heel + [0.18, 0, 0.02], FPS) is None


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["A22:LASI", "A22:RASI"], {"LASI": "A22:LASI", "RASI": "A22:RASI"}),
        (["L.ASIS", "R.Knee"], {"LASI": "L.ASIS", "RKNE": "R.Knee"}),
        (["LLEK", "LMEK", "LLM", "LMM"], {"LKNE": "LLEK", "LKNM": "LMEK", "LANK": "LLM",
                                          "LANM": "LMM"}),
        (["VSAC", "R.TO"], {"SACR": "VSAC", "RTOE": "R.TO"}),
        (["RLM", "RMM"], {"RANK": "RLM", "RANM": "RMM"}),
        (["Left Heel", "right_heel"], {"LHEE": "Left Heel", "RHEE": "right_heel"}),
        (["LLM", "LANK"], {"LANK": "LANK"}),
        (["EMG1", "Box"], {}),
    ],
)  # fmt: skip
def test_marker_names_across_labs(labels, expected):
    assert find_markers(labels) == expected
