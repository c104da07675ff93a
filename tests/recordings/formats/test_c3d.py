import re

import ezc3d
import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.formats.c3d import read_c3d
from simgait.recordings.markers.joint_centres import pelvis_frame
from simgait.recordings.markers.segment_angles import unit
from simgait.recordings.options import ReadOptions
from simgait.recordings.read import read_recording
from simgait.skeleton.default import ANGLE_NAMES
from tests.present import present

FPS = 100.0
TURN = {"z": np.eye(3), "y": np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])}


def walking_markers(walk):
    """Skin markers carried by the pendulum walk: rigid offsets on its keypoints, metres, z up."""
    r = walk(3.0, fps_hz=FPS)
    p = {n: r.keypoints_m[:, i] for i, n in enumerate(r.keypoint_names)}
    mid = 0.5 * (p["Left Hip"] + p["Right Hip"])
    markers = {"SACR": mid + [-0.14, 0, 0.08]}
    for side, letter, sign in (("Left", "L", 1.0), ("Right", "R", -1.0)):
        markers |= {
            letter + "ASI": mid + [0.04, sign * 0.12, 0.08],
            letter + "KNE": p[f"{side} Knee"] + [0, sign * 0.055, 0],
            letter + "ANK": p[f"{side} Ankle"] + [0, sign * 0.04, 0],
            letter + "HEE": p[f"{side} Heel"], letter + "TOE": p[f"{side} Foot"],
        }  # fmt: skip
    return markers


def write_c3d(
    path, markers, *, prefix="", unit="mm", called="", up="z", events=(), first_frame=0, groups=()
):
    """Markers (metres, z up) as C3D; `events` are (context, label, time); NaN is residual -1."""
    scale = {"mm": 1000.0, "cm": 100.0, "m": 1.0}[unit]
    stacked = np.stack(list(markers.values()), axis=0) @ TURN[up].T * scale
    n, frames = stacked.shape[:2]
    data = np.ones((4, n, frames))
    data[:3] = stacked.transpose(2, 0, 1)
    c = ezc3d.c3d()
    c["header"]["points"]["first_frame"] = first_frame
    c["parameters"]["POINT"]["RATE"]["value"] = [FPS]
    c["parameters"]["POINT"]["UNITS"]["value"] = [called or unit]
    c["parameters"]["POINT"]["LABELS"]["value"] = [prefix + name for name in markers]
    gone = np.asarray(np.isnan(data).any(axis=0))
    residuals = np.zeros((1, n, frames))
    residuals[0][gone] = -1
    c["data"]["points"] = np.where(gone[None], 0.0, data)
    c["data"]["meta_points"]["residuals"] = residuals
    if first_frame:
        c.add_parameter("TRIAL", "ACTUAL_START_FIELD", [first_frame + 1, 0])
    if events:
        c.add_parameter("EVENT", "USED", len(events))
        c.add_parameter("EVENT", "CONTEXTS", [e[0] for e in events])
        c.add_parameter("EVENT", "LABELS", [e[1] for e in events])
        c.add_parameter("EVENT", "TIMES", np.array([[0.0] * len(events), [e[2] for e in events]]))
    for group, name, value in groups:
        c.add_parameter(group, name, [value])
    c.write(str(path))
    return path


@pytest.fixture
def plain(tmp_path, walk):
    return read_c3d(write_c3d(tmp_path / "plain.c3d", walking_markers(walk)))


def test_joint_centres_lie_inside_the_markers(plain, walk):
    r = walk(3.0, fps_hz=FPS)
    for name in ("Left Knee", "Right Knee", "Left Ankle", "Right Ankle"):
        a = plain.keypoints_m[:, plain.keypoint_names.index(name)]
        b = r.keypoints_m[:, r.keypoint_names.index(name)]
        assert np.linalg.norm(a - b, axis=-1).mean() < 0.02
    assert plain.pelvis_travels and plain.scale_is_metric and plain.belt_speed_mps is None


@pytest.mark.parametrize("options", [{"unit": "m"}, {"prefix": "Anna:"}, {"up": "y"}])
def test_unit_prefix_and_vertical_axis_do_not_matter(tmp_path, walk, plain, options):
    other = read_c3d(write_c3d(tmp_path / "o.c3d", walking_markers(walk), **options))
    assert other.keypoint_names == plain.keypoint_names
    heights = other.keypoints_m[..., 2]
    np.testing.assert_allclose(heights, plain.keypoints_m[..., 2], atol=1e-4)
    assert "Anna" not in repr(other)
    i, j = (plain.keypoint_names.index(n) for n in ("Left Hip", "Right Hip"))
    for r in (plain, other):  # handedness kept: the left hip is left of the walk
        forward = r.keypoints_m[-1, i, :2] - r.keypoints_m[0, i, :2]
        left = (r.keypoints_m[:, i] - r.keypoints_m[:, j]).mean(axis=0)[:2]
        assert forward[0] * left[1] - forward[1] * left[0] > 0


