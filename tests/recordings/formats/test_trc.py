import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.formats.trc import parse_trc, write_trc
from simgait.recordings.read import read_recording


@pytest.fixture
def trc(tmp_path, walk):
    r = walk()
    write_trc(tmp_path / "w.trc", r.time_s, r.keypoint_names, r.keypoints_m)
    return tmp_path / "w.trc"


def test_round_trip_up_to_the_turn_about_the_vertical(trc, walk):
    r, back = walk(), read_recording(trc)
    assert set(back.keypoint_names) == set(r.keypoint_names)
    np.testing.assert_allclose(back.time_s, r.time_s, atol=1e-6)
    order = [back.keypoint_names.index(n) for n in r.keypoint_names]
    read = back.keypoints_m[:, order]
    np.testing.assert_allclose(read[..., 2], r.keypoints_m[..., 2], atol=1e-6)
    for p in (read, r.keypoints_m):
        p -= p.mean(axis=(0, 1))
    # Handedness is kept: one rotation about the vertical maps all points.
    a, b = (p[..., 0] + 1j * p[..., 1] for p in (read, r.keypoints_m))
    turn = np.sum(b * a.conj())
    np.testing.assert_allclose(a * turn / abs(turn), b, atol=1e-5)
    assert back.pelvis_travels
    assert any("y-up" in note for note in back.notes)


def test_named_axes_win(trc, walk):
    back = read_recording(trc, axes="x-forward y-up")
    i, j = back.keypoint_names.index("Left Knee"), walk().keypoint_names.index("Left Knee")
    np.testing.assert_allclose(back.keypoints_m[:, i], walk().keypoints_m[:, j], atol=1e-6)


def test_file_is_y_up_in_millimetres_with_z_to_the_right(trc, walk):
    trial = parse_trc(trc)
    time_s, markers, unit = trial.time_s, trial.points, trial.unit
    r = walk()
    hip = r.keypoints_m[:, r.keypoint_names.index("Left Hip")]
    assert unit == "mm"
    turned = 1000.0 * np.stack([hip[:, 0], hip[:, 2], -hip[:, 1]], -1)
    np.testing.assert_allclose(markers["Left_Hip"], turned, atol=0.0006)
    np.testing.assert_allclose(time_s, r.time_s, atol=1e-6)


def test_missing_points_are_empty_fields_and_nan_again(tmp_path, walk):
    r = walk()
    points = r.keypoints_m.copy()
    points[5:9, 3] = np.nan
    write_trc(tmp_path / "g.trc", r.time_s, r.keypoint_names, points)
    markers = parse_trc(tmp_path / "g.trc").points
    gap = np.isnan(markers[r.keypoint_names[3].replace(" ", "_")]).all(-1)
    assert list(np.flatnonzero(gap)) == [5, 6, 7, 8]


def test_the_unit_is_read_from_the_header(trc, walk, tmp_path):
    lines = trc.read_text().splitlines()
    lines[2] = lines[2].replace("\tmm\t", "\tm\t")
    (tmp_path / "m.trc").write_text("\n".join(lines))
    with pytest.raises(InputError, match="the unit mm would fit"):
        read_recording(tmp_path / "m.trc")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t[:30], "not a complete TRC file"),
        (lambda t: "\n".join(t.splitlines()[:60]), "150 frames are announced but 54"),
        (lambda t: t.replace("Left_Knee", "Right_Knee"), "'Right_Knee' occurs twice"),
        (lambda t: t.replace("Left_Knee", "Elbow_Pad"), "Left Knee is not among"),
        (lambda t: t.replace("900.000", "abc", 1).replace("\t1\t", "\t1\t"), "no number|complete"),
        (lambda t: t.replace("\tmm\t", "\tparsec\t"), "parsec"),
        (lambda t: t.replace("NumMarkers", "Markers"), "no NumMarkers"),
    ],
)
def test_damaged_files(trc, change, words):
    text = trc.read_text()
    changed = change(text)
    if changed == text:
        changed = text.replace("\n1\t0.000000\t", "\n1\t0.000000\tabc", 1)
    trc.write_text(changed)
    with pytest.raises(InputError, match=words):
        read_recording(trc)
