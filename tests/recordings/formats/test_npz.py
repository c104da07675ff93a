import os
from dataclasses import replace

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.footage import Camera
from simgait.recordings.detectors.keypoint_sets import find_keypoint_set
from simgait.recordings.formats.npz import read_npz, write_npz
from simgait.recordings.read import read_recording
from simgait.skeleton.default import ANGLE_NAMES, POSE_NAMES
from tests.shapes import unchecked


@pytest.fixture
def save(tmp_path, walk):
    """Save the pendulum walk with changed keys (None removes one); gives the path."""

    def _save(name="w.npz", **changes):
        r = walk()
        data = {
            "keypoints": r.keypoints_m, "names": np.array(r.keypoint_names), "fps_hz": 30.0,
            "unit": "m", "axes": "z-up", "height_m": 1.7,
        }  # fmt: skip
        data |= changes
        np.savez(tmp_path / name, **{k: v for k, v in data.items() if v is not None})
        return tmp_path / name

    return _save


def test_round_trip_keeps_everything(tmp_path, walk):
    r = replace(walk(), mass_kg=70.0, subject_id="S1", recorded_on="2026-11-21")
    r.keypoints_m[3, 2] = np.nan
    r = replace(r, confidence=np.isfinite(r.keypoints_m).all(-1) * 0.5)
    write_npz(tmp_path / "w.npz", r)
    back = read_recording(tmp_path / "w.npz")
    assert back.keypoint_names == r.keypoint_names
    for field in ("time_s", "keypoints_m", "confidence", "pose"):
        np.testing.assert_allclose(getattr(back, field), getattr(r, field))
    for field in ("scale_is_metric", "pelvis_travels", "subject_id", "height_m", "mass_kg",
                  "recorded_on"):  # fmt: skip
        assert getattr(back, field) == getattr(r, field)
    assert back.events == r.events
    assert os.listdir(tmp_path) == ["w.npz"]


def test_root_relative_round_trip(tmp_path, walk):
    r = walk()
    hips = [r.keypoint_names.index(f"{s} Hip") for s in ("Left", "Right")]
    points = r.keypoints_m - r.keypoints_m[:, hips].mean(axis=1, keepdims=True)
    write_npz(tmp_path / "w.npz", replace(r, keypoints_m=points, pelvis_travels=False))
    assert not read_npz(tmp_path / "w.npz").pelvis_travels


def test_an_estimated_belt_speed_stays_an_estimate_until_somebody_says_it(tmp_path, walk):
    r = walk()
    hips = [r.keypoint_names.index(f"{s} Hip") for s in ("Left", "Right")]
    path = r.keypoints_m[:, hips].mean(axis=1, keepdims=True) * [1.0, 1.0, 0.0]
    on_belt = replace(
        r, keypoints_m=r.keypoints_m - path, pelvis_travels=False, belt_speed_mps=1.1,
        belt_is_estimated=True, pose=None,
    )  # fmt: skip
    # The pelvis sways a little, as a person's on a belt does.
    on_belt.keypoints_m[..., 0] += 0.05 * np.sin(r.time_s)[:, None]
    write_npz(tmp_path / "w.npz", on_belt)
    back = read_npz(tmp_path / "w.npz")
    assert (back.belt_speed_mps, back.belt_is_estimated) == (1.1, True)
    said = read_recording(tmp_path / "w.npz", belt_speed_mps=1.2)
    assert (said.belt_speed_mps, said.belt_is_estimated) == (1.2, False)


