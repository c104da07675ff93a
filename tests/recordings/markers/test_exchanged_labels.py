"""Exchanged labels are named, and read the other way round where somebody says so."""

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.recordings.markers.exchanged_labels import exchanged_pairs
from simgait.recordings.read import read_recording
from tests.recordings.formats.test_c3d import walking_markers, write_c3d

PAIRS = (
    ("RHEE", "RTOE"), ("LHEE", "LTOE"), ("LKNE", "RKNE"), ("LANK", "RANK"), ("LASI", "RASI"),
    ("LKNE", "LANK"), ("RKNE", "RANK"), ("LASI", "LKNE"), ("LANK", "LHEE"), ("RANK", "RTOE"),
)  # fmt: skip


def with_exchanged(walk, *pairs):
    markers = walking_markers(walk)
    for first, second in pairs:
        markers[first], markers[second] = markers[second], markers[first]
    return markers


@pytest.mark.parametrize(("pair", "up"), [(pair, "z") for pair in PAIRS] + [(PAIRS[0], "y")])
def test_the_pair_is_named_and_can_be_read_the_other_way_round(tmp_path, walk, pair, up):
    path = write_c3d(tmp_path / "e.c3d", with_exchanged(walk, pair), prefix="P7:", up=up)
    with pytest.raises(InputError, match="look exchanged") as error:
        read_recording(path)
    sentence = str(error.value)
    assert "left and right" not in sentence
    said = sentence.partition("--exchange ")[2].partition(")")[0]
    assert set(said.split(",")) == set(pair)
    read = read_recording(path, exchange=tuple(said.split(",")))
    right = read_recording(write_c3d(tmp_path / "r.c3d", walking_markers(walk), up=up))
    np.testing.assert_allclose(read.keypoints_m, right.keypoints_m)
    assert any("exchanged, as was said" in note for note in read.notes)


def test_several_pairs_are_named_together(walk):
    both = with_exchanged(walk, PAIRS[0], PAIRS[1], PAIRS[2])
    assert {frozenset(p) for p in exchanged_pairs(both)} == {frozenset(p) for p in PAIRS[:3]}


def test_whole_legs_under_a_sound_pelvis_are_named(walk):
    legs = [(f"L{name}", f"R{name}") for name in ("KNE", "ANK", "HEE", "TOE")]
    assert exchanged_pairs(with_exchanged(walk, *legs)) == legs


def with_back_and_wands(markers):
    """Markers with both PSIS in place of the sacrum, and wands on thighs and shanks."""
    sacrum = markers.pop("SACR")
    for letter, sign in (("L", 1.0), ("R", -1.0)):
        knee, ankle = markers[f"{letter}KNE"], markers[f"{letter}ANK"]
        markers[f"{letter}PSI"] = sacrum + [0.0, sign * 0.05, 0.0]
        markers[f"{letter}THI"] = knee + [0.0, sign * 0.08, 0.12]
        markers[f"{letter}TIB"] = 0.5 * (knee + ankle) + [0.0, sign * 0.08, 0.0]
    return markers


@pytest.mark.parametrize(
    "pairs",
    [
        (("LASI", "LPSI"),),
        pytest.param((("LASI", "LPSI"), ("RASI", "RPSI")), marks=pytest.mark.slow),
        (("LASI", "RASI"),),
        (("LPSI", "RPSI"),),
        (("LTHI", "LKNE"),),
        (("RKNE", "RTIB"),),
        (("LTIB", "LANK"),),
        (("LANK", "LHEE"), ("RANK", "RHEE")),
        (("LANK", "RANK"), ("LHEE", "RHEE"), ("LTOE", "RTOE")),
    ],
)
def test_the_fewest_pairs_that_mend_all_are_named(walk, pairs):
    markers = with_back_and_wands(walking_markers(walk))
    assert exchanged_pairs(markers) == []
    for first, second in pairs:
        markers[first], markers[second] = markers[second], markers[first]
    assert {frozenset(pair) for pair in exchanged_pairs(markers)} == {*map(frozenset, pairs)}


def test_sides_are_exchanged_as_a_whole(tmp_path, walk):
    markers = walking_markers(walk)
    names = [name[1:] for name in markers if name.startswith("L")]
    sides = with_exchanged(walk, *((f"L{name}", f"R{name}") for name in names))
    path = write_c3d(tmp_path / "s.c3d", sides, prefix="P7:")
    with pytest.raises(InputError, match="--exchange sides"):
        read_recording(path)
    read = read_recording(path, exchange=("sides",))
    right = read_recording(write_c3d(tmp_path / "r.c3d", walking_markers(walk)))
    np.testing.assert_allclose(read.keypoints_m, right.keypoints_m)


def test_a_marker_where_no_exchange_explains_it_is_named(tmp_path, walk):
    markers = walking_markers(walk)
    markers["LTOE"] = markers["LTOE"] + [0.0, 0.0, 0.8]
    assert exchanged_pairs(markers) == []
    with pytest.raises(InputError, match="LANK does not lie above LTOE, as on a person"):
        read_recording(write_c3d(tmp_path / "t.c3d", markers))


def test_sound_markers_and_whole_sides_are_no_exchanged_pairs(walk):
    markers = walking_markers(walk)
    assert exchanged_pairs(markers) == []
    names = [name[1:] for name in markers if name.startswith("L")]
    sides = with_exchanged(walk, *((f"L{name}", f"R{name}") for name in names))
    assert exchanged_pairs(sides) == []


@pytest.mark.parametrize(
    "said", [("RHEE",), ("RHEE", "NOSE"), ("RHEE", "RTOE", "LTOE"), ("RHEE", "RHEE")]
)
def test_labels_that_cannot_be_exchanged(tmp_path, walk, said):
    path = write_c3d(tmp_path / "x.c3d", walking_markers(walk))
    with pytest.raises(InputError, match="exchanged two by two"):
        read_recording(path, exchange=said)


@pytest.mark.slow  # trials/test_misplaced_points reads some of these files
def test_real_walks_have_none(data_dir):
    for path in sorted((data_dir / "c3d_mixed").glob("*.c3d")):
        assert read_recording(path, height_m=1.7).keypoints_m.size
