import re

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
        (lambda t: "\n".join(t.splitlines()[:6]), "holds 0 frames"),
        (lambda t: t.replace("Left_Knee", "Right_Knee"), "'Right_Knee' occurs twice"),
        (lambda t: t.replace("Left_Knee", "Elbow_Pad"), "Left Knee is not among"),
        (lambda t: t.replace("900.000", "abc", 1).replace("\t1\t", "\t1\t"), "no number|complete"),
        (lambda t: t.replace("\tmm\t", "\tparsec\t"), "parsec"),
        (lambda t: t.replace("Units", "Lengths"), "no length unit"),
        (
            lambda t: re.sub(r"\t\d+\.\d{3}\t", "\t9_00.0\t", t, count=1),
            "'9_00.0', which",
        ),
        (lambda t: re.sub(r"\t\d+\.\d{3}\t", "\tinf\t", t, count=1), "'inf', which is no number"),
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


@pytest.mark.parametrize("tabs", [2, 3])
@pytest.mark.parametrize("what", ["all", "rows", "no axes"])
def test_several_tabs_for_each_are_read_as_one_and_said(trc, tabs, what):
    exact = read_recording(trc)
    lines = trc.read_text().splitlines()
    first = {"all": 3, "rows": 5, "no axes": 3}[what]
    if what == "no axes":
        del lines[4:6]
    lines[first:] = [line.replace("\t", "\t" * tabs) for line in lines[first:]]
    trc.write_text("\n".join(lines))
    back = read_recording(trc)
    assert back.keypoint_names == exact.keypoint_names
    np.testing.assert_allclose(back.keypoints_m, exact.keypoints_m)
    np.testing.assert_allclose(back.time_s, exact.time_s)
    assert f"{tabs} tabs between the columns were read as one." in back.notes


@pytest.mark.parametrize("change", [lambda c: [*c[:9], *c[10:]], lambda c: [*c, "1.0"]])
def test_a_row_with_a_value_too_many_or_missing_is_named(trc, change):
    lines = trc.read_text().splitlines()
    cells = lines[30].split("\t")
    lines[30] = "\t".join(change(cells))
    trc.write_text("\n".join(lines))
    found = len(change(cells))
    with pytest.raises(InputError, match=f"line 31 has {found} values .* say {len(cells)}"):
        read_recording(trc)


def test_a_row_whose_last_points_are_left_out_is_read(trc):
    lines = trc.read_text().splitlines()
    lines[30] = "\t".join(lines[30].split("\t")[:-3])
    trc.write_text("\n".join(lines))
    *others, last = parse_trc(trc).points.values()
    assert np.isnan(last).sum() == 3 and not np.isnan(others).any()


def changed(path, change, encoding="utf-8"):
    """The file again, its lines changed."""
    path.write_bytes(("\n".join(change(path.read_text().split("\n")))).encode(encoding))
    return parse_trc(path)


