"""The folder of a walk that is tracked again."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import pytest

from simgait import pipeline
from simgait.cohort.finished_walk import write_finished
from simgait.cohort.walk_record import WalkRecord
from simgait.pipeline import AnalysedWalk
from simgait.tracking.policies import Policy


def test_what_is_made_only_where_it_is_asked_for_does_not_stay_beside_another_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ("report.pdf", "report.docx", "opinions.csv", "twin_parameters.csv", "overlay.webm")
    for name in (*old, "notes.txt"):
        (tmp_path / name).write_text("earlier")

    def write_report(folder: Path, walk: Any, policy: Any, **more: Any) -> list[Path]:
        assert [path.name for path in folder.iterdir()] == ["notes.txt"]
        return []

    monkeypatch.setattr(pipeline, "write_report", write_report)
    walk = create_autospec(AnalysedWalk, instance=True)
    policy = create_autospec(Policy, instance=True)
    record = WalkRecord("walk", "walk.npz", "0" * 64, 1, 1, {}, {})
    write_finished(tmp_path, walk, policy, record)
    assert (tmp_path / "notes.txt").exists()
