"""Scrubbed C3D files: nobody's name is left, and nothing that is measured changes."""

import struct

import ezc3d
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.errors import InputError
from simgait.recordings.formats import c3d_scrub_check
from simgait.recordings.formats.c3d import open_c3d, parse_c3d, read_c3d
from simgait.recordings.formats.c3d_header import BLOCK
from simgait.recordings.formats.c3d_scrub import scrubbed
from simgait.recordings.formats.c3d_scrub_check import reads_the_same, write_scrubbed
from simgait.recordings.options import ReadOptions
from tests.recordings.formats.test_c3d import walking_markers, write_c3d
from tests.recordings.formats.test_c3d_bytes import made, place, records

PLANTED = (b"Anna", b"Meier", b"1961-03-02", b"Bonn", b"Visit", b"M\xfcller")
"""What stands in a file that tells who walked, and nowhere in its copy."""
EVENTS = [("Left", "Foot Strike", 0.4), ("Anna", "stumbles", 0.6), ("Right", "Foot Off", 0.9)]
GROUPS = [
    ("SUBJECTS", "NAMES", "Anna Meier"), ("SUBJECTS", "BIRTH_DATE", "1961-03-02"),
    ("TRIAL", "DATE", "1961-03-02"), ("MANUFACTURER", "SITE", "Bonn"),
    ("EVENT", "SUBJECTS", "Anna Meier"), ("PROCESSING", "BODYMASS", 71.5),
    ("PROCESSING", "HEIGHT", 1702.0), ("PROCESSING", "BIRTHYEAR", 1961.0),
    ("ANNA", "NOTES", "Visit in Bonn, Dr. M\u00fcller"), ("POINT", "DESCRIPTIONS", "of Anna Meier"),
    ("ANALOG", "REMARK", "Anna Meier"),
]  # fmt: skip


@pytest.fixture
def planted(tmp_path, walk):
    path = write_c3d(
        tmp_path / "walk.c3d", walking_markers(walk), prefix="Anna:", events=EVENTS, groups=GROUPS
    )
    data = bytearray(path.read_bytes())
    data[24:34] = b"Anna Meier"  # a reserved word of the header
    struct.pack_into("<2H", data, 298, 0x3039, 2)
    data[304:308] = struct.pack("<f", 0.4)
    data[396:404] = b"RHS Anna"
    section_end = (struct.unpack_from("<H", data, 16)[0] - 1) * BLOCK
    assert not any(data[section_end - 10 : section_end])
    data[section_end - 10 : section_end] = b"Anna Meier"
    data += b"Anna Meier".ljust(BLOCK, b"\0")
    path.write_bytes(data.replace("M\u00fcller".encode(), b"M\xfcller "))
    return path


def is_planted(data):
    return [word for word in PLANTED if word.lower() in data.lower()]


def test_nothing_that_tells_who_walked_is_left(planted, tmp_path):
    assert set(is_planted(planted.read_bytes())) == set(PLANTED)
    copy = write_scrubbed(planted, tmp_path / "copy.c3d")
    data = (tmp_path / "copy.c3d").read_bytes()
    assert is_planted(data) == [] and len(data) == planted.stat().st_size
    assert copy.prefixes == 1
    assert copy.removed["SUBJECTS", "NAMES"] == 1 and copy.removed["ANNA", "NOTES"] == 1
    assert copy.removed["EVENT", "LABELS"] == 1 and copy.removed["EVENT", "CONTEXTS"] == 1
    assert copy.removed["header", "event labels"] == 1
    kept = open_c3d(tmp_path / "copy.c3d").parameters
    assert "ANNA" not in kept and set(kept["PROCESSING"]) == {"BODYMASS", "HEIGHT"}
    assert kept["EVENT"]["LABELS"] == ["Foot Strike", "", "Foot Off"]
    assert struct.unpack_from("<2H", data, 298) == (0x3039, 2)
    assert data[304:308] == struct.pack("<f", 0.4) and data[396:404] == b"RHS     "


