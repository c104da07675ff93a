"""C3D files as machines, decades and damage leave them, byte by byte."""

import os
import struct
import subprocess
import sys

import ezc3d
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.errors import InputError
from simgait.recordings.formats import c3d_plates, c3d_plates_child
from simgait.recordings.formats.c3d import open_c3d, parse_c3d
from simgait.recordings.formats.c3d_header import BLOCK, floats

FRAMES, NAMES = 50, [f"M{i}" for i in range(5)]


def made(path, *, frames=FRAMES, analog=None, params=(), unit="mm"):
    """A C3D file as ezc3d writes it: 5 points that all move differently, analog channels."""
    c = ezc3d.c3d()
    c["parameters"]["POINT"]["RATE"]["value"] = [60.0]
    c["parameters"]["POINT"]["LABELS"]["value"] = NAMES
    c["parameters"]["POINT"]["UNITS"]["value"] = [unit]
    points = np.ones((4, len(NAMES), frames))
    points[:3] = np.arange(3 * len(NAMES) * frames).reshape(3, len(NAMES), frames) + 1.0
    c["data"]["points"] = points
    if analog:
        rate_hz, channels = analog
        c["parameters"]["ANALOG"]["RATE"]["value"] = [float(rate_hz)]
        c["parameters"]["ANALOG"]["LABELS"]["value"] = [f"A{i}" for i in range(channels)]
        c["data"]["analogs"] = np.ones((1, channels, frames * rate_hz // 60))
    for group, name, value in params:
        c.add_parameter(group, name, value)
    c.write(str(path))
    return path


@pytest.mark.parametrize("group", ["ROTATION", "OTHER"])
def test_a_file_without_points_says_what_to_export(tmp_path, group):
    path = made(tmp_path / "t.c3d", params=[(group, "LABELS", ["pelvis_4X4", "l_thigh_4X4"])])
    data = bytearray(path.read_bytes())
    data[2:4] = (0).to_bytes(2, "little")
    path.write_bytes(data)
    what = "rotations of segments but no points" if group == "ROTATION" else "holds no points"
    with pytest.raises(InputError, match=f"{what}; export the positions of joints"):
        open_c3d(path)


def records(data):
    """(group or parameter name, where its record begins, where its name ends) of the section."""
    at = (data[0] - 1) * BLOCK + 4
    while data[at] and data[at + 1]:
        end = at + 2 + abs(struct.unpack_from("b", data, at)[0])
        yield bytes(data[at + 2 : end]).decode(), at, end
        at = end + struct.unpack_from("<H", data, end)[0]


def place(data, name):
    return next((at, end) for found, at, end in records(data) if found == name)


def expected(frames=FRAMES):
    points = np.arange(3 * len(NAMES) * frames).reshape(3, len(NAMES), frames) + 1.0
    return points.transpose(2, 1, 0)


@pytest.mark.parametrize(("used", "rate_hz"), [(0, 600), (4, 1000), (2, 600), (9, 600)])
def test_analog_words_are_the_headers_where_parameters_contradict_it(tmp_path, used, rate_hz):
    path = made(tmp_path / "a.c3d", analog=(600, 4))
    data = bytearray(path.read_bytes())
    for i, (_, end) in enumerate(p for p in _all(data, "USED")):
        if i == 1:  # POINT:USED comes first
            struct.pack_into("<h", data, end + 4 + data[end + 3], used)
    rates = list(_all(data, "RATE"))
    struct.pack_into("<f", data, rates[1][1] + 4 + data[rates[1][1] + 3], float(rate_hz))
    path.write_bytes(data)
    trial = parse_c3d(path)
    np.testing.assert_array_equal(trial.points["M3"], expected()[:, 3])
    assert any("header and parameters contradict each other" in note for note in trial.notes)


def _all(data, name):
    return ((at, end) for found, at, end in records(data) if found == name)


def test_analog_words_are_the_parameters_where_the_files_length_bears_them_out(tmp_path):
    path = made(tmp_path / "a.c3d", analog=(600, 4))
    data = bytearray(path.read_bytes())
    struct.pack_into("<H", data, 4, 10)  # of 40
    path.write_bytes(data)
    trial = parse_c3d(path)
    np.testing.assert_array_equal(trial.points["M4"], expected()[:, 4])
    assert any("the parameters were used" in note for note in trial.notes)


@pytest.mark.parametrize("blocks", [0, 1, 200])
def test_the_count_of_parameter_blocks_is_a_hint(tmp_path, blocks):
    path = made(tmp_path / "b.c3d", params=[("NOTES", "LONG", ["a" * 90] * 20)])
    data = bytearray(path.read_bytes())
    data[(data[0] - 1) * BLOCK + 2] = blocks
    path.write_bytes(data)
    np.testing.assert_array_equal(parse_c3d(path).points["M0"], expected()[:, 0])


def test_a_section_of_more_blocks_than_a_byte_can_count(tmp_path):
    notes = [("NOTES", f"P{i}", ["a" * 120] * 200) for i in range(6)]
    path = made(tmp_path / "b.c3d", params=notes)
    np.testing.assert_array_equal(parse_c3d(path).points["M0"], expected()[:, 0])


@pytest.mark.parametrize("said_by", ["nobody", "TRIAL", "LONG_FRAMES", "a header that wraps"])
def test_more_frames_than_the_header_can_count(tmp_path, said_by):
    n = 65_600
    params = [("TRIAL", "ACTUAL_START_FIELD", [1, 0]), ("TRIAL", "ACTUAL_END_FIELD", [64, 1])]
    path = made(tmp_path / "l.c3d", frames=n, params=params if said_by == "TRIAL" else ())
    if said_by == "LONG_FRAMES":
        path = made(path, frames=n, params=[("POINT", "LONG_FRAMES", [float(n)])])
    elif said_by == "a header that wraps":
        data = bytearray(path.read_bytes())
        struct.pack_into("<2H", data, 6, 1, n % 65536)
        path.write_bytes(data)
    trial = parse_c3d(path)
    assert len(trial.time_s) == n and trial.points["M0"][-1, 0] == n
    guessed = any("cannot count beyond 65535" in note for note in trial.notes)
    assert guessed == (said_by in ("nobody", "a header that wraps"))


def test_frames_that_the_header_leaves_out_are_not_left_out_silently(tmp_path):
    path = made(tmp_path / "s.c3d")
    data = bytearray(path.read_bytes())
    struct.pack_into("<H", data, 8, 20)
    path.write_bytes(data)
    trial = parse_c3d(path)
    assert len(trial.time_s) == 20
    assert any("30 more frames than its header says" in note for note in trial.notes)


def test_a_header_that_counts_backwards_counts_nothing(tmp_path):
    path = made(tmp_path / "s.c3d")
    data = bytearray(path.read_bytes())
    struct.pack_into("<2H", data, 6, 65_535, 3)
    path.write_bytes(data)
    trial = parse_c3d(path)
    assert len(trial.time_s) == 50
    assert "counts frames from 65535 to 3; all 50" in " ".join(trial.notes)


@pytest.mark.parametrize(
    ("raw", "name"), [(b"M\xfcller", "M\u00fcller"), ("Müller".encode(), "M\u00fcller"),
                      (b"L\x92A", "L\u2019A"), (b"\x81\x00x\x1b[", "x ["), (b"  A1\x00", "A1")]
)  # fmt: skip
def test_text_of_any_age_is_read(tmp_path, raw, name):
    path = made(tmp_path / "t.c3d", params=[("SUBJECTS", "NAMES", ["x" * len(raw)])])
    data = path.read_bytes()
    path.write_bytes(data.replace(b"x" * len(raw), raw))
    assert open_c3d(path).parameters["SUBJECTS"]["NAMES"] == [name]
    assert parse_c3d(path).subject_id.startswith("subject-")


def damaged_anywhere(data, at, value):
    out = bytearray(data)
    out[at] = value
    return bytes(out)


@given(data=st.data())
def test_one_damaged_byte_is_read_or_refused(tmp_path_factory, data):
    path = made(tmp_path_factory.mktemp("d") / "d.c3d", analog=(120, 2))
    good = path.read_bytes()
    at = data.draw(st.integers(0, 4 * BLOCK))
    path.write_bytes(damaged_anywhere(good, at, data.draw(st.integers(0, 255))))
    try:
        parse_c3d(path)
    except InputError as error:
        assert str(error).startswith("d.c3d: ") and "\n" not in str(error)


@pytest.mark.parametrize("what", ["group id", "description", "step", "name", "kind", "dimensions"])
def test_what_does_not_fit_is_a_damaged_section(tmp_path, what):
    path = made(tmp_path / "p.c3d")
    data = bytearray(path.read_bytes())
    at, end = place(data, "UNITS")
    step = struct.unpack_from("<H", data, end)[0]
    if what == "group id":
        data[at + 1] = 0x45
    elif what == "description":
        data[end + step - 1] = 0x90
    elif what == "step":
        struct.pack_into("<H", data, end, 60_000)
    elif what == "name":
        data[at + 3] = 0x07
    elif what == "kind":
        data[end + 2] = 9
    elif what == "dimensions":
        data[end + 3] = 30
    path.write_bytes(data)
    with pytest.raises(InputError, match="p.c3d: the C3D parameter section is damaged"):
        parse_c3d(path)


def test_points_without_any_name_are_no_markers_that_lack(tmp_path):
    """A damaged step in the parameter section loses all that follows it, the labels among them."""
    path = made(tmp_path / "w.c3d")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"LABELS", b"LABELX"))
    with pytest.raises(InputError, match=r"name none of the \d+ points \(POINT:LABELS\), so that"):
        parse_c3d(path)


