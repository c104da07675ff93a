"""What an ablation is asked for: rows, and what none of them could be trained with."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.benchmark.ablation_budgets import BUDGETS
from simgait.benchmark.ablation_run import asked_rows
from simgait.benchmark.ablation_table import PAPER_ROWS
from simgait.cli import main
from tests.tiny_budget import TINY


def test_what_no_row_could_be_trained_with_is_refused_before_any_has_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, file, empty = tmp_path / "out", tmp_path / "file", tmp_path / "empty"
    file.write_text("mine")
    empty.mkdir()

    def said(*more: object, out: Path = out) -> str:
        call = ("ablate", "--rows", "base", "--budget", "smoke", "--out", out, *more)
        assert main([*map(str, call)]) == 1
        return capsys.readouterr().err

    assert "file: not a readable weights file" in said("--refiner", file)
    assert "empty: holds no recordings of training subjects" in said("--data", empty)
    assert "file: is a file, not a folder for results" in said(out=file)
    odd = TINY.model_copy(update={"minibatches": 3})
    monkeypatch.setitem(BUDGETS, "smoke", odd)
    assert "does not divide into minibatches = 3" in said()
    assert file.read_text() == "mine" and not out.exists()


def test_a_row_that_is_named_twice_is_one() -> None:
    assert asked_rows(["small", " base", "small"], PAPER_ROWS) == ["small", "base"]
