"""The table of a folder: what later calls add, replace and must not lose."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from simgait.cohort.outcome import failed
from simgait.cohort.summary import as_measured, merged, write_summary
from simgait.cohort.summary_file import read_summary
from simgait.cohort.walk_record import WalkRecord
from simgait.errors import InputError
from simgait.parameters.summary_table import summary_columns

COLUMNS = summary_columns()


def row(trial: str, source: str, folder: str = "", **more: str) -> dict[str, str]:
    level = "use_all" if folder else "failed"
    given = {"trial": trial, "source": source, "folder": folder, "verdict": level}
    return dict.fromkeys(COLUMNS, "") | given | more


def trials(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(r["trial"], r["folder"]) for r in rows]


def test_a_second_call_adds_its_trials() -> None:
    rows = merged([row("a", "a.npz", "a")], [row("b", "b.npz", "b"), row("c", "c.npz")])
    assert trials(rows) == [("a", "a"), ("b", "b"), ("c", "")]


def test_a_trial_tracked_again_replaces_its_row() -> None:
    earlier = [row("a", "a.npz", "a", height_m="1.7"), row("b", "b.npz", "b")]
    rows = merged(earlier, [row("a", "a.npz", "a", height_m="1.8")])
    assert trials(rows) == [("b", "b"), ("a", "a")]
    assert rows[1]["height_m"] == "1.8"


def record(own: dict[str, str]) -> WalkRecord:
    return WalkRecord(own["folder"], own["source"], "", 1, 1, {}, own)


def test_a_number_that_was_typed_over_is_the_measured_one_again() -> None:
    own = row("a", "a.npz", "a", velocity_mps="1.09614", cadence_spm="103.2", subject="P1")
    typed = {**own, "velocity_mps": "99", "cadence_spm": "103.20", "subject": "P01"}
    (kept,), (note,) = as_measured([typed], [record(own)])
    assert (kept["velocity_mps"], kept["cadence_spm"]) == ("1.09614", "103.20")
    assert kept["subject"] == "P01"
    assert "velocity_mps of a (99, measured 1.09614)" in note


def test_rounded_numbers_and_rows_without_a_record_stay() -> None:
    own = row("a", "a.npz", "a", velocity_mps="1.09614")
    rounded, alone = {**own, "velocity_mps": "1.10"}, row("b", "b.npz", "b", velocity_mps="99")
    assert as_measured([rounded, alone], [record(own)]) == ([rounded, alone], ())
    emptied = {**own, "velocity_mps": ""}
    (kept,), (note,) = as_measured([emptied], [record(own)])
    assert kept == own and "(empty, measured 1.09614)" in note


def test_a_refusal_does_not_hide_a_report_that_is_there() -> None:
    rows = merged([row("a", "folder/a.npz", "a")], [row("a", "a.npz", failure="holds results")])
    assert trials(rows) == [("a", "a")]


def test_a_file_that_is_mended_loses_its_failure() -> None:
    rows = merged([row("a", "a.npz", failure="broken")], [row("a", "a.npz", "a")])
    assert trials(rows) == [("a", "a")]


def test_what_was_written_is_found_again_and_listed(tmp_path: Path) -> None:
    write_summary(tmp_path, [failed("=x.npz", "=x", "broken, mend it")])
    write_summary(tmp_path, [failed("y.npz", "y", "broken too")])
    assert trials(read_summary(tmp_path).rows) == [("'=x", ""), ("y", "")]
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "0 walks; 2 recordings failed" in page


def test_reports_that_are_gone_are_not_listed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "provenance.json").write_text("{}")
    with (tmp_path / "summary.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows([row("a", "a.npz", "a"), row("b", "b.npz", "b")])
    assert trials(read_summary(tmp_path).rows) == [("a", "a")]


@pytest.mark.parametrize("text", ["trial,velocity_mps\na,1.2\n", "", ",".join(COLUMNS) + "\na,b\n"])
def test_another_table_is_not_written_over(text: str, tmp_path: Path) -> None:
    (tmp_path / "summary.csv").write_text(text)
    with pytest.raises(InputError, match="move it away"):
        write_summary(tmp_path, [])
    assert (tmp_path / "summary.csv").read_text() == text


def test_bytes_that_are_no_table_are_refused(tmp_path: Path) -> None:
    (tmp_path / "summary.csv").write_bytes(bytes(range(256)))
    with pytest.raises(InputError, match="move it away"):
        read_summary(tmp_path)


def test_the_index_names_nobody_where_no_file_did(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "provenance.json").write_text("{}")
    rows = [
        row("a", "visit/a.npz", "a", subject="S1", recorded_on="2026-11-21"),
        row("b", "visit/b.npz", "b"),
    ]
    with (tmp_path / "summary.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    write_summary(tmp_path, [])
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'data-label="Person">S1</td>' in index and 'data-label="Person">–</td>' in index
    assert 'data-label="Date">2026-11-21</td>' in index


def test_names_of_files_that_are_not_text_do_not_lose_the_table(tmp_path: Path) -> None:
    name = b"M\xfcller.npz".decode("utf-8", "surrogateescape")
    write_summary(
        tmp_path, [failed(name, name, f"{name} is broken\x1b[31m"), failed("b.npz", "b", "x")]
    )
    rows = read_summary(tmp_path).rows
    assert [row["source"] for row in rows] == ["M\ufffdller.npz", "b.npz"]
    assert "\x1b" not in (tmp_path / "summary.csv").read_text(encoding="utf-8")
    write_summary(tmp_path, [failed(name, name, "still broken")])
    assert [row["failure"] for row in read_summary(tmp_path).rows] == ["x", "still broken"]