def with_plates(path):
    """A file that ezc3d dies of: a description of 200 characters, which the format allows."""
    path = made(path, params=[("FORCE_PLATFORM", "USED", [1])])
    data = bytearray(path.read_bytes())
    at, end = place(data, "FORCE_PLATFORM")
    step = struct.unpack_from("<H", data, end)[0]
    section_end = struct.unpack_from("<H", data, 16)[0] * BLOCK - BLOCK
    tail = bytes(data[end + step : section_end - 200])
    struct.pack_into("<H", data, end, 203)
    data[end + 2 : section_end] = bytes([200]) + b"d" * 200 + tail[: section_end - end - 203]
    assert len(data) == path.stat().st_size
    path.write_bytes(data)
    return path


def test_the_c_plus_plus_library_dies_and_the_rest_is_read(tmp_path):
    trial = parse_c3d(with_plates(tmp_path / "f.c3d"))
    np.testing.assert_array_equal(trial.points["M0"], expected()[:, 0])
    assert trial.force_plates == ()
    assert any("force plates could not be read and were left out: " in n for n in trial.other_notes)


@pytest.mark.skipif(sys.platform == "win32", reason="names are Unicode there")
def test_a_name_that_is_not_utf8_takes_no_plates_away(tmp_path):
    path = made(tmp_path / "f.c3d")
    odd = path.rename(tmp_path / os.fsdecode(b"Jos\xe9.c3d"))
    assert c3d_plates.read_force_plates(odd, 100.0) == ()  # and raises nothing