def test_camera_array_in_millimetres_lands_on_our_axes(tmp_path, walk):
    r = walk()
    chosen = find_keypoint_set("movi-87", "f")
    array = np.zeros((len(r.time_s), 87, 3), dtype=np.float32)
    # Camera behind the person: its z is our x, its x our -y, its y our -z.
    camera = np.stack(
        [-r.keypoints_m[..., 1], -r.keypoints_m[..., 2], r.keypoints_m[..., 0]], axis=-1
    )
    for i, name in enumerate(r.keypoint_names):
        array[:, chosen.index[name]] = 1000 * camera[:, i]
    np.save(tmp_path / "m.npy", array)
    back = read_recording(
        tmp_path / "m.npy", fps_hz=30.0, unit="mm", axes="y-down z-forward", height_m=1.7
    )
    for name in r.keypoint_names:
        np.testing.assert_allclose(
            back.keypoints_m[:, back.keypoint_names.index(name)],
            r.keypoints_m[:, r.keypoint_names.index(name)], atol=1e-5,
        )  # fmt: skip
    # Zeros of the points that the walker lacks are missing, not positions.
    wrist = back.keypoint_names.index("Left Wrist")
    assert np.isnan(back.keypoints_m[:, wrist]).all()
    assert (back.confidence[:, wrist] == 0).all()
    assert not back.scale_is_metric


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unit": "mm"}, "the unit m would fit"),
        ({"unit": "furlong"}, "not known"),
        ({"unit": None}, "no length unit"),
        ({"axes": None}, "no axes"),
        ({"axes": "z-down"}, "below the ankles"),
        ({"axes": "y-up"}, "another axis is vertical"),
        ({"fps_hz": None}, "no frame rate"),
        ({"fps_hz": 3.0}, "3 frames per second cannot be right"),
        ({"fps_hz": 1e5}, "cannot be right"),
        ({"height_m": 170.0}, "looks like centimetres, so give 1.70"),
        ({"height_m": 1700.0}, "looks like millimetres"),
        ({"height_m": 0.1}, "height in metres"),
        ({"mass_kg": 7000.0}, "kilograms"),
        ({"keypoints": None}, "no array 'keypoints'"),
        ({"keypoints": np.zeros((5, 14))}, "not frames × keypoints × 3"),
        ({"keypoints": np.zeros((0, 14, 3))}, "'keypoints' holds no frames; export it again"),
        ({"keypoints": np.zeros((9, 0, 3))}, "'keypoints' holds no keypoints; export it again"),
        ({"names": None}, "14 keypoints per frame do not say"),
        ({"names": np.array(["lhip", "rhip"])}, "2 keypoint names are given for 14"),
        ({"time_s": np.zeros(150), "fps_hz": None}, "do not increase"),
        ({"time_s": np.arange(7.0), "fps_hz": None}, "7 time stamps are given for 150"),
        ({"confidence": np.ones((150, 3))}, "numbers from 0 to 1"),
        ({"confidence": np.full((150, 14), 2.0)}, "numbers from 0 to 1"),
        ({"recorded_on": "21.11.2026"}, "is no date .21.11.2026.; give it as 2026-11-21"),
    ],
)
def test_bad_facts_each_one_sentence(save, changes, words):
    with pytest.raises(InputError, match=words) as error:
        read_recording(save(**changes))
    message = str(error.value)
    assert message.startswith("w.npz: ") and message.endswith(".") and "\n" not in message


def test_millimetres_called_metres(save, walk):
    with pytest.raises(InputError, match="the unit mm would fit"):
        read_npz(save(keypoints=walk().keypoints_m * 1000))


def test_infinite_number_says_where(save, walk):
    points = walk().keypoints_m.copy()
    points[7, 2, 1] = np.inf
    with pytest.raises(InputError, match=r"infinite number \(frame 7, keypoint 2\)"):
        read_npz(save(keypoints=points))


def test_nan_and_zero_points_are_missing(save, walk):
    points = walk().keypoints_m.copy()
    points[4, 1] = np.nan
    points[5, 1] = 0.0
    points[6, 1, 2] = np.nan
    r = read_npz(save(keypoints=points))
    i = r.keypoint_names.index(walk().keypoint_names[1])
    assert np.isnan(r.keypoints_m[4:7, i]).all()
    assert (r.confidence[4:7, i] == 0).all()
    assert np.isfinite(r.keypoints_m[7, i]).all()


def test_swapped_sides_are_noticed(save, walk):
    names = [
        n.replace("Left", "?").replace("Right", "Left").replace("?", "Right")
        for n in walk().keypoint_names
    ]
    with pytest.raises(InputError, match=r"look swapped.*--exchange sides.*x-forward y-right z-up"):
        read_npz(save(names=np.array(names)))
    r = read_recording(save(names=np.array(names)), exchange=("sides",))
    sound = read_npz(save())
    assert r.keypoint_names == sound.keypoint_names
    np.testing.assert_allclose(r.keypoints_m, sound.keypoints_m)
    assert any("exchanged in all" in note for note in r.notes)


def test_a_mirrored_file_is_read_by_its_three_axes(save, walk):
    r = walk()
    mirrored = r.keypoints_m * [1.0, -1.0, 1.0]
    with pytest.raises(InputError, match="look swapped"):
        read_npz(save(keypoints=mirrored))
    read = read_recording(save(keypoints=mirrored), axes="x-forward y-right z-up")
    np.testing.assert_allclose(read.keypoints_m, read_npz(save()).keypoints_m)


def test_two_points_are_exchanged_by_our_names(save, walk):
    r = walk()
    heel, ball = (r.keypoint_names.index(f"Left {n}") for n in ("Heel", "Foot"))
    read = read_recording(save(), exchange=("Left Heel", "Left Foot"))
    sound = read_npz(save())
    np.testing.assert_allclose(read.keypoints_m[:, heel], sound.keypoints_m[:, ball])


