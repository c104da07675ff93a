"""What a study keeps of a recording."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.cohort.study.manifest import Line
from simgait.cohort.study.rows import in_codes, without_walk


@pytest.mark.parametrize(
    ("file", "said", "kept"),
    [
        ("Anna.c3d", "Anna.c3d: holds no data.", "t1: holds no data."),
        ("Anna.c3d", "Anna: of frame 3 nothing is known.", "of frame 3 nothing is known."),
        ("a.npz", "a.npz: what data: there are.", "t1: what data: there are."),
        ("1.npz", "of 11: nothing; see data1.npz.", "of 11: nothing; see data1.npz."),
    ],
)
def test_reasons_name_the_trial_and_keep_all_other_words(file: str, said: str, kept: str) -> None:
    line = Line(1, {"trial": "t1"}, Path("ward") / file)
    result = in_codes(line, without_walk("key", "failed", said))
    assert result.reason == kept
    assert [row["reason"] for row in result.tables["trials"]] == [kept]
