"""Folders as manifests: names say who walks, nothing is passed over in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simgait.cli import main
from simgait.cohort.study.manifest import Manifest
from simgait.cohort.study.manifest_check import read_folder
from simgait.commands.cohort import parsers
from simgait.errors import InputError
from tests.cli.conftest import Walk, good_walk
from tests.cohort.study.conftest import Hospital

__all__ = ["good_walk"]
PATTERN = "{person}/{visit}/{trial}.npz"


@pytest.fixture
def folder(tmp_path: Path, good_walk: Walk) -> Path:
    """P1 and P2 on one visit, P1 on another; a recording that lies beside."""
    names = ("P1/pre/w1", "P1/post/w1", "P2/pre/w1", "other")
    for number, name in enumerate(names):
        path = tmp_path / "in" / f"{name}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        good_walk.save(path, subject_id=f"S{number}")
    return tmp_path / "in"


def read(folder: Path, pattern: str = PATTERN, *people: str, **said: Any) -> Manifest:
    path = None
    if people:
        path = folder.parent / "people.csv"
        path.write_text("\n".join(people) + "\n", encoding="utf-8")
    return read_folder(folder, pattern, parsers(), path, **said)


def test_names_say_codes_and_what_does_not_fit_is_noted(folder: Path) -> None:
    manifest = read(folder)
    assert not manifest.n_problems
    told = {line.trial: (line.person, line.codes["visit"], line.path) for line in manifest.lines}
    assert told == {
        "P1_pre_w1": ("P1", "pre", folder / "P1/pre/w1.npz"),
        "P1_post_w1": ("P1", "post", folder / "P1/post/w1.npz"),
        "P2_pre_w1": ("P2", "pre", folder / "P2/pre/w1.npz"),
    }
    assert manifest.notes == (
        "1 recording does not fit the pattern and will not be tracked: other.npz.",
    )


def test_a_column_that_stands_twice_says_the_same_twice(folder: Path) -> None:
    (folder / "P1/P1_a.npz").write_bytes((folder / "other.npz").read_bytes())
    (folder / "P1/P2_a.npz").write_bytes(b"")
    manifest = read(folder, "{person}/{person}_*.npz")
    assert [line.path.name for line in manifest.lines if line.path] == ["P1_a.npz"]


def test_a_table_of_people_says_what_names_do_not(folder: Path) -> None:
    manifest = read(
        folder, PATTERN, "person,visit,height_m,arm", "P1,pre,1.7,A", "P1,post,1.7,A", "P9,pre,2,B"
    )
    said = {line.trial: (line.height_m, line.own["arm"]) for line in manifest.lines}
    assert said == {"P1_pre_w1": (1.7, "A"), "P1_post_w1": (1.7, "A"), "P2_pre_w1": (None, "")}
    assert "people.csv says nothing of P2 pre." in manifest.notes
    assert "there is no recording of P9 pre, of whom people.csv speaks." in manifest.notes
    manifest = read(folder, PATTERN, "person,height_m", "P1,172", "P2,1.6")
    odd = [line for line in manifest.lines if line.problems]
    assert [line.place for line in odd] == ["trial P1_post_w1", "trial P1_pre_w1"]
    assert "1.72" in odd[0].problems[0]


def test_twins_and_trials_of_one_code_are_said_without_lines(folder: Path) -> None:
    (folder / "P2/pre/w2.npz").write_bytes((folder / "P2/pre/w1.npz").read_bytes())
    twin = read(folder).lines[-1]
    assert "the same recording as that of trial P2_pre_w1, byte by byte" in twin.problems[0]
    (problem,) = read(folder, "{person}/pre/*.npz").problems
    assert problem.startswith("two files give the trial P2;")


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("{trial}.npz", "write {person} there"),
        ("{person}/{trial.npz", "braces hold the name of a column"),
        ("{person}/{Trial}.npz", "braces hold the name of a column"),
        ("{person}/{path}", "braces hold the name of a column"),
        ("{person}.c3d", "none of 4 recordings fits --pattern {person}.c3d; the first is"),
    ],
)
def test_patterns_that_cannot_be_used(folder: Path, pattern: str, part: str) -> None:
    with pytest.raises(InputError) as caught:
        read(folder, pattern)
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("people", "part"),
    [
        (("name,height_m", "P1,1.7"), "there is no column person"),
        (("person,height_m", "P1,1.7", "P1,1.8"), "line 3: P1 stands there twice"),
        (("person,trial", "P1,w1"), "the column trial is told by the files"),
    ],
)
def test_tables_of_people_that_cannot_be_used(
    folder: Path, people: tuple[str, ...], part: str
) -> None:
    with pytest.raises(InputError, match=part):
        read(folder, PATTERN, *people)


def test_a_name_of_a_person_in_a_folder_is_found(folder: Path) -> None:
    (folder / "P2").rename(folder / "Anna Meier")
    said = [" ".join(line.problems) for line in read(folder).lines]
    (named,) = filter(None, said)
    assert "person: this looks like a person's name" in named


def test_the_command_says_what_to_do_with_a_folder(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cohort", "check", str(folder)]) != 0
    assert "say how its recordings are named, such as --pattern" in capsys.readouterr().err
    assert main(["cohort", "check", str(folder), "--pattern", PATTERN]) == 0
    shown = capsys.readouterr().out
    assert "other.npz" in shown and "3 trials of 2 people: no problem" in shown


def test_a_folder_is_tracked_as_its_manifest(hospital: Any) -> None:
    place: Hospital = hospital(4)
    for name in ("P0", "P1"):
        (place.folder / name).mkdir()
    for number in range(4):
        (place.folder / f"w{number}.npz").rename(place.folder / f"P{number // 2}/w{number}.npz")
    manifest = read_folder(place.folder, "{person}/{trial}.npz", parsers(), exclude=place.out)
    ended = place.run_manifest(manifest)
    assert sorted(ended) == ["P0_w0", "P0_w1", "P1_w2", "P1_w3"]
    assert {row["person"] for row in place.table("trials")} == {"P0", "P1"}
    assert not place.run_manifest(manifest), "it was tracked again"
    for file in place.out.iterdir():
        if file.is_file():
            assert str(place.folder).encode() not in file.read_bytes(), file.name


def test_videos_are_passed_over_aloud_and_tracked_where_they_are_asked_for(folder: Path) -> None:
    for name in ("P1/pre/w1", "P2/pre/w9"):
        (folder / f"{name}.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + name.encode())
    manifest = read(folder)
    assert len(manifest.lines) == 3
    assert (
        "2 videos are not tracked: P1/pre/w1.mp4, P2/pre/w9.mp4; a pattern that ends in .mp4 asks "
        "for them." in manifest.notes
    )
    manifest = read(folder, "{person}/{visit}/{trial}.mp4", "person,height_m", "P1,1.7", "P2,1.6")
    assert [line.path for line in manifest.lines] == [
        folder / "P1/pre/w1.mp4", folder / "P2/pre/w9.mp4"
    ]  # fmt: skip
    for path in folder.rglob("*.npz"):
        path.unlink()
    with pytest.raises(InputError, match="no recording in this folder.*2 videos are not tracked"):
        read(folder)


def test_a_folder_without_the_videos_that_are_asked_for(folder: Path) -> None:
    with pytest.raises(InputError, match="no video in this folder"):
        read(folder, "{person}/{trial}.mp4")
