"""`simgait render`: clips and truth appear whole, once, and what cannot be drawn is said."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from simgait.cli import main
from simgait.errors import InputError
from simgait.recordings.formats.npz import write_npz
from simgait.synthetic.people import clip, parts_renderer, renderer
from simgait.synthetic.people.truth import SUFFIX, read_truth
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.walk import draw_walker, walk


@pytest.fixture
def drawn(monkeypatch):
    """Clips whose pictures are one byte; which of them were drawn."""
    seeds = []

    def film(one, path):
        if one.plan.seed == 8:
            raise InputError("no such light")
        seeds.append(one.plan.seed)
        path.write_bytes(b"x")

    monkeypatch.setattr(clip, "film_clip", film)
    monkeypatch.setattr(renderer, "check_renders", lambda: None)
    return seeds


def render(out, *more):
    return main(["render", "-o", str(out), "--seed", "7", *more])


def test_what_is_there_is_not_drawn_again(drawn, tmp_path, capsys):
    assert render(tmp_path, "--clips", "1", "--view", "away", "--for", "my detector") == 0
    assert render(tmp_path, "--clips", "1", "--view", "away") == 0
    assert drawn == [7]
    truth = read_truth(tmp_path / f"clip-000007{SUFFIX}")
    assert truth.view == "away"
    assert (tmp_path / "clip-000007.mp4").read_bytes() == b"x"
    assert "detector-profile" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["my_detector"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A folder of markers: a walk, one who stands, and a detector's points."""
    folder = tmp_path_factory.mktemp("lab")
    source = trial_from_walk(walk(draw_walker(4, "normal"), 4.0, 50.0), monocular=False).recording
    still = np.repeat(source.keypoints_m[:1], len(source.time_s), axis=0)
    bare = replace(source, pose=None, events=())
    write_npz(folder / "1-walk.npz", bare)
    write_npz(folder / "2-stands.npz", replace(bare, keypoints_m=still))
    write_npz(folder / "3-detector.npz", replace(bare, scale_is_metric=False))
    return folder


def test_people_walk_as_markers_did_and_what_is_none_is_said(drawn, lab, tmp_path, capsys):
    assert render(tmp_path, "--walks", str(lab / "1-walk.npz"), str(lab / "2-stands.npz")) == 0
    assert "2-stands: a standing trial" in capsys.readouterr().err
    (name,) = [path.name for path in tmp_path.glob(f"*{SUFFIX}")]
    assert name.startswith("captured-") and "-1-000007" in name
    assert read_truth(tmp_path / name).pattern == "captured"
    assert render(tmp_path, "--walks", str(lab), "--view", "away") == 1
    assert "3-detector.npz: holds a detector's points" in capsys.readouterr().err
    assert drawn == [7]


def test_walks_are_taken_in_turn_where_more_clips_are_wanted(drawn, lab, tmp_path):
    assert render(tmp_path, "--walks", str(lab / "1-walk.npz"), "--clips", "3") == 1
    assert drawn == [7, 9]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["3-detector.npz"], "^simgait: 3-detector.npz: holds a"),
        (
            ["2-stands.npz", "3-detector.npz"],
            "none of 2 recordings can be used; the first: 2-stands",
        ),
        (["nowhere.c3d"], "there is no such file"),
        (["1-walk.npz", "--pattern", "crouch"], "--pattern: people of --walks"),
        (["1-walk.npz", "--body", "giant"], "giant"),
    ],
)
def test_walks_of_no_use_are_refused_before_anything_is_made(
    drawn, lab, tmp_path, capsys, more, sentence
):
    files = [str(lab / one) if one.endswith(("npz", "c3d")) else one for one in more]
    assert render(tmp_path / "out", "--walks", *files) == 1
    assert re.search(sentence, capsys.readouterr().err)
    assert not (tmp_path / "out").exists()


def test_body_parts_of_a_clip_that_is_there_are_made_when_they_are_asked_for(
    drawn, tmp_path, monkeypatch
):
    monkeypatch.setattr(parts_renderer, "write_iuv", lambda folder, one: folder.mkdir())
    assert render(tmp_path, "--clips", "1") == 0
    assert not (tmp_path / "clip-000007.iuv").exists()
    for _ in range(2):
        assert render(tmp_path, "--clips", "1", "--densepose") == 0
        assert (tmp_path / "clip-000007.iuv").is_dir()
    assert drawn == [7, 7]


def test_one_clip_that_fails_leaves_the_others(drawn, tmp_path, capsys):
    assert render(tmp_path, "--clips", "3", "--for", "mine") == 1
    assert (tmp_path / "mine").is_dir()
    assert drawn == [7, 9]
    assert "no such light" in capsys.readouterr().err
    assert not list(tmp_path.glob("*000008*"))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [(["--clips", "0"], "at least one clip"), (["--seed", "-1"], "a seed from 0 on"),
     (["--distance", "-3"], "-3 m is no place for a camera; give 0.5 to 50")],
)  # fmt: skip
def test_wishes_that_make_no_sense_are_refused(drawn, tmp_path, capsys, more, sentence):
    assert render(tmp_path, *more) == 1
    assert sentence in capsys.readouterr().err


def test_unknown_views_bodies_and_gaits_are_named(drawn, tmp_path, capsys):
    from tests.shapes import unchecked

    for option, value in (("--view", "above"), ("--body", "giant"), ("--pattern", "moonwalk")):
        with unchecked():
            assert render(tmp_path, option, value) == 1
        assert value in capsys.readouterr().err
    assert drawn == []
