"""A user's own walks: what nothing may be learned from is told before any is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from simgait.errors import InputError
from simgait.estimators.own_walks import OwnRecording, OwnWalks, usable
from simgait.recordings.options import ReadOptions


def recording(folder: Path, name: str, person: str, content: str = "") -> OwnRecording:
    path = folder / f"{name}.c3d"
    path.write_text(content or name)
    return OwnRecording(f"line {name}", person, path, ReadOptions(height_m=1.7))


def problems(*recordings: OwnRecording) -> list[str]:
    return [one.problem for one in usable(OwnWalks("controls.csv", recordings)).recordings]


def test_walks_of_nobody_are_refused_and_a_single_one_is_left_out(tmp_path: Path) -> None:
    nameless = [recording(tmp_path, name, " ") for name in "ab"]
    with pytest.raises(InputError, match=r"controls.csv: does not say whose walks they are"):
        problems(*nameless)
    assert problems(nameless[0], recording(tmp_path, "c", "p1")) == [
        "does not say whose walk it is", "",
    ]  # fmt: skip


def test_a_recording_counts_once_and_belongs_to_one_person(tmp_path: Path) -> None:
    first = recording(tmp_path, "a", "p1", "same")
    again = recording(tmp_path, "b", "p1", "same")
    taller = replace(recording(tmp_path, "c", "p2", "same"), said=ReadOptions(height_m=1.9))
    other_part = replace(again, said=ReadOptions(height_m=1.7, person=2))
    found = problems(first, again, taller, other_part)
    assert found == [
        "",
        "is the same recording as line a",
        "is the same recording as line a, and said to be of another person; say who walks",
        "",
    ]


def test_what_is_no_file_or_a_test_persons_is_left_out(tmp_path: Path) -> None:
    own = recording(tmp_path, "a", "p1")
    held_out = replace(own, person="mcgill_c3d-HC002D")
    broken = replace(own, problem="path is empty; name the recording.")
    gone = replace(own, path=tmp_path / "gone.c3d")
    nowhere = replace(own, path=None)
    assert problems(held_out, broken, gone, nowhere, own) == [
        "is of one of the project's test people, from whom nothing may learn",
        "path is empty; name the recording.",
        "",  # told when it is read
        "names no file",
        "",
    ]


def test_the_fingerprint_knows_contents_people_and_what_is_said(tmp_path: Path) -> None:
    own = recording(tmp_path, "a", "p1")
    mark = OwnWalks("x", (own,)).fingerprint
    assert mark == OwnWalks("renamed", (own,)).fingerprint
    others = [
        OwnWalks("x", (replace(own, person="p2"),)),
        OwnWalks("x", (replace(own, said=ReadOptions(height_m=1.8)),)),
        OwnWalks("x", (own, replace(own, path=tmp_path / "gone.c3d"))),
    ]
    assert len({mark, *(one.fingerprint for one in others)}) == 4
    assert own.path is not None
    own.path.write_text("changed")
    assert OwnWalks("x", (own,)).fingerprint != mark
