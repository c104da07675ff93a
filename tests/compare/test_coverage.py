from __future__ import annotations

from pathlib import Path

from simgait.compare.tables import match_tables

TRUTH = "trial,velocity_mps,step_width_m\na,1.0,0.10\nb,1.2,0.12\nc,0.8,0.09\nd,1.1,0.11\n"


def tables(tmp_path: Path, estimate: str) -> tuple[Path, Path]:
    truth, own = tmp_path / "truth.csv", tmp_path / "own.csv"
    truth.write_text(TRUTH)
    own.write_text(estimate)
    return truth, own


def test_the_share_of_truths_within_intervals_is_said(tmp_path: Path) -> None:
    matched = match_tables(
        *tables(
            tmp_path,
            "trial,velocity_cmps,velocity_cmps_lo,velocity_cmps_hi\n"
            "a,101,95,107\nb,110,104,116\nc,80,74,86\nd,,,\n",
        )
    )
    (note,) = [one for one in matched.notes if "intervals" in one]
    assert "velocity_mps 67 % of 3 (expected: 90 %)" in note
    assert [pairs.name for pairs in matched.measures] == ["velocity_mps"]
    assert not any("_lo" in one for one in matched.not_compared)


def test_nothing_is_said_without_both_ends(tmp_path: Path) -> None:
    matched = match_tables(
        *tables(tmp_path, "trial,velocity_mps,velocity_mps_lo\na,1,0.9\nb,1,0.9\nc,1,0.9\n")
    )
    assert not any("intervals" in one for one in matched.notes)
    assert any("velocity_mps_lo" in one for one in matched.not_compared)