@pytest.mark.parametrize(
    ("unit", "held", "read"),
    [("    ", "mm", "states no length unit"), ("mete", "m", "'mete' was read as meters"),
     ("Mill", "mm", "'Mill' was read as millimeters"), ("cent", "cm", "read as centimeters"),
     ("m", "mm", "the unit mm would fit, so state it (--unit mm)"),
     ("mm", "m", "the unit m would fit, so state it (--unit m)"),
     ("    ", "m", "the unit m would fit, so state it (--unit m)"),
     ("??", "cm", "the length unit '??' is not known; by the length of a leg, the unit cm would"),
     ("yard", "mm", "the unit mm would fit, so state it (--unit mm)")],
)  # fmt: skip
def test_a_unit_that_is_odd_or_wrong_is_noted_or_named_and_can_be_said(
    tmp_path, walk, plain, unit, held, read
):
    path = write_c3d(tmp_path / "u.c3d", walking_markers(walk), unit=held, called="QQQQ")
    path.write_bytes(path.read_bytes().replace(b"QQQQ", unit.ljust(4).encode()))
    if "--unit" in read or "by the length" in read:
        assert read in refused(path)
    else:
        assert any(read in note for note in read_recording(path).notes)
    said = read_recording(path, unit=held)
    np.testing.assert_allclose(said.keypoints_m, plain.keypoints_m, atol=1e-4)


def test_a_unit_that_is_said_wrongly(tmp_path, walk):
    path = write_c3d(tmp_path / "w.c3d", walking_markers(walk))
    with pytest.raises(InputError, match=r"read in m, .*the unit mm would fit"):
        read_recording(path, unit="m")


def test_two_people_are_never_one_body(tmp_path, walk, plain):
    markers = walking_markers(walk)
    other = {name: points + [0.3, 1.5, 0.0] for name, points in markers.items()}
    del other["LTOE"]
    both = {f"A:{n}": p for n, p in markers.items()} | {f"B:{n}": p for n, p in other.items()}
    path = write_c3d(tmp_path / "two.c3d", both)
    first, second = read_recording(path), read_recording(path, person=2)
    np.testing.assert_allclose(first.keypoints_m, plain.keypoints_m)
    assert first.people == second.people == ("A", "B")
    assert "Left Foot" in first.keypoint_names and "Left Foot" not in second.keypoint_names
    assert not any("twice" in note for note in first.notes)
    codes = {first.subject_id, second.subject_id}
    assert len(codes) == 2 and all(code.startswith("subject-") for code in codes)
    both["A:RKNE"] = both["A:RKNE"] * np.nan
    sentence = refused(write_c3d(path, both))
    assert "RKNE is never seen" in sentence and "one of 2 people" in sentence


def test_missing_points_are_nan_not_zero(tmp_path, walk):
    markers = walking_markers(walk)
    markers["LKNE"][10:20] = np.nan
    r = read_c3d(write_c3d(tmp_path / "g.c3d", markers))
    knee = r.keypoint_names.index("Left Knee")
    assert list(np.flatnonzero(np.isnan(r.keypoints_m[:, knee, 0]))) == list(range(10, 20))
    assert (r.confidence[10:20, knee] == 0).all()


def test_event_times_count_from_the_first_stored_frame(tmp_path, walk):
    events = [("Left", "Foot Strike", 1.73), ("Right", "Foot Off", 2.0), ("RTO", "", 2.5),
              ("General", "Left-FP", 2.0), ("LHS", "", 9.0)]  # fmt: skip
    path = write_c3d(tmp_path / "e.c3d", walking_markers(walk), events=events, first_frame=123)
    r = read_c3d(path)
    found = [(e.side, e.kind, round(e.time_s, 3)) for e in r.events]
    assert found == [
        ("left", "initial_contact", 0.50), ("right", "foot_off", 0.77), ("right", "foot_off", 1.27)
    ]  # fmt: skip
    assert any("1 event left out: no foot strike" in n for n in r.notes)
    assert any("1 event left out: outside" in n for n in r.notes)


