"""`--pdf` of track and walk: every report has its PDF, and none is printed twice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from simgait.cohort.outcome import Outcome, failed
from simgait.commands.track import Tally, print_reports

BROWSER = """import sys
(to,) = [word.partition("=")[2] for word in sys.argv if word.startswith("--print-to-pdf=")]
open(to, "wb").write(b"%PDF new")
"""


def test_reports_without_a_pdf_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "browser"
    program.write_text(f"#!{sys.executable}\n{BROWSER}", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("SIMGAIT_BROWSER", str(program))
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "report.html").write_text("<p>page</p>", encoding="utf-8")
    (tmp_path / "a" / "report.pdf").write_bytes(b"%PDF kept")
    print_reports(tmp_path, ["a", "b"])
    assert (tmp_path / "a" / "report.pdf").read_bytes() == b"%PDF kept"
    assert (tmp_path / "b" / "report.pdf").read_bytes() == b"%PDF new"
    assert "printing 1 report as PDF" in capsys.readouterr().out
    print_reports(tmp_path, ["a", "b"])
    assert capsys.readouterr().out == ""


def test_only_walks_with_a_report_are_printed(tmp_path: Path) -> None:
    tally = Tally(tmp_path)
    tally.count(failed("x.npz", "x", "it is empty."))
    tally.count(Outcome("y.npz", "y", {"folder": "y", "verdict": "use_all"}))
    assert tally.folders == ["y"]
