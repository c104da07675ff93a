"""Two tables of the same walks, and the command that compares them, called in this process."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.cli import main

Row = dict[str, Any]


def write(path: Path, rows: list[Row], columns: tuple[str, ...] | None = None) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def truth_rows(n_people: int = 8, per_person: int = 2) -> list[Row]:
    rng = np.random.default_rng(2)
    rows: list[Row] = []
    for k in range(n_people * per_person):
        speed = float(rng.uniform(0.8, 1.5))
        rows.append(
            {
                "trial_id": f"walk{k}",
                "subject_id": f"S{k // per_person}",
                "velocity_mps": speed,
                "step_length_left_m": 0.5 * speed,
                "step_length_right_m": 0.48 * speed,
                "height_m": 1.7,
                "site": 1,
            }
        )
    return rows


def noisy(rows: list[Row]) -> list[Row]:
    rng = np.random.default_rng(3)
    return [
        row | {name: float(row[name]) + rng.normal(0, 0.01) for name in row if name.endswith("mps")
               or name.startswith("step")}
        for row in rows
    ]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine has: printing takes seconds, and is tested with a browser of straw."""
    monkeypatch.delenv("SIMGAIT_BROWSER", raising=False)
    monkeypatch.setattr("simgait.report.browser_pdf.PROGRAMS", ())
    monkeypatch.setattr("simgait.report.browser_pdf.APPLICATIONS", {})


@pytest.fixture
def fake_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that prints any page as an empty PDF."""
    program = tmp_path / "browser"
    program.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, sys\n"
        "(out,) = [word.split('=', 1)[1] for word in sys.argv if word.startswith('--print-to')]\n"
        "pathlib.Path(out).write_bytes(b'%PDF-1.7')\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("SIMGAIT_BROWSER", str(program))
    return program


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    rows = truth_rows()
    return write(tmp_path / "truth.csv", rows), write(tmp_path / "est.csv", noisy(rows))


@pytest.fixture
def evaluate(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Calls the command line in this process: code, stdout, stderr."""

    def call(truth: Path, estimate: Path, out: Path, *more: str) -> tuple[int, str, str]:
        code = main(
            ["evaluate", "--truth", str(truth), "--estimate", str(estimate), "-o", str(out), *more]
        )
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return call


def change(**columns: object) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [row | columns for row in rows]