@pytest.mark.parametrize(
    ("context", "label", "side", "kind"),
    [("Left", "Foot Strike", "left", "initial_contact"), ("", "L_HS", "left", "initial_contact"),
     ("", "LON", "left", "initial_contact"), ("", "ROFF", "right", "foot_off"),
     ("Right", "OFF", "right", "foot_off"), ("", "Right Toe-Off", "right", "foot_off"),
     ("r", "IC", "right", "initial_contact"), ("LTO", "", "left", "foot_off"),
     ("General", "On", None, None), ("", "Left-FP", None, None)],
)  # fmt: skip
def test_events_as_laboratories_label_them(tmp_path, walk, context, label, side, kind):
    path = write_c3d(tmp_path / "e.c3d", walking_markers(walk), events=[(context, label, 1.0)])
    found = [(e.side, e.kind) for e in read_c3d(path).events]
    assert found == ([] if side is None else [(side, kind)])


def test_an_event_that_stands_twice_is_one(tmp_path, walk):
    events = [("Left", "Foot Strike", 0.5), ("Left", "Foot Strike", 0.54), ("", "LHS", 1.6),
              ("Right", "Foot Strike", 0.52), ("Left", "Foot Off", 0.55)]  # fmt: skip
    r = read_c3d(write_c3d(tmp_path / "e.c3d", walking_markers(walk), events=events))
    strikes = [round(e.time_s, 2) for e in r.events
               if (e.side, e.kind) == ("left", "initial_contact")]  # fmt: skip
    assert strikes == [0.5, 1.6] and len(r.events) == 4
    assert any("1 event left out: same foot and kind" in note for note in r.notes)


def test_height_mass_and_given_values(tmp_path, walk):
    groups = [("PROCESSING", "Height", 1680.0), ("PROCESSING", "Bodymass", 32.0)]
    path = write_c3d(tmp_path / "h.c3d", walking_markers(walk), groups=groups)
    assert (read_c3d(path).height_m, read_c3d(path).mass_kg) == (1.68, 32.0)
    given = read_recording(path, height_m=1.5, subject_id="../A 1")
    assert (given.height_m, given.mass_kg, given.subject_id) == (1.5, 32.0, "A_1")


@pytest.mark.parametrize(("mass", "said"), [(70000.0, True), (0.4, True), (0.0, False)])
def test_a_mass_that_is_no_persons_is_left_out_and_said(tmp_path, walk, mass, said):
    groups = [("PROCESSING", "Bodymass", mass)]
    path = write_c3d(tmp_path / "m.c3d", walking_markers(walk), groups=groups)
    read = read_c3d(path)
    assert read.mass_kg is None
    assert any("is no person's in kilograms" in note for note in read.notes) == said
    told = read_recording(path, mass_kg=70.0)
    assert told.mass_kg == 70.0 and not any("kilograms" in note for note in told.notes)


def test_a_persons_name_never_leaves_the_reader(tmp_path, walk):
    def subject(name, **said):
        groups = [("SUBJECTS", "NAMES", name)] if name else []
        path = write_c3d(tmp_path / "n.c3d", walking_markers(walk), groups=groups)
        return read_recording(path, **said).subject_id

    names = ("Anna Smith", "anna85", "HC002D", "M\u00fcller")
    codes = {name: subject(name) for name in names}
    assert all(re.fullmatch("subject-[0-9a-f]{8}", code) for code in codes.values())
    assert len(set(codes.values())) == len(names)
    assert codes["anna85"] == subject("anna85") and subject("anna85", subject_id="P7") == "P7"
    assert subject("") == ""


def test_swapped_labels_are_noticed(tmp_path, walk):
    swapped = {
        {"L": "R", "R": "L"}.get(n[0], n[0]) + n[1:] if n != "SACR" else n: m
        for n, m in walking_markers(walk).items()
    }
    with pytest.raises(InputError, match="left and right look swapped"):
        read_c3d(write_c3d(tmp_path / "s.c3d", swapped))


def test_foreign_marker_set_says_what_is_missing(tmp_path, walk):
    markers = {f"M{i}": m for i, m in enumerate(walking_markers(walk).values())}
    with pytest.raises(InputError, match=r"ASIS.*rename the markers"):
        read_c3d(write_c3d(tmp_path / "f.c3d", markers))


def joint_points(walk):
    """The pendulum walk's own keypoints under common joint names."""
    r = walk(3.0, fps_hz=FPS)
    points = {n.replace(" ", ""): r.keypoints_m[:, i] for i, n in enumerate(r.keypoint_names)}
    return {n: p.copy() for n, p in points.items() if n not in ("Pelvis", "Sternum")}


