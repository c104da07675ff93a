"""`simgait render`: clips and truth appear whole, once, and what cannot be drawn is said."""

from __future__ import annotations

import pytest

from simgait.cli import main
from simgait.errors import InputError
from simgait.synthetic.people import clip, renderer
from simgait.synthetic.people.truth import SUFFIX, read_truth


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


def test_one_clip_that_fails_leaves_the_others(drawn, tmp_path, capsys):
    assert render(tmp_path, "--clips", "3") == 1
    assert drawn == [7, 9]
    assert "no such light" in capsys.readouterr().err
    assert not list(tmp_path.glob("*000008*"))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [(["--clips", "0"], "at least one clip"), (["--seed", "-1"], "a seed from 0 on")],
)
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
