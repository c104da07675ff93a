"""Printing a page with a browser: found, missing, failing, and a real one where there is one."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from simgait.errors import InputError
from simgait.report import browser_pdf
from simgait.report.browser_pdf import find_browser, print_beside
from tests.present import present

PAGE = """<!DOCTYPE html><html><head><style>@page { size: A4; margin: 14mm }
.sheet { break-after: page }</style></head><body><p class="sheet">one</p><p>two</p></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def program(folder: Path, body: str) -> str:
    path = folder / "browser"
    path.write_text(f"#!{sys.executable}\nimport sys\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_browser_that_does_not_exist_is_named(monkeypatch, page: Path) -> None:
    monkeypatch.setenv("SIMGAIT_BROWSER", "/no/such/browser")
    with pytest.raises(InputError, match="SIMGAIT_BROWSER browser: there is no such program"):
        find_browser()
    assert "no such program" in print_beside(page, wanted=None)


@pytest.mark.parametrize("body", ["sys.exit(1)", "pass"])
def test_a_browser_that_prints_nothing_is_a_sentence(body, page: Path, monkeypatch) -> None:
    monkeypatch.setenv("SIMGAIT_BROWSER", program(page.parent, body))
    page.with_suffix(".pdf").write_bytes(b"%PDF of an older page")
    assert "printed no PDF" in print_beside(page, wanted=None)
    assert not page.with_suffix(".pdf").exists()
    with pytest.raises(InputError, match="printed no PDF"):
        print_beside(page, wanted=True)


def test_a_browser_that_hangs_is_left(page: Path, monkeypatch) -> None:
    monkeypatch.setenv("SIMGAIT_BROWSER", program(page.parent, "import time; time.sleep(60)"))
    monkeypatch.setattr(browser_pdf, "LONGEST_S", 0.2)
    assert "within 0.2 s" in print_beside(page, wanted=None)


def test_no_pdf_is_made_where_none_is_wanted(page: Path, monkeypatch) -> None:
    monkeypatch.setattr(browser_pdf, "print_pdf", lambda *a: pytest.fail("printed"))
    assert print_beside(page, wanted=False) == ""


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, browser_pdf.PROGRAMS)), reason="no browser here")
def test_a_real_browser_prints_the_pages_own_sheets(page: Path, monkeypatch) -> None:
    monkeypatch.delenv("SIMGAIT_BROWSER", raising=False)
    assert print_beside(page, wanted=True) == ""
    pdf = page.with_suffix(".pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2
    box = present(re.search(rb"/MediaBox\s*\[0 0 (\S+) (\S+)\]", pdf))
    width, height = map(float, box.groups())
    assert (round(width), round(height)) == (595, 842)  # A4 in points
