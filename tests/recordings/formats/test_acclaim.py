import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.formats.acclaim import read_amc, read_amc_recording, read_asf
from simgait.recordings.options import ReadOptions
from simgait.skeleton.default import BODY_KEYPOINTS, POSE_INDEX
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.kinematics import body_keypoints
from tests.present import present

_LEGS = """
  begin\n id 1\n name lhipjoint\n direction 0.7 -0.7 0\n length 2.0\n axis 0 0 0 XYZ\n end
  begin\n id 2\n name lfemur\n direction 0 -1 0\n length 7.0\n axis 0 0 0 XYZ\n dof rx ry rz\n end
  begin\n id 3\n name ltibia\n direction 0 -1 0\n length 7.0\n axis 0 0 0 XYZ\n dof rx\n end
  begin\n id 4\n name lfoot\n direction 0 -0.2 0.98\n length 2.0\n axis 0 0 0 XYZ\n dof rx rz\n end
  begin\n id 5\n name ltoes\n direction 0 0 1\n length 1.0\n axis 0 0 0 XYZ\n dof rx\n end
"""


def write_pair(folder, frames):
    """A leg-only skeleton and a motion of the given root and joint values."""
    legs = _LEGS + _LEGS.replace(" name l", " name r").replace("direction 0.7", "direction -0.7")
    (folder / "s.asf").write_text(
        ":version 1.10\n:name S\n:units\n mass 1.0\n length 0.45\n angle deg\n:root\n"
        " order TX TY TZ RX RY RZ\n axis XYZ\n position 0 0 0\n orientation 0 0 0\n"
        f":bonedata{legs}:hierarchy\n begin\n root lhipjoint rhipjoint\n"
        " lhipjoint lfemur\n lfemur ltibia\n ltibia lfoot\n lfoot ltoes\n"
        " rhipjoint rfemur\n rfemur rtibia\n rtibia rfoot\n rfoot rtoes\n end\n"
    )
    lines = [":FULLY-SPECIFIED", ":DEGREES"]
    for i, frame in enumerate(frames, start=1):
        values = {
            "root": (0, 16, 0, 0, 0, 0),
            **{f"{s}femur": (0, 0, 0) for s in "lr"}, **{f"{s}tibia": (0,) for s in "lr"},
            **{f"{s}foot": (0, 0) for s in "lr"}, **{f"{s}toes": (0,) for s in "lr"},
        } | frame  # fmt: skip
        lines += [str(i), *(f"{k} {' '.join(map(str, v))}" for k, v in values.items())]
    (folder / "s_01.amc").write_text("\n".join(lines) + "\n")
    return folder / "s_01.amc"


def degrees_of(recording, name):
    return np.degrees(recording.pose[:, POSE_INDEX[name]])


def test_each_joint_has_clinical_sign_and_size(tmp_path):
    path = write_pair(
        tmp_path,
        [
            {},
            {"lfemur": (-30, 0, 0), "ltibia": (50,)},
            {"lfemur": (0, 0, 10), "rfemur": (0, 0, 10)},
            {"lfoot": (-12, 0), "rfoot": (8, 0)},
            {"root": (0, 16, 0, 5, 20, 0)},
            {"lfemur": (0, 15, 0), "rfemur": (0, 15, 0)},
        ],
    )
    r = read_amc_recording(path)
    assert degrees_of(r, "left_hip_flexion")[1] == pytest.approx(30, abs=1e-6)
    assert degrees_of(r, "left_knee_flexion")[1] == pytest.approx(50, abs=1e-6)
    assert degrees_of(r, "right_knee_flexion")[1] == pytest.approx(0, abs=1e-6)
    # +z turns both thighs towards ASF +x, the left: the left abducts, the right adducts.
    assert degrees_of(r, "left_hip_adduction")[2] == pytest.approx(-10, abs=1e-6)
    assert degrees_of(r, "right_hip_adduction")[2] == pytest.approx(10, abs=1e-6)
    # About the left-pointing x axis, minus lifts the toes.
    assert degrees_of(r, "left_ankle_dorsiflexion")[3] == pytest.approx(12, abs=1e-6)
    assert degrees_of(r, "right_ankle_dorsiflexion")[3] == pytest.approx(-8, abs=1e-6)
    assert degrees_of(r, "pelvis_rotation")[4] == pytest.approx(20, abs=0.2)
    assert degrees_of(r, "pelvis_tilt")[4] == pytest.approx(5, abs=0.5)
    # Turning about the upright axis to the left is external for the left hip.
    assert degrees_of(r, "left_hip_rotation")[5] == pytest.approx(-15, abs=1e-6)
    assert degrees_of(r, "right_hip_rotation")[5] == pytest.approx(15, abs=1e-6)