def test_what_is_measured_is_the_same(planted, tmp_path):
    write_scrubbed(planted, tmp_path / "copy.c3d")
    one, two = open_c3d(planted), open_c3d(tmp_path / "copy.c3d")
    frames = slice(one.layout.start, one.layout.end)
    assert planted.read_bytes()[frames] == (tmp_path / "copy.c3d").read_bytes()[frames]
    np.testing.assert_array_equal(one.points, two.points)
    theirs = ezc3d.c3d(str(tmp_path / "copy.c3d"))["data"]["points"][:3]
    np.testing.assert_array_equal(theirs.transpose(2, 1, 0), two.points)
    before, after = read_c3d(planted), read_c3d(tmp_path / "copy.c3d")
    np.testing.assert_array_equal(before.keypoints_m, after.keypoints_m)
    np.testing.assert_array_equal(before.time_s, after.time_s)
    assert before.keypoint_names == after.keypoint_names and before.events == after.events
    assert (before.height_m, before.mass_kg) == (after.height_m, after.mass_kg) == (1.702, 71.5)
    assert before.subject_id and not after.subject_id


@pytest.mark.parametrize("between", [":", "_"])
def test_two_people_become_letters(tmp_path, walk, between):
    markers = walking_markers(walk)
    both = {
        f"{who}{between}{name}": at + shift
        for who, shift in (("Anna", 0.0), ("Berta", 1.0))
        for name, at in markers.items()
    }
    path = write_c3d(tmp_path / "two.c3d", both)
    write_scrubbed(path, tmp_path / "copy.c3d")
    copy = parse_c3d(tmp_path / "copy.c3d", ReadOptions(person=2))
    assert copy.people == ("A", "B")
    whole = parse_c3d(path, ReadOptions(person=2))
    np.testing.assert_array_equal(copy.points["LASI"], whole.points["LASI"])
    data = (tmp_path / "copy.c3d").read_bytes()
    assert b"Anna" not in data and b"Berta" not in data


def test_a_name_inside_a_label_is_refused_and_not_shown(tmp_path):
    path = made(
        tmp_path / "n.c3d", analog=(120, 1),
        params=[("SUBJECTS", "NAMES", ["Meier, Eva"]), ("ANALOG", "LABELS", ["EMG of meier"])],
    )  # fmt: skip
    with pytest.raises(InputError, match="n.c3d: a text that was taken out, ") as error:
        write_scrubbed(path, tmp_path / "copy.c3d")
    assert "eier" not in str(error.value) and not (tmp_path / "copy.c3d").exists()


@pytest.mark.parametrize(
    ("name", "label", "is_there"),
    [("Han", "LHand", False), ("Han", "Han 1", True), ("Han", "HanArm", True),
     ("HC039A", "EMG 39", False), ("4711234", "4711234", True), ("Left", "Left", False)],
)  # fmt: skip
def test_short_names_are_words(tmp_path, name, label, is_there):
    params = [("SUBJECTS", "NAMES", [name]), ("ANALOG", "LABELS", [label])]
    path = made(tmp_path / "n.c3d", analog=(120, 1), params=params)
    if is_there:
        with pytest.raises(InputError, match="also stands in a label"):
            scrubbed(path)
    else:
        scrubbed(path)


def test_a_maker_may_stand_in_a_label(tmp_path):
    params = [
        ("MANUFACTURER", "VERSION_LABEL", ["Vicon"]),
        ("ANALOG", "LABELS", ["Vicon Threshold"]),
    ]
    assert scrubbed(made(tmp_path / "m.c3d", analog=(120, 1), params=params)).removed


def test_a_unit_or_an_axis_is_no_place_for_a_name(tmp_path):
    params = [("POINT", "X_SCREEN", ["Anna"]), ("ANALOG", "UNITS", ["Meier", "mV"])]
    write_scrubbed(made(tmp_path / "u.c3d", analog=(120, 2), params=params), tmp_path / "copy.c3d")
    kept = open_c3d(tmp_path / "copy.c3d").parameters
    assert kept["POINT"]["UNITS"] == ["mm"] and kept["POINT"]["X_SCREEN"] == [""]
    assert kept["ANALOG"]["UNITS"] == ["", "mV"]


def test_a_copy_that_reads_otherwise_is_not_kept(planted, tmp_path, monkeypatch):
    monkeypatch.setattr(c3d_scrub_check, "reads_the_same", lambda path, other: False)
    with pytest.raises(InputError, match="does not read as the file does, and was not kept"):
        write_scrubbed(planted, tmp_path / "copy.c3d")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["walk.c3d"]