def test_swapped_sides_are_noticed_from_knees_alone(save, walk):
    r = walk()
    joints = [f"{s} {j}" for s in ("Right", "Left") for j in ("Hip", "Knee", "Ankle")]
    columns = [r.keypoint_names.index(n) for n in joints]
    swapped = [*joints[3:], *joints[:3]]
    with pytest.raises(InputError, match="left and right look swapped"):
        read_npz(save(keypoints=r.keypoints_m[:, columns], names=np.array(swapped)))
    right = read_npz(save(keypoints=r.keypoints_m[:, columns], names=np.array(joints)))
    assert set(right.keypoint_names) == set(joints)


def test_missing_knees_are_named(save, walk):
    r = walk()
    keep = [i for i, n in enumerate(r.keypoint_names) if "Knee" not in n]
    names = np.array([r.keypoint_names[i] for i in keep])
    with pytest.raises(InputError, match="no usable Left Knee, Right Knee"):
        read_npz(save(keypoints=r.keypoints_m[:, keep], names=names))


def test_pelvis_that_is_mid_hip_is_left_out(save, walk):
    r = walk()
    points = r.keypoints_m.copy()
    i, left, right = (r.keypoint_names.index(n) for n in ("Pelvis", "Left Hip", "Right Hip"))
    points[:, i] = 0.5 * (points[:, left] + points[:, right])
    read = read_npz(save(keypoints=points))
    assert "Pelvis" not in read.keypoint_names
    assert any("middle of the hips" in note for note in read.notes)


def test_pickles_are_never_opened(tmp_path, save):
    np.savez(tmp_path / "p.npz", keypoints=np.array([{"a": 1}], dtype=object))
    np.save(tmp_path / "p.npy", np.array([{"a": 1}], dtype=object))
    for name in ("p.npz", "p.npy"):
        with pytest.raises(InputError, match="never opened"):
            read_npz(tmp_path / name)


@pytest.mark.parametrize("keep", [1, 50, 2000, -20])
def test_truncated_file(save, keep):
    path = save()
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(InputError, match="truncated"):
        read_recording(path)


def test_damaged_inside(tmp_path, walk):
    write_npz(tmp_path / "w.npz", walk())
    sound = (tmp_path / "w.npz").read_bytes()
    refused = 0
    for at in range(60, 2000, 97):
        (tmp_path / "w.npz").write_bytes(sound[:at] + b"\xa5\x5a\xff" + sound[at + 3 :])
        try:
            read_recording(tmp_path / "w.npz")
        except InputError:
            refused += 1
    assert refused > 10


def test_failed_write_leaves_nothing_behind(tmp_path, walk):
    with pytest.raises(InputError, match="cannot be written"):
        write_npz(tmp_path / "none" / "w.npz", walk())
    assert not list(tmp_path.iterdir())
    write_npz(tmp_path / "w", walk())  # the name is the caller's, whatever it ends in
    assert [path.name for path in tmp_path.iterdir()] == ["w"]


@pytest.mark.parametrize("key", ["pose", "reference_angles_rad"])
def test_a_truth_beyond_any_measure_is_refused(tmp_path, walk, key):
    r = walk()
    names = {"pose": POSE_NAMES, "reference_angles_rad": ANGLE_NAMES}[key]
    values = np.zeros((len(r.time_s), len(names)))
    values[5] = np.nan
    write_npz(tmp_path / "w.npz", replace(r, **{key: values}))
    read_npz(tmp_path / "w.npz")
    values[7, 3] = -1e300
    write_npz(tmp_path / "w.npz", replace(r, **{key: values}))
    with pytest.raises(InputError, match=f"{key} holds a number beyond any measure"):
        read_npz(tmp_path / "w.npz")


@pytest.mark.parametrize(
    ("fact", "bad", "said", "flag", "used"),
    [
        ("height_m", 172.0, 1.72, "--height (in Python height_m)", 1.72),
        ("height_m", "tall", 1.72, "--height (in Python height_m)", 1.72),
        ("mass_kg", 7000.0, 70.0, "--mass (in Python mass_kg)", 70.0),
        ("fps_hz", 1e5, 30.0, "--fps (in Python fps_hz)", 30.0),
        ("unit", "furlong", "m", "--unit", "m"),
        ("unit", 3.0, "m", "--unit", "m"),
        ("axes", "sideways", "z-up", "--axes", "z-up"),
        ("subject_id", 7.0, "P7", "--subject (in Python subject_id)", "P7"),
    ],
)
def test_what_is_said_wins_over_a_bad_fact_and_the_sentence_says_how(
    save, fact, bad, said, flag, used
):
    path = save(**{fact: bad})
    with pytest.raises(InputError) as error:
        read_recording(path)
    assert flag in str(error.value)
    back = read_recording(path, **{fact: said})
    if hasattr(back, fact):
        assert getattr(back, fact) == (pytest.approx(used) if fact == "fps_hz" else used)