def with_separator(lines, separator):
    return [line.replace("\t", separator) for line in lines]


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda ls: [*ls[:2], ls[2].replace("\t", "\t\t").replace("mm", " mm "), *ls[3:]], ""),
        (lambda ls: [*ls[:1], ls[1].replace("\t", " "), ls[2].replace("\t", "  "), *ls[3:]], ""),
        (lambda ls: [re.sub("\t+", "   ", line) for line in ls], ""),
        (lambda ls: with_separator(ls, ","), ""),
        (lambda ls: with_separator(ls, ";"), ""),
        (lambda ls: [x.replace("\t", "\t\t") if x[:1].isdigit() else x for x in ls],
         "2 tabs between the columns"),
        (lambda ls: [*ls[:5], *ls[6:]], ""),
        (lambda ls: ["# exported by hand", "", *ls], ""),
        (lambda ls: [*ls[:4], *ls[6:]], ""),
        (lambda ls: [*ls[:6], *(x.replace(".", ",") for x in ls[6:])], "decimal commas"),
        (lambda ls: [x.replace("\t150\t", "\t900\t") for x in ls], "NumFrames says 900, but 150"),
        (lambda ls: [x.replace("\t150\t", "\tinf\t") for x in ls], "NumFrames says inf, but 150"),
        (lambda ls: [x.replace("\t14\tmm", "\t99\tmm") for x in ls], "NumMarkers says 99, but 14"),
        (lambda ls: [*ls[:-2], ls[-2][:100], ""], "line 156, the last one, is cut off"),
        (lambda ls: [ls[0], *(x.replace("30\t30", "60\t60") for x in ls[1:])], "DataRate is 60 Hz"),
    ],
)  # fmt: skip
def test_other_writers_layouts_are_read_alike(trc, change, note):
    whole = parse_trc(trc)
    other = changed(trc, change)
    n = len(other.time_s)
    assert list(other.points) == list(whole.points) and n >= len(whole.time_s) - 1
    for name, points in other.points.items():
        np.testing.assert_array_equal(points, whole.points[name][:n])
    np.testing.assert_allclose(other.time_s, whole.time_s[:n], atol=1e-6)
    assert bool(other.notes) == bool(note) and note in " ".join(other.notes)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_other_encodings_are_read_alike(trc, encoding):
    names = list(parse_trc(trc).points)
    assert list(changed(trc, lambda lines: lines, encoding).points) == names


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (lambda t: f"{t:.3f}", ""),
        (lambda t: f"{t:.2f}", ""),
        (lambda t: f"{1000 * t:.0f}", "does not hold seconds"),
        (lambda t: f"{30 * t:.0f}", "does not hold seconds"),
        (lambda t: "0", "does not hold seconds"),
        (lambda t: "", "does not hold seconds"),
    ],
)
def test_the_header_places_frames_whose_times_are_rounded_or_no_seconds(trc, times, words):
    def other(lines):
        return [
            "\t".join([*(c := x.split("\t"))[:1], times(float(c[1])), *c[2:]])
            if x[:1].isdigit() else x
            for x in lines
        ]  # fmt: skip

    trial = changed(trc, other)
    np.testing.assert_allclose(trial.time_s, np.arange(150) / 30, atol=1e-9)
    assert [words in note for note in trial.notes] == ([True] if words else [])


def test_a_frame_rate_and_a_unit_that_are_said_win(trc, walk):
    trial = read_recording(trc, fps_hz=60.0)
    assert trial.fps_hz == pytest.approx(60.0)
    with pytest.raises(InputError, match="the unit mm would fit"):
        read_recording(trc, unit="m")


def test_blanks_between_the_values_hide_which_one_is_missing(trc):
    def other(lines):
        lines[20] = re.sub(r"\t[^\t]+\t", "\t\t", lines[20][::-1], count=1)[::-1]
        return [re.sub("\t+", "  ", line) for line in lines]

    with pytest.raises(InputError, match="line 21 has 43 of 44 values"):
        changed(trc, other)


def test_a_column_without_a_name_shifts_no_other(trc):
    whole = parse_trc(trc)
    names = list(whole.points)
    other = changed(trc, lambda ls: [*ls[:3], ls[3].replace(names[4], ""), *ls[4:]])
    assert list(other.points) == [name for name in names if name != names[4]]
    np.testing.assert_array_equal(other.points[names[5]], whole.points[names[5]])
    assert "1 of 14 columns of points had no name." in other.notes


def test_a_name_that_nobody_needs_may_occur_twice(trc):
    def other(lines):
        lines[2] = lines[2].replace("\t14\tmm", "\t16\tmm")
        lines[3] = lines[3].rstrip("\t") + "\t\t\tV_X\t\t\tV_X\t\t"
        return [x + "\t1\t2\t3\t4\t5\t6" if re.match(r"\d+\t\d", x) else x for x in lines]

    trial = changed(trc, other)
    assert trial.repeated == ("V_X",) and trial.points["V_X"][0].tolist() == [1, 2, 3]
    assert trial.notes == ("names that occur twice, of which the first was taken: V_X.",)


@pytest.mark.slow
def test_very_many_columns_are_read(tmp_path):
    count = 40_000
    lines = [
        "PathFileType\t4\t(X/Y/Z)\tw.trc",
        "DataRate\tNumFrames\tNumMarkers\tUnits",
        f"100\t2\t{count}\tmm",
        "Frame#\tTime\t" + "\t\t\t".join(f"P{i}" for i in range(count)),
        "",
        *(f"{i}\t{i / 100}" + "\t1\t2\t3" * count for i in range(2)),
    ]
    (tmp_path / "w.trc").write_text("\n".join(lines))
    assert len(parse_trc(tmp_path / "w.trc").points) == count
    with pytest.raises(InputError, match="no marker of the ASIS"):
        read_recording(tmp_path / "w.trc")