def test_plates_without_a_sample_rate_are_left_out(tmp_path, monkeypatch):
    """Their times would be divided by nothing."""
    monkeypatch.setattr(
        c3d_plates, "_run", lambda path, result: np.savez(result, n=1, force_0=np.ones((3, 9)))
    )
    with pytest.raises(c3d_plates.PlatesUnreadable, match="no rate of their samples"):
        c3d_plates.read_force_plates(tmp_path / "f.c3d", 0.0)


@pytest.mark.parametrize(
    ("program", "why"),
    [("import os; os.abort()", "broke down"), ("import sys; sys.exit(3)", "damaged, or of a type"),
     ("while True: pass", "broke down"), ("import time; time.sleep(600)", "took too long"),
     ("raise MemoryError", "broke down")],
)  # fmt: skip
def test_however_the_child_ends_the_file_is_read(tmp_path, monkeypatch, program, why):
    child = tmp_path / "child.py"
    limits = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n"
    child.write_text(limits + program if sys.platform != "win32" else program)
    monkeypatch.setattr(c3d_plates, "_CHILD", child)
    if "sleep" in program:  # the others end by themselves, however slow the machine is
        monkeypatch.setattr(c3d_plates, "_WAIT_PER_CPU_S", 0.01)
    path = made(tmp_path / "f.c3d", params=[("FORCE_PLATFORM", "USED", [1])])
    assert any(why in note for note in parse_c3d(path).other_notes)


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of memory there")
def test_the_child_may_not_take_all_memory_and_needs_nothing_of_simgait(tmp_path):
    path = made(tmp_path / "f.c3d")
    source = c3d_plates_child.__file__
    command = [sys.executable, "-P", source, str(path), str(tmp_path / "r.npz")]
    assert subprocess.run([*command, "60", str(1 << 31)], check=False).returncode == 0
    starved = subprocess.run([*command, "60", str(1 << 24)], check=False, capture_output=True)
    assert starved.returncode != 0
    names = subprocess.run(
        [sys.executable, "-X", "importtime", "-P", source, str(path), str(tmp_path / "r.npz"),
         "60", str(1 << 31)], check=True, capture_output=True, text=True,
    ).stderr  # fmt: skip
    assert "simgait.recordings" not in names and "ezc3d" in names and "scipy" not in names


