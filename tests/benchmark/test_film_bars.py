"""The bars of video that need films."""

from typing import Any, cast

import pytest

from simgait.benchmark import film_bars
from simgait.benchmark.film_bars import (
    CADENCE_BAR_SPM,
    COUNTED_SPM,
    SPORTS2D,
    RealClip,
    walk_real_clip,
)
from simgait.errors import InputError
from simgait.pipeline import find_policy
from tests.shapes import unchecked


def test_every_bar_says_what_was_reached(monkeypatch, tmp_path):
    monkeypatch.setattr(film_bars, "pictures_watched_a_second", lambda path: (25.4, 17.2, 116))
    clip = RealClip(98.7, "the man turns", 53.2, 57.4)
    monkeypatch.setattr(film_bars, "walk_real_clip", lambda path, policy: clip)
    with unchecked():
        rows = film_bars.film_bars(tmp_path, cast(Any, None))
    assert [row[1:3] for row in rows] == [
        ("≥ 15", "25 (17 by processor time)"), ("98 to 100", "98.7"),
        ("handled", "one tracked, of the other nothing told"),
        ("≤ 90", "53 (57 of processor time)"),
    ]  # fmt: skip


def test_a_film_that_is_not_there_is_said(tmp_path):
    pytest.importorskip("av")
    with pytest.raises(InputError, match=r"side.mp4: there is no such file"), unchecked():
        film_bars.film_bars(tmp_path, cast(Any, None))


@pytest.mark.slow
def test_the_clip_of_sports2d_is_as_a_person_counts(data_dir):
    pytest.importorskip("av")
    clip = walk_real_clip(data_dir / SPORTS2D, find_policy())
    assert clip.cadence_spm == pytest.approx(COUNTED_SPM, abs=CADENCE_BAR_SPM)
    assert clip.other