def test_files_that_differ_do_not_read_the_same(tmp_path):
    path, other = made(tmp_path / "a.c3d"), made(tmp_path / "b.c3d")
    assert reads_the_same(path, other)
    data = bytearray(other.read_bytes())
    data[open_c3d(other).layout.start + 2] ^= 1
    other.write_bytes(data)
    assert not reads_the_same(path, other)


def test_a_copy_of_a_copy_is_the_same(planted, tmp_path):
    write_scrubbed(planted, tmp_path / "one.c3d")
    copy = write_scrubbed(tmp_path / "one.c3d", tmp_path / "two.c3d")
    assert (tmp_path / "one.c3d").read_bytes() == (tmp_path / "two.c3d").read_bytes()
    assert not copy.removed and not copy.prefixes


def test_groups_that_stay_lose_their_descriptions(tmp_path):
    path = made(tmp_path / "g.c3d")
    data = bytearray(path.read_bytes())
    at, end = place(data, "POINT")
    step = struct.unpack_from("<H", data, end)[0]
    section_end = (struct.unpack_from("<H", data, 16)[0] - 1) * BLOCK
    tail = bytes(data[end + step : section_end])
    struct.pack_into("<H", data, end, 13)
    data[end + 2 : section_end] = (b"\x0aAnna Meier" + tail)[: section_end - end - 2]
    path.write_bytes(data)
    write_scrubbed(path, tmp_path / "copy.c3d")
    copy = (tmp_path / "copy.c3d").read_bytes()
    assert b"Anna" not in copy and "POINT" in [name for name, _, _ in _chain(copy)]


def _chain(data):
    """`records` reads until zeros; the last record of a copy points nowhere instead."""
    found = []
    for one in records(data):
        found.append(one)
        if struct.unpack_from("<H", data, one[2])[0] == 0:
            break
    return found


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("bmclab_walk/Gait.c3d", marks=pytest.mark.slow),
        "c3d_mixed/gait-pig.c3d",
        pytest.param("mcgill_c3d/HC039A/HC039A17.c3d", marks=pytest.mark.slow),
    ],
)
def test_a_real_walk_is_the_same(data_dir, tmp_path, name):
    """The first two are a DEC machine's, of integers; the second has a name before its labels."""
    path = data_dir / name
    write_scrubbed(path, tmp_path / "copy.c3d")
    one, two = open_c3d(path), open_c3d(tmp_path / "copy.c3d")
    assert one.header.is_dec == ("mcgill" not in name)
    np.testing.assert_array_equal(one.points, two.points)
    told = ReadOptions(height_m=1.75)
    before, after = read_c3d(path, told), read_c3d(tmp_path / "copy.c3d", told)
    np.testing.assert_array_equal(before.keypoints_m, after.keypoints_m)
    assert before.events == after.events and len(before.force_plates) == len(after.force_plates)


@given(data=st.data())
def test_one_damaged_byte_is_copied_or_refused(tmp_path_factory, data):
    path = made(tmp_path_factory.mktemp("d") / "d.c3d", analog=(120, 2))
    good = bytearray(path.read_bytes())
    good[data.draw(st.integers(0, 4 * BLOCK))] = data.draw(st.integers(0, 255))
    path.write_bytes(good)
    try:
        copy = scrubbed(path)
    except InputError as error:
        assert str(error).startswith("d.c3d: ") and "\n" not in str(error)
    else:
        assert len(copy.content) == len(good)
        assert copy.content[slice(*copy.frames)] == good[slice(*copy.frames)]


def test_a_section_without_descriptions_does_not_grow(tmp_path):
    """Some programs leave out even a description's length."""
    path = made(tmp_path / "f.c3d")
    data = bytearray(path.read_bytes())
    head = (data[0] - 1) * BLOCK + 4
    section_end = (struct.unpack_from("<H", data, 16)[0] - 1) * BLOCK
    section = b"\x05\xffPOINT\x02\x00" + b"\x05\x01UNITS\x07\x00\xff\x01\x02mm"
    section += b"\x06\x01LABELS\x00\x00\xff\x02\x32\x05" + b"".join(
        f"M{i}".encode().ljust(50) for i in range(5)
    )
    data[head:section_end] = section.ljust(section_end - head, b"\0")
    path.write_bytes(data)
    whole = scrubbed(path).content
    assert len(whole) == len(data) and whole[head:section_end] == bytes(data[head:section_end])
