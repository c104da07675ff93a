"""`simgait compare`, as a user calls it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from simgait.cli import main
from tests.visit_folders import visit_folder

SPEED, WIDTH = ("velocity_mps", "both"), ("step_width_m", "both")


@pytest.fixture
def visits(tmp_path: Path) -> tuple[str, str]:
    """A person who got faster."""
    slow, fast = {SPEED: (0.8, 0.03), WIDTH: (0.1, 0.03)}, {SPEED: (1.2, 0.03), WIDTH: (0.1, 0.03)}
    before = visit_folder(tmp_path / "before", [slow] * 2)
    after = visit_folder(tmp_path / "after", [fast] * 2, knee_deg=5.0)
    return str(before), str(after)


def test_a_page_and_a_table_say_what_changed(
    visits: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "change"
    assert main(["compare", *visits, "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Changed: walking speed (1 of 2 numbers;" in said
    assert "0.80 → 1.20 m/s (difference 0.40" in said
    page = (out / "change.html").read_text()
    assert "What changed between two visits" in page
    assert "Clinically relevant: " in page
    assert "Knee flexion, left" in page
    assert "Largest difference 5.0°" in page
    assert str(tmp_path) not in page
    with (out / "change.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["shown"] for row in rows] == ["changed", "not shown"]
    assert float(rows[0]["difference_lo"]) > 0.0


def test_a_comparison_is_replaced_only_when_asked(
    visits: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "change")
    assert main(["compare", *visits, "-o", out]) == 0
    assert main(["compare", *visits, "-o", out]) == 1
    assert "holds a comparison; give --overwrite" in capsys.readouterr().err
    assert main(["compare", *visits, "-o", out, "--overwrite"]) == 0


def test_it_never_writes_among_walks(
    visits: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for out in (visits[0], f"{visits[0]}/walk0"):
        assert main(["compare", *visits, "-o", out]) == 1
        assert "is a folder of walks" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_named(
    visits: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", visits[0], str(tmp_path / "nowhere"), "-o", str(tmp_path / "c")]) == 1
    assert "nowhere: there is no such folder" in capsys.readouterr().err
    assert not (tmp_path / "c").exists()
