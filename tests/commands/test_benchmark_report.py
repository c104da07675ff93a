"""`simgait benchmark report`: what is missing is a sentence, the table goes into the docs."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from simgait.benchmark import page_browser
from simgait.benchmark.page_browser import Audit, Finding, Look
from simgait.benchmark.report_bars import PageMeasures
from simgait.cli import main
from simgait.commands import benchmark_report
from simgait.commands.benchmark_report import BEGIN, DOCS, END, REPOSITORY, with_table

PALE = Finding("color-contrast", "serious", ("p", "b"), "dark, 390 px")
SOUND = PageMeasures("walk", 0.3, 0.4, Look((), Audit((), ()), ()), {"plays and stops": True})
FAULTY = PageMeasures(
    "visit", 2.5, 0.2, Look(("boom",), Audit((PALE,), ()), ("light, 1280 px",)),
    {"plays and stops": False},
)  # fmt: skip


def measured_as(monkeypatch: pytest.MonkeyPatch, *pages: PageMeasures) -> None:
    """A browser that measures these, whatever it is given."""

    @contextmanager
    def browser() -> Any:
        yield SimpleNamespace(version="150.0")

    monkeypatch.setattr("simgait.benchmark.page_browser.open_browser", browser)
    monkeypatch.setattr("simgait.benchmark.report_bars.measure_pages", lambda *a: iter(pages))
    monkeypatch.setattr("simgait.benchmark.report_pages.make_pages", lambda *a: {})


def test_bars_and_pages_are_printed(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    measured_as(monkeypatch, SOUND)
    assert main(["benchmark", "report"]) == 0
    out = capsys.readouterr().out
    assert "Chromium 150.0:" in out
    assert "| largest page | 0.3 | MB | ≤ 2 | yes | 1 |" in out
    assert "| the replay plays and stops | 1 | 1 = yes | ≥ 1 | yes | 1 |" in out
    assert "| walk | 0.3 | 0.4 | 0 | 0 | 0 | 0 | 0 |" in out


def test_a_bar_that_is_missed_is_told_with_its_place(
    monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    measured_as(monkeypatch, SOUND, FAULTY)
    assert main(["benchmark", "report"]) == 1
    out = capsys.readouterr().out
    assert "    boom\n" in out
    assert "    color-contrast (serious; dark, 390 px): p, 2 in all\n" in out
    assert "    two pictures differ (light, 1280 px)\n" in out
    assert "    the replay fails: plays and stops\n" in out
    assert out.count("**no**") == 5  # all but the first paint


def test_without_playwright_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    assert main(["benchmark", "report"]) == 1
    assert "pip install 'simgait[browser]'" in capsys.readouterr().err


def test_without_a_browser_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setitem(sys.modules, "playwright", SimpleNamespace())
    driver = SimpleNamespace(Error=RuntimeError, sync_playwright=None)
    monkeypatch.setitem(sys.modules, "playwright.sync_api", driver)
    monkeypatch.setattr(page_browser, "axe_source", lambda: "")
    monkeypatch.setattr(page_browser, "find_browser", lambda: None)
    assert main(["benchmark", "report"]) == 1
    assert "install one, or name its program in $SIMGAIT_BROWSER" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--repeats", "0"], "one first paint or more"),
        (["--pages", "absent.html"], "absent.html: there is no such page"),
        (["--pages", "absent.html", "--write-docs"], "leave --keep and --write-docs out"),
    ],
)
def test_bad_input_is_a_sentence(words: list[str], said: str, capsys) -> None:
    assert main(["benchmark", "report", *words]) == 1
    assert said in capsys.readouterr().err


def test_an_installation_without_docs_writes_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys
) -> None:
    monkeypatch.setattr(benchmark_report, "REPOSITORY", tmp_path)
    assert main(["benchmark", "report", "--write-docs"]) == 1
    assert "no docs folder" in capsys.readouterr().err


def test_the_table_goes_between_its_marks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = (REPOSITORY / DOCS).read_text("utf-8")
    assert page.count(BEGIN) == page.count(END) == 1
    monkeypatch.setattr(benchmark_report, "REPOSITORY", tmp_path)
    (tmp_path / DOCS).parent.mkdir()
    (tmp_path / DOCS).write_text(page, encoding="utf-8")
    measured_as(monkeypatch, SOUND)
    assert main(["benchmark", "report", "--write-docs"]) == 0
    written = (tmp_path / DOCS).read_text("utf-8")
    assert "| walk | 0.3 |" in written and written != page
    assert with_table(written, "x") == with_table(page, "x")


@pytest.mark.parametrize(
    ("words", "called"),
    [
        ((), ""),
        (("--keep", "my/pages"), " with `--keep`"),
        (("--keep", "my/pages", "--repeats", "3"), " with `--repeats 3` and `--keep`"),
    ],
)
def test_the_docs_name_the_command_without_folders_and_without_writing_them(
    words: tuple[str, ...], called: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(benchmark_report, "REPOSITORY", tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / DOCS).parent.mkdir()
    (tmp_path / DOCS).write_text(f"{BEGIN}{END}", encoding="utf-8")
    measured_as(monkeypatch, SOUND)
    call = ["benchmark", "report", "--write-docs", *words]
    monkeypatch.setattr("sys.argv", ["simgait", *call])
    assert main(call) == 0
    line = (tmp_path / DOCS).read_text("utf-8").splitlines()[2]
    assert line.startswith(f"`simgait benchmark report`{called}, 20")