def test_a_belt_speed_in_kmh_is_overruled(save, walk):
    recording = walk()
    still = recording.keypoints_m - recording.keypoints_m[:, :1]
    path = save(keypoints=still, belt_speed_mps=4.5)
    with pytest.raises(InputError, match="if it is in km/h, give 1.25 with --belt-speed"):
        read_recording(path)
    back = read_recording(path, belt_speed_mps=1.25)
    assert back.belt_speed_mps == 1.25
    note = "Belt speed: the 1.25 m/s given were used, though the file says 4.5 m/s."
    assert note in back.notes


def test_what_is_said_otherwise_than_in_the_file_is_a_note(save):
    back = read_recording(save(height_m=1.6, mass_kg=60.0), height_m=1.7, mass_kg=60.01)
    notes = [note for note in back.notes if "though the file says" in note]
    assert notes == ["Height: the 1.7 m given were used, though the file says 1.6 m."]
    assert read_recording(save(height_m=1.6)).height_m == 1.6


def test_a_speed_said_is_a_distance_and_wins_over_the_files(save):
    back = read_recording(save(distance_m=9.0), speed_mps=1.5)
    assert back.distance_m == pytest.approx(1.5 * (back.time_s[-1] - back.time_s[0]))
    with pytest.raises(InputError, match="a distance and a speed are given; leave one out"):
        read_recording(save(), speed_mps=1.5, distance_m=3.0)
    with pytest.raises(InputError, match="if it is in km/h"):
        read_recording(save(), speed_mps=5.0)


def test_camera_pictures_and_notes_of_a_video_come_back(tmp_path, walk):
    r = walk()
    camera = Camera(900.0, 1280, 720, "assumed", np.array([0.0, 0.0, 1.1]), np.eye(3))
    image = np.full((*r.keypoints_m.shape[:2], 2), 5.0)
    image[3] = np.nan
    sd_px = np.where(np.isnan(image[..., 0]), np.nan, 2.5)
    r = replace(
        r, camera=camera, image_px=image, image_sd_px=sd_px, notes=("The lens was ASSUMED.",)
    )
    write_npz(tmp_path / "w.npz", r)
    back = read_recording(tmp_path / "w.npz")
    assert back.camera is not None and back.notes[0] == "The lens was ASSUMED."
    assert (back.camera.focal_px, back.camera.width_px) == (900.0, 1280)
    assert back.camera.source == "assumed"
    np.testing.assert_allclose(back.camera.position_m, camera.position_m)
    assert back.image_px is not None
    np.testing.assert_allclose(back.image_px, image)
    assert back.image_sd_px is not None
    np.testing.assert_allclose(back.image_sd_px, sd_px)


@pytest.mark.parametrize("wrong", [np.zeros((2, 2)), -1.0, 0.0, np.inf])
def test_an_sd_that_is_none_is_refused(tmp_path, walk, wrong):
    r = walk()
    shape = r.keypoints_m.shape[:2]
    sd_px = np.full(shape, wrong) if np.isscalar(wrong) else wrong
    image_px = np.full((*shape, 2), 5.0)
    with unchecked():
        write_npz(tmp_path / "w.npz", replace(r, image_px=image_px, image_sd_px=sd_px))
    with pytest.raises(InputError, match="image_sd_px must be"):
        read_recording(tmp_path / "w.npz")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"camera_focal_px": np.array(-3.0)}, "its camera is none"),
        ({"camera_rotation": np.eye(2)}, "its camera is none"),
        ({"camera_position_m": np.full(3, np.nan)}, "its camera is none"),
        ({"notes": np.array(3.0)}, "must be a list"),
    ],
)
def test_a_camera_that_is_none_is_refused(save, changes, words):
    whole = {
        "camera_focal_px": np.array(900.0), "camera_size_px": np.array([1280, 720]),
        "camera_position_m": np.zeros(3), "camera_rotation": np.eye(3),
        "camera_source": np.array("stated"),
    }  # fmt: skip
    with pytest.raises(InputError, match=words):
        read_npz(save(**(whole | changes)))


def test_events_of_different_lengths_are_counted(save):
    path = save(event_time_s=[0.1, 0.9], event_side=["left"], event_kind=["initial_contact"])
    with pytest.raises(InputError, match=r"\(2 times, 1 sides, 1 kinds\); give event_time_s"):
        read_recording(path)