def test_the_child_reads_the_plates_of_a_real_walk(data_dir):
    path = data_dir / "c3d_mixed" / "gait-pig.c3d"
    here = ezc3d.c3d(str(path), extract_forceplat_data=True)["data"]["platform"]
    plates = c3d_plates.read_force_plates(path, 800.0)
    assert len(plates) == len(here) == 2
    for plate, platform in zip(plates, here, strict=True):
        np.testing.assert_array_equal(plate.force_n, platform["force"].T)
        np.testing.assert_array_equal(plate.corners_m, platform["corners"].T * 0.001)
        assert plate.time_s[1] == 1 / 800.0


def test_points_are_those_of_ezc3d(data_dir):
    for path in sorted((data_dir / "c3d_mixed").glob("*.c3d")):
        file, other = open_c3d(path), ezc3d.c3d(str(path))["data"]
        ours = np.where(file.invalid[..., None], np.nan, file.points)
        missing = other["meta_points"]["residuals"][0].T < 0
        theirs = np.where(missing[..., None], np.nan, other["points"][:3].transpose(2, 1, 0))
        np.testing.assert_array_equal(ours, theirs, err_msg=path.name)


def test_floats_of_a_dec_machine():
    # From the VAX Architecture Reference Manual: 1.0 is 0x4080, -1.0 0xC080, 0 all zero.
    raw = struct.pack("<6H", 0x4080, 0, 0xC080, 0, 0, 0)
    assert floats(raw, is_dec=True).tolist() == [1.0, -1.0, 0.0]


def test_a_rate_that_header_and_parameters_contradict_is_refused(tmp_path):
    path = made(tmp_path / "t.c3d")
    parse_c3d(path)
    data = bytearray(path.read_bytes())
    data[20:24] = struct.pack("<f", 90.0)
    path.write_bytes(data)
    with pytest.raises(InputError, match="states 90 frames per second and POINT:RATE 60; the file"):
        parse_c3d(path)


def test_a_wild_number_in_a_models_output_takes_no_marker_along(tmp_path):
    path = made(tmp_path / "t.c3d", params=[("POINT", "FORCES", ["M4"])])
    whole = parse_c3d(path)
    data = bytearray(path.read_bytes())
    at = data.rfind(struct.pack("<f", 750.0), 0, len(data))  # the last number of M4
    data[at : at + 4] = struct.pack("<f", 8e37)
    path.write_bytes(data)
    found = parse_c3d(path)
    assert np.isnan(found.points["M4"][-1]).all()
    np.testing.assert_array_equal(found.points["M0"], whole.points["M0"])
    listed = data.find(b"FORCES")
    data[listed : listed + 6] = b"OTHERS"
    path.write_bytes(data)
    with pytest.raises(
        InputError, match=r"the number 8e\+37 \(frame 49, M4\), which is no position"
    ):
        parse_c3d(path)
