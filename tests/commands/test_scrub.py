"""`simgait scrub`, from a shell's point of view."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.cli import main
from simgait.recordings.formats.c3d import open_c3d
from tests.recordings.formats.test_c3d_bytes import made

NAMED = [("SUBJECTS", "NAMES", ["Anna Meier"])]


@pytest.fixture
def walks(tmp_path: Path) -> list[str]:
    return [str(made(tmp_path / f"Anna_{i}.c3d", params=NAMED)) for i in (1, 2)]


def test_one_file_by_its_name(
    walks: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "P01.c3d"
    assert main(["scrub", walks[0], "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Anna_1.c3d -> P01.c3d" in said
    assert "taken out of SUBJECTS: NAMES (1)" in said and "Meier" not in said
    assert b"Meier" not in out.read_bytes() and open_c3d(out).layout.n_frames == 50
    assert main(["scrub", walks[0], "-o", str(out)]) == 1
    assert "P01.c3d: exists already; name another file." in capsys.readouterr().err


def test_several_are_numbered_or_named(walks: list[str], tmp_path: Path) -> None:
    out = tmp_path / "shared"
    assert main(["scrub", *walks, "-o", str(out)]) == 0
    assert main(["scrub", *walks, "-o", str(out), "--names", "P01_1, P01_2"]) == 0
    found = sorted(path.name for path in out.iterdir())
    assert found == ["P01_1.c3d", "P01_2.c3d", "trial1.c3d", "trial2.c3d"]


def test_a_bad_file_stops_no_other(
    walks: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.c3d"
    bad.write_bytes(b"no C3D")
    out = tmp_path / "shared"
    inputs = [str(bad), str(tmp_path / "none.c3d"), walks[0]]
    assert main(["scrub", *inputs, "-o", str(out)]) == 1
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "simgait: bad.c3d: this is not a C3D file (its first bytes do not say so) or it is "
        "truncated; export it again.",
        "simgait: none.c3d: there is no such file.",
    ]
    assert [path.name for path in out.iterdir()] == ["trial3.c3d"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [(("-o", "a.c3d"), "a.c3d: is one file for 2 copies; name a folder with -o."),
     (("-o", "a", "--names", "P1"), "--names: 1 name for 2 files; give one for each file"),
     (("-o", "a", "--names", "P1,p1"), "--names: a name stands there twice"),
     (("-o", "a", "--names", "P1,../x"), "--names: '../x' cannot be a file's name; use letters"),
     (("-o", "a.c3d", "--names", "x"), "--names is for copies in a folder")],
)  # fmt: skip
def test_names_that_cannot_be_used(
    walks: list[str], capsys: pytest.CaptureFixture[str], more: tuple[str, ...], sentence: str
) -> None:
    assert main(["scrub", *walks, *more]) == 1
    assert sentence in capsys.readouterr().err


def test_a_folder_is_said_to_be_one(
    walks: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mix"
    folder.mkdir()
    assert main(["scrub", str(folder), walks[0], "-o", str(tmp_path / "out")]) == 1
    said = "mix: is a folder; name the files in it, as in simgait scrub mix/*.c3d -o OUT."
    assert capsys.readouterr().err == f"simgait: {said}\n"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["trial2.c3d"]