def test_pose_and_keypoints_agree_through_forward_kinematics(tmp_path):
    rng = np.random.default_rng(0)
    frames = []
    for _ in range(6):
        thighs = {f"{s}femur": tuple(rng.uniform(-25, 25, 3)) for s in "lr"}
        knees = {f"{s}tibia": (rng.uniform(0, 70),) for s in "lr"}
        feet = {f"{s}foot": (rng.uniform(-20, 15), 0) for s in "lr"}
        root = {"root": (*rng.uniform(-5, 5, 3), *rng.uniform(-15, 15, 3))}
        frames.append(thighs | knees | feet | root)
    r = read_amc_recording(write_pair(tmp_path, frames))
    points = {n: r.keypoints_m[:, i] for i, n in enumerate(r.keypoint_names)}
    scale = 0.0254 / 0.45
    hip_width = float(np.linalg.norm(points["Left Hip"] - points["Right Hip"], axis=-1)[0])
    height_m = present(r.height_m)
    dims = Dimensions(
        height_m=height_m, mass_kg=60.0, hip_width_m=hip_width, thigh_m=7 * scale,
        shank_m=7 * scale, ankle_height_m=0.039 * height_m,
        foot_length_m=float(
            np.linalg.norm(points["Left Heel"] - points["Left Big Toe"], axis=-1)[0]
        ) / np.hypot(0.94, 0.2 * 0.039 * height_m / (2 * scale * 0.97 / 0.46)),
    )  # fmt: skip
    expected = np.asarray(body_keypoints(r.pose, dims))
    for i, name in enumerate(BODY_KEYPOINTS):
        if name != "Sternum":
            np.testing.assert_allclose(points[name], expected[:, i], atol=2e-4, err_msg=name)


def test_height_is_estimated_with_a_note_and_given_height_wins(tmp_path):
    path = write_pair(tmp_path, [{}, {}])
    r = read_amc_recording(path)
    assert r.height_m == pytest.approx(14 * 0.0254 / 0.45 / 0.491)
    assert any("estimated" in note for note in r.notes) and r.height_is_estimated
    given = read_amc_recording(path, ReadOptions(height_m=1.5))
    assert given.height_m == 1.5 and not given.height_is_estimated


def test_missing_skeleton(tmp_path):
    path = write_pair(tmp_path, [{}, {}])
    (tmp_path / "s.asf").unlink()
    with pytest.raises(InputError, match=r"no .asf skeletons lie beside it"):
        read_amc_recording(path)


def test_truncated_and_foreign_motion(tmp_path):
    path = write_pair(tmp_path, [{}, {}])
    text = path.read_text()
    path.write_text(text[: text.rindex("rfoot")])
    with pytest.raises(InputError, match="truncated"):
        read_amc_recording(path)
    path.write_text(text.replace("rtibia 0", "rtail 0"))
    with pytest.raises(InputError, match="does not fit the skeleton at 'rtail'"):
        read_amc_recording(path)
    path.write_text(text.replace("\n2\n", "\n3\n"))
    with pytest.raises(InputError, match="frame 1 is followed by frame 3"):
        read_amc_recording(path)
    path.write_text(":DEGREES\n")
    with pytest.raises(InputError, match="no frames"):
        read_amc_recording(path)


def test_motion_in_radians_is_read_as_its_header_says(tmp_path):
    path = write_pair(tmp_path, [{}, {"lfemur": (np.radians(-30), 0, 0)}])
    text = path.read_text()
    path.write_text(text.replace(":DEGREES", ":RADIANS"))
    r = read_amc_recording(path)
    assert degrees_of(r, "left_hip_flexion")[1] == pytest.approx(30, abs=1e-4)
    assert not any("radians" in note for note in r.notes)


def test_a_header_of_radians_that_the_angles_deny_is_said(tmp_path):
    path = write_pair(tmp_path, [{}, {"lfemur": (-30, 0, 0)}])
    path.write_text(path.read_text().replace(":DEGREES", ":RADIANS"))
    r = read_amc_recording(path)
    assert degrees_of(r, "left_hip_flexion")[1] == pytest.approx(30, abs=1e-6)
    assert any("said to be in radians, but reach 30" in note for note in r.notes)


def test_broken_skeleton(tmp_path):
    path = write_pair(tmp_path, [{}, {}])
    asf = tmp_path / "s.asf"
    asf.write_text(asf.read_text().replace(":hierarchy", ":nothing"))
    with pytest.raises(InputError, match="no :hierarchy"):
        read_amc_recording(path)


def test_cmu_trial_is_a_walk(data_dir):
    path = data_dir / "cmu_asfamc" / "35" / "35_01.amc"
    r = read_amc_recording(path)
    skeleton = read_asf(path.with_name("35.asf"))
    assert len(read_amc(path, skeleton).channels["root"]) == len(r.time_s) == 224
    assert r.fps_hz == pytest.approx(120)
    assert 60 < degrees_of(r, "left_knee_flexion").max() < 80
    assert -30 < degrees_of(r, "left_ankle_dorsiflexion").min() < -10
    heel = r.keypoints_m[:, r.keypoint_names.index("Left Heel"), 2]
    assert -0.02 < heel.min() < 0.06
    assert 1.7 < present(r.height_m) < 1.85
