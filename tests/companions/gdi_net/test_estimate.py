"""From a folder of I, U, V to a GDI with its interval, and what cannot be read."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simgait.companions.gdi_net import estimate
from simgait.companions.gdi_net.estimate import opinion_of, opinion_of_walk
from simgait.companions.gdi_net.seen_walk import refuse_other_charts, seen_walk
from simgait.errors import InputError
from simgait.estimators.companion import Asked
from simgait.footage import Footage
from tests.companions.gdi_net.made_up import GDI, figure, untrained, walking, written
from tests.shapes import unchecked

pytest.importorskip("av")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return written(tmp_path_factory.mktemp("walk") / "walk.iuv", walking(56))


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return untrained(tmp_path_factory.mktemp("weights") / "gdi_net")


def test_it_says_a_gdi_with_its_interval_and_whose_it_is(folder, weights):
    said = opinion_of(folder, Asked(fps_hz=25.0, weights=weights))
    (gdi,) = said.numbers
    assert (gdi.key, gdi.side, gdi.unit) == ("gdi_points", "both", "points")
    assert gdi.value == pytest.approx(GDI, abs=1e-3) and gdi.high - gdi.value == pytest.approx(9.0)
    assert any("learned from nobody" in note for note in said.notes) and "gdi-net" in said.made_by
    with pytest.raises(
        InputError, match="--network vgg: gdi-net has no network .* name one of buckets"
    ):
        opinion_of(folder, Asked(fps_hz=25.0, weights=weights, network="vgg"))


def test_the_walk_is_the_first_51_frames_at_25_hz_in_which_all_of_the_person_is_seen(tmp_path):
    cut = figure(120, (80, 12), (160, 200))
    pictures = [cut] * 3 + [p for p in walking(51) for _ in range(2)]
    seen = seen_walk(written(tmp_path / "fast", pictures), 50.0)
    assert len(seen.pictures) == 51 and seen.from_s == pytest.approx(0.08)
    np.testing.assert_array_equal(seen.pictures[5], pictures[14])


def test_what_cannot_be_read_is_a_sentence(folder, weights, tmp_path):
    walk = walking()
    short = written(tmp_path / "short.iuv", walk[:20])
    cut = written(tmp_path / "cut.iuv", [one[40:] for one in walk])
    pair = written(tmp_path / "pair.iuv", [np.hstack([one, walk[0][:, :45]]) for one in walk])
    sizes = written(tmp_path / "sizes.iuv", [*walk[:3], walk[3][:150]])
    small = written(tmp_path / "small.iuv", walking(tall_px=30))
    cases = {
        "walk.iuv: no frame rate is given": (folder, None),
        "walk.iuv: 12 pictures a second, and GDI-Net reads 25": (folder, 12.0),
        "short.iuv: its 20 pictures at 25 Hz show 0.8 s, .* reads 2 s; .* the true frame rate": (
            short, 25.0,
        ),
        "walk.iuv: its 56 pictures at 240 Hz show 0.2 s": (folder, 240.0),
        "cut.iuv: .* of 60 the person touches an edge in 60, nobody is seen in 0": (cut, 25.0),
        "pair.iuv: several people are in 60 of 60 pictures": (pair, 25.0),
        "sizes.iuv: 3_IUV.png has 200 × 150 pixels and 0_IUV.png has 200 × 160": (sizes, 25.0),
        "small.iuv: the person is 30 pixels tall": (small, 25.0),
    }  # fmt: skip
    for sentence, (path, rate) in cases.items():
        with pytest.raises(InputError, match=sentence):
            opinion_of(path, Asked(fps_hz=rate, weights=weights))


def test_other_charts_are_refused_by_weights_that_learned_from_ours(tmp_path, weights):
    pictures = walking(51)
    refuse_other_charts(tuple(pictures), "walk")
    exchanged = [p[..., [0, 2, 1]] for p in pictures]
    with pytest.raises(InputError, match="x.iuv: V does not run down the shanks"):
        opinion_of(written(tmp_path / "x.iuv", exchanged), Asked(fps_hz=25.0, weights=weights))


def test_a_tracked_walk_needs_pictures_beside_its_video(folder, weights, monkeypatch):
    monkeypatch.setattr(estimate, "released_folder", lambda: weights)
    monkeypatch.setattr(estimate, "beside_recording", lambda opinion, trial, belt: opinion)
    footage = Footage(folder.with_suffix(".mp4"), None, 0.0, np.zeros((0, 4)))
    trial = SimpleNamespace(trial_id="walk", start_s=0.1)
    recording = SimpleNamespace(footage=footage, fps_hz=25.0, belt_speed_mps=None)
    walk: Any = SimpleNamespace(trial=trial, recording=recording)
    with unchecked():
        (gdi,) = opinion_of_walk(walk).numbers
    assert gdi.value == pytest.approx(GDI, abs=1e-3)
    for other in (None, replace(footage, path=folder / "none.mp4")):
        recording.footage = other
        with (
            unchecked(),
            pytest.raises(InputError, match=r"walk: no pictures of I, U, V lie beside a video"),
        ):
            opinion_of_walk(walk)
