"""`simgait visit`, as a user calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.cli import main
from tests.visit_folders import visit_folder

SPEED = ("velocity_mps", "both")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return visit_folder(tmp_path / "results", [{SPEED: (1.0, 0.03)}, {SPEED: (1.1, 0.03)}])


def test_a_folder_of_results_gets_its_page_and_table(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["visit", str(results)]) == 0
    assert capsys.readouterr().out == "wrote visit.html: 2 walks\n"
    assert "<b>1.05</b>" in (results / "visit.html").read_text(encoding="utf-8")
    assert (results / "visit.csv").is_file()
    assert main(["visit", str(results)]) == 1
    assert "visit.html: exists already; give --overwrite" in capsys.readouterr().err
    assert main(["visit", str(results), "--overwrite"]) == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("page.pdf", "is no name of a page; let it end in .html"),
        ("index.html", "is a name of simgait's own"),
        ("summary.html", "is a name of simgait's own"),
    ],
)
def test_a_page_replaces_no_other_file(
    results: Path, capsys: pytest.CaptureFixture[str], name: str, words: str
) -> None:
    assert main(["visit", str(results), "-o", str(results / name)]) == 1
    assert words in capsys.readouterr().err
    assert not (results / name).exists()


def test_mixed_people_are_refused_unless_one_is_named(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    visit_folder(tmp_path / "other", [{SPEED: (0.5, 0.03)}], person="P08")
    (tmp_path / "other" / "walk0").rename(results / "walk9")
    assert main(["visit", str(results)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "holds walks of 2 people (P07, P08)" in said
    assert not (results / "visit.html").exists()
    for person in ("P09", "P10", "P11", "P12", "P13"):
        visit_folder(tmp_path / person, [{SPEED: (0.5, 0.03)}], person=person)
        (tmp_path / person / "walk0").rename(results / person)
    assert main(["visit", str(results)]) == 1
    assert "7 people (P07, P08, P09, P10, P11 and 2 more)" in capsys.readouterr().err
    page = results / "p08.html"
    assert main(["visit", str(results), "--person", "P08", "-o", str(page)]) == 0
    assert "<b>0.50</b>" in page.read_text(encoding="utf-8")