def refused(path):
    with pytest.raises(InputError) as error:
        read_recording(path)
    sentence = str(error.value)
    assert sentence.startswith(path.name) and sentence.endswith(".") and len(sentence) < 300
    return sentence


@pytest.mark.parametrize("nothing", [0.0, np.nan])
def test_joints_that_are_never_seen_are_named(tmp_path, walk, nothing):
    points = joint_points(walk)
    assert "Left Knee" in read_c3d(write_c3d(tmp_path / "j.c3d", points)).keypoint_names
    empty = {name: np.full_like(p, nothing) for name, p in points.items()}
    sentence = refused(write_c3d(tmp_path / "e.c3d", empty))
    joints = "Left Hip, Right Hip, Left Knee, Right Knee, Left Ankle, Right Ankle"
    assert f"{joints} are never seen" in sentence
    points["RightAnkle"] = empty["RightAnkle"]
    sentence = refused(write_c3d(tmp_path / "k.c3d", points))
    assert "Right Ankle is never seen" in sentence and "Left" not in sentence.split(";")[0]


def test_joints_that_are_absent_or_there_twice_are_named(tmp_path, walk):
    points = joint_points(walk)
    path = write_c3d(tmp_path / "t.c3d", points)
    # ezc3d takes no label twice, so that the bytes are changed.
    path.write_bytes(path.read_bytes().replace(b"LeftKnee", b"LeftHip "))
    sentence = refused(path)
    assert "Left Knee is not among" in sentence and "LeftHip is there twice" in sentence
    del points["LeftHip"], points["RightHip"]
    sentence = refused(write_c3d(tmp_path / "h.c3d", points))
    assert "Left Hip, Right Hip are not among" in sentence and "LASI" in sentence


def test_markers_that_are_never_seen_are_named(tmp_path, walk):
    markers = walking_markers(walk)
    empty = {name: 0.0 * m for name, m in markers.items()}
    sentence = refused(write_c3d(tmp_path / "e.c3d", empty))
    assert "LASI, RASI, LKNE, RKNE, LANK, RANK" in sentence and "never seen" in sentence
    del markers["SACR"]
    sentence = refused(write_c3d(tmp_path / "p.c3d", markers | {"LKNE": empty["LKNE"]}))
    assert "no marker of the sacrum or the back of the pelvis (LPSI and RPSI)" in sentence
    assert "LKNE is never seen" in sentence and "RKNE" not in sentence


def test_infinite_points_are_refused_as_in_other_formats(tmp_path, walk):
    path = write_c3d(tmp_path / "i.c3d", walking_markers(walk))
    parsed = ezc3d.c3d(str(path))
    ankle = parsed["parameters"]["POINT"]["LABELS"]["value"].index("RANK")
    parsed["data"]["points"][1, ankle, 7] = np.inf
    parsed.write(str(path))
    assert "infinite number (frame 7, RANK)" in refused(path)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda b: b[:100], "not a C3D file"),
        (lambda b: b"\x00" * len(b), "not a C3D file"),
        (lambda b: b[: len(b) // 2], "truncated or damaged"),
        (lambda b: b[:515] + b"\x56" + b[516:], "MIPS"),
        (lambda b: b[:512] + b"\xff" * 400 + b[912:], "parameter section"),
    ],
)
def test_damaged_bytes(tmp_path, walk, damage, words):
    path = write_c3d(tmp_path / "d.c3d", walking_markers(walk))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError, match=words) as error:
        read_recording(path)
    assert "\n" not in str(error.value)


def test_broken_files_from_the_field(data_dir):
    with pytest.raises(InputError, match="parameter section is damaged"):
        read_recording(data_dir / "bad" / "bad_parameter_section.c3d")
    with pytest.raises(InputError, match="MIPS"):
        read_recording(data_dir / "bad" / "mips_processor.c3d")


@pytest.mark.parametrize(
    ("name", "n_points", "n_events"),
    [("cgm24_walking01", 13, 17), ("mac_walk1", 21, 8), ("gait-pig", 9, 9), ("gait-raw", 9, 0),
     ("codamotion_gaitwands_20150204", 13, 0)],
)  # fmt: skip
def test_files_of_other_labs(data_dir, name, n_points, n_events):
    r = read_c3d(data_dir / "c3d_mixed" / f"{name}.c3d")
    assert (len(r.keypoint_names), len(r.events)) == (n_points, n_events)
    assert r.pelvis_travels
    assert all(0.05 < e.time_s < r.time_s[-1] for e in r.events)


