"""`simgait inspect`: what it says of one recording, of a folder, and of a doubtful frame rate."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from simgait.cli import main
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from tests.cli.conftest import Walk, make_walk


@pytest.fixture(scope="module")
def long_walk() -> Walk:
    """Long enough to stay a walk at twice its frame rate."""
    return make_walk(8.0)


@pytest.fixture(scope="module")
def good_walk() -> Walk:
    """Three seconds: 91 frames."""
    return make_walk()


@pytest.fixture
def inspect(capsys: pytest.CaptureFixture[str]):  # noqa: ANN201
    def call(path: Path, *more: str) -> tuple[int, str, str]:
        code = main(["inspect", str(path), *more])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.mark.parametrize(
    ("fps_hz", "words"), [(30.0, ""), (15.0, "very long for their pace"), (60.0, "Cadence of 2")]
)
def test_a_frame_rate_that_the_pace_denies_is_named(
    fps_hz, words, long_walk, inspect, tmp_path
) -> None:
    code, out, err = inspect(long_walk.save(tmp_path / "walk.npz", fps_hz=fps_hz))
    assert (code, err) == (0, "") and ("keypoints: good" in out) == (not words)
    assert re.search(r"\n  cadence +\d+ steps/min, by the keypoints alone\n", out)
    assert re.search(r"\n  strides +about \d", out)
    doubts = [line for line in out.splitlines() if "check the frame rate" in line]
    assert bool(doubts) == bool(words)
    assert all(line.startswith("    - ") for line in doubts)
    assert words in "".join(doubts)
    # One sentence a quantity, not one a leg.
    assert not any("(left)" in line for line in doubts)


def test_less_than_a_cycle_is_not_simply_good(good_walk, inspect, tmp_path) -> None:
    path = good_walk.save(tmp_path / "walk.npz", keypoints=good_walk.points_m[:38])
    code, out, _ = inspect(path)
    assert code == 0 and "strides          about 0.5, by how often the feet pass each other" in out
    assert "keypoints: good; too short for a full gait cycle, only what single steps tell" in out
    code, out, _ = inspect(tmp_path)
    assert "keypoints good; too short for a full gait cycle" in out


def test_legs_that_no_body_has_are_said_before_tracking(long_walk, inspect, tmp_path) -> None:
    """Knees halfway up the thighs: whole legs are as long as they should be."""
    points = long_walk.points_m.copy()
    for side in ("Left", "Right"):
        hip, knee = (KEYPOINT_NAMES.index(f"{side} {joint}") for joint in ("Hip", "Knee"))
        points[:, knee] = points[:, hip] + 0.45 * (points[:, knee] - points[:, hip])
    code, _, err = inspect(long_walk.save(tmp_path / "walk.npz", keypoints=points))
    assert code == 1
    assert "the points do not make a person (left thigh to left shank measure 0.29" in err


def test_a_folder_is_listed_file_by_file(long_walk, good_walk, inspect, tmp_path) -> None:
    folder = tmp_path / "session"
    (folder / "day2").mkdir(parents=True)
    good_walk.save(folder / "a.npz")
    long_walk.save(folder / "day2" / "slow.npz", fps_hz=15.0)
    (folder / "broken.c3d").write_bytes(b"x" * 600)
    good_walk.save(folder / "short.npz", keypoints=good_walk.points_m[:20])
    still = good_walk.points_m[np.zeros(30, int)]
    good_walk.save(folder / "still.npz", keypoints=still)
    (folder / "notes.txt").write_text("x")
    code, out, err = inspect(folder)
    lines = out.splitlines()
    assert code == 1
    assert lines[0] == "reading session ..."
    assert lines[1] == "a.npz: 91 at 30 Hz, 3.00 s, npz"
    assert lines[2].startswith("  walk a, pelvis ") and lines[2].endswith("keypoints good")
    assert "still.npz: standing trial, nothing to track" in lines
    assert "day2/slow.npz: 241 at 15 Hz, 16.00 s, npz" in lines
    assert any("check the frame rate" in line for line in lines)
    assert lines[-1].startswith("Walks to track: 2, in 2 of 5 recordings, 1 standing trial; ")
    assert [line.split(": ")[1] for line in err.splitlines()] == ["broken.c3d", "short.npz"]
    for name in ("broken.c3d", "short.npz"):
        (folder / name).unlink()
    assert inspect(folder)[0] == 0
    code, out, err = inspect(folder / "still.npz")
    assert (code, err) == (0, "") and "still: a standing trial: in its 1.0 s nobody takes" in out


def test_several_files_are_listed_one_by_one(good_walk, capsys, tmp_path) -> None:
    good_walk.save(tmp_path / "a.npz")
    good_walk.save(tmp_path / "b.npz")
    assert main(["inspect", str(tmp_path / "a.npz"), str(tmp_path / "b.npz")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("reading a.npz, b.npz ...") and "Walks to track: 2, in 2 of 2" in out


def test_a_video_is_not_watched_without_a_height(inspect, monkeypatch, tmp_path) -> None:
    watched: list[Path] = []
    monkeypatch.setattr(
        "simgait.video.filmed_walk.film_walk", lambda path, *_: watched.append(path)
    )
    film, other = tmp_path / "walk.mp4", tmp_path / "other.mov"
    film.write_bytes(b"no film")
    other.write_bytes(b"no film")
    for more in ((), (str(other),)):
        code, _, err = inspect(film, *more)
        assert code == 1 and not watched
        assert err.count("no height is given, and one camera cannot tell how tall") == 1 + len(more)


def test_a_folder_without_recordings_gets_one_sentence(inspect, tmp_path) -> None:
    code, _, err = inspect(tmp_path)
    assert code == 1 and err.count("\n") == 1 and "there is no recording in this folder" in err
    code, _, err = inspect(tmp_path / "absent")
    assert code == 1 and err == "simgait: absent: there is no such file; check the path.\n"


def test_without_a_command_the_help_is_shown(capsys) -> None:
    assert main([]) == 2
    captured = capsys.readouterr()
    assert "simgait track walk.npz" in captured.out and captured.err == ""
