"""`--pdf` and `--docx` of track and walk: every report has its file, and none gets it twice."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from simgait.cohort.outcome import Outcome, failed
from simgait.commands.track import Tally, print_reports, write_documents
from tests.report.conftest import walk as walk  # noqa: F401 - a fixture
from tests.report.trial.conftest import made as made  # noqa: F401 - a fixture
from tests.stand_in_browser import stand_in_browser


def test_reports_without_a_pdf_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in_browser(tmp_path, monkeypatch)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "report.html").write_text("<p>page</p>", encoding="utf-8")
    (tmp_path / "a" / "report.pdf").write_bytes(b"%PDF kept")
    print_reports(tmp_path, ["a", "b"])
    assert (tmp_path / "a" / "report.pdf").read_bytes() == b"%PDF kept"
    assert (tmp_path / "b" / "report.pdf").read_bytes() == b"%PDF of report.html"
    assert "printing 1 report as PDF" in capsys.readouterr().out
    print_reports(tmp_path, ["a", "b"])
    assert capsys.readouterr().out == ""


def test_reports_without_a_word_document_get_one(
    made: tuple[Any, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        shutil.copy(made[3] / "report.html", tmp_path / folder)
    (tmp_path / "a" / "report.docx").write_bytes(b"edited")
    write_documents(tmp_path, ["a", "b"])
    assert (tmp_path / "a" / "report.docx").read_bytes() == b"edited"
    assert (tmp_path / "b" / "report.docx").read_bytes().startswith(b"PK")
    assert "writing 1 Word document" in capsys.readouterr().out
    write_documents(tmp_path, ["a", "b"])
    assert capsys.readouterr().out == ""


def test_only_walks_with_a_report_are_printed(tmp_path: Path) -> None:
    tally = Tally(tmp_path)
    tally.count(failed("x.npz", "x", "it is empty."))
    tally.count(Outcome("y.npz", "y", {"folder": "y", "verdict": "use_all"}))
    assert tally.folders == ["y"]