def test_treadmill(data_dir):
    path = data_dir / "c3d_mixed" / "treadmill_events.c3d"
    r = read_c3d(path)
    assert not r.pelvis_travels
    assert any("estimate" in n for n in r.notes)
    # Heels between 20 and 50 % of 20 stances: 1.103 and 1.093.
    assert present(r.belt_speed_mps) == pytest.approx(1.098, rel=0.01)
    assert len(r.events) == 43
    assert read_c3d(path, ReadOptions(belt_speed_mps=1.0)).belt_speed_mps == 1.0


@pytest.mark.parametrize("trial", ["HC002D/HC002D06", "HC050A/HC050A11"])
def test_events_meet_the_force_plates(data_dir, trial):
    r = read_c3d(data_dir / "mcgill_c3d" / f"{trial}.c3d")
    strikes = np.array([e.time_s for e in r.events if e.kind == "initial_contact"])
    for plate in r.force_plates:
        vertical = plate.force_n[:, 2]
        assert 0.9 < vertical.max() / (9.81 * present(r.mass_kg)) < 1.6
        loaded = vertical > 20
        onset = plate.time_s[1:][loaded[1:] & ~loaded[:-1]]
        for time in onset:
            assert np.abs(strikes - time).min() < 0.02
        # The centre of pressure lies under a foot.
        peak = np.flatnonzero(vertical > 0.7 * vertical.max())
        frame = np.clip((plate.time_s[peak] * r.fps_hz).round().astype(int), 0, len(r.time_s) - 1)
        ankles = [r.keypoints_m[frame, r.keypoint_names.index(f"{s} Ankle"), :2]
                  for s in ("Left", "Right")]  # fmt: skip
        distance = [np.linalg.norm(a - plate.centre_of_pressure_m[peak, :2], axis=-1)
                    for a in ankles]  # fmt: skip
        assert np.median(np.minimum(*distance)) < 0.13


@pytest.mark.parametrize("trial", ["HC002D/HC002D06", "HC038A/HC038A11", "HC055A/HC055A09"])
def test_joint_centres_agree_with_plug_in_gait_angles(data_dir, trial):
    r = read_c3d(data_dir / "mcgill_c3d" / f"{trial}.c3d")
    p = {n: r.keypoints_m[:, i] for i, n in enumerate(r.keypoint_names)}
    angles_deg = np.degrees(present(r.reference_angles_rad))
    reference = {n: angles_deg[:, i] for i, n in enumerate(ANGLE_NAMES)}
    for side in ("Left", "Right"):
        thigh = unit(p[f"{side} Hip"] - p[f"{side} Knee"])
        shank = unit(p[f"{side} Knee"] - p[f"{side} Ankle"])
        foot = unit(p[f"{side} Foot"] - p[f"{side} Heel"])
        knee = np.degrees(np.arccos(np.clip(np.sum(thigh * shank, axis=-1), -1, 1)))
        ankle = np.degrees(np.arcsin(np.clip(np.sum(foot * shank, axis=-1), -1, 1))) + 2.1
        for value, name in ((knee, "knee_flexion"), (ankle, "ankle_dorsiflexion")):
            lab = reference[f"{side.lower()}_{name}"]
            both = np.isfinite(value) & np.isfinite(lab)
            assert np.sqrt(np.mean((value - lab)[both] ** 2)) < 6.0
            assert np.corrcoef(value[both], lab[both])[0, 1] > 0.95
        assert 50 < np.nanmax(reference[f"{side.lower()}_knee_flexion"]) < 75


def test_pelvis_frame_is_forward_left_up():
    markers = {"LASI": (0.1, 0.12, 1), "RASI": (0.1, -0.12, 1), "SACR": (-0.06, 0, 1)}
    _, _, frame = pelvis_frame({k: np.array([v], dtype=float) for k, v in markers.items()})
    np.testing.assert_allclose(frame[0], np.eye(3), atol=1e-12)


def test_a_file_whose_vertical_has_the_wrong_sign_is_called_upside_down(tmp_path, walk):
    markers = {name: at * [1.0, 1.0, -1.0] for name, at in walking_markers(walk).items()}
    path = write_c3d(tmp_path / "u.c3d", markers)
    with pytest.raises(InputError, match="the hips lie below the ankles along z") as error:
        read_recording(path)
    axes = str(error.value).split("'")[1]
    right = read_recording(write_c3d(tmp_path / "r.c3d", walking_markers(walk)))
    read = read_recording(path, axes=axes)
    np.testing.assert_allclose(read.keypoints_m, right.keypoints_m, atol=1e-6)
